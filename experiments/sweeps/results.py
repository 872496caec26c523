"""A sweep read back: its table, its worlds, what failed; also while it runs.

    found = read("out")
    found.table                 # one row per point and replicate, sorted
    found.joined()              # with the parameters of each replicate's world

Without this package: pandas.read_parquet("out/parts"), or in DuckDB or R (arrow::open_dataset) the same folder;
``out/agents`` likewise, where a study keeps the states of people.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments import outcomes
from experiments.sweeps.disk import ledger_said
from experiments.sweeps.store import FAILED, FOLDERS, LEDGER, connect, counts, has_plan, read_facts
from experiments.sweeps.study import Study
from experiments.sweeps.work import AGENTS, POINTS, Job
from sim.passports import InputError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Failure:
    """A point that failed: where it lies, and its error."""

    point: int
    scenario: str
    organisation: str
    seed: int
    inputs: dict[str, float | str]
    error: str


@dataclass(frozen=True)
class Results:
    """What a folder held when it was read: ``counts`` points by state; ``files`` by kind, in order of points."""

    folder: Path
    facts: dict[str, Any]
    counts: dict[str, int]
    files: dict[str, tuple[str, ...]]
    failures: tuple[Failure, ...]

    @cached_property
    def study(self) -> Study:
        """The study as the sweep began."""
        from experiments.sweeps.reading import read as read_study

        return read_study(self.facts["study"], "study", self.folder)

    @property
    def title(self) -> str:
        return self.facts["title"]

    @property
    def inputs(self) -> list[str]:
        """Columns of levers and parameters that vary."""
        return list(self.facts["facts"]["study"]["levers"])

    @property
    def outcomes(self) -> list[str]:
        """Columns of outcomes."""
        study = self.facts["facts"]["study"]
        return outcomes.columns(study["outcomes"], study["at"])

    @property
    def job(self) -> Job:
        from experiments.sweeps.sweep import job_of

        return job_of(self.study, self.facts["facts"])

    def parts(self, kind: str = POINTS) -> Iterator[pa.Table]:
        """The rows of a kind of table, part by part, in order of point and replicate."""
        for file in self.files.get(kind, ()):
            yield self._part(kind, file)

    def _part(self, kind: str, file: str, columns: list[str] | None = None) -> pa.Table:
        path = self.folder / FOLDERS[kind] / file
        try:
            return pq.read_table(path, columns=columns)
        except (pa.ArrowException, OSError):
            raise InputError(
                f"{path}: gone or damaged; its points run again with: uptake sweep STUDY --out {self.folder} --resume"
            ) from None

    def traces(self) -> Iterator[pa.Table]:
        """The states of people, part by part, in order of point, replicate, week and person; none where not kept."""
        return self.parts(AGENTS)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per point and replicate, sorted by both."""
        parts = list(self.parts())
        return (pa.concat_tables(parts) if parts else self.job.schema.empty_table()).to_pandas()

    def columns(self, names: list[str]) -> pd.DataFrame:
        """Some columns of ``table``, in the memory of no more than these; words as categories."""
        read = [self._part(POINTS, file, names) for file in self.files[POINTS]]
        whole = pa.concat_tables(read) if read else self.job.schema.empty_table().select(names)
        words = [field.name for field in whole.schema if pa.types.is_string(field.type)]
        return whole.to_pandas(categories=words)

    def worlds(self, seed: int | None = None) -> pd.DataFrame:
        """The parameters of each replicate's world: index ``replicate``, a column per drawn parameter.

        No columns where worlds are held. Parameters that a scenario of the study sets itself are left out: they hold
        at its value. ``seed``: the study's first, unless given.
        """
        import pandas as pd

        from experiments.worlds import drawn, uncertain

        study = self.facts["facts"]["study"]
        index = pd.RangeIndex(study["replicates"], name="replicate")
        if study["uncertainties"] != "drawn":
            return pd.DataFrame(index=index)
        fixed = {key for each in self.facts["facts"]["scenarios"].values() for key in each["parameters"]}
        fixed |= {name.removeprefix("parameters.") for name in self.inputs}
        keys = uncertain(fixed)
        values = drawn(study["seeds"][0] if seed is None else seed, np.arange(len(index)), keys)
        return pd.DataFrame(dict(zip(keys, values, strict=True)), index=index)

    def joined(self) -> pd.DataFrame:
        """The table with the parameters of each row's world: ``parameters.KEY``, unless the study varies it."""
        import pandas as pd

        seeds = self.facts["facts"]["study"]["seeds"]
        worlds = pd.concat({seed: self.worlds(seed) for seed in seeds}, names=["seed"]).add_prefix("parameters.")
        worlds = worlds[[key for key in worlds if key not in self.table]]
        return self.table.join(worlds, on=["seed", "replicate"])


def read(folder: str | Path) -> Results:
    """The sweep in a folder, as far as it is. Raises InputError where there is none."""
    place = Path(folder).expanduser()
    if not (place / LEDGER).is_file():
        what = "no sweep in that folder" if place.is_dir() else "no such folder"
        raise InputError(f"{folder}: {what}; name the folder that was given to: uptake sweep STUDY --out DIR")
    with ledger_said(place), closing(connect(place / LEDGER, reading=True)) as ledger:
        ledger.execute("BEGIN")  # one moment of the ledger, whatever is written meanwhile
        if not has_plan(ledger):
            raise InputError(
                f"{folder}: the sweep had not yet begun; go on with: uptake sweep STUDY --out {folder} --resume"
            )
        facts = read_facts(ledger)
        files: dict[str, list[str]] = {kind: [] for kind in FOLDERS}
        for kind, file in ledger.execute("SELECT kind, file FROM parts ORDER BY batch"):
            files[kind].append(file)
        failed = ledger.execute(
            "SELECT point, scenario, organisation, seed, inputs, error FROM points WHERE state = ? ORDER BY point",
            (FAILED,),
        ).fetchall()
        failures = tuple(Failure(p, s, o, seed, json.loads(inputs), error) for p, s, o, seed, inputs, error in failed)
        return Results(place, facts, counts(ledger), {kind: tuple(each) for kind, each in files.items()}, failures)


def write_csv(found: Results, path: str | Path) -> int:
    """The sorted table as CSV, a part at a time in memory; returns its rows.

    A file is written whole or not at all; what is no file (``/dev/stdout``, say) is written to. Raises InputError for
    a place that cannot be one, OSError where writing fails.
    """
    place = Path(path).expanduser()
    if place.is_dir() or not place.absolute().parent.is_dir():
        raise InputError(f"--csv {path}: " + ("is a folder; name a file" if place.is_dir() else "no such folder"))
    try:
        if place.exists() and not place.is_file():
            with open(place, "wb") as sink:
                return _write_csv(found, sink)
        place = place.resolve()
        partial = place.with_name(f".{place.name}.{os.getpid()}.part")
        try:
            with open(partial, "wb") as sink:
                rows = _write_csv(found, sink)
            os.replace(partial, place)
        finally:
            partial.unlink(missing_ok=True)
        return rows
    except OSError as error:
        raise OSError(error.errno, os.strerror(error.errno or 0), str(path)) from None


def _write_csv(found: Results, sink: IO[bytes]) -> int:
    from pyarrow import csv

    rows = 0
    csv.write_csv(found.job.schema.empty_table(), sink)
    for table in found.parts():
        csv.write_csv(table, sink, csv.WriteOptions(include_header=False))
        rows += table.num_rows
    return rows
