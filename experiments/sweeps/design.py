"""Designs: which points of the factors' space a study runs.

``grid`` takes every combination, the first factor slowest; ``list`` what the study lists; ``latin-hypercube`` puts one
point in each of n equal strata of every factor (McKay, Beckman & Conover 1979, doi:10.1080/00401706.1979.10489755);
``sobol`` is Sobol's sequence, scrambled (Owen 1998, doi:10.1006/jcom.1998.0487), best at a power of two.

Two designs are made for sensitivity, by SALib; factors that do not vary take no part in them. ``morris`` steps along
trajectories, one factor at a time, on a grid of LEVELS (Morris 1991, doi:10.1080/00401706.1991.10484804): (k + 1)
points each for k factors. ``saltelli`` crosses two halves of a scrambled Sobol sample (Saltelli et al. 2010,
doi:10.1016/j.cpc.2009.09.018): A, then A with each factor from B, then B, so (k + 2) points for each of ``base``.

Factors of values take each of them, in the order written, for an equal share of the points.
"""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from experiments.sweeps.study import MOST_POINTS, SIZED, Factor, Study, label_of
from sim.passports import InputError

CHUNK = 4096
"""Points of a sample made at a time (a power of two, as Sobol's sequence likes)."""
LEVELS = 4
"""Of the Morris grid; four, as usual with few trajectories (Saltelli et al. 2008, section 3.3)."""
SAMPLERS = {"sobol": ("scipy",), "morris": ("salib",), "saltelli": ("salib", "scipy")}
"""Distributions whose version decides the points of a design."""
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
    """The factor's value at ``share`` (0 to 1) of its range."""
    if factor.values:
        return factor.values[min(int(share * len(factor.values)), len(factor.values) - 1)]
    if factor.whole:
        return float(min(math.floor(factor.low + share * (factor.high - factor.low + 1)), factor.high))
    return factor.low + share * (factor.high - factor.low)


def size(study: Study) -> int:
    """Points of the design in each block (scenario, organisation, seed)."""
    if study.design == "list":
        return len(study.listed)
    if study.design == "grid":
        return math.prod(len(levels(factor)) for factor in study.factors)
    return getattr(study, SIZED[study.design]) * stride(study)


def stride(study: Study) -> int:
    """Points that belong together: a trajectory of morris, a crossing of saltelli; one point of all others."""
    more = {"morris": 1, "saltelli": 2}.get(study.design)
    return 1 if more is None else len(varying(study)) + more


def varying(study: Study) -> list[Factor]:
    """The factors that take more than one value."""
    return [factor for factor in study.factors if factor.varies]


def blocks(study: Study) -> Iterator[tuple[str, str, int]]:
    """Every (scenario's label, organisation's label, seed) that the design is run on, in order."""
    names, places = map(label_of, study.scenarios), [place.label for place in study.organisations]
    yield from itertools.product(names, places, study.seeds)


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
        for share in shares(study):
            yield tuple(placed(f, float(u)) for f, u in zip(study.factors, share, strict=True))


def anywhere(study: Study, share: np.ndarray) -> Row:
    """A point as the design has them, at ``share`` of each factor, float64 [factors], without making the others."""
    if study.design == "list":
        return study.listed[int(share.mean() * len(study.listed))] if len(share) else study.listed[0]
    if study.design == "grid":
        steps = [levels(factor) for factor in study.factors]
        return tuple(each[int(u * len(each))] for each, u in zip(steps, share, strict=True))
    return tuple(placed(factor, float(u)) for factor, u in zip(study.factors, share, strict=True))


def shares(study: Study) -> Iterator[np.ndarray]:
    """The points of a sampled design in the unit cube, float64 [factors] each."""
    count, width, seed = study.points, len(study.factors), study.seeds[0]
    if study.design in ("morris", "saltelli"):
        whole = np.zeros((size(study), width))
        whole[:, [factor.varies for factor in study.factors]] = _for_sensitivity(study)
        yield from whole
    elif not width:
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


def _for_sensitivity(study: Study) -> np.ndarray:
    """The sample of SALib, float64 [points, factors that vary]."""
    from SALib.sample import morris, sobol

    problem, seed = problem_of([factor.key for factor in varying(study)]), study.seeds[0]
    if study.design == "morris":
        return morris.sample(problem, study.trajectories, num_levels=LEVELS, seed=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a base that is no power of two is less even, not wrong
        return sobol.sample(problem, study.base, calc_second_order=False, seed=seed)


def problem_of(keys: Sequence[str]) -> dict[str, Any]:
    """Factors of the unit cube as SALib names them."""
    return {"num_vars": len(keys), "names": list(keys), "bounds": [[0.0, 1.0]] * len(keys)}
