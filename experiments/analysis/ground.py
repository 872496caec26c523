"""The ground that programmes are tried on: people, horizon, seed and worlds; and what each is like at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from experiments import outcomes
from experiments.analysis.runs import Programme, Runs, Setting
from experiments.compare import whole
from experiments.defaults import MOST_REPLICATES, MOST_SEED, RULE, SEED, WEEKS
from experiments.watch import Cancelled, Progress
from sim import engine
from sim.engine import Ensemble
from sim.organisation import Organisation
from sim.passports import InputError, nearest
from sim.programme import prepare
from sim.scenario import LAST_WEEK, Scenario
from sim.sizing import Settings
from sim.tallies import SERIES


@dataclass(frozen=True, eq=False)
class Ground:
    """What every programme is tried on. ``worlds`` draws the uncertain parameters for each replicate, or holds them."""

    organisation: Organisation
    weeks: int = WEEKS
    seed: int = SEED
    worlds: bool = True
    rule: str = RULE
    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        whole("weeks", self.weeks, 1, LAST_WEEK)
        whole("seed", self.seed, 0, MOST_SEED)

    def elsewhere(self, label: str) -> Ground:
        """The same ground under a seed of its own, which shares no replicate and no world with this one."""
        drawn = hashlib.sha256(f"{self.seed}/{label}".encode()).digest()
        return replace(self, seed=int.from_bytes(drawn[:8], "big") % MOST_SEED)

    def finals(
        self,
        scenarios: Sequence[Scenario],
        replicates: int,
        wanted: Sequence[str],
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> dict[str, np.ndarray]:
        """Every wanted outcome at the end: float64 [scenarios, replicates], all on the same replicates and worlds.

        Results are read batch by batch, so that many programmes fit the memory cap. A payback that never comes counts
        as the length of the horizon. Raises InputError where a single programme's results exceed the cap.
        """
        whole("replicates", replicates, 1, MOST_REPLICATES)
        each = self.weeks * SERIES * 4 * replicates
        if each > self.settings.memory:
            raise InputError(
                f"the results of {replicates:,} replicates x {self.weeks:,} weeks need {each / 1e9:.1f} GB, more than "
                f"{self.settings.memory / 1e9:.1f} GB; lower --replicates or raise --memory"
            )
        batch = int(max(1, min(256, self.settings.memory // 4 // each)))
        found = {name: np.empty((len(scenarios), replicates)) for name in wanted}
        for start in range(0, len(scenarios), batch):
            chosen = scenarios[start : start + batch]
            ensembles = engine.run(
                self.organisation,
                [prepare(scenario, self.organisation, self.weeks, self.rule) for scenario in chosen],
                replicates,
                self.seed,
                worlds=self.worlds,
                settings=self.settings,
                progress=_part(progress, start, len(chosen), len(scenarios)),
                cancelled=cancelled,
            )
            for row, ensemble in enumerate(ensembles):
                for name in wanted:
                    found[name][start + row] = _final(ensemble, name)
        return found

    def runs(
        self,
        programmes: Sequence[Programme],
        scenarios: Sequence[Scenario],
        replicates: int,
        wanted: Sequence[str],
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> Runs:
        """Run ``scenarios``, which ``programmes`` name one for one."""
        held = sorted({key for scenario in scenarios for key in scenario.parameters})
        return Runs(
            self.setting,
            tuple(programmes),
            self.finals(scenarios, replicates, wanted, progress, cancelled),
            np.full(replicates, self.seed, np.uint64),
            np.arange(replicates),
            tuple(held),
            settling(wanted, self.weeks),
        )

    @property
    def setting(self) -> Setting:
        people = self.organisation
        return Setting(people.name, people.headcount, self.weeks, self.worlds, self.rule, people.fingerprint)


def outcome_named(name: str) -> outcomes.Outcome:
    """The outcome of that name. Raises InputError with the nearest one."""
    if name not in outcomes.ALL:
        raise InputError(
            f'--outcome: unknown outcome "{name}"{nearest(name, outcomes.ALL)} Outcomes are {", ".join(outcomes.ALL)}.'
        )
    return outcomes.ALL[name]


def judged(name: str) -> outcomes.Outcome:
    """An outcome that has a good direction, by which programmes can be ranked. Raises InputError."""
    outcome = outcome_named(name)
    if not outcome.good:
        better = ", ".join(other for other, o in outcomes.ALL.items() if o.good)
        raise InputError(f"--outcome {name}: neither more nor less of it is better; name one of {better}")
    return outcome


def better_up(values: np.ndarray, outcome: outcomes.Outcome) -> np.ndarray:
    """Values turned so that more is better."""
    return values * outcome.good


def _final(ensemble: Ensemble, name: str) -> np.ndarray:
    return settled(outcomes.ALL[name].curve(ensemble.series)[-1].astype(np.float64), len(ensemble.series))


def settled(values: np.ndarray, weeks: int) -> np.ndarray:
    """Values with a payback that never comes (NaN) counted as the length of the horizon."""
    return np.where(np.isnan(values), float(weeks), values)


def settling(names: Iterable[str], weeks: int) -> tuple[str, ...]:
    """The note that ``settled`` needs where one of the outcomes is a payback."""
    return (f"A payback that never comes counts as week {weeks}, the last.",) if outcomes.PAYBACK in names else ()


def _part(progress: Progress | None, start: int, count: int, total: int) -> Progress | None:
    if progress is None:
        return None
    return lambda share: progress((start + share * count) / total)
