"""A comparison as tidy tables, one observation a row. No ids, no names, no group of under five people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from experiments import outcomes
from experiments.compare import Comparison
from sim.organisation import Organisation
from sim.organisation.describe import SMALL_UNITS, SMALLEST_GROUP
from sim.people import Stage


def tables(c: Comparison) -> dict[str, pa.Table]:
    """The tables by name; ``stages_by_unit`` only where stages were counted by unit."""
    found = {"curves": curves(c), "outcomes": replicates(c)}
    if len(c.names) > 1:
        found["differences"] = differences(c)
    if all(ensemble.unit_stages is not None for ensemble in c.ensembles.values()):
        found["stages_by_unit"] = stages_by_unit(c)
    return found


def curves(c: Comparison) -> pa.Table:
    """scenario, week (from 0), outcome, mean, low, high: 5th and 95th percentile over replicates."""
    parts = []
    for name in c.names:
        for outcome in outcomes.ALL:
            b = c.band(name, outcome)
            parts.append(
                _table(
                    scenario=_same(name, c.weeks),
                    week=b.week,
                    outcome=_same(outcome, c.weeks),
                    mean=b.mean,
                    low=b.low,
                    high=b.high,
                )
            )
    return pa.concat_tables(parts)


def replicates(c: Comparison) -> pa.Table:
    """scenario, replicate, outcome, value at the end; null where it was never reached."""
    parts = []
    for name in c.names:
        for outcome in outcomes.ALL:
            values = c.finals(name, outcome).astype(np.float64)
            parts.append(
                _table(
                    scenario=_same(name, len(values)),
                    replicate=c.ensembles[name].replicates,
                    outcome=_same(outcome, len(values)),
                    value=values,
                )
            )
    return pa.concat_tables(parts)


def differences(c: Comparison) -> pa.Table:
    """scenario, against, outcome, mean, low, high, share_better, share_equal: as in the JSON document."""
    rows = c.differences
    texts = {key: pa.array([getattr(d, key) for d in rows], pa.string()) for key in ("scenario", "against", "outcome")}
    numbers = {
        key: pa.array([getattr(d, key) for d in rows], pa.float64())
        for key in ("mean", "low", "high", "share_better", "share_equal")
    }
    return pa.table({**texts, **numbers})


def stages_by_unit(c: Comparison) -> pa.Table:
    """scenario, week, unit, people, stage, share: mean share over replicates of the unit's people in the stage."""
    groups, names, people = unit_groups(c.organisation)
    labels = [stage.name.lower() for stage in Stage]
    parts = []
    for scenario, ensemble in c.ensembles.items():
        assert ensemble.unit_stages is not None
        counts = ensemble.unit_stages.mean(axis=-1)  # [weeks, units, stages]
        grouped = np.zeros((c.weeks, len(names), len(labels)))
        for unit, group_of_unit in enumerate(groups):
            grouped[:, group_of_unit] += counts[:, unit]
        rows = grouped.size
        week, group, stage = np.indices(grouped.shape).reshape(3, rows)
        parts.append(
            _table(
                scenario=_same(scenario, rows),
                week=week,
                unit=_chosen(names, group),
                people=people[group],
                stage=_chosen(labels, stage),
                share=(grouped / people[:, None]).reshape(rows),
            )
        )
    return pa.concat_tables(parts)


def unit_groups(organisation: Organisation) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Units as they may be shown: group of each unit, names, people in each; small units folded into one group.

    Where the small units together still are fewer than five people, the smallest of the others joins them: else those
    few could be read off.
    """
    sizes = np.bincount(organisation.unit, minlength=organisation.n_units)
    small = sizes < SMALLEST_GROUP
    while small.any() and not small.all() and sizes[small].sum() < SMALLEST_GROUP:
        small[np.where(small, sizes.max() + 1, sizes).argmin()] = True
    shown = np.flatnonzero(~small)
    groups = np.full(organisation.n_units, len(shown))
    groups[shown] = np.arange(len(shown))
    names = [organisation.unit_names[unit] for unit in shown] + ([SMALL_UNITS] if small.any() else [])
    return groups, names, np.bincount(groups, weights=sizes, minlength=len(names)).astype(np.int64)


def write(table: pa.Table, folder: Any, name: str) -> Iterator[str]:
    """Write a table as Parquet and as CSV into a folder; yields the files' names."""
    import pyarrow.csv as csv
    import pyarrow.parquet as parquet

    parquet.write_table(table, folder / f"{name}.parquet")
    yield f"{name}.parquet"
    csv.write_csv(table, folder / f"{name}.csv", csv.WriteOptions(quoting_style="needed"))
    yield f"{name}.csv"


def _table(**columns: Any) -> pa.Table:
    return pa.table({name: _array(values) for name, values in columns.items()})


def _array(values: Any) -> pa.Array:
    if isinstance(values, np.ndarray):
        return pa.array(values, from_pandas=True)  # NaN becomes null
    return values


def _same(text: str, rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), rows)


def _chosen(names: list[str], index: np.ndarray) -> pa.Array:
    return pa.array(names, pa.string()).take(pa.array(index))
