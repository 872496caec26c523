"""What was run, whoever ran it: outcomes of programmes over the same worlds. Analyses read this and nothing else.

``Ground.runs`` makes it by running the model, ``stored.read`` by reading a sweep, or what an earlier analysis kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments import words, worlds
from experiments.analysis.scales import spoken
from experiments.defaults import RULE
from sim.passports import InputError

FILE = "runs.parquet"
FACTS = b"uptake"
"""The key in the file's own metadata under which stands what its columns do not say."""
COORDINATES = ("scenario", "replicate", "world", "seed")


@dataclass(frozen=True)
class Setting:
    """On whom, how long, and whether worlds were drawn; ``fingerprint`` is the organisation's."""

    organisation: str
    headcount: int
    weeks: int
    worlds: bool = True
    rule: str = RULE
    fingerprint: str = ""


@dataclass(frozen=True)
class Programme:
    """A row: a scenario by name, and the levers that were changed in it (choices by name or number)."""

    scenario: str
    levers: Mapping[str, float | str] = field(default_factory=dict)

    def named(self, keys: Sequence[str], scenario: bool) -> str:
        """What it is called where programmes differ in ``keys``: ``middling, one_per 1 per 25``."""
        parts = [self.scenario] if scenario or not keys else []
        short = {key: key.rsplit(".", 1)[-1] for key in self.levers}
        clear = len(set(short.values())) == len(short)
        values = (f"{short[key] if clear else key} {spoken(key, self.levers[key])}" for key in keys)
        return ", ".join([*parts, *values])


