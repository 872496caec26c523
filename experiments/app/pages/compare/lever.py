"""One lever of one programme to be turned while everything else is seen."""

from __future__ import annotations

from dataclasses import replace

import reacton.ipyvuetify as rv
import solara

from experiments.app import session
from experiments.app.background import BAD_INPUT
from experiments.app.tracks import rungs, with_track
from experiments.app.work import Work
from experiments.lever_words import measured, named, spoken
from experiments.library import limits
from sim.passports import levers
from sim.scenario import Track, load

QUICK = ("managers.inspection", "environment.reward_quality", "training.task_focus", "champions.one_per",
         "leaders.modelling", "managers.resistant_share")  # fmt: skip
"""Levers offered first: those that are asked about most."""


@solara.component
def Turn(work: Work) -> None:
    """Which programme, which lever, and its slider."""
    key = work.lever or QUICK[0]
    names = [{"text": plan.name, "value": place} for place, plan in enumerate(work.plans)]
    order = [*QUICK, *(lever for lever in levers() if lever not in QUICK)]
    with rv.Html(tag="div"):
        rv.Select(label="Programme", items=names, v_model=work.plan, dense=True, hide_details=True, class_="mt-2",
                  on_v_model=lambda place: session.change(lambda w: replace(w, plan=place)))  # fmt: skip
        rv.Select(label="Lever", items=[{"text": named(each), "value": each} for each in order], v_model=key,
                  dense=True, hide_details=True, class_="mt-4 mb-3",
                  on_v_model=lambda wanted: session.change(lambda w: replace(w, lever=wanted)))  # fmt: skip
        _Slider(key, work)


@solara.component
def _Slider(key: str, work: Work) -> None:
    """The lever's value in words, the slider, the way back, and what the lever is."""
    refused, set_refused = solara.use_state("")
    plan, lever = work.chosen, levers()[key]
    track, base = plan.scenario.lever(key), load(plan.base).lever(key)
    values = rungs(key, work.weeks, track.value, base.value)

    def put(wanted: Track) -> None:
        try:
            session.change(lambda w: w.with_plan(with_track(w.chosen, key, wanted)))
            set_refused("")
        except BAD_INPUT as error:
            set_refused(str(error))

    with rv.Html(tag="div", class_="d-flex align-center", style_="min-height: 32px"):
        rv.Html(tag="span", class_="text-h6 primary--text mr-2", children=[spoken(key, track.value)])
        rv.Html(tag="span", class_="text-body-2", children=[measured(key)])
        rv.Spacer()
        if track != base:
            was = spoken(key, base.value)
            solara.Button(f"{was} in {plan.base}", icon_name="mdi-undo", text=True, small=True,
                          on_click=lambda: put(base),
                          attributes={"aria-label": f"Reset {named(key)} to {was}, as in {plan.base}"})  # fmt: skip
    rv.Slider(v_model=values.index(track.value), min=0, max=len(values) - 1, step=1, hide_details=True,
              on_v_model=lambda place: put(replace(track, value=values[int(place)])),
              attributes={"aria-label": f"{named(key)}, {lever.unit}"})  # fmt: skip
    said = limits(track)
    rv.Html(tag="div", class_="text-body-2", children=[lever.meaning + (f" Here {said}." if said else "")])
    if refused:
        solara.Error(refused, dense=True)
