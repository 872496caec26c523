"""The library of change programmes as cards: what each asks; one of them is what a plan builds on."""

from __future__ import annotations

from dataclasses import replace

import reacton.ipyvuetify as rv
import solara

from experiments.app import session
from experiments.app.pages.programme.themes import changed, shelves
from experiments.app.plans import Plan, checked_name
from sim.scenario import Scenario, load


@solara.component
def ScenarioCards() -> None:
    """Choose what the chosen plan builds on."""
    wanted, set_wanted = solara.use_state("")
    base = session.work.value.chosen.base
    shown = {head: [each for each in members if _fits(each, head, wanted)] for head, members in shelves().items()}
    with rv.Html(tag="div"):
        rv.TextField(label="Find by a word, such as champions or managers", v_model=wanted, on_v_model=set_wanted,
                     clearable=True, outlined=True, dense=True, hide_details=True, prepend_inner_icon="mdi-magnify",
                     style_="float: right; width: min(100%, 420px)")  # fmt: skip
        for head, members in shown.items():
            if members:
                _Shelf(head, members, base).key(head)
        if not any(shown.values()):
            solara.Text("No scenario has this word in its title, its question or what it changes.")


@solara.component
def _Shelf(head: str, members: list[Scenario], base: str) -> None:
    with rv.Html(tag="section", class_="mb-4"):
        rv.Html(tag="h2", class_="text-h6 py-1", children=[head])
        with rv.Row(dense=True, style_="clear: both"):
            for scenario in members:
                with rv.Col(cols=12, sm=6, md=4).key(scenario.name):
                    _Card(scenario, scenario.name == base)


@solara.component
def _Card(scenario: Scenario, chosen: bool) -> None:
    edge = "border: 2px solid currentColor" if chosen else ""
    with rv.Card(outlined=True, class_="px-4 py-3 fill-height d-flex flex-column", style_=edge):
        rv.Html(tag="h3", class_="text-h6", children=[scenario.title])
        rv.Html(tag="p", class_="text-body-1 my-1", children=[scenario.question])
        rv.Html(tag="p", class_="text-body-2 text--secondary mb-2 flex-grow-1", children=[changed(scenario.name)])
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


def _fits(scenario: Scenario, head: str, wanted: str | None) -> bool:
    said = (scenario.name, scenario.title, scenario.question, head, changed(scenario.name))
    return all(word in " ".join(said).casefold() for word in (wanted or "").casefold().split())
