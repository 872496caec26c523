"""Page *What matters*: where success flips between two levers, and which of many levers decide it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reacton.ipyvuetify as rv
import solara

from experiments import words
from experiments.app import session
from experiments.app.background import Job, use_job
from experiments.app.components import PlanSelect
from experiments.app.pages.beside import Beside, said, seen, turned
from experiments.app.pages.matters import studying
from experiments.app.pages.matters.found import Decided, Level, Sentences, Tipped, first_of
from experiments.app.pages.matters.running import Running
from experiments.app.pages.matters.studying import ACROSS, FEW, UP, VARIED, Map, Setting, Tornado
from experiments.app.views import View, Views, shown
from experiments.lever_words import named
from experiments.outcomes import PRIMARY

outcome = solara.reactive(PRIMARY)
across, up = solara.reactive(ACROSS), solara.reactive(UP)
varied, unknown = solara.reactive(FEW), solara.reactive(False)
maps: solara.Reactive[tuple[Map, Any] | None] = solara.reactive(None)
tornados: solara.Reactive[tuple[Tornado, Any] | None] = solara.reactive(None)
"""What was found last, with what had been asked: it outlasts a visit to another page."""
VIEWS = (View("flips", "Where it flips", "mdi-grid", ready=lambda: maps.value is not None),
         View("decides", "What decides", "mdi-sort-variant", ready=lambda: tornados.value is not None))  # fmt: skip


@solara.component
def Page() -> None:
    """Both questions; what runs for one goes on while the other is looked at."""
    work = session.work.value
    map_job, tornado_job = use_job(), use_job()
    _keep(maps, map_job.answer.value)
    _keep(tornados, tornado_job.answer.value)
    setting = Setting(work.people, work.chosen, work.weeks, work.seed, outcome.value)
    flips = shown(VIEWS).key == "flips"
    asked: Map | Tornado = (
        Map(setting, across.value, up.value, work.replicates)
        if flips
        else Tornado(setting, varied.value, unknown.value)
    )
    found, job = (maps.value, map_job) if flips else (tornados.value, tornado_job)
    if work.present:
        _Large(found, asked)
        return
    Views(VIEWS)
    with Beside():
        with turned():
            _Asked(asked, job)
            if flips and found is not None:
                Level(found[1])
        with seen():
            _Seen(found, asked)
        if found is not None:
            with said():
                Sentences(found)


@solara.component
def _Asked(asked: Map | Tornado, job: Job[Any]) -> None:
    """What is asked, and the button."""
    with rv.Html(tag="div"):
        PlanSelect(class_="mt-2 mb-4")
        if isinstance(asked, Map):
            _Choice("Lever across", studying.numeric(), across)
            _Choice("Lever up", studying.numeric(), up)
        else:
            _Choice("What varies", list(VARIED), varied, VARIED.__getitem__)
        _Choice("What is looked at", studying.shares(), outcome, words.label)
        if isinstance(asked, Tornado):
            rv.Switch(
                label=f"And {studying.unmeasured()} numbers that nobody has measured", hide_details=True, dense=True,
                v_model=unknown.value or varied.value == studying.NONE, on_v_model=unknown.set,
                disabled=varied.value == studying.NONE, class_="mt-0 mb-3",
            )  # fmt: skip
            Running(job, asked, studying.tornado, studying.tornado_seconds, first=tornados.value is None)
        else:
            Running(job, asked, studying.mapped, studying.map_seconds, first=maps.value is None)


@solara.component
def _Seen(found: tuple[Any, Any] | None, asked: Map | Tornado) -> None:
    """The picture, or what it will show."""
    if found is None:
        with rv.CardText(class_="text-h6 font-weight-regular text--primary"):
            for sentence in studying.promise(asked):
                rv.Html(tag="p", children=[sentence])
    elif isinstance(asked, Map):
        Tipped(found, asked)
    else:
        Decided(found, asked)


@solara.component
def _Large(found: tuple[Any, Any] | None, asked: Map | Tornado) -> None:
    """The picture for a room with its first sentence."""
    sentence = "Nothing is computed yet: end the presentation (Escape) and press Compute."
    rv.Html(tag="p", class_="text-h6 text--primary mb-0", children=[sentence if found is None else first_of(found)])
    _Seen(found, asked)


@solara.component
def _Choice(label: str, keys: list[str], chosen: solara.Reactive[str], spoken: Callable[[str], str] = named) -> None:
    items = [{"text": spoken(key), "value": key} for key in keys]
    rv.Select(label=label, items=items, v_model=chosen.value, on_v_model=chosen.set, dense=True, hide_details=True,
              class_="mt-2 mb-4")  # fmt: skip


def _keep(kept: solara.Reactive[Any], value: Any) -> None:
    solara.use_effect(lambda: kept.set(value) if value is not None else None, [value])
