"""How many replicates a question needs: the half width of a paired 95 % interval against their number.

Half width = t(n - 1) s / sqrt(n), s the standard deviation of the paired differences. The need is the smallest n for
which it stays within the tolerance (the usual two-stage estimate: Stein 1945; Law 2015, section 9.4.1), found from the
largest batch, then checked by a fresh run of that many replicates under another seed and raised until the check holds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.analysis.decisions_ground import Cancelled, Ground, Progress, distinct, outcome_named
from experiments.compare import MOST_REPLICATES
from experiments.outcomes import PRIMARY, Outcome
from experiments.paired import mean_interval, t_quantile
from sim.passports import InputError
from sim.scenario import Scenario

FIRST, MOST = 32, 1024
WITHIN = 0.02
CHECKS = 4
"""Fresh runs at most; each is larger where the one before was too wide."""


@dataclass(frozen=True, eq=False)
class Curve:
    """One comparison (or one scenario alone): half width [sizes] of the interval at each number of replicates.

    ``law`` is c of the fitted c / sqrt(n), ``slope`` the freely fitted power (-0.5 is the law), ``spread`` the standard
    deviation of a (paired) replicate, ``mean`` that of the largest batch.
    """

    name: str
    sizes: np.ndarray
    half: np.ndarray
    mean: float
    spread: float
    law: float
    slope: float

    def needed(self, within: float) -> int:
        """The smallest number of replicates whose expected half width is at most ``within``."""
        return needed(self.spread, within)

    @property
    def to_tell(self) -> int | None:
        """Replicates from which the interval leaves out zero, if the mean is what it seems; None where it is nought."""
        return None if self.mean == 0 else needed(self.spread, abs(self.mean) * 0.999)


@dataclass(frozen=True)
class Check:
    """A fresh run: so many replicates gave this half width, for the widest comparison."""

    replicates: int
    half: float


@dataclass(frozen=True, eq=False)
class Convergence:
    """``checks`` in order; the last one holds unless ``recommended`` is None (more than the cap would be needed)."""

    curves: tuple[Curve, ...]
    outcome: Outcome
    within: float
    checks: tuple[Check, ...]
    recommended: int | None
    scenarios: tuple[Scenario, ...]
    ground: Ground

    @property
    def widest(self) -> Curve:
        """The comparison that needs the most."""
        return max(self.curves, key=lambda c: c.spread)


def converge(
    ground: Ground,
    scenarios: Sequence[Scenario],
    *,
    outcome: str = PRIMARY,
    within: float | None = None,
    most: int = MOST,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Convergence:
    """How many replicates tell ``scenarios`` (the first is the base) apart to ``within``; one alone: its mean.

    ``within`` in the outcome's unit; 0.02 for shares. Raises InputError.
    """
    found = outcome_named(outcome)
    limit = tolerance(found, within)
    if not scenarios:
        raise InputError("name at least one scenario; see them all with: uptake scenarios")
    if not FIRST <= most <= MOST_REPLICATES:
        raise InputError(f"--max must be a whole number from {FIRST} to {MOST_REPLICATES:,}, not {most:,}")
    named = distinct(scenarios)

    def samples(where: Ground, replicates: int, report: Progress | None) -> dict[str, np.ndarray]:
        values = where.finals(list(named.values()), replicates, [outcome], report, cancelled)[outcome]
        return against_base(list(named), values)

    first = samples(ground, most, progress)
    curves = tuple(curve(name, values, sizes(most)) for name, values in first.items())
    recommended, checks = confirmed(
        max(c.needed(limit) for c in curves),
        limit,
        lambda n, attempt: widest_half(samples(ground.elsewhere(f"check {attempt}"), n, None)),
    )
    return Convergence(curves, found, limit, checks, recommended, tuple(named.values()), ground)


def tolerance(outcome: Outcome, within: float | None) -> float:
    """The half width asked for, checked."""
    if within is None:
        if not outcome.is_share and " to 1" not in outcome.unit:
            raise InputError(f"say how close: --within AMOUNT, in the unit of {outcome.name} ({outcome.unit})")
        return WITHIN
    if not (math.isfinite(within) and within > 0):
        raise InputError(f"--within must be above 0, in the unit of {outcome.name} ({outcome.unit}), not {within:g}")
    return within


def sizes(most: int, first: int = FIRST) -> np.ndarray:
    """Numbers of replicates, doubling from the first; the last is ``most``."""
    found = [first]
    while found[-1] * 2 <= most:
        found.append(found[-1] * 2)
    return np.array(found if found[-1] == most else [*found, most])


def against_base(names: Sequence[str], values: np.ndarray) -> dict[str, np.ndarray]:
    """Paired differences by name, from ``values`` [scenarios, replicates]; the values themselves of one alone."""
    if len(names) == 1:
        return {names[0]: values[0]}
    return {f"{name} against {names[0]}": values[i] - values[0] for i, name in enumerate(names) if i}


def half_width(values: np.ndarray) -> float:
    """Half of the 95 % t-interval of the mean of ``values`` [replicates, at least two]."""
    _, low, high = mean_interval(values)
    assert low is not None and high is not None
    return (high - low) / 2


def widest_half(samples: dict[str, np.ndarray]) -> float:
    """The half width of the widest of several comparisons."""
    return max(half_width(values) for values in samples.values())


def curve(name: str, values: np.ndarray, at: np.ndarray) -> Curve:
    """The half width at each of the sizes ``at``, each of the first so many of ``values``, and the fitted law."""
    half = np.array([half_width(values[:n]) for n in at])
    spread = float(values.std(ddof=1))
    if half.min() <= 0:  # nothing varies: the law is nought
        return Curve(name, at, half, float(values.mean()), spread, 0.0, -0.5)
    law = float(np.exp(np.mean(np.log(half) + 0.5 * np.log(at))))
    slope = float(np.polyfit(np.log(at), np.log(half), 1)[0]) if len(at) > 1 else -0.5
    return Curve(name, at, half, float(values.mean()), spread, law, slope)


def needed(spread: float, within: float) -> int:
    """The smallest n of at least two with t(n - 1) spread / sqrt(n) at most ``within``."""
    if spread <= 0:
        return 2
    low, high = 1, 2
    while t_quantile(high - 1) * spread / math.sqrt(high) > within:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if t_quantile(middle - 1) * spread / math.sqrt(middle) <= within else (middle, high)
    return high


def confirmed(estimate: int, within: float, fresh: Callable[[int, int], float]) -> tuple[int | None, tuple[Check, ...]]:
    """The estimate raised until ``fresh(replicates, attempt)``, a half width on new replicates, is within tolerance."""
    checks: list[Check] = []
    asked = estimate
    while asked <= MOST_REPLICATES and len(checks) < CHECKS:
        half = fresh(asked, len(checks) + 1)
        checks.append(Check(asked, half))
        if half <= within:
            return asked, tuple(checks)
        asked = max(asked + 1, math.ceil(asked * (half / within) ** 2 * 1.02))
    return None, tuple(checks)
