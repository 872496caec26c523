"""The same replicate is the same to the last bit, however it is run: alone as a Mesa model, in a lane, on threads."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from sim.block import Block
from sim.engine import run, run_block
from sim.measures import HEADLINES, curves
from sim.model import AdoptionModel
from sim.organisation import generate
from sim.population import populate_block
from sim.programme import prepare
from sim.scenario import RULES, Scenario, library, load
from sim.sizing import Settings

SEED, WEEKS, LANES = 5, 30, 64
ORGANISATION = generate(137, seed=3)  # neither people nor units fill whole tiles

EVENTS = {
    "staged, with turnover": (
        "crawl-walk-run",
        ["levers.circumstances.turnover=0.5", "levers.circumstances.quarter_end=0.8"],
    ),
    "fixed waves over the network, few seats": (
        "fixed-waves",
        ["levers.rollout.by=network", "levers.rollout.gap=3", "levers.rollout.seats=0.6"],
    ),
    "incident and withdrawal": (
        "well-run",
        [
            "levers.circumstances.incident_week=7",
            "levers.leaders.withdraw_week=15",
            "levers.circumstances.turnover=0.3",
        ],
    ),
    "converted and committed": (
        "middling",
        ["levers.people.converted_share=0.4", "levers.people.committed_share=0.1", "levers.leaders.mandate=0.7"],
    ),
    "volunteers, rules switched off": (
        "well-run",
        ["levers.champions.chosen=volunteers", "mechanisms.influence=off", "mechanisms.rollout=off"],
    ),
}


def eventful(name: str) -> Scenario:
    scenario, overrides = EVENTS[name]
    return load(scenario, overrides)


def state(block: Block, lane: int) -> Iterator[tuple[str, bytes]]:
    """Every state column of one lane, as bytes."""
    lanes = len(block.keys)
    rows = {
        "people": ORGANISATION.headcount,
        "leaders": len(block.graph.leader_person),
        "units": ORGANISATION.n_units,
    }
    for kind, count in rows.items():
        table = getattr(block, kind)
        for name in table._fields:
            yield f"{kind}.{name}", getattr(table, name)[: count * lanes].reshape(count, lanes)[:, lane].tobytes()
    for name in block.firm._fields:
        column = getattr(block.firm, name).reshape(-1, lanes)
        assert (column == column[0]).all(), f"firm.{name} is not the same in every repetition of a lane"
        yield f"firm.{name}", column[0, lane].tobytes()
    yield "sight", block.sight.reshape(-1, lanes)[:, lane].tobytes()
    yield "series", block.series[:, :, lane].tobytes()


def differing(one: Block, lane: int, many: Block) -> list[str]:
    return [name for (name, mine), (_, theirs) in zip(state(one, 0), state(many, lane), strict=True) if mine != theirs]


def assert_lanes_are_models(scenario: Scenario, rule: str, lanes: tuple[int, ...]) -> None:
    programme = prepare(scenario, ORGANISATION, WEEKS, rule)
    many = populate_block(ORGANISATION, programme, np.arange(LANES), SEED, worlds=True)
    models = {
        r: AdoptionModel(ORGANISATION, scenario, rng=SEED, weeks=WEEKS, worlds=True, replicate=r, rule=rule)
        for r in lanes
    }
    for week in range(WEEKS):
        for lane, model in models.items():
            assert not differing(model.block, lane, many), f"before week {week}, lane {lane}"
            model.step()
        run_block(many, programme.tracks, week, week + 1)
    for lane, model in models.items():
        assert not differing(model.block, lane, many), f"at the end, lane {lane}"


def test_one_bit_in_one_lane_would_show() -> None:
    programme = prepare(load("typical"), ORGANISATION, WEEKS)
    many = populate_block(ORGANISATION, programme, np.arange(2), SEED, worlds=True)
    models = [AdoptionModel(ORGANISATION, rng=SEED, weeks=WEEKS, worlds=True, replicate=r) for r in range(2)]
    many.people.history[17 * 2 + 1] ^= 1
    assert differing(models[0].block, 0, many) == []
    assert differing(models[1].block, 1, many) == ["people.history"]


@pytest.mark.parametrize("name", library())
def test_every_scenario_week_by_week(name: str) -> None:
    assert_lanes_are_models(load(name), "experience", (0, 41))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", EVENTS)
def test_events_and_rival_rules_week_by_week(name: str, rule: str) -> None:
    assert_lanes_are_models(eventful(name), rule, (1, 30, 63))


@pytest.mark.parametrize("name", EVENTS)
def test_people_split_over_threads_week_by_week(name: str) -> None:
    programme = prepare(eventful(name), ORGANISATION, WEEKS)
    replicates = np.arange(4)
    alone = populate_block(ORGANISATION, programme, replicates, SEED, worlds=True)
    split = {n: populate_block(ORGANISATION, programme, replicates, SEED, worlds=True, parts=n) for n in (2, 3)}
    for week in range(WEEKS):
        run_block(alone, programme.tracks, week, week + 1)
        for threads, block in split.items():
            run_block(block, programme.tracks, week, week + 1, threads=threads)
            for lane in range(len(replicates)):
                assert list(state(block, lane)) == list(state(alone, lane)), f"week {week}, {threads} threads"


def test_width_and_threads_change_nothing() -> None:
    programmes = [prepare(eventful(name), ORGANISATION, WEEKS) for name in EVENTS]
    replicates = 70  # the last block is not full
    expected = run(ORGANISATION, programmes, replicates, SEED, settings=Settings(1, 1), by_unit=True)
    for lanes, threads in ((1, 2), (2, 1), (8, 2), (64, 1), (64, 2)):
        got = run(ORGANISATION, programmes, replicates, SEED, settings=Settings(threads, lanes), by_unit=True)
        for mine, theirs in zip(got, expected, strict=True):
            assert mine.series.tobytes() == theirs.series.tobytes(), (lanes, threads, mine.programme.scenario.name)
            assert mine.unit_stages is not None and theirs.unit_stages is not None
            assert np.array_equal(mine.unit_stages, theirs.unit_stages)


def test_order_of_blocks_programmes_and_replicates_changes_nothing() -> None:
    programmes = [prepare(load(name), ORGANISATION, WEEKS) for name in ("typical", "well-run")]
    typical, well_run = run(ORGANISATION, programmes, 20, SEED, settings=Settings(2, 8))
    shuffled = np.random.default_rng(1).permutation(20)
    backwards = run(ORGANISATION, programmes[::-1], shuffled, SEED, settings=Settings(2, 8))
    assert np.array_equal(backwards[0].series, well_run.series[:, :, shuffled])
    assert np.array_equal(backwards[1].series, typical.series[:, :, shuffled])


def test_one_large_run_on_threads_is_the_mesa_model() -> None:
    programme = prepare(eventful("staged, with turnover"), ORGANISATION, WEEKS)
    (ensemble,) = run(ORGANISATION, [programme], 1, SEED, settings=Settings(2, 64))
    model = AdoptionModel(ORGANISATION, programme.scenario, rng=SEED, weeks=WEEKS, worlds=True)
    model.run_model()
    assert model.week == WEEKS
    assert np.array_equal(ensemble.series, model.block.series)
    for name in HEADLINES:
        assert np.array_equal(curves(ensemble, name)[:, 0], model.curve(name), equal_nan=True), name
        assert np.array_equal(curves(ensemble, name)[-1, 0], model.outcome(name), equal_nan=True), name


def test_a_larger_organisation_all_the_way() -> None:
    organisation, scenario = generate(1100, seed=4), eventful("incident and withdrawal")
    (ensemble,) = run(organisation, [prepare(scenario, organisation, 104)], 64, SEED)
    for replicate in (0, 37, 63):
        model = AdoptionModel(organisation, scenario, rng=SEED, worlds=True, replicate=replicate)
        model.run_model()
        assert np.array_equal(ensemble.series[:, :, replicate], model.block.series[:, :, 0])


def test_stepping_past_the_horizon_is_a_longer_horizon() -> None:
    scenario = eventful("staged, with turnover")
    short = AdoptionModel(ORGANISATION, scenario, rng=SEED, weeks=5, worlds=True)
    long = AdoptionModel(ORGANISATION, scenario, rng=SEED, weeks=23, worlds=True)
    for week in range(23):
        assert short.running == (week < 5)
        short.step()
        long.step()
        assert np.array_equal(short.block.series[: week + 1], long.block.series[: week + 1])
        assert [*state(short.block, 0)][:-1] == [*state(long.block, 0)][:-1], week
