"""The best programme for a budget of money and people's hours, by expected outcome or by regret over worlds.

Three grounds that share no replicate and no world: the search runs on the first, the choice among its finalists on the
second, and every figure that is reported comes from the third, which neither saw. (The best of many noisy candidates
looks better than it is on the worlds it was chosen on: the winner's curse; Smith & Winkler 2006.)

Programmes of the library are put into the same circumstances: their decisions, with the base scenario's managers,
people and circumstances.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from experiments.analysis.ground import Ground, better_up, judged
from experiments.analysis.optimising_found import Optimum
from experiments.analysis.optimising_library import NAME, ladder, rivals
from experiments.analysis.optimising_moves import climb, descend, pare
from experiments.analysis.optimising_search import Bench, Ladder, Limits, Point, Scores, Trial, frontier, search, starts
from experiments.analysis.runs import Programme, Runs
from experiments.analysis.scales import chosen, pulled, setting_of
from experiments.compare import whole
from experiments.defaults import MOST_REPLICATES, SEARCHED, TRIALS
from experiments.outcomes import COST, HOURS, PRIMARY, Outcome
from experiments.watch import Cancelled, Progress
from sim.passports import InputError
from sim.scenario import Scenario

BATCH = 40
BROAD, DOWN = 0.25, 0.5
"""Shares of the trials up to which the search is broad, and the best of the dear ones is brought into the budget; the
rest improves the best that fits."""
FINALISTS, FRONTIER = 12, 24
"""Candidates that are scored again: for the choice, and of each frontier for the picture."""
FRESH = 4
"""Times the replicates of the search in the final scoring."""
LOSS = 0.005
"""What paring may lose of the outcome, for a simpler programme: half a point of a share; else of the outcome's size."""
FEWEST_TRIALS, MOST_TRIALS = 8, 100_000


