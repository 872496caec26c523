"""What a plan is expected to take: money and people's hours, beside the limits of a workshop where there is one."""

from __future__ import annotations

import reacton.ipyvuetify as rv
import solara

from experiments import words
from experiments.app import session
from experiments.app.plans import Plan
from experiments.app.workshops.hooks import use_price, use_workshop
from experiments.app.workshops.prices import Price
from experiments.app.workshops.rules import Terms
from experiments.compare import REPLICATES
from sim.organisation.errors import people


@solara.component
def PlanPrice(plan: Plan) -> None:
    """A line that says what the plan takes: on the terms of the page's workshop, else on those of the page."""
    work = session.work.value
    workshop = use_workshop(work.workshop)
    own = Terms(work.people, work.weeks, min(work.replicates, REPLICATES), work.seed)
    terms, code = (workshop.terms, workshop.code) if workshop else (own, "")
    answer = use_price(plan, terms, code)
    if answer.error and not answer.busy:
        solara.Error(answer.error, dense=True)
    elif (found := answer.value) is None:
        rv.Html(tag="div", class_="text-body-1 text--secondary", children=["Counting what this plan takes …"])
    else:
        with rv.Html(tag="div", class_="text-body-1" + " text--secondary" * answer.busy):
            rv.Html(tag="span", class_="font-weight-medium" + " error--text" * bool(found.over),
                    children=[_said(found)])  # fmt: skip
            if not work.present:
                rv.Html(tag="span", class_="text-body-2 text--secondary ml-2", children=[_about(found)])


def _said(found: Price) -> str:
    money, time = found.meters
    over = " and ".join(meter.excess for meter in found.over)
    said = f"Takes {money.spent} of {money.what} and {time.spent} {time.what}"
    return f"{said} in {words.counted(found.terms.weeks, 'week')}" + (f": {over}" if over else "")


def _about(found: Price) -> str:
    return (
        f"{people(found.headcount)}, mean of {words.counted(found.terms.replicates, 'plausible world')}; "
        "licences and these hours are in the money."
    )
