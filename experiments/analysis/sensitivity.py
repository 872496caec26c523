"""Which levers and uncertainties decide an outcome, from a stored table of a design made for it.

A ``morris`` table gives a screening: the mean absolute effect of Campolongo et al. (2007,
doi:10.1016/j.envsoft.2006.10.004). A ``saltelli`` table gives first and total orders by the estimators of Saltelli et
al. (2010, doi:10.1016/j.cpc.2009.09.018). Both through SALib, with intervals from its bootstrap; chance is kept apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from experiments.analysis.chance import chance
from experiments.analysis.speaking import Speaker, named
from experiments.sweeps import design
from experiments.sweeps.study import Study
from sim.passports import InputError

if TYPE_CHECKING:
    from pandas import DataFrame, Series

RESAMPLES = 200
SCREENING_COLUMNS = ("outcome", "factor", "effect", "low", "high", "mean", "spread")
INDEX_COLUMNS = ("outcome", "factor", "first", "first_low", "first_high", "total", "total_low", "total_high", "low_end",
                 "high_end")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What an analysis found. Frames, one row for each outcome and factor unless said:

    - ``screening``: outcome, factor, effect (mean absolute change over the factor's range, in the outcome's unit) with
      low and high (95 %), mean (signed), spread. Empty without a morris design.
    - ``indices``: outcome, factor, first, first_low, first_high, total, total_low, total_high: shares of the variance
      between points, with 95 % intervals (estimates may fall a little below 0); low_end, high_end: mean outcome in
      the lowest and in the highest fifth of the factor. Total orders are NaN from given data; empty for a screening.
    - ``chance``, one row for each outcome: chance, chance_low, chance_high: share of all variance that is between
      replicates of one point; averaging: share of the variance between points that is chance left in their means;
      mean, sd: over points.

    ``method`` is ``morris``, ``sobol`` or ``given data``. ``kept``: the factors of the indices; ``left_out``: share of
    the screening's summed squared effects, at most over outcomes, that is of others. ``apart`` is what the share of
    chance holds: chance alone, or worlds as well where each replicate drew its own. ``notes`` are sentences on what to
    bear in mind.
    """

    factors: tuple[str, ...]
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

    def ranked(self, column: str) -> DataFrame:
        """What was found of an outcome, the strongest factor first."""
        frame = self.screening if self.method == "morris" else self.indices
        by = {"morris": "effect", "sobol": "total", "given data": "first"}[self.method]
        return frame[frame["outcome"] == column].sort_values(by, ascending=False, kind="stable")

    def chance_of(self, column: str) -> Series:
        """The row of ``chance`` of an outcome."""
        return self.chance[self.chance["outcome"] == column].iloc[0]


