"""An event, and small helps to find and tell one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Event:
    """Something worth telling: ``unit`` is None where it concerns everyone. ``weight``: the largest is told first."""

    week: int
    text: str
    weight: float
    unit: int | None = None


def first(hits: np.ndarray, since: int = 0) -> int | None:
    """The first week [weeks] in which it is so, from ``since`` on."""
    places = np.flatnonzero(hits[since:])
    return int(places[0]) + since if len(places) else None


def named(key: str) -> str:
    """``managers: inspection``."""
    family, _, name = key.partition(".")
    return f"{family}: {name.replace('_', ' ')}"
