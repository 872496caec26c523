"""Figures for a page that shows one thing at a time: a panel by itself, or panels in one low row."""

from __future__ import annotations

import textwrap
from dataclasses import replace

from experiments.figures.draw_html import INCH, PAGE, named_as
from experiments.figures.figure import Figure
from experiments.figures.marks import Cells, Mark, Note

HEIGHT = 4.4
"""Inches of a row of panels."""
LETTERS, UPRIGHT, NAME = 66, 26, 13
"""Letters of all headings of a row together, of a line of an upright axis's words, and of a name at a line's end."""


def in_a_row(figure: Figure) -> Figure:
    """The same with its panels side by side, their words in short lines: for a window that is not high."""
    letters = LETTERS // len(figure.panels)
    panels = tuple(
        replace(
            panel,
            title="\n".join(textwrap.wrap(panel.title, letters, max_lines=2, placeholder=" …")),
            y=replace(panel.y, label="\n".join(textwrap.wrap(panel.y.label, UPRIGHT))),
            marks=tuple(_cut(mark) if isinstance(mark, Note) else mark for mark in panel.marks),
        )
        for panel in figure.panels
    )
    return replace(figure, panels=panels, columns=len(panels), width=PAGE / INCH, height=HEIGHT)


def alone(figure: Figure, place: int) -> Figure:
    """One panel of a figure by itself, with the names of its row and the keys of what is in it."""
    panel = named_as(figure.panels[place], figure.panels[place - place % figure.columns])
    colours = {colour for mark in panel.marks for colour in _colours(mark)}
    keys = tuple(key for key in figure.legend if key.colour in colours)
    return replace(figure, panels=(panel,), columns=1, legend=keys)


def _colours(mark: Mark) -> list[str]:
    return [contour.colour for contour in mark.contours] if isinstance(mark, Cells) else [mark.colour]


def _cut(note: Note) -> Note:
    """A name at the end of a line, as long as there is room for."""
    return note if len(note.text) <= NAME else replace(note, text=f"{note.text[: NAME - 1]}…")
