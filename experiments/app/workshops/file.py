"""A workshop in one file: everything that must survive a reload, a crash and a journey to another laptop.

Terms, teams with plans and guesses, and the phase; an uploaded roster as people without names. Results are not in it:
they follow from it, the same ones everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from math import inf, isfinite
from typing import Any

from experiments import outcomes
from experiments.app import anonymous
from experiments.app.address import from_address, to_address
from experiments.app.plans import plan
from experiments.app.server.uploads import MOST_BYTES
from experiments.app.work import MOST_PEOPLE, Work
from experiments.app.workshops.rules import (
    CODE_LENGTH,
    LETTERS,
    MOST_TEAMS,
    PHASES,
    Team,
    Terms,
    Workshop,
    checked,
    checked_name,
    checked_why,
)
from sim.organisation import Organisation
from sim.passports import InputError
from sim.scenario import library

FORMAT = 1
LARGEST = MOST_BYTES
"""What is written can be sent to another laptop."""


def to_text(workshop: Workshop, organisation: Organisation | None) -> str:
    """The file. ``organisation``: the uploaded people it is held on, anonymous; None where they can be made anew.

    Raises InputError where it would be too large to be opened again.
    """
    terms = workshop.terms
    ground = Work(people=terms.people, weeks=terms.weeks, replicates=terms.replicates, seed=terms.seed)
    found = {
        "uptake_workshop": FORMAT,
        "title": workshop.title,
        "code": workshop.code,
        "key": workshop.key,
        "phase": workshop.phase,
        "ground": to_address(ground),
        "outcome": terms.outcome,
        "base": terms.base,
        "budget": terms.budget if isfinite(terms.budget) else None,
        "hours": terms.hours if isfinite(terms.hours) else None,
        "teams": [
            {**asdict(team), "plan": team.plan and {"base": team.plan.base, "changes": dict(team.plan.changes)}}
            for team in workshop.teams
        ],
        "people": organisation and anonymous.as_document(organisation),
    }
    return _small_enough(json.dumps(found, ensure_ascii=False, separators=(",", ":")))


def from_text(text: str) -> tuple[Workshop, Organisation | None]:
    """The workshop in a file, and the people it carries. Raises InputError and OrganisationError."""
    _small_enough(text)
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError("not the file of a workshop: it cannot be read") from None
    if not isinstance(given, dict) or given.get("uptake_workshop") != FORMAT:
        raise InputError("not the file of a workshop, or one of another version of Uptake")
    try:
        people = given["people"]
        return _workshop(given), None if people is None else anonymous.from_document(people, MOST_PEOPLE)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("the file of this workshop is damaged; take another copy") from None


def _small_enough(text: str) -> str:
    size = len(text.encode("utf-8", "replace"))
    if size > LARGEST:
        raise InputError(
            f"the file of this workshop has {size / (1 << 20):.1f} MB, and one of {LARGEST >> 20} MB at most can be "
            "opened; hold it on fewer people, or on people with fewer ties"
        )
    return text


def _workshop(given: Mapping[str, Any]) -> Workshop:
    ground = from_address(_text(given["ground"]))
    if given["outcome"] not in outcomes.ALL or given["base"] not in library() or given["phase"] not in PHASES:
        raise InputError("the file of this workshop names what this version of Uptake does not know")
    terms = Terms(
        ground.people, ground.weeks, ground.replicates, ground.seed, given["outcome"], given["base"],
        _number(given["budget"], inf), _number(given["hours"], inf),
    )  # fmt: skip
    code = _text(given["code"])
    if len(code) != CODE_LENGTH or set(code) - set(LETTERS) or len(given["teams"]) > MOST_TEAMS:
        raise InputError("the file of this workshop is damaged; take another copy")
    teams = tuple(_team(each) for each in given["teams"])
    if len({team.name.lower() for team in teams}) < len(teams):
        raise InputError("the file of this workshop has a team twice")
    title = checked_name(_text(given["title"]), "title")
    return Workshop(title, code, _text(given["key"]), checked(terms), teams, given["phase"])


def _team(given: Mapping[str, Any]) -> Team:
    name, made = checked_name(_text(given["name"])), given["plan"]
    changes = {_text(key): _text(value) for key, value in made["changes"].items()} if made else {}
    return Team(
        name,
        _text(given["key"]),
        plan(name, made["base"], changes) if made else None,
        None if given["guess"] is None else _number(given["guess"], 0.0),
        checked_why(_text(given["why"])),
        given["ready"] is True and made is not None and given["guess"] is not None,
    )


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 10_000:
        raise TypeError
    return value


def _number(value: Any, usual: float) -> float:
    number = usual if value is None else float(value)
    if number != number:
        raise ValueError
    return number
