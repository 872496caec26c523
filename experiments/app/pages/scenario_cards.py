"""The library of change programmes as cards: what each asks; one of them is what a plan builds on."""

from __future__ import annotations

from dataclasses import replace

import reacton.ipyvuetify as rv
import solara

from experiments.app import session
from experiments.app.plans import Plan, checked_name
from sim.scenario import Scenario, library, load


@solara.component
def ScenarioCards() -> None:
    """Choose what the chosen plan builds on."""
    wanted, set_wanted = solara.use_state("")
    plan = session.work.value.chosen
    scenarios = [load(name) for name in library()]
    shown = [scenario for scenario in scenarios if _fits(scenario, wanted)]
    rv.TextField(label="Find by a word, such as champions or managers", v_model=wanted, on_v_model=set_wanted,
                 clearable=True, outlined=True, dense=True, hide_details=True, prepend_inner_icon="mdi-magnify",
                 class_="mb-4", style_="max-width: 480px")  # fmt: skip
    if not shown:
        solara.Text("No scenario has this word in its title or question.")
    with rv.Row():
        for scenario in shown:
            with rv.Col(cols=12, sm=6, md=4).key(scenario.name):
                _Card(scenario, scenario.name == plan.base)


@solara.component
def _Card(scenario: Scenario, chosen: bool) -> None:
    edge = "border: 2px solid currentColor" if chosen else ""
    with rv.Card(outlined=True, class_="pa-4 fill-height d-flex flex-column", style_=edge):
        rv.Html(tag="h3", class_="text-h6", children=[scenario.title])
        rv.Html(tag="p", class_="text-body-1 my-2 flex-grow-1", children=[scenario.question])
        if chosen:
            with rv.Html(tag="div", class_="primary--text font-weight-medium py-1"):
                rv.Icon(children=["mdi-check"], color="primary", class_="mr-1")
                solara.Text("This plan builds on it")
        else:
            solara.Button("Build on this", outlined=True, color="primary", classes=["text-none", "align-self-start"],
                          on_click=lambda: _build_on(scenario),
                          attributes={"aria-label": f"Build on {scenario.title}"})  # fmt: skip


def _build_on(scenario: Scenario) -> None:
    """The chosen plan on another scenario: changes stay, and a name that was the scenario's goes along."""

    def moved(plan: Plan) -> Plan:
        named = plan.name in (plan.base, load(plan.base).title)
        return replace(plan, base=scenario.name, name=checked_name(scenario.title) if named else plan.name)

    session.change(lambda work: work.with_plan(moved(work.chosen)))


def _fits(scenario: Scenario, wanted: str | None) -> bool:
    text = f"{scenario.name} {scenario.title} {scenario.question}".casefold()
    return all(word in text for word in (wanted or "").casefold().split())
