"""Paired differences as a forest of intervals: by outcome for a few programmes, by programme for many."""

from __future__ import annotations

from experiments import outcomes, words
from experiments.compare import Comparison, Difference
from experiments.figures.colours import BLUE, style_of
from experiments.figures.figure import Axis, Figure, Key, Panel
from experiments.figures.marks import Mark, Whisker

SHARES = ("habitual", "weekly_active", "logged_active", "lapsed", "rejected", "capacity_gain", "paid_back")
SCALES = ("trust", "satisfaction")
LEADING = ("habitual", "capacity_gain", "cost")
"""The outcomes shown where programmes are too many to tell apart by colour."""
MOST_BY_COLOUR = 6
ROW = 0.36
"""Inches of a row."""


def differences(c: Comparison) -> Figure:
    """Every programme less the base: mean paired differences with their 95 % intervals."""
    many = len(c.names) - 1 > MOST_BY_COLOUR
    panels, legend, rows = _by_programme(c) if many else _by_outcome(c)
    note = f"Dot: mean paired difference over {words.runs(c)}. Line: its 95 % interval; hollow where that spans zero. "
    return Figure(
        "differences",
        words.about(f"More or less than {c.base}", c),
        note + words.INSIGHT,
        panels,
        3,
        legend,
        14.5,
        2.9 + ROW * rows,
    )


def _by_outcome(c: Comparison) -> tuple[tuple[Panel, ...], tuple[Key, ...], int]:
    """A panel for each kind of unit, a row for each outcome, a colour for each programme."""
    others = c.names[1:]
    kinds = (("Shares", SHARES), ("Scales of 0 to 1 (satisfaction −1 to 1)", SCALES), ("Money", ("cost",)))
    apart = min(0.22, 0.8 / len(others))
    panels = []
    for title, keys in kinds:
        scale, label = _unit(c, keys[0])
        marks: list[Mark] = []
        for row, key in enumerate(keys):
            for position, name in enumerate(others):
                place = row + (position - (len(others) - 1) / 2) * apart
                marks += _whisker(c.difference(name, key), place, scale, style_of(position + 1)[0])
        names = tuple((float(row), words.label(key)) for row, key in enumerate(keys))
        panels.append(_panel(title, Axis(label, *_ends(marks)), len(SHARES), names, marks))
    legend = tuple(Key(name, style_of(position + 1)[0]) for position, name in enumerate(others))
    return tuple(panels), legend, round(len(SHARES) * max(1.2, 0.55 * len(others)))


def _by_programme(c: Comparison) -> tuple[tuple[Panel, ...], tuple[Key, ...], int]:
    """A panel for each leading outcome, a row for each programme."""
    others = c.names[1:]
    panels: list[Panel] = []
    for key in LEADING:
        scale, label = _unit(c, key)
        marks: list[Mark] = []
        for row, name in enumerate(others):
            marks += _whisker(c.difference(name, key), row, scale, BLUE)
        # The first panel names the rows of all three.
        names = tuple((float(row), "" if panels else name) for row, name in enumerate(others))
        axis = Axis(label, *_ends(marks))
        panels.append(_panel(words.label(key).capitalize(), axis, len(others), names, marks))
    return tuple(panels), (), len(others)


def _panel(title: str, x: Axis, rows: int, names: tuple[tuple[float, str], ...], marks: list[Mark]) -> Panel:
    return Panel(title, x, Axis("", rows - 0.5, -0.5, places=names), tuple(marks), zero=True)


def _unit(c: Comparison, key: str) -> tuple[float, str]:
    """The scale of an outcome's values on its axis, and the axis's label with the unit."""
    if outcomes.ALL[key].is_share:
        return 100.0, "difference, percentage points"
    if outcomes.ALL[key].unit != "money":
        return 1.0, "difference, points"
    largest = max((abs(c.difference(name, key).mean or 0.0) for name in c.names[1:]), default=0.0)
    return (1e-6, "difference, millions") if largest >= 5e6 else (1e-3, "difference, thousands")


def _whisker(d: Difference, place: float, scale: float, colour: str) -> list[Mark]:
    """The mark of a difference, or none where there is nothing to compare."""
    if d.mean is None:
        return []
    low, high = (None if v is None else v * scale for v in (d.low, d.high))
    return [Whisker(place, d.mean * scale, low, high, colour, d.scenario, not d.told_apart)]


def _ends(marks: list[Mark]) -> tuple[float, float]:
    """The ends of an axis that shows all whiskers, and nought, with some air."""
    values = [0.0]
    for mark in marks:
        if isinstance(mark, Whisker):
            values += [v for v in (mark.low, mark.mean, mark.high) if v is not None]
    low, high = min(values), max(values)
    air = 0.06 * ((high - low) or 1.0)
    return low - air, high + air
