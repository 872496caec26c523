"""A figure as a neutral description: panels with axes and marks, and a legend. The one home of what a figure shows.

``draw_png`` and ``draw_html`` each draw a ``Figure`` as it stands, so that a file, the web app and a report look alike.
"""

from __future__ import annotations

from dataclasses import dataclass

from experiments.figures.colours import Dash
from experiments.figures.marks import Cells, Mark


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

    ``name`` is a file's stem. ``width`` and ``height`` in inches, of which type is 11 to 16 points. ``narrow``: for a
    window that has no room beside a panel, so that colour bars lie beneath.
    """

    name: str
    title: str
    note: str
    panels: tuple[Panel, ...]
    columns: int
    legend: tuple[Key, ...] = ()
    width: float = 11.0
    height: float = 6.2
    narrow: bool = False

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


def grid(panels: int, most: int = 3) -> tuple[int, float, float]:
    """Columns (``most`` of them, up to 3), width and height in inches for so many small panels."""
    columns = min(panels, most)
    rows = -(-panels // columns)
    return columns, {1: 8.5, 2: 11.0, 3: 13.0}[columns], 1.9 + 3.7 * rows
