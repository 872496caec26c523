"""Which programme is best in which worlds, and what choosing another would have cost there: regret.

Regret of a programme in a world = the best outcome of any programme there less its own (Savage 1951); a robust choice
keeps it small in most worlds (Lempert et al. 2003), however likely each is. All programmes meet the same worlds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np

from experiments.analysis.ground import Ground, better_up, judged
from experiments.analysis.runs import Programme, Runs
from experiments.defaults import COMPARED
from experiments.outcomes import PRIMARY, Outcome
from experiments.paired import won
from experiments.watch import Cancelled, Progress
from sim.passports import InputError, parameters
from sim.scenario import Scenario

HIGH = 0.9
"""The regret that nine worlds in ten stay at or below."""
CHANCE = 0.05
FEWEST = 8
"""Worlds won and not won from which on what separates them is looked for."""
LEAF = 0.1
"""The least share of worlds in a leaf of the tree."""


@dataclass(frozen=True)
class Regret:
    """A programme over worlds: mean outcome, regret (mean, nine in ten, most), share of worlds won."""

    name: str
    mean: float
    mean_regret: float
    high_regret: float
    most_regret: float
    won: float


@dataclass(frozen=True)
class Separator:
    """A parameter that sets the worlds won apart: they lie higher in it (``higher``) with this probability.

    ``chance`` is the probability of so much by luck, times the number of parameters looked at (Bonferroni).
    """

    key: str
    higher: bool
    probability: float
    chance: float
    median_won: float
    median_other: float


@dataclass(frozen=True)
class Rule:
    """What a shallow tree says of who wins: ``text``, and how often it was right on worlds it had not seen.

    ``otherwise`` is how often the most frequent winner is right there.
    """

    text: tuple[str, ...]
    right: float
    otherwise: float

    @property
    def helps(self) -> bool:
        """Whether the tree says more than naming the most frequent winner (by five worlds in a hundred)."""
        return self.right >= self.otherwise + 0.05


@dataclass(frozen=True, eq=False)
class Robustness:
    """Of ``runs``: ``values`` float64 [programmes, worlds] of the outcome, ``worlds`` the drawn parameters by key."""

    outcome: Outcome
    runs: Runs

    @property
    def names(self) -> list[str]:
        return self.runs.names

    @property
    def values(self) -> np.ndarray:
        return self.runs.outcomes[self.outcome.name]

    @cached_property
    def worlds(self) -> Mapping[str, np.ndarray]:
        return self.runs.parameters()

    @cached_property
    def regrets(self) -> np.ndarray:
        """[programmes, worlds], in the outcome's unit, 0 where the programme is best."""
        return regrets(better_up(self.values, self.outcome))

    @cached_property
    def table(self) -> tuple[Regret, ...]:
        """A row for each programme, in the order named."""
        won = shares_won(self.regrets)
        return tuple(
            Regret(name, float(self.values[i].mean()), float(r.mean()), high_regret(r), float(r.max()), float(won[i]))
            for i, (name, r) in enumerate(zip(self.names, self.regrets, strict=True))
        )

    def least(self, by: str) -> Regret:
        """The programme with the least ``mean_regret``, ``high_regret`` or ``most_regret``; earlier ones win ties."""
        return min(self.table, key=lambda row: getattr(row, by))

    @cached_property
    def separators(self) -> dict[str, tuple[Separator, ...]]:
        """What sets the worlds apart that each programme wins, the strongest first."""
        best = self.regrets <= 0
        return {name: separators(best[i], self.worlds) for i, name in enumerate(self.names)}

    @cached_property
    def rule(self) -> Rule | None:
        """A shallow tree on who wins; None where there is too little to learn from."""
        return winners_tree(self.regrets.argmin(axis=0), self.names, self.worlds)


