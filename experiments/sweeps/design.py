"""Designs: which points of the factors' space a study runs.

``grid`` takes every combination, the first factor slowest; ``list`` what the study lists; ``latin-hypercube`` puts one
point in each of n equal strata of every factor (McKay, Beckman & Conover 1979, doi:10.1080/00401706.1979.10489755);
``sobol`` is Sobol's sequence, scrambled (Owen 1998, doi:10.1006/jcom.1998.0487), best at a power of two. Factors of
values take each of them for an equal share of the points.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np

from experiments.sweeps.study import Factor, Study
from sim.passports import InputError

MOST_POINTS = 10_000_000
CHUNK = 4096
"""Points of a sample made at a time (a power of two, as Sobol's sequence likes)."""
Row = tuple[float | str, ...]


def levels(factor: Factor) -> list[float | str]:
    """What a grid takes of a factor: its values, or steps from low to high (whole ones, each once)."""
    if factor.values:
        return list(factor.values)
    steps = np.linspace(factor.low, factor.high, factor.steps) if factor.steps > 1 else np.array([factor.low])
    if factor.whole:
        steps = np.round(steps)
    # 12 digits: 0.1 steps as a person writes them
    return list(dict.fromkeys(float(f"{step:.12g}") for step in steps))


def placed(factor: Factor, share: float) -> float | str:
    """The factor's value at ``share`` (0 to 1, 1 left out) of its range."""
    if factor.values:
        return factor.values[int(share * len(factor.values))]
    if factor.whole:
        return float(math.floor(factor.low + share * (factor.high - factor.low + 1)))
    return factor.low + share * (factor.high - factor.low)


def size(study: Study) -> int:
    """Points of the design in each block (scenario, organisation, seed)."""
    if study.design == "list":
        return len(study.listed)
    if study.design == "grid":
        return math.prod(len(levels(factor)) for factor in study.factors)
    return study.points


def blocks(study: Study) -> Iterator[tuple[str, str, int]]:
    """Every (scenario's file or name, organisation's label, seed) that the design is run on, in order."""
    places = [place.label for place in study.organisations]
    yield from itertools.product(study.scenarios, places, study.seeds)


def total(study: Study) -> int:
    """All points of a study. Raises InputError for more than MOST_POINTS."""
    count = size(study) * len(study.scenarios) * len(study.organisations) * len(study.seeds)
    if count > MOST_POINTS:
        raise InputError(f"the design has {count:,} points, more than {MOST_POINTS:,}; give it fewer steps or values")
    return count


def rows(study: Study) -> Iterator[Row]:
    """The points of one block, in order; values in the factors' order."""
    if study.design == "list":
        yield from study.listed
    elif study.design == "grid":
        yield from itertools.product(*(levels(factor) for factor in study.factors))
    else:
        for share in _shares(study):
            yield tuple(placed(f, float(u)) for f, u in zip(study.factors, share, strict=True))


def _shares(study: Study) -> Iterator[np.ndarray]:
    """Points in the unit cube, float64 [factors] each."""
    count, width, seed = study.points, len(study.factors), study.seeds[0]
    if not width:
        yield from np.zeros((count, 0))
    elif study.design == "latin-hypercube":
        yield from latin_hypercube(count, width, seed)
    else:
        from scipy.stats import qmc

        sampler = qmc.Sobol(width, scramble=True, seed=np.random.default_rng(seed))
        for start in range(0, count, CHUNK):
            # a whole chunk, cut: the sampler warns of numbers that are not a power of two
            yield from np.minimum(sampler.random(CHUNK)[: count - start], np.nextafter(1, 0))


def latin_hypercube(count: int, width: int, seed: int) -> Iterator[np.ndarray]:
    """``count`` points, float64 [width] each: every factor has one point in each of ``count`` equal strata."""
    generator = np.random.default_rng(seed)
    strata = [generator.permutation(count).astype(np.int32) for _ in range(width)]
    for start in range(0, count, CHUNK):
        stratum = np.stack([order[start : start + CHUNK] for order in strata], axis=1)
        within = np.minimum((stratum + generator.random(stratum.shape)) / count, np.nextafter((stratum + 1) / count, 0))
        yield from np.maximum(within, stratum / count)
