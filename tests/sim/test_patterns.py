"""Patterns that the default parameters must already give, by direction and rough size (worlds drawn).

The ranges are those of published surveys and trials, weak ones among them; see the ODD document for each source.
"""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

from sim.engine import parts_of, run, run_block
from sim.measures import curves
from sim.organisation import Role, read_organisation
from sim.population import populate_block
from sim.programme import prepare
from sim.scenario import load
from sim.tallies import Series

REPLICATES = 64


@pytest.fixture(scope="module")
def organisation():
    orgs = files("scenarios").joinpath("orgs")
    return read_organisation(str(orgs / "meridian.csv"), ties_path=str(orgs / "meridian_ties.csv"))


def people_after(organisation, name, weeks):
    """Columns of everyone after so many weeks: a function from a column's name to [people, replicates]."""
    programme = prepare(load(name), organisation, weeks)
    block = populate_block(organisation, programme, np.arange(REPLICATES), 1, worlds=True)
    run_block(block, programme.tracks, 0, weeks)
    size = organisation.headcount * REPLICATES
    assert parts_of(block, 1)
    return lambda column: getattr(block.people, column)[:size].reshape(-1, REPLICATES)


def test_most_try_within_a_month_of_access_and_training(organisation):
    """P1: of people untried at the later of access and own training, 50 to 85 % try within four weeks."""
    column = people_after(organisation, "typical", 70)
    access, trained, tried = column("access_week"), column("trained_week"), column("tried_week")
    ready = np.where(trained >= 0, np.maximum(access, trained), -1)
    untried = (ready >= 0) & ((tried < 0) | (tried >= ready))
    share = ((tried >= 0) & (tried < ready + 4))[untried].mean()
    assert 0.50 <= share <= 0.85


def test_typical_use_falls_after_its_peak(organisation):
    """P2: weekly active use falls by 35 to 65 % in the 13 weeks after its peak."""
    programme = prepare(load("typical"), organisation, 104)
    active = curves(run(organisation, [programme], REPLICATES, 1)[0], "weekly_active").mean(axis=1)
    peak = active[:52].argmax()
    assert 0.35 <= 1 - active[peak + 13] / active[peak] <= 0.65


def test_most_licensed_people_use_it_now_and_then(organisation):
    """P4: in the middling programme, 70 to 85 % use it at all in weeks 14 to 26 after their own access."""
    history = people_after(organisation, "middling", 27)("history")
    assert 0.70 <= ((history & 0x1FFF) > 0).mean() <= 0.85


def test_leaders_use_it_more_than_managers_than_reps(organisation):
    """P6: by level, about 67 / 52 / 46 %; enters as a role offset on fit."""
    weights = {"typical": 0.5, "middling": 0.35, "well-run": 0.15}
    use = np.zeros(3)
    for name, weight in weights.items():
        recent = (people_after(organisation, name, 53)("history") & 0xFFF) > 0
        use += [weight * recent[organisation.role == role].mean() for role in Role]
    assert use[0] > use[1] > use[2]
    assert np.all(np.abs(use - [0.67, 0.52, 0.46]) < 0.15)


def test_a_well_run_programme_wins_capacity(organisation):
    """P8: 12 to 25 % at one year; P9: capacity dips below its start before it rises."""
    programme = prepare(load("well-run"), organisation, 104)
    capacity = curves(run(organisation, [programme], REPLICATES, 1)[0], "capacity_gain").mean(axis=1)
    assert 0.12 <= capacity[51] <= 0.25
    assert capacity[:26].min() < 0 < capacity[51]


def test_typical_does_not_pay_back_within_a_year(organisation):
    """P15: in at least 80 % of worlds."""
    programme = prepare(load("typical"), organisation, 52)
    series = run(organisation, [programme], REPLICATES, 1)[0].series
    net = (series[:, Series.VALUE] - series[:, Series.COST]).sum(axis=0)
    assert np.mean(net <= 0) >= 0.8
