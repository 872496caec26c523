"""What a panel can hold: lines, bands, layers, intervals, words, heat maps, bars, points and boxes. Shares are in per
cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.figures.colours import BLACK, Dash, Scale


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


SLIVER = 0.2
"""Width of an area of a single point, in units of its axis."""


def area(mark: Band | Layer) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places, lower and upper edge of an area, float [points]; of a single point a sliver, that it be seen."""
    if len(mark.x) != 1:
        return mark.x, mark.low, mark.high
    return np.append(mark.x, mark.x + SLIVER), np.repeat(mark.low, 2), np.repeat(mark.high, 2)


Mark = Line | Band | Layer | Whisker | Note | Cells | Bar | Dots | Box


def edges(centres: np.ndarray) -> np.ndarray:
    """Where cells around rising ``centres`` [cells] begin and end: [cells + 1], half-way between neighbours."""
    if len(centres) < 2:
        return np.array([centres[0] - 0.5, centres[0] + 0.5])
    middle = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - middle[0]], middle, [2 * centres[-1] - middle[-1]]])


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
