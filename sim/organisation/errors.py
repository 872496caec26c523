"""What a user is told when an organisation cannot be read or made, and the small helpers that word it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

SHOWN = 10
"""How many rows, ids or values a message shows before it only counts the rest."""


class OrganisationError(ValueError):
    """Bad input, in words for whoever gave it: what is wrong, where, what to do. ``str()`` is the whole message."""


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
