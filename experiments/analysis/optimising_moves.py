"""What a search found, improved lever by lever: brought into the budget, climbed from, and pared down.

Paring puts back where it was a lever that buys nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from experiments.analysis.optimising_search import Bench, Ladder, Point, Trial


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
