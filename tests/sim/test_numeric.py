"""Elementary functions against references in double precision, over the domains the rules use them on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import special, stats

from sim import numeric
from sim.compiled import single


def evaluate(function: Callable, *arguments: object) -> np.ndarray:
    """The rule for each row of its broadcast arguments, given and returned in single precision, as float64."""
    rows = np.broadcast_arrays(*[np.asarray(a, np.float32) for a in arguments])
    results = [function(*row) for row in zip(*(r.ravel() for r in rows), strict=True)]
    assert all(type(r) is float or isinstance(r, np.floating) for r in results[:1])
    return np.array(results, np.float64)


def test_exp_is_exact_to_three_in_ten_million() -> None:
    x = np.linspace(-87, 87, 20_001).astype(np.float32)
    assert np.max(np.abs(evaluate(numeric.exp, x) / np.exp(x.astype(float)) - 1)) < 3e-7
    assert evaluate(numeric.exp, 0.0)[0] == 1.0


def test_exp_stays_finite_and_positive_beyond_its_domain() -> None:
    beyond = evaluate(numeric.exp, [-1e30, -1e4, -88, 88, 1e4, 1e30])
    assert np.all(np.isfinite(beyond)) and np.all(beyond > 0)
    assert beyond[0] == beyond[2] and beyond[3] == beyond[5]


def test_log_is_exact_near_one_and_far_from_it() -> None:
    near = np.linspace(0.5, 2, 10_001).astype(np.float32)
    assert np.max(np.abs(evaluate(numeric.log, near) - np.log(near.astype(float)))) < 3e-7
    far = np.exp(np.linspace(-86, 87, 10_001)).astype(np.float32)
    exact = np.log(far.astype(float))
    assert np.max(np.abs(evaluate(numeric.log, far) - exact) / np.maximum(np.abs(exact), 1)) < 3e-7
    assert evaluate(numeric.log, 1.0)[0] == 0.0


def test_log_undoes_exp() -> None:
    x = np.linspace(-80, 80, 2_001)
    assert np.allclose(evaluate(numeric.log, evaluate(numeric.exp, x)), x, rtol=1e-6, atol=1e-6)


def test_logistic_agrees_with_scipy_and_saturates() -> None:
    x = np.linspace(-60, 60, 10_001).astype(np.float32)
    assert np.allclose(evaluate(numeric.logistic, x), special.expit(x.astype(float)), rtol=1e-6, atol=0)
    assert evaluate(numeric.logistic, [0.0, 1e30, -1e30]) == pytest.approx([0.5, 1.0, 0.0], abs=1e-30)


def test_hill_rises_from_none_to_all_through_one_half() -> None:
    x = np.linspace(-1, 20, 2_001).astype(np.float32)
    for half in (0.05, 0.25, 0.5, 0.95):
        got = evaluate(numeric.hill, x, half)
        positive = np.maximum(x.astype(float), 0) ** 3
        assert np.allclose(got, positive / (positive + np.float32(half).astype(float) ** 3), atol=1e-6)
        assert np.all(np.diff(got) >= -1e-7) and got[0] == 0 and np.all(got <= 1)
        assert evaluate(numeric.hill, half, half)[0] == pytest.approx(0.5, abs=1e-6)
    assert evaluate(numeric.hill, 0.0, 0.0)[0] == 0


def test_clip_holds_between_its_bounds() -> None:
    x = np.linspace(-3, 3, 301).astype(np.float32)
    assert np.array_equal(evaluate(numeric.clip, x, -1.0, 2.0), np.clip(x, -1, 2).astype(float))


def test_normal_quantile_agrees_with_scipy_over_every_place_a_draw_can_take() -> None:
    u = np.concatenate([[1, 2, 3, 50, 1000], np.arange(4096, 2**24, 797), 2**24 - np.arange(1, 50)]) / 2.0**24
    got = evaluate(numeric.normal_quantile, u)
    assert np.max(np.abs(got - special.ndtri(u))) < 5e-6
    assert evaluate(numeric.normal_quantile, 0.5)[0] == 0
    lowest = evaluate(numeric.normal_quantile, 0.0)[0]
    assert np.isfinite(lowest) and lowest <= got.min()


def test_normal_quantile_is_symmetric() -> None:
    u = np.arange(1, 2**23, 50_021) / 2.0**24
    assert np.allclose(evaluate(numeric.normal_quantile, u), -evaluate(numeric.normal_quantile, 1 - u), atol=2e-6)


MIDPOINTS = (np.arange(20_000) + 0.5) / 20_000


@pytest.mark.parametrize("mean", [1, 1.25, 1.5, 2, 3, 4.5, 7, 10, 18, 30, 45, 60])
def test_poisson_counts_have_the_mean_and_variance_of_poisson(mean: float) -> None:
    """Both within 2 %."""
    counts = evaluate(numeric.poisson_quantile, MIDPOINTS, mean)
    assert np.array_equal(counts, np.round(counts)) and counts.min() >= 0
    assert counts.mean() == pytest.approx(mean, rel=0.02)
    assert counts.var() == pytest.approx(mean, rel=0.02)


@pytest.mark.parametrize("mean", [0.5, 0.6, 0.75, 1, 1.5, 2, 3, 5, 8, 20, 60])
def test_the_chance_of_no_action_is_that_of_poisson(mean: float) -> None:
    """Within 0.02, from a mean of one half."""
    counts = evaluate(numeric.poisson_quantile, MIDPOINTS, mean)
    assert np.mean(counts == 0) == pytest.approx(stats.poisson.pmf(0, mean), abs=0.02)


@pytest.mark.parametrize("mean", [0.0, 1e-6, 0.01, 0.05, 0.2, 500.0])
def test_poisson_counts_stay_whole_finite_and_ordered_at_any_mean(mean: float) -> None:
    counts = evaluate(numeric.poisson_quantile, np.concatenate([[0, 2**-24], MIDPOINTS[::50], [1 - 2**-24]]), mean)
    assert np.all(np.isfinite(counts)) and np.array_equal(counts, np.round(counts)) and counts.min() >= 0
    assert np.all(np.diff(counts[len(counts) // 2 :]) >= 0)


def test_single_turns_float_literals_alone_into_single_precision() -> None:
    def written(x):  # type: ignore[no-untyped-def]
        return x * 0.1 + 2, "word"

    value, word = single(written)(np.float32(3))
    assert value.dtype == np.float32 and word == "word"
    assert value == np.float32(3) * np.float32(0.1) + np.float32(2)
