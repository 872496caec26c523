"""What concerns one unit: managers who do not pass it on, taking off, stalling, not beginning; with the causes.

A cause is read from the model's own choice: the terms (``trying.TERMS``) that moved most between two weeks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from experiments import words
from experiments.story.event import Event, first
from sim.measures import WEEKS_IN_MEAN, four_week_mean
from sim.mechanisms.reporting import SINKS
from sim.mechanisms.trying import TERMS
from sim.organisation import Role
from sim.people import Status
from sim.replay import Replay, terms

SMALL_UNIT = 5
"""People below whom a unit's share says little."""
TAKEN_OFF, FALLEN, SLOW = 0.5, 0.25, 0.1
"""Use by choice (mean of four weeks) that counts as taken off; the loss from its peak, as a share of it, that counts as
stalled; what a unit should have reached ``PATIENCE`` weeks after most of it had access."""
PATIENCE = 12
LEAST_PEAK = 0.2
LEAST_CAUSE = 0.1
"""Logits: a smaller change is no cause worth naming."""
CAUSES = 2

LOST = {
    "trust": "trust falls",
    "enthusiasm": "the first excitement is gone",
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
"""What a falling term means, in words."""


def unit_use(found: Replay) -> np.ndarray:
    """Share of each unit's people who used it by choice, mean of four weeks: float64 [weeks, units]."""
    return four_week_mean(_by_unit(found, found.status & np.uint32(Status.ACTIVE) != 0))


def _by_unit(found: Replay, facts: np.ndarray) -> np.ndarray:
    """Share of each unit's people of whom a fact [weeks, people] is true: float64 [weeks, units]."""
    organisation = found.organisation
    sizes = np.bincount(organisation.unit, minlength=organisation.n_units)
    counts = np.stack([np.bincount(organisation.unit, week, organisation.n_units) for week in facts])
    return counts / np.maximum(sizes, 1)


def managers(found: Replay) -> Iterator[Event]:
    """Units in which most managers no longer pass it on, and those in which they do again."""
    units = found.organisation.unit[found.leaders]
    is_manager = found.organisation.role[found.leaders] != Role.EXECUTIVE
    sinking = (found.support < SINKS) & is_manager
    for unit in range(found.organisation.n_units):
        those = np.flatnonzero((units == unit) & is_manager)
        if not len(those):
            continue
        counts = sinking[:, those].sum(axis=1)
        most = counts * 2 > len(those)
        for week in (np.flatnonzero(np.diff(most.astype(int)) != 0) + 1).tolist():
            name = found.organisation.unit_names[unit]
            if most[week]:
                who = _those(int(counts[week]), len(those))
                yield Event(week, f"{name}: {who} not pass it on.", 0.6, unit)
            else:
                yield Event(week, f"{name}: most of its managers pass it on again.", 0.5, unit)


@dataclass(frozen=True)
class _Turn:
    """A unit's turning point: the week, the week it is compared with, and the words before the causes."""

    week: int
    since: int
    unit: int
    text: str


def units(found: Replay) -> Iterator[Event]:
    """Units that take off, stall or do not begin; with causes where use was lost."""
    use = unit_use(found)
    access = _by_unit(found, found.status & np.uint32(Status.ACCESS) != 0)
    sizes = np.bincount(found.organisation.unit, minlength=found.organisation.n_units)
    turns = []
    for unit in np.flatnonzero(sizes >= SMALL_UNIT).tolist():
        name = found.organisation.unit_names[unit]
        if (week := first(use[:, unit] >= TAKEN_OFF, since=WEEKS_IN_MEAN - 1)) is not None:
            yield Event(week, f"{name} takes off: half of it uses it by choice.", 0.75, unit)
        for week, peak in stalls(use[:, unit]):
            share = words.percent(float(use[peak, unit])), words.percent(float(use[week, unit]))
            turns.append(_Turn(week, peak, unit, f"{name} stalls, from {share[0]} using it to {share[1]}"))
        began = first(access[:, unit] >= 0.5)
        if began is not None and began + PATIENCE < found.weeks and use[: began + PATIENCE, unit].max() < SLOW:
            week = began + PATIENCE
            yield Event(week, f"{name} does not begin: {words.percent(float(use[week, unit]))} use it.", 0.65, unit)
    wanted: dict[int, set[int]] = {}
    for turn in turns:
        for week in (turn.week, turn.since):
            wanted.setdefault(week, set()).add(turn.unit)
    rows = {week: np.flatnonzero(np.isin(found.organisation.unit, list(of))) for week, of in wanted.items()}
    told = terms(found, rows)
    for turn in turns:
        causes = ", ".join(_causes(found, turn, rows, told))
        yield Event(turn.week, turn.text + (f": {causes}." if causes else "."), 0.8, turn.unit)


def stalls(use: np.ndarray) -> list[tuple[int, int]]:
    """Weeks in which use [weeks] has lost ``FALLEN`` of its latest peak, each with that peak's week."""
    found: list[tuple[int, int]] = []
    peak, trough = 0, None
    for week, value in enumerate(use.tolist()):
        if trough is None:
            if value >= use[peak]:
                peak = week
            elif use[peak] >= LEAST_PEAK and value <= (1 - FALLEN) * use[peak]:
                found.append((week, peak))
                trough = week
        elif value < use[trough]:
            trough = week
        elif value * (1 - FALLEN) >= use[trough]:
            peak, trough = week, None  # recovered: from here it can stall again
    return found


def _causes(found: Replay, turn: _Turn, rows: dict[int, np.ndarray], told: dict[int, np.ndarray]) -> Iterator[str]:
    """The terms that fell most among the unit's people, and its managers who do not pass it on."""

    def mean(week: int) -> np.ndarray:
        inside = found.organisation.unit[rows[week]] == turn.unit
        return told[week][inside].mean(axis=0)

    change = mean(turn.week) - mean(turn.since)
    for place in np.argsort(change)[:CAUSES].tolist():
        if change[place] <= -LEAST_CAUSE and TERMS[place] in LOST:
            yield LOST[TERMS[place]]
    managing = (found.organisation.unit[found.leaders] == turn.unit) & (
        found.organisation.role[found.leaders] != Role.EXECUTIVE
    )
    sunk = int((found.support[turn.week, managing] < SINKS).sum())
    if sunk:
        yield f"{_number(sunk)} manager{'s do' if sunk > 1 else ' does'} not pass it on"


def _those(some: int, all_: int) -> str:
    """How many of a unit's managers, with their verb."""
    if all_ == 1:
        return "its manager does"
    if some == all_:
        return "both of its managers do" if all_ == 2 else f"all {_number(all_)} of its managers do"
    return f"{_number(some)} of its {_number(all_)} managers do"


def _number(count: int) -> str:
    """Small numbers as words."""
    return (
        ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")[count]
        if count < 10
        else f"{count:,}"
    )
