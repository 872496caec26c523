"""Managers who are against it and do not pass it on, and those who do again."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from experiments.story.event import SEVERAL, Event, number, several, turns
from sim.mechanisms.reporting import SINKS
from sim.organisation import Role
from sim.replay import Replay


def managers(found: Replay) -> Iterator[Event]:
    """Units in which most managers no longer pass it on, and those in which they do again."""
    turned: dict[tuple[int, bool], list[int]] = {}
    for unit in range(found.organisation.n_units):
        sinking = _sinking(found, unit)
        for week in turns(2 * sinking.sum(axis=1) > sinking.shape[1]):
            against = bool(2 * sinking[week].sum() > sinking.shape[1])
            turned.setdefault((week, against), []).append(unit)
    for (week, against), units in turned.items():
        if len(units) < SEVERAL:
            for unit in units:
                yield Event(week, _alone(found, unit, week, against), unit)
        else:
            names = several([found.organisation.unit_names[unit] for unit in units])
            does = "are now against it and do not pass it on" if against else "pass it on again"
            yield Event(week, f"Most managers {does} in {names}.")


def sunk(found: Replay, unit: int, week: int) -> str:
    """Who of a unit's managers does not pass it on in a week; empty where everyone does."""
    sinking = _sinking(found, unit)[week]
    return f"{_those(int(sinking.sum()), len(sinking))} not pass it on" if sinking.any() else ""


def _sinking(found: Replay, unit: int) -> np.ndarray:
    """Which of a unit's managers do not pass it on: bool [weeks, managers]."""
    organisation, leaders = found.organisation, found.leaders
    those = np.flatnonzero((organisation.unit[leaders] == unit) & (organisation.role[leaders] != Role.EXECUTIVE))
    return found.support[:, those] < SINKS


def _alone(found: Replay, unit: int, week: int, against: bool) -> str:
    name, sinking = found.organisation.unit_names[unit], _sinking(found, unit)[week]
    if against:
        are = "is" if len(sinking) == 1 else "are"
        return f"{name}: {_those(int(sinking.sum()), len(sinking))} not pass it on, and {are} now against it."
    return f"{name}: {'its manager passes' if len(sinking) == 1 else 'most of its managers pass'} it on again."


def _those(some: int, all_: int) -> str:
    """How many of a unit's managers, with their verb."""
    if all_ == 1:
        return "its manager does"
    if some == all_:
        return "both of its managers do" if all_ == 2 else f"all {number(all_)} of its managers do"
    return f"{number(some)} of its {number(all_)} managers {'does' if some == 1 else 'do'}"
