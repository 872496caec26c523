"""Generated organisations: the shape of real spans at every headcount, the same people from the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.organisation import OrganisationError, Role, generate
from sim.organisation.spans import draw_spans, quantile
from sim.organisation.tree import spans


@settings(max_examples=150, deadline=None)
@given(st.integers(10, 1500), st.integers(-(2**70), 2**70), st.floats(3, 40))
def test_any_headcount_gives_one_whole_tree(headcount: int, seed: int, mean_span: float) -> None:
    people = generate(headcount, seed, mean_span=mean_span)
    assert people.headcount == headcount
    assert len(set(people.ids)) == headcount
    assert len(people.roots) == 1
    assert np.all(np.diff(people.unit) >= 0)
    assert set(np.unique(people.unit)) == set(range(people.n_units))
    below = people.manager >= 0
    assert np.all(people.level[below] == people.level[people.manager[below]] + 1)
    assert {Role.EXECUTIVE, Role.MIDDLE_MANAGER, Role.REP} == set(people.role.tolist())
    ties = people.ties
    assert np.all(ties.egos != ties.neighbours)
    assert np.all(ties.weights > 0)
    for person in range(min(headcount, 50)):
        assert np.all(np.diff(ties.neighbours[ties.offsets[person] : ties.offsets[person + 1]]) > 0)


@pytest.mark.parametrize("headcount", [300, 3_000, 30_000])
@pytest.mark.parametrize("seed", [1, 2])
def test_spans_are_skewed_as_in_real_firms(headcount: int, seed: int) -> None:
    span = spans(generate(headcount, seed).manager)
    span = span[span > 0]
    loose = 0.04 if headcount < 1000 else 0.01
    assert 5 <= np.median(span) <= 6
    assert 11 <= span.mean() <= 12
    assert np.mean(span < 5) == pytest.approx(0.37, abs=loose)
    assert np.mean(span >= 25) == pytest.approx(0.13, abs=loose)


def test_span_quantiles_rise_from_one() -> None:
    drawn = quantile(np.linspace(0, 1, 1000, endpoint=False))
    assert drawn[0] == 1
    assert np.all(np.diff(drawn) >= 0)


@settings(max_examples=300, deadline=None)
@given(st.integers(10, 5000), st.integers(0, 100), st.floats(3, 40))
def test_spans_fill_the_headcount(headcount: int, seed: int, mean_span: float) -> None:
    drawn = draw_spans(headcount, seed, mean_span)
    assert drawn.sum() == headcount - 1
    assert drawn.min() >= 1


# Known once and for all: a change here changes every stored result that began with a generated organisation.
FINGERPRINTS = {
    (10, 1): "161977076e3411ba",
    (300, 1): "0b3319c2aa2b7f6e",
    (300, 2): "fcc35069ac769b38",
    (5000, 1): "bc2d54ede3e9ddcf",
}


@pytest.mark.parametrize(("headcount", "seed"), list(FINGERPRINTS))
def test_the_same_everywhere(headcount: int, seed: int) -> None:
    assert generate(headcount, seed).fingerprint == FINGERPRINTS[headcount, seed]


def test_seeds_differ() -> None:
    assert len({generate(200, seed).fingerprint for seed in range(20)}) == 20


@pytest.mark.parametrize("headcount", [9, 0, -5, 1_000_001, 10.5, float("nan"), True, "many"])
def test_headcounts_out_of_range_are_refused(headcount: object) -> None:
    with pytest.raises(OrganisationError, match="10 to 1,000,000"):
        generate(headcount)  # type: ignore[arg-type]


def test_other_options_out_of_range_are_refused() -> None:
    with pytest.raises(OrganisationError, match="mean span"):
        generate(100, mean_span=1)
    with pytest.raises(OrganisationError, match="seed"):
        generate(100, 1.5)  # type: ignore[arg-type]
    for units in (0, [], ["a", "a"], [""]):
        with pytest.raises(OrganisationError, match="units"):
            generate(100, units=units)


def test_units_by_number_and_by_name() -> None:
    assert generate(2000, units=7).n_units == 7
    assert generate(2000, units=["Alpha", "Beta", "Gamma"]).unit_names == ("Alpha", "Beta", "Gamma")
    assert generate(10_000).n_units == 200  # more than there are names: numbered
    sizes = np.bincount(generate(10_000).unit)
    assert sizes.min() >= 5
    assert sizes.max() < 200


def test_a_large_one_is_as_the_small_ones() -> None:
    people = generate(200_000)
    assert 11 < people.ties.count / people.headcount < 13
    assert people.level.max() <= 9
    assert np.mean(people.role == Role.REP) == pytest.approx(0.915, abs=0.01)
