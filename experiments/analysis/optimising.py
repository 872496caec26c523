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
from functools import cached_property

import numpy as np

from experiments.analysis.decisions_ground import Cancelled, Ground, Progress, better_up, judged
from experiments.analysis.decisions_hours import HOURS
from experiments.analysis.decisions_levers import FAMILIES, MET, chosen, pulled, scale
from experiments.analysis.optimising_search import (
    Bench,
    Ladder,
    Limits,
    Point,
    Scores,
    Trial,
    climb,
    descend,
    pare,
    search,
    starts,
)
from experiments.analysis.robustness import high_regret, regrets, shares_won
from experiments.compare import MOST_REPLICATES, whole
from experiments.outcomes import PRIMARY, Outcome
from experiments.paired import Paired, mean_interval, paired
from sim.passports import InputError, levers
from sim.scenario import Scenario, library, load

NAME = "recommended"
TRIALS, BATCH = 1000, 40
BROAD, DOWN = 0.25, 0.5
"""Shares of the trials up to which the search is broad, and the best of the dear ones is brought into the budget; the
rest improves the best that fits."""
FINALISTS = 12
FRESH = 4
"""Times the replicates of the search in the final scoring."""
LOSS = 0.005
"""What paring may lose of the outcome, for a simpler programme: half a point of a share; else of the outcome's size."""
FEWEST_TRIALS, MOST_TRIALS = 8, 100_000


@dataclass(frozen=True, eq=False)
class Entry:
    """A programme on the fresh worlds: outcome, cost and hours, float64 [worlds] each."""

    name: str
    scenario: Scenario
    values: np.ndarray
    cost: np.ndarray
    hours: np.ndarray

    @cached_property
    def interval(self) -> tuple[float | None, float | None, float | None]:
        """Mean outcome with its 95 % interval."""
        return mean_interval(self.values)


@dataclass(frozen=True, eq=False)
class Optimum:
    """What was found. ``entries``: the recommendation first, then the library's programmes that fit, on fresh worlds.

    ``too_dear``: library programmes beyond the budget. ``tried``: every candidate of the search, on its own worlds;
    ``rivals``: the library's fitting programmes there. ``best_rival`` was chosen on the second ground.
    """

    entries: tuple[Entry, ...]
    best_rival: str | None
    too_dear: tuple[str, ...]
    tried: tuple[Trial, ...]
    chosen: Trial
    rivals: Mapping[str, Trial]
    values: Mapping[str, float]
    base: Scenario
    outcome: Outcome
    limits: Limits
    robust: bool
    ground: Ground
    searched: int

    @property
    def recommended(self) -> Entry:
        return self.entries[0]

    def entry(self, name: str) -> Entry:
        return next(entry for entry in self.entries if entry.name == name)

    @cached_property
    def regrets(self) -> np.ndarray:
        """On fresh worlds, against the best of the entries in each: [entries, worlds]."""
        return regrets(better_up(np.stack([entry.values for entry in self.entries]), self.outcome))

    @cached_property
    def won(self) -> np.ndarray:
        """Share of fresh worlds in which each entry is best."""
        return shares_won(self.regrets)

    @cached_property
    def gain(self) -> Paired | None:
        """The recommendation against the best of the library that fits, world by world."""
        if self.best_rival is None:
            return None
        return paired(self.recommended.values, self.entry(self.best_rival).values, self.outcome.good)

    @cached_property
    def over_budget(self) -> float:
        """Share of fresh worlds in which the recommendation costs more than the budget."""
        return float((self.recommended.cost > self.limits.cost).mean())


