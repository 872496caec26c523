"""Figures as neutral descriptions: panels, lines, bands, labels, colours. The one home of what a figure shows.

``draw_png`` and ``draw_html`` each draw a ``Figure`` as it stands, so that a file, the web app and a report look alike.
Shares are in per cent. Colours are those of Okabe & Ito (2008, "Color Universal Design"), which the colour-blind tell
apart too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY, PALE = "#A6A6A6", "#E3E3E3"
PROGRAMMES = (BLACK, BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
"""The base first. Yellow is left out: a thin line of it cannot be seen on white."""

Dash = Literal["solid", "dash", "dot"]
DASHES: tuple[Dash, ...] = ("solid", "dash", "dot")

Scale = Literal["rising", "around"]
SCALES: dict[Scale, tuple[str, ...]] = {
    "rising": ("#440154", "#482878", "#3E4A89", "#31688E", "#26828E", "#1F9E89", "#35B779", "#6DCD59", "#B4DE2C",
               "#FDE725"),
    "around": ("#7F3B08", "#B35806", "#E08214", "#FDB863", "#FEE0B6", "#F7F7F7", "#D8DAEB", "#B2ABD2", "#8073AC",
               "#542788", "#2D004B"),
}  # fmt: skip
"""Colours of heat maps from the lowest value to the highest. Rising: viridis (Smith & van der Walt 2015), dark to light
in even steps for every eye and in grey print. Around: brown, white, purple (PuOr; Brewer 2003), for values on two sides
of the middle of the scale, such as differences around nought."""


@dataclass(frozen=True, eq=False)
class Line:
    """A curve; ``x`` and ``y`` float [points], NaN leaves a gap."""

    x: np.ndarray
    y: np.ndarray
    label: str
    colour: str
    dash: Dash = "solid"


@dataclass(frozen=True, eq=False)
class Band:
    """What lies between ``low`` and ``high``, shaded."""

    x: np.ndarray
    low: np.ndarray
    high: np.ndarray
    colour: str
    label: str


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer from ``low`` to ``high`` of a stack, filled whole."""

    x: np.ndarray
    low: np.ndarray
    high: np.ndarray
    colour: str
    label: str


@dataclass(frozen=True)
class Whisker:
    """A mean at height ``y`` with its interval; no line where there is none. Hollow where it spans zero."""

    y: float
    mean: float
    low: float | None
    high: float | None
    colour: str
    label: str
    hollow: bool


@dataclass(frozen=True)
class Note:
    """Words at a place in a panel: left-aligned just after ``x``, centred on ``y``."""

    x: float
    y: float
    text: str
    colour: str


@dataclass(frozen=True)
class Contour:
    """The line along which the cells' values pass ``level``: a boundary, drawn between the centres of cells."""

    level: float
    label: str
    colour: str = BLACK
    dash: Dash = "solid"


@dataclass(frozen=True, eq=False)
class Cells:
    """A heat map: ``values`` float [rows, columns] in colours of ``scale`` from ``low`` to ``high``; NaN stays white.

    ``x`` float [columns] and ``y`` float [rows] are the centres of the cells, each rising, on the panel's axes (uneven
    steps: place them 0, 1, 2 ... and name them by ``Axis.places``); every cell reaches half-way to the next, so let the
    axes' ends be ``edges(x)`` and ``edges(y)``. ``label`` says what is shown, with its unit, on the colour bar, where
    ``suffix`` follows each number. Panels of one scale and label share one bar. ``contours`` mark boundaries.
    """

    x: np.ndarray
    y: np.ndarray
    values: np.ndarray
    label: str
    low: float
    high: float
    suffix: str = ""
    scale: Scale = "rising"
    contours: tuple[Contour, ...] = ()

    @property
    def bar(self) -> tuple[str, float, float, str, Scale]:
        """What two heat maps must have in common to share a colour bar."""
        return self.label, self.low, self.high, self.suffix, self.scale


@dataclass(frozen=True)
class Bar:
    """A horizontal bar from ``low`` to ``high`` centred on height ``y``, ``thick`` high in units of the axis."""

    y: float
    low: float
    high: float
    colour: str
    label: str
    thick: float = 0.36


