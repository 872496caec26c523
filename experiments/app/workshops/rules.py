"""A workshop's rules: teams join, name a plan within the budget, write down a guess, and only then see what happens.

planning    teams join and hand in; nobody sees another team's plan
played      all plans have been run on the same worlds; only the facilitator sees the results
revealed    everyone sees them
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from math import inf, isfinite

from experiments import outcomes, words
from experiments.analysis.ground import judged
from experiments.app.plans import Plan, checked_name, within
from experiments.app.work import People
from experiments.app.workshops.budget import meters
from experiments.compare import REPLICATES, SEED, WEEKS
from sim.passports import InputError

PLANNING, PLAYED, REVEALED = "planning", "played", "revealed"
PHASES = (PLANNING, PLAYED, REVEALED)
MOST_TEAMS = 12
LONGEST_WHY = 500
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of a code: none that is read as another."""
CODE_LENGTH = 5


COUNTED = tuple(name for name, each in outcomes.ALL.items() if each.good and name != outcomes.PAYBACK)
"""Outcomes that can rank plans: better one way, and known in every world. The week of payback is known only where there
is one: a plan that pays back early in one world, and never in all others, would be first."""


@dataclass(frozen=True)
class Terms:
    """What all teams are given: people, horizon, worlds, the outcome that counts, and the most that may be spent."""

    people: People = field(default_factory=People)
    weeks: int = WEEKS
    replicates: int = REPLICATES
    seed: int = SEED
    outcome: str = outcomes.PRIMARY
    base: str = "typical"
    budget: float = inf
    hours: float = inf


@dataclass(frozen=True)
class Team:
    """A team: ``key`` is its browser's session, '' while it may be taken up by another. ``guess`` is in the outcome's
    unit. Handed in: ``ready``."""

    name: str
    key: str
    plan: Plan | None = None
    guess: float | None = None
    why: str = ""
    ready: bool = False


@dataclass(frozen=True)
class Workshop:
    """A workshop as it stands. ``code`` brings teams in; ``key`` is the session of the facilitator's browser, '' while
    nobody leads it."""

    title: str
    code: str
    key: str
    terms: Terms = field(default_factory=Terms)
    teams: tuple[Team, ...] = ()
    phase: str = PLANNING

    def team(self, name: str) -> Team:
        """The team of that name. Raises InputError."""
        for team in self.teams:
            if team.name == name:
                return team
        raise InputError(f'no team "{name}" in this workshop')

    def team_of(self, key: str) -> Team | None:
        """The team whose browser this is."""
        return next((team for team in self.teams if _same(team.key, key)), None)

    def hides_from(self, key: str) -> bool:
        """Whether that browser may see no results as yet: what is handed in can be taken back, so that nobody but the
        facilitator sees any until all of them are revealed."""
        return self.phase != REVEALED and not self.led_by(key)

    def led_by(self, key: str) -> bool:
        """Whether that browser is the facilitator's."""
        return _same(self.key, key)

    @property
    def ready(self) -> tuple[Team, ...]:
        """The teams whose plans are handed in: those that are played."""
        return tuple(team for team in self.teams if team.ready and team.plan is not None)

    def with_team(self, team: Team) -> Workshop:
        """That team's entry replaced."""
        return replace(self, teams=tuple(team if each.name == team.name else each for each in self.teams))


def opened(title: str, terms: Terms, key: str) -> Workshop:
    """A new workshop under a code of its own; ``key`` is the facilitator's. Raises InputError."""
    return Workshop(checked_name(title, "title"), _code(), key, checked(terms))


def checked(terms: Terms) -> Terms:
    """Terms that make sense. Raises InputError."""
    if judged(terms.outcome).name not in COUNTED:
        raise InputError(f"{words.label(terms.outcome)} is unknown where nothing pays back; let “paid back” count")
    for name, most in (("budget", terms.budget), ("hours", terms.hours)):
        if not most > 0:
            raise InputError(f"the {name} must be an amount above nought, or empty for no limit")
    return terms


def checked_why(why: str) -> str:
    """The reason of a guess. Raises InputError."""
    return within(why.strip(), LONGEST_WHY, "reason")


def changed(workshop: Workshop, terms: Terms) -> Workshop:
    """Other terms: plans stay, but nobody has handed in any more."""
    _planning(workshop)
    if terms == workshop.terms:
        return workshop
    teams = tuple(replace(team, ready=False) for team in workshop.teams)
    return replace(workshop, terms=checked(terms), teams=teams)


