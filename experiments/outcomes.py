"""The outcomes of a comparison: those of the model, and whether a replicate has paid back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from sim.measures import HEADLINES, OUTCOMES, Outcome

PAYBACK = "payback_week"
COST, HOURS = "cost", "hours"
"""What a programme takes."""
PRIMARY = "habitual"
"""The outcome of the verdict: the others can be had by pressure alone, or come from it."""


def _paid_back(series: np.ndarray) -> np.ndarray:
    """1 from the week of payback on, 0 before and where it never comes: float64 [weeks, replicates]."""
    week = OUTCOMES[PAYBACK].curve(series)[-1]
    return (np.arange(len(series))[:, None] >= np.where(np.isnan(week), np.inf, week)).astype(np.float64)


PAID_BACK = Outcome(
    "paid_back", "share of replicates", 1, "value has overtaken cost for good, within the horizon", _paid_back
)

ALL: Mapping[str, Outcome] = MappingProxyType({**OUTCOMES, PAID_BACK.name: PAID_BACK})
SHOWN: tuple[str, ...] = (*HEADLINES, PAID_BACK.name)
"""What the terminal, the report and the figures lead with, in this order."""


def column(outcome: str, week: int) -> str:
    """What an outcome after so many weeks is called in tables: ``habitual@104``."""
    return f"{outcome}@{week}"


def columns(names: Sequence[str], weeks: Sequence[int]) -> list[str]:
    """The columns of outcomes, those of one outcome together."""
    return [column(name, week) for name in names for week in weeks]


def parted(label: str) -> tuple[str, int | None]:
    """The outcome's name in a column's, and the week, None where it names none."""
    name, _, week = label.partition("@")
    return name, int(week) if week.isdecimal() else None
