"""Heat maps, bars, dots and boxes: the same in a file and in a browser."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from experiments.figures import draw_html, draw_png
from experiments.figures.colours import BLUE, SCALES
from experiments.figures.figure import Axis, Figure, Panel
from experiments.figures.marks import Bar, Box, Cells, Contour, Dots, edges

X, Y = np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0])
VALUES = np.array([[0.0, 50.0, 100.0], [20.0, np.nan, 80.0]])


def cells(**changes) -> Cells:
    return replace(
        Cells(X, Y, VALUES, "habitual, share of people", 0, 100, " %", contours=(Contour(40, "40"),)), **changes
    )


def figure(*marks) -> Figure:
    panels = tuple(Panel("p", Axis("x", -1, 4), Axis("y", -1, 2), (mark,)) for mark in marks)
    return Figure("f", "title", "note", panels, len(panels))


def test_edges_lie_between_centres():
    assert edges(X).tolist() == [-0.5, 0.5, 2.0, 4.0]
    assert edges(np.array([7.0])).tolist() == [6.5, 7.5]


def test_a_heat_map_in_a_browser():
    drawn = draw_html.plotly(figure(cells()))
    json.dumps(drawn, allow_nan=False)
    heat = next(trace for trace in drawn["data"] if trace["type"] == "heatmap")
    assert heat["z"][1] == [20.0, None, 80.0] and len(heat["x"]) == 4
    assert (heat["zmin"], heat["zmax"], heat["colorbar"]["title"]["text"]) == (0, 100, "habitual, share of people")
    assert [t["contours"]["start"] for t in drawn["data"] if t["type"] == "contour"] == [40, 40]


@pytest.mark.parametrize(("other", "bars"), [(cells(), 1), (cells(label="cost"), 2)])
def test_equal_scales_share_a_bar(other, bars):
    drawn = draw_html.plotly(figure(cells(), other))
    assert sum(t.get("showscale", False) for t in drawn["data"]) == bars
    assert len(draw_png.png(figure(cells(), other))) > 10_000


def test_the_rising_scale_rises_in_lightness():
    """Told apart without any colour: relative luminance rises with the value."""
    channels = [[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in SCALES["rising"]]
    light = [0.2126 * r**2.2 + 0.7152 * g**2.2 + 0.0722 * b**2.2 for r, g, b in channels]
    assert light == sorted(light)


@pytest.mark.parametrize(
    "mark",
    [Bar(0, 0, 1, BLUE, "b"), Dots(X, X, BLUE, "d"), Box(0, 1, 0, 1, BLUE, "x"), cells(contours=(Contour(500, ""),))],
)
def test_each_mark_is_drawn(mark):
    assert len(draw_html.plotly(figure(mark))["data"]) >= 1
    empty = draw_png.png(Figure("f", "title", "note", (Panel("p", Axis("x", -1, 4), Axis("y", -1, 2), ()),), 1))
    assert draw_png.png(figure(mark)) != empty
