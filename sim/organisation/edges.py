"""Read who works with whom: an edge list (two ids, perhaps a count, perhaps a relation) or a graph file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from sim.organisation import columns
from sim.organisation.cells import NOTHING
from sim.organisation.columns import TIE_FIELDS, plain
from sim.organisation.errors import Cell, Fault, Notice, OrganisationError, listed, nearest, people, quoted, refusal
from sim.organisation.graphfiles import GRAPHS, read_graph
from sim.organisation.organisation import Organisation
from sim.organisation.tables import TABLES, Table, check_file, read_table
from sim.organisation.ties import Ties, ties_from_pairs

REPORTING_LINE = "reportsto"
"""A relation of this name (spelled plainly) is the reporting line, which the roster holds already."""

DIRECTIONS = frozenset({"directed", "undirected", "mutual"})
"""A column of these tells how an edge runs, not what kind it is: some programs head it 'Type'."""


def read_ties(
    path: str | Path,
    organisation: Organisation,
    *,
    mapping: Mapping[str, str] | None = None,
    relation: str | None = None,
) -> tuple[Ties, tuple[Notice, ...]]:
    """The ties in a file among the people of an organisation, and what was decided on the way.

    The first id of a row names the second, so the second influences the first. ``mapping`` says which columns are
    'ego', 'alter', 'contact' and 'relation'; ``relation`` selects one relation, else all are added up.
    """
    known = organisation.index
    suffix = check_file(Path(path), (*TABLES, *GRAPHS))

    def choose(headers: list[str]) -> dict[str, int]:
        return columns.recognise(headers, TIE_FIELDS, mapping, where=str(path), needed=("ego", "alter"))

    table = read_graph(path, known, choose) if suffix in GRAPHS else read_table(path, choose)
    if not len(table.rows):
        raise OrganisationError(f"{table.where}: there are no ties below the header")
    notices = list(table.notices)
    ego, alter = (table.ids(name) for name in ("ego", "alter"))
    chosen, both = _relations(table, relation, notices)
    contact = _contact(table, chosen)
    a = np.fromiter((known.get(cell, -1) for cell in ego), dtype=np.int64, count=len(ego))
    b = np.fromiter((known.get(cell, -1) for cell in alter), dtype=np.int64, count=len(alter))
    _report_strangers(table, chosen, a, b, notices)
    _report_empty(chosen, a, b, contact, notices)
    here = chosen & (a >= 0) & (b >= 0)
    back = here & both
    ties = ties_from_pairs(
        organisation.headcount,
        np.concatenate([a[here], b[back]]),
        np.concatenate([b[here], a[back]]),
        np.concatenate([contact[here], contact[back]]),
    )
    if not ties.count:
        raise OrganisationError(f"{table.where}: no tie is left between two different people with contact above zero")
    return ties, tuple(notices)


def _contact(table: Table, chosen: np.ndarray) -> np.ndarray:
    """Contact of each row, float64: 1 where there is no such column. Chosen rows without a number from 0 up raise."""
    if "contact" not in table.cells:
        return np.ones(len(table.rows))
    cells = table.cells["contact"]
    contact = np.fromiter(map(_number, cells), dtype=np.float64, count=len(cells))
    wrong = np.flatnonzero(chosen & ~(np.isfinite(contact) & (contact >= 0)))
    if wrong.size:
        column = table.headers["contact"]
        at = tuple(Cell(int(table.rows[i]), column, cells[i]) for i in wrong.tolist())
        cases = listed(f"'{cell.value}' (row {cell.row})" for cell in at)
        raise refusal(table.where, Fault(
            "not a number from 0 up", f"column '{column}' must hold numbers from 0 up: {cases}", "Correct these rows",
            at, "columns", ', or name another column with --map contact="COLUMN"',
        ))  # fmt: skip
    return contact


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return np.nan


def _relations(table: Table, wanted: str | None, notices: list[Notice]) -> tuple[np.ndarray, np.ndarray]:
    """Two bool [rows]: which rows count, and which of them count both ways."""
    count = len(table.rows)
    every, none = np.ones(count, dtype=bool), np.zeros(count, dtype=bool)
    cells = table.cells.get("relation", [])
    kinds = sorted({cell for cell in cells if cell.casefold() not in NOTHING})
    if {kind.casefold() for kind in kinds} <= DIRECTIONS:
        if wanted is not None:
            raise OrganisationError(f"{table.where}: there is no relation column, so no relation '{wanted}' to select")
        both = [cell.casefold() in ("undirected", "mutual") for cell in cells]
        return every, np.array(both, dtype=bool) if both else none
    if wanted is not None:
        matches = {kind for kind in kinds if kind == wanted.strip()}
        matches = matches or {kind for kind in kinds if plain(kind) == plain(wanted)}
        if not matches:
            raise OrganisationError(
                f"{table.where}: there is no relation '{wanted}'{nearest(wanted, kinds)}. Relations: {quoted(kinds)}."
            )
        return np.fromiter((cell in matches for cell in cells), dtype=bool, count=count), none
    line = {kind for kind in kinds if plain(kind) == REPORTING_LINE}
    others = [kind for kind in kinds if kind not in line]
    if line and others:
        notices.append(Notice(f"{table.where}: the reporting line is left out, for the roster has it", line))
        every = np.fromiter((cell not in line for cell in cells), dtype=bool, count=count)
    if len(others) > 1:
        said, remedy = f"{table.where}: relations added up", "to take one, leave the others out of the file"
        notices.append(Notice(said, others, remedy, ", or select it with --relation"))
    return every, none


def _report_strangers(table: Table, chosen: np.ndarray, a: np.ndarray, b: np.ndarray, notices: list[Notice]) -> None:
    """Count ties with people who are not in the organisation; raise if there are no others."""
    outside = chosen & ((a < 0) | (b < 0))
    if not outside.any():
        return
    rows = np.flatnonzero(outside).tolist()
    strangers = [
        Cell(int(table.rows[i]), table.headers[end], cells[i])
        for end, place, cells in (("ego", a, table.ids("ego")), ("alter", b, table.ids("alter")))
        for i in rows
        if place[i] < 0
    ]
    names = dict.fromkeys(cell.value for cell in strangers)
    if len(rows) == int(np.sum(chosen)):
        said = f"not one tie is between two people of the roster; ids that are not in it: {quoted(names)}"
        raise refusal(
            table.where,
            Fault("an id that is not in the roster", said, "Use the same ids in both files", tuple(strangers)),
        )
    out = f"{len(rows):,} of {int(np.sum(chosen)):,} ties left out"
    notices.append(Notice(f"{table.where}: {out}, with {people(len(names))} not in the organisation", names))


def _report_empty(chosen: np.ndarray, a: np.ndarray, b: np.ndarray, contact: np.ndarray, notices: list[Notice]) -> None:
    """Count what says nothing: ties with oneself and ties without contact."""
    if own := int(np.sum(chosen & (a == b) & (a >= 0))):
        notices.append(Notice(f"ties of people with themselves left out: {own:,}"))
    if empty := int(np.sum(chosen & (a != b) & (contact == 0))):
        notices.append(Notice(f"ties without any contact left out: {empty:,}"))
