"""Which levers and uncertainties decide an outcome: Morris screening, then Sobol indices, with chance kept apart.

``sensitivity`` takes any function of points, the model or a formula with a known answer. Screening follows Morris
(1991) with the mean absolute effect of Campolongo et al. (2007); first and total orders follow Saltelli et al. (2010)
on a Sobol sample, with intervals from a bootstrap; all through SALib.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analysis.chance import chance
from sim.passports import InputError

if TYPE_CHECKING:
    from pandas import DataFrame

Evaluate = Callable[[np.ndarray], np.ndarray]
"""Points float64 [points, factors], in the factors' own units -> values float [points, replicates, outcomes]."""

TRAJECTORIES, BASE, KEEP = 10, 128, 10
LEVELS = 4
"""Of the Morris grid; four, as usual with few trajectories (Saltelli et al. 2008, section 3.3)."""
RESAMPLES = 200
LEAST_EFFECT = 0.05
"""Of the strongest screening effect on an outcome: a factor below it for every outcome is not kept."""


@dataclass(frozen=True)
class Factor:
    """What varies: evenly from ``low`` to ``high``, or over ``values`` in their order, each as likely as the others.

    ``middle`` is where it stays once screening has left it out; NaN: half-way. ``names`` say what ``values`` stand for.
    ``first`` factors that have an effect are kept before all others.
    """

    key: str
    low: float = 0.0
    high: float = 1.0
    values: tuple[float, ...] = ()
    whole: bool = False
    middle: float = math.nan
    names: tuple[str, ...] = ()
    first: bool = False

    def at(self, share: np.ndarray) -> np.ndarray:
        """The factor at ``share`` (0 to 1) of its range."""
        if self.values:
            place = np.minimum((share * len(self.values)).astype(int), len(self.values) - 1)
            return np.array(self.values, float)[place]
        found = self.low + (self.high - self.low) * share
        return np.clip(np.round(found), math.ceil(self.low), math.floor(self.high)) if self.whole else found

    @property
    def rest(self) -> float:
        return float(self.at(np.array([0.5]))[0]) if math.isnan(self.middle) else self.middle


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What an analysis found. Frames, one row for each outcome and factor unless said:

    - ``screening``: outcome, factor, effect (mean absolute change over the factor's range, in the outcome's unit) with
      low and high (95 %), mean (signed), spread, kept. Empty for stored tables.
    - ``indices``: outcome, factor, first, first_low, first_high, total, total_low, total_high: shares of the variance
      between points, with 95 % intervals (estimates may fall a little below 0); low_end, high_end: mean outcome in
      the lowest and in the highest fifth of the factor. Total orders are NaN for stored tables.
    - ``chance``, one row for each outcome: chance, chance_low, chance_high: share of all variance that is between
      replicates of one point; averaging: share of the variance between points that is chance left in their means;
      mean, sd: over points.

    ``left_out``: share of the screening's summed squared effects, at most over outcomes, that was not kept. ``method``
    is ``sobol`` or ``given data``. ``apart`` is what the share of chance holds: chance alone, or worlds as well where
    each replicate drew its own. ``notes`` are sentences on what to bear in mind.
    """

    factors: tuple[Factor, ...]
    kept: tuple[str, ...]
    outcomes: tuple[str, ...]
    screening: DataFrame
    indices: DataFrame
    chance: DataFrame
    method: str
    points: int
    replicates: int
    left_out: float = 0.0
    notes: tuple[str, ...] = ()
    apart: str = "chance"


def sensitivity(
    factors: Sequence[Factor],
    evaluate: Evaluate,
    outcomes: Sequence[str],
    *,
    trajectories: int = TRAJECTORIES,
    base: int = BASE,
    keep: int = KEEP,
    seed: int = 1,
    common: bool = True,
) -> Sensitivity:
    """Screen ``factors`` with ``trajectories``, keep at most ``keep``, and take their indices from ``base`` x (k + 2)
    points. ``base`` is best a power of two.

    ``common``: replicate r of every point shares its draws. Outcomes without a value at some point are left out, and
    noted. Raises InputError where nothing is left to analyse.
    """
    if not factors:
        raise InputError("sensitivity needs at least one lever or uncertainty that varies")
    if trajectories < 2 or base < 8 or keep < 1:
        raise InputError("sensitivity needs at least 2 trajectories, a base sample of 8 and 1 factor to keep")
    points, unit, design = _morris_points(factors, trajectories, seed)
    values = evaluate(points)
    names, values, notes = _defined(list(outcomes), values)
    screening = _screening(factors, names, unit, values.mean(axis=1), design, seed)
    kept, left_out = _kept(factors, names, screening, keep)
    screening["kept"] = screening["factor"].isin([factor.key for factor in kept])
    if left_out > 0.1:
        notes.append(
            f"The {len(factors) - len(kept)} factors that screening left out, held at middle values from then on, "
            f"have up to {left_out * 100:.0f} % of the squared effects: keep more of them to see their part."
        )

    unit, design = _sobol_points(kept, base, seed)
    whole = np.array([[factor.rest for factor in factors]]).repeat(len(unit), axis=0)
    place = {factor.key: position for position, factor in enumerate(factors)}
    for column, factor in enumerate(kept):
        whole[:, place[factor.key]] = factor.at(unit[:, column])
    values = evaluate(whole)
    left, values, more = _defined(list(outcomes), values, among=names)
    indices = _indices(kept, left, unit, values.mean(axis=1), design, seed)
    stride = len(kept) + 2
    independent = np.concatenate([values[::stride], values[stride - 1 :: stride]])  # the two halves A and B
    return Sensitivity(
        tuple(factors),
        tuple(factor.key for factor in kept),
        tuple(left),
        screening[screening["outcome"].isin(left)].reset_index(drop=True),
        indices,
        chance(independent, left, common=common),
        "sobol",
        len(points) + len(whole),
        values.shape[1],
        left_out,
        tuple(dict.fromkeys([*notes, *more])),
    )


def _morris_points(factors: Sequence[Factor], trajectories: int, seed: int) -> tuple[np.ndarray, np.ndarray, Any]:
    from SALib.sample import morris

    design = _design(factors)
    unit = morris.sample(design, trajectories, num_levels=LEVELS, seed=seed)
    return np.column_stack([f.at(unit[:, i]) for i, f in enumerate(factors)]), unit, design


def _sobol_points(factors: Sequence[Factor], base: int, seed: int) -> tuple[np.ndarray, Any]:
    import warnings

    from SALib.sample import sobol

    design = _design(factors)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a base that is no power of two is less even, not wrong
        return sobol.sample(design, base, calc_second_order=False, seed=seed), design


def _design(factors: Sequence[Factor]) -> dict[str, Any]:
    return {"num_vars": len(factors), "names": [f.key for f in factors], "bounds": [[0.0, 1.0]] * len(factors)}


def _defined(
    outcomes: list[str], values: np.ndarray, *, among: Sequence[str] | None = None
) -> tuple[list[str], np.ndarray, list[str]]:
    """The outcomes that have a value everywhere, their values, and a sentence for each that has not."""
    missing = np.isnan(values).any(axis=1)  # [points, outcomes]
    fine = [i for i, name in enumerate(outcomes) if not missing[:, i].any() and (among is None or name in among)]
    notes = [
        f"{name} is left out: it has no value at {int(missing[:, i].sum()):,} of {len(values):,} points."
        for i, name in enumerate(outcomes)
        if missing[:, i].any()
    ]
    if not fine:
        raise InputError("no outcome has a value at every point; take others, such as habitual or paid_back")
    return [outcomes[i] for i in fine], values[:, :, fine].astype(np.float64), notes


def _screening(
    factors: Sequence[Factor], outcomes: list[str], unit: np.ndarray, means: np.ndarray, design: Any, seed: int
) -> DataFrame:
    import pandas as pd
    from SALib.analyze import morris

    rows = []
    for column, outcome in enumerate(outcomes):
        found = morris.analyze(design, unit, means[:, column], num_levels=LEVELS, num_resamples=RESAMPLES, seed=seed)
        for i, factor in enumerate(factors):
            effect, half = float(found["mu_star"][i]), float(np.nan_to_num(found["mu_star_conf"][i]))
            rows.append((outcome, factor.key, effect, max(effect - half, 0.0), effect + half,
                         float(found["mu"][i]), float(found["sigma"][i])))  # fmt: skip
    return pd.DataFrame(rows, columns=["outcome", "factor", "effect", "low", "high", "mean", "spread"])


def _kept(
    factors: Sequence[Factor], outcomes: list[str], screening: DataFrame, keep: int
) -> tuple[list[Factor], float]:
    """The factors worth their points, in their given order, and what the others would have added at most."""
    effects = screening["effect"].to_numpy().reshape(len(outcomes), len(factors))
    strongest = effects.max(axis=1, keepdims=True)
    relative = np.divide(effects, strongest, out=np.zeros_like(effects), where=strongest > 0).max(axis=0)
    moving = [i for i in np.argsort(-relative, kind="stable") if relative[i] >= LEAST_EFFECT]
    chosen = sorted(moving, key=lambda i: not factors[i].first)[:keep]
    if not chosen:
        raise InputError("nothing that varies moves any of these outcomes; vary other levers or wider ranges")
    squares = effects**2
    total = squares.sum(axis=1)
    share = np.divide(squares[:, chosen].sum(axis=1), total, out=np.ones_like(total), where=total > 0)
    return [factors[i] for i in sorted(chosen)], float(1 - share.min())


def _indices(
    factors: Sequence[Factor], outcomes: list[str], unit: np.ndarray, means: np.ndarray, design: Any, seed: int
) -> DataFrame:
    import pandas as pd
    from SALib.analyze import sobol

    rows = []
    for column, outcome in enumerate(outcomes):
        y = means[:, column]
        if np.ptp(y) == 0:
            rows += [(outcome, factor.key, *[0.0] * 6, y[0], y[0]) for factor in factors]
            continue
        found = sobol.analyze(
            design, (y - y.mean()) / y.std(), calc_second_order=False, num_resamples=RESAMPLES, seed=seed
        )
        for i, factor in enumerate(factors):
            first, total = float(found["S1"][i]), float(found["ST"][i])
            half, half_total = float(found["S1_conf"][i]), float(found["ST_conf"][i])
            rows.append((outcome, factor.key, first, first - half, first + half, total, total - half_total,
                         total + half_total, *ends(unit[:, i], y)))  # fmt: skip
    return pd.DataFrame(rows, columns=list(INDEX_COLUMNS))


INDEX_COLUMNS = ("outcome", "factor", "first", "first_low", "first_high", "total", "total_low", "total_high", "low_end",
                 "high_end")  # fmt: skip


def ends(places: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """Mean of ``values`` [points] where ``places`` [points] is in its lowest and in its highest fifth."""
    low, high = np.quantile(places, [0.2, 0.8])
    return float(values[places <= low].mean()), float(values[places >= high].mean())
