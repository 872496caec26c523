"""What a stored table says of sensitivity: first-order indices from whatever points it has.

Cut each input into classes; what the classes' means differ by is what the input explains alone (Plischke, Borgonovo &
Smith 2013, "Global sensitivity measures from given data"). Total orders need a sample made for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.analysis.chance import chance
from experiments.analysis.sensitivity import INDEX_COLUMNS, RESAMPLES, SCREENING_COLUMNS, Sensitivity, ends
from experiments.analysis.speaking import Speaker, named
from sim.passports import InputError

if TYPE_CHECKING:
    from pandas import DataFrame

CLASSES = 16
"""Most classes of an input; fewer where they would hold fewer than ``LEAST`` points each."""
LEAST = 8
FEWEST = 20
"""Points below which no index is worth having."""


def from_table(
    table: DataFrame,
    inputs: Sequence[str],
    outcomes: Sequence[str],
    *,
    common: bool = True,
    seed: int = 1,
) -> Sensitivity:
    """First-order indices and chance from a ``table`` with columns point, replicate, inputs and outcomes.

    Intervals come from ``RESAMPLES`` bootstrap samples of points. Raises InputError where the table has too few points,
    or no input that varies.
    """
    import pandas as pd

    varying = [name for name in inputs if table[name].nunique() > 1]
    if not varying:
        raise InputError("no lever or uncertainty varies in this table; sweep some, or name a study")
    points = table.groupby("point", sort=True)
    count, replicates = len(points), int(points.size().min())
    if count < FEWEST:
        raise InputError(f"{count} points are too few for sensitivity: at least {FEWEST} are needed; sweep more")
    first = points[varying].first()
    means = points[list(outcomes)].mean()
    fine = [name for name in outcomes if not table[name].isna().any()]
    notes = [f"{named(name)[1]} is left out: it has no value in some runs." for name in outcomes if name not in fine]
    if not fine:
        raise InputError("no outcome has a value in every run; take others, such as habitual or paid_back")
    random = np.random.default_rng(seed)
    draws = random.integers(0, count, (RESAMPLES, count))
    rows = []
    for outcome in fine:
        y = means[outcome].to_numpy(float)
        for name in varying:
            x = Speaker(name).ordered(first[name])
            label = classes(x)
            index = explained(label, y)
            half = 1.96 * float(np.std([explained(label[draw], y[draw]) for draw in draws]))
            nothing = (float("nan"),) * 3
            rows.append((outcome, name, index, index - half, index + half, *nothing, *ends(x, y)))
    indices = pd.DataFrame(rows, columns=list(INDEX_COLUMNS))
    cube = np.stack([group[fine].to_numpy(float)[:replicates] for _, group in points])
    notes.append("This design gives first orders only; total orders need a sweep of design saltelli, or a study.")
    empty = pd.DataFrame(columns=SCREENING_COLUMNS)
    return Sensitivity(
        tuple(varying), tuple(varying), tuple(fine), empty, indices, chance(cube, fine, common=common), "given data",
        count, replicates, notes=tuple(notes),
    )  # fmt: skip


def classes(x: np.ndarray) -> np.ndarray:
    """The class of each value: one for each different value where they are few, else equally filled; int [points]."""
    different, place = np.unique(x, return_inverse=True)
    most = min(CLASSES, max(len(x) // LEAST, 2))
    if len(different) <= most:
        return place
    ranks = x.argsort(kind="stable").argsort(kind="stable")
    return ranks * most // len(x)


def explained(label: np.ndarray, y: np.ndarray) -> float:
    """Share of the variance of ``y`` between classes, less what classes explain of pure chance (Kelley 1935)."""
    counts = np.bincount(label)
    held = counts > 0
    sums = np.bincount(label, y)[held]
    total = float(((y - y.mean()) ** 2).sum())
    free = len(y) - int(held.sum())
    if total == 0 or free < 1:
        return 0.0
    within = float((y**2).sum() - (sums**2 / counts[held]).sum())
    return 1 - (len(y) - 1) / free * within / total
