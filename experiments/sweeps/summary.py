"""A sweep in words: how far it is, how outcomes spread over its points, where they are best, what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments import outcomes
from experiments.sweeps.results import Results
from experiments.sweeps.store import DONE, FAILED, FOLDERS, RUNNING, WAITING
from experiments.sweeps.work import AGENTS

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 10
"""Failed points named one by one."""
FEW = 6
"""Levels of an input up to which each is told by itself (an end of the range need not be like its neighbours)."""


def by_point(found: Results) -> pd.DataFrame:
    """The mean over replicates of every outcome (never left out), with the point's place; one row per point."""
    import pandas as pd

    where = ["point", "scenario", "organisation", "seed", *found.inputs]
    parts = []
    for part in found.parts():
        rows = part.to_pandas()
        means = rows.groupby("point", sort=False)[found.outcomes].mean()
        places = rows[where].drop_duplicates("point").set_index("point")
        parts.append(pd.concat([places, means], axis=1).reset_index())
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*where, *found.outcomes])


def summary(found: Results) -> dict[str, Any]:
    """As plain values, for JSON."""
    means = by_point(found)
    return {
        "title": found.title,
        "points": found.counts,
        "inputs": found.inputs,
        "outcomes": {column: _outcome(found, means, column) for column in found.outcomes},
        "failed": [
            {"point": f.point, "scenario": f.scenario, "organisation": f.organisation, "seed": f.seed,
             "inputs": f.inputs, "error": f.error}
            for f in found.failures
        ],
    }  # fmt: skip


def _outcome(found: Results, means: pd.DataFrame, column: str) -> dict[str, Any]:
    values = means[column].astype(float)
    known = values.dropna()
    if known.empty:
        return {"unit": _unit(column), "known": 0, "mean": None, "lowest": None, "highest": None}
    return {
        "unit": _unit(column),
        "known": len(known),
        "mean": float(known.mean()),
        "lowest": _place(found, means.iloc[int(values.argmin())], column),
        "highest": _place(found, means.iloc[int(values.argmax())], column),
    }


def _place(found: Results, row: Any, column: str) -> dict[str, Any]:
    plain = {key: row[key] if isinstance(row[key], str) else float(row[key]) for key in found.inputs}
    return {"value": float(row[column]), "point": int(row["point"]), "scenario": str(row["scenario"]),
            "organisation": str(row["organisation"]), "seed": int(row["seed"]), "inputs": plain}  # fmt: skip


def _unit(column: str) -> str:
    return outcomes.ALL[outcomes.parted(column)[0]].unit


def lines(found: Results) -> list[str]:
    """For people."""
    c, said = found.counts, [found.title]
    total = sum(c.values())
    study = found.facts["facts"]["study"]
    if question := found.facts.get("question"):
        said.append(question)
    rest = [f"{c[state]:,} {state}" for state in (FAILED, RUNNING, WAITING) if c[state]]
    said.append(
        f"{c[DONE]:,} of {total:,} points done" + (f", {', '.join(rest)}" if rest else "")
        + f"; {study['replicates']:,} replicates each, {study['weeks']:,} weeks"
    )  # fmt: skip
    if study["agents"]:
        place = found.folder / FOLDERS[AGENTS]
        said.append(f"People at the weeks kept ({', '.join(study['agents'])}) are in {place}")
    found_means = by_point(found)
    # the earlier weeks are in the table, and with --json
    for column in outcomes.columns(study["outcomes"], study["at"][-1:]) if len(found_means) else ():
        o = _outcome(found, found_means, column)
        if o["mean"] is None:
            said += ["", f"{column} ({o['unit']}): never reached"]
            continue
        over = "points" if o["known"] == len(found_means) else f"the {o['known']:,} points that reach it at all"
        said += ["", f"{column} ({o['unit']}): mean {number(o['mean'])} over {over}"]
        for which in ("lowest", "highest"):
            said.append(f"  {which:<8} {number(o[which]['value']):>10}  {_where(found, o[which])}")
        said += [f"  {text}" for text in effects(found, found_means, column)]
    if found.failures:
        said += ["", f"{len(found.failures):,} points failed:"]
        for f in found.failures[:SHOWN]:
            inputs = ", ".join(f"{k} {_value(v)}" for k, v in f.inputs.items())
            said.append(f"  point {f.point} ({f.scenario}; {inputs}): {f.error}")
        if len(found.failures) > SHOWN:
            said.append(f"  and {len(found.failures) - SHOWN:,} more (all of them with --json)")
    return said


def effects(found: Results, means: pd.DataFrame, column: str) -> list[str]:
    """What each input does on average, the strongest first: the mean at each of few levels, else at either third."""
    from pandas.api.types import is_numeric_dtype

    told: list[tuple[float, str]] = []
    for key in found.inputs:
        values = means[key]
        if values.nunique() < 2:
            continue
        if not is_numeric_dtype(values) or values.nunique() <= FEW:
            each = means.groupby(key)[column].mean().dropna()
            if len(each):
                text = ", ".join(f"{number(mean)} at {_value(level)}" for level, mean in each.items())
                told.append((float(each.max() - each.min()), f"{key}: {text}"))
            continue
        low, high = np.quantile(values, [1 / 3, 2 / 3])
        under, over = means[values <= low], means[values >= high]
        a, b = under[column].mean(), over[column].mean()
        if np.isfinite(a) and np.isfinite(b):
            text = f"{number(a)} at {_range(under[key])}, {number(b)} at {_range(over[key])}"
            told.append((abs(b - a), f"{key}: {text}"))
    return [text for _, text in sorted(told, key=lambda each: -each[0])]


def _range(values: Any) -> str:
    low, high = values.min(), values.max()
    return _value(low) if low == high else f"{number(low)} to {number(high)}"


def _where(found: Results, place: dict[str, Any]) -> str:
    study = found.facts["facts"]
    named = [f"{key} {_value(value)}" for key, value in place["inputs"].items()]
    if len(study["scenarios"]) > 1:
        named.insert(0, place["scenario"])
    if len(study["organisations"]) > 1:
        named.insert(1, place["organisation"])
    if len(study["study"]["seeds"]) > 1:
        named.append(f"seed {place['seed']}")
    return ", ".join(named) + f"  (point {place['point']})"


def _value(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:.4g}"


def number(value: float) -> str:
    """Three digits, thousands apart."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
