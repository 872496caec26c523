"""A stored sweep made ready for analysis: one scenario and one organisation, and which columns to look at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.passports import InputError, nearest

if TYPE_CHECKING:
    from pandas import DataFrame

    from experiments.sweeps.results import Results
    from experiments.sweeps.study import Study

FEWEST_WORLDS = 16
"""Worlds below which none of their many parameters could be told from chance."""


@dataclass(frozen=True, eq=False)
class Stored:
    """A table with the columns point, replicate and seed, ``inputs`` and ``outcomes``; and what was done to it."""

    study: Study
    table: DataFrame
    inputs: tuple[str, ...]
    outcomes: tuple[str, ...]
    title: str
    setting: str
    worlds: bool
    notes: tuple[str, ...]


def is_folder(name: str) -> bool:
    """Whether a name means a stored sweep rather than a study."""
    return Path(name).expanduser().is_dir()


def stored(
    folder: str, scenario: str | None = None, organisation: str | None = None, *, together: bool = False
) -> Stored:
    """The sweep in ``folder``, of one scenario and organisation: the first, which is then noted, unless one is named.

    ``together`` keeps all scenarios side by side, unless one is named.
    Raises InputError for a folder without a sweep, or with an unfinished one that holds no rows.
    """
    from experiments.sweeps.results import read

    found = read(folder)
    table = found.table
    if not len(table):
        raise InputError(
            f"{folder}: the sweep has no results yet; go on with: uptake sweep STUDY --out {folder} --resume"
        )
    notes = _unfinished(found)
    for column, wanted in (("scenario", scenario), ("organisation", organisation)):
        names = list(dict.fromkeys(table[column].astype(str)))
        if wanted is not None and wanted not in names:
            raise InputError(f'--{column}: the sweep has no {column} "{wanted}"{nearest(wanted, names)} '
                             f"It has {', '.join(names)}.")  # fmt: skip
        if together and column == "scenario" and wanted is None:
            continue
        taken = wanted or names[0]
        if len(names) > 1 and wanted is None:
            notes.append(f"Of {len(names)} {column}s the first was taken, {taken}; name another with --{column}.")
        table = table[table[column].astype(str) == taken]
    study = found.study
    first = table.iloc[0]
    runs = f"{table['point'].nunique():,} points, {study.replicates:,} replicates each"
    drawn = "worlds drawn" if study.worlds else "worlds held"
    setting = f"{first['scenario']} in {first['organisation']}: {runs} ({drawn}), {study.weeks} weeks"
    return Stored(study, table.reset_index(drop=True), tuple(found.inputs), tuple(found.outcomes), found.title, setting,
                  study.worlds, tuple(notes))  # fmt: skip


def by_point(found: Stored) -> Stored:
    """The table with one row for each point: the outcomes' means over its replicates."""
    rules = {**dict.fromkeys(found.inputs, "first"), "seed": "first", **dict.fromkeys(found.outcomes, "mean")}
    table = found.table.groupby("point", sort=True).agg(rules).reset_index()
    return replace(found, table=table, worlds=False)


def with_worlds(folder: str, found: Stored, cases: np.ndarray) -> tuple[DataFrame, list[str], list[str]]:
    """The table with those parameters of its worlds that the share of cases in a world goes with; their columns; notes.

    Worlds, not rows, are counted: Spearman's rank correlation over worlds, its p-value shared among all parameters
    (Bonferroni), since a hundred parameters would otherwise fit some box by chance.
    """
    import pandas as pd
    from scipy.stats import spearmanr

    from experiments.sweeps.results import read

    if not found.worlds:
        return found.table, [], []
    results = read(folder)
    seeds = found.table["seed"].unique().tolist()
    worlds = pd.concat({seed: results.worlds(seed) for seed in seeds}, names=["seed"]).add_prefix("parameters.")
    share = pd.Series(cases, index=found.table.index, dtype=float).groupby(
        [found.table["seed"], found.table["replicate"]]
    ).mean()  # fmt: skip
    if len(share) < FEWEST_WORLDS:
        note = (
            f"{len(share)} worlds are too few to look for parameters that matter: {FEWEST_WORLDS} or more are needed."
        )
        return found.table, [], [note]
    here = worlds.loc[share.index]
    if share.nunique() < 2:
        return found.table, [], []
    chosen = [
        str(name) for name in here
        if here[name].nunique() > 1 and spearmanr(here[name], share).pvalue < 0.05 / here.shape[1]
    ]  # fmt: skip
    goes = "goes" if len(chosen) == 1 else "go"
    note = (
        f"Of {here.shape[1]} uncertain parameters {len(chosen)} {goes} with how often this happens, over {len(share)} "
        "worlds."
    )
    return found.table.join(worlds[chosen], on=["seed", "replicate"]), chosen, [note]


def _unfinished(found: Results) -> list[str]:
    """What is missing of the sweep, in a sentence."""
    left = {state: count for state, count in found.counts.items() if count and state != "done"}
    said = ", ".join(f"{count:,} {state}" for state, count in left.items())
    return [f"The sweep is not whole: points {said}."] if left else []
