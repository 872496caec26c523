"""One batch of design points, run: what a worker does, on this machine or another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa

from experiments import outcomes
from experiments.sweeps import agents
from experiments.sweeps.stepping import step
from sim.organisation import Organisation
from sim.passports import InputError
from sim.programme import prepare
from sim.scenario import Scenario, override

AT_ONCE = 1024
"""Replicates whose weekly series are held at a time."""
POINTS, AGENTS = "points", "agents"
"""Kinds of tables: outcomes of points, and traces of people."""


@dataclass(frozen=True)
class Point:
    """One design point: its number, run id and the values of its factors by column."""

    number: int
    run: str
    inputs: Mapping[str, float | str]


@dataclass(frozen=True)
class Batch:
    """Points of one scenario, organisation and seed, in order."""

    number: int
    scenario: str
    organisation: str
    seed: int
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Job:
    """What all points of a sweep share. ``text`` names the input columns that hold words."""

    inputs: tuple[str, ...]
    text: frozenset[str]
    outcomes: tuple[str, ...]
    at: tuple[int, ...]
    weeks: int
    replicates: int
    worlds: bool
    rule: str
    version: str
    fingerprint: str
    memory: int
    agents: tuple[str, ...] = ()

    @property
    def columns(self) -> list[str]:
        """The columns of outcomes."""
        return outcomes.columns(self.outcomes, self.at)

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns of the table of outcomes, in order."""
        named = [("run", pa.string()), ("point", pa.int64()), ("scenario", pa.string()), ("organisation", pa.string())]
        named += [(key, pa.string() if key in self.text else pa.float64()) for key in self.inputs]
        named += [("replicate", pa.int64()), ("world", pa.int64()), ("seed", pa.uint64())]
        named += [("version", pa.string()), ("fingerprint", pa.string())]
        named += [(column, pa.float32()) for column in self.columns]
        return pa.schema(named)


@dataclass(frozen=True, eq=False)
class Found:
    """A point's outcomes by column, float32 [replicates] each, and the states of its people where they are kept."""

    outcomes: Mapping[str, np.ndarray]
    traces: Mapping[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Answer:
    """What comes of a batch: its tables by kind (none if all its points failed), and what went wrong, by point."""

    tables: Mapping[str, pa.Table]
    failed: Mapping[int, str]


def carry_out(
    job: Job,
    scenario: Scenario,
    organisation: Organisation,
    batch: Batch,
    cancelled: Callable[[], bool] | None = None,
) -> Answer:
    """The rows of a batch.

    A point stands alone: whatever it raises is its own result. A true ``cancelled()`` raises KeyboardInterrupt.
    """
    tables, failed = [], {}
    for point in batch.points:
        try:
            found = run_point(job, scenario, organisation, batch.seed, point, cancelled)
            tables.append(_tables(job, organisation, batch, point, found))
        except Exception as error:
            failed[point.number] = said(error)
    return Answer(joined(tables), failed)


def joined(tables: Sequence[Mapping[str, pa.Table]]) -> dict[str, pa.Table]:
    """Tables of points, in their order, as one of each kind: the same bytes however the points were parted."""
    kinds = tables[0] if tables else ()
    return {kind: pa.concat_tables([each[kind] for each in tables]).combine_chunks() for kind in kinds}


def run_point(
    job: Job,
    scenario: Scenario,
    organisation: Organisation,
    seed: int,
    point: Point,
    cancelled: Callable[[], bool] | None = None,
) -> Found:
    """Run all replicates of a point. Raises InputError where its levers cannot be together."""
    programme = prepare(at_point(scenario, point.inputs), organisation, job.weeks, job.rule)
    columns: dict[str, list[np.ndarray]] = {column: [] for column in job.columns}
    traces: dict[str, list[np.ndarray]] = {name: [] for name in job.agents}
    for start in range(0, job.replicates, AT_ONCE):
        chosen = np.arange(start, min(start + AT_ONCE, job.replicates))
        stepped = step(
            organisation, programme, chosen, seed,
            worlds=job.worlds, memory=job.memory, wanted=job.agents, at=job.at, cancelled=cancelled,
        )  # fmt: skip
        for outcome in job.outcomes:
            curve = outcomes.ALL[outcome].curve(stepped.series)
            for week in job.at:
                columns[outcomes.column(outcome, week)].append(curve[week - 1].astype(np.float32))
        for name, values in stepped.traces.items():
            traces[name].append(values)
    return Found(
        {column: np.concatenate(parts) for column, parts in columns.items()},
        {name: np.concatenate(parts) for name, parts in traces.items()},
    )


def at_point(scenario: Scenario, inputs: Mapping[str, float | str]) -> Scenario:
    """What ``--set`` would make of the scenario, parameters (checked when the study was read) in one go."""
    parameters = dict(scenario.parameters)
    for key, value in inputs.items():
        if key.startswith("parameters."):
            parameters[key.removeprefix("parameters.")] = float(value)
        else:
            scenario = override(scenario, f"levers.{key}={value if isinstance(value, str) else repr(value)}")
    return replace(scenario, parameters=parameters)


def _tables(job: Job, organisation: Organisation, batch: Batch, point: Point, found: Found) -> dict[str, pa.Table]:
    tables = {POINTS: _table(job, batch, point, found.outcomes)}
    if job.agents:
        tables[AGENTS] = agents.table(point.run, point.number, job.at, organisation, found.traces)
    return tables


def _table(job: Job, batch: Batch, point: Point, values: Mapping[str, np.ndarray]) -> pa.Table:
    numbers = np.arange(job.replicates)
    columns: dict[str, object] = {
        "run": point.run,
        "point": point.number,
        "scenario": batch.scenario,
        "organisation": batch.organisation,
        **point.inputs,
        "replicate": numbers,
        "world": numbers if job.worlds else -1,
        "seed": batch.seed,
        "version": job.version,
        "fingerprint": job.fingerprint,
        **values,
    }
    return pa.table([_column(columns[each.name], each.type, len(numbers)) for each in job.schema], schema=job.schema)


def _column(value: object, kind: pa.DataType, count: int) -> pa.Array:
    """An array as it is, anything else ``count`` times. NaN ("never") is missing, as readers of Parquet know it."""
    if isinstance(value, np.ndarray):
        return pa.array(value, kind, from_pandas=True)
    return pa.repeat(pa.scalar(value, kind), count)


def said(error: BaseException) -> str:
    """An error in one line."""
    text = " ".join(str(error).split()) or "no more is known"
    return text if isinstance(error, InputError) else f"{type(error).__name__}: {text}"
