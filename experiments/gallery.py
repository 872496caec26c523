"""Which figures a comparison is shown in, and what is in each."""

from __future__ import annotations

import numpy as np

from experiments import words
from experiments.compare import Comparison, Difference
from experiments.figures import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    VERMILLION,
    YELLOW,
    Axis,
    Band,
    Dash,
    Figure,
    Key,
    Layer,
    Line,
    Mark,
    Panel,
    Whisker,
    end_notes,
    grid,
    style_of,
)
from sim.people import Stage

STAGES: tuple[tuple[Stage, str, str], ...] = (
    (Stage.HABITUAL, "habitual", GREEN),
    (Stage.USING, "using", SKY),
    (Stage.TRIALLING, "trialling", YELLOW),
    (Stage.AWARE, "aware", GREY),
    (Stage.UNAWARE, "unaware", PALE),
    (Stage.DORMANT, "dormant", ORANGE),
    (Stage.LAPSED, "lapsed", PURPLE),
    (Stage.REJECTED, "rejected", VERMILLION),
)
"""From the bottom: those who use it, those who have not begun, those who were lost."""

PEOPLE = "share of all people"
HEADS = (
    ("habitual", "Habitual: used it in 9 or more of 12 weeks"),
    ("weekly_active", "Active in a week, mean of four"),
)
MOST_TOGETHER = 4
"""Programmes in one panel: the bands of more would cover each other."""


def gallery(comparison: Comparison) -> list[Figure]:
    """Every figure of a comparison, in the order of a talk."""
    figures = [adoption(comparison), reach(comparison), logged(comparison), stages(comparison)]
    if len(comparison.names) > 1:
        figures.append(differences(comparison))
    return figures


def adoption(c: Comparison) -> Figure:
    """Habitual and weekly use over time with the band of plausible worlds; many programmes each beside the base."""
    note = f"Line: mean of {_runs(c)}. Band: 5th to 95th percentile. {words.INSIGHT}"
    title = _title("Who uses it, week by week", c)
    if len(c.names) <= MOST_TOGETHER:
        panels = tuple(_side_by_side(c, c.names, outcome, head) for outcome, head in HEADS)
        return Figure("adoption", title, note, panels, 2, width=14.0, height=6.4)
    panels = tuple(_side_by_side(c, [c.base, name], HEADS[0][0], name, named=False) for name in c.names[1:])
    columns, width, height = grid(len(panels))
    legend = (Key(c.base, style_of(0)[0]), Key("the programme named above", style_of(1)[0]))
    return Figure("adoption", _title("Habitual use, week by week", c), note, panels, columns, legend, width, height)


def _side_by_side(c: Comparison, names: list[str], outcome: str, head: str, *, named: bool = True) -> Panel:
    """An outcome of several programmes in one panel, their names at the ends of their lines."""
    lines, bands = [], []
    for position, name in enumerate(names):
        colour, dash = style_of(position)
        b = c.band(name, outcome)
        bands.append(Band(b.week, b.low * 100, b.high * 100, colour, name))
        lines.append(Line(b.week, b.mean * 100, name, colour, dash))
    notes = end_notes(lines, 0, 100) if named else []
    return Panel(head, _weeks(c), _share(), (*bands, *lines, *notes))


def reach(c: Comparison) -> Figure:
    """Ever tried against used this week: the first only rises, and hides what the second shows."""
    return _two_lines(
        c,
        "cumulative-and-current",
        "Ever tried, and active in a week",
        ("tried", "ever tried", ORANGE),
        ("weekly_active", "active in a week", BLUE),
    )


def logged(c: Comparison) -> Figure:
    """What a log counts against use by choice: compliance lies between."""
    return _two_lines(
        c,
        "logged-and-meaningful",
        "Logged, and used by choice",
        ("logged_active", "logged any action", VERMILLION),
        ("weekly_active", "used it by choice", BLUE),
    )


def stages(c: Comparison) -> Figure:
    """Where everyone stands, week by week: mean share of each adoption stage."""
    week = np.arange(c.weeks)
    panels = []
    for name in c.names:
        series = c.ensembles[name].series
        base = np.zeros(c.weeks)
        layers: list[Mark] = []
        for stage, label, colour in STAGES:
            top = base + series[:, stage].astype(np.float64).mean(axis=1) * 100
            layers.append(Layer(week, base, top, colour, label))
            base = top
        panels.append(Panel(name, _weeks(c), _share(), tuple(layers)))
    columns, width, height = grid(len(panels))
    legend = tuple(Key(label, colour, filled=True) for _, label, colour in STAGES)
    note = f"Mean of {_runs(c)}. {words.INSIGHT}"
    return Figure("stages", _title("Where people stand", c), note, tuple(panels), columns, legend, width, height)


