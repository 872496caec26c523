"""What a replay tells: true of the states it is read from, and gone when its cause is."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from experiments import story
from experiments.story.units import LEAST_FALL, LEAST_LOST, SINCE, SMALL_UNIT
from sim.measures import four_week_mean
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


def test_within_a_week_causes_stand_before_their_effects():
    """Access before use; a manager's turn before the unit's stall; units before the whole organisation."""
    _, events = told(load("big-bang"))
    week = [event.text for event in events if event.week == 0]
    assert week[0] == "200 people get access." and "of all people try AI by choice" in week[-1]
    people = generate(120)
    found = replay(people, prepare(load("typical"), people, 13))
    both = [e.text for e in story.events(found) if e.unit is not None and e.week == 6 and "Marketing" in e.text]
    assert [text.partition(":")[0] for text in both] == ["Marketing", "Marketing stalls"]


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


def test_every_loss_is_told_with_what_it_comes_from():
    """The heaviest of a week alone, the others together, with what fell most among all of their people."""
    people = generate(600)
    found = replay(people, prepare(load("typical"), people, 60))
    use, sizes = story.unit_use(found), np.bincount(people.unit)
    lost = [
        (week, peak, unit)
        for unit in np.flatnonzero(sizes >= SMALL_UNIT).tolist()
        for week, peak in story.stalls(use[:, unit], max(LEAST_FALL, LEAST_LOST / sizes[unit]), SINCE)
    ]
    told = [e for e in story.events(found) if "stall" in e.text]
    assert all("because" in e.text or "without a single clear cause" in e.text for e in told)
    alone = {(e.week, e.unit) for e in told if e.unit is not None}
    together = [e for e in told if e.unit is None]
    assert alone < {(week, unit) for week, _, unit in lost} and together
    assert {week for week, _, unit in lost if (week, unit) not in alone} == {e.week for e in together}
    for event in together:
        those = [(peak, unit) for week, peak, unit in lost if week == event.week and (week, unit) not in alone]
        changes = []
        for peak, unit in those:
            rows = np.flatnonzero(people.unit == unit)
            spoke = terms(found, {peak: rows, event.week: rows})
            changes.append(spoke[event.week] - spoke[peak])
        change = dict(zip(TERMS, np.concatenate(changes).mean(axis=0), strict=True))
        named = {name for name, words in story.LOST.items() if words in event.text}
        assert named == {name for name in sorted(change, key=change.get)[:2] if change[name] <= -story.LEAST_CAUSE}


def active(found):
    """Share of all who used it by choice, mean of four weeks: float64 [weeks]."""
    return four_week_mean((found.status & np.uint32(Status.ACTIVE) != 0).mean(axis=1))


def test_of_marks_passed_in_one_week_only_the_highest_is_told():
    found, events = told(load("big-bang"))
    marks = [(e.week, e.text) for e in events if "of all people" in e.text and "AI by choice" in e.text]
    assert len({week for week, _ in marks}) == len(marks)
    using = active(found)
    over = int(np.flatnonzero(using < 0.5)[0])
    assert 0.5 <= using[0] < 0.75 and 0 < over <= 12
    assert marks[0] == (0, f"Half of all people try AI by choice as access opens; by week {over} it is fewer.")


@pytest.mark.parametrize("replicate", [0, 1])
@pytest.mark.parametrize("name", ["big-bang", "well-run", "fixed-waves", "hype"])
def test_a_share_is_passed_where_it_holds_and_only_tried_as_access_opens(name, replicate):
    found, events = told(load(name), replicate=replicate)
    using = active(found)
    access = (found.status & np.uint32(Status.ACCESS) != 0).mean(axis=1)
    marks = {"A quarter": 0.25, "Half": 0.5, "Three quarters": 0.75}
    seen = 0
    for event in events:
        if match := re.match("(.*) of all people (use|try) AI by choice", event.text):
            week, mark, seen = event.week, marks[match[1]], seen + 1
            before = access[week - 1] if week else 0.0
            if match[2] == "try":
                assert 2 * (access[week] - before) > access[week] and using[week] >= mark
            else:
                assert (using[week : week + 4] >= mark).all() and (week == 0 or using[week - 1] < mark)
    assert seen


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
    assert (30, "Champions' time begins to fade; from week 40 on there is none.") in texts


def test_what_does_not_depend_on_leaders_is_told_after_they_have_left():
    scenario = override(load("middling"), "levers.leaders.withdraw_week=30")
    for each in ("environment.clarity={value: 0.9, end: 40}", "managers.inspection={value: 0.7, end: 45}"):
        scenario = override(scenario, f"levers.{each}")
    texts = [(e.week, e.text) for e in told(scenario, weeks=60)[1]]
    assert any(week == 40 and text.startswith("The clarity of the strategy") for week, text in texts)
    assert not any(week >= 30 and text.startswith("Managers' asking") for week, text in texts)


@pytest.mark.parametrize(("one_per", "weeks"), [(0, []), (50, [30])])
def test_without_champions_nothing_of_theirs_is_told(one_per, weeks):
    """And before they begin neither."""
    scenario = load("middling")
    for each in (f"one_per={one_per}", "activation_week=20", "time={value: 4, start: 10, end: 30}"):
        scenario = override(scenario, f"levers.champions.{each}")
    assert [e.week for e in told(scenario, weeks=60)[1] if e.text.startswith("Champions' time")] == weeks


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
