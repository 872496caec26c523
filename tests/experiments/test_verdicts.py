"""The words of a result: numbers, verdicts, trade-offs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments import outcomes, words
from experiments.compare import Difference, compare
from experiments.paired import spread
from sim.organisation import generate
from sim.scenario import load


def difference(mean, low, high, better, outcome="habitual", equal=0.0):
    return Difference("crawl-walk-run", "big-bang", outcome, mean, low, high, better, equal)


def test_a_clear_win():
    assert words.verdict(difference(0.14, 0.09, 0.19, 0.87)) == (
        "crawl-walk-run beats big-bang in 87 % of paired worlds: +14 points habitual, 95 % interval 9 to 19."
    )


def test_a_clear_loss():
    said = words.verdict(difference(-0.14, -0.19, -0.09, 0.13))
    assert said == (
        "crawl-walk-run falls behind big-bang in 87 % of paired worlds: −14 points habitual, 95 % interval −19 to −9."
    )


def test_less_of_what_is_bad_wins():
    assert " beats " in words.verdict(difference(-0.1, -0.2, -0.05, 0.9, "lapsed"))


@pytest.mark.parametrize("low, high", [(-0.02, 0.04), (0.0, 0.04), (-0.04, 0.0)])
def test_an_interval_that_spans_zero_cannot_tell(low, high):
    said = words.verdict(difference(0.01, low, high, 0.55))
    assert said.startswith("Cannot tell crawl-walk-run from big-bang") and "spans zero" in said


def test_the_same_twice_cannot_be_told_apart():
    assert "is the same in every pair" in words.verdict(difference(0.0, 0.0, 0.0, 0.5))


def test_one_replicate_gives_no_interval():
    assert "run more worlds" in words.verdict(difference(0.1, None, None, 1.0))
    assert "run more replicates" in words.verdict(difference(0.1, None, None, 1.0), worlds=False)


@pytest.mark.parametrize(
    "mean, low, said",
    [
        (0.14, 0.09, "crawl-walk-run beats big-bang: +14 points habitual, 95 % interval 9 to 19."),
        (
            0.1,
            -0.01,
            "Cannot tell crawl-walk-run from big-bang: +10 points habitual, 95 % interval −1 to 19 spans zero.",
        ),
    ],
)
def test_where_most_pairs_are_equal_no_share_is_told(mean, low, said):
    """Equal pairs count half: the share would be near three quarters where the first is better in half of them."""
    mostly, half = (difference(mean, low, 0.19, 0.7, equal=equal) for equal in (0.55, 0.5))
    assert words.often(mostly) is None and words.verdict(mostly) == said
    assert words.often(half) == 0.7 and "in 70 % of paired worlds" in words.verdict(half)


def test_no_percentiles_of_a_yes_or_no():
    paid = spread(np.array([0.0, 1.0, 1.0]))
    assert paid.low is not None and words.interval(paid, outcomes.PAID_BACK) == ""
    assert words.interval(paid, outcomes.ALL["habitual"]) == "10 to 100"
    assert words.interval(difference(0.2, 0.1, 0.3, 0.6, "paid_back"), outcomes.PAID_BACK) == "10 to 30"


def test_one_run_has_no_range():
    people = generate(30)
    one, two = (compare([load("typical")], people, weeks=2, replicates=count) for count in (1, 2))
    assert "one" not in words.reached(two) and "nine in ten" in words.reached(two)
    assert words.reached(one).endswith(", in 1 plausible world.")


def test_runs_of_one_world_are_not_called_worlds():
    assert "paired runs" in words.verdict(difference(0.14, 0.09, 0.19, 0.87), worlds=False)


def test_trade_offs_name_both_sides():
    said = words.trade_offs(
        [difference(0.3, 0.2, 0.4, 0.9, "trust"), difference(2e5, 1e5, 3e5, 0.0, "cost"),
         difference(0.1, -0.1, 0.3, 0.6, "satisfaction")]
    )  # fmt: skip
    assert said == "Also better: trust +0.30; worse: cost +200k."
    assert words.trade_offs([]) == ""


@pytest.mark.parametrize(
    "value, text",
    [(0.0, "0 %"), (-0.0, "0 %"), (0.0004, "0 %"), (0.054, "5.4 %"), (0.49, "49 %"), (1.0, "100 %"), (None, "unknown")],
)
def test_shares_as_people_write_them(value, text):
    assert words.number(value, outcomes.ALL["habitual"]) == text


def test_other_units():
    assert words.number(1_888_635, outcomes.ALL["cost"]) == "1.9M"
    assert words.number(-480_109, outcomes.ALL["cost"], signed=True) == "−480k"
    assert words.number(None, outcomes.ALL["payback_week"]) == "never"
    assert words.number(61.4, outcomes.ALL["payback_week"]) == "61"
    assert words.number(-0.001, outcomes.ALL["trust"]) == "0.00"


def test_an_outcome_is_said_with_its_weeks_and_what_it_is_a_share_of():
    assert words.after("capacity_gain", 1) == "capacity gain after 1 week"
    said = [words.unit(outcomes.ALL[name]) for name in ("habitual", "sinking", "paid_back", "cost")]
    assert said == ["% of all people", "% of managers", "% of replicates", "money"]


def test_nothing_has_no_sign():
    assert words.number(0.3, outcomes.ALL["payback_week"], signed=True) == "0"
    assert words.number(0.00001, outcomes.ALL["habitual"], signed=True) == "0 %"


def test_only_all_is_100_percent():
    assert [words.percent(x) for x in (0, 0.001, 0.5, 0.999, 1)] == ["0 %", "under 1 %", "50 %", "over 99 %", "100 %"]


@given(st.sampled_from(sorted(outcomes.ALL)), st.floats(-1e12, 1e12), st.booleans())
def test_any_number_can_be_said(outcome, value, signed):
    said = words.number(value, outcomes.ALL[outcome], signed=signed)
    assert said and "nan" not in said and "-" not in said
