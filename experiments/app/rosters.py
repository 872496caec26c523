"""From files that a browser sent to people without names; and what is wrong with them, row by row."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from experiments.app.anonymous import anonymous
from experiments.app.work import MOST_PEOPLE
from experiments.inputs import ORGANISATION_SEED
from sim.organisation import Organisation, OrganisationError, read_organisation
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
    """Why files cannot be used: ``rows`` are (number in the file, what is wrong); ``orphans`` and ``columns`` say what
    the sender may decide instead of mending the file."""

    said: str
    rows: tuple[tuple[int, str], ...]
    orphans: bool
    columns: bool


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
        raise OrganisationError(_as_sent(str(error), roster, ties)) from None
    if found.headcount > MOST_PEOPLE:
        raise OrganisationError(
            f"{roster.name}: {found.headcount:,} people; the explorer takes {MOST_PEOPLE:,} at most. "
            "Larger organisations are for the command line: uptake compare --org FILE."
        )
    notices = tuple(_without_ids(_as_sent(notice, roster, ties)) for notice in found.notices)
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


def trouble(message: str) -> Trouble:
    """A message of the import as a table, as far as it names rows; ids stay out of it."""
    where = re.match(r"[^:]*: ", message)
    sentences = re.split(r"(?<=[.?]) (?=[A-Z\d])", message[where.end() :] if where else message)
    rows = [pair for sentence in sentences for pair in _rows(sentence)]
    told = [sentence for sentence in sentences if "--" not in sentence and not _rows(sentence)]
    more = [f"{count} in all; the first are shown." for count in re.findall(r"\(([\d,]+) in all\)", message) if rows]
    said = (where[0] if where else "") + " ".join([*told, *more])
    return Trouble(said if told or rows else message, tuple(rows), "--orphans" in message, "--map" in message)


def _rows(sentence: str) -> list[tuple[int, str]]:
    """The rows that a sentence names, each with what it says of them."""
    found = []
    for clause in sentence.rstrip(".").split("; "):
        numbers = re.findall(r"\brows? (\d+(?:, \d+)*)", clause)
        what = _without_ids(clause.partition(": ")[0] if ": " in clause else clause.partition(" in row")[0])
        what = re.sub(r"^[\d,]+ (person|people) (besides )?", "", what)
        found += [(int(number), what) for group in numbers for number in group.split(", ")]
    return sorted(dict.fromkeys(found))


def _without_ids(text: str) -> str:
    """Words without what they quote."""
    return re.sub(r"\s+", " ", re.sub(r"(?<!column):? '[^']*'(?:, '[^']*')*(?: \(row \d+\))?", "", text)).strip()


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
