"""What a lever takes: said as the engine charges it."""

from __future__ import annotations

import numpy as np
import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.lever_costs import PER, charged, free, takes
from sim.passports import COST_DRIVERS, levers
from sim.programme import prepare
from sim.scenario import Track

AT_MOST = {
    "leaders.executive_training": "240 of money and 2 hours a week for each executive",
    "leaders.mandate": "1.2 minutes a week for each person with access",
    "managers.manager_training": "15 of money and 1 hour a week for each manager",
    "champions.time": "10 hours a week for each champion",
    "champions.one_per": "10 of money a week for each champion",
    "training.capacity": "150 of money and 6 hours for each person trained",
    "rollout.waves": "1 hour a week in all",
    "rollout.gap": "nothing",
}


@pytest.mark.parametrize(("key", "said"), AT_MOST.items())
def test_costs_are_said_in_words(key, said):
    assert takes(key, levers()[key].high) == said


@pytest.mark.parametrize(
    ("key", "said"),
    [("leaders.executive_training", "240 of money and 2 hours a week for each executive, at the most of it"),
     ("training.capacity", "150 of money and 6 hours for each person trained, whenever it is used"),
     ("rollout.gap", "nothing of its own")],
)  # fmt: skip
def test_the_list_of_levers_says_what_each_takes_of_what(key, said):
    told = CliRunner().invoke(app, ["levers", key]).output
    assert f"Takes: {said}" in " ".join(told.split())
    assert "Money is in the currency of the wage" in " ".join(told.split())


@pytest.mark.parametrize("key", levers())
def test_what_is_not_used_takes_nothing(key):
    lever = levers()[key]
    assert takes(key, lever.neutral) == "nothing"
    assert free(key) <= (takes(key, lever.high) == "nothing") and lever.cost.per in PER


@pytest.mark.parametrize("key", ["leaders.modelling", "managers.inspection", "environment.reliability", "people.skill"])
def test_an_organisation_is_charged_what_is_said(small, build, key):
    """The same for each of those counted, in whatever organisation."""
    lever = levers()[key]
    value = (lever.neutral + lever.high) / 2
    costs = prepare(build({key: Track(value)}), small, 3).costs[0, :, COST_DRIVERS.index(lever.cost.per)].sum(axis=0)
    assert charged(key, value) == pytest.approx(np.asarray(costs).tolist(), rel=1e-6)
    assert max(charged(key, value)) > 0
