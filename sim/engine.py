"""The engine: replicates in lanes, blocks on threads, one stepping loop (``week.weeks``).

Results depend on (organisation, programme, seed, replicate, world) alone: not on the lane width, the number of
threads or the order of blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.block import Block, parts_of, surroundings_of
from sim.organisation import Organisation
from sim.passports import InputError
from sim.population import populate_block
from sim.programme import Programme
from sim.sizing import NARROWEST, Settings, cut
from sim.tallies import SERIES, STAGES
from sim.week import PHASES, SHARED, WEEK, weeks


@dataclass(frozen=True, eq=False)
class Ensemble:
    """What an ensemble of one programme leaves: ``series`` float32 [weeks, Series, replicates].

    ``unit_stages`` int32 [weeks, units, stages, replicates] where it was asked for, else None.
    """

    programme: Programme
    organisation: Organisation
    replicates: np.ndarray
    seed: int
    worlds: bool
    series: np.ndarray
    unit_stages: np.ndarray | None = None


def run(
    organisation: Organisation,
    programmes: Sequence[Programme],
    replicates: int | np.ndarray,
    seed: int = 1,
    *,
    worlds: bool = True,
    settings: Settings | None = None,
    by_unit: bool = False,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[Ensemble]:
    """Run every programme on the same replicates (and worlds, if drawn); one Ensemble each, in order.

    ``progress`` is called with the share done; a true ``cancelled()`` raises KeyboardInterrupt between blocks.
    """
    settings = settings or Settings()
    chosen = np.arange(replicates) if isinstance(replicates, int) else np.asarray(replicates)
    if not 0 <= seed < 2**64:
        raise InputError(f"a seed is a whole number from 0 to 2^64 - 1, not {seed}")
    if len(chosen) < 1:
        raise InputError("at least one replicate is needed")
    horizon = [programme.weeks for programme in programmes]
    plan = cut(organisation, len(chosen), max(horizon, default=1), settings, len(programmes), by_unit)
    lanes = plan.lanes
    out = [np.empty((n, SERIES, len(chosen)), np.float32) for n in horizon]
    units: list[np.ndarray | None] = [
        np.zeros((n, organisation.n_units, STAGES, len(chosen)), np.int32) if by_unit else None for n in horizon
    ]
    jobs = [(p, start) for start in range(0, len(chosen), lanes) for p in range(len(programmes))]
    done = 0

    def work(job: tuple[int, int]) -> None:
        p, start = job
        if cancelled is not None and cancelled():
            raise KeyboardInterrupt
        picked = chosen[start : start + lanes]
        block = populate_block(
            organisation, programmes[p], pad(picked, lanes), seed, worlds=worlds, parts=plan.inside, by_unit=by_unit
        )
        run_block(block, programmes[p].tracks, 0, programmes[p].weeks, plan.inside)
        out[p][:, :, start : start + len(picked)] = block.series[:, :, : len(picked)]
        kept = units[p]
        if kept is not None:
            kept[..., start : start + len(picked)] = block.unit_series[..., : len(picked)]

    with ThreadPoolExecutor(plan.at_once) as pool:
        futures = [pool.submit(work, job) for job in jobs]
        try:
            for future in futures:
                future.result()
                done += 1
                if progress is not None:
                    progress(done / len(jobs))
        except BaseException:
            for future in futures:
                future.cancel()
            raise
    return [
        Ensemble(p, organisation, chosen, seed, worlds, o, u) for p, o, u in zip(programmes, out, units, strict=True)
    ]


def pad(replicates: np.ndarray, lanes: int) -> np.ndarray:
    """Fill a last, shorter block with further replicates, whose results are dropped."""
    missing = lanes - len(replicates)
    return np.concatenate([replicates, replicates[-1] + 1 + np.arange(missing)]) if missing else replicates


def run_block(block: Block, tracks: np.ndarray, first: int, stop: int, threads: int = 1, near: Any = None) -> None:
    """Run weeks ``first`` to ``stop - 1``; with several threads, each phase is shared out over the people."""
    if threads > len(block.tallies) or stop > len(block.series):
        raise ValueError(f"the block was made for {len(block.tallies)} parts and {len(block.series)} weeks")
    if near is None and len(block.keys) < NARROWEST:
        near = surroundings_of(block)  # few lanes: glances at colleagues are scattered, and best taken in one go
    parts = parts_of(block, threads, near)
    if threads == 1:
        weeks(block, tracks, first, stop, parts[0], 0, PHASES - 1)
        return
    with ThreadPoolExecutor(threads) as pool:
        for week in range(first, stop):
            for phase, (how, _) in enumerate(WEEK):
                sharing = parts if how == SHARED else parts[:1]
                list(pool.map(lambda part, n=phase, t=week: weeks(block, tracks, t, t + 1, part, n, n), sharing))
