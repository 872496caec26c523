"""A block: everything the compiled rules read and write, for some replicates of one organisation and programme."""

from __future__ import annotations

from collections import namedtuple

Block = namedtuple(
    "Block",
    [
        "people",  # columns [person x lane] (people.py)
        "leaders",  # columns [leader x lane]; leaders stand from the top of the tree down
        "units",  # columns [unit x lane]
        "firm",  # columns [64], lanes repeated
        "graph",  # the organisation as arrays
        "world",  # parameters: a record of rows [64], lanes repeated
        "scope",  # record: which bit of ``people.scopes`` says that a weekly lever includes a person
        "once",  # record: levers read once
        "keys",  # uint64 [lanes]
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
        "words",  # uint64 [64] scratch
        "sums",  # int32 [measures, 64] scratch
        "totals",  # int64 [measures] scratch
        "scratch",  # float32 [64] scratch
        "stages",  # int32 [64] scratch
    ],
)
"""A share of the people, for one thread: whole tiles, and whole units."""
