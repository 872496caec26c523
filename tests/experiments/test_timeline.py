"""The calendar of a programme in words and bars, and the shape of an organisation."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest

from experiments.figures.marks import Bar
from experiments.figures.organisation import shape
from experiments.lever_words import described, spoken
from experiments.timeline import Row, calendar, once, ticks
from sim.passports import levers
from sim.programme import field_of, prepare
from sim.scenario import Track, library, load


def line(programme, label):
    """The row of the calendar that begins so."""
    return next(row for row in calendar(programme) if row.label.startswith(label))


@pytest.mark.parametrize("name", library())
def test_every_lever_that_is_used_has_its_weeks(small, name):
    """Bars cover exactly the weeks in which a weekly lever is not neutral; champions' from when there are any."""
    programme = prepare(load(name), small, 104)
    drawn = {row.label: row.spans for row in calendar(programme)}
    active = programme.value("champions.activation_week") if programme.value("champions.one_per") else 104
    for key, lever in levers().items():
        if lever.weekly:
            values = programme.tracks[field_of(key)]
            used = {int(week) for week in np.flatnonzero(np.abs(values - lever.neutral) > 1e-6)}
            used = {week for week in used if lever.family != "champions" or week >= active}
            spans = drawn.get(lever.name.replace("_", " "), ())
            assert {week for first, end, _ in spans for week in range(first, end)} == used, key


@pytest.mark.parametrize("name", library())
def test_no_two_lines_say_the_same_and_each_says_how_much(small, name):
    rows = list(calendar(prepare(load(name), small, 104)))
    assert len({(row.family, row.label) for row in rows}) == len(rows)
    assert all(row.amount and not row.amount.replace(".", "").isdigit() for row in rows), "a number has its unit"
    families = [row.family for row in rows]
    assert [each for each, _ in groupby(families)] == list(dict.fromkeys(families)), "a family stands together"


def test_what_leaders_take_with_them_ends(small, build):
    scenario = build({"leaders.withdraw_week": 30, "leaders.modelling": 0.8, "environment.clarity": 0.9})
    programme = prepare(scenario, small, 60)
    assert line(programme, "modelling").when == "weeks 0 to 30"
    assert line(programme, "clarity").when == "weeks 0 to 60"
    assert line(programme, "leaders turn").when == line(programme, "leaders turn").amount == "week 30"


@pytest.mark.parametrize(
    ("style", "spans"),
    [("big-bang", [(5, 60)]), ("fixed-waves", [(5, 15), (15, 25), (25, 60)]), ("evidence-gated", [(5, 45), (45, 60)])],
)
def test_access_opens_as_the_rollout_says(small, build, style, spans):
    levers = {"rollout.style": style, "rollout.waves": 3, "rollout.gap": 10, "rollout.deadline": 20,
              "rollout.start_week": 5}  # fmt: skip
    found = line(prepare(build(levers), small, 60), "access").spans
    assert [(first, end) for first, end, _ in found] == spans
    assert [share for _, _, share in found] == sorted(share for _, _, share in found)
    beyond = line(prepare(build(levers), small, 4), "access")
    assert beyond.spans == () and beyond.when == "later than these weeks" and beyond.outline(4) == []


def test_without_champions_their_time_is_no_use(small, build):
    levers = {"champions.time": 4.0, "champions.activation_week": 12}
    assert not any(row.family == "champions" for row in calendar(prepare(build(levers), small, 60)))
    asked = prepare(build({**levers, "champions.one_per": 20}), small, 60)
    assert line(asked, "champions begin").when == "week 12" and line(asked, "time").when == "weeks 12 to 60"


def test_a_lever_that_fades_gets_thinner(small, build):
    programme = prepare(build({"managers.inspection": Track(0.8, 4, 20, 10)}), small, 60)
    strengths = [strength for _, _, strength in line(programme, "inspection").spans]
    assert strengths == sorted(strengths, reverse=True) and len(strengths) == 11


def test_bars_apart_are_drawn_apart():
    """The outline goes around its bars, above and below the middle alike, and is flat between them."""
    outline = Row("leaders", "", "", ((0, 10, 1.0), (10, 20, 0.0), (30, 40, 1.0))).outline(40)
    upper, lower = outline[: len(outline) // 2], outline[len(outline) // 2 :]
    assert upper == [(0, 0.5), (0, 0), (0.25, 0), (0.25, 0.4), (0.5, 0.4), (0.5, 0.5), (0.75, 0.5), (0.75, 0), (1, 0)]
    assert [(x, 1 - y) for x, y in reversed(lower)] == upper


@pytest.mark.parametrize("weeks", [1, 26, 520, 1040])
def test_any_horizon_can_be_drawn(small, weeks):
    """A programme whose events lie beyond the horizon as well."""
    assert 2 <= len(ticks(weeks)) <= 6 and ticks(weeks)[-1] <= weeks
    for name in ("champions-late", "attention-withdrawn", "fixed-waves", "well-run"):
        rows = list(calendar(prepare(load(name), small, weeks)))
        assert len(rows) > 3
        assert all(0 <= first < end <= weeks for row in rows for first, end, _ in row.spans)
        assert all(0 <= share <= 1 for row in rows for place in row.outline(weeks) for share in place)


def test_words_have_units():
    assert spoken("rollout.gap", 1) == "1 week" and spoken("rollout.gap", 8) == "8 weeks"
    assert spoken("leaders.withdraw_week", 0) == "never" and spoken("leaders.withdraw_week", 30) == "week 30"
    assert described("champions.one_per", 25) == "champions: 1 per 25 employees"
    assert described("managers.resistant_share", 0.2) == "managers: resistant share 20 % of middle managers"
    assert described("champions.chosen", 2) == "champions: chosen central"
    assert described("champions.activation_week", 8) == "champions: activation week 8"
    assert described("leaders.withdraw_week", 0) == "leaders: withdraw week never"


def test_what_is_decided_once_is_told(small):
    told = once(prepare(load("well-run"), small, 104))
    assert "champions: chosen per-unit" in told and not any("inspection" in words for words in told)


def test_the_shape_counts_everyone(meridian):
    layers, spans = shape(meridian).panels
    assert sum(mark.high for mark in layers.marks if isinstance(mark, Bar)) == meridian.headcount
    leading = len(np.unique(meridian.manager[meridian.manager >= 0]))
    assert sum(mark.high for mark in spans.marks if isinstance(mark, Bar)) == leading
