"""Informal ties where no one has recorded them: drawn from the reporting line, inside teams, inside units and across.

People meet in small groups, so ties come from three layers of them: the team, circles inside the unit (a project, a
shared floor) and communities across the organisation (a profession, a joiners' cohort), and a few chance acquaintances
who tend to be the well-connected. Inside a group, seats stand in a ring and people know those who sit near: that gives
the clustering of real networks, and a number of ties that does not grow with the size of the organisation.

Assumed, not measured: the numbers below aim at a mean of about twelve people named, most of them nearby, and at
contacts that thin out with distance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.organisation import draws
from sim.organisation.organisation import Organisation
from sim.organisation.ties import Ties, ties_from_pairs


@dataclass(frozen=True)
class Layer:
    """How people within one kind of group come to know one another."""

    name: str
    group: int  # people in a group (0: the team as it is)
    reach: int  # seats around the ring, on either side
    chance: float  # that two people in reach know each other, for two people of middling sociability
    contact: int  # the most contacts, over the months a tie stands for


TEAM = Layer("team", group=0, reach=3, chance=0.72, contact=60)
CIRCLE = Layer("circle", group=11, reach=4, chance=0.74, contact=24)
COMMUNITY = Layer("community", group=7, reach=2, chance=0.5, contact=8)
ACQUAINTANCE = Layer("acquaintance", group=0, reach=1, chance=0.7, contact=5)
LINE = Layer("line", group=0, reach=1, chance=0.97, contact=60)

RETURNED = 0.7
"""Share of pairs in which each names the other; in the rest one of them, by the toss of a coin."""

NAMED_BY_MANAGER = 8.0
"""A manager names about this many direct reports: all of a small team, some of a large one."""


@dataclass
class _Pairs:
    """Pairs (a, b) who may name each other, and the most contacts they may have."""

    a: np.ndarray
    b: np.ndarray
    contact: np.ndarray

    def __post_init__(self) -> None:
        # Half the width: at a million people there are seven million pairs, and memory is what takes the time.
        self.a, self.b, self.contact = (x.astype(np.int32) for x in (self.a, self.b, self.contact))


def informal_ties(organisation: Organisation, seed: int = 1) -> Ties:
    """Draw ties for an organisation. The same people and seed give the same ties on every machine."""
    headcount = organisation.headcount
    sociable = draws.uniform(seed, "sociable", np.arange(headcount))
    layers = [
        _team(organisation, sociable, seed),
        _circles(organisation, sociable, seed),
        _communities(organisation, sociable, seed),
        _acquaintances(headcount, sociable, seed),
    ]
    a, b = np.concatenate([pairs.a for pairs in layers]), np.concatenate([pairs.b for pairs in layers])
    most = np.concatenate([pairs.contact for pairs in layers])
    place = np.arange(len(a))
    both = draws.uniform(seed, "returned", place) < RETURNED
    forward = draws.bits(seed, "direction", place) >> np.uint64(63) == 0
    contact = _contacts(most, seed, "contact", place)
    # Two people's counts of the same contacts agree only roughly.
    answer = contact + draws.below(3, seed, "answer", place)
    line_up, line_down = _line(organisation, seed)
    there, back = both | forward, both | ~forward
    return ties_from_pairs(
        headcount,
        np.concatenate([a[there], b[back], line_up.a, line_down.a]),
        np.concatenate([b[there], a[back], line_up.b, line_down.b]),
        np.concatenate([contact[there], answer[back], line_up.contact, line_down.contact]),
    )


def _contacts(most: np.ndarray, seed: int, stream: str, place: np.ndarray) -> np.ndarray:
    """1 .. most contacts, few being likelier than many: the smaller of two even draws."""
    return 1 + np.minimum(
        draws.below(most, seed, stream, place),
        draws.below(most, seed, stream + " again", place),
    )


def _ring(
    layer: Layer, members: np.ndarray, start: np.ndarray, size: np.ndarray, sociable: np.ndarray, seed: int
) -> _Pairs:
    """Pairs who sit near each other: ``members`` in seat order, each with the start and size of their own group."""
    seat = np.arange(len(members), dtype=np.int64)
    found_a, found_b = [], []
    for distance in range(1, layer.reach + 1):
        # Halfway round a ring of even size, both ways lead to the same person: count the pair once.
        own = seat - start
        meets = (2 * distance < size) | ((2 * distance == size) & (own < distance))
        here = seat[meets]
        a = members[here]
        b = members[start[here] + (own[here] + distance) % size[here]]
        chance = layer.chance * (sociable[a] + sociable[b])
        known = draws.uniform(seed, f"{layer.name} {distance}", here) < chance
        found_a.append(a[known])
        found_b.append(b[known])
    a, b = np.concatenate(found_a), np.concatenate(found_b)
    return _Pairs(a, b, np.full(len(a), layer.contact, dtype=np.int64))


def _cut(group_start: np.ndarray, group_size: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Cut each run of seats into even groups of about ``length``. For each seat: the start and size of its group."""
    own = np.arange(len(group_start), dtype=np.int64) - group_start
    groups = np.maximum(1, (group_size + length // 2) // length)
    which = own * groups // group_size
    # Group k holds the seats with own * groups // group_size == k: it starts at the first whole seat from there.
    first = -(-which * group_size // groups)
    last = -(-(which + 1) * group_size // groups)
    return group_start + first, last - first


def _team(organisation: Organisation, sociable: np.ndarray, seed: int) -> _Pairs:
    """People with the same manager."""
    offsets, members = organisation.reports_offsets, organisation.reports.astype(np.int64)
    boss = organisation.manager[members]
    return _ring(TEAM, members, offsets[boss], offsets[boss + 1] - offsets[boss], sociable, seed)


def _circles(organisation: Organisation, sociable: np.ndarray, seed: int) -> _Pairs:
    """Circles inside a unit, of people from any of its teams."""
    headcount = organisation.headcount
    key = draws.bits(seed, "circle seat", np.arange(headcount))
    members = np.lexsort((key, organisation.unit))
    unit = organisation.unit[members]
    size = np.bincount(unit, minlength=organisation.n_units).astype(np.int64)
    start = np.cumsum(size) - size
    return _ring(CIRCLE, members, *_cut(start[unit], size[unit], CIRCLE.group), sociable, seed)


def _communities(organisation: Organisation, sociable: np.ndarray, seed: int) -> _Pairs:
    """Communities of people from anywhere."""
    headcount = organisation.headcount
    members = draws.shuffled(headcount, seed, "community seat")
    whole = np.zeros(headcount, dtype=np.int64), np.full(headcount, headcount, dtype=np.int64)
    return _ring(COMMUNITY, members, *_cut(*whole, COMMUNITY.group), sociable, seed)


def _acquaintances(headcount: int, sociable: np.ndarray, seed: int) -> _Pairs:
    """A chance acquaintance for most: the most sociable of three people met anywhere, which makes a few well known."""
    person = np.arange(headcount, dtype=np.int64)
    met = draws.below(headcount, seed, "met 0", person)
    for again in ("met 1", "met 2"):
        other = draws.below(headcount, seed, again, person)
        met = np.where(sociable[other] > sociable[met], other, met)
    known = draws.uniform(seed, "acquainted", person) < ACQUAINTANCE.chance
    a, b = person[known], met[known]
    return _Pairs(a, b, np.full(len(a), ACQUAINTANCE.contact, dtype=np.int64))


def _line(organisation: Organisation, seed: int) -> tuple[_Pairs, _Pairs]:
    """Nearly everyone names their manager; a manager names some of a large team."""
    report = np.flatnonzero(organisation.manager >= 0)
    boss = organisation.manager[report].astype(np.int64)
    contact = _contacts(np.full(len(report), LINE.contact, dtype=np.int64), seed, "line contact", report)
    up = draws.uniform(seed, "line up", report) < LINE.chance
    span = np.diff(organisation.reports_offsets)[boss]
    down = draws.uniform(seed, "line down", report) * span < NAMED_BY_MANAGER
    return _Pairs(report[up], boss[up], contact[up]), _Pairs(boss[down], report[down], contact[down])
