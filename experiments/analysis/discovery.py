"""Scenario discovery: in which part of the inputs' space the cases of interest lie, as boxes with few limits.

PRIM (Friedman & Fisher 1999; Bryant & Lempert 2010, doi:10.1016/j.techfore.2009.08.002) peels a box to where cases are
dense; a classification tree cuts the whole space (Lempert, Bryant & Bankes 2008). Coverage: share of all cases in a
box. Density: share of what is in the box that is a case. Limits that chance could have made are dropped: by their
quasi-p value, and by how often resamples find them again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments import words
from experiments.analysis.discovery_boxes import Box, Limit, in_box, peeled, rounded, trimmed, worth
from experiments.analysis.speaking import Speaker
from sim.passports import InputError

if TYPE_CHECKING:
    from pandas import DataFrame

LEAST_ROWS, LEAST_CASES = 40, 10
RESAMPLES = 20
AGAIN = 0.5
"""A limit is kept if at least this share of resamples limits the same input from the same side."""
MOST_BOXES = 3
WORTH = 0.1
"""Coverage that a further box must add, in cases not yet covered."""
LEAST_WORTH = 0.15
"""How much being in a box must go with being a case (as a correlation), in the rows not yet covered."""


@dataclass(frozen=True, eq=False)
class Discovery:
    """What was found: boxes of PRIM and leaves of the tree, each list with the greatest coverage first.

    ``inputs`` by name: float64 [rows], in the order of ``Speaker.ordered``; ``cases`` bool [rows]. ``accuracy``: share
    of rows that the tree classifies as they are, in rows it was not fitted to (five-fold; NaN without a tree).
    """

    inputs: Mapping[str, np.ndarray]
    cases: np.ndarray
    boxes: tuple[Box, ...]
    leaves: tuple[Box, ...]
    accuracy: float
    notes: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Share of the rows that are cases: the density without any limit."""
        return float(self.cases.mean())


def discover(
    table: DataFrame,
    inputs: Sequence[str],
    cases: np.ndarray,
    *,
    clusters: Sequence[np.ndarray] = (),
    seed: int = 1,
    resamples: int = RESAMPLES,
    what: str = "run",
) -> Discovery:
    """Boxes of ``inputs`` (columns of ``table``) that hold the ``cases`` [rows].

    ``clusters`` are labels [rows] of what belongs together, such as design points and worlds: resamples take half of
    each, as the rows of a point or of a world are not independent. ``what`` a row is: run or point. Raises InputError
    where nothing can be found out.
    """
    varying = {name: Speaker(name).ordered(table[name]) for name in inputs}
    varying = {name: values for name, values in varying.items() if len(np.unique(values)) > 1}
    _refuse(len(table), int(cases.sum()), varying, what)
    notes: list[str] = []
    boxes = _boxes(varying, cases, list(clusters), seed, resamples, notes)
    leaves, accuracy = tree(varying, cases, seed)
    if not boxes:
        notes.append("PRIM finds no box that stands out: the inputs do not tell where such runs are.")
    return Discovery(varying, cases, tuple(boxes), leaves, accuracy, tuple(notes))


def _refuse(rows: int, cases: int, varying: Mapping[str, Any], what: str) -> None:
    if not varying:
        raise InputError("no lever or uncertainty varies in this table; sweep some")
    if rows < LEAST_ROWS:
        raise InputError(
            f"{words.counted(rows, what)} are too few for scenario discovery: at least {LEAST_ROWS} are needed; "
            "sweep more"
        )
    for count, does in ((cases, "fulfil"), (rows - cases, "do not fulfil")):
        if count < LEAST_CASES:
            raise InputError(
                f"--where: {count} of {words.counted(rows, what)} {does} it; at least {LEAST_CASES} must, so move its "
                "number"
            )


def _boxes(
    inputs: Mapping[str, np.ndarray],
    cases: np.ndarray,
    clusters: list[np.ndarray],
    seed: int,
    resamples: int,
    notes: list[str],
) -> list[Box]:
    """Up to MOST_BOXES boxes, each found in what the earlier ones leave."""
    random = np.random.default_rng(seed)
    left = np.ones(len(cases), bool)
    found: list[Box] = []
    while len(found) < MOST_BOXES and cases[left].sum() >= LEAST_CASES and (left & ~cases).any():
        here = {name: values[left] for name, values in inputs.items()}
        limits = peeled(here, cases[left])
        again = _found_again(here, cases[left], [c[left] for c in clusters], random, resamples, limits)
        kept = [replace(limit, again=share) for limit, share in zip(limits, again, strict=True) if share >= AGAIN]
        for limit, share in zip(limits, again, strict=True):
            if share < AGAIN:
                notes.append(f"Dropped: a limit on {Speaker(limit.name).label}, found again in {share * 100:.0f} % of "
                             "resamples.")  # fmt: skip
        kept = trimmed([rounded(limit, inputs[limit.name]) for limit in kept], here, cases[left])
        if not kept:
            break
        inside = in_box(kept, inputs)
        box = Box(tuple(kept), int(inside.sum()), int((inside & cases).sum()), int(cases.sum()))
        new = int((inside & cases & left).sum())
        telling = new / cases.sum() >= WORTH and worth(kept, here, cases[left]) >= LEAST_WORTH
        if not telling or box.density <= cases.mean():
            break
        found.append(box)
        left &= ~inside
    return found


