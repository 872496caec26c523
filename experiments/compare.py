"""Compare programmes: run them on the same organisation, replicates and worlds, and read the differences.

The command line, the web app and the report all come through ``compare`` and read the ``Comparison`` it returns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np

from experiments import outcomes
from experiments.defaults import MOST_REPLICATES, MOST_SEED, REPLICATES, RULE, SEED, WEEKS
from experiments.paired import Paired, Spread, band, paired, spread, won
from sim import engine
from sim.engine import Ensemble
from sim.organisation import Organisation
from sim.passports import InputError
from sim.programme import prepare
from sim.scenario import Scenario
from sim.scenario.nodes import LAST_WEEK
from sim.sizing import Settings
from sim.tallies import SERIES

Run = Callable[..., list[Ensemble]]


@dataclass(frozen=True)
class Band:
    """An outcome week by week, float64 [weeks] each: mean, 5th and 95th percentile over replicates; NaN: undefined.

    ``week`` int64 [weeks] counts from 0, as the start and end of levers do.
    """

    week: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class Difference:
    """``scenario`` less ``against`` at the end, in the outcome's unit: see ``paired`` for what each number is."""

    scenario: str
    against: str
    outcome: str
    mean: float | None
    low: float | None
    high: float | None
    share_better: float | None
    share_equal: float

    @property
    def same(self) -> bool:
        """Whether no pair differs."""
        return self.mean == self.low == self.high == 0

    @property
    def told_apart(self) -> bool:
        """Whether the 95 % interval leaves out zero."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Programmes run side by side. ``ensembles`` by name, the base first; all share replicates, seed and worlds."""

    ensembles: Mapping[str, Ensemble]
    organisation: Organisation
    weeks: int
    replicates: int
    seed: int
    worlds: bool
    rule: str

    @property
    def names(self) -> list[str]:
        return list(self.ensembles)

    @property
    def base(self) -> str:
        return self.names[0]

    def scenario(self, name: str) -> Scenario:
        return self.ensembles[name].programme.scenario

    def curves(self, name: str, outcome: str) -> np.ndarray:
        """An outcome of a programme in each week and replicate: [weeks, replicates], in the outcome's unit."""
        return outcomes.ALL[outcome].curve(self.ensembles[name].series)

    def finals(self, name: str, outcome: str) -> np.ndarray:
        """The outcome at the end of each replicate: [replicates]; NaN where it is never reached."""
        return self.curves(name, outcome)[-1]

    def band(self, name: str, outcome: str) -> Band:
        """The outcome week by week, over replicates."""
        return Band(np.arange(self.weeks), *band(self.curves(name, outcome)))

    @cached_property
    def at_end(self) -> dict[str, dict[str, Spread]]:
        """Name -> outcome -> mean, 5th and 95th percentile over replicates in the last week."""
        return {name: {o: spread(self.finals(name, o)) for o in outcomes.ALL} for name in self.names}

    def paired(self, name: str, against: str, outcome: str) -> Paired:
        """One outcome of two programmes, replicate by replicate."""
        return paired(self.finals(name, outcome), self.finals(against, outcome), outcomes.ALL[outcome].good)

    def won(self, outcome: str) -> list[float]:
        """Share of replicates in which each programme is the best of all, in order; a tie is shared."""
        values = np.stack([self.finals(name, outcome) for name in self.names])
        return won(values.astype(np.float64) * outcomes.ALL[outcome].good).tolist()

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Every other programme against the base, for every outcome."""
        found = []
        for name in self.names[1:]:
            for outcome in outcomes.ALL:
                p = self.paired(name, self.base, outcome)
                found.append(Difference(name, self.base, outcome, **asdict(p)))
        return tuple(found)

    def difference(self, name: str, outcome: str) -> Difference:
        """One programme against the base."""
        return next(d for d in self.differences if (d.scenario, d.outcome) == (name, outcome))


def compare(
    scenarios: Sequence[Scenario],
    organisation: Organisation,
    *,
    weeks: int = WEEKS,
    replicates: int = REPLICATES,
    seed: int = SEED,
    worlds: bool = True,
    rule: str = RULE,
    settings: Settings | None = None,
    by_unit: bool = False,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    run: Run = engine.run,
) -> Comparison:
    """Run ``scenarios`` (the first is the base; one alone is a plain run) on the same replicates of an organisation.

    ``worlds`` draws the uncertain parameters anew for each replicate, the same for every programme; else they hold at
    their values. Two programmes of one name are told apart by a number: ``typical``, ``typical (2)``. ``run`` stands in
    for ``engine.run``, to the same result. Raises InputError for numbers out of range, an unknown rule, units the
    organisation lacks, and results too large for the memory cap.
    """
    settings = settings or Settings()
    if not scenarios:
        raise InputError("name at least one scenario; see them all with: uptake scenarios")
    whole("weeks", weeks, 1, LAST_WEEK)
    whole("replicates", replicates, 1, MOST_REPLICATES)
    whole("seed", seed, 0, MOST_SEED)
    needed = weeks * SERIES * 4 * replicates * len(scenarios)
    if needed > settings.memory:
        raise InputError(
            f"the results of {len(scenarios)} scenarios x {replicates:,} replicates x {weeks:,} weeks need "
            f"{needed / 1e9:.1f} GB, more than {settings.memory / 1e9:.1f} GB; lower --replicates or raise --memory"
        )
    programmes = [prepare(scenario, organisation, weeks, rule) for scenario in scenarios]
    ensembles = run(
        organisation,
        programmes,
        replicates,
        seed,
        worlds=worlds,
        settings=settings,
        by_unit=by_unit,
        progress=progress,
        cancelled=cancelled,
    )
    named = dict(zip(_distinct([s.name for s in scenarios]), ensembles, strict=True))
    return Comparison(named, organisation, weeks, replicates, seed, worlds, rule)


def whole(name: str, value: int, low: int, high: int) -> None:
    """Raise InputError unless the option ``--name`` lies from ``low`` to ``high``."""
    if not low <= value <= high:
        raise InputError(f"--{name} must be a whole number from {low:,} to {high:,}, not {value:,}")


def _distinct(names: Sequence[str]) -> list[str]:
    """The names, repeated ones numbered from the second on."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found
