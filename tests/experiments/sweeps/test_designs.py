"""Designs: grids are products, samples are balanced, and all are the same every time."""

from __future__ import annotations

import itertools
import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.sweeps import design
from experiments.sweeps.study import SIZED, Factor, Place, Study

COUNTS = st.integers(1, 300)


def study(factors, **changes):
    return Study("T", "", ("typical",), (Place("here"),), tuple(factors), **changes)


@given(st.lists(st.lists(st.integers(0, 99), min_size=1, max_size=4, unique=True), max_size=4))
def test_a_grid_is_the_product_of_its_levels(values):
    made = study([Factor(f"f{n}", tuple(map(float, v))) for n, v in enumerate(values)])
    rows = list(design.rows(made))
    assert rows == list(itertools.product(*(tuple(map(float, v)) for v in values)))
    assert len(rows) == design.size(made) == math.prod(map(len, values))


@given(st.floats(-100, 100), st.floats(0, 100), st.integers(1, 40), st.booleans())
def test_levels_run_from_low_to_high(low, width, steps, whole):
    low, high = (round(low), round(low) + round(width)) if whole else (low, low + width)
    found = design.levels(Factor("f", low=low, high=high, steps=steps, whole=whole))
    assert found == sorted(set(found)) and 1 <= len(found) <= steps
    assert math.isclose(found[0], low, rel_tol=1e-9, abs_tol=1e-9)
    assert steps == 1 or math.isclose(found[-1], high, rel_tol=1e-9, abs_tol=1e-9)
    assert not whole or all(v == int(v) for v in found)


@given(COUNTS, st.integers(1, 5), st.integers(0, 2**63 - 1))
@settings(max_examples=60)
def test_a_latin_hypercube_has_one_point_in_every_stratum(count, width, seed):
    points = np.array(list(design.latin_hypercube(count, width, seed)))
    assert points.shape == (count, width)
    for column in points.T:
        assert sorted(np.floor(column * count + 1e-9).astype(int)) == list(range(count))


@given(st.integers(0, 8), st.integers(1, 6), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_sobol_is_balanced_at_powers_of_two(power, width, seed):
    """Every factor has one point in each of 2^k equal intervals (Sobol 1967: a (t, m, s)-net, scrambled or not)."""
    count = 2**power
    made = study([Factor(f"f{n}") for n in range(width)], design="sobol", points=count, seeds=(seed,))
    points = np.array(list(design.rows(made)))
    for column in points.T:
        assert sorted(np.floor(column * count).astype(int)) == list(range(count))


def test_sobol_beats_chance_in_two_dimensions():
    made = study([Factor("a"), Factor("b")], design="sobol", points=1024)
    points = np.array(list(design.rows(made)))
    cells = np.histogram2d(*points.T, bins=32, range=[(0, 1), (0, 1)])[0]
    assert (cells == 1).all()


@given(COUNTS, st.integers(1, 7), st.sampled_from(["latin-hypercube", "sobol"]))
@settings(max_examples=40, deadline=None)
def test_samples_give_each_value_its_share(count, levels, kind):
    made = study([Factor("f", tuple(map(str, range(levels)))), Factor("w", low=1, high=levels, whole=True)],
                 design=kind, points=count)  # fmt: skip
    rows = list(design.rows(made))
    assert len(rows) == count == design.size(made)
    counts = np.array([sum(row[0] == str(n) for row in rows) for n in range(levels)])
    slack = 2 if kind == "latin-hypercube" else 4  # strata at either end; Sobol is balanced at powers of two
    assert (np.abs(counts - count / levels) <= slack).all()
    assert {row[1] for row in rows} <= set(map(float, range(1, levels + 1)))


MIXED = [Factor("a"), Factor("held", (0.5,)), Factor("b", ("x", "y", "z")), Factor("flat", low=2, high=2),
         Factor("w", low=1, high=9, whole=True)]  # fmt: skip
"""Three factors that vary, and two that do not."""


@given(st.integers(2, 20), st.integers(0, 2**63 - 1))
@settings(max_examples=30, deadline=None)
def test_a_trajectory_moves_every_factor_once(trajectories, seed):
    """Morris 1991: one factor at a time, each by two thirds of its range (of four levels)."""
    made = study(MIXED, design="morris", trajectories=trajectories, seeds=(seed,))
    points = np.array(list(design.shares(made)))
    assert points.shape == (trajectories * 4, 5) and design.size(made) == len(points)
    assert set(np.round(points[:, [0, 2, 4]] * 3, 9).ravel()) <= {0.0, 1.0, 2.0, 3.0}
    for steps in np.diff(points.reshape(trajectories, 4, 5), axis=1):
        assert sorted(steps.nonzero()[1]) == [0, 2, 4] and sorted(steps.nonzero()[0]) == [0, 1, 2]
        assert np.allclose(np.abs(steps[steps != 0]), 2 / 3)


@given(st.integers(8, 40), st.integers(0, 2**63 - 1))
@settings(max_examples=30, deadline=None)
def test_a_crossing_takes_each_factor_of_the_other_half(base, seed):
    """Saltelli et al. 2010: A, then A with factor i from B, then B."""
    made = study(MIXED, design="saltelli", base=base, seeds=(seed,))
    points = np.array(list(design.shares(made)))
    assert points.shape == (base * 5, 5) == (design.size(made), 5)
    for a, *mixed, b in points.reshape(base, 5, 5):
        for column, row in zip((0, 2, 4), mixed, strict=True):
            assert row[column] == b[column] and np.array_equal(np.delete(row, column), np.delete(a, column))


def test_the_halves_of_saltelli_are_even_and_independent():
    made = study([Factor("a"), Factor("b")], design="saltelli", base=512)
    points = np.array(list(design.shares(made))).reshape(512, 4, 2)
    both = np.column_stack([points[:, 0], points[:, -1]])
    for column in both.T:
        assert sorted(np.floor(column * 512).astype(int)) == list(range(512))
    assert (np.abs(np.corrcoef(both.T) - np.eye(4)) < 0.1).all()


def test_values_at_either_end_of_a_range_are_in_it():
    made = study(MIXED, design="morris", trajectories=40)
    rows = list(design.rows(made))
    assert {row[1:2] + row[3:4] for row in rows} == {(0.5, 2.0)}
    assert {row[2] for row in rows} == {"x", "y", "z"} and {row[4] for row in rows} == {1.0, 4.0, 7.0, 9.0}
    assert {row[0] for row in rows} >= {0.0, 1.0}


def test_designs_are_the_same_every_time_and_differ_by_seed():
    for kind in SIZED:
        factors = [Factor("a"), Factor("b", low=-5, high=5)]
        made = [
            list(design.rows(study(factors, design=kind, points=5000, trajectories=1000, base=1024, seeds=(s,))))
            for s in (1, 1, 2)
        ]
        assert made[0] == made[1] != made[2]
        assert len(made[0]) == {"morris": 3000, "saltelli": 4096}.get(kind, 5000)


def test_blocks_cross_scenarios_organisations_and_seeds():
    made = Study("T", "", ("a", "b"), (Place("x"), Place("y")), (Factor("f", (1.0, 2.0)),), seeds=(1, 2))
    assert design.total(made) == 16 and len(list(design.blocks(made))) == 8
