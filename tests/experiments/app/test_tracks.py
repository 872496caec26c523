"""Levers of a plan over time: what a control sets is what is run, saved and taken back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.app.plans import plan, read
from experiments.app.tracks import (
    beyond,
    changed_levers,
    changes,
    rungs,
    scoped,
    timed,
    waves_of,
    with_track,
    without,
)
from sim.passports import InputError, levers
from sim.scenario import Scope, Track, library, load

WEEKLY = [key for key, lever in levers().items() if lever.weekly and lever.scoped and not lever.choices]
UNITS = ["largest", 'Sales: "North"', "R&D, {x}", "back\\slash"]
scopes = st.builds(
    Scope,
    st.sampled_from([(), ("middle_manager",), ("executive", "rep")]),
    st.lists(st.sampled_from(UNITS), max_size=2, unique=True).map(tuple),
    st.sampled_from([(), (1, 3)]),
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(library()), st.sampled_from(WEEKLY), st.data())
def test_any_track_is_held_saved_and_taken_back(base, key, data):
    value = data.draw(st.sampled_from(rungs(key, 104)))
    track = timed(
        Track(value, scope=data.draw(scopes)),
        data.draw(st.integers(0, 100)),
        data.draw(st.none() | st.integers(0, 100)),
        data.draw(st.integers(0, 50)),
    )
    made = with_track(plan("Ours", base), key, track)
    assert made.scenario.lever(key) == track
    assert read(made.text).scenario.fingerprint == made.scenario.fingerprint
    assert changed_levers(made) == ([key] if track != load(base).lever(key) else [])
    assert without(made, key).scenario.fingerprint == load(base).fingerprint
    assert with_track(made, key, load(base).lever(key)).changes == {}


@pytest.mark.parametrize("key", [key for key, lever in levers().items() if not lever.choices])
def test_a_slider_stands_where_the_plan_does(key):
    """Every scenario's value is a stop of its slider, which runs from the least to the most."""
    for name in library():
        value = load(name).lever(key).value
        stops = rungs(key, 104, value)
        assert value in stops and levers()[key].neutral in stops and len(stops) > 5


def test_parameters_beyond_their_range_are_told():
    made = plan("Ours", "middling", {"parameters.trying.base": "-40"})
    assert [(parameter.key, value) for parameter, value in beyond(made.scenario)] == [("trying.base", -40.0)]
    assert beyond(load("middling")) == []


def test_what_makes_no_sense_is_refused():
    with pytest.raises(InputError):
        with_track(plan("Ours", "middling"), "managers.inspection", Track(7.0))
    unscoped = next(key for key, lever in levers().items() if not lever.scoped)
    with pytest.raises(InputError, match="it takes no scope"):
        with_track(plan("Ours", "middling"), unscoped, scoped(Track(1.0), roles=["executive"]))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(WEEKLY), st.data())
def test_whom_a_lever_reaches_is_chosen_list_by_list(key, data):
    """Each list by itself, in one order however it was clicked; an empty one is everyone again."""
    track = Track(levers()[key].neutral, 3)
    roles = data.draw(st.permutations(["rep", "executive"]))
    waves = data.draw(st.permutations([3, 1]))
    made = scoped(scoped(scoped(track, waves=waves), units=["largest"]), roles=roles)
    assert made.scope == Scope(("executive", "rep"), ("largest",), (1, 3)) and made.start == 3
    assert scoped(made, waves=[]).scope == Scope(("executive", "rep"), ("largest",))
    assert scoped(scoped(scoped(made, waves=[]), units=[]), roles=[]) == track


@pytest.mark.parametrize(("name", "waves"), [("middling", 0), ("big-bang", 0), ("fixed-waves", 4), ("well-run", 4)])
def test_waves_are_offered_where_access_opens_in_waves(name, waves):
    assert waves_of(load(name)) == waves


@pytest.mark.parametrize(
    ("name", "above", "said"),
    [
        ("champions-1-in-25", "middling", {"champions.one_per": "champions: 1 per 50 employees → 1 per 25"}),
        ("champions-none", "middling", {"champions.one_per": "champions: 1 per 50 employees → none"}),
        ("attention-withdrawn", "middling", {"leaders.withdraw_week": "leaders: withdraw week never → week 26"}),
        ("champions-late", "champions-1-in-25",
         {"champions.activation_week": "champions: activation week 0 → week 39"}),
        ("champions-one-department", "champions-1-in-10",
         {"champions.one_per": "champions: 1 per 10 employees → 1 per 10, units: largest"}),
        ("tasks-not-tools", "middling",
         {"training.task_focus": "training: task focus 40 % of training on people's own tasks → 100 %"}),
    ],
)  # fmt: skip
def test_changes_are_told_with_their_units(name, above, said):
    assert changes(load(name), load(above)) == said


def test_parameters_and_mechanisms_that_change_are_told_and_taken_back():
    made = plan("Ours", "middling", {"parameters.trying.base": "-40", "mechanisms.rollout": "off"})
    told = changes(made.scenario, load("middling"))
    assert told["parameters.trying.base"].endswith("→ -40") and told["mechanisms.rollout"].endswith("on → off")
    for key in told:
        assert changes(without(made, key).scenario, load("middling")).keys() == told.keys() - {key}
