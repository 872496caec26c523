"""The calendar of a programme, and the shape of an organisation, as figures."""

from __future__ import annotations

import numpy as np
import pytest

from experiments import draw_png
from experiments.draw_html import plotly
from experiments.figures import Bar, Note
from experiments.lever_words import described, spoken
from experiments.organisation_pictures import shape
from experiments.timeline import once, timeline
from sim.passports import levers
from sim.programme import field_of, prepare
from sim.scenario import Track, library, load


def bars(figure, label):
    return [mark for mark in figure.panels[0].marks if isinstance(mark, Bar) and mark.label.startswith(label)]


@pytest.mark.parametrize("name", library())
def test_every_lever_that_is_used_has_its_weeks(small, name):
    """Bars cover exactly the weeks in which a weekly lever is not neutral; champions' from when they are active."""
    programme = prepare(load(name), small, 104)
    figure = timeline(programme)
    active = programme.value("champions.activation_week") if programme.value("champions.one_per") else 0
    for key, lever in levers().items():
        if lever.weekly:
            values = programme.tracks[field_of(key)]
            used = {int(week) for week in np.flatnonzero(np.abs(values - lever.neutral) > 1e-6)}
            used = {week for week in used if lever.family != "champions" or week >= active}
            found = bars(figure, f"{lever.name.replace('_', ' ')} ")
            drawn = {week for bar in found for week in range(int(bar.low), int(bar.high))}
            assert drawn == used, key


def test_what_leaders_take_with_them_ends(small, build):
    scenario = build({"leaders.withdraw_week": 30, "leaders.modelling": 0.8, "environment.clarity": 0.9})
    figure = timeline(prepare(scenario, small, 60))
    assert bars(figure, "modelling")[-1].high == 30
    assert bars(figure, "clarity")[-1].high == 60
    assert bars(figure, "leaders turn")[0].low == 30


@pytest.mark.parametrize(
    ("style", "spans"),
    [("big-bang", [(5, 60)]), ("fixed-waves", [(5, 15), (15, 25), (25, 60)]), ("evidence-gated", [(5, 45), (45, 60)])],
)
def test_access_opens_as_the_rollout_says(small, build, style, spans):
    levers = {"rollout.style": style, "rollout.waves": 3, "rollout.gap": 10, "rollout.deadline": 20,
              "rollout.start_week": 5}  # fmt: skip
    found = bars(timeline(prepare(build(levers), small, 60)), "access")
    assert [(bar.low, bar.high) for bar in found] == spans
    assert [bar.thick for bar in found] == sorted(bar.thick for bar in found)


def test_a_lever_that_fades_gets_thinner(small, build):
    scenario = build({"managers.inspection": Track(0.8, 4, 20, 10)})
    thick = [bar.thick for bar in bars(timeline(prepare(scenario, small, 60)), "inspection")]
    assert thick == sorted(thick, reverse=True) and len(thick) == 11


@pytest.mark.parametrize("weeks", [1, 26, 520])
def test_any_horizon_can_be_drawn(small, weeks):
    """A programme whose events lie beyond the horizon as well, in both of the drawers."""
    for name in ("champions-late", "attention-withdrawn", "fixed-waves", "well-run"):
        figure = timeline(prepare(load(name), small, weeks))
        assert all(0 <= mark.low <= mark.high <= weeks for mark in figure.panels[0].marks if isinstance(mark, Bar))
        assert all(0 <= mark.x <= weeks for mark in figure.panels[0].marks if isinstance(mark, Note))
        assert len(plotly(figure)["data"]) > 3
    assert draw_png.png(figure).startswith(b"\x89PNG")


def test_words_have_units():
    assert spoken("rollout.gap", 1) == "1 week" and spoken("rollout.gap", 8) == "8 weeks"
    assert spoken("leaders.withdraw_week", 0) == "never" and spoken("leaders.withdraw_week", 30) == "week 30"
    assert described("champions.one_per", 25) == "champions: 1 per 25 employees"
    assert described("managers.resistant_share", 0.2) == "managers: resistant share 20 % of middle managers"
    assert described("champions.chosen", 2) == "champions: chosen central"


def test_what_is_decided_once_is_told(small):
    told = once(prepare(load("well-run"), small, 104))
    assert "champions: chosen per-unit" in told and not any("inspection" in words for words in told)


def test_the_shape_counts_everyone(meridian):
    layers, spans = shape(meridian).panels
    assert sum(mark.high for mark in layers.marks if isinstance(mark, Bar)) == meridian.headcount
    leading = len(np.unique(meridian.manager[meridian.manager >= 0]))
    assert sum(mark.high for mark in spans.marks if isinstance(mark, Bar)) == leading
