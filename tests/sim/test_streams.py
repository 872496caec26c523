"""Common random numbers: two runs differ from the week in which a lever differs, and not before."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.engine import run_block
from sim.mechanisms import MECHANISMS
from sim.organisation import Organisation, generate
from sim.passports import Parameter, levers, parameters
from sim.population import world_of
from sim.programme import field_of
from sim.rng import Slot, replicate_keys, uniforms
from sim.scenario import RULES, Scope, Track
from sim.sizing import Settings

LATE = 20
WAVES: dict[str, float | str] = {"rollout.style": "fixed-waves", "rollout.waves": 2}
WEEKLY = [key for key, lever in levers().items() if lever.weekly]


def far_end(key: str) -> float:
    """The end of the lever's range that lies further from its neutral value."""
    lever = levers()[key]
    return lever.high if lever.neutral <= (lever.low + lever.high) / 2 else lever.low


def run_to(start: Callable, organisation: Organisation, scenario: Any, weeks: int, horizon: int = 40, **kw: Any) -> Any:
    programme, block = start(organisation, scenario, horizon, **kw)
    run_block(block, programme.tracks, 0, weeks)
    return block


def assert_same(one: dict[str, np.ndarray], other: dict[str, np.ndarray], *apart: str) -> None:
    different = [k for k in one if k not in apart and not np.array_equal(one[k], other[k])]
    assert not different


@pytest.mark.parametrize("key", WEEKLY)
def test_a_lever_from_week_twenty_changes_nothing_before(
    key: str, medium: Organisation, start: Callable, build: Callable, columns: Callable
) -> None:
    """In no column and no series, bit for bit; and it does change something afterwards."""
    base = build({**levers()[key].given, key: levers()[key].neutral}, extends="middling")
    late = build({key: Track(far_end(key), start=LATE)}, extends=base)
    one, other = (run_to(start, medium, s, LATE) for s in (base, late))
    assert np.array_equal(one.series[:LATE], other.series[:LATE])
    assert_same(columns(one), columns(other))
    one, other = (run_to(start, medium, s, 40) for s in (base, late))
    assert not np.array_equal(one.series, other.series)


@pytest.mark.parametrize("key", WEEKLY)
def test_a_lever_that_ends_leaves_the_weeks_before_its_end_alone(
    key: str, small: Organisation, start: Callable, build: Callable, columns: Callable
) -> None:
    always, ended = (build({key: Track(far_end(key), end=end)}, extends="middling") for end in (None, LATE))
    one, other = (run_to(start, small, s, LATE) for s in (always, ended))
    assert np.array_equal(one.series[:LATE], other.series[:LATE])
    assert_same(columns(one), columns(other))


@pytest.mark.parametrize("rule", RULES)
def test_it_holds_under_every_rule_and_for_levers_set_once(
    rule: str, small: Organisation, start: Callable, build: Callable, columns: Callable
) -> None:
    """Attention withdrawn, an incident, champions activated and a wave opened in week 20 or never."""
    pairs: list[tuple[dict, dict]] = [
        ({"leaders.withdraw_week": LATE}, {"leaders.withdraw_week": 0}),
        ({"circumstances.incident_week": LATE}, {"circumstances.incident_week": 0}),
        ({"champions.activation_week": LATE}, {"champions.activation_week": 500}),
        ({"rollout.start_week": LATE}, {"rollout.start_week": 500}),
        ({**WAVES, "rollout.gap": LATE}, {**WAVES, "rollout.gap": 52}),
    ]
    for changed, unchanged in pairs:
        one, other = (run_to(start, small, build(s, extends="middling"), LATE, rule=rule) for s in (changed, unchanged))
        assert np.array_equal(one.series[:LATE], other.series[:LATE]), changed
        assert_same(columns(one), columns(other))


def test_a_scope_marks_people_and_changes_nothing_else_before_its_lever_starts(
    small: Organisation, start: Callable, build: Callable, columns: Callable
) -> None:
    plain = build(extends="middling")
    scoped = build(
        {"leaders.presence": Track(1.0, start=LATE, scope=Scope(roles=("rep",), units=("half",), waves=(1,)))},
        extends="middling",
    )
    one, other = (run_to(start, small, s, LATE) for s in (plain, scoped))
    assert_same(columns(one), columns(other), "people.scopes")


def test_a_longer_horizon_leaves_the_weeks_of_a_shorter_one_alone(small: Organisation, start: Callable) -> None:
    short, long = (run_to(start, small, "well-run", 40, horizon=h) for h in (40, 90))
    assert np.array_equal(short.series[:40], long.series[:40])


# What is drawn before time starts


TRAITS = ("fit", "openness", "dread", "threshold", "rank", "trust", "skill", "resistance")


def test_traits_are_the_same_whatever_the_programme(medium: Organisation, start: Callable, build: Callable) -> None:
    """Two programmes with one seed meet the same people in the same worlds."""
    people = [start(medium, name, 4)[1].people for name in ("typical", "well-run", "champions-1-in-10", "go-play")]
    for name in TRAITS[:-1]:
        for other in people[1:]:
            assert np.array_equal(getattr(people[0], name), getattr(other, name)), name
    reps = np.repeat(medium.role == 2, 4)
    assert np.array_equal(people[0].resistance[: len(reps)][reps], people[1].resistance[: len(reps)][reps])
    plain, hiring = (start(medium, build({"people.skill": v}), 4)[1].people for v in (0.0, 0.5))
    for name in set(TRAITS) - {"skill"}:
        assert np.array_equal(getattr(plain, name), getattr(hiring, name)), name


