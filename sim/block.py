"""A block: everything the compiled rules read and write, for some replicates of one organisation and programme."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from sim.compiled import TILE
from sim.people import SURROUNDINGS, Surroundings, empty, zeros
from sim.tallies import SUMS

Block = namedtuple(
    "Block",
    [
        "people",  # columns [person x lane] (people.py)
        "sight",  # float32 [people x 2 x lanes]: what others see of each person (people.SIGHT)
        "leaders",  # columns [leader x lane]; leaders stand from the top of the tree down
        "units",  # columns [unit x lane]
        "firm",  # columns [64], lanes repeated
        "graph",  # the organisation as arrays
        "world",  # parameters: a record of rows [64], lanes repeated
        "scope",  # record: which bits of ``people.scopes`` say that a lever includes a person
        "once",  # record: levers read once
        "keys",  # uint64 [lanes]
        "tile_keys",  # uint64 [64]: the keys, lanes repeated
        "waves",  # float32 [waves + 1, 64]: queue positions at which waves end
        "wave_turns",  # float32 [waves + 1, 64]: training turns within those waves
        "order",  # int32 [lanes, people]: in which order people are asked to be champions
        "costs",  # float32 [weeks, 2 (plain, scaled by attention), drivers, 2 (money, hours)]
        "tallies",  # int64 [parts, measures, lanes]
        "series",  # float32 [weeks, outcomes, lanes]
        "unit_series",  # int32 [weeks, units, stages, lanes], or no weeks where it is not kept
    ],
)

Graph = namedtuple(
    "Graph",
    [
        "unit",  # int32 [people]
        "unit_start",  # int64 [units + 1]: people of a unit are contiguous
        "boss",  # int32 [people]: leader row of my manager, -1 at a root
        "leader",  # int32 [people]: my own leader row, -1 without reports
        "leader_person",  # int32 [leaders]
        "leader_boss",  # int32 [leaders]
        "executive",  # uint8 [leaders]
        "report_start",  # int64 [leaders + 1]
        "reports",  # int32
        "tie_start",  # int64 [people + 1]
        "tie_to",  # int32: whom I name
        "tie_weight",  # float32, each row summing to one
    ],
)

Part = namedtuple(
    "Part",
    [
        "number",  # which row of ``tallies`` is mine
        "tile0",
        "tile1",
        "unit0",
        "unit1",
        "near",  # columns: what surrounds the people of a tile (people.SURROUNDINGS)
        "near_stride",  # elements from one tile's surroundings to the next: 0 where they are not kept
        "luck",  # this week's draws of the people of a tile
        "counters",  # uint64 [64] scratch
        "stages",  # int32 [64] scratch
        "sight",  # float32 [2 x 64] scratch
        "sums",  # int32 [measures x 64]: this week's sums over my people
    ],
)
"""A share of the people, for one thread: whole tiles, and whole units."""

Luck = namedtuple("Luck", ["choose", "succeed", "comply", "act"])
"""A week's draws for one tile: float32 [64] each, in [0, 1)."""


def surroundings_of(block: Block) -> Any:
    """Columns in which what surrounds people is kept for everyone, to be looked at."""
    return empty(Surroundings, SURROUNDINGS, len(block.people.trust))


def parts_of(block: Block, parts: int, near: Any = None) -> list[Part]:
    """Cut the people into ``parts`` shares of whole tiles and whole units; ``near`` keeps surroundings."""
    tiles = np.linspace(0, len(block.people.trust) // TILE, parts + 1).astype(np.int64)
    starts = block.graph.unit_start
    cuts = np.searchsorted(starts, np.linspace(0, starts[-1], parts + 1)[1:-1])
    units = np.concatenate([[0], cuts, [len(starts) - 1]])
    return [
        Part(
            n,
            int(tiles[n]),
            int(tiles[n + 1]),
            int(units[n]),
            int(units[n + 1]),
            near or empty(Surroundings, SURROUNDINGS, TILE),
            TILE if near else 0,
            Luck(*[zeros(TILE) for _ in Luck._fields]),
            zeros(TILE, np.uint64),
            zeros(TILE, np.int32),
            zeros(2 * TILE),
            zeros(SUMS * TILE, np.int32),
        )
        for n in range(parts)
    ]
