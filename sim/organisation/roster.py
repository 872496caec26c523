"""Read an HR roster: one row a person, with their own id and their manager's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sim.organisation import columns, tree
from sim.organisation.cells import NOBODY, NOTHING
from sim.organisation.errors import Cell, Fault, Notice, OrganisationError, listed, people, refusal
from sim.organisation.organisation import Organisation, assemble
from sim.organisation.roles import roles_as_given, unknown_roles
from sim.organisation.tables import Table, read_table

ORPHANS = ("attach", "drop")
"""What can be done with people who do not hang below the top: hang them directly below it, or leave them out."""

SMALLEST = 2
"""People: one person is not yet an organisation."""

ROOT, UNKNOWN = -1, -2


@dataclass
class _People:
    """A roster's people in the order of the file."""

    where: str
    rows: np.ndarray  # the file's own row numbers
    ids: list[str]
    manager: np.ndarray  # index, ROOT, or UNKNOWN where the id is nobody's
    manager_cells: list[str]
    column: str  # of the managers
    texts: dict[str, list[str]]  # unit, title, location, hired
    role: np.ndarray | None
    notices: list[Notice]

    def keep(self, kept: np.ndarray) -> None:
        """Leave out everyone for whom ``kept`` is false. Nobody kept may report to someone left out."""
        place = np.cumsum(kept) - 1
        self.manager = np.where(self.manager >= 0, place[self.manager], self.manager)[kept]
        self.rows = self.rows[kept]
        flags = kept.tolist()
        self.ids = [x for x, keep in zip(self.ids, flags, strict=True) if keep]
        self.manager_cells = [x for x, keep in zip(self.manager_cells, flags, strict=True) if keep]
        self.texts = {
            name: [x for x, keep in zip(cells, flags, strict=True) if keep] for name, cells in self.texts.items()
        }
        self.role = None if self.role is None else self.role[kept]


def read_roster(
    path: str | Path, *, mapping: Mapping[str, str] | None = None, orphans: str | None = None
) -> Organisation:
    """The organisation of a roster file, without ties.

    mapping   field -> column header, for headers that are not recognised (see ``columns.ROSTER_FIELDS``)
    orphans   for further roots and managers who are not in the file: 'attach', 'drop', or None to refuse them

    Everything wrong with the file raises ``OrganisationError``; everything decided is in the organisation's notices.
    """
    if orphans is not None and orphans not in ORPHANS:
        raise OrganisationError(f"orphans: '{orphans}' is not known; choose {' or '.join(ORPHANS)}")
    found = _people(path, mapping)
    _self_managers(found)
    _refuse_tangles(found, orphans)
    _one_root(found, orphans)
    if len(found.ids) < SMALLEST:
        raise OrganisationError(f"{found.where}: {people(len(found.ids))}; an organisation needs at least {SMALLEST}")
    return assemble(
        found.ids,
        found.manager,
        unit=found.texts.get("unit"),
        role=found.role,
        title=found.texts.get("title"),
        location=found.texts.get("location"),
        hired=found.texts.get("hired"),
        name=Path(path).stem,
        notices=found.notices,
    )


def _people(path: str | Path, mapping: Mapping[str, str] | None) -> _People:
    where = str(path)

    def choose(headers: list[str]) -> dict[str, int]:
        needed = ("person_id", "manager_id")
        return columns.recognise(headers, columns.ROSTER_FIELDS, mapping, where=where, needed=needed)

    table = read_table(path, choose)
    if not len(table.rows):
        raise OrganisationError(f"{where}: there are no people below the header")
    ids = table.ids("person_id")
    notices = list(table.notices)
    if "level" in (mapping or {}):
        notices.append(Notice("the level column is not used: depth comes from the reporting line"))
    cells = table.ids("manager_id")
    _refuse(where, _nameless(ids, table), _repeated(ids, table), _unknown_roles(table))
    texts: dict[str, list[str]] = {
        name: table.cells[name] for name in ("unit", "title", "location", "hired") if name in table.cells
    }
    if "unit" in texts:
        texts["unit"] = ["" if unit.casefold() in NOTHING else unit for unit in texts["unit"]]
    role = roles_as_given(table.cells["role"]) if "role" in table.cells else None
    column = table.headers["manager_id"]
    return _People(where, table.rows, ids, _managers(ids, cells), cells, column, texts, role, notices)


def _refuse(where: str, *found: Fault | None) -> None:
    """Raise what was found, all of it at once."""
    if faults := [fault for fault in found if fault is not None]:
        raise refusal(where, *faults)


def _nameless(ids: list[str], table: Table) -> Fault | None:
    """Everyone needs an id."""
    at = tuple(Cell(int(table.rows[i]), table.headers["person_id"], "") for i, person in enumerate(ids) if not person)
    said = f"no person id in row {listed(cell.row for cell in at)}"
    return Fault("no person id", said, "Give each person an id, or take the row out", at) if at else None


def _repeated(ids: list[str], table: Table) -> Fault | None:
    """Everyone needs an id of their own."""
    if len(set(ids)) == len(ids):
        return None
    uses = Counter(filter(None, ids))
    rows: dict[str, list[int]] = {}
    for i, person in enumerate(ids):
        if uses[person] > 1:
            rows.setdefault(person, []).append(int(table.rows[i]))
    if not rows:
        return None
    wrong = "the same person id more than once"
    cases = listed(f"'{person}' in rows {listed(at)}" for person, at in rows.items())
    return Fault(
        wrong, f"{wrong}: {cases}", "Keep one row for each person (also where rows are identical)",
        tuple(Cell(row, table.headers["person_id"], person) for person, at in rows.items() for row in at),
    )  # fmt: skip


