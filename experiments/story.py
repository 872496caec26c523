"""What happened in a replay, in plain words: to the organisation, to its units, to one person; with the causes.

A cause is read from the model's own choice: the terms (``trying.TERMS``) that moved most between two weeks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from experiments import words
from sim.measures import OUTCOMES, WEEKS_IN_MEAN, four_week_mean
from sim.mechanisms.reporting import SINKS
from sim.mechanisms.trying import TERMS
from sim.organisation import Role
from sim.organisation.errors import people
from sim.passports import levers
from sim.people import Stage, Status
from sim.programme import field_of
from sim.replay import Replay, terms
from sim.tallies import Series

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
QUARTERS = ((0.25, "A quarter"), (0.5, "Half"), (0.75, "Three quarters"))
GAP = 0.15
"""Logged use ahead of use by choice that a dashboard reader should hear of."""

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


@dataclass(frozen=True)
class Event:
    """Something worth telling: ``unit`` is None where it concerns everyone. ``weight``: the largest is told first."""

    week: int
    text: str
    weight: float
    unit: int | None = None


def events(found: Replay) -> list[Event]:
    """All events by week, the weightiest of a week first."""
    told = [*_rollout(found), *_programme(found), *_organisation(found), *_managers(found), *_units(found)]
    return sorted(told, key=lambda event: (event.week, -event.weight, event.text))


def unit_use(found: Replay) -> np.ndarray:
    """Share of each unit's people who used it by choice, mean of four weeks: float64 [weeks, units]."""
    return four_week_mean(_by_unit(found, found.status & np.uint32(Status.ACTIVE) != 0))


def _by_unit(found: Replay, facts: np.ndarray) -> np.ndarray:
    """Share of each unit's people of whom a fact [weeks, people] is true: float64 [weeks, units]."""
    organisation = found.organisation
    sizes = np.bincount(organisation.unit, minlength=organisation.n_units)
    counts = np.stack([np.bincount(organisation.unit, week, organisation.n_units) for week in facts])
    return counts / np.maximum(sizes, 1)


def _rollout(found: Replay) -> Iterator[Event]:
    """Waves as they open, champions as they start."""
    access = (found.status & np.uint32(Status.ACCESS) != 0).sum(axis=1)
    opened = np.diff(found.wave, prepend=0) > 0
    waves = int(found.wave.max(initial=0))
    for week in np.flatnonzero(opened).tolist():
        more = int(access[week] - (access[week - 1] if week else 0))
        wave = f"Wave {int(found.wave[week])}: " if waves > 1 else ""
        if more > 0:
            yield Event(week, f"{wave}{people(more)} {'gets' if more == 1 else 'get'} access.", 0.9)
    champions = (found.status & np.uint32(Status.CHAMPION) != 0).sum(axis=1)
    first = np.flatnonzero(champions)
    if len(first):
        yield Event(int(first[0]), f"{words.counted(int(champions[first[0]]), 'champion')} begin to help.", 0.8)


def _programme(found: Replay) -> Iterator[Event]:
    """Levers that begin or end while time goes on, leaders who turn elsewhere, a failure that everyone hears of."""
    scenario = found.programme.scenario
    withdrawn = _week_of(found, "leaders.withdraw_week")
    if withdrawn is not None:
        yield Event(withdrawn, "Leaders turn to other things.", 1.0)
    if (failure := _week_of(found, "circumstances.incident_week")) is not None:
        yield Event(failure, "An AI failure becomes known to everyone.", 1.0)
    for key, lever in levers().items():
        if not lever.weekly or key not in scenario.levers:
            continue
        values, track = found.programme.tracks[field_of(key)], scenario.levers[key]
        moved = (np.flatnonzero(np.diff(values)) + 1)[:1].tolist()
        ends = [track.end] if track.end is not None and track.end < found.weeks else []
        for week in dict.fromkeys([*moved, *ends]):
            if withdrawn is None or week < withdrawn:  # what ends then ends with leaders' attention
                now = lever.spoken(round(float(values[week]), 3))
                yield Event(week, f"Programme: {named(key)} goes to {now}.", 0.7)


