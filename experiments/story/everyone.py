"""What concerns everyone: access and champions, the programme's own calendar, shares passed, logs ahead of use."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from experiments import words
from experiments.lever_words import turned
from experiments.moments import INCIDENT, WITHDRAWAL, since, week_of
from experiments.story.event import Event, first, turns
from experiments.story.units import LEAST_FALL, PATIENCE, SINCE, stalls
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


def rollout(found: Replay) -> Iterator[Event]:
    """Waves as they open, champions as they start."""
    access = (found.status & np.uint32(Status.ACCESS) != 0).sum(axis=1)
    opened = np.diff(found.wave, prepend=0) > 0
    waves = int(found.wave.max(initial=0))
    for week in np.flatnonzero(opened).tolist():
        more = int(access[week] - (access[week - 1] if week else 0))
        wave = f"Wave {int(found.wave[week])}: " if waves > 1 else ""
        if more > 0:
            yield Event(week, f"{wave}{people(more)} {'gets' if more == 1 else 'get'} access.")
    champions = (found.status & np.uint32(Status.CHAMPION) != 0).sum(axis=1)
    if (begin := first(champions > 0)) is not None:
        many = int(champions[begin])
        yield Event(begin, f"{words.counted(many, 'champion')} {'begins' if many == 1 else 'begin'} to help.")


def programme(found: Replay) -> Iterator[Event]:
    """Levers that begin or end while time goes on, leaders who turn elsewhere, a failure that everyone hears of."""
    if (withdrawn := week_of(found.programme, WITHDRAWAL)) is not None:
        yield Event(withdrawn, "Leaders turn to other things; what depended on their attention ends.")
    if (failure := week_of(found.programme, INCIDENT)) is not None:
        yield Event(failure, "An AI failure becomes known to everyone.")
    for key, lever in levers().items():
        if lever.weekly:
            for week, text in turned(key, found.programme.tracks[field_of(key)]):
                if week >= since(found.programme, lever) and week != withdrawn:  # what ends with leaders is told above
                    yield Event(week, text)


def _opening(found: Replay) -> np.ndarray:
    """Weeks in which most of those who have access have just got it: bool [weeks]."""
    access = (found.status & np.uint32(Status.ACCESS) != 0).sum(axis=1)
    return 2 * np.diff(access, prepend=0) > access


def _passed(share: np.ndarray, how: str, opening: np.ndarray) -> Iterator[Event]:
    """Marks that a share [weeks] passes and keeps to; of several in a week the highest.

    What is passed as access opens is curiosity, whatever becomes of it: people then try it, and it may soon be over.
    """
    told: dict[int, str] = {}
    for mark, name in QUARTERS:
        above = share >= mark
        if (week := first(above)) is not None and opening[week]:
            over = first(~above, week)
            soon = over is not None and over <= week + PATIENCE
            fewer = f"; by week {over} it is fewer" if soon else ""
            told[week] = f"{name} of all people try AI {how} as access opens{fewer}."
            above[: over if soon else None] = False
        if lasting := turns(above):
            told[lasting[0]] = f"{name} of all people use AI {how}."
    yield from (Event(week, text) for week, text in told.items())


def organisation(found: Replay) -> Iterator[Event]:
    """Shares of all people as they are passed, the log, leaders' attention."""
    series = found.series[:, :, None]
    using = OUTCOMES["weekly_active"].curve(series)[:, 0]
    habitual = found.series[:, Stage.HABITUAL]
    yield from _passed(using, "by choice", _opening(found))
    yield from _passed(habitual, "habitually", np.zeros(found.weeks, bool))
    smooth = four_week_mean(using)
    for low, peak in stalls(smooth, LEAST_FALL, SINCE):
        before, after = words.percent(float(smooth[peak])), words.percent(float(smooth[low]))
        yield Event(
            low, f"In the whole organisation use by choice falls back to {after}, from {before} in week {peak}."
        )
    gap = OUTCOMES["logged_active"].curve(series)[:, 0] - using
    if (week := first(gap >= GAP)) is not None:
        yield Event(
            week,
            f"The usage log flatters: {words.percent(float(gap[week] + using[week]))} of all people show up in it, "
            f"{words.percent(float(using[week]))} use AI by choice.",
        )
    attention = found.series[:, Series.ATTENTION]
    withdrawn = week_of(found.programme, WITHDRAWAL)
    if (week := first(attention < 0.5)) is not None and (withdrawn is None or week < withdrawn):
        yield Event(week, "Leaders' attention has halved: the results they see are short of what was promised.")
