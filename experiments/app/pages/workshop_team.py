"""A team's side of a workshop: choose a plan within the limits, write down a guess, hand in; then the results."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

import reacton.ipyvuetify as rv
import solara

from experiments import outcomes, words
from experiments.app import rooms, session, sharing
from experiments.app.background import Answer, use_latest
from experiments.app.pages.workshop_results import ResultsView
from experiments.app.pages.workshop_terms import terms_in_words
from experiments.app.plans import Plan
from experiments.app.standings import price
from experiments.app.workshop import PLANNING, REVEALED, Team, Terms, Workshop, drafted, handed_in, taken_back
from sim.organisation import OrganisationError
from sim.passports import InputError


@solara.component
def TeamSide(workshop: Workshop, team: Team, by_facilitator: bool) -> None:
    """Everything a team sees."""
    with rv.Card(outlined=True, class_="my-3"):
        rv.CardTitle(children=[f"{team.name} · {workshop.title}"])
        with rv.CardText():
            solara.Text(terms_in_words(workshop.terms))
    if workshop.phase == PLANNING:
        _Planning(workshop, team)
    elif workshop.phase == REVEALED:
        ResultsView(workshop)
    elif not by_facilitator:
        solara.Info("All plans have been run. The facilitator will reveal what came of them.")


@solara.component
def _Planning(workshop: Workshop, team: Team) -> None:
    error = solara.use_reactive("")
    spent: Answer = use_latest(_price, workshop.code, team.plan, workshop.terms)

    def apply(rule: Callable[[Workshop], Workshop]) -> None:
        try:
            sharing.shelf().change(workshop.code, rule)
            error.set("")
        except (InputError, OrganisationError, OSError) as problem:
            error.set(str(problem))

    with rv.Row():
        with rv.Col(cols=12, md=6):
            _Choose(team, lambda made: apply(lambda w: drafted(w, team.name, made)))
        with rv.Col(cols=12, md=6), rv.Card(outlined=True):
            rv.CardTitle(children=["2. What it takes"])
            with rv.CardText():
                _Takes(spent, workshop.terms)
    _Guess(workshop, team, spent, apply)
    if error.value:
        solara.Error(error.value)


def _price(code: str, made: Plan | None, terms: Terms) -> tuple[float, float] | None:
    if made is None:
        return None
    organisation = rooms.people(sharing.shelf().get(code))
    with sharing.ENGINE:
        return price(made, terms, organisation)


@solara.component
def _Choose(team: Team, on_choose: Callable[[Plan], None]) -> None:
    """The plan handed in is one of those on the page Programme."""
    work = session.work.value
    with rv.Card(outlined=True):
        rv.CardTitle(children=["1. Your plan"])
        with rv.CardText():
            solara.Text("Build it on the page Programme, try it on Watch and Compare, then take it here.")
            for made in work.plans:
                taken = team.plan is not None and (made.base, made.changes) == (team.plan.base, team.plan.changes)
                with rv.Html(tag="div", class_="my-2"):
                    solara.Button(
                        f"{made.name}{': this is your plan' if taken else ''}",
                        icon_name="mdi-check-circle" if taken else "mdi-circle-outline",
                        on_click=lambda made=made: on_choose(made), text=not taken, color="primary" if taken else None,
                        disabled=team.ready,
                    )  # fmt: skip
                    changed = words.counted(len(made.changes), "change")
                    solara.Text(f"{made.base}, with {changed}", classes=["text-caption", "text--secondary", "ml-2"])


@solara.component
def _Takes(spent: Answer, terms: Terms) -> None:
    """Money and hours beside their limits."""
    if spent.error:
        solara.Error(spent.error)
        return
    if spent.value is None:
        solara.Text("Choose a plan to see what it takes." if not spent.busy else "Counting …")
        return
    whats = ("of money", "of people's hours")
    for what, takes, most in zip(whats, spent.value, (terms.budget, terms.hours), strict=True):
        limit = f" of {words.money(most)}" if isfinite(most) else ""
        over = takes > most
        solara.Text(f"{words.money(takes)}{limit} {what}" + (": too much" if over else ""), classes=["text-h6"])
        if isfinite(most):
            solara.ProgressLinear(min(100 * takes / most, 100), color="error" if over else "primary")
    solara.Text("Expected over the workshop's worlds; the hours are in the money too, at the wage.",
                classes=["text-caption", "text--secondary"])  # fmt: skip


@solara.component
def _Guess(
    workshop: Workshop, team: Team, spent: Answer, apply: Callable[[Callable[[Workshop], Workshop]], None]
) -> None:
    """The guess, in writing, before anything is known; then the plan goes in."""
    outcome = outcomes.ALL[workshop.terms.outcome]
    scale = 100 if outcome.is_share else 1
    guess = solara.use_reactive("" if team.guess is None else f"{team.guess * scale:g}")
    why = solara.use_reactive(team.why)
    unit = "% of people" if outcome.is_share else outcome.unit

    def hand_in() -> None:
        number = _number(guess.value)
        cost, hours = spent.value or (0.0, 0.0)
        value = None if number is None else number / scale
        apply(lambda w: handed_in(w, team.name, value, why.value, cost, hours))

    with rv.Card(outlined=True, class_="my-3"):
        rv.CardTitle(children=["3. Your guess, before anyone knows"])
        with rv.CardText():
            if team.ready:
                said = f"{words.number(team.guess, outcome)} {words.label(outcome.name)}"
                solara.Success(f"Handed in, with a guess of {said}.")
                solara.Button("Take it back", on_click=lambda: apply(lambda w: taken_back(w, team.name)), text=True)
                return
            with rv.Row(dense=True):
                with rv.Col(cols=12, sm=4):
                    rv.TextField(label=f"{words.label(outcome.name)} after {workshop.terms.weeks} weeks", suffix=unit,
                                 v_model=guess.value, on_v_model=guess.set, type="number")  # fmt: skip
                with rv.Col(cols=12, sm=8):
                    rv.TextField(label="Because …", v_model=why.value, on_v_model=why.set, counter=500)
            ready = team.plan is not None and spent.value is not None and not spent.busy
            solara.Button("Hand in", on_click=hand_in, color="primary", disabled=not ready)


def _number(text: str) -> float | None:
    try:
        return float(str(text).replace(",", "."))
    except ValueError:
        return None
