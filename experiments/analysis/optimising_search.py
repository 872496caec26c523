"""The search for a programme within a budget: several objectives, constraints, and batches of candidates.

NSGA-II (Deb et al. 2002, doi:10.1109/4235.996017) by Optuna: it maximises the expected outcome and minimises the
regret that nine worlds in ten stay below, among candidates that keep to the budget. ``optimising_moves`` improves what
it finds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np

from experiments.analysis.robustness import high_regret

Item = TypeVar("Item")
Point = tuple[int, ...]
"""A candidate: the rung of each ladder."""


@dataclass(frozen=True)
class Ladder:
    """A lever's values in order; ``named`` ones have no order. ``base``: the rung to go back to."""

    key: str
    values: tuple[float, ...]
    base: int
    named: bool = False


@dataclass(frozen=True, eq=False)
class Scores:
    """Candidates over worlds: ``better`` [candidates, worlds] (more is better), ``cost``, ``hours`` [candidates]."""

    better: np.ndarray
    cost: np.ndarray
    hours: np.ndarray


@dataclass(frozen=True)
class Limits:
    """Expected cost and hours must stay within these; infinite where there is no limit."""

    cost: float = float("inf")
    hours: float = float("inf")

    def over(self, cost: float, hours: float) -> tuple[float, float]:
        """How far beyond each limit, as a share of it: at most 0 keeps to it."""
        return tuple(
            0.0 if np.isinf(most) else (spent - most) / max(most, 1.0)
            for spent, most in ((cost, self.cost), (hours, self.hours))
        )  # type: ignore[return-value]

    def keeps(self, cost: float, hours: float) -> bool:
        return max(self.over(cost, hours)) <= 0


@dataclass(frozen=True, eq=False)
class Trial:
    """A candidate tried: its outcome in each world, ``better`` [worlds] (more is better), expected cost and hours.

    ``best`` [worlds] is the best that is known in each world so far; it grows while others are tried.
    """

    point: Point
    better: np.ndarray
    best: np.ndarray
    cost: float
    hours: float
    fits: bool

    @cached_property
    def mean(self) -> float:
        return float(self.better.mean())

    @property
    def regret(self) -> float:
        """What nine worlds in ten stay below, behind the best known."""
        return high_regret(self.best - self.better)

    def score(self, robust: bool) -> float:
        """What a single best is chosen by: more is better."""
        return -self.regret if robust else self.mean


Evaluate = Callable[[list[dict[str, float]]], Scores]


@dataclass
class Bench:
    """Tries candidates, each once. ``reference`` float64 [worlds]: the best outcome known of any that fits, for regret.

    It begins with the library's, and takes up what each candidate within the limits does better.
    """

    ladders: Sequence[Ladder]
    evaluate: Evaluate
    limits: Limits
    reference: np.ndarray
    tried: dict[Point, Trial] = field(default_factory=dict)

    def try_all(self, points: Sequence[Point]) -> list[Trial]:
        """Each point's trial, in order; the new ones in one evaluation."""
        new = [point for point in dict.fromkeys(points) if point not in self.tried]
        if new:
            scores = self.evaluate([self.values(point) for point in new])
            for i, point in enumerate(new):
                cost, hours = float(scores.cost[i]), float(scores.hours[i])
                fits = self.limits.keeps(cost, hours)
                if fits:
                    np.maximum(self.reference, scores.better[i], out=self.reference)
                self.tried[point] = Trial(point, scores.better[i], self.reference, cost, hours, fits)
        return [self.tried[point] for point in points]

    def values(self, point: Point) -> dict[str, float]:
        """The levers of a candidate."""
        return {ladder.key: ladder.values[rung] for ladder, rung in zip(self.ladders, point, strict=True)}

    def best(self, robust: bool) -> Trial | None:
        """The best candidate that fits, the cheapest of equals; None where none does."""
        fitting = [trial for trial in self.tried.values() if trial.fits]
        return max(fitting, key=lambda t: (t.score(robust), -t.cost), default=None)


def search(
    bench: Bench, *, trials: int, batch: int, seed: int, starts: Sequence[Point] = (), tick: Callable[[], None]
) -> None:
    """Try ``trials`` candidates in generations of ``batch``, the ``starts`` among the first. The same seed, the same
    candidates."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.NSGAIISampler(population_size=batch, seed=seed % 2**32)
    study = optuna.create_study(directions=["maximize", "minimize"], sampler=sampler)
    for point in starts:
        study.enqueue_trial({ladder.key: rung for ladder, rung in zip(bench.ladders, point, strict=True)})
    done = 0
    while done < trials:
        asked = [study.ask() for _ in range(min(batch, trials - done))]
        points = [_point(trial, bench.ladders) for trial in asked]
        for trial, found in zip(asked, bench.try_all(points), strict=True):
            for name, over in zip(("cost", "hours"), bench.limits.over(found.cost, found.hours), strict=True):
                trial.set_constraint(name, over)
            study.tell(trial, [found.mean, found.regret])
        done += len(asked)
        tick()


def _point(trial: object, ladders: Sequence[Ladder]) -> Point:
    rungs = []
    for ladder in ladders:
        last = len(ladder.values) - 1
        if ladder.named:
            rungs.append(trial.suggest_categorical(ladder.key, list(range(last + 1))))  # type: ignore[attr-defined]
        else:
            rungs.append(trial.suggest_int(ladder.key, 0, last))  # type: ignore[attr-defined]
    return tuple(rungs)


def frontier(items: Sequence[Item], first: Callable[[Item], float], second: Callable[[Item], float]) -> list[Item]:
    """Those that no other one betters in both respects (both: less is better), by rising ``first``."""
    found: list[Item] = []
    for item in sorted(items, key=lambda i: (first(i), second(i))):
        if not found or second(item) < second(found[-1]):
            found.append(item)
    return found


def rung_of(ladder: Ladder, value: float) -> int:
    """The rung nearest to a value."""
    return int(np.argmin([abs(v - value) for v in ladder.values]))


def starts(ladders: Sequence[Ladder], programmes: Sequence[Mapping[str, float]]) -> list[Point]:
    """Programmes as points: their plain values on the nearest rungs; the base where they say nothing."""
    found = [tuple(ladder.base for ladder in ladders)]
    for programme in programmes:
        found.append(
            tuple(rung_of(ladder, programme[ladder.key]) if ladder.key in programme else ladder.base
                  for ladder in ladders)
        )  # fmt: skip
    return list(dict.fromkeys(found))
