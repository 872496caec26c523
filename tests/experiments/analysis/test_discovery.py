"""Scenario discovery: planted boxes, none where there is none, conditions read safely, limits in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.discovery import discover
from experiments.analysis.discovery_boxes import Limit, rounded
from experiments.analysis.discovery_report import report, sentence
from experiments.analysis.discovery_where import parse
from experiments.analysis.speaking import Speaker
from experiments.figures import draw_html, draw_png
from sim.passports import InputError, levers, parameters

COLUMNS = ["habitual@52", "habitual@104", "cost@104"]
DENSITIES = (0, 200, 100, 60, 40, 25)


def cube(rows: int = 600, seed: int = 3) -> pd.DataFrame:
    return pd.DataFrame(np.random.default_rng(seed).random((rows, 6)), columns=list("abcdef"))


@pytest.fixture(scope="module")
def planted():
    """Cases are where a > 0.6 and c < 0.45, but for one row in fifty."""
    table = cube()
    noise = np.random.default_rng(1).random(len(table)) < 0.02
    return discover(table, list(table), ((table.a > 0.6) & (table.c < 0.45)).to_numpy() ^ noise, resamples=6)


@pytest.fixture(scope="module")
def stalls():
    """Use stalls where more than 30 % of managers resist and there is less than one champion per 60, on a grid."""
    rows = [(per, share / 10) for per in DENSITIES for share in range(9) for _ in range(7)]
    table = pd.DataFrame(rows, columns=["champions.one_per", "managers.resistant_share"])
    few = table["champions.one_per"].isin([0, 200, 100])
    table["habitual@104"] = np.where(few & (table["managers.resistant_share"] > 0.35), 0.2, 0.6)
    where = parse("habitual < 0.4", ["habitual@104"])
    return where, discover(table, list(table)[:2], where.cases(table), resamples=6)


@pytest.mark.parametrize("method", ["boxes", "leaves"])
def test_a_planted_box_is_found_without_false_inputs(planted, method):
    (box,) = getattr(planted, method)
    assert {limit.name for limit in box.limits} == {"a", "c"}
    limits = {limit.name: limit for limit in box.limits}
    assert limits["a"].low == pytest.approx(0.6, abs=0.03) and limits["a"].high is None
    assert limits["c"].high == pytest.approx(0.45, abs=0.03) and limits["c"].low is None
    assert box.density > 0.9
    assert box.coverage > 0.85  # the noise plants cases elsewhere


@pytest.mark.parametrize("method", ["boxes", "leaves"])
def test_a_box_limited_from_both_sides(method):
    table = cube()
    found = discover(table, list(table), ((table.a > 0.3) & (table.a < 0.7) & (table.c < 0.45)).to_numpy(), resamples=4)
    box = getattr(found, method)[0]
    assert {limit.name for limit in box.limits} == {"a", "c"}
    assert box.coverage > 0.9 and box.density > 0.9


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_found_where_there_is_nothing(seed):
    table = cube(400, seed)
    found = discover(table, list(table), np.random.default_rng(seed + 50).random(400) < 0.3, resamples=4)
    assert found.boxes == () and found.leaves == ()
    assert any("no box" in note for note in found.notes)


def test_two_boxes_are_both_found():
    table = cube(900)
    either = ((table.a > 0.75) & (table.b > 0.5)) | ((table.a < 0.2) & (table.c > 0.5))
    found = discover(table, list(table), either.to_numpy(), resamples=4)
    assert len(found.boxes) == 2
    assert sum(box.coverage for box in found.boxes) > 0.9


def test_one_odd_world_does_not_end_the_search():
    """Sixty-four worlds; use stalls where x is low, and in one world where it is high."""
    x = np.random.default_rng(2).permutation(np.linspace(0, 1, 64))
    bad = (x < 0.33) | (x == np.sort(x)[-4])
    table = pd.DataFrame({"x": np.repeat(x, 20), "a": np.tile(np.arange(20) / 20, 64)})
    found = discover(table, ["x", "a"], np.repeat(bad, 20), clusters=[table["x"].to_numpy()], resamples=4)
    (limit,) = found.boxes[0].limits
    assert limit.name == "x" and limit.low is None and limit.high == pytest.approx(0.33, abs=0.05)


def test_what_is_said_is_what_is_counted(stalls):
    where, found = stalls
    (box,) = found.boxes
    inputs = found.inputs
    inside = (inputs["champions.one_per"] < 1000 / 60 - 1e-9) & (inputs["managers.resistant_share"] > 0.3)
    assert box.inside == int(inside.sum())
    assert box.coverage == box.density == 1
    said = sentence(box, where, found)
    assert said.startswith("habitual after 104 weeks is below 40 % when ")
    assert "more than 30 % of managers resist" in said
    assert "there is less than one champion per 60" in said
    assert "100 % of all such runs (coverage)" in said


def test_report_and_picture(stalls):
    where, found = stalls
    shown = report(found, where, "run", "Champions", "made up")
    assert shown.sentences[0].startswith("Habitual after 104 weeks is below 40 % when")
    assert "same limits" in " ".join(shown.sentences)
    assert set(shown.tables["limits"]["input"]) == {"champions.one_per", "managers.resistant_share"}
    (figure,) = shown.figures
    assert len(draw_png.png(figure)) > 20_000
    assert len(draw_html.plotly(figure)["data"]) >= 5


def test_never_is_later_than_any_week():
    column = pd.Series([0.0, 20.0, 52.0])
    ordered = Speaker("leaders.withdraw_week").ordered(column)
    assert ordered[0] > ordered[2] > ordered[1]
    assert "never turn elsewhere or only after week 52" in Speaker("leaders.withdraw_week").clause(52.0, None)
    table = pd.DataFrame({"leaders.withdraw_week": np.tile([0, 13, 26, 52, 78], 40)})
    cases = table["leaders.withdraw_week"].isin([13, 26]).to_numpy()
    (box,) = discover(table, list(table), cases, resamples=3).boxes
    assert [Speaker(limit.name).clause(limit.low, limit.high) for limit in box.limits] == [
        "leaders turn elsewhere in a week before 52"
    ]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("habitual < 0.4", "habitual after 104 weeks is below 40 %"),
        ("habitual<40%", "habitual after 104 weeks is below 40 %"),
        ("habitual@52 >= .5 and cost > 1e6", "habitual after 52 weeks is at least 50 % and cost after 104 weeks is "
         "above 1.0M"),
        ("cost <= -3", "cost after 104 weeks is at most −3"),
    ],
)  # fmt: skip
def test_conditions_are_read(text, meaning):
    assert str(parse(text, COLUMNS)) == meaning


@pytest.mark.parametrize(
    ("text", "needle"),
    [
        ("", "is empty"),
        ("habitual", "cannot read"),
        ("habitual < ", "cannot read"),
        ("habitual < low", "cannot read"),
        ("habitual == 0.4", "joined with and"),
        ("habitual < 0.4 or cost > 3", "joined with and"),
        ("habitual < 0.4 and", "cannot read"),
        ("habitual < 0.4; import os", "cannot read"),
        ("__import__('os').system('true') < 1", "cannot read"),
        ("habitul < 0.4", 'did you mean "habitual"'),
        ("habitual@7 < 0.4", "after week 52, 104"),
        ("lapsed < 0.4", "no outcome"),
    ],
)
def test_conditions_are_refused_in_words(text, needle):
    with pytest.raises(InputError) as error:
        parse(text, COLUMNS)
    assert needle in str(error.value)


def test_tables_that_can_tell_nothing_are_refused():
    table = cube(200)
    with pytest.raises(InputError, match="move its number"):
        discover(table, list(table), np.zeros(200, bool))
    with pytest.raises(InputError, match="do not fulfil"):
        discover(table, list(table), np.ones(200, bool))
    with pytest.raises(InputError, match="too few"):
        discover(table[:20], list(table), (table.a > 0.5).to_numpy()[:20])
    with pytest.raises(InputError, match="varies"):
        discover(table.assign(a=1.0), ["a"], (table.b > 0.5).to_numpy())


def test_every_lever_and_parameter_can_be_said():
    for key, lever in levers().items():
        speaker = Speaker(key)
        middle = (lever.low + lever.high) / 2
        for low, high in ((middle, None), (None, middle), (lever.low, lever.high)):
            assert len(speaker.clause(low, high)) > 8 and "{}" not in speaker.clause(low, high)
        assert speaker.label
    for key, passport in parameters().items():
        clause = Speaker(f"parameters.{key}").clause(passport.low, None)
        assert key.split(".")[0] in clause and "more than" in clause


def test_a_parameter_is_not_taken_for_the_lever_of_the_same_name():
    assert "weight of being asked" in Speaker("parameters.managers.inspection").clause(2.0, None)
    assert Speaker("managers.inspection").clause(0.5, None) == "inspection by managers is more than 0.5"


def test_limits_are_round_and_hold_the_same_rows_nearly():
    values = np.random.default_rng(1).random(500)
    assert rounded(Limit("x", 0.34871, None), values).low == 0.35
    assert rounded(Limit("x", None, 3e-4 * 0.61234), values * 3e-4).high == pytest.approx(1.8e-4, rel=0.03)
