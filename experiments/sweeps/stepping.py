"""One point's replicates stepped on the worker's own thread, as ``engine.run`` does on many, with looks at people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.sweeps.agents import Look, states
from sim.block import surroundings_of
from sim.engine import pad, run_block
from sim.organisation import Organisation
from sim.population import populate_block
from sim.programme import Programme
from sim.sizing import NARROWEST, Settings, cut
from sim.tallies import SERIES


@dataclass(frozen=True, eq=False)
class Stepped:
    """``series`` float32 [weeks, Series, replicates]; ``traces`` [replicates, weeks looked at, people] by state."""

    series: np.ndarray
    traces: dict[str, np.ndarray]


def step(
    organisation: Organisation,
    programme: Programme,
    replicates: np.ndarray,
    seed: int,
    *,
    worlds: bool,
    memory: int,
    wanted: Sequence[str] = (),
    at: Sequence[int] = (),
    cancelled: Callable[[], bool] | None = None,
) -> Stepped:
    """Run the replicates block by block; keep the ``wanted`` states of people after each of the weeks ``at``, rising.

    The numbers are those of ``engine.run``, bit for bit. A true ``cancelled()`` raises KeyboardInterrupt.
    """
    around = any(states()[name].around for name in wanted)
    settings = Settings(threads=1, memory=memory)
    if around:  # what surrounds people is kept, and counted in the cap, in narrow blocks
        settings = Settings(threads=1, lanes=NARROWEST // 2, memory=memory)
    lanes = cut(organisation, len(replicates), programme.weeks, settings).lanes
    series = np.empty((programme.weeks, SERIES, len(replicates)), np.float32)
    looks: dict[str, list[np.ndarray]] = {name: [] for name in wanted}
    for start in range(0, len(replicates), lanes):
        if cancelled is not None and cancelled():
            raise KeyboardInterrupt
        picked = replicates[start : start + lanes]
        block = populate_block(organisation, programme, pad(picked, lanes), seed, worlds=worlds)
        near = surroundings_of(block) if lanes < NARROWEST else None
        first, seen = 0, []
        for week in at if wanted else ():
            run_block(block, programme.tracks, first, week, near=near)
            look = Look(block, near, organisation.headcount, lanes)
            seen.append({name: states()[name].read(look)[:, : len(picked)].copy() for name in wanted})
            first = week
        run_block(block, programme.tracks, first, programme.weeks, near=near)
        series[:, :, start : start + len(picked)] = block.series[:, :, : len(picked)]
        for name, found in looks.items():
            found.append(np.stack([values[name].T for values in seen], axis=1))
    return Stepped(series, {name: np.concatenate(found) for name, found in looks.items()})