def test_worlds_are_the_same_whatever_the_programme(medium: Organisation, start: Callable) -> None:
    worlds = [start(medium, name, 4)[1].world for name in ("typical", "well-run")]
    for key in parameters():
        assert np.array_equal(worlds[0][field_of(key)], worlds[1][field_of(key)])


@pytest.mark.parametrize("key", ["trying.base", "traits.fit_sd", "measuring.wage", "rivals.imitation"])
def test_one_parameter_held_leaves_the_others_as_drawn(key: str, seed: int) -> None:
    keys = replicate_keys(seed, np.arange(32))
    drawn = world_of(keys, {}, True)
    held = world_of(keys, {key: parameters()[key].value}, True)
    for other in parameters():
        equal = np.array_equal(drawn[field_of(other)], held[field_of(other)])
        assert equal == (other != key)
    assert np.all(held[field_of(key)] == np.float32(parameters()[key].value))


@pytest.fixture
def other_parameters(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[dict[str, Parameter]], None]]:
    """Let worlds be drawn from another table; none is remembered before or after."""
    import sim.population as population

    def take(table: dict[str, Parameter]) -> None:
        monkeypatch.setattr(population, "parameters", lambda: table)
        population._own_world.cache_clear()

    yield take
    population._own_world.cache_clear()


def test_an_added_parameter_shifts_no_other(other_parameters: Callable, seed: int) -> None:
    """The world is drawn by name, not in sequence: half of the parameters alone are drawn as they are among all."""
    keys = replicate_keys(seed, np.arange(16))
    every = world_of(keys, {}, True)
    some: dict[str, Parameter] = dict(reversed(list(parameters().items())[::2]))
    other_parameters(some)
    fewer = world_of(keys, {}, True)
    missing = next(key for key in parameters() if key not in some)
    assert not np.any(fewer[field_of(missing)])  # it was drawn from the other table
    for key in some:
        assert np.array_equal(every[field_of(key)], fewer[field_of(key)])


def test_narrowing_one_range_shifts_no_other(other_parameters: Callable, seed: int) -> None:
    keys = replicate_keys(seed, np.arange(16))
    every = world_of(keys, {}, True)
    changed = {**parameters(), "trying.base": replace(parameters()["trying.base"], low=0.0, high=0.1)}
    other_parameters(changed)
    narrowed = world_of(keys, {}, True)
    for key in parameters():
        assert np.array_equal(every[field_of(key)], narrowed[field_of(key)]) == (key != "trying.base")


def test_an_added_person_shifts_no_other(seed: int) -> None:
    keys = replicate_keys(seed, np.arange(8))
    for slot in Slot:
        assert np.array_equal(uniforms(keys, 50, slot), uniforms(keys, 80, slot)[:50])


def test_traits_belong_to_the_row_not_the_organisation(start: Callable, seed: int) -> None:
    """Person k has the same openness and dread in organisations of any size."""
    few, many = (start(generate(n, 1), "typical", 2)[1].people for n in (50, 400))
    for name in ("openness", "dread", "threshold", "rank"):
        assert np.array_equal(getattr(few, name)[: 50 * 4], getattr(many, name)[: 50 * 4])


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_mechanism_switched_off_shifts_no_draw(
    name: str, small: Organisation, start: Callable, build: Callable
) -> None:
    """Who is drawn, in which world and in which order is the same without it."""
    on, off = (start(small, build(extends="typical", off=o), 4)[1] for o in ((), (name,)))
    for column in (*TRAITS, "queue", "turn"):
        assert np.array_equal(getattr(on.people, column), getattr(off.people, column)), column
    assert np.array_equal(on.order, off.order)
    assert on.world.tobytes() == off.world.tobytes()


def test_worlds_do_not_move_people(small: Organisation, start: Callable) -> None:
    """Drawing the uncertain parameters leaves every person's own draws alone."""
    with_worlds, without = (start(small, "typical", 4, worlds=w)[1].people for w in (True, False))
    for name in ("openness", "dread", "rank", "queue"):
        assert np.array_equal(getattr(with_worlds, name), getattr(without, name))


def test_other_seeds_are_other_people_and_other_worlds(small: Organisation, start: Callable) -> None:
    one, other = (start(small, "typical", 4, seed=s)[1] for s in (1, 2))
    for name in ("openness", "dread", "rank", "fit"):
        a, b = (getattr(block.people, name)[: 120 * 4] for block in (one, other))
        assert abs(np.corrcoef(a, b)[0, 1]) < 4 / np.sqrt(len(a))
    assert not np.array_equal(one.world["trying_base"], other.world["trying_base"])


def test_a_replicate_is_the_same_in_any_company(small: Organisation, ensemble: Callable) -> None:
    whole = ensemble(small, "middling", 40, 20)
    alone = ensemble(small, "middling", 40, np.array([13]))
    assert np.array_equal(whole.series[:, :, 13], alone.series[:, :, 0])
    narrow = ensemble(small, "middling", 40, 20, settings=Settings(lanes=2, threads=1))
    assert np.array_equal(whole.series, narrow.series)


def test_replicates_differ(small: Organisation, ensemble: Callable) -> None:
    """No replicate of one seed is a replicate of the next, shifted."""
    one, other = (ensemble(small, "middling", 40, 16, seed=s).series[-1] for s in (1, 2))
    both = np.concatenate([one, other], axis=1).T
    assert len(np.unique(both, axis=0)) == 32


@pytest.mark.parametrize("asked", [1, 3])
def test_the_number_of_threads_asked_for_holds_everywhere(monkeypatch: pytest.MonkeyPatch, asked: int) -> None:
    """Also where the system cannot say which processors are ours."""
    assert Settings(threads=asked).resolved_threads() == asked
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert Settings(threads=asked).resolved_threads() == asked
    assert Settings().resolved_threads() >= 1