def differences(c: Comparison) -> Figure:
    """Every programme less the base, as mean paired differences with 95 % intervals, by kind of unit."""
    kinds: tuple[tuple[str, str, str, float, tuple[str, ...]], ...] = (
        ("Shares", "percentage points", "", 100.0,
         ("habitual", "weekly_active", "logged_active", "lapsed", "rejected", "capacity_gain", "paid_back")),
        ("Scales of 0 to 1 (satisfaction −1 to 1)", "points", "", 1.0, ("trust", "satisfaction")),
        ("Money", *_money_axis(c), ("cost",)),
    )  # fmt: skip
    tallest = max(len(keys) for *_, keys in kinds)
    others = c.names[1:]
    panels = []
    for title, unit, suffix, scale, keys in kinds:
        rows = [key for key in keys if any(c.difference(name, key).mean is not None for name in others)]
        marks: list[Mark] = []
        for row, key in enumerate(rows):
            for position, name in enumerate(others):
                d = c.difference(name, key)
                if d.mean is None:
                    continue
                offset = (position - (len(others) - 1) / 2) * min(0.22, 0.8 / len(others))
                marks.append(_whisker(d, row + offset, scale, style_of(position + 1)[0]))
        places = tuple((float(row), words.label(key)) for row, key in enumerate(rows))
        label = f"more or less than {c.base}, {unit}"
        x = Axis(label, *_ends(marks), suffix)
        panels.append(Panel(title, x, Axis("", tallest - 0.5, -0.5, places=places), tuple(marks), zero=True))
    legend = tuple(Key(name, style_of(position + 1)[0]) for position, name in enumerate(others))
    return Figure(
        "differences",
        _title(f"Against {c.base}", c),
        f"Dot: mean paired difference over {_runs(c)}. Line: its 95 % interval; hollow where that spans zero. "
        + words.INSIGHT,
        tuple(panels),
        3,
        legend,
        14.5,
        3.4 + 0.42 * max(7, 7 * len(others) * 0.5),
    )


def _two_lines(
    c: Comparison, name: str, title: str, upper: tuple[str, str, str], lower: tuple[str, str, str]
) -> Figure:
    """A small panel for each programme, with two outcomes of it and their bands."""
    panels = []
    for programme in c.names:
        bands: list[Mark] = []
        lines: list[Mark] = []
        styles: tuple[tuple[tuple[str, str, str], Dash], ...] = ((lower, "solid"), (upper, "dash"))
        for (outcome, label, colour), dash in styles:  # the dashed line on top, to be seen where both are one
            b = c.band(programme, outcome)
            bands.append(Band(b.week, b.low * 100, b.high * 100, colour, label))
            lines.append(Line(b.week, b.mean * 100, label, colour, dash))
        panels.append(Panel(programme, _weeks(c), _share(), (*bands, *lines)))
    columns, width, height = grid(len(panels))
    legend = (Key(upper[1], upper[2], "dash"), Key(lower[1], lower[2]))
    note = f"Line: mean of {_runs(c)}. Band: 5th to 95th percentile. {words.INSIGHT}"
    return Figure(name, _title(title, c), note, tuple(panels), columns, legend, width, height)


def _money_axis(c: Comparison) -> tuple[str, str, float]:
    """Unit, suffix and scale for differences of cost."""
    largest = max((abs(c.difference(name, "cost").mean or 0.0) for name in c.names[1:]), default=0.0)
    return ("millions", " M", 1e-6) if largest >= 5e6 else ("thousands", " k", 1e-3)


def _whisker(d: Difference, y: float, scale: float, colour: str) -> Whisker:
    assert d.mean is not None
    low, high = (None if v is None else v * scale for v in (d.low, d.high))
    return Whisker(y, d.mean * scale, low, high, colour, d.scenario, not d.told_apart)


def _ends(marks: list[Mark]) -> tuple[float, float]:
    """The ends of an axis that shows all whiskers, and nought, with some air."""
    values = [0.0]
    for mark in marks:
        if isinstance(mark, Whisker):
            values += [v for v in (mark.low, mark.mean, mark.high) if v is not None]
    low, high = min(values), max(values)
    air = 0.06 * ((high - low) or 1.0)
    return low - air, high + air


def _weeks(c: Comparison) -> Axis:
    return Axis("week", 0, max(c.weeks - 1, 1))


def _share() -> Axis:
    return Axis(PEOPLE, 0, 100, " %")


def _runs(c: Comparison) -> str:
    return words.counted(c.replicates, "plausible world" if c.worlds else "replicate") + (
        "" if c.worlds else " of one world"
    )


def _title(what: str, c: Comparison) -> str:
    return f"{what} ({c.organisation.name}, {c.organisation.headcount:,} people)"
