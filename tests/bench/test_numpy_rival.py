"""The rules in plain numpy give what the compiled engine gives: the benchmark compares like with like."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from sim.engine import run
from sim.mechanisms import MECHANISMS
from sim.organisation import Organisation
from sim.programme import Programme, prepare
from sim.scenario import load
from sim.tallies import Series

WEEKS = 60


def beside(name: str) -> ModuleType:
    """A module that lies beside this file."""
    spec = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


rival, table = beside("numpy_rival"), beside("table")


def programme_of(name: str, organisation: Organisation) -> Programme:
    """A scenario of the library, or the benchmark's programme with everything on."""
    wanted = table.everything_on() if name == "everything" else (name, [])
    return prepare(load(*wanted), organisation, WEEKS)


def share_alike(organisation: Organisation, programme: Programme, replicates: int, seed: int) -> float:
    """Share of replicates in which no figure of any week differs by 1/10,000 of the largest of its kind.

    Rounding differs in the last digits; now and then it decides a draw, and that replicate goes its own way.
    """
    engine = run(organisation, [programme], replicates, seed)[0].series
    numpy = rival.simulate(organisation, programme, replicates, seed, draws="engine")
    largest = np.maximum(np.abs(engine).max(axis=(0, 2), keepdims=True), 1e-6)
    return float((np.abs(engine - numpy) < 1e-4 * largest).all(axis=(0, 1)).mean())


@pytest.mark.parametrize(
    "name",
    ["everything", "typical", "managers-30-resistant", "champions-one-department", "crawl-walk-run", "mandate-only"],
)
def test_with_the_engines_draws_it_is_the_engine(small: Organisation, seed: int, name: str) -> None:
    assert share_alike(small, programme_of(name, small), 64, seed) >= 0.9


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_mechanisms_switch_off_alike(small: Organisation, seed: int, mechanism: str) -> None:
    scenario = replace(load(*table.everything_on()), mechanisms_off=(mechanism,))
    assert share_alike(small, prepare(scenario, small, WEEKS), 16, seed) >= 0.8


def test_with_its_own_draws_it_agrees_within_chance(small: Organisation, seed: int) -> None:
    """Same worlds, same people, other luck: mean differences within four standard errors, at several weeks."""
    programme = programme_of("everything", small)
    engine = run(small, [programme], 256, seed)[0].series
    difference = rival.simulate(small, programme, 256, seed).astype(float) - engine
    mean, error = difference.mean(axis=2), difference.std(axis=2, ddof=1) / np.sqrt(difference.shape[2])
    for week in (5, 15, 30, 45, 59):
        far = np.abs(mean[week]) > 4 * error[week] + 1e-5 * np.abs(engine[week]).max(axis=1)
        assert not far.any(), [(week, int(k), mean[week, k], error[week, k]) for k in np.flatnonzero(far)]


def test_it_is_repeatable_and_keeps_the_books(small: Organisation, seed: int) -> None:
    """The same seed gives the same series; stages add up to everyone; a batch is cut at 64 replicates."""
    programme = programme_of("everything", small)
    first, again = (rival.simulate(small, programme, 70, seed) for _ in range(2))
    assert first.shape == (WEEKS, max(Series) + 1, 70) and np.array_equal(first, again)
    assert np.allclose(first[:, : Series.ACTIVE].sum(axis=1), 1, atol=1e-5)
