"""The results of a workshop: all plans on the same worlds, ranked; guesses against results; what made the difference.

Every number is that of ``uptake compare BASE PLAN...`` on the same organisation, seed, weeks and replicates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from experiments import outcomes
from experiments.app.plans import Plan
from experiments.app.runs import RUNS, sized
from experiments.app.tracks import changes, without
from experiments.app.workshops.budget import fits
from experiments.app.workshops.rules import Team, Terms, Workshop
from experiments.compare import Comparison, compare
from experiments.outcomes import COST, HOURS
from experiments.paired import Paired, Spread, paired, won
from experiments.watch import Cancelled, Progress
from sim.organisation import Organisation
from sim.passports import InputError
from sim.scenario import Scenario, load
from sim.sizing import Settings


@dataclass(frozen=True)
class Standing:
    """How a team fared. ``rank`` from 1 among plans within the limits, shared by equals; None beyond them.

    ``miss``: guess less result. ``won``: share of worlds in which this plan is the best of those within the limits
    (ties are shared).
    """

    team: Team
    rank: int | None
    reached: Spread
    against_base: Paired
    cost: float
    hours: float
    miss: float | None
    won: float


@dataclass(frozen=True)
class Cause:
    """One change of a plan, in words, and what the outcome loses on the same worlds when it alone is taken back."""

    key: str
    said: str
    effect: Paired


@dataclass(frozen=True, eq=False)
class Results:
    """A played round. ``comparison`` has the base first, then the teams in the order of the workshop, by the names
    that ``compare`` gives them; ``causes`` by team, the strongest first."""

    comparison: Comparison
    standings: tuple[Standing, ...]
    causes: Mapping[str, tuple[Cause, ...]]


def price(
    made: Plan, terms: Terms, organisation: Organisation, cancelled: Cancelled | None = None
) -> tuple[float, float]:
    """Expected money and hours of a plan."""
    run = _run([made.scenario], terms, organisation, cancelled=cancelled)
    return _expected(run, run.base)


def play(
    workshop: Workshop,
    organisation: Organisation,
    *,
    settings: Settings | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Results:
    """Run every plan that was handed in. Raises InputError where there is none."""
    teams, terms = workshop.ready, workshop.terms
    if not teams:
        raise InputError("no team has handed in a plan yet")
    plans = [replace(team.plan, name=team.name) for team in teams if team.plan is not None]
    run = _run([load(terms.base), *(made.scenario for made in plans)], terms, organisation, settings, cancelled)
    good = outcomes.ALL[terms.outcome].good
    causes: dict[str, list[Cause]] = {team.name: [] for team in teams}
    taken_back = [
        (name, made, key, said)
        for name, made in zip(run.names[1:], plans, strict=True)
        for key, said in changes(made.scenario, load(made.base)).items()
    ]
    for place, (name, made, key, said) in enumerate(taken_back):
        if cancelled is not None and cancelled():
            raise KeyboardInterrupt
        lacking = _run([without(made, key).scenario], terms, organisation, settings, cancelled)
        effect = paired(run.finals(name, terms.outcome), lacking.finals(lacking.base, terms.outcome), good)
        causes[made.name].append(Cause(key, said, effect))
        if progress is not None:
            progress((place + 1) / len(taken_back))
    strongest = {name: tuple(sorted(found, key=lambda c: -abs(c.effect.mean or 0.0))) for name, found in causes.items()}
    return Results(run, _ranked(run, teams, terms), strongest)


def _run(
    scenarios: list[Scenario],
    terms: Terms,
    organisation: Organisation,
    settings: Settings | None = None,
    cancelled: Cancelled | None = None,
) -> Comparison:
    """Programmes on the workshop's worlds; what teams share, and what an earlier round ran, is not run again."""
    return compare(
        scenarios,
        organisation,
        weeks=terms.weeks,
        replicates=terms.replicates,
        seed=terms.seed,
        settings=settings or sized(organisation),
        cancelled=cancelled,
        run=RUNS.run,
    )


def _ranked(run: Comparison, teams: Sequence[Team], terms: Terms) -> tuple[Standing, ...]:
    """Within the limits first, best first; beyond them last."""
    good = outcomes.ALL[terms.outcome].good
    found = []
    for team, name in zip(teams, run.names[1:], strict=True):
        reached, against = run.at_end[name][terms.outcome], run.paired(name, run.base, terms.outcome)
        miss = None if team.guess is None or reached.mean is None else team.guess - reached.mean
        found.append((name, Standing(team, None, reached, against, *_expected(run, name), miss, 0.0)))

    def worth(standing: Standing) -> float:
        return -np.inf if standing.reached.mean is None else standing.reached.mean * good

    within = [(name, s) for name, s in found if fits(terms, s.cost, s.hours)]
    values = [run.finals(name, terms.outcome).astype(np.float64) * good for name, _ in within]
    shares = won(np.stack(values)).tolist() if values else []
    scored = [replace(standing, won=share) for (_, standing), share in zip(within, shares, strict=True)]
    scored.sort(key=lambda s: (-worth(s), s.team.name))
    worths = [worth(standing) for standing in scored]
    ranked = [replace(standing, rank=1 + worths.index(worth(standing))) for standing in scored]
    dear = [standing for _, standing in found if not fits(terms, standing.cost, standing.hours)]
    return (*ranked, *sorted(dear, key=lambda s: (-worth(s), s.team.name)))


def _expected(run: Comparison, name: str) -> tuple[float, float]:
    return float(run.finals(name, COST).mean()), float(run.finals(name, HOURS).mean())
