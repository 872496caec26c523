"""What a user is told when an organisation cannot be read or made, and the small helpers that word it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

SHOWN = 10
"""How many rows, ids or values a message shows before it only counts the rest."""


@dataclass(frozen=True)
class Cell:
    """Where something is wrong: ``row`` as the file counts them, ``column`` as it heads them (empty: the whole row)."""

    row: int
    column: str
    value: str


@dataclass(frozen=True)
class Fault:
    """One kind of thing wrong with a file.

    wrong    what, in a few words that fit each of the cells
    said     the same as a sentence without its stop, with the first cases
    remedy   what to do about it in the file
    cells    where: all of them; none where it is not about rows
    choice   what may be decided instead of mending the file: what becomes of orphans, which column is which
    option   how that is decided on the command line: goes on from the remedy
    """

    wrong: str
    said: str
    remedy: str
    cells: tuple[Cell, ...] = ()
    choice: Literal["", "orphans", "columns"] = ""
    option: str = ""


class Notice(str):
    """What was decided while a file was read. ``plain``: without what it quotes of the file, in which there may be ids,
    and without how it is decided otherwise on the command line.
    """

    plain: str

    def __new__(cls, said: str, quotes: Iterable[object] = (), remedy: str = "", option: str = "") -> Notice:
        """``quotes``: what stands in the file; ``remedy`` and ``option`` as of a ``Fault``."""
        shown, after = quoted(quotes), f"; {remedy}" if remedy else ""
        notice = super().__new__(cls, said + (f": {shown}" if shown else "") + after + option)
        notice.plain = said + after
        return notice


class OrganisationError(ValueError):
    """Bad input, in words for whoever gave it: what is wrong, where, what to do. ``str()`` is the whole message.

    ``faults`` are the same with every row, and ``where`` is the file, where the message is about a file's contents.
    """

    def __init__(self, message: str, faults: Iterable[Fault] = (), where: str = "") -> None:
        super().__init__(message)
        self.faults = tuple(faults)
        self.where = where


def refusal(where: str, *faults: Fault) -> OrganisationError:
    """The error for a file with these faults, in sentences; neighbours with one remedy share it."""
    told = [
        f"{'; '.join(fault.said for fault in alike)}. {remedy}{option}."
        for (remedy, option), alike in groupby(faults, key=lambda fault: (fault.remedy, fault.option))
    ]
    return OrganisationError(f"{where}: {' Also: '.join(told)}", faults, where)


def listed(values: Iterable[object], *, total: int | None = None) -> str:
    """The first ten values, and how many there are when that is not all of them."""
    shown = []
    count = 0
    for count, value in enumerate(values, start=1):
        if count <= SHOWN:
            shown.append(str(value))
    total = count if total is None else total
    tail = f", ... ({total:,} in all)" if total > len(shown) else ""
    return ", ".join(shown) + tail


def quoted(values: Iterable[object], *, total: int | None = None) -> str:
    """Like ``listed``, each value in quotation marks."""
    return listed((f"'{value}'" for value in values), total=total)


def nearest(word: str, options: Sequence[str]) -> str:
    """A hint such as ``; the nearest is 'manager_id'``, or nothing when no option is close."""
    folded = {option.casefold(): option for option in options}
    close = difflib.get_close_matches(word.casefold(), list(folded), n=3, cutoff=0.6)
    if not close:
        return ""
    return f"; the nearest {'is' if len(close) == 1 else 'are'} {quoted(folded[c] for c in close)}"


def people(count: int) -> str:
    """``1 person``, ``1,250 people``."""
    return "1 person" if count == 1 else f"{count:,} people"
