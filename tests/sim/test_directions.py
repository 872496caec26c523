"""Every lever moves what its passport names, and every scenario moves what it names against its parent.

Paired differences over drawn worlds at week 104, on the shipped roster; an interval that excludes zero.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
import pytest

from sim.engine import run
from sim.measures import final
from sim.organisation import read_organisation
from sim.passports import levers
from sim.programme import prepare
from sim.scenario import library, load

REPLICATES, WEEKS = 256, 104
CHILDREN = [name for name in library() if load(name).extends]


@cache
def organisation():
    orgs = files("scenarios").joinpath("orgs")
    return read_organisation(str(orgs / "meridian.csv"), ties_path=str(orgs / "meridian_ties.csv"))


@cache
def ensemble(name: str, *overrides: str):
    return run(organisation(), [prepare(load(name, overrides), organisation(), WEEKS)], REPLICATES, seed=1)[0]


def interval(high, low, outcome: str) -> tuple[float, float]:
    """95 % interval of the mean paired difference."""
    difference = final(high, outcome) - final(low, outcome)
    half = 1.97 * difference.std(ddof=1) / np.sqrt(len(difference))
    return difference.mean() - half, difference.mean() + half


def excludes_zero(bounds: tuple[float, float]) -> bool:
    return bounds[0] > 0 or bounds[1] < 0


@pytest.mark.parametrize("key", levers())
def test_a_lever_moves_its_outcome(key):
    lever = levers()[key]
    given = [f"levers.{other}={value}" for other, value in lever.given.items()]
    low, high = (ensemble("middling", *given, f"levers.{key}={value}") for value in lever.contrast)
    assert excludes_zero(interval(high, low, lever.moves)), interval(high, low, lever.moves)


@pytest.mark.parametrize("name", CHILDREN)
def test_a_scenario_moves_its_outcome(name):
    scenario = load(name)
    bounds = interval(ensemble(name), ensemble(scenario.extends), scenario.moves)
    assert excludes_zero(bounds), bounds


@pytest.mark.parametrize(
    ("better", "worse", "outcome"),
    [
        ("crawl-walk-run", "big-bang", "habitual"),
        ("tasks-not-tools", "tools-not-tasks", "habitual"),
        ("champions-1-in-10", "champions-1-in-100", "habitual"),
        ("champions-1-in-25", "champions-late", "habitual"),
        ("managers-0-resistant", "managers-60-resistant", "habitual"),
        ("find-and-engage-resistance", "managers-60-resistant", "habitual"),
        ("managers-inspect", "middling", "habitual"),
        ("leaders-hands-on", "leaders-briefed", "fluency"),
        ("reward-quality", "reward-speed", "habitual"),
        ("middling", "go-play", "habitual"),
        ("attention-kept", "attention-withdrawn", "habitual"),
        ("citizen-builders", "middling", "library"),
    ],
)
def test_expected_direction(better, worse, outcome):
    assert interval(ensemble(better), ensemble(worse), outcome)[0] > 0
