"""The engine beside its rivals in one run: all use every core, and they take turns, so that both meet the same machine.

The engine spreads replicates over threads. A rival runs in one process per core, started afresh and warmed up; the
clock runs from the word to begin until the last process is done.
"""

from __future__ import annotations

import gc
import multiprocessing
import statistics
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from types import TracebackType

import numpy as np
from ensembles import QUICK, Size, setting, workload
from timing import Effort, cores, seconds_of

WARM_UP_WEEKS = 8


def mesa_work(size: Size) -> Callable[[int], object]:
    """Models of people as Mesa agents, one after the other."""
    import mesa_rival

    organisation, programme = setting(size)
    return lambda seed: [mesa_rival.run_rival(organisation, programme, seed, k) for k in range(size.replicates)]


def numpy_work(size: Size) -> Callable[[int], object]:
    """Batches of 64 replicates in numpy, all outcomes included."""
    import numpy_rival

    from sim.measures import OUTCOMES

    organisation, programme = setting(size)

    def once(seed: int) -> list[np.ndarray]:
        series = numpy_rival.simulate(organisation, programme, size.replicates, seed)
        return [outcome.curve(series) for outcome in OUTCOMES.values()]

    return once


RIVALS = {"mesa": mesa_work, "numpy": numpy_work}


def serve(pipe: Connection, rival: str, size: Size) -> None:
    """In a process of its own: warm up, then run whenever told a seed, until told none."""
    RIVALS[rival](replace(size, weeks=min(size.weeks, WARM_UP_WEEKS)))(0)
    work = RIVALS[rival](size)
    gc.collect()
    pipe.send("ready")
    while (seed := pipe.recv()) is not None:
        work(seed)
        pipe.send("done")


class Crew:
    """Processes that run a rival together."""

    def __init__(self, rival: str, size: Size, processes: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipes: list[Connection] = []
        self.processes = []
        for _ in range(processes):
            ours, theirs = context.Pipe()
            process = context.Process(target=serve, args=(theirs, rival, size), daemon=True)
            process.start()
            theirs.close()  # so that a process that dies is noticed
            self.pipes.append(ours)
            self.processes.append(process)
        for pipe in self.pipes:
            pipe.recv()

    def work(self, turn: int) -> None:
        """Everyone runs once, with seeds of their own."""
        for number, pipe in enumerate(self.pipes):
            pipe.send(1 + turn * len(self.pipes) + number)
        for pipe in self.pipes:
            pipe.recv()

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for pipe, process in zip(self.pipes, self.processes, strict=True):
            if process.is_alive():
                pipe.send(None)
            process.join()


def against(rival: str, ours: Size, theirs: Size, repeats: int) -> dict[str, float]:
    """Both speeds, turn by turn, and how many times faster the engine is."""
    processes = cores()
    _, work = workload(ours)
    work()
    mine, other = [], []
    with Crew(rival, theirs, processes) as crew:
        for turn in range(repeats):
            mine.append(ours.person_weeks / seconds_of(work))
            other.append(theirs.person_weeks * processes / seconds_of(lambda turn=turn: crew.work(turn)))
    speed, rival_speed = statistics.median(mine), statistics.median(other)
    ratios = [a / b for a, b in zip(mine, other, strict=True)]
    return {
        "ratio": speed / rival_speed,
        "least_ratio": min(ratios),
        "greatest_ratio": max(ratios),
        "person_weeks_per_second": speed,
        "rival_person_weeks_per_second": rival_speed,
        "microseconds_per_person_week_and_core": processes / speed * 1e6,
        "rival_microseconds_per_person_week_and_core": processes / rival_speed * 1e6,
        "processes": processes,
    }


def against_mesa(effort: Effort) -> dict[str, float]:
    """512 replicates of 1,000 people over two years, against one run in Mesa on each core."""
    ours, theirs = (QUICK, Size(60, 1, 8)) if effort.quick else (Size(1000, 512), Size(1000, 1))
    return against("mesa", ours, theirs, effort.repeats)


def against_numpy(effort: Effort) -> dict[str, float]:
    """512 replicates of 1,000 people over two years, against 64 in numpy on each core."""
    ours, theirs = (QUICK, QUICK) if effort.quick else (Size(1000, 512), Size(1000, 64))
    return against("numpy", ours, theirs, effort.repeats)
