"""What tests share: small organisations, programmes built from levers, blocks run week by week and their columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib.resources import as_file, files
from typing import Any

import numpy as np
import pytest

from sim.block import Block
from sim.engine import Ensemble, parts_of, run, run_block
from sim.organisation import Organisation, assemble, generate, read_organisation
from sim.passports import levers as all_levers
from sim.people import FIRM, LEADERS, PEOPLE, UNITS, seen
from sim.population import populate_block
from sim.programme import Programme, prepare
from sim.scenario import Scenario, Track, load
from sim.sizing import Settings

SEED = 7
"""The seed of tests that need one; whatever holds for it must hold for any."""


@pytest.fixture(scope="session")
def seed() -> int:
    """One seed for all tests, so that a failure repeats."""
    return SEED


@pytest.fixture(scope="session")
def small() -> Organisation:
    """120 generated people: every role, several units, skewed spans."""
    return generate(120, 3)


@pytest.fixture(scope="session")
def medium() -> Organisation:
    """500 generated people."""
    return generate(500, 2)


@pytest.fixture(scope="session")
def meridian() -> Organisation:
    """The roster that ships with the project, with its ties."""
    folder = files("scenarios").joinpath("orgs")
    roster, ties = folder.joinpath("meridian.csv"), folder.joinpath("meridian_ties.csv")
    with as_file(roster) as people, as_file(ties) as pairs:
        return read_organisation(people, ties_path=pairs)


@pytest.fixture(scope="session")
def flat() -> Callable[..., Organisation]:
    """``flat(n, unit=None)``: one root above ``n`` people without ties; row of person k: ``index[f"{k:06d}"]``."""

    def make(people: int, unit: list[str] | None = None) -> Organisation:
        ids = ["root", *(f"{k:06d}" for k in range(people))]
        manager = np.array([-1] + [0] * people)
        return assemble(ids, manager, unit=["Everyone"] * (people + 1) if unit is None else ["Top", *unit])

    return make


@pytest.fixture(scope="session")
def build() -> Callable[..., Scenario]:
    """``build(levers, parameters, off, extends)``: a scenario in place; a lever is a value, a choice or a Track."""

    def make(
        levers: Mapping[str, float | str | Track] | None = None,
        parameters: Mapping[str, float] | None = None,
        off: tuple[str, ...] = (),
        extends: str | Scenario | None = None,
    ) -> Scenario:
        base = load(extends) if isinstance(extends, str) else extends
        tracks = dict(base.levers) if base else {}
        for key, value in (levers or {}).items():
            if isinstance(value, str):
                value = float(all_levers()[key].choices.index(value))
            tracks[key] = value if isinstance(value, Track) else Track(float(value))
        numbers = {**(base.parameters if base else {}), **(parameters or {})}
        names = tuple(sorted({*(base.mechanisms_off if base else ()), *off}))
        return Scenario("made", "made", "made", "made", levers=tracks, parameters=numbers, mechanisms_off=names)

    return make


@pytest.fixture(scope="session")
def start() -> Callable[..., tuple[Programme, Block]]:
    """``start(organisation, scenario, weeks, ...)``: the programme, and its block before the first week."""

    def make(
        organisation: Organisation,
        scenario: Scenario | str,
        weeks: int,
        *,
        rule: str = "experience",
        lanes: int = 4,
        seed: int = SEED,
        worlds: bool = True,
    ) -> tuple[Programme, Block]:
        made = load(scenario) if isinstance(scenario, str) else scenario
        programme = prepare(made, organisation, weeks, rule)
        return programme, populate_block(organisation, programme, np.arange(lanes), seed, worlds=worlds)

    return make


@pytest.fixture(scope="session")
def week_by_week() -> Callable[[Programme, Block], Iterator[int]]:
    """Run a block one week at a time; after each, its number."""

    def advance(programme: Programme, block: Block) -> Iterator[int]:
        for week in range(programme.weeks):
            run_block(block, programme.tracks, week, week + 1)
            yield week

    return advance


@pytest.fixture(scope="session")
def columns() -> Callable[[Block], dict[str, np.ndarray]]:
    """Every state column of a block, by ``table.name``, as copies [rows, lanes] without padding."""

    def read(block: Block) -> dict[str, np.ndarray]:
        lanes = len(block.keys)
        rows = {
            "people": len(block.graph.unit),
            "leaders": len(block.graph.leader_person),
            "units": len(block.graph.unit_start) - 1,
            "firm": 1,
        }
        tables = {"people": PEOPLE, "leaders": LEADERS, "units": UNITS, "firm": FIRM}
        visible = {f"sight.{name}": values.copy() for name, values in seen(block.sight, lanes).items()}
        return visible | {
            f"{table}.{c.name}": getattr(getattr(block, table), c.name)[: n * lanes].reshape(n, lanes).copy()
            for table, n in rows.items()
            for c in tables[table]
        }

    return read


@pytest.fixture(scope="session")
def finish(start: Any) -> Callable[..., Block]:
    """``finish(organisation, scenario, weeks, ...)``: the block after its last week (arguments as ``start``)."""

    def make(*args: Any, **options: Any) -> Block:
        programme, block = start(*args, **options)
        run_block(block, programme.tracks, 0, programme.weeks)
        return block

    return make


@pytest.fixture(scope="session")
def ensemble() -> Callable[..., Ensemble]:
    """``ensemble(organisation, scenario, weeks, replicates, ...)``: an ensemble of one programme."""

    def make(
        organisation: Organisation,
        scenario: Scenario | str,
        weeks: int = 104,
        replicates: int = 16,
        *,
        rule: str = "experience",
        seed: int = SEED,
        worlds: bool = True,
        settings: Settings | None = None,
        by_unit: bool = False,
    ) -> Ensemble:
        made = load(scenario) if isinstance(scenario, str) else scenario
        programme = prepare(made, organisation, weeks, rule)
        return run(organisation, [programme], replicates, seed, worlds=worlds, settings=settings, by_unit=by_unit)[0]

    return make


@pytest.fixture(scope="session")
def part_of() -> Callable[[Block], Any]:
    """All of a block's people as one part, to run single steps."""
    return lambda block: parts_of(block, 1)[0]
