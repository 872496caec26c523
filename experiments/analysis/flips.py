"""Where a share of worlds flips along a lever, and whether worlds fall into two camps: the statistics of a map.

Along a lever, the share of worlds is made to rise (or fall) throughout by isotonic regression (pool adjacent violators;
Barlow et al. 1972), so that noise makes no second boundary; the boundary is where it passes one half, by linear
interpolation between neighbouring values, and the width lies between 10 % and 90 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

HALF, FEW, MOST = 0.5, 0.1, 0.9
SARLE = 5 / 9
"""Sarle's coefficient of a uniform distribution; two peaks lie above (SAS/STAT 1990; Pfister et al. 2013)."""
END = 0.1
"""The least share of worlds at either end for two peaks."""


@dataclass(frozen=True)
class Flip:
    """Along one lever, with the other held: the places at which 10 %, half and 90 % of worlds succeed.

    None where the map does not reach that share. ``rises``: more of the lever, more success. ``at_low`` and
    ``at_high`` are the shares at the ends of the row. ``reversal`` is how far shares run against the trend, at most.
    """

    few: float | None
    half: float | None
    most: float | None
    rises: bool
    at_low: float
    at_high: float
    reversal: float

    @property
    def width(self) -> float | None:
        """Between 10 % and 90 %, in places of the lever; None where the map does not hold both."""
        return None if self.few is None or self.most is None else abs(self.most - self.few)


def success_shares(values: np.ndarray, success: float, good: int) -> np.ndarray:
    """Share of ``values`` [..., worlds] that reach ``success`` (stay at or below it where less is better)."""
    return (values * good >= success * good).mean(axis=-1)


def flip(places: np.ndarray, shares: np.ndarray) -> Flip:
    """Where ``shares`` [values] of success pass 10 %, half and 90 % along rising ``places`` [values]."""
    up, down = isotonic(shares), -isotonic(-shares)
    rises = bool(np.sum((up - shares) ** 2) <= np.sum((down - shares) ** 2))
    fitted = up if rises else down
    few, half, most = (crossing(places, fitted, level, rises) for level in (FEW, HALF, MOST))
    return Flip(few, half, most, rises, float(shares[0]), float(shares[-1]), float(np.abs(fitted - shares).max()))


def isotonic(values: np.ndarray) -> np.ndarray:
    """The rising sequence nearest to ``values`` in squares (pool adjacent violators)."""
    blocks: list[list[float]] = []  # [mean, count]
    for value in values.astype(np.float64):
        blocks.append([float(value), 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, count = blocks.pop()
            before = blocks[-1]
            before[0] = (before[0] * before[1] + mean * count) / (before[1] + count)
            before[1] += count
    return np.concatenate([np.full(int(count), mean) for mean, count in blocks])


def crossing(places: np.ndarray, fitted: np.ndarray, level: float, rises: bool) -> float | None:
    """The place at which a monotone sequence passes ``level``; None where it does not, the middle of a flat stretch."""
    signed, level = (fitted, level) if rises else (-fitted, -level)
    if not signed[0] <= level <= signed[-1] or signed[0] == signed[-1]:
        return None
    first, last = int(np.searchsorted(signed, level, "left")), int(np.searchsorted(signed, level, "right"))
    if last > first:  # flat at the level itself
        return float((places[first] + places[last - 1]) / 2)
    below = first - 1
    step = (level - signed[below]) / (signed[first] - signed[below])
    return float(places[below] + step * (places[first] - places[below]))


def thirds(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Share of ``values`` [..., worlds] in the lowest, middle and highest third of low to high: [..., 3]."""
    third = (high - low) / 3
    lower, upper = (values < low + third).mean(axis=-1), (values > high - third).mean(axis=-1)
    return np.stack([lower, 1 - lower - upper, upper], axis=-1)


def sarle(values: np.ndarray) -> np.ndarray:
    """Sarle's bimodality coefficient over the last axis, corrected for small samples; NaN where nothing varies."""
    n = values.shape[-1]
    if n < 4:
        return np.full(values.shape[:-1], np.nan)
    centred = values - values.mean(axis=-1, keepdims=True)
    variance = (centred**2).mean(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        skew = (centred**3).mean(axis=-1) / variance**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
        excess = (centred**4).mean(axis=-1) / variance**2 - 3
    kurtosis = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * excess + 6)
    found = (skew**2 + 1) / (kurtosis + 3 * (n - 1) ** 2 / ((n - 2) * (n - 3)))
    return np.where(variance > 1e-12, found, np.nan)


def two_peaks(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Whether worlds fall into two camps: bool [...] over ``values`` [..., worlds].

    Sarle's coefficient above that of a uniform distribution, at least a tenth of the worlds in each outer third of the
    range, and the middle third no more than half as full as the emptier of them. The coefficient alone also rises with
    skewness (Pfister et al. 2013), hence the valley; the valley alone could be chance, hence the coefficient.
    """
    lower, middle, upper = np.moveaxis(thirds(values, low, high), -1, 0)
    ends = np.minimum(lower, upper)
    return (np.nan_to_num(sarle(values)) > SARLE) & (ends >= END) & (middle <= ends / 2)


def histogram(values: np.ndarray, low: float, high: float, bins: int) -> np.ndarray:
    """Share of ``values`` [columns, worlds] in each of ``bins`` even steps from low to high: [bins, columns]."""
    if high <= low:
        high = low + 1.0
    rows: Sequence[np.ndarray] = [np.histogram(np.clip(v, low, high), bins, (low, high))[0] / len(v) for v in values]
    return np.array(rows).T
