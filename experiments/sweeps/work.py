"""One batch of design points, run: what a worker does, on this machine or another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from experiments import outcomes
from sim import engine
from sim.organisation import Organisation
from sim.passports import InputError
from sim.programme import prepare
from sim.scenario import Scenario, override
from sim.sizing import Settings

AT_ONCE = 1024
"""Replicates whose weekly series are held at a time."""


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

    def schema(self) -> pa.Schema:
        """The columns of the table of outcomes, in order."""
        named = [("run", pa.string()), ("point", pa.int64()), ("scenario", pa.string()), ("organisation", pa.string())]
        named += [(key, pa.string() if key in self.text else pa.float64()) for key in self.inputs]
        named += [("replicate", pa.int64()), ("world", pa.int64()), ("seed", pa.uint64())]
        named += [("version", pa.string()), ("fingerprint", pa.string())]
        named += [(f"{outcome}@{week}", pa.float32()) for outcome in self.outcomes for week in self.at]
        return pa.schema(named)


def carry_out(
    job: Job,
    scenario: Scenario,
    organisation: Organisation,
    batch: Batch,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[pa.Table | None, dict[int, str]]:
    """The rows of a batch (None if all its points failed), and what went wrong with those that failed, by point.

    A point stands alone: whatever it raises is its own result. A true ``cancelled()`` raises KeyboardInterrupt.
    """
    tables, failed = [], {}
    for point in batch.points:
        try:
            values = run_point(job, scenario, organisation, batch.seed, point, cancelled)
            tables.append(_table(job, batch, point, values))
        except Exception as error:
            failed[point.number] = said(error)
    return (pa.concat_tables(tables).combine_chunks() if tables else None), failed


def run_point(
    job: Job,
    scenario: Scenario,
    organisation: Organisation,
    seed: int,
    point: Point,
    cancelled: Callable[[], bool] | None = None,
) -> dict[str, np.ndarray]:
    """The point's outcomes by column, float32 [replicates] each."""
    for key, value in point.inputs.items():
        text = value if isinstance(value, str) else repr(value)
        scenario = override(scenario, f"{key if key.startswith('parameters.') else 'levers.' + key}={text}")
    programme = prepare(scenario, organisation, job.weeks, job.rule)
    settings = Settings(threads=1, memory=job.memory)
    found: dict[str, list[np.ndarray]] = {f"{o}@{week}": [] for o in job.outcomes for week in job.at}
    for start in range(0, job.replicates, AT_ONCE):
        chosen = np.arange(start, min(start + AT_ONCE, job.replicates))
        (ensemble,) = engine.run(
            organisation, [programme], chosen, seed, worlds=job.worlds, settings=settings, cancelled=cancelled
        )
        for outcome in job.outcomes:
            curve = outcomes.ALL[outcome].curve(ensemble.series)
            for week in job.at:
                found[f"{outcome}@{week}"].append(curve[week - 1].astype(np.float32))
    return {column: np.concatenate(parts) for column, parts in found.items()}


def _table(job: Job, batch: Batch, point: Point, values: Mapping[str, np.ndarray]) -> pa.Table:
    count = job.replicates
    numbers = np.arange(count)
    columns: dict[str, object] = {
        "run": [point.run] * count,
        "point": np.full(count, point.number),
        "scenario": [batch.scenario] * count,
        "organisation": [batch.organisation] * count,
        **{key: [point.inputs[key]] * count for key in job.inputs},
        "replicate": numbers,
        "world": numbers if job.worlds else np.full(count, -1),
        "seed": np.full(count, batch.seed, np.uint64),
        "version": [job.version] * count,
        "fingerprint": [job.fingerprint] * count,
        **values,
    }
    schema = job.schema()
    # NaN ("never") is kept as missing: every reader of Parquet knows what that is
    return pa.table([pa.array(columns[f.name], f.type, from_pandas=True) for f in schema], schema=schema)


def said(error: BaseException) -> str:
    """An error in one line."""
    text = " ".join(str(error).split()) or "no more is known"
    return text if isinstance(error, InputError) else f"{type(error).__name__}: {text}"
