"""What a programme does in which week: its calendar, before anybody has answered to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from experiments import words
from experiments.figures.colours import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILLION
from experiments.lever_words import amount, described
from experiments.moments import CHAMPIONS, INCIDENT, WITHDRAWAL, since, week_of
from sim.passports import Lever, levers
from sim.programme import Programme, field_of, shares_open

COLOURS = {
    "leaders": BLUE, "managers": VERMILLION, "champions": GREEN, "training": PURPLE, "rollout": ORANGE,
    "environment": SKY, "people": GREY, "circumstances": "currentColor",
}  # fmt: skip
SAME = 1e-6
THIN = 0.2
"""Of a row's height: a bar at the least of its lever."""
STEPS = (1, 2, 4, 13, 26, 52, 104, 260)
MOST_STEPS = 5
NOTE = (
    "Bars: when a lever is used; the thicker, the stronger. What ends when leaders turn elsewhere ends here too. "
    "What people make of it is not shown."
)
MOMENTS = {
    WITHDRAWAL: "leaders turn to other things",
    INCIDENT: "an AI failure that everyone hears of",
    CHAMPIONS: "champions begin",
}

Span = tuple[int, int, float]


@dataclass(frozen=True)
class Row:
    """A line of the calendar. ``spans`` are (from week, until week, intensity 0 to 1), in order; none where it begins
    beyond the horizon."""

    family: str
    label: str
    amount: str
    spans: tuple[Span, ...]

    @property
    def when(self) -> str:
        """``week 12``, ``weeks 0 to 52``: from its first week until its last has passed."""
        if not self.spans:
            return "later than these weeks"
        first, end = self.spans[0][0], self.spans[-1][1]
        return f"week {first}" if end <= first + 1 else f"weeks {first} to {end}"

    def outline(self, weeks: int) -> list[tuple[float, float]]:
        """The edge of its bars, around and back: places (x, y) in shares of the horizon and of the row's height."""
        upper: list[tuple[float, float]] = []
        for first, end, strength in self.spans:
            rise = (THIN + (1 - THIN) * strength) / 2
            gap = [] if upper and upper[-1][0] == first / weeks else [(first / weeks, 0.0)]
            if gap and upper:
                upper.append((upper[-1][0], 0.0))
            upper += [*gap, (first / weeks, rise), (end / weeks, rise)]
        return [(x, 0.5 - rise) for x, rise in upper] + [(x, 0.5 + rise) for x, rise in reversed(upper)]


def once(programme: Programme) -> list[str]:
    """What is decided once and names no week: lever and value in words, where it is not neutral."""
    values = {key: programme.scenario.lever(key).value for key, lever in levers().items() if not lever.weekly}
    dated = {*MOMENTS, "rollout.start_week"}
    return [described(key, v) for key, v in values.items() if key not in dated and v != levers()[key].neutral]


def ticks(weeks: int) -> range:
    """The weeks that the calendar names: a few round ones, from 0 on."""
    return range(0, weeks + 1, next(step for step in STEPS if weeks <= MOST_STEPS * step))


def calendar(programme: Programme) -> Iterator[Row]:
    """Access, then every lever that is used, from when until when and how strongly; in the order of families."""
    for key, lever in levers().items():
        if key == "rollout.style":
            yield _access(programme)
        elif key in MOMENTS:
            if (week := week_of(programme, key)) is not None:
                yield Row(lever.family, MOMENTS[key], f"week {week}", ((week, week + 1, 1.0),))
        elif lever.weekly and (spans := _spans(lever, programme.tracks[field_of(key)], since(programme, lever))):
            value = programme.scenario.lever(key).value
            yield Row(lever.family, words.spaced(lever.name), amount(key, value), spans)


def _spans(lever: Lever, values: np.ndarray, since: int) -> tuple[Span, ...]:
    """Stretches of weeks from ``since`` on in which a lever stays the same and is not neutral."""
    turns = np.flatnonzero(np.diff(values)) + 1
    edges = [0, *turns.tolist(), len(values)]
    found = []
    for first, last in pairwise(edges):
        value = float(values[first])
        if abs(value - lever.neutral) > SAME and last > since:
            found.append((max(first, since), last, (value - lever.low) / (lever.high - lever.low)))
    return tuple(found)


def _access(programme: Programme) -> Row:
    """How far access is open: by date, or between the earliest and the latest week at which evidence opens it."""
    style = levers()["rollout.style"].spoken(programme.value("rollout.style"))
    start, gap, deadline = (round(programme.value(f"rollout.{name}")) for name in ("start_week", "gap", "deadline"))
    shares, end = shares_open(programme.value).tolist(), programme.weeks
    if len(shares) == 1:
        return Row("rollout", "access", f"for all from week {start}", _within([(start, end, 1.0)], end))
    head = words.counted(len(shares), "wave")
    if style == "fixed-waves":
        opens = [*(start + gap * wave for wave in range(len(shares))), end]
        spans = _within(list(zip(opens[:-1], opens[1:], shares, strict=True)), end)
        return Row("rollout", "access", f"{head}, one every {words.counted(gap, 'week')}", spans)
    latest = start + deadline * (len(shares) - 1)
    said = f"{head}, each as the last one works, the last by week {latest}"
    return Row("rollout", "access", said, _within([(start, latest, shares[0]), (latest, end, 1.0)], end))


def _within(spans: list[Span], weeks: int) -> tuple[Span, ...]:
    """What of the spans lies within the horizon."""
    return tuple((first, min(last, weeks), strength) for first, last, strength in spans if first < min(last, weeks))