def optimise(
    ground: Ground,
    base: Scenario,
    limits: Limits,
    *,
    keys: Sequence[str] = (),
    outcome: str = PRIMARY,
    robust: bool = False,
    replicates: int = 64,
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
    begin = starts(ladders, [{key: s.lever(key).value for key in levers()} for s in (base, *others.values())])
    tick = _ticks(progress, trials)
    search(bench, trials=max(1, round(trials * BROAD)), batch=BATCH, seed=ground.seed, starts=begin, tick=tick)
    _refine(bench, robust, found, trials, ground.seed, tick)
    pick, ranked = _choose(bench, others, evaluate.elsewhere("choice"), robust)
    scored = evaluate.elsewhere("score", times=FRESH)
    entries, dear = _scored(scored, bench.values(pick.point), others, limits)
    fitting = {name: _trial(known, i, bench.reference, limits) for i, name in enumerate(others)}
    return Optimum(
        entries,
        next((name for name in ranked if name in {entry.name for entry in entries}), None),
        dear,
        tuple(bench.tried.values()),
        pick,
        {name: trial for name, trial in fitting.items() if trial.fits},
        bench.values(pick.point),
        base,
        found,
        limits,
        robust,
        scored.ground,
        replicates,
    )


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
        return Scores(better, found["cost"].mean(axis=1), found[HOURS].mean(axis=1))

    def finals(self, scenarios: list[Scenario]) -> dict[str, np.ndarray]:
        wanted = list(dict.fromkeys((self.outcome.name, "cost", HOURS)))
        return self.ground.finals(scenarios, self.replicates, wanted, cancelled=self.cancelled)

    def elsewhere(self, label: str, times: int = 2) -> Evaluator:
        """On other worlds, and more of them."""
        return replace(self, ground=self.ground.elsewhere(label), replicates=self.replicates * times)


def ladder(key: str, weeks: int) -> Ladder:
    """The values of a lever that the search tries; its neutral value is one of them."""
    found = scale(key, weeks)
    values = list(found.values)
    neutral = found.lever.neutral
    if neutral not in values:
        values = sorted([*values, neutral])
    return Ladder(key, tuple(values), values.index(neutral), named=bool(found.lever.choices))


def rivals(base: Scenario) -> dict[str, Scenario]:
    """The base and every programme of the library in the base's circumstances, each once."""
    found = {base.name: base}
    seen = {base.fingerprint}
    for name in library():
        placed = transplanted(load(name), base)
        if placed.fingerprint not in seen:
            seen.add(placed.fingerprint)
            found[name if name not in found else f"{name} (library)"] = placed
    return found


def transplanted(programme: Scenario, base: Scenario) -> Scenario:
    """The decisions of one scenario with the managers, people, circumstances and parameters of another."""

    def decided(key: str) -> bool:
        return levers()[key].family in FAMILIES and key not in MET

    tracks = {key: track for key, track in base.levers.items() if not decided(key)}
    tracks |= {key: track for key, track in programme.levers.items() if decided(key)}
    return replace(programme, levers=tracks, parameters=base.parameters, mechanisms_off=base.mechanisms_off)


def _reference(known: Scores, limits: Limits) -> np.ndarray:
    """The best outcome of any fitting programme of the library in each world; of all where none fits."""
    fits = [limits.keeps(float(c), float(h)) for c, h in zip(known.cost, known.hours, strict=True)]
    return (known.better[fits] if any(fits) else known.better).max(axis=0)


def _trial(known: Scores, i: int, reference: np.ndarray, limits: Limits) -> Trial:
    cost, hours = float(known.cost[i]), float(known.hours[i])
    regret = high_regret(reference - known.better[i])
    return Trial((), float(known.better[i].mean()), regret, cost, hours, limits.keeps(cost, hours))


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


def _scored(
    third: Evaluator, values: Mapping[str, float], others: Mapping[str, Scenario], limits: Limits
) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """The recommendation and the fitting rivals on fresh worlds; and the names of those too dear."""
    recommended = replace(pulled(third.base, values), name=NAME, title="The recommended programme")
    named = {NAME: recommended, **others}
    found = third.finals(list(named.values()))
    entries, dear = [], []
    for i, (name, scenario) in enumerate(named.items()):
        entry = Entry(name, scenario, *(found[key][i] for key in (third.outcome.name, "cost", HOURS)))
        fits = limits.keeps(float(entry.cost.mean()), float(entry.hours.mean()))
        if name == NAME or fits:
            entries.append(entry)
        else:
            dear.append(name)
    return tuple(entries), tuple(dear)


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
