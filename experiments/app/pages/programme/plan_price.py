"""What a plan is expected to take: money and people's hours, beside the limits of a workshop where there is one."""

from __future__ import annotations

from dataclasses import dataclass

import reacton.ipyvuetify as rv
import solara

from experiments import words
from experiments.app import locks, organisations, session
from experiments.app.background import use_latest
from experiments.app.plans import Plan
from experiments.app.workshops import rooms
from experiments.app.workshops.budget import fits, meters
from experiments.app.workshops.rules import Terms
from experiments.app.workshops.shelf import shelf
from experiments.app.workshops.standings import price
from experiments.compare import REPLICATES


@dataclass(frozen=True)
class Taken:
    """Expected ``money`` and ``hours`` under ``terms``, for ``headcount`` people."""

    money: float
    hours: float
    terms: Terms
    headcount: int


@solara.component
def Price(plan: Plan) -> None:
    """A line that says what the plan takes: on the terms of the page's workshop, else on those of the page."""
    work = session.work.value
    workshop = rooms.use_workshop(work.workshop)
    terms = Terms(work.people, work.weeks, min(work.replicates, REPLICATES), work.seed)
    asked = (session.session_id(), work.workshop if workshop else "", workshop.terms if workshop else terms, plan)
    answer = use_latest(_taken, *asked)
    fresh = answer.asked == asked
    if answer.error and fresh:
        solara.Error(answer.error, dense=True)
    elif (found := answer.value) is None:
        rv.Html(tag="div", class_="text-body-1 text--secondary", children=["Counting what this plan takes …"])
    else:
        over = not fits(found.terms, found.money, found.hours)
        with rv.Html(tag="div", class_="text-body-1" + " text--secondary" * (not fresh)):
            rv.Html(tag="span", class_="font-weight-medium" + " error--text" * over, children=[_said(found)])
            if not work.present:
                rv.Html(tag="span", class_="text-body-2 text--secondary ml-2", children=[_about(found)])


def _taken(session_id: str, code: str, terms: Terms, plan: Plan) -> Taken:
    """Run it. Raises InputError and OrganisationError."""
    at = rooms.people(shelf().get(code)) if code else organisations.of(session_id, terms.people)
    with locks.ENGINE:
        return Taken(*price(plan, terms, at), terms, at.headcount)


def _said(found: Taken) -> str:
    money, time = meters(found.terms, found.money, found.hours)
    over = [meter.excess for meter in (money, time) if meter.over]
    said = f"Takes {money.spent} of {money.what} and {time.spent} {time.what}"
    return f"{said} in {words.counted(found.terms.weeks, 'week')}" + (f": {' and '.join(over)}" if over else "")


def _about(found: Taken) -> str:
    return (
        f"{found.headcount:,} people, mean of {words.counted(found.terms.replicates, 'plausible world')}; "
        "licences and these hours are in the money."
    )
