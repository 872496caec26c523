"""The search for a programme within a budget: several objectives, constraints, and batches of candidates.

NSGA-II (Deb et al. 2002, doi:10.1109/4235.996017) by Optuna: it maximises the expected outcome and minimises the
regret that nine worlds in ten stay below, among candidates that keep to the budget. What it finds is then improved one
lever at a time, and pared down: a lever that buys nothing goes back to where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from experiments.analysis.robustness import high_regret

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


@dataclass(frozen=True)
class Trial:
    """A candidate tried: expected outcome (more is better), high regret against the reference, cost, hours."""

    point: Point
    mean: float
    regret: float
    cost: float
    hours: float
    fits: bool

    def score(self, robust: bool) -> float:
        """What a single best is chosen by: more is better."""
        return -self.regret if robust else self.mean


Evaluate = Callable[[list[dict[str, float]]], Scores]


@dataclass
class Bench:
    """Tries candidates, each once. ``reference`` [worlds]: the best known outcome of each world, for regret."""

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
                better = scores.better[i]
                regret = high_regret(self.reference - better)
                self.tried[point] = Trial(
                    point, float(better.mean()), regret, cost, hours, self.limits.keeps(cost, hours)
                )
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


def descend(bench: Bench, start: Point, *, robust: bool, until: int, tick: Callable[[], None]) -> Point:
    """From a good programme that is too dear down into the budget, giving up first what is missed least for its money.

    Each round tries every lever at its base and half-way there, then the one, two, four ... best of those together, and
    keeps what saves much for little lost.
    Ends within the limits, or where nothing saves any more or ``until`` candidates have been tried.
    """
    here = bench.try_all([start])[0]

    def excess(trial: Trial) -> float:
        return max(0.0, *bench.limits.over(trial.cost, trial.hours))

    def worth(trial: Trial) -> float:
        """What is left, and what is saved at a quarter of the price at which all would be lost with the excess."""
        price = 0.25 * abs(here.score(robust)) / excess(here)
        return trial.score(robust) + price * (excess(here) - excess(trial))

    while not here.fits and len(bench.tried) < until:
        points = []
        for i, ladder in enumerate(bench.ladders):
            rungs = {ladder.base} if ladder.named else {ladder.base, (here.point[i] + ladder.base) // 2}
            if ladder.key == "rollout.seats":  # fewer licences save too, though all of them is the base
                rungs |= {max(here.point[i] - 2, 0)}
            points += [(*here.point[:i], rung, *here.point[i + 1 :]) for rung in sorted(rungs - {here.point[i]})]
        moves = sorted((t for t in bench.try_all(points) if excess(t) < excess(here)), key=worth, reverse=True)
        tick()
        if not moves:
            break
        first: dict[int, Trial] = {}  # the best move of each lever
        for move in moves:
            lever = next(i for i, (a, b) in enumerate(zip(here.point, move.point, strict=True)) if a != b)
            first.setdefault(lever, move)
        kept = list(first.values())
        groups = [_together(here.point, [t.point for t in kept[:count]]) for count in (1, 2, 4, 8, 16)]
        joined = [t for t in bench.try_all(groups) if excess(t) < excess(here)]
        tick()
        if not joined:
            break
        here = max(joined, key=lambda t: (worth(t), -excess(t)))
    return here.point


def climb(
    bench: Bench, start: Point, *, robust: bool, until: int, batch: int, seed: int, tick: Callable[[], None]
) -> Point:
    """Move levers while that helps, until ``until`` candidates in all have been tried or no move helps.

    Each round tries a batch of moves of one lever, in an order of its own; then the best of them together, and what
    gains joined with what saves, which is how money moves from one lever to another when the budget is spent.
    """
    rng = np.random.default_rng(seed)
    here = bench.try_all([start])[0]
    moves: list[Trial] = []
    left = _shuffled(rng, _neighbours(bench.ladders, start))
    while left and len(bench.tried) < until:
        tried, left = bench.try_all(left[:batch]), left[batch:]
        moves += tried
        tick()
        joined = bench.try_all(_joined(here, moves, robust))
        better = [t for t in (*tried, *joined) if t.fits and t.score(robust) > here.score(robust)]
        if better:
            here = max(better, key=lambda t: (t.score(robust), -t.cost))
            moves, left = [], _shuffled(rng, _neighbours(bench.ladders, here.point))
    return here.point


def _shuffled(rng: np.random.Generator, points: list[Point]) -> list[Point]:
    return [points[i] for i in rng.permutation(len(points))]


def _neighbours(ladders: Sequence[Ladder], here: Point) -> list[Point]:
    """One lever moved: by one rung, by a quarter of the ladder, to its base; a named one to any choice."""
    found = []
    for i, ladder in enumerate(ladders):
        last = len(ladder.values) - 1
        if ladder.named:
            rungs = set(range(last + 1))
        else:
            step = max(2, (last + 1) // 4)
            rungs = {ladder.base, *(min(max(here[i] + move, 0), last) for move in (-step, -1, 1, step))}
        found += [(*here[:i], rung, *here[i + 1 :]) for rung in sorted(rungs - {here[i]})]
    return found


def _joined(here: Trial, moves: Sequence[Trial], robust: bool, most: int = 3) -> list[Point]:
    """Moves of one lever put together: the best two, three ... of those that gain; each gain with each cheap saving."""
    gains = sorted((t for t in moves if t.score(robust) > here.score(robust)), key=lambda t: -t.score(robust))[:most]

    def rate(trial: Trial) -> float:
        """What is lost for what is saved."""
        return (here.score(robust) - trial.score(robust)) / (here.cost - trial.cost)

    savings = sorted((t for t in moves if t.cost < here.cost), key=rate)[:most]
    found = [_together(here.point, [t.point for t in gains[:n]]) for n in range(2, len(gains) + 1)]
    found += [_together(here.point, [saving.point, gain.point]) for gain in gains for saving in savings]
    return [point for point in dict.fromkeys(found) if point != here.point]


def _together(here: Point, moved: Sequence[Point]) -> Point:
    """All moves made; where two move the same lever, the later one holds."""
    found = list(here)
    for point in moved:
        for i, (before, after) in enumerate(zip(here, point, strict=True)):
            if after != before:
                found[i] = after
    return tuple(found)


def pare(bench: Bench, start: Point, *, robust: bool, loss: float, tick: Callable[[], None]) -> Point:
    """Put levers back to their base, the least missed first, while no more than ``loss`` is lost in all.

    Each round tries every lever alone, then the one, two, four ... least missed together, and keeps the most that hold.
    """
    here = start
    floor = bench.try_all([here])[0].score(robust) - loss

    def holds(trial: Trial) -> bool:
        return trial.fits and trial.score(robust) >= floor

    while True:
        alone = [
            (*here[:i], ladder.base, *here[i + 1 :]) for i, ladder in enumerate(bench.ladders) if here[i] != ladder.base
        ]
        missed = sorted(filter(holds, bench.try_all(alone)), key=lambda t: (-t.score(robust), t.cost))
        tick()
        if not missed:
            return here
        counts = [1 << power for power in range(len(missed).bit_length()) if 1 << power <= len(missed)]
        groups = [_together(here, [t.point for t in missed[:count]]) for count in counts]
        here = [t for t in bench.try_all(groups) if holds(t)][-1].point  # the first of them, one alone, always holds
        tick()


def frontier(trials: Sequence[Trial], first: Callable[[Trial], float], second: Callable[[Trial], float]) -> list[Trial]:
    """Trials that no other one betters in both respects (both: less is better), by rising ``first``."""
    found: list[Trial] = []
    for trial in sorted(trials, key=lambda t: (first(t), second(t))):
        if not found or second(trial) < second(found[-1]):
            found.append(trial)
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
