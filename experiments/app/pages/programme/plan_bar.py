"""The plans of a page: choose, add, name, copy, remove; what the chosen one changes; keep it and pass it on."""

from __future__ import annotations

import re
from collections.abc import Callable

import reacton.ipyvuetify as rv
import solara

from experiments.app import session
from experiments.app.components import CopyAddress, Upload
from experiments.app.fields import NameField, Refused
from experiments.app.pages.programme.plan_price import PlanPrice
from experiments.app.plans import Plan, checked_name, read
from experiments.app.sent import text_of
from experiments.app.tracks import beyond_in_words, changes, without
from experiments.app.work import Work
from experiments.figures.colours import style_of
from sim.passports import InputError
from sim.scenario import load
from sim.scenario.library import LARGEST_FILE

WRAPPED = "height: auto; min-height: 32px; white-space: normal"
"""A chip of more words than a line of a phone holds."""


@solara.component
def PlanBar() -> None:
    """All plans in a row, and the chosen one beneath."""
    work = session.work.value
    refused, set_refused = solara.use_state("")
    loading, set_loading = solara.use_state(False)

    def attempt(rule: Callable[[Work], Work]) -> None:
        try:
            session.change(rule)
            set_refused("")
        except InputError as error:
            set_refused(str(error))

    def take(made: Plan) -> None:
        set_loading(False)
        attempt(lambda now: now.adding(made))  # last: nothing moves once the plan is seen

    with rv.Card(outlined=True, class_="px-4 py-3"):
        with rv.Html(tag="div", class_="d-flex flex-wrap align-center", style_="gap: 8px"):
            for place, plan in enumerate(work.plans):
                _Choose(place, plan.name, place == work.chosen_place)
            if not work.is_full:
                solara.Button("Add a plan", icon_name="mdi-plus", text=True, classes=["text-none"],
                              on_click=lambda: attempt(lambda now: now.adding(_new(now))))  # fmt: skip
        _Chosen(work, attempt, lambda: set_loading(not loading))
        if loading:
            _Load(take, set_refused)
        Refused(refused)
        PlanPrice(work.chosen)
        _Changes(work.chosen)


@solara.component
def _Choose(place: int, name: str, chosen: bool) -> None:
    dot = rv.Icon(children=["mdi-circle"], small=True, left=True, color=style_of(place)[0])
    solara.Button(children=[dot, name], outlined=not chosen, color="primary" if chosen else None, depressed=True,
                  classes=["text-none"], style={"max-width": "100%", "overflow": "hidden"},
                  on_click=lambda: session.change(lambda work: work.choosing(place)),
                  attributes={"aria-pressed": str(chosen).lower()})  # fmt: skip


@solara.component
def _Chosen(work: Work, attempt: Callable[[Callable[[Work], Work]], None], load_or_not: Callable[[], None]) -> None:
    plan, base = work.chosen, load(work.chosen.base)
    with rv.Html(tag="div", class_="d-flex flex-wrap align-start mt-3 mb-2", style_="gap: 4px"):
        with rv.Html(tag="div", class_="mr-2", style_="flex: 1 1 240px; max-width: 440px"):
            NameField("Name of this plan", plan.name, lambda name: attempt(lambda now: now.renaming(name)),
                      outlined=True, dense=True, hide_details="auto")  # fmt: skip
        # keyed: a button that comes or goes would else, for a moment, lend its place and name to its neighbour
        if not work.is_full:
            _Action("Copy plan", "mdi-content-copy", lambda: attempt(lambda now: now.adding(now.chosen))).key("copy")
        if len(work.plans) > 1:
            _Action("Remove", "mdi-delete-outline", lambda: attempt(Work.removing)).key("remove")
        solara.FileDownload(plan.text, f"{_slug(plan.name)}.yaml", label="Save as a file",
                            children=[_Action("Save as a file", "mdi-download")]).key("save")  # fmt: skip
        _Action("Load a file", "mdi-upload", load_or_not).key("load")
        CopyAddress(label="Copy the address of all this").key("address")
    rv.Html(tag="div", class_="text-body-1", children=[f"Builds on “{base.title}”: {base.question}"])


@solara.component
def _Action(label: str, icon: str, act: Callable[[], None] | None = None) -> None:
    solara.Button(label, icon_name=icon, text=True, classes=["text-none"], on_click=act)


@solara.component
def _Load(take: Callable[[Plan], object], refuse: Callable[[str], None]) -> None:
    def received(sent: dict) -> None:
        try:
            take(read(text_of(sent, LARGEST_FILE), sent["name"]))
        except InputError as error:
            refuse(str(error))

    Upload(label="A scenario file that extends one of the library (.yaml), chosen or dropped here",
           accept=".yaml,.yml", most=LARGEST_FILE, event_received=received, event_refused=refuse)  # fmt: skip


@solara.component
def _Changes(plan: Plan) -> None:
    """What the plan changes, each to be taken back; and parameters held where nobody has seen them."""
    scenario = plan.scenario
    if found := changes(scenario, load(plan.base)):
        with rv.Html(tag="div", class_="d-flex flex-wrap mt-2", style_="gap: 8px"):
            for key, said in found.items():
                _Change(key, said).key(key)
    for warning in beyond_in_words(scenario):
        solara.Warning(warning, dense=True)


@solara.component
def _Change(key: str, said: str) -> None:
    with rv.Chip(outlined=True, color="primary", style_=WRAPPED):
        solara.Text(said)
        solara.Button(icon_name="mdi-close", icon=True, x_small=True, color="primary", classes=["ml-1"],
                      on_click=lambda: session.change(lambda work: work.with_plan(without(work.chosen, key))),
                      attributes={"aria-label": f"Take back: {said}"})  # fmt: skip


def _new(work: Work) -> Plan:
    """One more plan: the scenario that the chosen one builds on, as it stands."""
    base = load(work.chosen.base)
    return Plan(checked_name(base.title), base.name)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "plan"
