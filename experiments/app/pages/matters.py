"""Page *What matters*: where success flips between two levers, and which of many levers decide it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import reacton.ipyvuetify as rv
import solara

from experiments import words
from experiments.app import session, studying
from experiments.app.background import use_job
from experiments.app.pages.matters_found import Decided, Tipped
from experiments.app.pages.matters_running import Running
from experiments.app.studying import ACROSS, FEW, UP, VARIED, Map, Setting, Tornado
from experiments.app.views import View, Views, shown
from experiments.app.work import Work
from experiments.lever_words import named
from experiments.outcomes import PRIMARY

VIEWS = (View("flips", "Where it flips", "mdi-grid"), View("decides", "What decides", "mdi-sort-variant"))
outcome = solara.reactive(PRIMARY)
across, up = solara.reactive(ACROSS), solara.reactive(UP)
varied, unknown = solara.reactive(FEW), solara.reactive(False)
maps: solara.Reactive[tuple[Map, Any] | None] = solara.reactive(None)
tornados: solara.Reactive[tuple[Tornado, Any] | None] = solara.reactive(None)
"""What was found last, with what had been asked: it outlasts a visit to another page."""


@solara.component
def Page() -> None:
    """Both questions; what runs for one goes on while the other is looked at."""
    work = session.work.value
    map_job, tornado_job = use_job(), use_job()
    _keep(maps, map_job.answer.value)
    _keep(tornados, tornado_job.answer.value)
    setting = Setting(work.people, work.chosen, work.weeks, work.seed, outcome.value)
    _About(work)
    Views(VIEWS)
    if shown(VIEWS).key == "flips":
        asked = Map(setting, across.value, up.value, work.replicates)
        with rv.Card(outlined=True, class_="mt-1"), rv.CardText():
            with rv.Row():
                _Choice("Lever across", studying.numeric(), across)
                _Choice("Lever up", studying.numeric(), up)
                _Choice("What is looked at", studying.shares(), outcome, words.label)
            Running(map_job, asked, studying.mapped, studying.map_seconds)
        if maps.value is not None:
            Tipped(maps.value, asked)
    else:
        wanted = Tornado(setting, varied.value, unknown.value)
        with rv.Card(outlined=True, class_="mt-1"), rv.CardText():
            with rv.Row():
                _Choice("What varies", list(VARIED), varied, VARIED.__getitem__)
                with rv.Col(cols=12, md=4, class_="py-1"):
                    rv.Switch(
                        label=f"And {studying.unmeasured()} numbers that nobody has measured", hide_details=True,
                        v_model=unknown.value or varied.value == studying.NONE, on_v_model=unknown.set,
                        disabled=varied.value == studying.NONE, class_="mt-2",
                    )  # fmt: skip
                _Choice("What is looked at", studying.shares(), outcome, words.label)
            Running(tornado_job, wanted, studying.tornado, studying.tornado_seconds)
        if tornados.value is not None:
            Decided(tornados.value, wanted)


@solara.component
def _Choice(label: str, keys: list[str], chosen: solara.Reactive[str], spoken: Callable[[str], str] = named) -> None:
    items = [{"text": spoken(key), "value": key} for key in keys]
    with rv.Col(cols=12, md=4, class_="py-1"):
        rv.Select(label=label, items=items, v_model=chosen.value, on_v_model=chosen.set, hide_details=True)


@solara.component
def _About(work: Work) -> None:
    """Which of the programmes, on which ground."""
    names = [{"text": plan.name, "value": place} for place, plan in enumerate(work.plans)]
    with rv.Html(tag="div", class_="d-flex flex-wrap align-center mb-2", style_="gap: 8px 16px"):
        with rv.Html(tag="div", style_="flex: 0 1 320px"):
            rv.Select(
                label="Programme",
                items=names,
                v_model=work.plan,
                on_v_model=lambda place: session.change(lambda now: replace(now, plan=place)),
                hide_details=True,
            )
        rv.Html(
            tag="span",
            class_="text-body-1 text--secondary pt-3",
            children=[f"over {words.counted(work.weeks, 'week')}; people, weeks and seed are those of the other pages"],
        )


def _keep(kept: solara.Reactive[Any], value: Any) -> None:
    solara.use_effect(lambda: kept.set(value) if value is not None else None, [value])
