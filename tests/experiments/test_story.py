"""What a replay tells: true of the states it is read from, and gone when its cause is."""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from experiments import story
from sim.mechanisms.reporting import SINKS
from sim.mechanisms.trying import TERMS
from sim.organisation import Role, generate
from sim.people import Stage, Status
from sim.programme import prepare
from sim.replay import replay, terms
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
        if match := re.search(r"stalls: (\d+) % use AI, down from (\d+) % in week (\d+)", event.text):
            assert abs(use[event.week, event.unit] * 100 - int(match[1])) <= 0.51
            assert abs(use[int(match[3]), event.unit] * 100 - int(match[2])) <= 0.51
            assert use[event.week, event.unit] <= (1 - story.FALLEN) * use[int(match[3]), event.unit]
    assert any("stalls" in event.text for event in events)


def test_units_take_off_when_half_of_them_use_it_habitually():
    found, events = told(load("well-run"))
    begun = [event for event in events if event.text.endswith("takes off: half of its people use AI habitually.")]
    assert begun
    for event in begun:
        share = (found.stage[:, event.unit == PEOPLE.unit] == Stage.HABITUAL).mean(axis=1)
        assert share[event.week] >= 0.5 and (share[: event.week] < 0.5).all()


def test_the_causes_told_are_the_terms_that_fell(middling):
    """Read again for the unit's people alone, from the choices they made in the two weeks that are compared."""
    found, events = middling
    told = [e for e in events if "because" in e.text]
    assert len(told) > 3
    for event in told:
        people = np.flatnonzero(event.unit == PEOPLE.unit)
        peak = int(re.search(r"in week (\d+)", event.text)[1])
        spoke = terms(found, {peak: people, event.week: people})
        change = dict(zip(TERMS, (spoke[event.week] - spoke[peak]).mean(axis=0), strict=True))
        named = {name for name, words in story.LOST.items() if words in event.text.partition("because")[2]}
        assert named and all(change[name] <= -story.LEAST_CAUSE for name in named)
        assert max(change[name] for name in named) <= min(v for name, v in change.items() if name not in named)


def test_a_story_asks_only_so_many_people_for_causes(monkeypatch):
    """Those who lose most are explained; the others are told without causes, and nobody is left out."""
    full = told(load("typical"))[1]
    units = sys.modules["experiments.story.units"]
    monkeypatch.setattr(units, "MOST_ASKED", 0)
    bare = told(load("typical"))[1]
    stalled = [sorted((e.week, e.unit) for e in events if "stalls:" in e.text) for events in (full, bare)]
    assert any("because" in e.text for e in full) and not any("because" in e.text for e in bare)
    assert {week for week, _ in stalled[0]} == {e.week for e in bare if " stall" in e.text}


def test_of_marks_passed_in_one_week_only_the_highest_is_told():
    found, events = told(load("big-bang"))
    marks = [(e.week, e.text) for e in events if e.text.endswith("of all people use AI by choice.")]
    assert len({week for week, _ in marks}) == len(marks)
    using = (found.status & np.uint32(Status.ACTIVE) != 0).mean(axis=1)
    assert using[0] >= 0.5 and (0, "Half of all people use AI by choice.") in marks


def test_half_of_all_is_half_of_all():
    found, events = told(load("well-run"))
    (half,) = [e.week for e in events if e.text == "Half of all people use AI habitually."]
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


def test_small_losses_and_first_weeks_do_not_stall():
    assert story.stalls(np.array([0.4, 0.3, 0.2]), 0.15) == [(2, 0)]
    assert story.stalls(np.array([0.9, 0.5, 0.4, 0.3]), 0.1, since=1) == [(3, 1)]


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


def test_managers_are_told_of_when_their_turn_lasts(middling):
    """Most of the unit's managers, in that week and the three after it."""
    found, events = middling
    units, roles = PEOPLE.unit[found.leaders], PEOPLE.role[found.leaders]
    turned = [e for e in events if e.unit is not None and "now against it" in e.text]
    assert turned
    for event in turned:
        those = (units == event.unit) & (roles != Role.EXECUTIVE)
        sunk = (found.support[event.week : event.week + 4, those] < SINKS).mean(axis=1)
        assert (sunk > 0.5).all()


def test_many_in_one_week_are_told_of_together():
    """Each sentence is about at most two units, or names some of several and counts the rest."""
    people = generate(600)
    found = replay(people, prepare(load("typical"), people, 60))
    for kind in ("against it", "take"):
        alone = Counter(e.week for e in story.events(found) if e.unit is not None and kind in e.text)
        assert all(count <= 2 for count in alone.values())
    assert any("Most managers" in e.text and e.unit is None for e in story.events(found))


def test_the_programme_is_told():
    scenario = override(load("middling"), "levers.champions.time={value: 4, start: 10, end: 30, fade: 12}")
    _, events = told(override(scenario, "levers.leaders.withdraw_week=40"), weeks=60)
    texts = [(e.week, e.text) for e in events]
    assert (10, "Champions' time begins: 4 hours a week.") in texts and (
        40,
        "Leaders turn to other things; what depended on their attention ends.",
    ) in texts
    assert (30, "Champions' time begins to fade; by week 39 it is at 0.9 hours a week.") in texts


@pytest.mark.parametrize(
    ("one_per", "said"), [(200, "1 champion begins to help."), (10, "20 champions begin to help.")]
)
def test_champions_are_told_of_by_their_number(one_per, said):
    _, events = told(override(load("middling"), f"levers.champions.one_per={one_per}"), weeks=13)
    assert [event.text for event in events if event.text.endswith("to help.")] == [said]


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
