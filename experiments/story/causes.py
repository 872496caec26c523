"""Why a unit's use fell: the terms of the model's own choice (``trying.TERMS``) that fell most between two weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from experiments.story.event import joined
from sim.mechanisms.trying import TERMS
from sim.replay import Replay, terms

LEAST_CAUSE = 0.1
"""Logits: a smaller change is no cause worth naming."""
CAUSES = 2
LOST = {
    "trust": "people trust it less",
    "enthusiasm": "the first excitement wears off",
    "habit": "habits fade",
    "peers": "fewer colleagues show that it works",
    "peers against": "colleagues' failures are seen",
    "support": "managers support it less",
    "modelling": "less use by leaders is seen",
    "help": "less help from champions is at hand",
    "dread relieved": "the dreaded work is done",
    "mandate": "it is required less",
    "resistance": "resistance grows",
    "effort": "speed is asked for, and it costs time",
    "fit": "newcomers find that it fits their work less",
}
"""What a falling term means, after ``because``."""


@dataclass(frozen=True)
class Fall:
    """A unit's use fell from a peak until a week, and how many people that is."""

    unit: int
    peak: int
    week: int
    lost: float


def causes(found: Replay, groups: Sequence[Sequence[Fall]]) -> list[str]:
    """Of each group of falls, ``because`` and what fell most among all their people, in words.

    From the same replicate run again, once for all.
    """
    wanted: dict[int, set[int]] = {}
    for fall in chain.from_iterable(groups):
        for week in (fall.week, fall.peak):
            wanted.setdefault(week, set()).add(fall.unit)
    unit = found.organisation.unit
    rows = {week: np.flatnonzero(np.isin(unit, list(of))) for week, of in wanted.items()}
    told = terms(found, rows)

    def change(fall: Fall) -> np.ndarray:
        """Of each of the unit's people, since the peak: float32 [people, terms]."""
        after, before = (told[week][unit[rows[week]] == fall.unit] for week in (fall.week, fall.peak))
        return after - before

    return [_worded(np.concatenate([change(fall) for fall in group]).mean(axis=0)) for group in groups]


def _worded(change: np.ndarray) -> str:
    """What the changes [terms] come to, the largest loss first."""
    most = [place for place in np.argsort(change)[:CAUSES].tolist() if change[place] <= -LEAST_CAUSE]
    lost = [LOST[TERMS[place]] for place in most if TERMS[place] in LOST]
    return f"because {joined(lost)}" if lost else "without a single clear cause"
