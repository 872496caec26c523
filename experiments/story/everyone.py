"""What concerns everyone: access and champions, the programme's own calendar, shares passed, logs ahead of use."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from experiments import words
from experiments.lever_words import turned
from experiments.story.event import Event, first
from experiments.story.units import LEAST_FALL, SINCE, stalls
from sim.measures import OUTCOMES, four_week_mean
from sim.organisation.errors import people
from sim.passports import levers
from sim.people import Stage, Status
from sim.programme import field_of
from sim.replay import Replay
from sim.tallies import Series

QUARTERS = ((0.25, "A quarter"), (0.5, "Half"), (0.75, "Three quarters"))
GAP = 0.15
"""Logged use ahead of use by choice that a dashboard reader should hear of."""
ONE_PER = "champions.one_per"


def rollout(found: Replay) -> Iterator[Event]:
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
    begin = np.flatnonzero(champions)
    if len(begin):
        first, many = int(begin[0]), int(champions[begin[0]])
        yield Event(first, f"{words.counted(many, 'champion')} {'begins' if many == 1 else 'begin'} to help.", 0.8)


def programme(found: Replay) -> Iterator[Event]:
    """Levers that begin or end while time goes on, leaders who turn elsewhere, a failure that everyone hears of."""
    scenario = found.programme.scenario
    withdrawn = _week_of(found, "leaders.withdraw_week")
    if withdrawn is not None:
        yield Event(withdrawn, "Leaders turn to other things; what depended on their attention ends.", 1.0)
    if (failure := _week_of(found, "circumstances.incident_week")) is not None:
        yield Event(failure, "An AI failure becomes known to everyone.", 1.0)
    for key, lever in levers().items():
        if lever.weekly and key in scenario.levers and (lever.family != "champions" or found.programme.value(ONE_PER)):
            # What ends with leaders' attention needs no telling of its own.
            for week, text in turned(key, found.programme.tracks[field_of(key)][:withdrawn]):
                yield Event(week, text, 0.7)


def _week_of(found: Replay, key: str) -> int | None:
    """The week that a lever names, if there is one within the horizon."""
    week = round(found.programme.scenario.lever(key).value)
    return week if 0 < week < found.weeks else None


def organisation(found: Replay) -> Iterator[Event]:
    """Shares of all people as they are passed, the log, leaders' attention."""
    series = found.series[:, :, None]
    using = OUTCOMES["weekly_active"].curve(series)[:, 0]
    habitual = found.series[:, Stage.HABITUAL]
    for share, how in ((using, "by choice"), (habitual, "habitually")):
        highest: dict[int, str] = {}
        for mark, name in QUARTERS:
            if (week := first(share >= mark)) is not None:
                highest[week] = name
        for week, name in highest.items():
            yield Event(week, f"{name} of all people use AI {how}.", 0.95)
    smooth = four_week_mean(using)
    for week, peak in stalls(smooth, LEAST_FALL, SINCE):
        before, after = words.percent(float(smooth[peak])), words.percent(float(smooth[week]))
        yield Event(
            week, f"In the whole organisation use by choice falls back to {after}, from {before} in week {peak}.", 0.92
        )
    gap = OUTCOMES["logged_active"].curve(series)[:, 0] - using
    if (week := first(gap >= GAP)) is not None:
        yield Event(
            week,
            f"The usage log flatters: {words.percent(float(gap[week] + using[week]))} of all people show up in it, "
            f"{words.percent(float(using[week]))} use AI by choice.",
            0.85,
        )
    attention = found.series[:, Series.ATTENTION]
    withdrawn = _week_of(found, "leaders.withdraw_week")
    if (week := first(attention < 0.5)) is not None and (withdrawn is None or week < withdrawn):
        yield Event(week, "Leaders' attention has halved: the results they see are short of what was promised.", 0.85)
