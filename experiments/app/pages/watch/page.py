"""Page Watch: one run of a plan played week by week on the chart of the organisation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import reacton.ipyvuetify as rv
import solara

from experiments.app import session
from experiments.app.background import use_latest
from experiments.app.components import IconButton, PlanSelect, Player
from experiments.app.pages.watch import watching
from experiments.app.pages.watch.person import PersonCard
from experiments.app.views import View

VIEWS = (View("", "A run"),)


@solara.component
def Page() -> None:
    """Which run, the player, and whoever was clicked."""
    work = session.work.value
    chosen, choose = solara.use_state(-1)
    looked, look = solara.use_state(cast(dict[str, Any], {"week": 0, "playing": False}))
    number = min(work.world, work.replicates - 1)
    asked = (session.session_id(), work.people, work.chosen, work.weeks, work.seed, number)
    answer = use_latest(watching.watch, *asked, stops=True)
    watched = answer.value
    found = watched.found if watched else None
    told = use_latest(watching.events, found)
    solara.use_effect(lambda: choose(-1), [watched and watched.people])

    def clicked(at: dict[str, Any]) -> None:
        choose(int(at["row"]))
        look(at)

    if work.present:
        rv.Html(
            tag="div", class_="text-h6", children=[f"{work.chosen.name}, world {number + 1:,} of {work.replicates:,}"]
        )
    else:
        Choices(number)
    if work.world > number:
        solara.Info(f"There is no world {work.world + 1:,}: this is the last, world {number + 1:,}.", dense=True)
    rv.ProgressLinear(indeterminate=True, active=answer.busy or answer.asked != asked, height=3,
                      class_="my-n2")  # fmt: skip
    if answer.error:
        solara.Error(answer.error)
    if watched is None:
        if not answer.error:
            solara.Text("Running …")
        return
    followed = 0 <= chosen < watched.found.organisation.headcount
    with rv.Html(tag="div", class_="uptake-player").key("player"):  # plays on, whatever comes or goes above it
        Player(
            people=watched.people, played=watched.played, story=(told.value or "") if told.asked == (found,) else "",
            followed=followed, event_person=clicked, event_week=look,
        )  # fmt: skip
        if followed:
            week = min(looked["week"], watched.found.weeks - 1)
            PersonCard(watched.found, chosen, week, quiet=looked["playing"], on_close=lambda: choose(-1))


@solara.component
def Choices(number: int) -> None:
    """Which plan, and which of its worlds."""
    work = session.work.value

    def go(world: int) -> None:
        session.change(lambda held: replace(held, world=world))

    with rv.Html(tag="div", class_="d-flex flex-wrap align-center", style_="gap: 8px 20px"):
        with rv.Html(tag="div", style_="max-width: 280px"):
            PlanSelect(outlined=True)
        with rv.Html(tag="div", class_="d-flex align-center"):
            IconButton("mdi-chevron-left", "World before", lambda: go(number - 1), disabled=number == 0)
            solara.Text(f"World {number + 1:,} of {work.replicates:,}", style={"font-variant-numeric": "tabular-nums"})
            IconButton("mdi-chevron-right", "Next world", lambda: go(number + 1),
                       disabled=number + 1 >= work.replicates)  # fmt: skip
        said = f"Seed {work.seed}. One run of one world; Compare shows all of them. {watching.SIMULATED}"
        rv.Html(tag="div", class_="text-body-2 text--secondary", style_="flex: 1 1 320px", children=[said])
