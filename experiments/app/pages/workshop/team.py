"""A team's side of a workshop: choose a plan within the limits, write down a guess, hand in; then the results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import reacton.ipyvuetify as rv
import solara

from experiments import outcomes, words
from experiments.app import session
from experiments.app.fields import Field, Refused
from experiments.app.pages.workshop.applying import Apply, use_apply
from experiments.app.pages.workshop.results import ResultsView
from experiments.app.pages.workshop.terms import TermsInWords
from experiments.app.plans import Plan
from experiments.app.tracks import changes
from experiments.app.views import use_open
from experiments.app.workshops.budget import Meter
from experiments.app.workshops.guess import read_guess
from experiments.app.workshops.hooks import use_price
from experiments.app.workshops.prices import Price
from experiments.app.workshops.rules import (
    LONGEST_WHY,
    PLANNING,
    REVEALED,
    Team,
    Workshop,
    drafted,
    guessed,
    handed_in,
    released,
    taken_back,
)
from sim.passports import InputError
from sim.scenario import load

NOT_RUN = "Your plan was not handed in and not run. This is what came of the others."


@solara.component
def TeamSide(workshop: Workshop, team: Team, by_facilitator: bool) -> None:
    """Everything a team sees."""
    _Now(workshop, team, by_facilitator)
    if not by_facilitator:
        _Leave(workshop, team)


@solara.component
def _Leave(workshop: Workshop, team: Team) -> None:
    """A browser that is a team's no more; what the team has planned stays, to be taken up under its name."""
    apply, error = use_apply(workshop.code, lambda _: session.leave_workshop())
    with rv.Html(tag="div"):
        solara.Button("Leave the workshop", icon_name="mdi-exit-to-app", text=True,
                      on_click=lambda: apply(lambda w: released(w, team.name)))  # fmt: skip
        rv.Html(tag="span", class_="text-caption text--secondary",
                children=["Your plan and guess stay; join again under the same name to go on."])  # fmt: skip
        Refused(error)


@solara.component
def _Now(workshop: Workshop, team: Team, by_facilitator: bool) -> None:
    """What a team does or sees in this phase."""
    if workshop.phase == PLANNING:
        _Planning(workshop, team)
    elif workshop.phase == REVEALED or by_facilitator:
        own = "This is what came of your plan, and of the others." if team.ready else NOT_RUN
        _Head(workshop, team, own, "mdi-flag-checkered")
        ResultsView(workshop)
    else:
        ran = "All plans" if team.ready else "The plans that were handed in"
        _Head(workshop, team, f"{ran} have been run. The facilitator will reveal what came of them.", "mdi-eye-off")


@solara.component
def _Head(workshop: Workshop, team: Team, said: str, icon: str = "mdi-arrow-right-circle") -> None:
    """What to do now is the largest thing on the page."""
    with rv.Card(outlined=True, class_="my-3"), rv.CardText():
        rv.Html(tag="div", class_="text--secondary", children=[f"{workshop.title} · Team"])
        rv.Html(tag="h1", class_="text-h5 text--primary", children=[team.name])
        with rv.Html(tag="div", class_="d-flex align-center text-h5 primary--text my-3", attributes={"role": "status"}):
            rv.Icon(children=[icon], color="primary", class_="mr-3")
            rv.Html(tag="span", children=[said])
        TermsInWords(workshop.terms)


@solara.component
def _Planning(workshop: Workshop, team: Team) -> None:
    apply, error = use_apply(workshop.code)
    answer = use_price(team.plan, workshop.terms, workshop.code)
    price = None if answer.busy else answer.value

    _Head(workshop, team, _next(workshop, team, price), "mdi-check-circle" if team.ready else "mdi-arrow-right-circle")
    with rv.Row():
        with rv.Col(cols=12, md=6):
            _Choose(team, lambda made: apply(lambda w: drafted(w, team.name, made)))
        with rv.Col(cols=12, md=6), rv.Card(outlined=True, class_="fill-height"):
            rv.CardTitle(children=["2. What it takes"])
            with rv.CardText():
                if answer.error:
                    solara.Error(answer.error)
                elif price is None:
                    solara.Text("Take a plan to see." if team.plan is None else "Counting …", classes=["text-body-1"])
                else:
                    _Takes(price.meters)
    _Guess(workshop, team, price, apply)
    Refused(error)


def _next(workshop: Workshop, team: Team, price: Price | None) -> str:
    """What a team does now."""
    if team.ready:
        ready, everyone = len(workshop.ready), len(workshop.teams)
        if ready < everyone:
            return f"Handed in. Wait for the others: {ready} of {everyone} teams are done."
        return "Handed in, like all teams. The facilitator plays the plans now."
    if team.plan is None:
        return "Build a plan on the page Programme, then take it here."
    if price is not None and price.over:
        over = " and ".join(meter.excess for meter in price.over)
        return f"Too dear: it takes {over}. Give up something, and take it again."
    return "Write down your guess, then hand in."


