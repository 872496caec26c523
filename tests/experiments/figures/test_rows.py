"""Panels for a page: in one low row with short words, or one by itself with what belongs to it."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.figures.colours import BLACK, BLUE, ORANGE
from experiments.figures.draw_html import plotly
from experiments.figures.figure import Axis, Figure, Key, Panel
from experiments.figures.marks import Bar, Cells, Contour, Line, Note
from experiments.figures.rows import LETTERS, NAME, alone, in_a_row

X = np.array([0.0, 1.0])
LONG = "a programme with a name that nobody can say in one breath"


def _line(colour: str) -> Line:
    return Line(X, X, "line", colour)


def _figure(panels: int) -> Figure:
    each = Panel(LONG, Axis("x", 0, 1), Axis("y", 0, 1), (_line(BLUE), Note(1, 1, LONG, BLUE)))
    return Figure("some", "Some", "", (each,) * panels, 3)


@pytest.mark.parametrize("panels", [1, 2, 3, 4])
def test_a_row_holds_all_panels_with_words_that_fit(panels):
    row = in_a_row(_figure(panels))
    assert (row.columns, row.rows) == (panels, 1)
    for panel in row.panels:
        lines = panel.title.split("\n")
        assert len(lines) <= 2
        assert all(len(line) <= LETTERS // panels for line in lines)
        assert [len(mark.text) for mark in panel.marks if isinstance(mark, Note)] == [NAME]
    tops = {axis["domain"][1] for key, axis in plotly(row)["layout"].items() if key.startswith("yaxis")}
    assert tops == {1.0}


def test_a_panel_by_itself_has_the_names_of_its_row_and_only_its_own_keys():
    names = Axis("", -0.5, 0.5, places=((0.0, "lever"),))
    bare = Axis("", -0.5, 0.5, places=((0.0, ""),))
    left = Panel("left", Axis("x", 0, 1), names, (Bar(0, 0, 1, ORANGE, "bar"),))
    cells = Cells(X, X, np.eye(2), "share", 0, 1, contours=(Contour(0.5, "half", BLACK),))
    right = Panel("right", Axis("x", 0, 1), bare, (cells, _line(BLUE)))
    keys = (Key("bar", ORANGE, filled=True), Key("half", BLACK), Key("line", BLUE))
    found = alone(Figure("two", "Two", "", (left, right), 2, keys), 1)
    assert [panel.title for panel in found.panels] == ["right"]
    assert found.panels[0].y.places == names.places
    assert [key.label for key in found.legend] == ["half", "line"]
