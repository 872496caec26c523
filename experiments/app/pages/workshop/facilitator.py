"""The facilitator's side of a workshop: the code for the room, who has handed in, playing, revealing, saving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import reacton.ipyvuetify as rv
import solara

from experiments.app import session
from experiments.app.address import to_address
from experiments.app.background import use_job
from experiments.app.components import IconButton
from experiments.app.fields import NameField, Refused
from experiments.app.pages.workshop.applying import Apply, use_apply
from experiments.app.pages.workshop.mark import Mark
from experiments.app.pages.workshop.results import ResultsView
from experiments.app.pages.workshop.team import TeamSide
from experiments.app.pages.workshop.terms import TermsForm, TermsInWords
from experiments.app.server import reach
from experiments.app.workshops import rounds
from experiments.app.workshops.rules import (
    PLANNING,
    REVEALED,
    Team,
    Workshop,
    another_round,
    changed,
    joined,
    played,
    released,
    removed,
    shown,
)
from experiments.app.workshops.shelf import SUFFIX, shelf
from experiments.watch import Cancelled, Progress


@solara.component
def Facilitator(workshop: Workshop) -> None:
    """Everything the facilitator sees; ``acting`` for a team when it shares this screen."""
    acting = solara.use_reactive("")
    apply, error = use_apply(workshop.code)
    _Head(workshop)
    Refused(error)
    _Steps(workshop, apply)
    teams = {team.name: team for team in workshop.teams}
    if acting.value in teams:
        solara.Button("Back to all teams", icon_name="mdi-arrow-left", on_click=lambda: acting.set(""), text=True)
        TeamSide(workshop, teams[acting.value], by_facilitator=True)
        return
    if workshop.phase == PLANNING:
        with rv.Row():
            with rv.Col(cols=12, md=7):
                _Teams(workshop, apply, acting.set)
            with rv.Col(cols=12, md=5):
                _Terms(workshop, apply)
    else:
        ResultsView(workshop)


@solara.component
def _Head(workshop: Workshop) -> None:
    """Title, where teams go and what they type, and the way to the room's screen."""
    addresses = reach.for_others()
    with rv.Card(outlined=True, class_="my-3"), rv.CardText(), rv.Row(align="center"):
        with rv.Col(cols=12, md=7):
            rv.Html(tag="h1", class_="text-h4 text--primary", children=[workshop.title])
            TermsInWords(workshop.terms)
        with rv.Col(cols=12, md=5, class_="text-md-right"):
            where = f"Teams open {' or '.join(addresses)} and type" if addresses else "Teams join with the code"
            rv.Html(tag="div", class_="text-body-1", style_="overflow-wrap: anywhere", children=[where])
            rv.Html(tag="div", class_="text-h2 text--primary uptake-code", children=[workshop.code],
                    style_="letter-spacing: .2em; font-family: monospace")  # fmt: skip
            if not addresses:
                _Alone(reach.open_to_others())


@solara.component
def _Alone(open_to_others: bool) -> None:
    """Why only this machine can join, and what to do for teams on their own laptops."""
    if open_to_others:
        said = "This machine is on no network. For teams on their own laptops connect it, then open this page anew."
        rv.Html(tag="div", class_="text-caption", children=[said])
    else:
        how = rv.Html(tag="code", children=["uptake explore --host 0.0.0.0"], style_="white-space: nowrap")
        said = "Only this machine can join. For teams on their own laptops start it with "
        rv.Html(tag="div", class_="text-caption", children=[said, how])


def _screen() -> str:
    """The address of the room's screen."""
    return f"/workshop?{to_address(replace(session.work.value, view='', present=True))}"