@dataclass(frozen=True, eq=False)
class Runs:
    """``outcomes``: float64 [programmes, worlds] by name, at the end of ``setting.weeks``.

    ``seeds`` uint64 [worlds] and ``replicates`` int64 [worlds] say which world a column is: the same for every row.
    ``held``: parameters that the programmes set themselves. ``facts``: what the analysis that ran them decided.
    """

    setting: Setting
    programmes: tuple[Programme, ...]
    outcomes: Mapping[str, np.ndarray]
    seeds: np.ndarray
    replicates: np.ndarray
    held: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def worlds(self) -> int:
        return len(self.seeds)

    @cached_property
    def varied(self) -> list[str]:
        """Levers in which programmes differ."""
        first, *rest = self.programmes
        return [key for key in first.levers if any(p.levers[key] != first.levers[key] for p in rest)]

    @cached_property
    def names(self) -> list[str]:
        """Each programme's: its scenario's, else what differs among them; repeated ones numbered from the second on."""
        scenarios = [p.scenario for p in self.programmes]
        if len(set(scenarios)) == len(scenarios):
            return scenarios
        differ = self.varied
        several = len(set(scenarios)) > 1
        found: list[str] = []
        for programme in self.programmes:
            name, number = programme.named(differ, several), 1
            while name in found:
                number += 1
                name = f"{programme.named(differ, several)} ({number})"
            found.append(name)
        return found

    @property
    def each_seed(self) -> list[int]:
        """The seeds, in the order in which they come."""
        return [int(seed) for seed in dict.fromkeys(self.seeds.tolist())]

    def of_seed(self, seed: int) -> Runs:
        """The worlds of one seed."""
        return self._chosen(np.flatnonzero(self.seeds == np.uint64(seed)))

    def first(self, worlds: int) -> Runs:
        """The first so many worlds."""
        return self._chosen(np.arange(worlds))

    def _chosen(self, chosen: np.ndarray) -> Runs:
        outcomes = {name: values[:, chosen] for name, values in self.outcomes.items()}
        return replace(self, outcomes=outcomes, seeds=self.seeds[chosen], replicates=self.replicates[chosen])

    def with_worlds_of(self, other: Runs) -> Runs:
        """These and other worlds of the same programmes."""
        outcomes = {name: np.concatenate([values, other.outcomes[name]], axis=1)
                    for name, values in self.outcomes.items()}  # fmt: skip
        seeds = np.concatenate([self.seeds, other.seeds])
        return replace(self, outcomes=outcomes, seeds=seeds,
                       replicates=np.concatenate([self.replicates, other.replicates]))  # fmt: skip

    def parameters(self) -> dict[str, np.ndarray]:
        """The drawn parameters of each world by key, float64 [worlds]; none where worlds are held."""
        if not self.setting.worlds:
            return {}
        keys = worlds.uncertain(self.held)
        values = np.empty((len(keys), self.worlds))
        for seed in self.each_seed:
            here = np.flatnonzero(self.seeds == np.uint64(seed))
            values[:, here] = worlds.drawn(seed, self.replicates[here], keys)
        return dict(zip(keys, values, strict=True))

    def said(self, seed: int | None = None) -> str:
        """``Generated: 300 people, 104 weeks, 64 replicates (worlds drawn), seed 1``; ``seed``: which the user said."""
        s = self.setting
        drawn = "worlds drawn" if s.worlds else "one world, parameters at their values"
        told = "" if s.rule == RULE else f", rule {s.rule}"
        seeds = self.each_seed if seed is None else [seed]
        named = f"seed {seeds[0]}" if len(seeds) == 1 else f"{len(seeds)} seeds from {seeds[0]} on"
        people = f"{s.headcount:,} people"
        where = s.organisation if s.organisation.startswith(people) else f"{s.organisation}: {people}"
        return (
            f"{where}, {words.counted(s.weeks, 'week')}, "
            f"{words.counted(self.worlds, 'replicate')} ({drawn}), {named}{told}"
        )

    def write(self, folder: Path, command: str) -> str:
        """Keep what ``command`` ran as a tidy table, a row for each programme and world; returns the file's name."""
        rows, columns = np.indices((len(self.programmes), self.worlds)).reshape(2, -1)
        table: dict[str, Any] = {"scenario": np.array([p.scenario for p in self.programmes], object)[rows]}
        for key in self.programmes[0].levers:
            values = [p.levers[key] for p in self.programmes]
            table[key] = np.array(values, object if isinstance(values[0], str) else np.float64)[rows]
        table["replicate"] = self.replicates[columns]
        table["world"] = self.replicates[columns] if self.setting.worlds else np.full(len(columns), -1)
        table["seed"] = self.seeds[columns]
        table |= {name: values.reshape(-1) for name, values in self.outcomes.items()}
        facts = {
            "setting": asdict(self.setting),
            "outcomes": list(self.outcomes),
            "held": self.held,
            "notes": self.notes,
            "facts": {**self.facts, "command": command},
            "programmes": len(self.programmes),
        }
        kept = pa.table(table).replace_schema_metadata({FACTS: json.dumps(facts).encode()})
        pq.write_table(kept, folder / FILE)
        return FILE


def kept(folder: Path) -> Runs:
    """Runs that an analysis kept. Raises InputError for a file that is not one."""
    try:
        table = pq.read_table(folder / FILE)
        facts = json.loads((table.schema.metadata or {})[FACTS])
        outcomes = facts["outcomes"]
        setting = Setting(**facts["setting"])
        levers = [name for name in table.column_names if name not in (*COORDINATES, *outcomes)]
        columns = {name: table[name].to_pylist() for name in ("scenario", *levers)}
        worlds = table.num_rows // facts["programmes"]
        starts = range(0, table.num_rows, worlds)
        programmes = tuple(Programme(columns["scenario"][i], {k: columns[k][i] for k in levers}) for i in starts)
        values = {name: table[name].to_numpy().astype(np.float64).reshape(-1, worlds) for name in outcomes}
        seeds = table["seed"].to_numpy()[:worlds].astype(np.uint64)
        replicates = table["replicate"].to_numpy()[:worlds]
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError, ZeroDivisionError):
        raise InputError(f"{folder / FILE}: not runs that an analysis kept; run the analysis again") from None
    return Runs(setting, programmes, values, seeds, replicates, tuple(facts["held"]), tuple(facts["notes"]),
                facts["facts"])  # fmt: skip
