"""One lever of one programme to be turned while everything else is seen."""

from __future__ import annotations

from dataclasses import replace

import reacton.ipyvuetify as rv
import solara

from experiments.app import session
from experiments.app.components import PlanSelect
from experiments.app.pages.programme.lever_fields import LeverSlider, use_put
from experiments.app.work import Work
from experiments.lever_words import measured, named, spoken
from experiments.library import limits
from sim.passports import levers
from sim.scenario import load

QUICK = ("managers.inspection", "environment.reward_quality", "training.task_focus", "champions.one_per",
         "leaders.modelling", "managers.resistant_share")  # fmt: skip
"""Levers offered first: those that are asked about most."""


@solara.component
def Turn(work: Work) -> None:
    """Which plan, which lever, and its slider."""
    key = work.lever or QUICK[0]
    order = [*QUICK, *(lever for lever in levers() if lever not in QUICK)]
    with rv.Html(tag="div"):
        PlanSelect(class_="mt-2")
        rv.Select(label="Lever", items=[{"text": named(each), "value": each} for each in order], v_model=key,
                  dense=True, hide_details=True, class_="mt-4 mb-3",
                  on_v_model=lambda wanted: session.change(lambda w: replace(w, lever=wanted)))  # fmt: skip
        _Turned(key, work).key(key)


@solara.component
def _Turned(key: str, work: Work) -> None:
    """The lever's value in words, the slider, the way back, and what the lever is."""
    put, refused = use_put(key)
    plan, lever = work.chosen, levers()[key]
    track, base = plan.scenario.lever(key), load(plan.base).lever(key)
    with rv.Html(tag="div", class_="d-flex align-center", style_="min-height: 32px"):
        rv.Html(tag="span", class_="text-h6 primary--text mr-2", children=[spoken(key, track.value)])
        rv.Html(tag="span", class_="text-body-2", children=[measured(key)])
        rv.Spacer()
        if track != base:
            was = spoken(key, base.value)
            solara.Button(f"{was} in {plan.base}", icon_name="mdi-undo", text=True, small=True,
                          on_click=lambda: put(lambda _: base),
                          attributes={"aria-label": f"Reset {named(key)} to {was}, as in {plan.base}"})  # fmt: skip
    LeverSlider(key, named(key), track, base, work.weeks, put)
    said = limits(track)
    rv.Html(tag="div", class_="text-body-2", children=[lever.meaning + (f" Here {said}." if said else "")])
    if refused:
        solara.Error(refused, dense=True)
