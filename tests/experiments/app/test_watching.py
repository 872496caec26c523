"""What is sent to be watched is the run, and what is said of a person is what the run says."""

from __future__ import annotations

import json

import numpy as np
import pytest

from experiments import story
from experiments.app import orgchart
from experiments.app.pages.watch import watching
from experiments.app.plans import plan
from experiments.app.work import People, Work
from experiments.compare import compare
from sim.measures import OUTCOMES
from sim.passports import InputError
from sim.people import Stage, Status

PEOPLE = People(headcount=80)
WEEKS, SEED, WORLD = 30, 3, 2


@pytest.fixture(scope="module")
def watched() -> watching.Watched:
    return watching.watch("nobody", PEOPLE, Work().plans[0], WEEKS, SEED, WORLD)


def test_every_stage_of_every_week_is_sent(watched: watching.Watched) -> None:
    played = json.loads(watched.played)
    codes = np.frombuffer(played["stages"].encode("ascii"), np.uint8) - orgchart.FIRST
    assert (codes.reshape(WEEKS, PEOPLE.headcount) == watched.found.stage).all()
    assert sorted(key["code"] for key in played["keys"]) == sorted(Stage)
    assert json.loads(watched.people)["count"] == PEOPLE.headcount


def test_the_curves_are_those_of_a_comparison(watched: watching.Watched) -> None:
    """World and seed mean here what they mean everywhere."""
    found = compare([Work().plans[0].scenario], PEOPLE.make(), weeks=WEEKS, replicates=WORLD + 1, seed=SEED)
    series = found.ensembles["typical"].series
    curves = {curve["label"]: curve["values"] for curve in json.loads(watched.played)["curves"]}
    for outcome, label in (("habitual", "habitual"), ("tried", "ever tried"), ("logged_active", "logged any action")):
        expected = OUTCOMES[outcome].curve(series)[:, WORLD] * 100
        assert curves[label] == pytest.approx(expected.tolist(), abs=0.006)


def test_the_events_are_the_story(watched: watching.Watched) -> None:
    told = json.loads(watching.events(watched.found))
    assert [event["text"] for event in told] == [event.text for event in story.events(watched.found)]
    assert json.loads(watching.events(None)) == []


def test_a_person_is_told_of_up_to_the_week(watched: watching.Watched) -> None:
    found, row = watched.found, 50
    person = watching.person(found, row, 12)
    assert person.trust == pytest.approx(float(found.trust[12, row]))
    assert max(event.week for event in person.story) <= 12
    assert person.who.endswith(found.organisation.unit_names[found.organisation.unit[row]])
    used = bool(found.status[12, row] & Status.ACTIVE)
    assert person.did.startswith("used") == used


def test_without_access_there_is_no_why() -> None:
    late = plan("late", "typical", {"levers.rollout.style": "fixed-waves", "levers.rollout.waves": "6"})
    found = watching.watch("nobody", PEOPLE, late, WEEKS, SEED, 0).found
    without = np.flatnonzero(found.status[0] & np.uint32(Status.ACCESS) == 0)
    assert len(without)
    assert watching.person(found, int(without[0]), 0).why == ""
    assert watching.person(found, int(np.flatnonzero(found.status[0] & np.uint32(Status.ACCESS))[0]), 0).why


def test_people_who_are_not_here_are_refused() -> None:
    with pytest.raises(InputError, match="upload that roster again"):
        watching.watch("nobody", People(uploaded="0" * 16), Work().plans[0], WEEKS, SEED, 0)
