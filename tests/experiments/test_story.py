"""What a replay tells: true of the states it is read from, and gone when its cause is."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from experiments import story
from sim.mechanisms.reporting import SINKS
from sim.mechanisms.trying import TERMS
from sim.organisation import generate
from sim.people import Stage, Status
from sim.programme import prepare
from sim.replay import replay
from sim.scenario import load, override

PEOPLE = generate(200)


def told(scenario, weeks=104, replicate=0):
    found = replay(PEOPLE, prepare(scenario, PEOPLE, weeks), replicate=replicate)
    return found, story.events(found)


@pytest.fixture(scope="module")
def middling():
    return told(load("middling"))


def test_events_come_by_week_and_are_sentences(middling):
    found, events = middling
    assert len(events) > 8 and [e.week for e in events] == sorted(e.week for e in events)
    for event in events:
        assert 0 <= event.week < found.weeks and event.text.endswith(".") and not event.text[0].islower()
        assert event.unit is None or PEOPLE.unit_names[event.unit] in event.text


def test_shares_and_counts_are_those_of_the_states(middling):
    found, events = middling
    use = story.unit_use(found)
    for event in events:
        if match := re.search(r"stalls, from (\d+) % using it to (\d+) %", event.text):
            assert abs(use[event.week, event.unit] * 100 - int(match[2])) <= 0.51
            assert use[event.week, event.unit] <= (1 - story.FALLEN) * int(match[1]) / 100 + 0.005
        if event.text.endswith("takes off: half of it uses it by choice."):
            assert use[event.week, event.unit] >= 0.5 and (use[3 : event.week, event.unit] < 0.5).all()
    assert any("stalls" in event.text for event in events)


def test_half_of_all_is_half_of_all():
    found, events = told(load("well-run"))
    (half,) = [e.week for e in events if e.text == "Half of all people use it habitually."]
    habitual = (found.stage == Stage.HABITUAL).mean(axis=1)
    assert habitual[half] >= 0.5 > habitual[half - 1]


@pytest.mark.parametrize(
    ("use", "stalls"),
    [
        ([0.1, 0.15, 0.05], []),  # never much
        ([0.1, 0.4, 0.35, 0.3], [(3, 1)]),
        ([0.1, 0.4, 0.35, 0.31], []),
        ([0.4, 0.3, 0.2, 0.1], [(1, 0)]),  # one fall, told once
        ([0.4, 0.3, 0.4, 0.3], [(1, 0), (3, 2)]),
        ([0.8, 0.5, 0.3, 0.6, 0.4], [(1, 0), (4, 3)]),  # a recovery short of the first peak has one of its own
        ([0.5] * 9, []),
    ],
)
def test_stalls(use, stalls):
    assert story.stalls(np.array(use)) == stalls


def test_every_term_can_be_a_cause():
    assert set(story.LOST) == set(TERMS) - {"base"}


def test_the_first_excitement_is_named_only_where_there_was_some(middling):
    _, events = middling
    assert any("excitement" in e.text for e in events)
    calm = load("middling")
    for key in ("parameters.trying.curiosity", "parameters.trying.curiosity_base", "levers.leaders.endorsement"):
        calm = override(calm, f"{key}=0")
    _, events = told(replace(calm, mechanisms_off=()))
    assert not any("excitement" in e.text and e.week < 12 for e in events)


def test_managers_who_sink_it_are_told_of_and_only_they():
    _, events = told(override(load("middling"), "levers.managers.resistant_share=0.8"))
    assert any("not pass it on" in e.text for e in events)
    found, events = told(override(load("well-run"), "levers.managers.resistant_share=0"))
    if not (found.support < SINKS).any():
        assert not any("not pass it on" in e.text for e in events)


def test_the_programme_is_told():
    scenario = override(load("middling"), "levers.champions.time={value: 4, start: 10, end: 30}")
    _, events = told(override(scenario, "levers.leaders.withdraw_week=40"), weeks=60)
    texts = [(e.week, e.text) for e in events]
    assert (10, "Programme: champions: time goes to 4.") in texts and (40, "Leaders turn to other things.") in texts
    assert any(week == 30 and "champions: time" in text for week, text in texts)


def test_waves_are_told_with_their_people():
    found, events = told(load("fixed-waves"))
    access = (found.status & np.uint32(Status.ACCESS) != 0).sum(axis=1)
    numbers = [int(m[1]) for e in events if (m := re.search(r"^Wave \d+: (\d+) people get access", e.text))]
    assert len(numbers) > 1 and sum(numbers) == access.max()


def test_a_persons_story_is_theirs(middling):
    found, _ = middling
    for row in range(0, 200, 17):
        events = story.person(found, row)
        assert [e.week for e in events] == sorted(e.week for e in events)
        first = next((e.week for e in events if e.text == "gets access"), None)
        weeks = np.flatnonzero(found.status[:, row] & np.uint32(Status.ACCESS))
        assert first == (int(weeks[0]) if len(weeks) else None)
        moves = [e for e in events if e.text in story.BECOMES.values()]
        stage = np.concatenate([[Stage.UNAWARE], found.stage[:, row]])
        assert len(moves) == (stage[1:] != stage[:-1]).sum()


def test_the_same_replay_tells_the_same_story(middling):
    assert told(load("middling"))[1] == middling[1]
