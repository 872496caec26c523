"""One replicate kept whole: what everyone was in every week, to be played back and asked why.

A replay is an ensemble's replicate, bit for bit; an ensemble itself keeps totals only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from sim.agents import stages
from sim.block import Block, parts_of, surroundings_of
from sim.mechanisms.trying import TERMS
from sim.organisation import Organisation
from sim.passports import InputError
from sim.people import Surroundings
from sim.population import populate_block
from sim.programme import Programme
from sim.week import LIVING, PHASES, explained, weeks

MOST_BYTES = 1 << 30
"""A longer or larger replay is refused."""
BYTES = 1 + 4 + 2 * 4
"""Of a person and week."""


@dataclass(frozen=True, eq=False)
class Replay:
    """People by row, weeks from 0, as they stood at each week's end.

    ``stage`` uint8, ``status`` uint32 (bits of ``people.Status``), ``trust`` and ``resistance`` float32:
    [weeks, people]. ``support`` float32 [weeks, leaders] of the people in ``leaders`` int64 [leaders], bosses before
    reports. ``wave`` int16 [weeks]: waves open. ``series`` float32 [weeks, Series].
    """

    organisation: Organisation
    programme: Programme
    seed: int
    replicate: int
    worlds: bool
    stage: np.ndarray
    status: np.ndarray
    trust: np.ndarray
    resistance: np.ndarray
    leaders: np.ndarray
    support: np.ndarray
    wave: np.ndarray
    series: np.ndarray

    @property
    def weeks(self) -> int:
        return len(self.stage)


def replay(
    organisation: Organisation,
    programme: Programme,
    *,
    seed: int = 1,
    replicate: int = 0,
    worlds: bool = True,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Replay:
    """Run one replicate and keep it whole. Raises InputError if that is too large, KeyboardInterrupt if cancelled."""
    headcount, horizon = organisation.headcount, programme.weeks
    if headcount * horizon * BYTES > MOST_BYTES:
        raise InputError(
            f"{headcount:,} people over {horizon:,} weeks are too many to keep whole; watch fewer weeks or people"
        )
    block, near = set_up(organisation, programme, seed, replicate, worlds)
    kept: dict[str, np.ndarray] = {
        "stage": np.empty((horizon, headcount), np.uint8),
        "status": np.empty((horizon, headcount), np.uint32),
        "trust": np.empty((horizon, headcount), np.float32),
        "resistance": np.empty((horizon, headcount), np.float32),
        "support": np.empty((horizon, len(block.graph.leader_person)), np.float32),
        "wave": np.empty(horizon, np.int16),
    }
    people = block.people
    for week, _ in played(block, programme, near):
        for name in ("status", "trust", "resistance"):
            kept[name][week] = getattr(people, name)[:headcount]
        stages(people.status[:headcount], people.history[:headcount], kept["stage"][week])
        kept["support"][week] = block.leaders.support[: kept["support"].shape[1]]
        kept["wave"][week] = block.firm.wave[0]
        if progress is not None:
            progress((week + 1) / horizon)
        if cancelled is not None and cancelled():
            raise KeyboardInterrupt
    return Replay(
        organisation, programme, seed, replicate, worlds,
        leaders=block.graph.leader_person.astype(np.int64), series=block.series[:, :, 0].copy(), **kept,
    )  # fmt: skip


def terms(found: Replay, wanted: Mapping[int, np.ndarray]) -> dict[int, np.ndarray]:
    """What spoke for and against using it, in the weeks and of the people (rows) that are wanted.

    Logits float32 [people, terms] by week, in the order of ``trying.TERMS``, from the same replicate run again.
    """
    if not wanted:
        return {}
    block, near = set_up(found.organisation, found.programme, found.seed, found.replicate, found.worlds)
    told: dict[int, np.ndarray] = {}
    for week, spoke in played(block, found.programme, near, wanted):
        if week in wanted:
            told[week] = spoke[:, : len(TERMS)]
        if week == max(wanted):
            break
    return told


def set_up(
    organisation: Organisation, programme: Programme, seed: int, replicate: int, worlds: bool
) -> tuple[Block, Surroundings]:
    """A block of one replicate before its first week, and the columns of what will surround everyone."""
    block = populate_block(organisation, programme, np.array([replicate]), seed, worlds=worlds)
    return block, surroundings_of(block)


def played(
    block: Block, programme: Programme, near: Surroundings, wanted: Mapping[int, np.ndarray] = MappingProxyType({})
) -> Iterator[tuple[int, np.ndarray]]:
    """Run a block of one replicate week by week, and stop after each: the week, and why the people wanted chose.

    ``wanted`` maps weeks to rows of people; for each the terms of their choice and its chance, float32
    [people, terms + 1], exactly as the compiled rule met them within that week.
    """
    (part,) = parts_of(block, 1, near)
    for week in range(programme.weeks):
        people = np.ascontiguousarray(wanted.get(week, ()), np.int64)
        spoke = np.zeros((len(people), len(TERMS) + 1), np.float32)
        weeks(block, programme.tracks, week, week + 1, part, 0, LIVING - 1)
        if len(people):
            explained(block, programme.tracks[week], week, part, people, spoke)
        weeks(block, programme.tracks, week, week + 1, part, LIVING, PHASES - 1)
        yield week, spoke
