"""Maps and tornados of a page: the same numbers as the command line's, given up when told to."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from experiments.analysis import sensitivity_study
from experiments.analysis.scales import chosen
from experiments.app import locks
from experiments.app.pages.matters import studying
from experiments.app.pages.matters.studying import Map, Setting, Tornado
from experiments.app.plans import Plan
from experiments.app.work import People
from experiments.sweeps.studies import load
from experiments.sweeps.study import Place
from experiments.sweeps.sweep import Threads
from sim.passports import InputError

PEOPLE = People(headcount=40)
SETTING = Setting(PEOPLE, Plan("Ours", "middling", {"levers.managers.inspection": "0.2"}), 13, 3, "habitual")

PULLED = set(chosen(()))
"""Levers that a programme may pull."""


def _never() -> bool:
    return False


def test_a_tornado_on_people_in_hand_is_the_one_of_the_same_study_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(studying, "TRAJECTORIES", 3)
    monkeypatch.setattr(studying, "BASE", 8)
    shares: list[float] = []
    told = studying.tornado(Tornado(SETTING, studying.FEW, False), PEOPLE.make(), shares.append, _never)
    asked = studying._asked(Tornado(SETTING, studying.FEW, False))
    named = replace(asked, study=replace(asked.study, organisations=(Place("here", PEOPLE.headcount, PEOPLE.seed),)))
    sensitivity_study.carry_out(named, tmp_path / "out", lambda plan, job: Threads(plan, job, 1, _never))
    other = sensitivity_study.of_folder(str(tmp_path / "out"))
    assert told.title == "Ours"
    assert set(told.found.factors) == set(load("quick").inputs)
    for frame in ("screening", "indices", "chance"):
        ours, theirs = getattr(told.found, frame), getattr(other.found, frame)
        assert ours.equals(theirs)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


@pytest.mark.parametrize(("varied", "levers"), [
    (studying.FEW, set(load("quick").inputs)), (studying.PLAN, PULLED & set(SETTING.plan.scenario.levers)),
    (studying.MANY, PULLED), (studying.NONE, set()),
])  # fmt: skip
def test_each_choice_of_levers_varies_what_it_says(varied, levers):
    study = studying._asked(Tornado(SETTING, varied, False)).study
    assert set(study.inputs) == levers
    assert study.worlds == (varied == studying.NONE)


def test_there_is_a_choice_between_few_levers_and_many():
    few, many = (set(studying._asked(Tornado(SETTING, varied, False)).study.inputs)
                 for varied in (studying.PLAN, studying.MANY))  # fmt: skip
    assert "managers.inspection" in few < many and len(many) >= 30


@pytest.mark.parametrize(("varied", "unknown", "held"), [
    (studying.FEW, False, True), (studying.FEW, True, False), (studying.NONE, False, False),
])  # fmt: skip
def test_it_is_said_whether_worlds_were_held(varied, unknown, held):
    asked = Tornado(SETTING, varied, unknown)
    assert ("held" in studying.of_worlds(asked)) == held != studying._asked(asked).study.worlds


def test_a_map_at_each_point_is_what_a_comparison_of_that_programme_gives():
    asked = Map(SETTING, studying.ACROSS, "training.rounds", 8)
    found = studying.mapped(asked, PEOPLE.make(), lambda _: None, _never)
    row, column = 2, 4
    plan = SETTING.plan
    for key, value in ((studying.ACROSS, found.x.values[column]), ("training.rounds", found.y.values[row])):
        plan = plan.changed(f"levers.{key}", f"{value:g}")
    from experiments.compare import compare

    c = compare([plan.scenario], PEOPLE.make(), weeks=13, replicates=8, seed=3)
    mean = c.at_end["Ours"]["habitual"].mean
    assert np.mean(found.values[row, column]) == pytest.approx(mean, abs=1e-6)


def test_it_waits_for_its_turn_and_gives_up_when_told():
    told = threading.Event()
    with locks.LONG:
        threading.Timer(0.3, told.set).start()
        with pytest.raises(KeyboardInterrupt):
            studying.mapped(Map(SETTING, studying.ACROSS, studying.UP, 8), PEOPLE.make(), lambda _: None, told.is_set)
    assert locks.LONG.acquire(timeout=1)
    locks.LONG.release()


def test_the_same_lever_twice_is_refused_in_a_sentence():
    with pytest.raises(InputError, match="two different levers"):
        studying.mapped(Map(SETTING, studying.UP, studying.UP, 8), PEOPLE.make(), lambda _: None, _never)


def test_the_time_is_looked_at_before():
    assert studying.map_seconds(Map(SETTING, studying.ACROSS, studying.UP, 8), PEOPLE.make()) > 0
    assert studying.tornado_seconds(Tornado(SETTING, studying.FEW, False), PEOPLE.make()) > 0