def _found_again(
    inputs: Mapping[str, np.ndarray],
    cases: np.ndarray,
    clusters: list[np.ndarray],
    random: np.random.Generator,
    resamples: int,
    limits: Sequence[Limit],
) -> list[float]:
    """For each limit, the share of resamples of half of the rows in which its input is limited from the same side."""
    counts, done = np.zeros(len(limits)), 0
    for _ in range(resamples):
        chosen = np.ones(len(cases), bool)
        for labels in clusters:
            names = np.unique(labels)
            chosen &= np.isin(labels, random.permutation(names)[: -(-len(names) * 7 // 10)])  # of two, about half
        if len(clusters) == 1:
            names = np.unique(clusters[0])
            chosen = np.isin(clusters[0], random.permutation(names)[: -(-len(names) // 2)])
        if not clusters:
            chosen = random.permutation(len(cases)) < len(cases) // 2
        if not 5 <= cases[chosen].sum() < chosen.sum():
            continue
        other = {limit.name: limit for limit in peeled({n: v[chosen] for n, v in inputs.items()}, cases[chosen])}
        done += 1
        for place, limit in enumerate(limits):
            match = other.get(limit.name)
            counts[place] += match is not None and (
                (limit.low is not None and match.low is not None) or (limit.high is not None and match.high is not None)
            )
    return [float(share) for share in counts / done] if done else [1.0] * len(limits)


def tree(inputs: Mapping[str, np.ndarray], cases: np.ndarray, seed: int) -> tuple[tuple[Box, ...], float]:
    """The telling leaves of a pruned classification tree in which cases prevail, and its accuracy on rows held out.

    Pruned to the smallest tree within one standard error of the best of five folds (Breiman et al. 1984, section 3.4).
    """
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.tree import DecisionTreeClassifier

    names = list(inputs)
    x = np.column_stack([np.where(np.isinf(inputs[name]), 1e9, inputs[name]) for name in names])
    least = max(5, len(cases) // 50)

    def fitted(leaves: int) -> DecisionTreeClassifier:
        return DecisionTreeClassifier(max_leaf_nodes=leaves, min_samples_leaf=least, random_state=seed)

    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    scores = {size: cross_val_score(fitted(size), x, cases, cv=folds) for size in range(2, 9)}
    best = max(scores, key=lambda size: scores[size].mean())
    least_mean = scores[best].mean() - scores[best].std(ddof=1) / np.sqrt(5)
    size = min(size for size in scores if scores[size].mean() >= least_mean)
    accuracy = float(scores[size].mean())
    if accuracy <= max(cases.mean(), 1 - cases.mean()):  # no better than to say the same of all
        return (), accuracy
    found = fitted(size).fit(x, cases)
    boxes = []
    for limits in _leaves(found.tree_, names):
        said = [rounded(limit, inputs[limit.name]) for limit in limits]
        inside = in_box(said, inputs)
        boxes.append(Box(tuple(said), int(inside.sum()), int((inside & cases).sum()), int(cases.sum())))
    telling = [box for box in boxes if box.coverage >= WORTH and box.density > cases.mean()]
    return tuple(sorted(telling, key=lambda box: -box.coverage)[:MOST_BOXES]), accuracy


def _leaves(found: Any, names: Sequence[str]) -> list[list[Limit]]:
    """The limits on the way to each leaf in which cases prevail."""
    leaves = []
    stack: list[tuple[int, dict[str, Limit]]] = [(0, {})]
    while stack:
        node, limits = stack.pop()
        left, right = found.children_left[node], found.children_right[node]
        if left < 0:
            if found.value[node][0][1] > found.value[node][0][0]:
                leaves.append(list(limits.values()))
            continue
        name, at = names[found.feature[node]], float(found.threshold[node])
        known = limits.get(name, Limit(name))
        stack.append((left, {**limits, name: replace(known, high=at)}))
        stack.append((right, {**limits, name: replace(known, low=at)}))
    return leaves
