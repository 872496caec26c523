"""The share of an outcome's variance that is due to chance: between replicates of one and the same point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.paired import t_quantile

if TYPE_CHECKING:
    from pandas import DataFrame

GROUPS = 20
"""Of points, to leave out one after the other: many points one by one would be slow."""
COLUMNS = ("outcome", "chance", "chance_low", "chance_high", "averaging", "mean", "sd")


def chance(values: np.ndarray, outcomes: Sequence[str], *, common: bool, groups: int = GROUPS) -> DataFrame:
    """Variance components of ``values`` [points, replicates, outcomes]: see ``Sensitivity.chance`` for the columns.

    Within: mean variance between the replicates of a point. Between: what the variance of the points' means holds
    beyond the chance left in them (random effects; Searle, Casella & McCulloch 1992, chapter 3), so that both are
    unbiased and no chance is counted as an effect. ``common``: replicate r shares its draws over points; what it does
    to all points alike then cancels out of the differences between them, and only the rest is left in their means
    (two-way layout).

    The interval is a jackknife over points and over replicates, added up, with Student's t. NaN with one replicate.
    ``groups``: of neighbouring points that are not independent of each other, such as trajectories; they are left out
    together.
    """
    import pandas as pd

    rows = []
    for column, outcome in enumerate(outcomes):
        y = values[:, :, column]
        share, averaging = components(y, common=common)
        half = _half_width(y, min(groups, GROUPS), common=common)
        rows.append((outcome, share, max(share - half, 0.0), min(share + half, 1.0), averaging, float(y.mean()),
                     float(y.mean(axis=1).std(ddof=1)) if len(y) > 1 else 0.0))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def components(y: np.ndarray, *, common: bool) -> tuple[float, float]:
    """Share of chance in all variance, and in the variance between the points' means; ``y`` [points, replicates]."""
    points, replicates = y.shape
    if replicates < 2 or points < 2:
        return float("nan"), float("nan")
    means = y.mean(axis=1)
    within = float(y.var(axis=1, ddof=1).mean())
    left = within
    if common:
        rest = y - means[:, None] - y.mean(axis=0) + y.mean()
        left = float((rest**2).sum() / ((points - 1) * (replicates - 1)))
    of_means = float(means.var(ddof=1))
    between = max(of_means - left / replicates, 0.0)
    share = within / (within + between) if within + between > 0 else 0.0
    return share, min(left / replicates / of_means, 1.0) if of_means > 0 else 0.0


def _half_width(y: np.ndarray, most: int, *, common: bool) -> float:
    """Half of the 95 % interval of the share of chance."""
    points, replicates = y.shape
    if replicates < 3 or points < 3:
        return float("nan")
    groups = np.array_split(np.arange(points), min(points, most))
    without = [components(np.delete(y, group, axis=0), common=common)[0] for group in groups]
    variance = _jackknife(without)
    freedom = len(groups) - 1
    if common:
        without = [components(np.delete(y, r, axis=1), common=True)[0] for r in range(replicates)]
        variance += _jackknife(without)
        freedom = min(freedom, replicates - 1)
    return t_quantile(freedom) * variance**0.5


def _jackknife(without: list[float]) -> float:
    return (len(without) - 1) * float(np.var(without))
