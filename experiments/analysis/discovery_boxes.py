"""Boxes: limits on a few inputs, what they hold, and how PRIM finds them."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

PEELS = (0.05, 0.2)
"""Shares of the rows peeled at a time: patient, and coarse enough not to stop at one odd world among few."""
HASTE = 0.1
"""How much more the box of a coarse peeling must be worth than that of a patient one, whose limits are finer."""
LEAST_MASS = 0.04
"""Share of the rows below which a box is not peeled further."""
LIMIT_PRICE = 0.015
"""How much more a box must go with the cases (as a correlation) for each limit more."""
MOST_P = 0.05
"""Quasi-p of a limit, shared among all inputs that could have been limited (Bonferroni)."""
FEW = 16
"""Different values up to which an input's limits are said by its next value outside."""


@dataclass(frozen=True)
class Limit:
    """An input above ``low`` and below ``high``, both outside, in the order of ``Speaker.ordered``; None: no limit.

    ``p`` is the quasi-p value of PRIM, ``again`` the share of resamples that found it again; NaN where not known.
    """

    name: str
    low: float | None = None
    high: float | None = None
    p: float = float("nan")
    again: float = float("nan")


@dataclass(frozen=True)
class Box:
    """Limits and what they hold: ``inside`` rows, ``held`` of the ``cases`` there are."""

    limits: tuple[Limit, ...]
    inside: int
    held: int
    cases: int

    @property
    def coverage(self) -> float:
        return self.held / self.cases if self.cases else 0.0

    @property
    def density(self) -> float:
        return self.held / self.inside if self.inside else 0.0


def in_box(limits: Sequence[Limit], inputs: Mapping[str, np.ndarray]) -> np.ndarray:
    """Which rows are within all limits: bool [rows]."""
    held = np.ones(len(next(iter(inputs.values()))), bool)
    for limit in limits:
        if limit.low is not None:
            held &= inputs[limit.name] > limit.low
        if limit.high is not None:
            held &= inputs[limit.name] < limit.high
    return held


def worth(limits: Sequence[Limit], inputs: Mapping[str, np.ndarray], cases: np.ndarray) -> float:
    """How well the box tells cases, less the price of its limits: the correlation of being inside with being a case.

    Matthews (1975). It weighs coverage against density alike where cases are few and where they are many, and is 0 for
    a box that tells nothing.
    """
    inside = in_box(limits, inputs)
    rows, within, all_cases = len(cases), int(inside.sum()), int(cases.sum())
    spread = within * (rows - within) * all_cases * (rows - all_cases)
    if spread <= 0:
        return 0.0
    sides = sum((limit.low is not None) + (limit.high is not None) for limit in limits)
    return (rows * int((inside & cases).sum()) - within * all_cases) / spread**0.5 - LIMIT_PRICE * sides


def trimmed(limits: Sequence[Limit], inputs: Mapping[str, np.ndarray], cases: np.ndarray) -> list[Limit]:
    """The limits without the sides that are not worth their price, the least worth taken first."""
    kept = list(limits)
    while kept:
        best, without = worth(kept, inputs, cases), None
        for place, limit in enumerate(kept):
            for side in ("low", "high"):
                if getattr(limit, side) is None:
                    continue
                rest = replace(limit, low=None) if side == "low" else replace(limit, high=None)
                other = [*kept[:place], *([rest] if (rest.low, rest.high) != (None, None) else []), *kept[place + 1 :]]
                value = worth(other, inputs, cases)
                if value >= best:
                    best, without = value, other
        if without is None:
            return kept
        kept = without
    return kept


def rounded(limit: Limit, values: np.ndarray) -> Limit:
    """The limit as it will be said, so that what is counted is what is said; ``values`` [rows] of the input.

    Inputs of few values are limited by the next one outside; others at a round number within half a per cent of their
    range.
    """
    known = np.unique(values)
    low, high = limit.low, limit.high
    if len(known) <= FEW:
        if low is not None:
            outside = known[known <= low]
            low = float(outside.max()) if len(outside) else None
        if high is not None:
            outside = known[known >= high]
            high = float(outside.min()) if len(outside) else None
        return replace(limit, low=low, high=high)
    finite = known[np.isfinite(known)]
    span = float(finite[-1] - finite[0]) or 1.0
    low, high = (None if end is None else _round(end, span) for end in (low, high))
    return replace(limit, low=low, high=high)


