"""A tipping map drawn: the map with its boundary and the points where worlds split, and a cut through it."""

from __future__ import annotations

import numpy as np

from experiments import words
from experiments.analysis.flips import FEW, HALF, MOST, SARLE, histogram
from experiments.analysis.scales import Scale
from experiments.analysis.tipping import Tipping
from experiments.analysis.tipping_words import held_at, lever_label, success, title
from experiments.figures.colours import BLACK, PURPLE, VERMILLION
from experiments.figures.figure import Axis, Figure, Key, Panel
from experiments.figures.marks import Cells, Contour, Dots, Line, edges

BINS = 12


def figure(t: Tipping) -> Figure:
    """The map with the boundary, its width and the points where worlds split; beside it a cut through one row."""
    columns, rows = np.arange(len(t.x.values), dtype=float), np.arange(len(t.y.values), dtype=float)
    contours = (
        Contour(FEW, "10 % of worlds", BLACK, "dot"),
        Contour(HALF, "half of the worlds: the boundary", BLACK),
        Contour(MOST, "90 % of worlds", BLACK, "dash"),
    )
    scaled = tuple(Contour(c.level * 100, c.label, c.colour, c.dash) for c in contours)
    cells = Cells(columns, rows, t.shares * 100, "share of worlds that succeed", 0, 100, " %", contours=scaled)
    up, across = np.nonzero(t.split)
    marks = (cells, Dots(across.astype(float), up.astype(float), VERMILLION, "worlds split in two camps"))
    x_axis, y_axis = _axis(t.x, columns), _axis(t.y, rows)
    the_map = Panel(f"Success: {success(t)}", x_axis, y_axis, marks)
    legend = (
        Key(contours[0].label, BLACK, "dot"),
        Key(contours[1].label, BLACK),
        Key(contours[2].label, BLACK, "dash"),
        Key("worlds in two camps", VERMILLION, filled=True),
        Key("level of success", PURPLE),
    )
    of_map, of_cut = notes(t)
    note = f"Left: {of_map} Right: {of_cut} {words.INSIGHT}"
    name = f"{title(t)} ({t.runs.setting.headcount:,} people)"
    return Figure("tipping", name, note, (the_map, _cut(t, columns, x_axis)), 2, legend, 16.5, 7.6)


def notes(t: Tipping) -> tuple[str, str]:
    """What is to be said of the map, and of the cut through it."""
    what = "worlds" if t.runs.setting.worlds else "replicates"
    return (
        f"each cell is {t.replicates:,} {what}, the same in every cell. "
        f"Dots: {what} fall into two camps, high or low, with few between (bimodal: Sarle's coefficient above "
        f"{SARLE:.2f}, the middle third of the range at most half as full as either outer one).",
        f"the row where {held_at(t.y, t.transect)}, each column the distribution over worlds, not its mean.",
    )


def _cut(t: Tipping, columns: np.ndarray, x_axis: Axis) -> Panel:
    """Distribution of the outcome over worlds along the lever, in the row that is looked at closer."""
    low, high = t.ends
    if high <= low:
        high = low + 1.0
    shares = histogram(t.values[t.transect], low, high, BINS) * 100
    factor, suffix = (100.0, " %") if t.outcome.is_share else (1.0, "")
    step = (high - low) / BINS
    centres = (low + step * (np.arange(BINS) + 0.5)) * factor
    top = max(20.0, float(np.ceil(shares.max() / 10) * 10))
    cells = Cells(columns, centres, shares, "share of worlds in each step of the outcome", 0, top, " %")
    ends = edges(columns)
    level = Line(np.array([ends[0], ends[-1]]), np.full(2, t.success * factor), "level of success", PURPLE)
    label = words.label(t.outcome.name) + (f", {t.outcome.unit}" if not suffix else " at the end")
    axis = Axis(label, low * factor, high * factor, suffix)
    return Panel(f"All worlds where {held_at(t.y, t.transect)}", x_axis, axis, (cells, level))


def _axis(scale: Scale, centres: np.ndarray) -> Axis:
    ends = edges(centres)
    every = max(1, -(-len(centres) // 11))
    # 1 per 60 as 60: the axis's label says per what
    names = [scale.spoken(value).removeprefix("1 per ") for value in scale.values]
    places = tuple((float(c), name) for c, name in zip(centres, names, strict=True))[::every]
    unit = scale.lever.unit.removesuffix(" (0: none)")
    return Axis(f"{lever_label(scale)} ({unit})", float(ends[0]), float(ends[-1]), places=places)