def joined(workshop: Workshop, name: str, key: str = "") -> Workshop:
    """With a new team; or with one that was released, under the key of whoever takes it up."""
    name = checked_name(name)
    for team in workshop.teams:
        if team.name.lower() == name.lower():
            if team.key or not key:
                raise InputError(
                    f'there is a team "{team.name}" already; take another name, or ask the facilitator to release it'
                )
            return workshop.with_team(replace(team, key=key))
    _planning(workshop)
    if len(workshop.teams) >= MOST_TEAMS:
        raise InputError(f"a workshop has room for {MOST_TEAMS} teams")
    return replace(workshop, teams=(*workshop.teams, Team(name, key)))


def released(workshop: Workshop, name: str) -> Workshop:
    """A team that has left, or whose laptop failed: free to be taken up at another one."""
    return workshop.with_team(replace(workshop.team(name), key=""))


def taken_over(workshop: Workshop, key: str) -> Workshop:
    """The workshop in the hands of another facilitator's browser; teams may be taken up anew."""
    return replace(workshop, key=key, teams=tuple(replace(team, key="") for team in workshop.teams))


def drafted(workshop: Workshop, name: str, plan: Plan) -> Workshop:
    """A team's plan as it stands, not handed in."""
    team = _open(workshop, name)
    return workshop.with_team(replace(team, plan=replace(plan, name=team.name)))


def guessed(workshop: Workshop, name: str, guess: float | None, why: str) -> Workshop:
    """A team's guess as it is being written down, not handed in. Raises InputError, also for what no file can hold."""
    if guess is not None and not isfinite(guess):
        raise InputError("a guess is a number, such as 30")
    return workshop.with_team(replace(_open(workshop, name), guess=guess, why=checked_why(why)))


def handed_in(workshop: Workshop, name: str, cost: float, hours: float) -> Workshop:
    """A team's plan handed in with its guess. ``cost`` and ``hours`` are what it is expected to take.

    Raises InputError without plan or guess, for a guess that cannot be, and beyond budget or hours.
    """
    team, terms = _open(workshop, name), workshop.terms
    if team.plan is None:
        raise InputError("there is no plan yet; build one first")
    if team.guess is None:
        raise InputError(f"write down your guess first: what will {words.label(terms.outcome)} be?")
    outcome = outcomes.ALL[terms.outcome]
    if outcome.is_share and not 0 <= team.guess <= 1:
        raise InputError(f"the guess is a {outcome.unit}, from 0 to 100 %, not {team.guess * 100:g} %")
    for meter in meters(terms, cost, hours):
        if meter.over:
            raise InputError(f"this plan takes {meter.excess}; give up something")
    return workshop.with_team(replace(team, ready=True))


def taken_back(workshop: Workshop, name: str) -> Workshop:
    """A team's plan, to be changed once more."""
    _planning(workshop)
    return workshop.with_team(replace(workshop.team(name), ready=False))


def removed(workshop: Workshop, name: str) -> Workshop:
    """The workshop without a team."""
    _planning(workshop)
    gone = workshop.team(name)
    return replace(workshop, teams=tuple(team for team in workshop.teams if team is not gone))


def played(workshop: Workshop) -> Workshop:
    """All plans that were handed in are run; the results are hidden as yet."""
    _planning(workshop)
    if not workshop.ready:
        raise InputError("no team has handed in a plan yet")
    return replace(workshop, phase=PLAYED)


def shown(workshop: Workshop, revealed: bool) -> Workshop:
    """The results revealed to all, or hidden again."""
    if workshop.phase == PLANNING:
        raise InputError("there is nothing to reveal before the plans are played")
    return replace(workshop, phase=REVEALED if revealed else PLAYED)


def another_round(workshop: Workshop) -> Workshop:
    """Planning again, from the plans as they are."""
    teams = tuple(replace(team, ready=False, guess=None, why="") for team in workshop.teams)
    return replace(workshop, phase=PLANNING, teams=teams)


def _planning(workshop: Workshop) -> None:
    if workshop.phase != PLANNING:
        raise InputError("the plans of this round are played; begin another round to change them")


def _open(workshop: Workshop, name: str) -> Team:
    """A team that may still change what it hands in. Raises InputError."""
    _planning(workshop)
    team = workshop.team(name)
    if team.ready:
        raise InputError("this plan is handed in; take it back to change it")
    return team


def _same(held: str, offered: str) -> bool:
    """Whether a key is held, and this is it: compared in a time that tells nothing, whatever a browser may offer."""
    return bool(held) and secrets.compare_digest(held.encode(errors="replace"), offered.encode(errors="replace"))


def _code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
