"""Agent traces: what every person was like at chosen weeks, one row a person; kept only when a study asks for it.

    agents: [stage, trust, support]     # in a study: names of STATES, kept at the weeks that ``at`` names

States are called what Mesa's agents call them (``sim.agents``) and hold what those would say after the same week.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa

from sim.block import Block
from sim.organisation import Organisation
from sim.passports import InputError
from sim.people import LEADERS, PEOPLE, SIGHT, SURROUNDINGS, Stage, grid, seen

STAGE = "stage"
WORDS = pa.dictionary(pa.int32(), pa.string())
"""Words of a fixed few, the same in every part: categories in pandas, factors in R, strings in DuckDB."""
TEXT, TEXT_BYTES = pa.string(), 20
"""Words without end: texts, which every tool can join on; and what each takes in memory, more or less."""
PLACE = (("run", TEXT), ("point", pa.int64()), ("replicate", pa.int64()), ("week", pa.int32()), ("person", TEXT))
"""The columns that say whose row it is, in the order the rows are sorted by."""
MOST_ROWS = 1_000_000_000
MOST_AT_A_POINT = 256 << 20
"""Bytes of one point's traces in memory: a point is held whole until it is written."""
IN_A_BATCH = 32 << 20
"""Bytes of traces beyond which a batch takes no further point."""


@dataclass(frozen=True, eq=False)
class Look:
    """A block between two weeks. ``near`` holds what surrounded people in the latest one."""

    block: Block
    near: Any
    people: int
    lanes: int

    def column(self, columns: Any, name: str) -> np.ndarray:
        return grid(getattr(columns, name), self.people, self.lanes)


@dataclass(frozen=True)
class State:
    """How a state is read, as [people, lanes], its type in the table, and whether it needs ``Look.near``."""

    read: Callable[[Look], np.ndarray]
    kind: pa.DataType
    around: bool = False


@cache
def states() -> Mapping[str, State]:
    """All that can be kept of a person, by name: the stage, facts, and every column that is a number of something."""
    from sim.agents import FACTS

    found = {STAGE: State(_stage, WORDS)}
    found |= {name: State(partial(_fact, int(bits)), pa.bool_()) for name, bits in FACTS.items()}
    for read, columns in ((_own, PEOPLE), (_seen, SIGHT), (_around, SURROUNDINGS), (_leading, LEADERS)):
        for column in columns:
            if column.unit != "bits":
                kind = pa.from_numpy_dtype(np.dtype(column.dtype))
                found[column.name] = State(partial(read, column.name), kind, columns is SURROUNDINGS)
    return MappingProxyType(found)


def _own(name: str, look: Look) -> np.ndarray:
    return look.column(look.block.people, name)


def _seen(name: str, look: Look) -> np.ndarray:
    return seen(look.block.sight, look.lanes)[name]


def _around(name: str, look: Look) -> np.ndarray:
    return look.column(look.near, name)


def _leading(name: str, look: Look) -> np.ndarray:
    """NaN for people without reports, whom such a state does not have."""
    graph = look.block.graph
    leading = grid(getattr(look.block.leaders, name), len(graph.leader_person), look.lanes)
    found = np.full((look.people, look.lanes), np.nan, np.float32)
    found[graph.leader_person] = leading
    return found


def _fact(bits: int, look: Look) -> np.ndarray:
    return look.column(look.block.people, "status") & np.uint32(bits) != 0


def _stage(look: Look) -> np.ndarray:
    from sim.agents import stages

    people, length = look.block.people, look.people * look.lanes
    found = np.empty(length, np.uint8)
    stages(people.status[:length], people.history[:length], found)
    return found.reshape(look.people, look.lanes)


def kinds(names: Sequence[str]) -> pa.Schema:
    """The columns of traces, in order."""
    return pa.schema([*PLACE, *((name, states()[name].kind) for name in names)])


def table(
    run: str, point: int, at: Sequence[int], organisation: Organisation, traces: Mapping[str, np.ndarray]
) -> pa.Table:
    """The rows of a point from its states, [replicates, weeks, people] each, sorted by replicate, week and person."""
    replicates, weeks, people = next(iter(traces.values())).shape
    columns: dict[str, Any] = {
        "run": _words(np.zeros(replicates * weeks * people), [run]),
        "point": np.full(replicates * weeks * people, point),
        "replicate": np.repeat(np.arange(replicates), weeks * people),
        "week": np.tile(np.repeat(np.asarray(at, np.int32), people), replicates),
        "person": _words(np.tile(np.arange(people), replicates * weeks), [str(each) for each in organisation.ids]),
        **{name: values.reshape(-1) for name, values in traces.items()},
    }
    if STAGE in columns:
        columns[STAGE] = _words(columns[STAGE], [stage.name.lower() for stage in Stage])
    schema = kinds(list(traces))
    arrays = [
        column.cast(kind) if isinstance(column, pa.Array) else pa.array(column, kind, from_pandas=True)
        for column, kind in zip(columns.values(), schema.types, strict=True)
    ]
    return pa.table(arrays, schema=schema)


def _words(codes: np.ndarray, words: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(words))


@dataclass(frozen=True)
class Size:
    """How many rows of traces a study leaves, at one point of its largest organisation, and in all."""

    point: int
    total: int
    width: int

    @property
    def spoken(self) -> str:
        size = self.total * self.width
        said = f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.0f} MB"
        return f"{self.total:,} rows, {said} before they are compressed"

    def points_in_a_batch(self, usual: int) -> int:
        return max(1, min(usual, IN_A_BATCH // (self.point * self.width))) if self.point else usual


def size(names: Sequence[str], at: int, replicates: int, points: int, people: Sequence[int]) -> Size:
    """``points`` for each organisation, of so many ``people`` each. Raises InputError where traces would be absurd."""
    if not names:
        return Size(0, 0, 0)
    width = sum(map(_bytes, kinds(names).types))
    each = replicates * at
    found = Size(each * max(people), each * points * sum(people), width)
    largest = found.point * width
    if found.total > MOST_ROWS or largest > MOST_AT_A_POINT:
        raise InputError(
            f"agents: {found.spoken} ({largest / 1e6:,.1f} MB for one point); at most {MOST_ROWS:,} rows and "
            f"{MOST_AT_A_POINT / 1e6:,.0f} MB for one point can be kept. Name fewer weeks under at, fewer replicates, "
            "fewer points or fewer states, or leave out agents."
        )
    return found


def _bytes(kind: pa.DataType) -> int:
    if kind == TEXT:
        return TEXT_BYTES
    return max(1, (kind.index_type if pa.types.is_dictionary(kind) else kind).bit_width // 8)
