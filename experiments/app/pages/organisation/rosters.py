"""From files that a browser sent to people without names; and what is wrong with them, row by row."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from experiments import words
from experiments.app.anonymous import LONGEST_NAME, anonymous
from experiments.app.work import MOST_PEOPLE
from experiments.inputs import ORGANISATION_SEED
from sim.organisation import Organisation, OrganisationError, read_organisation
from sim.organisation.columns import ROSTER_FIELDS, TIE_FIELDS
from sim.organisation.errors import Fault, Notice
from sim.organisation.tables import read_table

LARGEST_UNPACKED = 512 << 20
"""Bytes that a workbook may unpack to: what is packed small can be huge."""
FIELDS = {"roster": ROSTER_FIELDS, "ties": TIE_FIELDS}
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
class Draft:
    """What was sent and decided so far. ``mapping``: the column that holds a field; ``orphans``: what becomes of people
    outside the reporting line, None where that is not decided."""

    roster: Sent | None = None
    ties: Sent | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    orphans: str | None = None

    def sending(self, kind: str, sent: Sent) -> Draft:
        """Another ``roster`` or other ``ties``: what was decided about the one before holds no more."""
        about = {each.name for each in FIELDS[kind]}
        kept = {name: header for name, header in self.mapping.items() if name not in about}
        return replace(self, **{kind: sent}, mapping=kept, orphans=None)


@dataclass(frozen=True)
class Trouble:
    """Why files cannot be used: in words, and row by row. ``choices``: what may be decided instead of mending them."""

    said: str
    faults: tuple[Fault, ...]
    choices: frozenset[str]


def tried(draft: Draft) -> Organisation | Trouble:
    """The people of a roster, without names, or why there are none."""
    try:
        return read(draft)
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


def read(draft: Draft) -> Organisation:
    """The people of a roster, without names. Raises OrganisationError that names the files as the sender does."""
    roster, ties = draft.roster, draft.ties
    if roster is None:
        raise OrganisationError("no roster was sent")
    sent = [each for each in (roster, ties) if each is not None]
    try:
        for each in sent:
            _refuse_bombs(each)
        found = read_organisation(
            roster.path, ties_path=ties.path if ties else None, mapping=draft.mapping, orphans=draft.orphans,
            seed=ORGANISATION_SEED,
        )  # fmt: skip
    except OrganisationError as error:
        said, where = (_as_sent(text, sent) for text in (str(error), error.where))
        raise OrganisationError(said, error.faults, where) from None
    if found.headcount > MOST_PEOPLE:
        raise OrganisationError(
            f"{roster.name}: {found.headcount:,} people; the explorer takes {MOST_PEOPLE:,} at most. "
            "Larger organisations are for the command line: uptake compare --org FILE."
        )
    notices = tuple(Notice(_as_sent(notice.plain, sent)) for notice in found.notices)
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


def _as_sent(text: str, files: Sequence[Sent]) -> str:
    """Words with the files' names on the sender's machine."""
    for sent in files:
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
