"""Read an HR roster: one row a person, with their own id and their manager's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.organisation import columns, tree
from sim.organisation.cells import NOBODY, NOTHING
from sim.organisation.errors import OrganisationError, listed, people
from sim.organisation.organisation import Organisation, assemble
from sim.organisation.roles import roles_as_given
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
    texts: dict[str, list[str]]  # unit, title, location, hired
    role: np.ndarray | None
    notices: list[str]

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
    tree.refuse_cycles(found.manager, found.ids, where=found.where, rows=found.rows)
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
        notices.append("the level column is not used: depth comes from the reporting line")
    _refuse_bad_ids(ids, table)
    cells = table.ids("manager_id")
    texts: dict[str, list[str]] = {
        name: table.cells[name] for name in ("unit", "title", "location", "hired") if name in table.cells
    }
    if "unit" in texts:
        texts["unit"] = ["" if unit.casefold() in NOTHING else unit for unit in texts["unit"]]
    role = None
    if "role" in table.cells:
        role = roles_as_given(table.cells["role"], where=where, column=table.headers["role"], rows=table.rows)
    return _People(where, table.rows, ids, _managers(ids, cells), cells, texts, role, notices)


def _refuse_bad_ids(ids: list[str], table: Table) -> None:
    """Everyone needs an id, and one of their own."""
    nameless = [i for i, person in enumerate(ids) if not person]
    if nameless:
        raise OrganisationError(
            f"{table.where}: no person id in row {listed(table.rows[i] for i in nameless)}. "
            "Give each person an id, or take the row out."
        )
    if len(set(ids)) == len(ids):
        return
    uses = Counter(ids)
    rows: dict[str, list[int]] = {}
    for i, person in enumerate(ids):
        if uses[person] > 1:
            rows.setdefault(person, []).append(int(table.rows[i]))
    cases = (f"'{person}' in rows {listed(at)}" for person, at in rows.items())
    raise OrganisationError(
        f"{table.where}: the same person id more than once: {listed(cases)}. "
        "Keep one row for each person (also where rows are identical)."
    )


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
        found.notices.append(f"{people(own.size)} reporting to themselves, taken as being at the top: {which}")


def _one_root(found: _People, orphans: str | None) -> None:
    """Leave one root: the one with most people below. The others are refused, attached below it or dropped."""
    tops = np.flatnonzero(found.manager < 0)
    if len(tops) == 1 and found.manager[tops[0]] == ROOT:
        return
    top_of = tree.tops_above(found.manager)
    size = np.bincount(top_of, minlength=len(found.ids))
    # Ties are broken by what the people are, never by where their row stands.
    main = min(tops.tolist(), key=lambda i: (-size[i], found.manager[i] == UNKNOWN, found.ids[i]))
    if orphans is None:
        raise _orphan_error(found, tops, main)
    others = tops[tops != main]
    unknown = int(np.sum(found.manager[others] == UNKNOWN))
    kinds = f"{len(others) - unknown:,} without a manager, {unknown:,} whose manager is not in the file"
    if found.manager[main] == UNKNOWN:
        found.manager[main] = ROOT
        found.notices.append(f"row {found.rows[main]}: the manager is not in the file; taken as the top")
    if not len(others):
        return
    if orphans == "attach":
        found.manager[others] = main
        found.notices.append(f"orphans attached directly below the top: {people(len(others))} ({kinds})")
    else:
        kept = top_of == main
        found.keep(kept)
        gone = int(np.sum(~kept))
        found.notices.append(
            f"orphans dropped: {people(len(others))} ({kinds}), {people(gone)} in all with those below them"
        )


def _orphan_error(found: _People, tops: np.ndarray, main: int) -> OrganisationError:
    """Name those who do not hang below the top, and the ways to go on."""
    parts = []
    roots = [i for i in tops.tolist() if found.manager[i] == ROOT and i != main]
    strangers = [i for i in tops.tolist() if found.manager[i] == UNKNOWN]
    if roots:
        cases = (f"'{found.ids[i]}' (row {found.rows[i]})" for i in roots)
        also = "" if found.manager[main] == UNKNOWN else f" besides '{found.ids[main]}' (row {found.rows[main]})"
        parts.append(f"{people(len(roots))}{also} without a manager: {listed(cases)}")
    if strangers:
        cases = (f"'{found.manager_cells[i]}' (row {found.rows[i]})" for i in strangers)
        parts.append(
            f"{people(len(strangers))} whose manager is not in the file: manager {listed(cases)}"
            + _lost_zeros(found, strangers)
        )
    return OrganisationError(
        f"{found.where}: not one reporting line. " + "; ".join(parts) + ". Correct these rows, or choose "
        "--orphans attach (hang them directly below the top) or --orphans drop (leave them and those below them out)."
    )


def _lost_zeros(found: _People, strangers: list[int]) -> str:
    """A hint where unknown managers are known ids but for leading zeros, which spreadsheets like to take away."""
    stripped = {person.lstrip("0"): person for person in found.ids}
    pairs = [(found.manager_cells[i], stripped.get(found.manager_cells[i].lstrip("0"))) for i in strangers]
    lost = [f"{cell} for {person}" for cell, person in pairs if person]
    return f" (leading zeros lost? {listed(lost)})" if lost else ""
