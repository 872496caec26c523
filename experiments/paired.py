"""Statistics of replicates: percentiles over them, and paired differences between programmes on the same replicates.

Replicate r of every programme shares its draws and its world, so programmes are compared within replicates: what the
worlds do to both cancels, and far fewer replicates are needed than for two independent samples (common random numbers;
Law 2015, Simulation Modeling and Analysis, section 11.2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

LEVEL = 0.95
PERCENTILES = (5.0, 95.0)
LONGEST_SERIES = 1_000
"""Degrees of freedom up to which the exact series for Student's t is summed; above, its expansion is exact enough."""


@dataclass(frozen=True)
class Spread:
    """Mean over replicates, and where 5 % and 95 % of them lie; None where no replicate has a value."""

    mean: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Paired:
    """Mean paired difference with its 95 % interval (None where undefined), how often the first is better, and how
    often both are equal."""

    mean: float | None
    low: float | None
    high: float | None
    share_better: float | None
    share_equal: float


def spread(values: np.ndarray) -> Spread:
    """Mean, 5th and 95th percentile of ``values`` [replicates], leaving out NaN."""
    known = values[~np.isnan(values)].astype(np.float64)
    if not known.size:
        return Spread(None, None, None)
    low, high = np.percentile(known, PERCENTILES)
    return Spread(float(known.mean()), float(low), float(high))


def band(curves: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, 5th and 95th percentile of ``curves`` [weeks, replicates], each float64 [weeks]; NaN where undefined."""
    curves = curves.astype(np.float64)
    undefined = np.isnan(curves)
    if not undefined.any():
        low, high = np.percentile(curves, PERCENTILES, axis=1)
        return curves.mean(axis=1), low, high
    rows = [spread(row) for row in curves]
    mean, low, high = (
        np.array([math.nan if (value := getattr(row, name)) is None else value for row in rows])
        for name in ("mean", "low", "high")
    )
    return mean, low, high


def paired(ours: np.ndarray, base: np.ndarray, good: int) -> Paired:
    """Compare two programmes replicate by replicate; both float [replicates], in the same order.

    The interval is Student's t over the paired differences, for these reasons: the pairs are independent of one another
    and bounded (or nearly so), so that their mean is close to normal at the 64 replicates of a usual run; t rather than
    the normal distribution, because the spread is estimated from the same few pairs; and unlike a bootstrap it needs no
    further random numbers, so that the same run always shows the same interval.

    ``good`` is 1 where more is better, -1 where less is, 0 where neither is (then ``share_better`` is None). Ties count
    half. A NaN stands for "never" (an outcome that is not reached): the difference is over the pairs where both have a
    value, while for ``share_better`` never is worse than any value and two nevers are a tie.
    """
    ours, base = ours.astype(np.float64), base.astype(np.float64)
    both = ~np.isnan(ours) & ~np.isnan(base)
    mean, low, high = mean_interval(ours[both] - base[both])
    mine, theirs = (np.where(np.isnan(v), -np.inf, v * good if good else v) for v in (ours, base))
    equal = mine == theirs
    better = float(np.mean(np.where(equal, 0.5, mine > theirs))) if good else None
    return Paired(mean, low, high, better, float(equal.mean()))


def won(better: np.ndarray) -> np.ndarray:
    """Share of worlds in which each programme is the best, [programmes], from outcomes of which more is better
    [programmes, worlds]; NaN stands for never, which is worse than any value. Worlds with several best count in parts.
    """
    table = np.where(np.isnan(better), -np.inf, better)
    best = table == table.max(axis=0)
    return (best / best.sum(axis=0)).mean(axis=1)


def mean_interval(differences: np.ndarray) -> tuple[float | None, float | None, float | None]:
    """Mean and 95 % t-interval of ``differences`` [pairs]: no mean without a pair, no interval from fewer than two."""
    pairs = len(differences)
    if pairs == 0:
        return None, None, None
    mean = float(differences.mean())
    if pairs == 1:
        return mean, None, None
    half = t_quantile(pairs - 1) * float(differences.std(ddof=1)) / math.sqrt(pairs)
    return mean, mean - half, mean + half


def share_half_width(share: float, replicates: int) -> float:
    """Half of the 95 % interval of a share of ``replicates``: the normal approximation of the binomial distribution
    (Wald; Brown, Cai & DasGupta 2001), which near one half needs few of them.
    """
    return NormalDist().inv_cdf(0.5 + LEVEL / 2) * math.sqrt(share * (1 - share) / replicates)


@lru_cache(maxsize=64)
def t_quantile(freedom: int, level: float = LEVEL) -> float:
    """t such that Student's t with ``freedom`` degrees of freedom lies within -t and t with probability ``level``.

    By bisection on the finite series for whole degrees of freedom, and for many of them by the expansion around the
    normal quantile (Abramowitz & Stegun 1964, 26.7.3 to 26.7.5). Importing scipy for this would cost a third of a
    second at every start.
    """
    z = NormalDist().inv_cdf(0.5 + level / 2)
    if freedom > LONGEST_SERIES:
        return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    low, high = 0.0, math.pi / 2  # the angle whose tangent is t / sqrt(freedom)
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < level else (low, middle)
    return math.tan(low) * math.sqrt(freedom)


def _within(angle: float, freedom: int) -> float:
    """Probability that |t| stays below tan(angle) sqrt(freedom)."""
    odd = freedom % 2
    sine, cosine = math.sin(angle), math.cos(angle)
    term = cosine if odd else 1.0
    total = term if freedom > 1 else 0.0
    for k in range(2 + odd, freedom - 1, 2):
        term *= cosine * cosine * (k - 1) / k
        total += term
    return 2 / math.pi * (angle + sine * total) if odd else sine * total
