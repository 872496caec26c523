"""What a programme does in which week, as a figure: its calendar, before anybody has answered to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from experiments import words
from experiments.figures import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    Axis,
    Bar,
    Figure,
    Mark,
    Note,
    Panel,
)
from experiments.lever_words import described, in_full
from sim.passports import Lever, levers
from sim.programme import Programme, field_of

COLOURS = {
    "leaders": BLUE, "managers": VERMILLION, "champions": GREEN, "training": PURPLE, "rollout": ORANGE,
    "environment": SKY, "people": GREY, "circumstances": BLACK,
}  # fmt: skip
SAME = 1e-6
THIN, THICK = 0.12, 0.42
"""Of a row: a bar at the least and at the full of its lever."""
NAMED, DRAWN = 0.2, -0.24
"""Heights in a row of the lever's name and of its bar."""
ROW, AROUND = 0.46, 1.7
"""Inches of a row, and of what stands around all rows."""
NOTE = (
    "Bars: when a lever is used; the thicker, the stronger. Numbers without a unit run from 0 to 1. "
    "What ends when leaders turn elsewhere ends here too. What people make of it is not shown."
)
LAST_NAME = 0.6
"""Of the horizon: names of what begins later start here, to end within the picture."""
MOMENTS = {
    "leaders.withdraw_week": "leaders turn to other things",
    "circumstances.incident_week": "an AI failure that everyone hears of",
    "champions.activation_week": "champions begin",
}


Span = tuple[int, int, float]


@dataclass(frozen=True)
class Row:
    """A line of the calendar: ``spans`` are (from week, until week, intensity 0 to 1)."""

    family: str
    label: str
    spans: tuple[Span, ...]


def once(programme: Programme) -> list[str]:
    """What is decided once and names no week: lever and value in words, where it is not neutral."""
    values = {key: programme.scenario.lever(key).value for key, lever in levers().items() if not lever.weekly}
    dated = {*MOMENTS, "rollout.start_week"}
    return [described(key, v) for key, v in values.items() if key not in dated and v != levers()[key].neutral]


def timeline(programme: Programme) -> Figure:
    """The calendar of a programme: access, then every lever that is used, from when until when and how strongly."""
    rows = list(_rows(programme))
    marks: list[Mark] = []
    places = []
    for position, row in enumerate(reversed(rows)):
        marks += _marks(row, position, programme.weeks)
        first = rows[len(rows) - 2 - position].family if position < len(rows) - 1 else ""
        if row.family != first:  # the topmost of its family carries the name
            places.append((position + 0.0, row.family))
    axis = Axis("week", 0, programme.weeks)
    panel = Panel("", axis, Axis("", -0.6, len(rows) - 0.4, places=tuple(places)), tuple(marks))
    return Figure("timeline", f"{programme.scenario.title}: what happens when", NOTE, (panel,), 1,
                  height=AROUND + ROW * len(rows))  # fmt: skip


def _rows(programme: Programme) -> Iterator[Row]:
    active = round(programme.value("champions.activation_week")) if programme.value("champions.one_per") else 0
    for key, lever in levers().items():
        if key == "rollout.style":
            yield _access(programme)
        elif key in MOMENTS:
            week = round(programme.value(key))
            if 0 < week < programme.weeks and (lever.family != "champions" or active):
                yield Row(lever.family, f"{MOMENTS[key]}: week {week}", ((week, week + 1, 1.0),))
        elif lever.weekly:
            since = active if lever.family == "champions" else 0
            if spans := _spans(lever, programme.tracks[field_of(key)], since):
                value = programme.scenario.lever(key).value
                yield Row(lever.family, f"{lever.name.replace('_', ' ')} {in_full(key, value)}", spans)


def _spans(lever: Lever, values: np.ndarray, since: int) -> tuple[Span, ...]:
    """Stretches of weeks in which a lever stays the same and is not neutral."""
    turns = np.flatnonzero(np.diff(values)) + 1
    edges = [0, *turns.tolist(), len(values)]
    found = []
    for first, last in pairwise(edges):
        away = abs(float(values[first]) - lever.neutral)
        if away > SAME and last > since:
            found.append((max(first, since), last, away / (lever.high - lever.low)))
    return tuple(found)


def _access(programme: Programme) -> Row:
    """How far access is open: by date, or between the earliest and the latest week at which evidence opens it."""
    style = levers()["rollout.style"].spoken(programme.value("rollout.style"))
    names = ("start_week", "waves", "gap", "deadline")
    start, waves, gap, deadline = (round(programme.value(f"rollout.{name}")) for name in names)
    first, end = programme.value("rollout.first_share"), programme.weeks
    if style == "big-bang" or waves == 1:
        return Row("rollout", f"access for all from week {start}", ((min(start, end), end, 1.0),))
    head = f"access in {words.counted(waves, 'wave')}"
    if style == "fixed-waves":
        opens = [*(min(start + gap * wave, end) for wave in range(waves)), end]
        shares = [first + (1 - first) * wave / (waves - 1) for wave in range(waves)]
        steps = zip(opens[:-1], opens[1:], shares, strict=True)
        return Row("rollout", f"{head}, one every {gap} weeks", tuple(step for step in steps if step[0] < step[1]))
    latest = min(start + deadline * (waves - 1), end)
    said = f"{head}, each as the last one works, all open by week {start + deadline * (waves - 1)} at the latest"
    return Row("rollout", said, ((min(start, end), latest, first), (latest, end, 1.0)))


def _marks(row: Row, position: int, weeks: int) -> list[Mark]:
    colour = COLOURS[row.family]
    bars = [
        Bar(position + DRAWN, first, last, colour, row.label, THIN + (THICK - THIN) * strength)
        for first, last, strength in row.spans
    ]
    begins = min(row.spans[0][0], LAST_NAME * weeks)
    return [*bars, Note(begins, position + NAMED, row.label, BLACK)]