def _unknown_roles(table: Table) -> Fault | None:
    """Roles must be known words."""
    given = table.cells.get("role")
    return None if given is None else unknown_roles(given, table.headers["role"], table.rows)


def _managers(ids: list[str], cells: list[str]) -> np.ndarray:
    """Index of each person's manager, int64: ROOT where the cell says nobody, UNKNOWN where it names nobody here."""
    index = {person: i for i, person in enumerate(ids)}
    named = {cell: index.get(cell, ROOT if cell.casefold() in NOBODY else UNKNOWN) for cell in set(cells)}
    return np.fromiter((named[cell] for cell in cells), dtype=np.int64, count=len(cells))


def _self_managers(found: _People) -> None:
    """Whoever reports to themselves is at the top: that is how some systems write it."""
    own = np.flatnonzero(found.manager == np.arange(len(found.ids)))
    if own.size:
        found.manager[own] = ROOT
        which = f"row {listed(found.rows[own])}"
        found.notices.append(Notice(f"{people(own.size)} reporting to themselves, taken as being at the top: {which}"))


def _refuse_tangles(found: _People, orphans: str | None) -> None:
    """Refuse circles, and people who do not hang below the top where nobody has decided about them."""
    circle = tree.circling(found.manager, found.ids, found.rows, found.column)
    _refuse(found.where, circle, *(_orphans(found) if orphans is None else ()))


def _tops(found: _People) -> tuple[np.ndarray, int, np.ndarray]:
    """Whoever reports to nobody here, the one of them with most people below, and whom everyone hangs below."""
    tops = np.flatnonzero(found.manager < 0)
    top_of = tree.tops_above(found.manager)
    size = np.bincount(top_of[top_of >= 0], minlength=len(found.ids))
    # Ties are broken by what the people are, never by where their row stands.
    main = min(tops.tolist(), key=lambda i: (-size[i], found.manager[i] == UNKNOWN, found.ids[i]), default=ROOT)
    return tops, main, top_of


def _one_root(found: _People, orphans: str | None) -> None:
    """Leave one root: the one with most people below. The others are attached below it or dropped."""
    tops, main, top_of = _tops(found)
    others = tops[tops != main]
    unknown = int(np.sum(found.manager[others] == UNKNOWN))
    kinds = f"{len(others) - unknown:,} without a manager, {unknown:,} whose manager is not in the file"
    if found.manager[main] == UNKNOWN:
        found.manager[main] = ROOT
        found.notices.append(Notice(f"row {found.rows[main]}: the manager is not in the file; taken as the top"))
    if not len(others):
        return
    if orphans == "attach":
        found.manager[others] = main
        found.notices.append(Notice(f"orphans attached directly below the top: {people(len(others))} ({kinds})"))
    else:
        kept = top_of == main
        found.keep(kept)
        gone = int(np.sum(~kept))
        dropped = f"{people(len(others))} ({kinds}), {people(gone)} in all with those below them"
        found.notices.append(Notice(f"orphans dropped: {dropped}"))


def _orphans(found: _People) -> list[Fault]:
    """Those who do not hang below the top, by kind, and the ways to go on."""
    tops, main, _ = _tops(found)
    roots = [i for i in tops.tolist() if found.manager[i] == ROOT and i != main]
    strangers = [i for i in tops.tolist() if found.manager[i] == UNKNOWN]
    faults = []
    if roots:
        also = "" if found.manager[main] == UNKNOWN else f" besides '{found.ids[main]}' (row {found.rows[main]})"
        cases = listed(f"'{found.ids[i]}' (row {found.rows[i]})" for i in roots)
        faults.append(
            _orphan(
                "no manager, and not the top", f"{people(len(roots))}{also} without a manager: {cases}", found, roots
            )
        )
    if strangers:
        cases = listed(f"'{found.manager_cells[i]}' (row {found.rows[i]})" for i in strangers)
        said = (
            f"{people(len(strangers))} whose manager is not in the file: manager {cases}{_lost_zeros(found, strangers)}"
        )
        faults.append(_orphan("a manager who is not in the file", said, found, strangers))
    return [replace(fault, said=f"not one reporting line. {fault.said}") for fault in faults[:1]] + faults[1:]


def _orphan(wrong: str, said: str, found: _People, those: list[int]) -> Fault:
    return Fault(
        wrong, said, "Correct these rows",
        tuple(Cell(int(found.rows[i]), found.column, found.manager_cells[i]) for i in those), "orphans",
        ", or choose --orphans attach (hang them directly below the top) or --orphans drop (leave them and those below "
        "them out)",
    )  # fmt: skip


def _lost_zeros(found: _People, strangers: list[int]) -> str:
    """A hint where unknown managers are known ids but for leading zeros, which spreadsheets like to take away."""
    stripped = {person.lstrip("0"): person for person in found.ids}
    pairs = [(found.manager_cells[i], stripped.get(found.manager_cells[i].lstrip("0"))) for i in strangers]
    lost = [f"{cell} for {person}" for cell, person in pairs if person]
    return f" (leading zeros lost? {listed(lost)})" if lost else ""
