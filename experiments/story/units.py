"""What concerns one unit: taking off, stalling, not beginning; with the causes where use was lost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from experiments import words
from experiments.story.causes import Fall, causes
from experiments.story.event import SEVERAL, Event, first, several
from experiments.story.managing import sunk
from sim.measures import WEEKS_IN_MEAN, four_week_mean
from sim.people import Stage, Status
from sim.replay import Replay

SMALL_UNIT = 5
"""People below whom a unit's share says little."""
TAKEN_OFF, FALLEN, SLOW = 0.5, 0.25, 0.1
"""Habitual use that counts as taken off; the loss of use by choice (mean of four weeks) from its peak, as a share of
that, which counts as stalled; what a unit should have reached ``PATIENCE`` weeks after most of it had access."""
PATIENCE = 12
LEAST_PEAK = 0.2
LEAST_FALL, LEAST_LOST = 0.1, 2
"""A smaller loss, as a share of all or in people, is the noise of a few people's weeks."""
ALONE = 2
"""Of the units that stall in a week, so many are told of by themselves: those that lose most people."""
SINCE = WEEKS_IN_MEAN - 1
"""The first week with a mean of four."""


def unit_use(found: Replay) -> np.ndarray:
    """Share of each unit's people who used it by choice, mean of four weeks: float64 [weeks, units]."""
    return four_week_mean(_by_unit(found, found.status & np.uint32(Status.ACTIVE) != 0))


def _by_unit(found: Replay, facts: np.ndarray) -> np.ndarray:
    """Share of each unit's people of whom a fact [weeks, people] is true: float64 [weeks, units]."""
    organisation = found.organisation
    counts = np.stack([np.bincount(organisation.unit, week, organisation.n_units) for week in facts])
    return counts / np.maximum(_sizes(found), 1)


def _sizes(found: Replay) -> np.ndarray:
    return np.bincount(found.organisation.unit, minlength=found.organisation.n_units)


def units(found: Replay) -> Iterator[Event]:
    """Units that take off, stall or do not begin."""
    use, sizes = unit_use(found), _sizes(found)
    large = np.flatnonzero(sizes >= SMALL_UNIT).tolist()
    falls = [
        Fall(unit, peak, week, float(use[peak, unit] - use[week, unit]) * int(sizes[unit]))
        for unit in large
        for week, peak in stalls(use[:, unit], max(LEAST_FALL, LEAST_LOST / sizes[unit]), SINCE)
    ]
    yield from _stalling(found, use, falls)
    yield from _taking_off(found, large)
    yield from _not_begun(found, use, large)


def _taking_off(found: Replay, large: list[int]) -> Iterator[Event]:
    habitual = _by_unit(found, found.stage == Stage.HABITUAL)
    began: dict[int, list[int]] = {}
    for unit in large:
        if (week := first(habitual[:, unit] >= TAKEN_OFF)) is not None:
            began.setdefault(week, []).append(unit)
    for week, together in began.items():
        names = [found.organisation.unit_names[unit] for unit in together]
        if len(names) < SEVERAL:
            for unit, name in zip(together, names, strict=True):
                yield Event(week, f"{name} takes off: half of its people use AI habitually.", unit)
        else:
            yield Event(week, f"{several(names)} take off: half of their people use AI habitually.")


def _not_begun(found: Replay, use: np.ndarray, large: list[int]) -> Iterator[Event]:
    access = _by_unit(found, found.status & np.uint32(Status.ACCESS) != 0)
    for unit in large:
        opened = first(access[:, unit] >= 0.5)
        if opened is not None and opened + PATIENCE < found.weeks and use[: opened + PATIENCE, unit].max() < SLOW:
            week = opened + PATIENCE
            share = words.percent(float(use[week, unit]))
            text = f"{found.organisation.unit_names[unit]} has not begun {PATIENCE} weeks after access: {share} use AI."
            yield Event(week, text, unit)


def _stalling(found: Replay, use: np.ndarray, falls: list[Fall]) -> Iterator[Event]:
    """Every loss with its cause; those that are told of together share one."""
    groups = list(_told_together(falls))
    for group, why in zip(groups, causes(found, groups), strict=True):
        (fall, *others) = group
        if others:
            names = several([found.organisation.unit_names[each.unit] for each in group])
            yield Event(fall.week, f"{names} stall, {why}: each has lost a quarter of its use or more.")
        else:
            against = sunk(found, fall.unit, fall.week)
            text = f"{_fallen(found, use, fall)}, {why}" + (f"; {against}." if against else ".")
            yield Event(fall.week, text, fall.unit)


def _told_together(falls: list[Fall]) -> Iterator[list[Fall]]:
    """Of every week the heaviest losses each alone, the others together."""
    by_week: dict[int, list[Fall]] = {}
    for fall in sorted(falls, key=lambda fall: (-fall.lost, fall.unit)):
        by_week.setdefault(fall.week, []).append(fall)
    for those in by_week.values():
        yield from ([fall] for fall in those[:ALONE])
        if others := those[ALONE:]:
            yield others


def _fallen(found: Replay, use: np.ndarray, fall: Fall) -> str:
    """``North stalls: 30 % use AI, down from 50 % in week 6``."""
    before, after = (words.percent(float(use[week, fall.unit])) for week in (fall.peak, fall.week))
    return f"{found.organisation.unit_names[fall.unit]} stalls: {after} use AI, down from {before} in week {fall.peak}"


def stalls(use: np.ndarray, least: float = 0.0, since: int = 0) -> list[tuple[int, int]]:
    """Weeks in which use [weeks] has lost ``FALLEN`` of its latest peak, each with that peak's week.

    ``least``: losses and recoveries smaller than this share of all are none. Weeks before ``since`` do not count.
    """
    found: list[tuple[int, int]] = []
    peak, trough = since, None
    for week, value in enumerate(use[since:].tolist(), since):
        if trough is None:
            if value >= use[peak]:
                peak = week
            elif use[peak] >= LEAST_PEAK and value <= (1 - FALLEN) * use[peak] and use[peak] - value >= least:
                found.append((week, peak))
                trough = week
        elif value < use[trough]:
            trough = week
        elif value * (1 - FALLEN) >= use[trough] and value - use[trough] >= least:
            peak, trough = week, None  # recovered: from here it can stall again
    return found
