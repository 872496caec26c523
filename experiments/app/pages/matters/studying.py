"""What matters for a programme among its people: a map of two levers, and a tornado of many; and what each will take.

One of these runs at a time, on all cores but one: pages that compare stay quick meanwhile.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from experiments import outcomes, words
from experiments.analysis import sensitivity_study
from experiments.analysis.ground import Ground
from experiments.analysis.scales import chosen, scale
from experiments.analysis.sensitivity_derived import Asked
from experiments.analysis.sensitivity_study import Told
from experiments.analysis.tipping import Tipping, tipping
from experiments.app import locks
from experiments.app.plans import Plan
from experiments.app.server.scratch import SCRATCH
from experiments.app.work import People
from experiments.paired import share_half_width
from experiments.sweeps.factors import factor_of
from experiments.sweeps.studies import load
from experiments.sweeps.study import Factor, Place, Study
from experiments.sweeps.sweep import Threads
from experiments.watch import Cancelled, Progress
from sim.organisation import Organisation
from sim.passports import levers, parameters
from sim.scenario.nodes import At
from sim.sizing import Settings

ACROSS, UP = "managers.inspection", "environment.reward_quality"
"""The levers of a map that nobody has chosen yet."""
STEPS = 9
"""Values of each lever in a map."""
FEW, MANY, PLAN, NONE = "few", "many", "plan", "none"
VARIED = {
    FEW: "Levers that are asked about most",
    PLAN: "What this programme sets",
    MANY: "Every lever of a programme",
    NONE: "No lever, only what nobody has measured",
}
"""Which levers of a tornado vary; the others are as the programme has them."""
TRAJECTORIES, BASE, KEEP, REPLICATES = 8, 64, 8, 16
"""Sizes of a tornado that a room can wait for: wide intervals where it is close, and the sentences say so."""
TRIES, ENOUGH = 5, 1.0
"""Points of a map that are run to see how long one takes, and seconds after which no more are: another page may hold
the cores for a moment."""
PEOPLE = "these people"
"""The label of the page's organisation in a study: a roster's own name stays out of files."""


@dataclass(frozen=True)
class Setting:
    """What is asked about: a plan among people."""

    people: People
    plan: Plan
    weeks: int
    seed: int
    outcome: str


@dataclass(frozen=True)
class Map:
    """A map of two levers by key; ``replicates`` at each point."""

    of: Setting
    across: str
    up: str
    replicates: int


@dataclass(frozen=True)
class Tornado:
    """A tornado of the levers that ``VARIED`` names; ``unknown``: parameters that nobody has measured vary as well."""

    of: Setting
    varied: str
    unknown: bool


def shares() -> list[str]:
    """Outcomes that a page offers to judge by: shares, with a good direction."""
    return [key for key, outcome in outcomes.ALL.items() if outcome.is_share and outcome.good]


def numeric() -> list[str]:
    """Levers that make an axis."""
    return [key for key, lever in levers().items() if not lever.choices]


def unmeasured() -> int:
    """How many parameters are drawn for each world."""
    return sum(passport.drawn for passport in parameters().values())


def mapped(asked: Map, organisation: Organisation, progress: Progress, cancelled: Cancelled) -> Tipping:
    """The map that ``uptake tipping`` makes. Raises InputError; KeyboardInterrupt when cancelled."""
    across, up = (scale(key, asked.of.weeks, STEPS) for key in (asked.across, asked.up))
    success = None if outcomes.ALL[asked.of.outcome].unit == "share of all people" else 0.5
    with locks.turn(locks.LONG, cancelled):
        return tipping(
            _ground(asked, organisation), asked.of.plan.scenario, across, up, outcome=asked.of.outcome,
            success=success, replicates=asked.replicates, progress=progress, cancelled=cancelled,
        )  # fmt: skip


def map_seconds(asked: Map, organisation: Organisation) -> float:
    """About how long a map takes, from one of its points."""
    across, up = (len(scale(key, asked.of.weeks, STEPS).values) for key in (asked.across, asked.up))
    ground, scenario = _ground(asked, organisation), asked.of.plan.scenario
    took: list[float] = []
    while (len(took) < TRIES and sum(took) < ENOUGH) or len(took) < 2:
        began = time.monotonic()
        ground.finals([scenario], asked.replicates, [asked.of.outcome])
        took.append(time.monotonic() - began)
    return min(took[1:]) * across * up  # the first loads what the others find loaded


def promise(asked: Map | Tornado) -> list[str]:
    """What will be found, and how to read it."""
    if isinstance(asked, Map):
        return [
            "Two levers are turned through their whole ranges; at each pair of values the programme runs in the same "
            f"{words.counted(asked.replicates, 'plausible world')}. The map shows in how many of them it succeeds.",
            "Read the line: on one side of it most worlds succeed, on the other most fail. Where it is steep, a small "
            "step decides. What counts as success can be turned afterwards, at once.",
        ]
    return [
        "Many levers are turned at once, each over its whole range, the rest of the programme as it is. The picture "
        "ranks them: the longer a bar, the further that lever moves the result.",
        "Read the intervals too: where two overlap, the levers cannot be told apart. What no lever explains is chance.",
    ]


def doubt(found: Tipping) -> str:
    """How far chance may move a share on the map, in a sentence."""
    half = share_half_width(0.5, found.replicates)
    return (
        f"Chance: a point holds {words.counted(found.replicates, 'world')}, so a share near one half is known to "
        f"{half * 100:.0f} percentage points either way. All share the same worlds, so neighbours differ by less."
    )


def tornado(asked: Tornado, organisation: Organisation, progress: Progress, cancelled: Cancelled) -> Told:
    """What ``uptake sensitivity`` finds. Raises InputError; KeyboardInterrupt when cancelled. Leaves nothing behind."""
    with locks.turn(locks.LONG, cancelled), TemporaryDirectory(dir=SCRATCH.name) as folder:
        sensitivity_study.carry_out(
            _asked(asked), Path(folder), lambda plan, job: Threads(plan, job, _hands(), cancelled),
            progress=progress, people={PEOPLE: organisation},
        )  # fmt: skip
        return sensitivity_study.of_folder(folder)


def tornado_seconds(asked: Tornado, organisation: Organisation) -> float:
    """About how long a tornado takes, from a few of its points."""
    return sensitivity_study.seconds(_asked(asked), _hands(), {PEOPLE: organisation})


def of_worlds(asked: Tornado) -> str:
    """Which worlds a tornado is of, in a sentence."""
    if asked.unknown or asked.varied == NONE:
        return f"The {unmeasured()} numbers that nobody has measured were varied over their plausible ranges as well."
    return f"Of one world: the {unmeasured()} numbers that nobody has measured were held at their usual values."


def _asked(asked: Tornado) -> Asked:
    of = asked.of
    changes = tuple(f"{key}={value}" for key, value in of.plan.changes.items())
    study = Study(
        of.plan.name, "", (of.plan.base,), (Place(PEOPLE),), _factors(asked), "morris",
        worlds=asked.unknown or asked.varied == NONE, replicates=REPLICATES, seeds=(of.seed,), weeks=of.weeks,
        outcomes=(of.outcome,), at=(of.weeks,), trajectories=TRAJECTORIES, base=BASE, overrides=changes,
    )  # fmt: skip
    return Asked(study, keep=KEEP)


def _factors(asked: Tornado) -> tuple[Factor, ...]:
    pulled = chosen(())
    keys = {
        FEW: lambda: load("quick").inputs,
        PLAN: lambda: [key for key in asked.of.plan.scenario.levers if key in pulled],
        MANY: lambda: pulled,
        NONE: list,
    }[asked.varied]()
    return tuple(factor_of(key, None, At("levers")) for key in keys)


def _ground(asked: Map, organisation: Organisation) -> Ground:
    return Ground(organisation, asked.of.weeks, asked.of.seed, settings=Settings(threads=_hands()))


def _hands() -> int:
    return max(1, Settings().resolved_threads() - 1)
