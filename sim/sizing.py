"""How an ensemble is cut: how many replicates a block runs side by side, and how many blocks at once.

Memory at work, in bytes, for a block of ``lanes`` replicates:

    lanes x (people x (STATE + AROUND + LAYING_OUT) + leaders x LEADER + units x UNIT + weeks x 4 x kept) + BLOCK
    kept = SERIES, and stages x units more where they are counted by unit; AROUND only below 16 lanes

times the blocks at work at the same time. The cap holds for this; on top come the organisation itself and the results
that are returned: 4 x SERIES bytes a week and replicate, and 4 more for each unit and stage where they are kept.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np

from sim.graph import graph_of
from sim.organisation import Organisation
from sim.passports import InputError
from sim.people import LEADERS, PEOPLE, SIGHT, SURROUNDINGS, UNITS, Column
from sim.tallies import SERIES, STAGES

DEFAULT_MEMORY = 2 << 30
WIDTHS = (64, 32, 16, 8, 4, 2, 1)
NARROWEST = 16
"""Below this width, sharing replicates out among threads costs more than it gains, and glances are taken first."""
LARGE = 1 << 18
"""From so many people times lanes on, threads are worth their keep inside a block."""


def _bytes(columns: tuple[Column, ...]) -> int:
    return sum(np.dtype(c.dtype).itemsize for c in columns)


STATE, AROUND = _bytes(PEOPLE + SIGHT), _bytes(SURROUNDINGS)
LEADER, UNIT = _bytes(LEADERS), _bytes(UNITS)
LAYING_OUT = 76
"""What laying out a block needs for each person and replicate at its peak: keys packed and sorted, masks, orders."""
BLOCK = 640 << 10
"""What a block needs whatever its size: the world's rows, scratch, and the space between columns."""


@dataclass(frozen=True)
class Settings:
    """How to run, none of which changes a digit of the results: ``threads``, lane width, memory cap in bytes."""

    threads: int = 0
    lanes: int = 64
    memory: int = DEFAULT_MEMORY

    def resolved_threads(self) -> int:
        if self.threads:
            return self.threads
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Cut:
    """``lanes`` replicates to a block, ``at_once`` blocks at the same time, ``inside`` threads within each."""

    lanes: int
    at_once: int
    inside: int


def block_bytes(organisation: Organisation, lanes: int, weeks: int, by_unit: bool = False) -> int:
    """The most memory that one block takes, in bytes (see the module)."""
    people, leaders = organisation.headcount, len(graph_of(organisation).leader_person)
    kept = SERIES + (STAGES * organisation.n_units if by_unit else 0)
    around = AROUND if lanes < NARROWEST else 0
    each = people * (STATE + around + LAYING_OUT) + leaders * LEADER + organisation.n_units * UNIT + weeks * 4 * kept
    return lanes * each + BLOCK


def cut(
    organisation: Organisation,
    replicates: int,
    weeks: int,
    settings: Settings,
    programmes: int = 1,
    by_unit: bool = False,
) -> Cut:
    """Lanes halved until every thread has a block; then fewer lanes, and fewer blocks at once, until the cap holds.

    Raises InputError where the cap has no room for a single replicate.
    """
    if settings.lanes not in WIDTHS:
        raise InputError(f"lanes must be a power of two from 1 to 64, not {settings.lanes}")
    threads = settings.resolved_threads()
    lanes = min(settings.lanes, 1 << (max(replicates, 1) - 1).bit_length())
    while lanes > NARROWEST and -(-replicates // lanes) * programmes < threads:
        lanes //= 2

    def blocks(width: int) -> int:
        return min(threads, -(-replicates // width) * programmes)

    def fits(width: int, at_once: int) -> bool:
        return at_once * block_bytes(organisation, width, weeks, by_unit) <= settings.memory

    while lanes > 1 and not fits(lanes, blocks(lanes)):
        lanes //= 2
    at_once = blocks(lanes)
    while at_once > 1 and not fits(lanes, at_once):
        at_once -= 1
    if not fits(lanes, at_once):
        needed = block_bytes(organisation, 1, weeks, by_unit) / 1e6
        raise InputError(
            f"a memory cap of {settings.memory / 1e6:.0f} MB has no room for one replicate of "
            f"{organisation.headcount:,} people, which takes {needed:.0f} MB; raise it"
        )
    worth_sharing = lanes * organisation.headcount >= LARGE
    return Cut(lanes, at_once, threads // at_once if worth_sharing else 1)
