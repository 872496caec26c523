"""A comparison and its JSON document."""

from __future__ import annotations

import json

import numpy as np
import pytest

from experiments import outcomes
from experiments.compare import compare
from experiments.document import as_json, document
from experiments.inputs import Source
from experiments.paired import paired
from sim.passports import InputError
from sim.scenario import load, override

NAMED = ("habitual", "weekly_active", "logged_active", "lapsed", "rejected", "trust", "capacity_gain", "satisfaction",
         "cost", "payback_week", "paid_back")  # fmt: skip


@pytest.fixture(scope="module")
def told(small_comparison):
    return json.loads(as_json(document(small_comparison)))


def test_document_says_what_was_run(told):
    assert (told["people"], told["weeks"], told["replicates"], told["seed"]) == (60, 30, 8, 1)
    assert told["version"] and list(told["scenarios"]) == ["typical", "middling", "well-run"]


def test_every_outcome_has_an_end_and_a_curve(told):
    for scenario in told["scenarios"].values():
        assert set(NAMED) <= set(scenario["outcomes"]) == set(scenario["curves"])
        for outcome, end in scenario["outcomes"].items():
            assert set(end) == {"mean", "low", "high"}
            curve = scenario["curves"][outcome]
            assert set(curve) == {"week", "mean", "low", "high"}
            assert curve["week"] == list(range(30))
            assert {len(values) for values in curve.values()} == {30}
            assert end == {key: curve[key][-1] for key in ("mean", "low", "high")}


def test_shares_are_fractions(told):
    for scenario in told["scenarios"].values():
        for outcome in ("habitual", "weekly_active", "logged_active", "lapsed", "rejected", "paid_back"):
            for values in (scenario["curves"][outcome]["mean"], scenario["curves"][outcome]["high"]):
                assert all(0 <= v <= 1 for v in values)


def test_differences_hold_every_other_programme_against_the_base(told):
    found = {(d["scenario"], d["against"], d["outcome"]) for d in told["differences"]}
    assert found == {(name, "typical", o) for name in ("middling", "well-run") for o in outcomes.ALL}
    for d in told["differences"]:
        assert set(d) == {"scenario", "against", "outcome", "mean", "low", "high", "share_better", "share_equal"}
        assert 0 <= d["share_equal"] <= 1
        assert d["share_better"] is None or 0 <= d["share_better"] <= 1
        assert (d["share_better"] is None) == (outcomes.ALL[d["outcome"]].good == 0)


def test_differences_are_of_the_replicates(small_comparison):
    c = small_comparison
    d = c.difference("well-run", "habitual")
    expected = paired(c.finals("well-run", "habitual"), c.finals("typical", "habitual"), 1)
    assert (d.mean, d.low, d.high, d.share_better) == (
        expected.mean, expected.low, expected.high, expected.share_better)  # fmt: skip


def test_what_never_pays_back_is_null(told):
    """Thirty weeks are too few for any programme to pay for itself."""
    for scenario in told["scenarios"].values():
        if scenario["outcomes"]["paid_back"]["mean"] == 0:
            assert scenario["outcomes"]["payback_week"] == {"mean": None, "low": None, "high": None}
    assert any(s["outcomes"]["payback_week"]["mean"] is None for s in told["scenarios"].values())


def test_json_refuses_what_is_not_a_number():
    with pytest.raises(ValueError):
        as_json({"mean": float("nan")})


def test_paid_back_rises_in_the_week_of_payback():
    from sim.tallies import SERIES, Series

    series = np.zeros((5, SERIES, 2), np.float32)
    series[:, Series.COST] = 1
    series[2, Series.VALUE, 0] = 10
    assert outcomes.PAID_BACK.curve(series).T.tolist() == [[0, 0, 1, 1, 1], [0, 0, 0, 0, 0]]


def test_a_programme_against_itself_is_a_tie():
    organisation = Source(headcount=30).load()
    c = compare([load("typical"), load("typical")], organisation, weeks=8, replicates=4)
    assert c.names == ["typical", "typical (2)"]
    d = c.difference("typical (2)", "habitual")
    assert (d.mean, d.low, d.high, d.share_better) == (0.0, 0.0, 0.0, 0.5)


def test_threads_and_lanes_change_nothing():
    from sim.sizing import Settings

    organisation = Source(headcount=30).load()
    runs = [
        compare([load("middling")], organisation, weeks=8, replicates=6, settings=Settings(threads=t, lanes=lanes))
        for t, lanes in ((1, 64), (2, 4))
    ]
    assert as_json(document(runs[0])) == as_json(document(runs[1]))


def test_overrides_act():
    organisation = Source(headcount=60).load()
    plain = load("middling")
    c = compare([plain, override(plain, "levers.leaders.mandate=1")], organisation, weeks=12, replicates=8)
    assert c.difference("middling (2)", "logged_active").mean > 0


@pytest.mark.parametrize(
    "wrong", [{"weeks": 0}, {"weeks": 1041}, {"replicates": 0}, {"replicates": -3}, {"seed": -1}, {"rule": "expert"}]
)
def test_numbers_out_of_range_are_refused(wrong):
    with pytest.raises(InputError):
        compare([load("typical")], Source(headcount=30).load(), **{"weeks": 4, "replicates": 2, **wrong})


def test_nothing_to_compare_is_refused():
    with pytest.raises(InputError, match="at least one scenario"):
        compare([], Source(headcount=30).load())
