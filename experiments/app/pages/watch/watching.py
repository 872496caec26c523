"""What is watched: one run kept whole, and the text that a browser plays it from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments import following, story, words
from experiments.app import organisations, orgchart
from experiments.app.plans import Plan
from experiments.app.work import People
from experiments.compare import RULE
from experiments.figures.marks import Line
from experiments.figures.replay import curves
from experiments.figures.styles import STAGES
from experiments.watch import Cancelled, Progress
from sim.mechanisms.trying import TERMS
from sim.organisation import Role
from sim.people import Stage, Status
from sim.programme import prepare
from sim.replay import Replay, replay, terms

SIMULATED = "Simulated: these states come from the model and say nothing about any real person in this place."


@dataclass(frozen=True, eq=False)
class Watched:
    """A run, the chart of its people (``orgchart.text``), and ``played``: all its weeks for the browser."""

    found: Replay
    people: str
    played: str


@dataclass(frozen=True)
class Person:
    """Someone in a week of a run, in words: never an id, and a title only where the organisation has one."""

    who: str
    stage: str
    did: str
    why: str
    trust: float
    resistance: float
    story: tuple[story.Event, ...]


def watch(
    session: str, people: People, plan: Plan, weeks: int, seed: int, world: int,
    progress: Progress | None = None, cancelled: Cancelled | None = None,
) -> Watched:  # fmt: skip
    """Run one world of a plan. Raises InputError and OrganisationError; KeyboardInterrupt when cancelled."""
    organisation = organisations.of(session, people)
    programme = prepare(plan.scenario, organisation, weeks, RULE)
    found = replay(organisation, programme, seed=seed, replicate=world, progress=progress, cancelled=cancelled)
    return Watched(found, orgchart.text(organisation), played(found))


def played(found: Replay) -> str:
    """All weeks as one text: a character a person and week for the stage, and the curves."""
    (panel,) = curves(found).panels
    return json.dumps(
        {
            "weeks": found.weeks,
            "stages": (found.stage + np.uint8(orgchart.FIRST)).tobytes().decode("ascii"),
            "keys": [{"code": int(stage), "name": name, "colour": colour} for stage, name, colour in STAGES],
            "curves": [
                {"label": line.label, "colour": line.colour, "dash": line.dash, "values": line.y.round(2).tolist()}
                for line in panel.marks
                if isinstance(line, Line)
            ],
            "axis": panel.y.label,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def events(found: Replay | None) -> str:
    """What happened, as text for the browser. Its causes take longer than the run, so that they come after it."""
    told = [] if found is None else story.events(found)
    return json.dumps([{"week": event.week, "text": event.text, "unit": event.unit} for event in told])


def person(found: Replay, row: int, week: int) -> Person:
    """Someone's state and story at the end of a week, and why they chose as they did in it."""
    organisation, status = found.organisation, int(found.status[week, row])
    title = "" if organisation.title is None else str(organisation.title[row])
    role = words.spaced(Role(int(organisation.role[row])).label)
    facts = {
        name: np.array([bool(status & flag)])
        for name, flag in (("used", Status.ACTIVE), ("succeeded", Status.SUCCEEDED), ("complied", Status.COMPLIED))
    }
    return Person(
        f"{title or role.capitalize()}, {organisation.unit_names[organisation.unit[row]]}",
        next(name for stage, name, _ in STAGES if stage == Stage(int(found.stage[week, row]))),
        following.happened(facts, 0) or "did not use it",
        _why(found, row, week) if status & Status.ACCESS else "",
        float(found.trust[week, row]),
        float(found.resistance[week, row]),
        tuple(event for event in story.person(found, row) if event.week <= week),
    )


def _why(found: Replay, row: int, week: int) -> str:
    """The largest terms of the week's choice, from the same run again."""
    spoke = terms(found, {week: np.array([row])})[week]
    values: dict[str, Any] = {name: spoke[:, place] for place, name in enumerate(TERMS)}
    return following.reasons(values, 0)
