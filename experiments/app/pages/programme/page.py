"""Page Programme: plans built from scenarios and levers, and what happens in which week."""

from __future__ import annotations

import reacton.ipyvuetify as rv
import solara

from experiments.app import organisations, session
from experiments.app.background import use_latest
from experiments.app.pages.programme.calendar import Calendar
from experiments.app.pages.programme.lever_controls import Levers
from experiments.app.pages.programme.plan_bar import WRAPPED, PlanBar
from experiments.app.pages.programme.plan_price import PlanPrice
from experiments.app.pages.programme.scenario_cards import ScenarioCards
from experiments.app.plans import Plan
from experiments.app.views import View, Views, shown
from experiments.app.work import People
from experiments.timeline import calendar, once
from sim.programme import Programme, prepare

VIEWS = (View("scenario", "Scenario", "mdi-cards-outline", for_a_room=False),
         View("levers", "Levers", "mdi-tune", for_a_room=False),
         View("timeline", "Timeline", "mdi-chart-gantt"))  # fmt: skip


@solara.component
def Page() -> None:
    """Build up to four plans."""
    if not session.work.value.present:
        PlanBar()
    Views(VIEWS)
    {"scenario": ScenarioCards, "levers": Levers, "timeline": Timeline}[shown(VIEWS).key]()


@solara.component
def Timeline() -> None:
    """The calendar of the chosen plan among the people of the page."""
    work = session.work.value
    answer = use_latest(_prepared, session.session_id(), work.people, work.chosen, work.weeks)
    if answer.error:
        solara.Error(answer.error)
    if answer.value is None:
        return
    found = answer.value
    with rv.Card(outlined=not work.present, flat=True, class_="" if work.present else "pa-4"):
        rv.Html(tag="h2", class_="text-h5", children=[f"What happens when: {found.scenario.title}"])
        if work.present:
            PlanPrice(work.chosen)
        Calendar(list(calendar(found)), found.weeks, work.present)
        if (decided := once(found)) and not work.present:
            rv.Html(tag="h3", class_="text-h6 mt-4 mb-2", children=["Decided once, at the start"])
            with rv.Html(tag="div", class_="d-flex flex-wrap", style_="gap: 8px"):
                for said in decided:
                    rv.Chip(children=[said], outlined=True, style_=WRAPPED)


def _prepared(session_id: str, wanted: People, plan: Plan, weeks: int) -> Programme:
    return prepare(plan.scenario, organisations.of(session_id, wanted), weeks)
