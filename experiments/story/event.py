"""An event, and small helps to find and tell one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LASTS = 4
"""Weeks that a state must hold to be told: shorter turns are the noise of a few people."""
SEVERAL = 3
"""Units: from so many in a week on they are told of together."""
NAMED = 3
"""How many of these are named."""


@dataclass(frozen=True)
class Event:
    """Something worth telling. ``unit`` is None where it concerns several."""

    week: int
    text: str
    unit: int | None = None


def first(hits: np.ndarray, since: int = 0) -> int | None:
    """The first week [weeks] in which it is so, from ``since`` on."""
    places = np.flatnonzero(hits[since:])
    return int(places[0]) + since if len(places) else None


def turns(state: np.ndarray) -> list[int]:
    """Weeks in which a state bool [weeks], at first false, changes to one that holds for ``LASTS`` weeks from then."""
    found, now = [], False
    for week in range(len(state) - LASTS + 1):
        if state[week] != now and (state[week : week + LASTS] == state[week]).all():
            found.append(week)
            now = bool(state[week])
    return found


def joined(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def several(units: Sequence[str]) -> str:
    """``A, B and C``; ``A, B, C and four more units``."""
    if len(units) <= NAMED + 1:
        return joined(units)
    return joined([*units[:NAMED], f"{number(len(units) - NAMED)} more units"])


def number(count: int) -> str:
    """Small numbers as words."""
    small = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return small[count] if count < len(small) else f"{count:,}"