@dataclass(frozen=True, eq=False)
class Dots:
    """Points at ``x``, ``y``, float [points]; hollow ones show as rings."""

    x: np.ndarray
    y: np.ndarray
    colour: str
    label: str
    hollow: bool = False


@dataclass(frozen=True)
class Box:
    """A rectangle with a strong edge and a pale fill."""

    left: float
    right: float
    bottom: float
    top: float
    colour: str
    label: str


Mark = Line | Band | Layer | Whisker | Note | Cells | Bar | Dots | Box


@dataclass(frozen=True)
class Axis:
    """An axis: label with unit, ends, what follows each number, or names at given places instead of numbers."""

    label: str
    low: float
    high: float
    suffix: str = ""
    places: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True)
class Panel:
    """A plot: its axes and marks, in the order they are drawn. ``zero`` draws a vertical line at nought."""

    title: str
    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    zero: bool = False


@dataclass(frozen=True)
class Key:
    """An entry of the legend."""

    label: str
    colour: str
    dash: Dash = "solid"
    filled: bool = False


@dataclass(frozen=True)
class Figure:
    """A figure: panels row by row in ``columns``, a legend (empty where lines carry their own names), a note below.

    ``name`` is a file's stem. ``width`` and ``height`` in inches, of which type is 11 to 16 points.
    """

    name: str
    title: str
    note: str
    panels: tuple[Panel, ...]
    columns: int
    legend: tuple[Key, ...] = ()
    width: float = 11.0
    height: float = 6.2

    @property
    def rows(self) -> int:
        return -(-len(self.panels) // self.columns)

    def names_y(self, position: int) -> bool:
        """Whether the panel names its upright axis: the first of a row does, and those with another one."""
        first = self.panels[position - position % self.columns]
        return position % self.columns == 0 or self.panels[position].y.label != first.y.label

    @property
    def shared_bar(self) -> Cells | None:
        """The heat map whose colour bar serves the whole figure, if all of them would have the same one."""
        maps = [mark for panel in self.panels for mark in panel.marks if isinstance(mark, Cells)]
        return maps[0] if maps and len({cells.bar for cells in maps}) == 1 else None


def edges(centres: np.ndarray) -> np.ndarray:
    """Where cells around rising ``centres`` [cells] begin and end: [cells + 1], half-way between neighbours."""
    if len(centres) < 2:
        return np.array([centres[0] - 0.5, centres[0] + 0.5])
    middle = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - middle[0]], middle, [2 * centres[-1] - middle[-1]]])


def style_of(position: int) -> tuple[str, Dash]:
    """Colour and dash of the programme at a position: colours first, then the same ones dashed."""
    return PROGRAMMES[position % len(PROGRAMMES)], DASHES[position // len(PROGRAMMES) % len(DASHES)]


def end_notes(lines: Sequence[Line], low: float, high: float, *, apart: float = 0.062) -> list[Note]:
    """A name at the end of each line, moved up or down until none covers another (``apart`` of the axis between)."""
    gap = apart * (high - low)
    order = sorted((line for line in lines if np.isfinite(line.y[-1])), key=lambda line: float(line.y[-1]))
    places = [float(line.y[-1]) for line in order]
    for i in range(1, len(places)):  # push up from the bottom
        places[i] = max(places[i], places[i - 1] + gap)
    ceiling = high
    for i in range(len(places) - 1, -1, -1):  # and back down from the top
        places[i] = ceiling = min(places[i], ceiling)
        ceiling -= gap
    return [Note(float(line.x[-1]), place, line.label, line.colour) for line, place in zip(order, places, strict=True)]


def grid(panels: int, most: int = 3) -> tuple[int, float, float]:
    """Columns (``most`` of them, up to 3), width and height in inches for so many small panels."""
    columns = min(panels, most)
    rows = -(-panels // columns)
    return columns, {1: 8.5, 2: 11.0, 3: 13.0}[columns], 1.9 + 3.7 * rows
