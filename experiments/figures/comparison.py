"""Which figures a comparison is shown in, and what is in each."""

from __future__ import annotations

import numpy as np

from experiments import words
from experiments.compare import Comparison
from experiments.figures.colours import Dash, style_of
from experiments.figures.differences import differences
from experiments.figures.figure import Axis, Figure, Key, Panel, grid
from experiments.figures.marks import Band, Layer, Line, Mark, end_notes
from experiments.figures.styles import CHOSEN, LOGGED, PEOPLE, STAGES, TRIED

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
    note = f"Line: mean of {words.runs(c)}. Band: 5th to 95th percentile. {words.INSIGHT}"
    title = words.about("Who uses it, week by week", c)
    if len(c.names) <= MOST_TOGETHER:
        panels = tuple(_side_by_side(c, c.names, outcome, head) for outcome, head in HEADS)
        return Figure("adoption", title, note, panels, 2, width=14.0, height=6.4)
    panels = tuple(_side_by_side(c, [c.base, name], HEADS[0][0], name, named=False) for name in c.names[1:])
    columns, width, height = grid(len(panels))
    legend = (Key(c.base, style_of(0)[0]), Key("the programme named above", style_of(1)[0]))
    return Figure(
        "adoption", words.about("Habitual use, week by week", c), note, panels, columns, legend, width, height
    )


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
        TRIED,
        (CHOSEN[0], "active in a week", CHOSEN[2]),
    )


def logged(c: Comparison) -> Figure:
    """What a log counts against use by choice: compliance lies between."""
    return _two_lines(
        c,
        "logged-and-meaningful",
        "Logged, and used by choice",
        LOGGED,
        CHOSEN,
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
    note = f"Mean of {words.runs(c)}. {words.INSIGHT}"
    return Figure("stages", words.about("Where people stand", c), note, tuple(panels), columns, legend, width, height)


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
    note = f"Line: mean of {words.runs(c)}. Band: 5th to 95th percentile. {words.INSIGHT}"
    return Figure(name, words.about(title, c), note, tuple(panels), columns, legend, width, height)


def _weeks(c: Comparison) -> Axis:
    return Axis("week", 0, max(c.weeks - 1, 1))


def _share() -> Axis:
    return Axis(PEOPLE, 0, 100, " %")
