"""What an organisation looks like in numbers. No ids, and no group of fewer than five people, appear in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.organisation.errors import Notice
from sim.organisation.organisation import Organisation
from sim.organisation.roles import Role
from sim.organisation.tree import spans

SMALLEST_GROUP = 5
"""People: smaller units are put together under one name."""

SMALL_UNITS = f"other (under {SMALLEST_GROUP})"


@dataclass(frozen=True)
class Spans:
    """Direct reports of those who have any. None where nobody has."""

    managers: int
    median: float | None
    mean: float | None
    largest: int | None
    share_below_5: float | None
    share_25_or_more: float | None


@dataclass(frozen=True)
class TieStatistics:
    """Directed ties. Shares are fractions of all ties, 0 to 1; None where there are no ties."""

    count: int
    mean_named: float  # people named by a person, on average
    isolated: int  # people who name nobody and whom nobody names
    reciprocity: float | None  # ties that the named person returns
    share_in_team: float | None  # with the manager, a direct report or someone with the same manager
    share_in_unit: float | None  # with others of the same unit
    share_across: float | None  # with anyone else


@dataclass(frozen=True)
class Description:
    """An organisation in numbers; ``to_dict`` gives plain values for JSON."""

    name: str
    fingerprint: str
    headcount: int
    roots: int
    depth: int  # levels below the top
    roles: dict[str, int]
    levels: dict[int, int]
    units: dict[str, int]  # largest first
    spans: Spans
    ties: TieStatistics
    notices: tuple[Notice, ...]

    def to_dict(self) -> dict[str, Any]:
        """The same as nested dictionaries and lists."""
        plain = asdict(self)
        plain["levels"] = {str(level): count for level, count in self.levels.items()}
        plain["notices"] = list(self.notices)
        return plain


def describe(organisation: Organisation) -> Description:
    """Headcount by role, level and unit, the spans, the depth and the ties of an organisation."""
    levels = np.bincount(organisation.level)
    roles = np.bincount(organisation.role, minlength=len(Role))
    return Description(
        name=organisation.name,
        fingerprint=organisation.fingerprint,
        headcount=organisation.headcount,
        roots=len(organisation.roots),
        depth=int(organisation.level.max()),
        roles={role.label: int(roles[role]) for role in Role},
        levels=dict(enumerate(levels.tolist())),
        units=_units(organisation),
        spans=_spans(organisation),
        ties=_ties(organisation),
        notices=organisation.notices,
    )


def _units(organisation: Organisation) -> dict[str, int]:
    sizes = np.bincount(organisation.unit, minlength=organisation.n_units).tolist()
    named = sorted(zip(organisation.unit_names, sizes, strict=True), key=lambda unit: (-unit[1], unit[0]))
    units = {name: size for name, size in named if size >= SMALLEST_GROUP}
    small = organisation.headcount - sum(units.values())
    if small:
        units[SMALL_UNITS] = small
    return units


def _spans(organisation: Organisation) -> Spans:
    span = spans(organisation.manager)
    span = span[span > 0]
    if not span.size:
        return Spans(0, None, None, None, None, None)
    return Spans(
        managers=len(span),
        median=float(np.median(span)),
        mean=float(np.mean(span)),
        largest=int(span.max()),
        share_below_5=float(np.mean(span < 5)),
        share_25_or_more=float(np.mean(span >= 25)),
    )


def _ties(organisation: Organisation) -> TieStatistics:
    ties, headcount = organisation.ties, organisation.headcount
    ego, alter = ties.egos.astype(np.int64), ties.neighbours.astype(np.int64)
    touched = np.zeros(headcount, dtype=bool)
    touched[ego] = touched[alter] = True
    mean_named, isolated = ties.count / headcount, int(np.sum(~touched))
    if not ties.count:
        return TieStatistics(0, mean_named, isolated, None, None, None, None)
    boss = organisation.manager
    in_team = (boss[ego] == alter) | (boss[alter] == ego) | ((boss[ego] == boss[alter]) & (boss[ego] >= 0))
    in_unit = ~in_team & (organisation.unit[ego] == organisation.unit[alter])
    there, back = ego * headcount + alter, alter * headcount + ego
    back.sort()
    # Both lists are sorted (ties are stored by ego, then alter): a tie is returned if it is found among the reversed.
    at = np.minimum(np.searchsorted(back, there), len(back) - 1)
    return TieStatistics(
        count=ties.count,
        mean_named=mean_named,
        isolated=isolated,
        reciprocity=float(np.mean(back[at] == there)),
        share_in_team=float(np.mean(in_team)),
        share_in_unit=float(np.mean(in_unit)),
        share_across=float(np.mean(~in_team & ~in_unit)),
    )
