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


Mark = Line | Band | Layer | Whisker | Note


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


def grid(panels: int) -> tuple[int, float, float]:
    """Columns, width and height in inches for so many small panels."""
    columns = min(panels, 3)
    rows = -(-panels // columns)
    return columns, {1: 8.5, 2: 11.0, 3: 13.0}[columns], 1.9 + 3.7 * rows