def from_design(study: Study, table: DataFrame, outcomes: Sequence[str]) -> Sensitivity:
    """Screening or indices from the ``table`` of a study of design morris or saltelli.

    ``table`` has the columns point, replicate, seed, the study's inputs and ``outcomes``, of one scenario and
    organisation; replicates of further seeds count as more replicates. Trajectories or crossings with a point missing
    are left out, as are outcomes without a value somewhere; both are noted. Raises InputError where nothing is left,
    or where the table is not the study's.
    """
    import pandas as pd

    factors = [factor.key for factor in design.varying(study)]
    places, values, notes = _whole_groups(study, table, list(outcomes))
    unit = np.array(list(design.shares(study)))[places][:, [factor.varies for factor in study.factors]]
    names, values, left_out = _defined(list(outcomes), values)
    means, seed = values.mean(axis=1), study.seeds[0]
    screening, indices = pd.DataFrame(columns=SCREENING_COLUMNS), pd.DataFrame(columns=INDEX_COLUMNS)
    stride = design.stride(study)
    if study.design == "morris":
        screening = _screening(factors, names, unit, means, seed)
        apart = chance(values, names, common=True, groups=len(values) // stride)
    else:
        first = table.groupby(table["point"] % design.size(study))[factors].first().loc[places]
        ordered = {name: Speaker(name).ordered(first[name]) for name in factors}
        indices = _indices(ordered, names, means, seed)
        halves = np.concatenate([values[::stride], values[stride - 1 :: stride]])  # A and B: independent points
        apart = chance(halves, names, common=True)
    return Sensitivity(
        tuple(factors), tuple(factors), tuple(names), screening, indices, apart,
        "morris" if study.design == "morris" else "sobol", len(values), values.shape[1],
        notes=(*notes, *left_out),
    )  # fmt: skip


def together(screened: Sensitivity, indexed: Sensitivity) -> Sensitivity:
    """A screening and the indices of the factors that were kept after it, as one analysis."""
    screening = screened.screening[screened.screening["outcome"].isin(indexed.outcomes)].reset_index(drop=True)
    squares = screening.assign(square=screening["effect"] ** 2, kept=screening["factor"].isin(indexed.kept))
    total = squares.groupby("outcome")["square"].sum()
    held = squares[squares["kept"]].groupby("outcome")["square"].sum()
    shares = (held / total)[total > 0]
    left_out = float(1 - shares.min()) if len(shares) else 0.0
    notes = [*screened.notes, *indexed.notes]
    if left_out > 0.1:
        notes.append(
            f"The {len(screened.factors) - len(indexed.kept)} factors that screening left out, held at middle values "
            f"from then on, have up to {left_out * 100:.0f} % of the squared effects: keep more of them to see their "
            "part."
        )
    return replace(indexed, factors=screened.factors, screening=screening, points=screened.points + indexed.points,
                   left_out=left_out, notes=tuple(dict.fromkeys(notes)))  # fmt: skip


def _whole_groups(study: Study, table: DataFrame, outcomes: list[str]) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """The design's points in whole groups, int [points]; values, float64 [points, replicates, outcomes]; notes."""
    size, stride, runs = design.size(study), design.stride(study), study.replicates
    place = table["point"].to_numpy() % size
    seeds = list(dict.fromkeys(table["seed"].tolist()))
    replicate = table["replicate"].to_numpy() + runs * table["seed"].map(seeds.index).to_numpy()
    _refuse_others(study, table, place)
    values = np.full((size, runs * len(seeds), len(outcomes)), np.nan)
    there = np.zeros(values.shape[:2], bool)
    values[place, replicate] = table[outcomes].to_numpy(float)
    there[place, replicate] = True
    whole = np.logical_and.reduce(there.reshape(-1, stride * there.shape[1]), axis=1)
    what = "trajectories" if study.design == "morris" else "crossings of the base sample"
    if whole.sum() < 2:
        raise InputError(f"only {whole.sum()} {what} have all their points: go on with the sweep (--resume)")
    notes = [] if whole.all() else [f"{(~whole).sum():,} of {len(whole):,} {what} lack a point, and are left out."]
    places = np.flatnonzero(whole.repeat(stride))
    return places, values[places], notes


def _refuse_others(study: Study, table: DataFrame, place: np.ndarray) -> None:
    """Raise InputError unless the table's points are those that the study's design draws here and now."""
    drawn = list(design.rows(study))
    for column, name in enumerate(study.inputs):
        expected = np.array([row[column] for row in drawn])[place]
        found = table[name].to_numpy()
        same = (expected == found) if expected.dtype.kind == "U" else np.isclose(expected, found.astype(float))
        if not same.all():
            raise InputError(
                f"the sweep's {name} is not what its design draws now: it was made by another version of Uptake, SALib "
                "or SciPy; sweep again"
            )


def _defined(outcomes: list[str], values: np.ndarray) -> tuple[list[str], np.ndarray, list[str]]:
    """The outcomes that have a value everywhere, their values, and a sentence for each that has not."""
    missing = np.isnan(values).any(axis=1)  # [points, outcomes]
    fine = [i for i in range(len(outcomes)) if not missing[:, i].any()]
    notes = [
        f"{named(name)[1]} is left out: it has no value at some points."
        for i, name in enumerate(outcomes)
        if missing[:, i].any()
    ]
    if not fine:
        raise InputError("no outcome has a value at every point; take others, such as habitual or paid_back")
    return [outcomes[i] for i in fine], values[:, :, fine], notes


def _screening(factors: list[str], outcomes: list[str], unit: np.ndarray, means: np.ndarray, seed: int) -> DataFrame:
    import pandas as pd
    from SALib.analyze import morris

    problem, rows = design.problem_of(factors), []
    for column, outcome in enumerate(outcomes):
        found = morris.analyze(
            problem, unit, means[:, column], num_levels=design.LEVELS, num_resamples=RESAMPLES, seed=seed
        )
        for i, factor in enumerate(factors):
            effect, half = float(found["mu_star"][i]), float(np.nan_to_num(found["mu_star_conf"][i]))
            rows.append((outcome, factor, effect, max(effect - half, 0.0), effect + half, float(found["mu"][i]),
                         float(found["sigma"][i])))  # fmt: skip
    return pd.DataFrame(rows, columns=SCREENING_COLUMNS)


def _indices(ordered: dict[str, np.ndarray], outcomes: list[str], means: np.ndarray, seed: int) -> DataFrame:
    """``ordered``: the factors' values, float64 [points], in the order of what they mean."""
    import pandas as pd
    from SALib.analyze import sobol

    problem, rows = design.problem_of(list(ordered)), []
    for column, outcome in enumerate(outcomes):
        y = means[:, column]
        if np.ptp(y) == 0:
            rows += [(outcome, factor, *[0.0] * 6, y[0], y[0]) for factor in ordered]
            continue
        # seeds from 1: SALib takes 0 for none
        found = sobol.analyze(problem, y, calc_second_order=False, num_resamples=RESAMPLES, seed=seed + 1)
        for i, (factor, x) in enumerate(ordered.items()):
            first, total = float(found["S1"][i]), float(found["ST"][i])
            half, half_total = float(found["S1_conf"][i]), float(found["ST_conf"][i])
            rows.append((outcome, factor, first, first - half, first + half, total, total - half_total,
                         total + half_total, *ends(x, y)))  # fmt: skip
    return pd.DataFrame(rows, columns=INDEX_COLUMNS)


def ends(places: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """Mean of ``values`` [points] where ``places`` [points] is in its lowest and in its highest fifth."""
    low, high = np.quantile(places, [0.2, 0.8])
    return float(values[places <= low].mean()), float(values[places >= high].mean())
