"""Runs that are remembered are those that would be found anew, to the last bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from experiments.app import locks, runs
from experiments.app.background import said
from experiments.app.plans import Plan
from experiments.app.runs import Remembered, compared
from experiments.compare import compare
from sim import engine
from sim.organisation import generate
from sim.passports import InputError

PEOPLE = generate(60, seed=2)
SIZE = {"weeks": 20, "replicates": 16, "seed": 4}
BASE, OTHER = Plan("typical", "typical"), Plan("Ours", "well-run", {"levers.managers.inspection": "0.4"})


@pytest.fixture
def ran(monkeypatch):
    """The programmes that the engine ran, call by call, and nothing remembered before."""
    calls: list[list[str]] = []
    real = engine.run

    def run(organisation, programmes, *others, **named):
        calls.append([p.scenario.name for p in programmes])
        return real(organisation, programmes, *others, **named)

    monkeypatch.setattr(engine, "run", run)
    monkeypatch.setattr(runs, "RUNS", Remembered())
    return calls


def _series(comparison):
    return {name: ensemble.series for name, ensemble in comparison.ensembles.items()}


def _afresh(plans):
    return _series(compare([plan.scenario for plan in plans], PEOPLE, **SIZE, run=engine.run))


def _same(found, expected):
    assert list(found) == list(expected)
    return all(np.array_equal(found[name], expected[name], equal_nan=True) for name in expected)


def test_only_the_turned_plan_runs_anew_and_every_bit_is_as_if_all_had(ran):
    turned = BASE.changed("levers.environment.reward_quality", "0.8")
    first = _series(compared(PEOPLE, (BASE, OTHER), **SIZE))
    second = _series(compared(PEOPLE, (turned, OTHER), **SIZE))
    assert ran == [["typical", "Ours"], ["typical"]]
    assert _same(first, _afresh((BASE, OTHER)))
    assert _same(second, _afresh((turned, OTHER)))
    assert not np.array_equal(first["typical"], second["typical"])


def test_a_remembered_run_goes_by_the_name_it_is_asked_by(ran):
    compared(PEOPLE, (BASE, OTHER), **SIZE)
    found = compared(PEOPLE, (OTHER, replace(BASE, name="As it is"), BASE), **SIZE)
    assert len(ran) == 1
    assert found.names == ["Ours", "As it is", "typical"]
    assert [found.scenario(name).name for name in found.names] == found.names


@pytest.mark.parametrize("other", [{"weeks": 21}, {"replicates": 17}, {"seed": 5}])
def test_another_horizon_seed_or_number_of_worlds_runs_anew(ran, other):
    compared(PEOPLE, (BASE,), **SIZE)
    compared(PEOPLE, (BASE,), **SIZE | other)
    assert len(ran) == 2


def test_other_people_run_anew(ran):
    compared(PEOPLE, (BASE,), **SIZE)
    compared(generate(60, seed=3), (BASE,), **SIZE)
    assert len(ran) == 2


def test_a_cancelled_run_leaves_nothing_half(ran, monkeypatch):
    monkeypatch.setattr(runs, "AT_ONCE", 60)  # a replicate a block
    shares = []
    with pytest.raises(KeyboardInterrupt):
        compared(PEOPLE, (BASE, OTHER), **SIZE, progress=shares.append, cancelled=lambda: len(shares) > 4)
    assert 0.0 < shares[-1] < 1.0
    assert not locks.ENGINE.locked()
    assert _same(_series(compared(PEOPLE, (BASE, OTHER), **SIZE)), _afresh((BASE, OTHER)))
    assert ran[:2] == [["typical", "Ours"]] * 2


def test_the_oldest_runs_are_forgotten(ran):
    each = compared(PEOPLE, (BASE,), **SIZE).ensembles["typical"].series.nbytes
    runs.RUNS = Remembered(most=2 * each)
    for inspection in ("0.1", "0.2", "0.3", "0.3", "0.1"):
        compared(PEOPLE, (BASE.changed("levers.managers.inspection", inspection),), **SIZE)
    assert len(ran) == 1 + 4


def test_a_unit_that_these_people_lack_is_told_with_the_plan_and_its_lever():
    limited = Plan(
        "Sales first", "middling", {"levers.managers.inspection": "{value: 0.5, scope: {units: [Sales Mars]}}"}
    )
    with pytest.raises(InputError) as caught:
        compared(PEOPLE, [BASE, limited], **SIZE)
    assert said(caught.value).startswith('"Sales first" limits managers: inspection to "Sales Mars", a unit that')
