"""What a search for the best programme found, on worlds that it never saw: the recommendation, its rivals, its kin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from experiments import outcomes
from experiments.analysis.ground import better_up
from experiments.analysis.optimising_search import Limits
from experiments.analysis.robustness import high_regret, regrets, shares_won
from experiments.analysis.runs import Runs
from experiments.outcomes import COST, HOURS, Outcome
from experiments.paired import Paired, mean_interval, paired


@dataclass(frozen=True, eq=False)
class Entry:
    """A programme on the fresh worlds: outcome, cost and hours, float64 [worlds] each."""

    name: str
    values: np.ndarray
    cost: np.ndarray
    hours: np.ndarray

    @cached_property
    def interval(self) -> tuple[float | None, float | None, float | None]:
        """Mean outcome with its 95 % interval."""
        return mean_interval(self.values)


@dataclass(frozen=True, eq=False)
class Optimum:
    """All of it is read from ``runs`` on fresh worlds: the recommendation first, the library, then the frontier.

    ``runs.facts``: outcome, budget, hours (None: no limit), robust, base and its levers, how many programmes were
    tried, the library's names, and ``best_rival``, which was chosen on worlds of its own.
    """

    runs: Runs

    @property
    def outcome(self) -> Outcome:
        return outcomes.ALL[self.runs.facts["outcome"]]

    @property
    def limits(self) -> Limits:
        most = (self.runs.facts[key] for key in ("budget", "hours"))
        return Limits(*(float("inf") if limit is None else float(limit) for limit in most))

    @property
    def robust(self) -> bool:
        return bool(self.runs.facts["robust"])

    @property
    def base(self) -> str:
        return self.runs.facts["base"]

    @property
    def before(self) -> Mapping[str, float]:
        """The base's own setting of each lever that was searched."""
        return self.runs.facts["before"]

    @property
    def values(self) -> Mapping[str, float]:
        """The recommendation's."""
        return {key: float(value) for key, value in self.runs.programmes[0].levers.items()}

    @cached_property
    def _all(self) -> tuple[Entry, ...]:
        """Every programme scored, in the order of the runs."""
        found = self.runs.outcomes
        return tuple(
            Entry(p.scenario, *(found[key][i] for key in (self.outcome.name, COST, HOURS)))
            for i, p in enumerate(self.runs.programmes)
        )

    def fits(self, entry: Entry) -> bool:
        """Whether it keeps to the budget on the fresh worlds."""
        return self.limits.keeps(float(entry.cost.mean()), float(entry.hours.mean()))

    @property
    def recommended(self) -> Entry:
        return self._all[0]

    @cached_property
    def rivals(self) -> tuple[Entry, ...]:
        """The library, also what is too dear."""
        return self._all[1 : 1 + self.runs.facts["library"]]

    @cached_property
    def frontier(self) -> tuple[Entry, ...]:
        """The best trade-offs that the search found, of outcome with regret and with cost."""
        return self._all[1 + self.runs.facts["library"] :]

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The recommendation, and what of the library keeps to the budget."""
        return (self.recommended, *filter(self.fits, self.rivals))

    @property
    def too_dear(self) -> list[str]:
        return [entry.name for entry in self.rivals if not self.fits(entry)]

    @cached_property
    def best_rival(self) -> Entry | None:
        """The best of the library that fits, ranked on the worlds on which the recommendation was chosen."""
        fitting = {entry.name: entry for entry in self.entries[1:]}
        return next((fitting[name] for name in self.runs.facts["ranked"] if name in fitting), None)

    @cached_property
    def _best(self) -> np.ndarray:
        """The best outcome of any of the entries in each world, turned so that more is better."""
        return better_up(np.stack([entry.values for entry in self.entries]), self.outcome).max(axis=0)

    def high_regret(self, entry: Entry) -> float:
        """How far behind the best of the entries it is in nine worlds of ten at most; below nought: ahead of all."""
        return high_regret(self._best - better_up(entry.values, self.outcome))

    @cached_property
    def regrets(self) -> np.ndarray:
        """Against the best of the entries in each world: [entries, worlds]."""
        return regrets(better_up(np.stack([entry.values for entry in self.entries]), self.outcome))

    @cached_property
    def won(self) -> np.ndarray:
        """Share of worlds in which each entry is best."""
        return shares_won(self.regrets)

    @cached_property
    def gain(self) -> Paired | None:
        """The recommendation against the best of the library that fits, world by world."""
        if self.best_rival is None:
            return None
        return paired(self.recommended.values, self.best_rival.values, self.outcome.good)

    @cached_property
    def over_budget(self) -> float:
        """Share of worlds in which the recommendation costs more than the budget."""
        return float((self.recommended.cost > self.limits.cost).mean())
