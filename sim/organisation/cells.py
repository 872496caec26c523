"""What a cell says, as clean text: the same whether it came from CSV, a workbook or Parquet."""

from __future__ import annotations

import datetime
import hashlib

EXACT = 2**53
"""From here on a floating-point number no longer tells neighbouring whole numbers apart."""

DIGITS_LOST = " (digits lost)"
"""Ends the text of a number beyond ``EXACT``, which as an id could be somebody else's."""

NOTHING = frozenset({"", "null", "none", "nil", "nan", "n/a", "#n/a", "<na>", "-", "--", "\u2013", "\u2014"})
"""Ways to write that a cell says nothing (lower case)."""

NOBODY = NOTHING | {"na", "n.a.", "0", "nat", "nobody", "no manager", "top", "niemand", "keiner", "keine"}
"""Ways to write that somebody has no manager, unless a person has that very id."""


def clean(text: str) -> str:
    """The text without surrounding space; line breaks inside become spaces, invisible characters go."""
    text = text.strip()
    if text.isprintable():
        return text
    spaced = "".join(" " if letter.isspace() else letter for letter in text)
    return "".join(filter(str.isprintable, spaced)).strip()


def cell_text(value: object, *, whole_are_exact: bool = True) -> str:
    """A typed cell as text: nothing is '', 12.0 is '12', a date is written year first.

    ``whole_are_exact`` is false for workbooks, where every number is a floating-point one, however it looks.
    """
    if value is None or value != value:  # not a number, which differs from itself, is how a table says nothing
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}" + (DIGITS_LOST if abs(value) >= EXACT else "")
    if isinstance(value, int) and not whole_are_exact and abs(value) >= EXACT:
        return f"{value}{DIGITS_LOST}"
    if isinstance(value, datetime.datetime):
        return (value.date() if value.time() == datetime.time() else value).isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return str(value)


def person_id(text: str) -> str:
    """An id as it is kept. An e-mail address is never kept: a short digest, the same in every file, stands for it."""
    if "@" not in text:
        return text
    return "x" + hashlib.sha256(text.casefold().encode("utf-8")).hexdigest()[:15]
