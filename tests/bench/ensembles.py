"""Ensembles with every mechanism on: what the engine is for, so what its speed is stated in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from timing import Effort, cores, median_seconds

from sim.engine import Ensemble, run
from sim.measures import OUTCOMES
from sim.organisation import Organisation, generate
from sim.programme import Programme, prepare
from sim.scenario import load

WEEKS = 104


@dataclass(frozen=True)
class Size:
    """How much is simulated."""

    people: int
    replicates: int
    weeks: int = WEEKS

    @property
    def person_weeks(self) -> int:
        return self.people * self.replicates * self.weeks


QUICK = Size(60, 8, 16)
"""Everything else being equal, but small."""


def everything_on() -> tuple[str, list[str]]:
    """The programme that runs every mechanism: well-run, with a mandate, turnover, an incident and quarter ends."""
    return "well-run", [
        "levers.leaders.mandate=0.3",
        "levers.leaders.presence=0.2",
        "levers.circumstances.turnover=0.15",
        "levers.circumstances.quarter_end=0.5",
        "levers.circumstances.incident_week=40",
        "levers.rollout.seats=0.95",
    ]


def setting(size: Size) -> tuple[Organisation, Programme]:
    """A generated organisation, under the programme that runs every mechanism."""
    organisation = generate(size.people, seed=1)
    return organisation, prepare(load(*everything_on()), organisation, size.weeks)


def with_outcomes(organisation: Organisation, programme: Programme, replicates: int) -> Ensemble:
    """One ensemble in drawn worlds, week zero and all outcomes included: what is timed."""
    made = run(organisation, [programme], replicates, seed=1, worlds=True)[0]
    for outcome in OUTCOMES.values():
        outcome.curve(made.series)
    return made


def workload(size: Size) -> tuple[Organisation, Callable[[], object]]:
    """The organisation, and what to time on it."""
    organisation, programme = setting(size)
    return organisation, lambda: with_outcomes(organisation, programme, size.replicates)


def ensemble(size: Size, repeats: int) -> dict[str, float]:
    """The engine's speed at one size, on all cores."""
    organisation, work = workload(size)
    seconds = median_seconds(work, repeats)
    return {
        "seconds": seconds,
        "runs_per_second": size.replicates / seconds,
        "person_weeks_per_second": size.person_weeks / seconds,
        "nanoseconds_per_person_week_and_core": seconds * cores() / size.person_weeks * 1e9,
        "mean_degree": organisation.ties.count / size.people,
    }


def workshop(effort: Effort) -> dict[str, float]:
    """64 replicates of 1,000 people over two years."""
    return ensemble(QUICK if effort.quick else Size(1000, 64), effort.repeats)


def ensemble_1000(effort: Effort) -> dict[str, float]:
    """512 replicates of 1,000 people over two years."""
    return ensemble(QUICK if effort.quick else Size(1000, 512), effort.repeats)


def ensemble_10000(effort: Effort) -> dict[str, float]:
    """512 replicates of 10,000 people over two years."""
    return ensemble(QUICK if effort.quick else Size(10_000, 512), effort.repeats)
