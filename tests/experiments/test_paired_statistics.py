"""Statistics with known answers: percentiles, paired differences, ties, outcomes that are never reached."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special
from scipy.stats import binom

from experiments.paired import LEVEL, band, mean_interval, paired, share_half_width, spread, t_quantile

NEVER = np.nan


def test_spread_of_known_numbers():
    found = spread(np.arange(101, dtype=np.float32))
    assert (found.mean, found.low, found.high) == (50.0, 5.0, 95.0)


def test_spread_leaves_out_never():
    found = spread(np.array([10.0, NEVER, 20.0]))
    assert found.mean == 15.0 and found.low == 10.5 and found.high == 19.5


def test_spread_of_nothing_is_unknown():
    found = spread(np.array([NEVER, NEVER]))
    assert (found.mean, found.low, found.high) == (None, None, None)


def test_paired_difference_by_hand():
    """Differences 1, 2, 3: mean 2, standard deviation 1, t(2) = 4.302653."""
    found = paired(np.array([2.0, 4.0, 6.0]), np.array([1.0, 2.0, 3.0]), good=1)
    half = 4.302652729911275 / np.sqrt(3)
    assert found.mean == 2.0
    assert found.low == pytest.approx(2 - half) and found.high == pytest.approx(2 + half)
    assert found.share_better == 1.0


def test_pairing_removes_what_both_share():
    shared = np.random.default_rng(1).normal(0, 100, 64)
    found = paired(shared + 1, shared, good=1)
    assert found.mean == pytest.approx(1) and found.low == pytest.approx(1) and found.high == pytest.approx(1)


def test_ties_count_half():
    ours, base = np.array([1.0, 1.0, 2.0, 0.0]), np.ones(4)
    assert paired(ours, base, good=1).share_better == 0.5
    assert paired(base, base, good=1).share_better == 0.5
    assert paired(base, base, good=1).share_equal == paired(base, base, good=0).share_equal == 1.0


def test_less_is_better_where_declared():
    ours, base = np.array([1.0, 1.0, 5.0]), np.array([2.0, 2.0, 2.0])
    assert paired(ours, base, good=-1).share_better == pytest.approx(2 / 3)
    assert paired(ours, base, good=0).share_better is None


def test_paying_back_beats_never_paying_back():
    ours = np.array([50.0, NEVER, 40.0, NEVER])
    base = np.array([NEVER, 60.0, 45.0, NEVER])
    found = paired(ours, base, good=-1)
    assert found.share_better == (1 + 0 + 1 + 0.5) / 4
    assert found.mean == -5.0  # the only pair in which both did
    assert found.low is None and found.high is None


def test_no_pair_in_which_both_are_known():
    found = paired(np.array([NEVER, 1.0]), np.array([2.0, NEVER]), good=-1)
    assert (found.mean, found.low, found.high, found.share_better) == (None, None, None, 0.5)


def test_one_pair_has_no_interval():
    assert mean_interval(np.array([3.0])) == (3.0, None, None)


@pytest.mark.parametrize("freedom", [*range(1, 12), 63, 99, 100, 999, 1000, 1001, 5000, 99_999])
def test_student_t_agrees_with_scipy(freedom):
    assert t_quantile(freedom) == pytest.approx(special.stdtrit(freedom, 0.975), rel=1e-8)


def test_interval_covers_the_truth_as_often_as_it_says():
    draws = np.random.default_rng(3).normal(0.3, 2.0, (4000, 16))
    intervals = [mean_interval(row) for row in draws]
    covered = np.mean([low <= 0.3 <= high for _, low, high in intervals])
    assert 0.935 < covered < 0.965


finite = st.floats(-1e6, 1e6, allow_nan=False)


@given(st.lists(st.tuples(finite, finite), min_size=1, max_size=40))
def test_swapping_the_two_mirrors_everything(pairs):
    ours, base = np.array(pairs).T
    one, other = paired(ours, base, 1), paired(base, ours, 1)
    assert one.mean == pytest.approx(-other.mean)
    assert one.share_better + other.share_better == pytest.approx(1)
    if one.low is not None:
        assert one.low <= one.mean <= one.high
        assert one.low == pytest.approx(-other.high, rel=1e-9, abs=1e-6)


@given(st.integers(1, 6), st.integers(1, 9), st.booleans())
def test_band_agrees_with_spread_week_by_week(weeks, replicates, holes):
    curves = np.random.default_rng(weeks * 10 + replicates).normal(size=(weeks, replicates))
    if holes:
        curves[0] = NEVER
        curves[-1, 0] = NEVER
    mean, low, high = band(curves)
    for week in range(weeks):
        expected = spread(curves[week])
        for got, want in ((mean, expected.mean), (low, expected.low), (high, expected.high)):
            assert np.isnan(got[week]) if want is None else got[week] == pytest.approx(want)


@pytest.mark.parametrize(("share", "replicates"), [(0.5, 64), (0.5, 16), (0.3, 200)])
def test_the_interval_of_a_share_holds_95_in_100_draws(share, replicates):
    half = share_half_width(share, replicates)
    drawn = binom(replicates, share)
    low, high = (share + side * half for side in (-1, 1))
    held = drawn.cdf(np.floor(high * replicates)) - drawn.cdf(np.ceil(low * replicates) - 1)
    assert held == pytest.approx(LEVEL, abs=0.03)
