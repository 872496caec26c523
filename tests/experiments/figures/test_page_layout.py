"""Panels on a page: room between them for what stands there, and one below the other in a narrow window."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from experiments.figures import draw_html, html_page
from experiments.figures.colours import BLUE, GREEN, INK, ORANGE, RULE, VERMILLION
from experiments.figures.figure import Axis, Figure, Key, Panel
from experiments.figures.marks import Cells, Line, Note

NUMBERS = Axis("n", 0, 1)
NAMES = Axis("", 0, 1, places=((0.2, "a programme with a long name of forty letters"), (0.8, "b")))


def figure(right: Axis = NUMBERS, bars: bool = False, legend: int = 0) -> Figure:
    line = Line(np.arange(2.0), np.arange(2.0), "l", "#000000")
    marks = [(line,), (line,)]
    if bars:
        marks = [(Cells(np.arange(2.0), np.arange(2.0), np.eye(2), label, 0, 1),) for label in ("first", "second")]
    keys = tuple(Key(f"a key of some length {i}", "#000000") for i in range(legend))
    return Figure("f", "t", "n", tuple(Panel("p", NUMBERS, axis, m) for axis, m in zip((NUMBERS, right), marks,
                                                                                    strict=True)), 2, keys)  # fmt: skip


def gap(drawn) -> float:
    """Pixels between both panels on the widest page."""
    layout = drawn["layout"]
    across = draw_html.PAGE - layout["margin"]["l"] - layout["margin"]["r"]
    return (layout["xaxis2"]["domain"][0] - layout["xaxis"]["domain"][1]) * across


def test_names_and_colour_bars_have_room():
    plain, named, barred = (gap(draw_html.plotly(f)) for f in (figure(), figure(NAMES), figure(bars=True)))
    assert plain == pytest.approx(draw_html.GAP_X, abs=1)
    assert named >= plain + 200  # forty-five letters
    assert barred >= plain + draw_html.BAR


def test_names_at_the_ends_of_lines_have_room():
    plain = figure()
    note = Note(1.0, 0.5, "champions-1-in-25", "#000000")
    left, right = plain.panels
    named = replace(plain, panels=(replace(left, marks=(*left.marks, note)), right))
    assert gap(draw_html.plotly(named)) >= draw_html.GAP_X + len(note.text) * draw_html.LETTER - 1


def test_a_long_legend_stands_above_the_panels():
    few, many = (draw_html.plotly(figure(legend=n))["layout"] for n in (2, 20))
    assert few["margin"]["t"] == draw_html.TOP and many["margin"]["t"] >= 5 * draw_html.LEGEND
    taller = many["margin"]["t"] - few["margin"]["t"]
    assert many["height"] - few["height"] == taller  # the panels keep theirs


def test_narrow_windows_stack_the_panels_at_their_height():
    wide, narrow = draw_html.plotly(figure()), draw_html.plotly(draw_html.stacked(figure()))

    def tall(drawn, axis):
        layout = drawn["layout"]
        low, high = layout[axis]["domain"]
        return (high - low) * (layout["height"] - layout["margin"]["t"] - layout["margin"]["b"])

    layout = narrow["layout"]
    assert layout["xaxis"]["domain"] == layout["xaxis2"]["domain"] == [0, 1]
    assert layout["yaxis"]["domain"][0] > layout["yaxis2"]["domain"][1]
    for axis in ("yaxis", "yaxis2"):
        assert tall(narrow, axis) == pytest.approx(tall(wide, axis), abs=2)
    page = html_page.page([figure()], "t", [])
    assert f"innerWidth<{draw_html.NARROW}" in page


def test_in_narrow_windows_colour_bars_lie_beneath_their_panels_and_above_what_follows():
    wide, stacked = figure(bars=True), draw_html.stacked(figure(bars=True))
    layout = draw_html.plotly(stacked)["layout"]
    assert layout["margin"]["r"] < draw_html.plotly(wide)["layout"]["margin"]["r"]
    page = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
    upper, lower = (trace["colorbar"] for trace in draw_html.plotly(stacked)["data"])
    for bar, axis in ((upper, "yaxis"), (lower, "yaxis2")):
        below = (layout[axis]["domain"][0] - bar["y"]) * page
        assert bar["orientation"] == "h" and (bar["x"], bar["len"]) == (0, 1)
        assert below == pytest.approx(draw_html.AXIS, abs=1)
    ends = (layout["yaxis"]["domain"][0] - layout["yaxis2"]["domain"][1]) * page
    assert min(ends, layout["margin"]["b"]) >= draw_html.AXIS + draw_html.BELOW - 1


def test_a_dark_page_has_a_colour_for_all_that_is_drawn_for_a_light_one():
    """Nothing black on black: a dark page replaces ink, rules, grounds; the colours that mean something stay."""
    drawn = json.dumps(draw_html.plotly(figure(legend=3)))
    for shade in ("#000000", "white", INK, RULE):
        assert f'"{shade}"' in drawn and draw_html.DARK[shade] not in (shade, "white", "#000000")
    assert not set(draw_html.DARK) & {BLUE, ORANGE, GREEN, VERMILLION}


def test_a_page_offers_no_other_host():
    page = html_page.page([figure()], "t", [])
    assert '"showSendToCloud": false' in page and '"plotlyServerURL": ""' in page
