"""Outcomes: stages, payback and means against plain Python; books that add up; a person's story that agrees."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import engine
from sim.measures import HEADLINES, OUTCOMES, curves, final, four_week_mean, payback_week
from sim.mechanisms.measuring import stage_of, weeks_in
from sim.organisation import Organisation
from sim.people import People, Stage, Status
from sim.programme import prepare
from sim.rng import BEFORE, Slot, counter, mix, replicate_keys, upper
from sim.scenario import RULES, load, override
from sim.tallies import Series
from sim.trace import STATES, trace


def stage_in_words(status: Status, weeks: list[bool]) -> Stage:
    """The first stage that applies, from the definition: ``weeks`` used by choice, the latest last."""
    used = sum(weeks[-12:])
    if not status & (Status.ACCESS | Status.REACHED):
        return Stage.UNAWARE
    if status & Status.REJECTED:
        return Stage.REJECTED
    if status & Status.REGULAR and not any(weeks[-4:]):
        return Stage.LAPSED
    if used >= 9:
        return Stage.HABITUAL
    if used >= 4:
        return Stage.USING
    if used >= 1:
        return Stage.TRIALLING
    if status & Status.TRIED:
        return Stage.DORMANT
    return Stage.AWARE


def bits_of(weeks: list[bool]) -> np.uint32:
    return np.uint32(sum(used << k for k, used in enumerate(reversed(weeks))))


FLAGS = st.lists(st.sampled_from(list(Status)), unique=True).map(lambda flags: Status(sum(flags)))


@settings(max_examples=1500, deadline=None)
@given(FLAGS, st.lists(st.booleans(), min_size=32, max_size=32), st.sampled_from([0.02, 0.3, 0.7, 1.0]), st.data())
def test_stages_follow_their_definition(status: Status, weeks: list[bool], _: float, data: st.DataObject) -> None:
    """Any facts and any 32 weeks of history, among them long silences and unbroken use."""
    quiet = data.draw(st.integers(0, 32))
    weeks = weeks[: 32 - quiet] + [data.draw(st.booleans())] * quiet
    assert stage_of(np.uint32(int(status)), bits_of(weeks)) == stage_in_words(status, weeks)
    assert weeks_in(bits_of(weeks)) == sum(weeks[-12:])


def test_every_stage_can_be_reached() -> None:
    access = Status.ACCESS
    used = access | Status.TRIED
    cases = {
        Stage.UNAWARE: (Status(0), [True] * 12),
        Stage.REJECTED: (used | Status.REJECTED | Status.REGULAR, [True] * 12),
        Stage.LAPSED: (used | Status.REGULAR, [True] * 8 + [False] * 4),
        Stage.HABITUAL: (used | Status.REGULAR, [False] * 3 + [True] * 9),
        Stage.USING: (used | Status.REGULAR, [False] * 4 + [True] * 8),
        Stage.TRIALLING: (used, [True] * 3 + [False] * 9),
        Stage.DORMANT: (used, [False] * 12),
        Stage.AWARE: (Status.REACHED, [False] * 12),
    }
    assert set(cases) == set(Stage)
    for stage, (status, weeks) in cases.items():
        assert stage_of(np.uint32(int(status)), bits_of(weeks)) == stage == stage_in_words(status, weeks)


@pytest.mark.parametrize("weeks", range(13))
def test_habitual_takes_nine_of_twelve_weeks(weeks: int) -> None:
    """Exactly; use before the last twelve weeks does not count."""
    status = np.uint32(int(Status.ACCESS | Status.TRIED | Status.REGULAR))
    history = [True] * 20 + [False] * (12 - weeks) + [True] * weeks
    assert (stage_of(status, bits_of(history)) == Stage.HABITUAL) == (weeks >= 9)


# Known answers


def payback_by_hand(net: list[float]) -> float:
    cumulated, total = [], 0.0
    for week in net:
        total += week
        cumulated.append(total)
    for week in range(len(net)):
        if all(c > 0 for c in cumulated[week:]):
            return float(week)
    return float("nan")


@pytest.mark.parametrize(
    ("net", "week"),
    [
        ([1, 1, 1], 0),
        ([-1, 1, 1], 2),
        ([-1, 2, 0], 1),
        ([-1, 2, -2, 5], 3),
        ([-1, 1, 0], None),
        ([0, 0, 0], None),
        ([5, -9, 1], None),
        ([0, 0, 1], 2),
    ],
)
def test_payback_is_the_first_week_from_which_it_stays_paid(net: list[float], week: int | None) -> None:
    got = payback_week(np.array(net, float)[:, None])
    assert np.isnan(got[0]) if week is None else got[0] == week


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=12))
def test_payback_agrees_with_a_count_by_hand(net: list[int]) -> None:
    got = payback_week(np.array([net, net[::-1]], float).T)
    assert np.array_equal(got, [payback_by_hand(net), payback_by_hand(net[::-1])], equal_nan=True)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(-100, 100), min_size=1, max_size=30))
def test_a_four_week_mean_is_the_mean_of_what_there_is(values: list[int]) -> None:
    got = four_week_mean(np.array(values, float)[:, None])[:, 0]
    assert np.allclose(got, [np.mean(values[max(0, k - 3) : k + 1]) for k in range(len(values))])


# The books of a run


@pytest.fixture(scope="module", params=["typical", "well-run", "crawl-walk-run", "mandate-only"])
def ran(request: pytest.FixtureRequest, medium: Organisation, ensemble: Callable):  # type: ignore[no-untyped-def]
    return ensemble(medium, request.param, 104, 8, by_unit=True)


def test_everyone_is_in_one_stage_each_week(ran, medium: Organisation) -> None:  # type: ignore[no-untyped-def]
    assert np.allclose(ran.series[:, :8].sum(axis=1), 1, atol=1e-6)
    assert np.all(ran.unit_stages.sum(axis=(1, 2)) == medium.headcount)
    sizes = np.bincount(medium.unit)
    assert np.all(ran.unit_stages.sum(axis=2) == sizes[None, :, None])
    shares = ran.unit_stages.sum(axis=1) / medium.headcount
    assert np.array_equal(shares.astype(np.float32), ran.series[:, :8])


def test_what_is_logged_holds_what_is_meant(ran) -> None:  # type: ignore[no-untyped-def]
    assert np.all(curves(ran, "weekly_active") <= curves(ran, "logged_active"))
    assert np.all(ran.series[:, Series.ACTIVE] <= ran.series[:, Series.LOGGED])
    assert np.all(ran.series[:, Series.LOGGED] <= ran.series[:, Series.LICENSED])
    assert np.all(curves(ran, "habitual") <= curves(ran, "dashboard_habit") + curves(ran, "lapsed") + 1e-6)
    assert np.all(curves(ran, "dashboard_power") <= curves(ran, "dashboard_habit"))


def test_what_cumulates_never_falls(ran) -> None:  # type: ignore[no-untyped-def]
    assert np.all(np.diff(curves(ran, "cost"), axis=0) >= 0)
    assert np.all(np.diff(curves(ran, "tried"), axis=0) >= 0)
    assert np.all(ran.series[:, Series.SOMETIMES] + ran.series[:, Series.OFTEN] <= 1 + 1e-6)


def test_nobody_is_habitual_in_the_first_eight_weeks(ran) -> None:  # type: ignore[no-untyped-def]
    """Nine weeks of use take nine weeks."""
    assert np.all(ran.series[:8, Stage.HABITUAL] == 0)
    assert ran.series[:, Stage.HABITUAL].max() > 0


def test_outcomes_have_curves_with_meaning_and_an_end(ran) -> None:  # type: ignore[no-untyped-def]
    assert set(HEADLINES) <= set(OUTCOMES)
    for name, outcome in OUTCOMES.items():
        values = curves(ran, name)
        assert values.shape == (104, 8)
        assert outcome.good in (-1, 0, 1) and outcome.unit and outcome.meaning
        assert np.array_equal(final(ran, name), values[-1], equal_nan=True)
        assert np.array_equal(final(ran, name, 30), values[30], equal_nan=True)
        if name != "payback_week":
            assert np.all(np.isfinite(values)), name
        if outcome.is_share and name not in ("capacity_gain", "perception_gap"):
            assert values.min() >= 0 and values.max() <= 1 + 1e-6, name


@pytest.mark.parametrize("rule", RULES)
def test_habitual_people_have_used_it_in_nine_of_twelve_weeks(
    rule: str, medium: Organisation, start: Callable, build: Callable, week_by_week: Callable
) -> None:
    """Followed week by week outside the bit mask: what is counted is what was done, by choice, with access."""
    scenario = build({"circumstances.turnover": 0.3, "rollout.seats": 0.8}, extends="well-run")
    programme, block = start(medium, scenario, 60, rule=rule)
    n, lanes = medium.headcount, len(block.keys)
    deeds: list[np.ndarray] = []
    for week in week_by_week(programme, block):
        status = block.people.status[: n * lanes].reshape(n, lanes)
        used = (status & np.uint32(int(Status.ACTIVE))) > 0
        joined = (block.people.history[: n * lanes].reshape(n, lanes) >> np.uint32(1)) == 0
        deeds = [d & ~joined for d in deeds[-11:]]  # whoever has no history has none in our books either
        deeds.append(used)
        assert not (used & ((status & np.uint32(int(Status.ACCESS))) == 0)).any()
        assert not (used & ((status & np.uint32(int(Status.COMPLIED))) > 0)).any()
        weeks = np.sum(deeds, axis=0)
        gone = (status & np.uint32(int(Status.REJECTED))) > 0
        aware = (status & np.uint32(int(Status.ACCESS | Status.REACHED))) > 0
        regular = (status & np.uint32(int(Status.REGULAR))) > 0
        lapsed = regular & (np.sum(deeds[-4:], axis=0) == 0)
        habitual = (weeks >= 9) & aware & ~gone & ~lapsed
        assert np.array_equal(np.float32(habitual.sum(axis=0) / n), block.series[week, Stage.HABITUAL]), week
        assert np.array_equal(np.float32(used.sum(axis=0) / n), block.series[week, Series.ACTIVE])


def test_nothing_done_costs_nothing(medium: Organisation, ensemble: Callable, build: Callable) -> None:
    """Without access (the rollout starts after the horizon) there is no cost, no use, no value, in any world."""
    idle = ensemble(medium, build({"rollout.start_week": 200}), 104, 8)
    for which in (Series.COST, Series.VALUE, Series.ACTIVE, Series.LOGGED, Series.LICENSED, Series.TRIED):
        assert np.all(idle.series[:, which] == 0)
    assert np.all(np.isnan(final(idle, "payback_week")))


def test_licences_alone_cost_their_price(medium: Organisation, ensemble: Callable, build: Callable) -> None:
    price = 11.0
    open_to_all = ensemble(medium, build(parameters={"measuring.licence": price}), 30, 4)
    assert np.allclose(open_to_all.series[:, Series.COST], price * medium.headcount)
    half = ensemble(medium, build({"rollout.seats": 0.5}, {"measuring.licence": price}), 30, 4)
    assert np.allclose(half.series[:, Series.COST], price * 0.5 * medium.headcount)


def test_hours_become_money_by_the_wage_alone(medium: Organisation, ensemble: Callable, build: Callable) -> None:
    """Training of everyone at a given wage, price and length, added up by hand."""
    wage, hours = 50.0, 4.0
    numbers = {"measuring.licence": 0.0, "measuring.wage": wage, "measuring.training_hours": hours}
    run = ensemble(medium, build({"training.capacity": 0.1}, numbers), 30, 4, worlds=False)
    total = run.series[:, Series.COST].sum(axis=0)
    from sim.passports import levers

    money = levers()["training.capacity"].cost.money
    assert np.allclose(total, medium.headcount * (money + hours * wage), rtol=1e-5)


@pytest.mark.parametrize("name", ["well-run", "middling", "crawl-walk-run"])
def test_hours_are_those_that_the_cost_counts(medium: Organisation, name: str) -> None:
    """With a wage of one more, the same run costs exactly its hours more."""
    low, high = (
        engine.run(medium, [prepare(override(load(name), f"parameters.measuring.wage={wage}"), medium, 40)], 8, 3)[0]
        for wage in (50, 150)
    )
    by_difference = (final(high, "cost") - final(low, "cost")) / 100
    assert final(low, "hours") == pytest.approx(by_difference, rel=1e-3) and final(low, "hours").min() > 0


def test_people_left_alone_with_a_tool_hardly_use_it(medium: Organisation, ensemble: Callable, build: Callable) -> None:
    """A programme without any lever: licences for all, and almost nobody habitual after two years."""
    alone = ensemble(medium, build(), 104, 32)
    assert final(alone, "habitual").mean() < 0.05
    assert final(alone, "weekly_active").mean() < 0.1


# One person's story


@pytest.mark.parametrize("person", [0, 40, 119])
@pytest.mark.parametrize("replicate", [0, 5])
def test_a_trace_agrees_with_the_ensemble_and_its_own_draws(
    person: int, replicate: int, small: Organisation, start: Callable, week_by_week: Callable, seed: int
) -> None:
    """Same states week by week, and use if and only if the draw falls below the chance (with access, not given up)."""
    programme = prepare(load("middling"), small, 60)
    story = trace(small, programme, person, seed=seed, replicate=replicate)
    _, block = start(small, "middling", 60, lanes=8)
    key = replicate_keys(seed, np.arange(8))[replicate]
    cell = person * 8 + replicate
    gave_up = False
    for week in week_by_week(programme, block):
        status = Status(int(block.people.status[cell]))
        draw = upper(np.uint64(mix(np.uint64(counter(person, week, int(Slot.TRY_SUCCEED))) ^ key)))
        chance = story.facts["chance"][week]
        assert story.facts["used"][week] == (bool(Status.ACCESS & status) and not gave_up and draw < chance)
        for name, flag in {"access": Status.ACCESS, "used": Status.ACTIVE, "complied": Status.COMPLIED}.items():
            assert story.facts[name][week] == bool(status & flag)
        for name in STATES:
            if name in People._fields:  # what surrounds people is kept by the trace alone
                assert story.facts[name][week] == getattr(block.people, name)[cell], (week, name)
        stage = Stage(int(stage_of(block.people.status[cell], block.people.history[cell])))
        assert story.facts["stage"][week] == stage.name.lower()
        gave_up = bool(status & Status.REJECTED)
    assert any(story.facts["used"])


def test_the_terms_of_a_story_add_up_to_its_chance(small: Organisation, seed: int) -> None:
    story = trace(small, prepare(load("middling"), small, 40), 60, seed=seed, worlds=False)
    utility = np.sum([terms.astype(float) for terms in story.terms.values()], axis=0)
    from sim.passports import parameters

    chance = (1 - parameters()["trying.no_occasion"].value) / (1 + np.exp(-utility))
    assert np.allclose(story.facts["chance"], chance, atol=1e-5)
    assert story.person == small.ids[60] and story.weeks.max() < BEFORE