def _week_of(found: Replay, key: str) -> int | None:
    """The week that a lever names, if there is one within the horizon."""
    week = round(found.programme.scenario.lever(key).value)
    return week if 0 < week < found.weeks else None


def named(key: str) -> str:
    """``managers: inspection``."""
    family, _, name = key.partition(".")
    return f"{family}: {name.replace('_', ' ')}"


def _organisation(found: Replay) -> Iterator[Event]:
    series = found.series[:, :, None]
    using = OUTCOMES["weekly_active"].curve(series)[:, 0]
    habitual = found.series[:, Stage.HABITUAL]
    for share, name in QUARTERS:
        if (week := _first(using >= share)) is not None:
            yield Event(week, f"{name} of all people use it by choice.", 0.95)
        if (week := _first(habitual >= share)) is not None:
            yield Event(week, f"{name} of all people use it habitually.", 0.95)
    gap = OUTCOMES["logged_active"].curve(series)[:, 0] - using
    if (week := _first(gap >= GAP)) is not None:
        yield Event(
            week,
            f"The log runs ahead: {words.percent(float(gap[week] + using[week]))} show up in it, "
            f"{words.percent(float(using[week]))} use it by choice.",
            0.85,
        )
    attention = found.series[:, Series.ATTENTION]
    withdrawn = _week_of(found, "leaders.withdraw_week")
    if (week := _first(attention < 0.5)) is not None and (withdrawn is None or week < withdrawn):
        yield Event(week, "Leaders' attention has halved: the results they see are short of what was promised.", 0.85)


def _managers(found: Replay) -> Iterator[Event]:
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


def _units(found: Replay) -> Iterator[Event]:
    """Units that take off, stall or do not begin; with causes where use was lost."""
    use = unit_use(found)
    access = _by_unit(found, found.status & np.uint32(Status.ACCESS) != 0)
    sizes = np.bincount(found.organisation.unit, minlength=found.organisation.n_units)
    turns = []
    for unit in np.flatnonzero(sizes >= SMALL_UNIT).tolist():
        name = found.organisation.unit_names[unit]
        if (week := _first(use[:, unit] >= TAKEN_OFF, since=WEEKS_IN_MEAN - 1)) is not None:
            yield Event(week, f"{name} takes off: half of it uses it by choice.", 0.75, unit)
        for week, peak in stalls(use[:, unit]):
            share = words.percent(float(use[peak, unit])), words.percent(float(use[week, unit]))
            turns.append(_Turn(week, peak, unit, f"{name} stalls, from {share[0]} using it to {share[1]}"))
        began = _first(access[:, unit] >= 0.5)
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


def person(found: Replay, row: int) -> list[Event]:
    """One person's story: access, training, stages, champion, leaving; by week."""
    told = []
    facts = {
        Status.ACCESS: ("gets access", "loses access"),
        Status.TRAINED: ("is trained", None),
        Status.CHAMPION: ("becomes a champion", "stops being a champion"),
        Status.JOINER: ("leaves; a joiner takes the seat", None),
    }
    for flag, (gained, lost) in facts.items():
        has = np.concatenate([[False], found.status[:, row] & np.uint32(flag) != 0])
        for week in np.flatnonzero(has[1:] != has[:-1]).tolist():
            text = gained if has[week + 1] else lost
            if text:
                told.append(Event(week, text, 1.0))
    stage = np.concatenate([[Stage.UNAWARE], found.stage[:, row]])
    for week in np.flatnonzero(stage[1:] != stage[:-1]).tolist():
        told.append(Event(week, BECOMES[Stage(int(stage[week + 1]))], 0.5))
    return sorted(told, key=lambda event: (event.week, -event.weight))


BECOMES = {
    Stage.UNAWARE: "knows nothing of it",
    Stage.AWARE: "knows of it, has not tried it",
    Stage.TRIALLING: "tries it now and then",
    Stage.USING: "uses it in many weeks",
    Stage.HABITUAL: "uses it habitually",
    Stage.DORMANT: "tried it, leaves it alone",
    Stage.LAPSED: "lapses after regular use",
    Stage.REJECTED: "gives up after a failure",
}


def _first(hits: np.ndarray, since: int = 0) -> int | None:
    places = np.flatnonzero(hits[since:])
    return int(places[0]) + since if len(places) else None


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