@solara.component
def _Steps(workshop: Workshop, apply: Apply) -> None:
    """What comes next: play, reveal or hide, another round; the room's screen, and the file."""
    job = use_job()
    ready = len(workshop.ready)

    def play() -> None:
        organisation = rounds.people(workshop, session.session_id())

        def work(progress: Progress, cancelled: Cancelled) -> None:
            rounds.results(workshop, organisation, progress, cancelled)
            apply(played)

        job.start(work)

    with rv.Html(tag="div", class_="d-flex flex-wrap align-center my-2", style_="gap: 12px"):
        if workshop.phase == PLANNING:
            solara.Button(f"Play {ready} of {len(workshop.teams)} plans", icon_name="mdi-play", color="primary",
                          on_click=play, disabled=not ready or job.answer.busy)  # fmt: skip
            if job.answer.busy:
                solara.Button("Stop", on_click=job.stop, text=True)
        else:
            hidden = workshop.phase != REVEALED
            solara.Button("Reveal to the teams" if hidden else "Hide from the teams", color="primary",
                          icon_name="mdi-eye" if hidden else "mdi-eye-off",
                          on_click=lambda: apply(lambda w: shown(w, hidden)))  # fmt: skip
            solara.Button("Another round", icon_name="mdi-refresh", text=True, on_click=lambda: apply(another_round))
        solara.Button("Open on the projector", icon_name="mdi-presentation", outlined=True, link=True, href=_screen(),
                      target="_blank")  # fmt: skip
        solara.FileDownload(lambda: shelf().text(workshop.code).encode(),
                            filename=f"{workshop.code}{SUFFIX}", label="Save to a file")  # fmt: skip
        solara.Button("Leave", on_click=session.leave_workshop, text=True)
    if job.answer.busy:
        solara.Text("Running all plans in the same worlds …", classes=["text-body-1"])
        solara.ProgressLinear(job.answer.share * 100 if job.answer.share else True)
    if job.answer.error:
        solara.Error(job.answer.error)
    if workshop.phase != PLANNING:
        solara.Text(_seen(workshop), classes=["text-body-1"])


def _seen(workshop: Workshop) -> str:
    if workshop.phase == REVEALED:
        return "Everyone sees these results: the teams on their laptops, the room on the projector."
    return "Only you see these results. The projector shows the guesses; the teams wait for you to reveal."


@solara.component
def _Teams(workshop: Workshop, apply: Apply, act: Callable[[str], None]) -> None:
    """Who is there and who has handed in; a team without a laptop plays on this one."""
    name = solara.use_reactive("")
    enter, refused = use_apply(workshop.code, lambda _: name.set(""))

    def add() -> None:
        enter(lambda w: joined(w, name.value))

    with rv.Card(outlined=True):
        rv.CardTitle(children=["Teams"])
        with rv.CardText():
            if not workshop.teams:
                solara.Text("None yet.", classes=["text-body-1"])
            for team in workshop.teams:
                _Team(team, apply, act)
            with rv.Html(tag="div", class_="d-flex align-center", style_="gap: 8px"):
                NameField("A team on this screen", name.value, name.set, add)
                solara.Button("Add", on_click=add, text=True)
            Refused(refused)


@solara.component
def _Team(team: Team, apply: Apply, act: Callable[[str], None]) -> None:
    """Where a team stands, and what the facilitator can do for it."""
    state = "handed in" if team.ready else "planning" if team.plan else "no plan yet"
    with rv.Html(tag="div", class_="d-flex align-center text--primary", style_="gap: 8px"):
        Mark(team)
        rv.Html(tag="span", class_="text-h6", style_="flex: 1 1 0; min-width: 0; overflow-wrap: anywhere",
                children=[f"{team.name}: {state}"])  # fmt: skip
        IconButton("mdi-pencil", f"Act for {team.name} on this screen", partial(act, team.name))
        if team.key:
            IconButton("mdi-laptop", f"Release {team.name} to another laptop",
                   partial(apply, partial(released, name=team.name)))  # fmt: skip
        IconButton("mdi-delete", f"Remove {team.name}", partial(apply, partial(removed, name=team.name)))


@solara.component
def _Terms(workshop: Workshop, apply: Apply) -> None:
    with rv.Card(outlined=True):
        rv.CardTitle(children=["What all teams are given"])
        with rv.CardText():
            TermsForm(workshop.terms, lambda terms: apply(lambda w: changed(w, terms)))
            solara.Text("Changed terms ask every team to hand in again.", classes=["text-caption", "text--secondary"])
