"""Two attractors, and a threshold between: what a programme leaves behind depends on where it got to.

Repenning 2002 (Organization Science 13(2)): effort ended early reverts, effort kept long enough regenerates itself.
"""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from sim.engine import run
from sim.measures import curves, final
from sim.organisation import read_organisation
from sim.programme import prepare
from sim.scenario import load

TEN_YEARS, TWO_YEARS = 520, 104
ORGS = files("scenarios").joinpath("orgs")


def meridian():
    return read_organisation(str(ORGS / "meridian.csv"), ties_path=str(ORGS / "meridian_ties.csv"))


def adventureworks():
    if "UPTAKE_DATA" not in os.environ:
        pytest.skip("UPTAKE_DATA does not name the data folder")
    return read_organisation(Path(os.environ["UPTAKE_DATA"]) / "adventureworks" / "people.csv")


@pytest.fixture(scope="module", params=[meridian, adventureworks])
def organisation(request):
    return request.param()


def habitual(organisation, name, *overrides, weeks=TEN_YEARS, replicates=32, worlds=False):
    """Habitual share [weeks, replicates]."""
    programme = prepare(load(name, overrides), organisation, weeks)
    return curves(run(organisation, [programme], replicates, seed=1, worlds=worlds)[0], "habitual")


def test_typical_started_empty_stays_down_for_ten_years(organisation):
    assert habitual(organisation, "typical").mean(axis=1).max() < 0.10


def test_typical_started_converted_stays_up_for_ten_years(organisation):
    assert habitual(organisation, "typical", "levers.people.converted_share=1").mean(axis=1).min() > 0.50


def test_attention_ended_early_reverts_and_ended_late_does_not(organisation):
    early = habitual(organisation, "middling", "levers.leaders.withdraw_week=13").mean(axis=1)
    late = habitual(organisation, "middling", "levers.leaders.withdraw_week=104").mean(axis=1)
    kept = habitual(organisation, "middling").mean(axis=1)
    assert early[13 + 26 :].max() < 0.75 * early[12]  # falls below its level at withdrawal, and stays there
    assert late[104:].min() > 0.9 * late[103]
    assert kept[-1] > late[103]  # and attention kept up goes on building


def test_a_threshold_lies_between(organisation):
    """The later attention ends, the more is left after ten years, from nearly nothing to most of it."""
    left = [
        habitual(organisation, "middling", f"levers.leaders.withdraw_week={week}")[-1].mean() for week in (13, 52, 156)
    ]
    assert left[0] < 0.10 < left[1] < left[2]
    assert left[2] > 0.50


def test_three_bases_in_drawn_worlds(organisation):
    """Week 104, worlds drawn: typical low, well-run high and better nearly always, middling between and spread out."""
    programmes = [prepare(load(name), organisation, TWO_YEARS) for name in ("typical", "middling", "well-run")]
    typical, middling, well_run = (final(e, "habitual") for e in run(organisation, programmes, 192, seed=1))
    assert typical.mean() < 0.35
    assert well_run.mean() > 0.60
    assert np.mean(well_run > typical) > 0.95
    assert 0.30 <= middling.mean() <= 0.60
    low, high = np.quantile(middling, [0.1, 0.9])
    assert high - low > 0.5
