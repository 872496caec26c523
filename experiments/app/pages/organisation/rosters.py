"""From files that a browser sent to people without names; and what is wrong with them, row by row."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from experiments import words
from experiments.app.anonymous import anonymous
from experiments.app.work import MOST_PEOPLE
from experiments.inputs import ORGANISATION_SEED
from sim.organisation import Organisation, OrganisationError, read_organisation
from sim.organisation.errors import Fault, Notice
from sim.organisation.tables import read_table

LARGEST_UNPACKED = 512 << 20
"""Bytes that a workbook may unpack to: what is packed small can be huge."""
LONGEST_NAME = 80
ROSTERS = ".csv,.tsv,.txt,.xlsx,.parquet"
TIES = ".csv,.tsv,.txt,.xlsx,.parquet,.graphml,.gexf"


@dataclass(frozen=True)
class Sent:
    """A file as it lies here, and its name on the sender's machine."""

    path: Path
    name: str

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Trouble:
    """Why files cannot be used: in words, and row by row. ``choices``: what may be decided instead of mending them."""

    said: str
    faults: tuple[Fault, ...]
    choices: frozenset[str]


def tried(roster: Sent, ties: Sent | None, mapping: Mapping[str, str], orphans: str | None) -> Organisation | Trouble:
    """The people of a roster, without names, or why there are none."""
    try:
        return read(roster, ties, mapping, orphans)
    except OrganisationError as error:
        return _trouble(error)


def _trouble(error: OrganisationError) -> Trouble:
    """What is wrong as a page tells it: how to decide on the command line stays out."""
    if not error.faults:
        return Trouble(str(error), (), frozenset())
    by_row = tuple(fault for fault in error.faults if fault.cells)
    told = [f"{fault.said}. {fault.remedy}." for fault in error.faults if not fault.cells]
    if by_row:
        rows = {cell.row for fault in by_row for cell in fault.cells}
        told.append(f"{words.counted(len(rows), 'row')} to be mended.")
    return Trouble(f"{error.where}: {' '.join(told)}", by_row, frozenset(fault.choice for fault in error.faults))


def read(roster: Sent, ties: Sent | None, mapping: Mapping[str, str], orphans: str | None) -> Organisation:
    """The people of a roster, without names. Raises OrganisationError that names the files as the sender does."""
    try:
        for sent in (roster, ties):
            if sent is not None:
                _refuse_bombs(sent)
        found = read_organisation(
            roster.path, ties_path=ties.path if ties else None, mapping=mapping, orphans=orphans, seed=ORGANISATION_SEED
        )
    except OrganisationError as error:
        said, where = (_as_sent(text, roster, ties) for text in (str(error), error.where))
        raise OrganisationError(said, error.faults, where) from None
    if found.headcount > MOST_PEOPLE:
        raise OrganisationError(
            f"{roster.name}: {found.headcount:,} people; the explorer takes {MOST_PEOPLE:,} at most. "
            "Larger organisations are for the command line: uptake compare --org FILE."
        )
    notices = tuple(Notice(_as_sent(notice.plain, roster, ties)) for notice in found.notices)
    return replace(anonymous(found), name=Path(roster.name).stem[:LONGEST_NAME] or "roster", notices=notices)


def headers(sent: Sent) -> list[str]:
    """How a table file heads its columns; none where it cannot be read."""
    found: list[str] = []

    def choose(given: list[str]) -> dict[str, int]:
        found.extend(header for header in given if header)
        raise OrganisationError("seen")

    with suppress(OrganisationError):
        read_table(sent.path, choose)
    return found


def _as_sent(text: str, *files: Sent | None) -> str:
    """Words with the files' names on the sender's machine."""
    for sent in files:
        if sent is not None:
            text = text.replace(str(sent.path), sent.name)
    return text


def _refuse_bombs(sent: Sent) -> None:
    if not zipfile.is_zipfile(sent.path):
        return
    try:
        with zipfile.ZipFile(sent.path) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        return  # the reader says what is wrong
    if size > LARGEST_UNPACKED:
        raise OrganisationError(f"{sent.name}: unpacks to {size >> 20:,} MB; save the sheet with the people alone")
