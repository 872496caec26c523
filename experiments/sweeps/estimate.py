"""What a sweep will take, before it is begun: a few of its points, run now; and how that is said."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from experiments.sweeps import design
from experiments.sweeps.sweep import Plan
from experiments.sweeps.work import Point, run_point
from sim.sizing import DEFAULT_MEMORY

TRIED = 5
WARM = 64
"""Replicates of a first run, which is not counted: it loads what the others find loaded."""


def seconds(plan: Plan, jobs: int, memory: int = DEFAULT_MEMORY, patience: float = 5.0) -> float:
    """Expected time from up to TRIED points (about ``patience`` seconds, or one point's), however large the design."""
    blocks = list(design.blocks(plan.study))
    # a latin hypercube of blocks and factors: few points, far apart
    places = list(design.latin_hypercube(TRIED, 1 + len(plan.study.factors), seed=0))
    job, took, tried = plan.job(memory // jobs), 0.0, 0
    warm = replace(job, replicates=min(job.replicates, WARM))
    for place, *shares in places:
        label, where, seed = blocks[int(place * len(blocks))]
        inputs = dict(zip(plan.study.inputs, design.anywhere(plan.study, np.array(shares)), strict=True))
        given = (plan.scenarios[label], plan.organisations[where], seed, Point(0, "", inputs))
        if not tried:
            run_point(warm, *given)
        started = time.monotonic()
        run_point(job, *given)
        took += time.monotonic() - started
        tried += 1
        if took > patience:
            break
    total = design.total(plan.study)
    return took / tried * total / min(jobs, total)


def spoken(seconds: float) -> str:
    """A time as a person would say it: two digits are enough."""
    for unit, length in (("day", 86400.0), ("hour", 3600.0), ("minute", 60.0)):
        if seconds >= 1.5 * length:
            return f"about {seconds / length:.2g} {unit}s"
    return f"about {max(seconds, 1):.0f} seconds" if seconds >= 1.5 else "about a second"
