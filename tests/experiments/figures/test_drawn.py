"""Figures: the same description drawn twice, neither empty, the page whole in itself."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from itertools import pairwise

import matplotlib.image
import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.compare import compare
from experiments.figures import draw_html, draw_png, html_page
from experiments.figures.colours import style_of
from experiments.figures.comparison import gallery
from experiments.figures.figure import Axis, Figure, Panel
from experiments.figures.marks import Line, Note, Whisker, end_notes
from experiments.inputs import Source
from sim.scenario import load

PROGRAMMES = ("typical", "middling", "well-run", "big-bang", "hype", "go-play", "training-only", "mandate-only",
              "reward-speed")  # fmt: skip
NAMES = ("adoption", "cumulative-and-current", "logged-and-meaningful", "stages", "differences")


@pytest.fixture(scope="module")
def figures(small_comparison):
    return gallery(small_comparison)


def test_there_is_a_figure_for_each_question(figures):
    assert tuple(figure.name for figure in figures) == NAMES


@pytest.mark.parametrize("position", range(len(NAMES)), ids=NAMES)
def test_png_shows_something(figures, position):
    data = draw_png.png(figures[position])
    image = matplotlib.image.imread(io.BytesIO(data), format="png")[..., :3]
    height, width, _ = image.shape
    assert width > 1200 and height > 700
    coloured = np.ptp(image, axis=2) > 0.2
    assert coloured.mean() > 0.001
    for edge in (image[:4], image[-4:], image[:, :4], image[:, -4:]):  # nothing is cut off
        assert edge.min() > 0.95
    assert draw_png.png(figures[position]) == data


@pytest.mark.parametrize("position", range(len(NAMES)), ids=NAMES)
def test_plotly_accepts_the_description(figures, position):
    described = draw_html.plotly(figures[position])
    json.dumps(described, allow_nan=False)
    drawn = go.Figure(described)  # refuses names and values that plotly.js does not know
    assert sum(len(trace.x or ()) > 1 or trace.mode == "markers" for trace in drawn.data) >= 3


def test_axes_say_their_unit(figures):
    for figure in figures:
        for panel in figure.panels:
            assert panel.x.label and (panel.y.label or panel.y.places)


def test_every_figure_says_what_it_is_not(figures):
    assert all("not a forecast" in figure.note for figure in figures)


def test_page_loads_nothing_from_anywhere(figures):
    page = html_page.page(figures, 'A <title> & "more"', ["One sentence."])
    bare = re.sub(r"<script>.*?</script>", "", page, flags=re.S)
    assert "http" not in bare and "src=" not in page[:2000] and "<link" not in bare and "@import" not in bare
    assert not re.search(r"<script[^>]+src", page) and not re.search(r"<link[^>]+href", bare)
    assert "&lt;title&gt;" in bare
    assert page.count("Plotly.newPlot(") >= len(figures)
    assert all(f'id="{figure.name}"' in page for figure in figures)


def test_hostile_names_are_text(small_comparison):
    axis = Axis("x", 0, 1)
    line = Line(np.arange(2.0), np.arange(2.0), "</script><b>", "#000000")
    figure = Figure(
        "f", "</script>", "n", (Panel("<i>", axis, axis, (line, Note(0, 0, "<a href='x'>", "#000000"))),), 1
    )
    page = html_page.page([figure], "t", [])
    assert (
        page.count("</script>") == 2
        and "<i>" not in page
        and "<a href" not in re.sub(r"<script>.*?</script>", "", page, flags=re.S)
    )
    assert draw_png.png(figure)


def test_many_programmes_are_shown_side_by_side():
    organisation = Source(headcount=30).load()
    scenarios = [load(name) for name in PROGRAMMES]
    drawn = gallery(compare(scenarios, organisation, weeks=6, replicates=3))
    assert len(drawn[0].panels) == 8 and drawn[0].rows == 3
    rows = drawn[-1].panels[0].y.places
    assert [name for _, name in rows] == list(PROGRAMMES[1:]) and not drawn[-1].legend
    assert all(draw_png.png(figure) for figure in drawn)


def test_a_single_week_and_replicate_can_be_drawn():
    c = compare([load("typical"), load("hype")], Source(headcount=30).load(), weeks=1, replicates=1)
    for figure in gallery(c):
        assert draw_png.png(figure)
        json.dumps(draw_html.plotly(figure), allow_nan=False)


def test_a_single_week_is_seen():
    """A line of one point is a point, an area of one a sliver: in each figure of either kind."""
    c = compare([load("typical"), load("big-bang")], Source("meridian").load(), weeks=1, replicates=2)
    for figure in gallery(c)[:4]:
        drawn = [trace for trace in go.Figure(draw_html.plotly(figure)).data if trace.x and trace.x[0] is not None]
        for trace in drawn:
            assert trace.mode == "markers" if trace.fill is None and len(trace.x) == 1 else trace.x[-1] > trace.x[0]
        plain = draw_png.png(replace(figure, panels=tuple(replace(panel, marks=()) for panel in figure.panels)))
        assert draw_png.png(figure) != plain


def test_intervals_that_span_zero_are_hollow(small_comparison, figures):
    for panel in figures[-1].panels:
        for mark in panel.marks:
            if isinstance(mark, Whisker) and mark.low is not None:
                assert mark.hollow == (mark.low <= 0 <= mark.high)


def test_programmes_look_different():
    assert len({style_of(position) for position in range(21)}) == 21


@given(st.lists(st.floats(0, 100), min_size=1, max_size=10))
def test_names_at_the_ends_of_lines_do_not_cover_each_other(ends):
    lines = [Line(np.array([0.0, 1.0]), np.array([0.0, end]), str(i), "#000000") for i, end in enumerate(ends)]
    places = sorted(note.y for note in end_notes(lines, 0, 100))
    assert len(places) == len(ends)
    assert all(b - a >= 6.2 - 1e-6 for a, b in pairwise(places))
    assert places[-1] <= 100 + 1e-6
