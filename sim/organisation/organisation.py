"""An organisation: people with a reporting line, units, roles and ties, as flat arrays in one canonical order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.organisation import tree
from sim.organisation.errors import Notice, OrganisationError, nearest, people, quoted
from sim.organisation.roles import UNSTATED, Role, roles_from_tree
from sim.organisation.ties import Ties, no_ties
from sim.organisation.units import name_units


@dataclass(frozen=True, eq=False)
class Organisation:
    """N people, sorted by (unit name, level, id): a unit is contiguous, and the order of a file's rows leaves no trace.

    ids         object [N] of str
    manager     int32 [N]    index of the person reported to, -1 at a root
    unit        int32 [N]    index into ``unit_names``
    level       int32 [N]    steps below the top, 0 at a root
    role        uint8 [N]    a ``Role``
    ties        Ties         who names whom
    title, location, hired   object [N] of str ('' where not known), or None where the source has no such column

    Treat the arrays as constants: nothing here copies them.
    """

    ids: np.ndarray
    manager: np.ndarray
    unit: np.ndarray
    unit_names: tuple[str, ...]
    level: np.ndarray
    role: np.ndarray
    ties: Ties
    title: np.ndarray | None = None
    location: np.ndarray | None = None
    hired: np.ndarray | None = None
    name: str = "organisation"
    notices: tuple[Notice, ...] = ()

    @property
    def headcount(self) -> int:
        """Number of people, N."""
        return len(self.ids)

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.unit_names)

    @cached_property
    def _reports(self) -> tuple[np.ndarray, np.ndarray]:
        return tree.reports(self.manager)

    @property
    def reports_offsets(self) -> np.ndarray:
        """int64 [N+1]: the direct reports of i are ``reports[reports_offsets[i]:reports_offsets[i+1]]``."""
        return self._reports[0]

    @property
    def reports(self) -> np.ndarray:
        """int32 [N - roots]: direct reports, grouped by manager, ascending."""
        return self._reports[1]

    @cached_property
    def roots(self) -> np.ndarray:
        """int64: those who report to nobody."""
        return np.flatnonzero(self.manager < 0)

    @cached_property
    def index(self) -> dict[str, int]:
        """The index of each id."""
        return {person: i for i, person in enumerate(self.ids.tolist())}

    def index_of(self, person_id: str) -> int:
        """The index of an id; an unknown one raises ``OrganisationError`` with the nearest ids."""
        found = self.index.get(str(person_id).strip())
        if found is None:
            # Comparing with every id of a very large organisation would take longer than the answer is worth.
            hint = nearest(str(person_id), self.ids[:20_000].tolist())
            raise OrganisationError(f"no person '{person_id}' in {self.name} ({self.headcount:,} people){hint}")
        return found

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hex digits over ids, reporting line, units, roles and ties: equal means the same organisation."""
        digest = hashlib.sha256()
        for texts in (self.ids.tolist(), list(self.unit_names)):
            lengths = np.fromiter(map(len, texts), dtype="<i8", count=len(texts))
            digest.update(lengths.tobytes())
            digest.update("".join(texts).encode("utf-8"))
        for array, kind in (
            (self.manager, "<i4"),
            (self.unit, "<i4"),
            (self.role, "u1"),
            (self.ties.offsets, "<i8"),
            (self.ties.neighbours, "<i4"),
            (self.ties.weights, "<f4"),
        ):
            digest.update(np.ascontiguousarray(array, dtype=kind).tobytes())
        return digest.hexdigest()[:16]

    def with_ties(self, ties: Ties, *notices: Notice) -> Organisation:
        """The same people with other ties, and what there is to say about them."""
        return replace(self, ties=ties, notices=(*self.notices, *notices))


def assemble(
    ids: Sequence[str],
    manager: np.ndarray,
    *,
    unit: Sequence[str] | None = None,
    role: np.ndarray | None = None,
    title: Sequence[str] | None = None,
    location: Sequence[str] | None = None,
    hired: Sequence[str] | None = None,
    name: str = "organisation",
    notices: Sequence[Notice] = (),
) -> Organisation:
    """Check people given in any order and put them in the canonical one. Every organisation, read or made, passes here.

    ids       N different, non-empty texts
    manager   int [N], index into ``ids``, below zero at a root; a cycle raises
    unit      unit name of each, '' where not known (then as the nearest manager's); None: units are read off the tree
    role      uint8 [N] of ``Role`` or ``UNSTATED``; None: all from the tree
    """
    manager = np.asarray(manager, dtype=np.int64)
    headcount = len(ids)
    if headcount == 0:
        raise OrganisationError(f"{name}: there are no people")
    if len(set(ids)) < headcount or not all(ids):
        seen: set[str] = set()
        again = [i for i in ids if i in seen or seen.add(i)]  # type: ignore[func-returns-value]
        raise OrganisationError(f"{name}: ids must be different and not empty; repeated: {quoted(again)}")
    if manager.shape != (headcount,) or manager.max(initial=-1) >= headcount:
        raise OrganisationError(f"{name}: every person needs one manager index below {headcount}, or -1")
    tree.refuse_cycles(manager, ids, where=name)

    level = tree.depths(manager)
    units, unit_notices = name_units(ids, manager, unit, title)
    in_tree = roles_from_tree(manager)
    roles = in_tree if role is None else np.where(role == UNSTATED, in_tree, role).astype(np.uint8)

    unit_names = sorted(set(units))
    unit_index = {unit_name: i for i, unit_name in enumerate(unit_names)}
    unit_code = np.fromiter((unit_index[u] for u in units), dtype=np.int32, count=headcount)
    by_id = np.array(sorted(range(headcount), key=ids.__getitem__), dtype=np.int64)
    # A stable sort of people already in the order of their ids leaves that order within each unit and level.
    order = by_id[np.lexsort((level[by_id], unit_code[by_id]))]
    place = np.empty(headcount, dtype=np.int32)
    place[order] = np.arange(headcount, dtype=np.int32)
    boss = manager[order]

    def texts(values: Sequence[str] | None) -> np.ndarray | None:
        return None if values is None else _objects(values)[order]

    return Organisation(
        ids=_objects(ids)[order],
        manager=np.where(boss < 0, np.int32(-1), place[boss]).astype(np.int32),
        unit=unit_code[order],
        unit_names=tuple(unit_names),
        level=level[order],
        role=roles[order],
        ties=no_ties(headcount),
        title=texts(title),
        location=texts(location),
        hired=texts(hired),
        name=name,
        notices=(*notices, *unit_notices, *_role_notices(role, in_tree)),
    )


def _role_notices(given: np.ndarray | None, in_tree: np.ndarray) -> list[Notice]:
    """Roles are kept as given, but a file in which they contradict the reporting line deserves a word."""
    if given is None:
        return []
    leads = in_tree != Role.REP
    found = []
    if count := int(np.sum((given == Role.REP) & leads)):
        found.append(Notice(f"{people(count)} with the role rep and with reports: kept as given"))
    if count := int(np.sum((given < Role.REP) & ~leads)):
        found.append(Notice(f"{people(count)} with the role executive or manager and no reports: kept as given"))
    return found


def _objects(values: Sequence[str]) -> np.ndarray:
    """A one-dimensional object array of the texts (numpy's own guess would make fixed-width text of them)."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