def optimise(
    ground: Ground,
    base: Scenario,
    limits: Limits,
    *,
    keys: Sequence[str] = (),
    outcome: str = PRIMARY,
    robust: bool = False,
    replicates: int = SEARCHED,
    trials: int = TRIALS,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Optimum:
    """Search the levers ``keys`` (names or families; all decisions where none is named) for the best programme.

    What is best: the greatest expected outcome, or with ``robust`` the least regret that nine worlds in ten stay below.
    Raises InputError, also where nothing fits the budget.
    """
    found = judged(outcome)
    whole("replicates", replicates, 8, MOST_REPLICATES // FRESH)
    whole("trials", trials, FEWEST_TRIALS, MOST_TRIALS)
    ladders = [ladder(key, ground.weeks) for key in chosen(tuple(keys))]
    evaluate = Evaluator(ground, base, found, replicates, cancelled)
    others = rivals(base)
    known = evaluate.scenarios(list(others.values()))
    bench = Bench(ladders, evaluate, limits, _reference(known, limits))
    begin = starts(ladders, [{rung.key: setting_of(s, rung.key) for rung in ladders} for s in others.values()])
    tick = _ticks(progress, trials)
    search(bench, trials=max(1, round(trials * BROAD)), batch=BATCH, seed=ground.seed, starts=begin, tick=tick)
    _refine(bench, robust, found, trials, ground.seed, tick)
    pick, ranked = _choose(bench, others, evaluate.elsewhere("choice"), robust)
    kin = trade_offs([trial for trial in bench.tried.values() if trial.fits and trial.point != pick.point])
    points = {NAME: bench.values(pick.point), **{f"frontier {i + 1}": bench.values(t.point) for i, t in enumerate(kin)}}
    scored = _scored(evaluate.elsewhere("score", times=FRESH), points, others)
    limit = (None if np.isinf(most) else most for most in (limits.cost, limits.hours))
    return Optimum(replace(scored, facts={
        "outcome": outcome, **dict(zip(("budget", "hours"), limit, strict=True)), "robust": robust, "base": base.name,
        "before": {key: setting_of(base, key) for key in points[NAME]}, "tried": len(bench.tried),
        "searched": replicates, "seed": ground.seed, "library": len(others), "ranked": ranked,
    }))  # fmt: skip


def rescored(runs: Runs) -> Optimum:
    """What an earlier search found, from the runs that it kept. Raises InputError for other runs."""
    if "ranked" not in runs.facts:
        raise InputError("these are no runs of a search; read what uptake optimise --out wrote")
    return Optimum(runs)


def trade_offs(fitting: Sequence[Trial]) -> list[Trial]:
    """The Pareto frontiers of expectation and regret, and of cost and expectation: at most so many of each, evenly."""
    found: dict[Point, Trial] = {}
    for members in (
        frontier(fitting, lambda t: -t.mean, lambda t: t.regret),
        frontier(fitting, lambda t: t.cost, lambda t: -t.mean),
    ):
        places = np.unique(np.linspace(0, len(members) - 1, min(len(members), FRONTIER)).round().astype(int))
        found |= {members[i].point: members[i] for i in places if members}
    return list(found.values())


@dataclass(frozen=True, eq=False)
class Evaluator:
    """Scores candidates on a ground: calling it takes lists of lever values."""

    ground: Ground
    base: Scenario
    outcome: Outcome
    replicates: int
    cancelled: Cancelled | None = None

    def __call__(self, points: list[dict[str, float]]) -> Scores:
        return self.scenarios([pulled(self.base, values) for values in points])

    def scenarios(self, scenarios: list[Scenario]) -> Scores:
        found = self.finals(scenarios)
        better = better_up(found[self.outcome.name], self.outcome)
        return Scores(better, found[COST].mean(axis=1), found[HOURS].mean(axis=1))

    def finals(self, scenarios: list[Scenario]) -> dict[str, np.ndarray]:
        return self.ground.finals(scenarios, self.replicates, self.wanted, cancelled=self.cancelled)

    @property
    def wanted(self) -> list[str]:
        return list(dict.fromkeys((self.outcome.name, COST, HOURS)))

    def elsewhere(self, label: str, times: int = 2) -> Evaluator:
        """On other worlds, and more of them."""
        return replace(self, ground=self.ground.elsewhere(label), replicates=self.replicates * times)


def _reference(known: Scores, limits: Limits) -> np.ndarray:
    """The best outcome of any fitting programme of the library in each world; of all where none fits."""
    fits = [limits.keeps(float(c), float(h)) for c, h in zip(known.cost, known.hours, strict=True)]
    return (known.better[fits] if any(fits) else known.better).max(axis=0)


def _trial(known: Scores, i: int, reference: np.ndarray, limits: Limits) -> Trial:
    cost, hours = float(known.cost[i]), float(known.hours[i])
    return Trial((), known.better[i], reference, cost, hours, limits.keeps(cost, hours))


def _refine(bench: Bench, robust: bool, outcome: Outcome, trials: int, seed: int, tick: Callable[[], None]) -> None:
    """Bring the best of all into the budget, climb from the best that fits, and pare the best one down."""
    dear = max(bench.tried.values(), key=lambda t: (t.score(robust), -t.cost))
    descend(bench, dear.point, robust=robust, until=round(trials * DOWN), tick=tick)
    best = bench.best(robust)
    if best is None:
        cheapest = min(bench.tried.values(), key=lambda t: max(bench.limits.over(t.cost, t.hours)))
        raise InputError(
            f"nothing fits: of {len(bench.tried):,} programmes tried the nearest takes {cheapest.cost:,.0f} of money "
            f"and {cheapest.hours:,.0f} hours; raise --budget or --hours, or let more levers vary (rollout.seats "
            "decides how many licences are paid for)"
        )
    climb(bench, best.point, robust=robust, until=trials, batch=BATCH, seed=seed % 2**32, tick=tick)
    top = bench.best(robust)
    assert top is not None
    size = 1.0 if outcome.is_share else max(abs(top.mean), 1e-9)
    pare(bench, top.point, robust=robust, loss=LOSS * size, tick=tick)


def _choose(bench: Bench, others: Mapping[str, Scenario], second: Evaluator, robust: bool) -> tuple[Trial, list[str]]:
    """The best of the finalists on worlds the search did not see (the simplest within the loss); the rivals ranked."""
    fitting = sorted((t for t in bench.tried.values() if t.fits), key=lambda t: (-t.score(robust), t.cost))
    simple = sorted(
        (t for t in fitting if t.score(robust) >= fitting[0].score(robust) - LOSS * _size(fitting[0], second.outcome)),
        key=lambda t: (_pulled(t.point, bench.ladders), -t.score(robust)),
    )
    points = list(dict.fromkeys(t.point for t in (*fitting[:FINALISTS], *simple[:FINALISTS])))
    known = second.scenarios(list(others.values()))
    reference = _reference(known, bench.limits)
    again = Bench(bench.ladders, second, bench.limits, reference)
    trials = again.try_all(points)
    # Where none of the finalists keeps to the budget here, the one nearest to it does.
    kept = [t for t in trials if t.fits] or [min(trials, key=lambda t: max(bench.limits.over(t.cost, t.hours)))]
    top = max(t.score(robust) for t in kept)
    near = [t for t in kept if t.score(robust) >= top - LOSS * _size(kept[0], second.outcome)]
    pick = min(near, key=lambda t: (_pulled(t.point, bench.ladders), -t.score(robust), t.point))
    rated = {name: _trial(known, i, reference, bench.limits) for i, name in enumerate(others)}
    return bench.tried[pick.point], sorted(rated, key=lambda name: -rated[name].score(robust))


def _size(trial: Trial, outcome: Outcome) -> float:
    return 1.0 if outcome.is_share else max(abs(trial.mean), 1e-9)


def _pulled(point: Point, ladders: Sequence[Ladder]) -> int:
    """How many levers a candidate pulls."""
    return sum(rung != ladder.base for rung, ladder in zip(point, ladders, strict=True))


def _scored(third: Evaluator, points: Mapping[str, Mapping[str, float]], others: Mapping[str, Scenario]) -> Runs:
    """The recommendation, the library and the frontier on fresh worlds."""
    keys = list(points[NAME])
    named = {name: replace(pulled(third.base, values), name=name) for name, values in points.items()}
    ordered = {NAME: named.pop(NAME), **others, **named}
    programmes = [Programme(name, {key: setting_of(s, key) for key in keys}) for name, s in ordered.items()]
    return third.ground.runs(
        programmes, list(ordered.values()), third.replicates, third.wanted, cancelled=third.cancelled
    )


def _ticks(progress: Progress | None, trials: int) -> Callable[[], None]:
    """Progress in steps: the search's generations, then rounds of improvement and paring, which may end early."""
    total = -(-trials // BATCH) + 25
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(min(done / total, 0.97))

    return tick
