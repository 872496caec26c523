"""The rival is a fair one: it follows the engine's rules, all of them.

Both start from the same people in the same worlds and draw the rest apart, so that they agree over replicates.
"""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from sim.engine import run
from sim.measures import curves
from sim.mechanisms import MECHANISMS
from sim.organisation import Organisation, generate
from sim.programme import Programme, prepare
from sim.scenario import load

SEED, HEADCOUNT, WEEKS = 1, 120, 60
LOOKED_AT = (12, 26, 40, 59)
PEOPLE = ("habitual", "weekly_active", "trust", "skill", "satisfaction")
OUTCOMES = (*PEOPLE, "logged_active", "rejected", "licensed", "capacity_gain", "attention", "support",
            "governance", "library", "fluency", "perception_gap")  # fmt: skip
ROUNDING = 1e-5
"""The engine counts in single precision."""
LEAST_ERROR = 0.002
"""A dozen replicates may happen to lie close together."""


def bench_module(name: str) -> ModuleType:
    """A module of this folder, which is no package."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
        assert spec is not None and spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


everything_on = bench_module("table").everything_on
run_rival = bench_module("mesa_rival").run_rival


@cache
def organisation() -> Organisation:
    return generate(HEADCOUNT, seed=1)


def programme(*changes: str) -> Programme:
    """Every mechanism on, but for what is changed."""
    name, overrides = everything_on()
    return prepare(load(name, [*overrides, *changes]), organisation(), WEEKS)


def by_engine(chosen: Programme, replicates: int) -> np.ndarray:
    """Outcomes at the weeks looked at: [outcomes, weeks, replicates]."""
    ensemble = run(organisation(), [chosen], replicates, seed=SEED, worlds=True)[0]
    return np.stack([curves(ensemble, name)[list(LOOKED_AT)] for name in OUTCOMES])


def by_rival(chosen: Programme, replicates: int) -> np.ndarray:
    """The same of the rival."""
    runs = [run_rival(organisation(), chosen, SEED, replicate) for replicate in range(replicates)]
    return np.array([[[made[name][week] for made in runs] for week in LOOKED_AT] for name in OUTCOMES])


def standard_error(differences: np.ndarray) -> np.ndarray:
    """Of the mean over replicates."""
    return differences.std(axis=-1, ddof=1) / np.sqrt(differences.shape[-1])


@cache
def both(replicates: int) -> tuple[np.ndarray, np.ndarray]:
    chosen = programme()
    return by_engine(chosen, replicates), by_rival(chosen, replicates)


def test_agrees_with_engine_over_replicates() -> None:
    """Means differ by less than four standard errors, which are small."""
    engine, rival = both(48)
    differences = rival - engine
    error = standard_error(differences)
    apart = np.abs(differences.mean(axis=-1)) - 4 * error - ROUNDING
    assert error.max() < 0.012
    assert np.median(error) < 0.003
    assert (apart < 0).all(), [
        f"{OUTCOMES[o]} in week {LOOKED_AT[w]}: {rival[o, w].mean():.4f}, engine {engine[o, w].mean():.4f}"
        for o, w in np.argwhere(apart >= 0)
    ]


@pytest.mark.parametrize(
    "change", [*(f"mechanisms.{name}=off" for name in MECHANISMS), "levers.circumstances.turnover=0.6"]
)
def test_every_mechanism_matters_as_in_engine(change: str) -> None:
    """Of what becomes of people, what moves most moves far beyond chance, and about as far as in the engine."""
    few = 12
    engine, rival = (made[..., :few] for made in both(48))
    chosen = programme(change)
    by_rule = by_rival(chosen, few) - rival
    by_compiled = by_engine(chosen, few) - engine
    certainty = np.abs(by_rule.mean(axis=-1)) / (standard_error(by_rule) + LEAST_ERROR)
    o, w = np.unravel_index(certainty[: len(PEOPLE)].argmax(), certainty[: len(PEOPLE)].shape)
    assert certainty[o, w] > 5
    assert by_rule[o, w].mean() == pytest.approx(by_compiled[o, w].mean(), rel=0.25)
