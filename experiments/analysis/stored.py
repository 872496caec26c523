"""Runs read from a folder: a sweep, also an unfinished one, or what an earlier analysis kept there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments import outcomes
from experiments.analysis.ground import settled, settling
from experiments.analysis.runs import FILE, Programme, Runs, Setting, kept
from experiments.analysis.scales import spoken
from sim.passports import InputError, nearest

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class Wanted:
    """What to take of a folder: an outcome as ``habitual`` or ``habitual@52``, points by ``KEY=VALUE``."""

    outcome: str | None = None
    only: tuple[str, ...] = ()
    scenario: str | None = None
    organisation: str | None = None
    one_scenario: bool = False


def is_folder(names: Sequence[str]) -> bool:
    """Whether what a command was given is one folder to be read."""
    return len(names) == 1 and Path(names[0]).expanduser().is_dir()


def read(folder: str | Path, wanted: Wanted = Wanted(), command: str | None = None) -> Runs:
    """One outcome of the runs in a folder. Raises InputError for a folder without any, and what it does not hold.

    ``command``: the analysis that asks; it can read sweeps, and what was kept by itself.
    """
    place = Path(folder).expanduser()
    if (place / FILE).is_file():
        return _kept(place, wanted, command)
    from experiments.analysis.tables_of_sweeps import stored
    from experiments.sweeps.results import read as read_sweep

    taken = stored(str(folder), wanted.scenario, wanted.organisation, together=not wanted.one_scenario)
    column, week = _column(taken.outcomes, wanted.outcome)
    table, notes = _only(taken.table, taken.inputs, wanted.only), list(taken.notes)
    programmes, seeds, replicates, values, left = _laid_out(table, taken.inputs, column, week)
    if left:
        notes.append(f"{left:,} of {left + len(programmes):,} programmes are left out: not done yet on every seed.")
    place_name = str(table["organisation"].iloc[0])
    study, facts = taken.study, read_sweep(folder).facts["facts"]
    met = facts["organisations"][place_name]
    setting = Setting(place_name, met["people"], week, study.worlds, study.rule, met["fingerprint"])
    held = {key for name in {p.scenario for p in programmes} for key in facts["scenarios"][name]["parameters"]}
    held |= {key.removeprefix("parameters.") for key in taken.inputs}
    name = outcomes.parted(column)[0]
    notes += settling([name], week)
    return Runs(setting, programmes, {name: values}, seeds, replicates, tuple(sorted(held)), tuple(notes))


def _kept(place: Path, wanted: Wanted, command: str | None) -> Runs:
    found = kept(place)
    by = found.facts.get("command")
    if command is not None and by != command:
        raise InputError(f"{place}: these runs were kept by uptake {by}; read them with: uptake {by} {place}")
    for option, value in (("only", wanted.only), ("scenario", wanted.scenario), ("organisation", wanted.organisation)):
        if value:
            raise InputError(f"--{option} chooses among the points of a sweep; leave it out")
    if wanted.outcome is not None and wanted.outcome not in found.outcomes:
        raise InputError(f'--outcome: "{wanted.outcome}" was not kept; {place} holds {", ".join(found.outcomes)}')
    return found


def _column(columns: Sequence[str], asked: str | None) -> tuple[str, int]:
    """The column of an outcome at its last week unless one is named, and that week."""
    names = list(dict.fromkeys(outcomes.parted(column)[0] for column in columns))
    asked = asked or (outcomes.PRIMARY if outcomes.PRIMARY in names else names[0])
    matching = [c for c in columns if asked in (c, outcomes.parted(c)[0])]
    if not matching:
        raise InputError(f'--outcome: the sweep kept no "{asked}"{nearest(asked, [*names, *columns])} '
                         f"It kept {', '.join(columns)}.")  # fmt: skip
    return matching[-1], outcomes.parted(matching[-1])[1] or 0


def _only(table: DataFrame, inputs: Sequence[str], only: Sequence[str]) -> DataFrame:
    """The rows at which each named lever has the named value."""
    for text in only:
        key, equals, value = (part.strip() for part in text.partition("="))
        if not equals or key not in inputs:
            raise InputError(f"--only {text}: expected KEY=VALUE, of {', '.join(inputs) or 'nothing: none varies'}")
        there = list(dict.fromkeys(table[key]))
        same = [v for v in there if value in (str(v), spoken(key, v)) or _close(value, v)]
        if not same:
            raise InputError(f"--only {text}: {key} is {', '.join(spoken(key, v) for v in there[:12])} in this sweep")
        table = table[table[key] == same[0]]
    return table


def _close(text: str, value: object) -> bool:
    try:
        return bool(np.isclose(float(text), float(value), rtol=1e-6, atol=1e-12))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False


def _laid_out(
    table: DataFrame, inputs: Sequence[str], column: str, week: int
) -> tuple[tuple[Programme, ...], np.ndarray, np.ndarray, np.ndarray, int]:
    """Programmes, the seeds and replicates of their worlds, values [programmes, worlds]; programmes left out.

    Of an unfinished sweep those seeds are taken that the most programmes have in common.
    """
    keys = ["scenario", *inputs]
    filled = table.assign(**{column: settled(table[column].to_numpy(np.float64), week)})
    wide = filled.pivot_table(index=keys, columns=["seed", "replicate"], values=column, sort=False, observed=True)
    wide = wide.loc[:, wide.notna().sum() == wide.notna().sum().max()]
    whole = wide.dropna().sort_index(axis=1)
    rows = [row if isinstance(row, tuple) else (row,) for row in whole.index]
    programmes = tuple(Programme(str(row[0]), dict(zip(inputs, row[1:], strict=True))) for row in rows)
    seeds = np.array([seed for seed, _ in whole.columns], np.uint64)
    replicates = np.array([replicate for _, replicate in whole.columns], np.int64)
    return programmes, seeds, replicates, whole.to_numpy(np.float64), len(wide) - len(whole)