def robustness(
    ground: Ground,
    scenarios: Sequence[Scenario],
    *,
    outcome: str = PRIMARY,
    replicates: int = COMPARED,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Robustness:
    """Run two or more programmes on the same worlds and hold them against the best of each. Raises InputError."""
    judged(outcome)
    _several(len(scenarios))
    programmes = [Programme(scenario.name) for scenario in scenarios]
    return compared(ground.runs(programmes, scenarios, replicates, [outcome], progress, cancelled))


def compared(runs: Runs) -> Robustness:
    """Hold each programme of the runs against the best of each world.

    Raises InputError for fewer than two, and where runs differ in a parameter, which is nobody's choice.
    """
    _several(len(runs.programmes))
    if beyond := [key for key in runs.varied if key.startswith("parameters.")]:
        raise InputError(
            f"{', '.join(beyond)} varies from run to run, which nobody can choose: regret is between programmes. Sweep "
            f"levers alone, with worlds drawn, or keep to one value with --only {beyond[0]}=VALUE"
        )
    return Robustness(judged(next(iter(runs.outcomes))), runs)


def _several(programmes: int) -> None:
    if programmes < 2:
        raise InputError("name at least two scenarios: regret is against the best of the others")


def regrets(better: np.ndarray) -> np.ndarray:
    """[programmes, worlds] from outcomes of which more is better."""
    return better.max(axis=0) - better


def shares_won(regret: np.ndarray) -> np.ndarray:
    """Share of worlds in which each programme is best, [programmes]; worlds with several best count in parts."""
    return won(-regret)


def high_regret(regret: np.ndarray) -> float:
    """The regret that nine worlds in ten stay at or below (a regret that occurred: no interpolation)."""
    return float(np.quantile(regret, HIGH, method="inverted_cdf"))


def separators(won: np.ndarray, worlds: Mapping[str, np.ndarray]) -> tuple[Separator, ...]:
    """Parameters in which the worlds won lie higher or lower than the others, by the rank sum (Mann & Whitney 1947).

    ``won`` bool [worlds]. Only those that luck would give with a probability below 5 % over all parameters together.
    """
    if min(won.sum(), (~won).sum()) < FEWEST:
        return ()
    found = []
    for key, values in worlds.items():
        ours, others = values[won], values[~won]
        probability, chance = rank_sum(ours, others)
        chance = min(chance * len(worlds), 1.0)
        if chance < CHANCE:
            higher = probability >= 0.5
            share = probability if higher else 1 - probability
            found.append(Separator(key, higher, share, chance, float(np.median(ours)), float(np.median(others))))
    return tuple(sorted(found, key=lambda s: -s.probability))


def rank_sum(ours: np.ndarray, others: np.ndarray) -> tuple[float, float]:
    """Probability that one of ``ours`` exceeds one of ``others`` (ties half), and that of so much by luck, two-sided.

    By the normal approximation, good from about eight of each on; drawn parameters have no ties to correct for.
    """
    n, m = len(ours), len(others)
    order = np.sort(others)
    above = (np.searchsorted(order, ours, "left") + np.searchsorted(order, ours, "right")) / 2
    probability = float(above.sum()) / (n * m)
    z = abs(probability - 0.5) / math.sqrt((n + m + 1) / (12 * n * m))
    return probability, 2 * (1 - NormalDist().cdf(z))


def winners_tree(winner: np.ndarray, names: Sequence[str], worlds: Mapping[str, np.ndarray]) -> Rule | None:
    """A tree of depth two on ``winner`` [worlds], grown on every second world and tried on the others."""
    half = np.arange(len(winner)) % 2 == 0
    if not worlds or len(winner) < 4 * FEWEST or len(set(winner[half].tolist())) < 2:
        return None
    from sklearn.tree import DecisionTreeClassifier

    table = np.stack(list(worlds.values()), axis=1)
    leaf = max(2, round(LEAF * half.sum()))
    tree = DecisionTreeClassifier(max_depth=2, min_samples_leaf=leaf, random_state=0).fit(table[half], winner[half])
    right = float((tree.predict(table[~half]) == winner[~half]).mean())
    usual = np.bincount(winner[half]).argmax()
    return Rule(tuple(_branches(tree, names, list(worlds))), right, float((winner[~half] == usual).mean()))


def _branches(tree: object, names: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Each leaf as a sentence: its conditions, and who wins most often there."""
    nodes, classes = tree.tree_, tree.classes_  # type: ignore[attr-defined]
    found: list[str] = []

    def walk(node: int, conditions: tuple[str, ...]) -> None:
        if nodes.children_left[node] < 0:
            shares = nodes.value[node][0] / nodes.value[node][0].sum()
            best = int(shares.argmax())
            where = " and ".join(conditions) or "everywhere"
            found.append(f"{where}: {names[classes[best]]} wins {shares[best] * 100:.0f} %")
            return
        key, level = keys[nodes.feature[node]], nodes.threshold[node]
        walk(nodes.children_left[node], (*conditions, f"{key} up to {level:.3g}"))
        walk(nodes.children_right[node], (*conditions, f"{key} above {level:.3g}"))

    walk(0, ())
    return found


def meaning(key: str) -> str:
    """What a parameter is, for a sentence."""
    text = parameters()[key].meaning
    return text.split(" (")[0].rstrip(".")