@solara.component
def _Choose(team: Team, on_choose: Callable[[Plan], None]) -> None:
    """The plan handed in is one of those on the page Programme."""
    work, open_page = session.work.value, use_open()

    def edit() -> None:
        if team.plan is not None and not any(_same(made, team.plan) for made in work.plans):
            kept = replace(team.plan, name=work.chosen.name)
            session.change(lambda now: now.with_plan(kept))
        open_page("programme")

    with rv.Card(outlined=True, class_="fill-height"):
        rv.CardTitle(children=["1. Your plan"])
        with rv.CardText():
            if team.plan is not None:
                _InWords(team.plan)
            if team.ready:
                return
            solara.Button("Build it on the page Programme" if team.plan is None else "Change it on the page Programme",
                          icon_name="mdi-tune", on_click=edit, color="primary",
                          outlined=team.plan is not None)  # fmt: skip
            for made in work.plans:
                if team.plan is None or not _same(made, team.plan):
                    with rv.Html(tag="div", class_="mt-2"):
                        solara.Button(f"Take “{made.name}”", icon_name="mdi-check", outlined=True,
                                      on_click=lambda made=made: on_choose(made),
                                      style={"max-width": "100%", "white-space": "normal", "height": "auto",
                                             "min-height": "36px"})  # fmt: skip
                        changed = (
                            f"with {words.counted(len(made.changes), 'change')}" if made.changes else "as it stands"
                        )
                        solara.Text(f"{load(made.base).title}, {changed}",
                                    classes=["text-caption", "text--secondary", "ml-2"])  # fmt: skip


def _same(made: Plan, taken: Plan) -> bool:
    return (made.base, made.changes) == (taken.base, taken.changes)


@solara.component
def _InWords(taken: Plan) -> None:
    """What was taken: where it begins, and every change."""
    base = load(taken.base)
    with rv.Html(tag="div", class_="text-body-1 text--primary mb-3"):
        rv.Html(tag="b", children=["Taken: "])
        rv.Html(tag="span", children=[f"“{base.title}”" + (", with" if taken.changes else ", as it stands")])
        for said in changes(taken.scenario, base).values():
            rv.Html(tag="div", children=[said])


@solara.component
def _Takes(taken: tuple[Meter, ...]) -> None:
    """Money and hours beside their limits: what is spent, what is left."""
    for meter in taken:
        colour = "error" if meter.over else "primary"
        label = meter.what.capitalize()
        with rv.Html(tag="div", class_="d-flex justify-space-between flex-wrap mt-2"):
            rv.Html(tag="span", class_="text-h6", children=[f"{label}: {meter.spent}"])
            rv.Html(tag="span", class_=f"text-h6 {colour}--text" if meter.limited else "text-h6", children=[meter.rest])
        if meter.limited:
            rv.ProgressLinear(value=100 * meter.share, color=colour, height=14, rounded=True,
                              attributes={"aria-label": f"{label}: {meter.spent}, {meter.rest}"})  # fmt: skip
    solara.Text("Expected over the workshop's worlds. The money holds the licences, and the hours at the wage.",
                classes=["text-caption", "text--secondary", "d-block", "mt-2"])  # fmt: skip


@solara.component
def _Guess(workshop: Workshop, team: Team, price: Price | None, apply: Apply) -> None:
    """The guess, in writing, before anything is known; then the plan goes in."""
    outcome = outcomes.ALL[workshop.terms.outcome]
    scale = 100 if outcome.is_share else 1
    wrong = solara.use_reactive("")

    def guess(text: str) -> None:
        try:
            value = read_guess(text, outcome)
        except InputError as problem:
            wrong.set(str(problem))
            return
        wrong.set("")
        apply(lambda w: guessed(w, team.name, value, w.team(team.name).why))

    def why(text: str) -> None:
        apply(lambda w: guessed(w, team.name, w.team(team.name).guess, text))

    def hand_in() -> None:
        if price is not None:
            apply(lambda w: handed_in(w, team.name, price.money, price.hours))

    with rv.Card(outlined=True, class_="my-3"):
        rv.CardTitle(children=["3. Your guess, before anyone knows"])
        with rv.CardText():
            if team.ready:
                said = f"{words.number(team.guess, outcome)}: {words.after(outcome.name, workshop.terms.weeks)}"
                solara.Success(f"Handed in, with a guess of {said}.")
                solara.Button("Take it back", on_click=lambda: apply(lambda w: taken_back(w, team.name)), text=True)
                return
            with rv.Row(dense=True):
                with rv.Col(cols=12, sm=4):
                    Field(words.after(outcome.name, workshop.terms.weeks).capitalize(),
                          "" if team.guess is None else f"{team.guess * scale:.12g}", guess, suffix=words.unit(outcome),
                          attributes={"inputmode": "decimal"},
                          error_messages=[wrong.value] if wrong.value else [])  # fmt: skip
                with rv.Col(cols=12, sm=8):
                    Field("Because …", team.why, why, counter=LONGEST_WHY,
                          attributes={"maxlength": LONGEST_WHY})  # fmt: skip
            solara.Button("Hand in", on_click=hand_in, color="primary", icon_name="mdi-send",
                          disabled=price is None)  # fmt: skip