def _round(value: float, span: float) -> float:
    """The roundest number within a two-hundredth of ``span``."""
    if not np.isfinite(value):
        return value
    step = 10.0 ** np.floor(np.log10(span))
    while True:
        for part in (1.0, 0.5, 0.2, 0.1):
            near = round(value / (step * part)) * step * part
            if abs(near - value) <= span / 200:
                return float(f"{near:.10g}")
        step /= 10


def peeled(inputs: Mapping[str, np.ndarray], cases: np.ndarray) -> list[Limit]:
    """The limits of PRIM's best box: of those it peels, the one most worth its price, without chance's limits."""
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of evaluators that are not there
        from ema_workbench.analysis import prim as ema

    logging.getLogger("EMA").setLevel(logging.ERROR)
    names = list(inputs)
    # an input without end (never) is a number beyond all others for the algorithm
    ends = {n: float(np.max(v[np.isfinite(v)], initial=0.0)) * 2 + 1 for n, v in inputs.items()}
    frame = pd.DataFrame({n: np.where(np.isinf(v), ends[n], v) for n, v in inputs.items()}).astype(float)
    few = {n for n in names if frame[n].nunique() <= FEW}
    order = {n: np.unique(frame[n]) for n in few}
    for n in few:  # peeled value by value
        frame[n] = np.searchsorted(order[n], frame[n]).astype(np.int64)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        # boxes grow back only along inputs that vary evenly: along values the library would ask for halves of one
        pastes = {**ema.Prim._pastes, "int": lambda *_: []}
        algorithm = type("Peeling", (ema.Prim,), {"_pastes": pastes})
        boxes = [algorithm(frame, cases, threshold=0.0, peel_alpha=p, mass_min=LEAST_MASS).find_box() for p in PEELS]
    best: tuple[float, list[Limit]] = (worth([], inputs, cases), [])
    for price, box in zip((0.0, HASTE), boxes, strict=True):
        for lims in box.box_lims if box is not None else ():
            limits = []
            for n in names:
                low, high, start, end = (
                    float(each[n].iloc[side]) for each in (lims, box.prim.box_init) for side in (0, 1)
                )
                if n in few:
                    below, above = _outside(order[n], round(low), round(high))
                else:
                    below, above = (low if low > start else None), (high if high < end else None)
                if below is not None or above is not None:
                    above = np.inf if above is not None and above >= ends[n] else above
                    limits.append(Limit(n, below, above))
            value = worth(limits, inputs, cases) - price
            if value > best[0]:
                best = value, limits
    return _significant(best[1], inputs, cases)


def _outside(values: np.ndarray, first: int, last: int) -> tuple[float | None, float | None]:
    """The values next to those from ``first`` to ``last``; None where there is none."""
    return (
        float(values[first - 1]) if first > 0 else None,
        float(values[last + 1]) if last + 1 < len(values) else None,
    )


def _significant(limits: list[Limit], inputs: Mapping[str, np.ndarray], cases: np.ndarray) -> list[Limit]:
    """The limits whose quasi-p value (Bryant & Lempert 2010) is small enough, the worst dropped first."""
    from scipy.stats import binomtest

    kept = list(limits)
    while kept:
        inside = in_box(kept, inputs)
        count, held = int(inside.sum()), int((inside & cases).sum())
        tried = []
        for place, limit in enumerate(kept):
            without = in_box(kept[:place] + kept[place + 1 :], inputs)
            density = float(cases[without].mean())
            tried.append(replace(limit, p=float(binomtest(held, count, density, alternative="greater").pvalue)))
        worst = max(range(len(tried)), key=lambda place: tried[place].p)
        if tried[worst].p <= MOST_P / len(inputs):
            return tried
        kept.pop(worst)
    return kept
