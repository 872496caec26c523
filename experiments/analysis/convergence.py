"""How many replicates a question needs: the half width of a paired 95 % interval against their number.

Half width = t(n - 1) s / sqrt(n), s the standard deviation of the paired differences. The need is the smallest n for
which it stays within the tolerance (the usual two-stage estimate: Stein 1945; Law 2015, section 9.4.1), found from the
largest batch, then checked by a fresh run of that many replicates under another seed and raised until the check holds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from experiments.analysis.ground import Ground, outcome_named
from experiments.analysis.runs import Programme, Runs
from experiments.defaults import LARGEST, MOST_REPLICATES
from experiments.outcomes import PRIMARY, Outcome
from experiments.paired import mean_interval, t_quantile
from experiments.watch import Cancelled, Progress
from sim.passports import InputError
from sim.scenario import Scenario

FIRST = 32
FEWEST = 4
"""Replicates below which no need can be estimated."""
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
    """Fresh replicates: so many gave this half width, for the widest comparison."""

    replicates: int
    half: float


@dataclass(frozen=True, eq=False)
class Convergence:
    """``checks`` in order; none where no fresh replicates were to be had. ``recommended`` is None beyond the cap."""

    curves: tuple[Curve, ...]
    outcome: Outcome
    within: float
    checks: tuple[Check, ...]
    recommended: int | None
    runs: Runs

    @property
    def widest(self) -> Curve:
        """The comparison that needs the most."""
        return max(self.curves, key=lambda c: c.spread)

    @property
    def checked(self) -> bool:
        """Whether fresh replicates bear the recommendation out."""
        return bool(self.checks) and self.recommended == self.checks[-1].replicates


Fresh = Callable[[int, int], "Runs | None"]
"""So many replicates of another seed, for the attempt so numbered; None where there are none."""


def converge(
    ground: Ground,
    scenarios: Sequence[Scenario],
    *,
    outcome: str = PRIMARY,
    within: float | None = None,
    most: int = LARGEST,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Convergence:
    """How many replicates tell ``scenarios`` (the first is the base) apart to ``within``; one alone: its mean.

    ``within`` in the outcome's unit; 0.02 for shares. Raises InputError.
    """
    tolerance(outcome_named(outcome), within)
    if not scenarios:
        raise InputError("name at least one scenario; see them all with: uptake scenarios")
    if not FIRST <= most <= MOST_REPLICATES:
        raise InputError(f"--max must be a whole number from {FIRST} to {MOST_REPLICATES:,}, not {most:,}")
    programmes = [Programme(scenario.name) for scenario in scenarios]

    def run(where: Ground, replicates: int, report: Progress | None = None) -> Runs:
        return where.runs(programmes, scenarios, replicates, [outcome], report, cancelled)

    return _converged(
        run(ground, most, progress), within, lambda n, attempt: run(ground.elsewhere(f"check {attempt}"), n)
    )


def converged(runs: Runs, within: float | None = None) -> Convergence:
    """The same of runs that there are: their first seed gives the estimate, the others check it. Raises InputError."""
    first, *others = runs.each_seed

    def fresh(replicates: int, attempt: int) -> Runs | None:
        if attempt > len(others):
            return None
        there = runs.of_seed(others[attempt - 1])
        return there.first(replicates) if there.worlds >= replicates else None

    return _converged(runs.of_seed(first), runs.facts.get("within") if within is None else within, fresh)


def _converged(runs: Runs, within: float | None, fresh: Fresh) -> Convergence:
    """The estimate from ``runs``, checked on ``fresh`` ones, which the result holds as well."""
    name = next(iter(runs.outcomes))
    found = outcome_named(name)
    limit = tolerance(found, within)
    if runs.worlds < FEWEST:
        raise InputError(f"{runs.worlds} replicates are too few to estimate a need from: {FEWEST} or more, please")
    samples = against_base(runs.names, runs.outcomes[name])
    curves = tuple(curve(what, values, sizes(runs.worlds)) for what, values in samples.items())
    everything = [runs]

    def half(replicates: int, attempt: int) -> float | None:
        there = fresh(replicates, attempt)
        if there is None:
            return None
        everything.append(there)
        return widest_half(against_base(there.names, there.outcomes[name]))

    recommended, checks = confirmed(max(c.needed(limit) for c in curves), limit, half)
    together = replace(reduce(Runs.with_worlds_of, everything), facts={**runs.facts, "within": limit})
    return Convergence(curves, found, limit, checks, recommended, together)


def tolerance(outcome: Outcome, within: float | None) -> float:
    """The half width asked for, checked."""
    if within is None:
        if not outcome.is_share and " to 1" not in outcome.unit:
            raise InputError(f"say how close: --within AMOUNT, in the unit of {outcome.name} ({outcome.unit})")
        return WITHIN
    if not (math.isfinite(within) and within > 0):
        raise InputError(f"--within must be above 0, in the unit of {outcome.name} ({outcome.unit}), not {within:g}")
    return within


def sizes(most: int) -> np.ndarray:
    """Numbers of replicates, doubling from the first (32; of few, a quarter); the last is ``most``."""
    found = [min(FIRST, max(2, most // 4))] if most < 2 * FIRST else [FIRST]
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


def confirmed(
    estimate: int, within: float, fresh: Callable[[int, int], float | None]
) -> tuple[int | None, tuple[Check, ...]]:
    """The estimate raised until ``fresh(replicates, attempt)``, a half width on new replicates, is within tolerance.

    It stands as it is where there is nothing fresh to check it on.
    """
    checks: list[Check] = []
    asked = estimate
    while asked <= MOST_REPLICATES and len(checks) < CHECKS:
        half = fresh(asked, len(checks) + 1)
        if half is None:
            return asked, tuple(checks)
        checks.append(Check(asked, half))
        if half <= within:
            return asked, tuple(checks)
        asked = max(asked + 1, math.ceil(asked * (half / within) ** 2 * 1.02))
    return None, tuple(checks)
