"""The results of a workshop for a room: the ranking, guesses against results, and what made the difference."""

from __future__ import annotations

import reacton.ipyvuetify as rv
import solara

from experiments import outcomes, words
from experiments.app import rooms
from experiments.app.background import use_latest
from experiments.app.components import Plot
from experiments.app.standings import Cause, Results, Standing
from experiments.app.workshop import Workshop
from experiments.figures import style_of
from experiments.gallery import adoption
from experiments.lever_words import named
from experiments.outcomes import Outcome

CAUSES = 4
"""Changes of a plan that are told."""


@solara.component
def ResultsView(workshop: Workshop) -> None:
    """Everything that came of the plans."""
    answer = use_latest(lambda w: rooms.results(w, rooms.people(w)), workshop)
    if answer.error:
        solara.Error(answer.error)
    elif answer.value is None:
        solara.ProgressLinear(True)
    else:
        _Ranking(workshop, answer.value)
        with rv.Card(outlined=True, class_="my-3"), rv.CardText(class_="px-2"):
            Plot(adoption(answer.value.comparison))
        _Causes(workshop, answer.value)


@solara.component
def _Ranking(workshop: Workshop, results: Results) -> None:
    outcome = outcomes.ALL[workshop.terms.outcome]
    closest = min((abs(s.miss) for s in results.standings if s.miss is not None), default=None)
    colours = {name: style_of(place)[0] for place, name in enumerate(results.comparison.names)}
    order = {team.name: name for team, name in zip(_ready(workshop), results.comparison.names[1:], strict=True)}
    with rv.Card(outlined=True, class_="my-3"):
        rv.CardTitle(children=[f"{words.label(outcome.name).capitalize()} after {workshop.terms.weeks} weeks"])
        for standing in results.standings:
            _Place(standing, outcome, colours[order[standing.team.name]],
                   standing.miss is not None and abs(standing.miss) == closest)  # fmt: skip
        with rv.CardText():
            base = results.comparison.at_end[results.comparison.base][outcome.name]
            solara.Text(
                f"If nothing were done beyond {results.comparison.base}: {words.number(base.mean, outcome)}. "
                f"All on the same {words.runs(results.comparison)}. {words.INSIGHT}",
                classes=["text--secondary"],
            )


def _ready(workshop: Workshop) -> list:
    return [team for team in workshop.teams if team.ready and team.plan is not None]


@solara.component
def _Place(standing: Standing, outcome: Outcome, colour: str, closest: bool) -> None:
    """One team's line: rank, name, result with its range, worlds won; guess, money and hours beneath."""
    reached = words.number(standing.reached.mean, outcome)
    span = words.interval(standing.reached, outcome)
    guess = f"guessed {words.number(standing.team.guess, outcome)}" + (": the closest" if closest else "")
    takes = f"{words.money(standing.cost)} of money, {standing.hours:,.0f} hours"
    fits = f"best in {words.percent(standing.won)} of worlds" if standing.rank else "beyond the limits: not ranked"
    with rv.Html(tag="div", class_="d-flex align-center pa-3", style_=f"gap: 20px; border-left: 8px solid {colour}"):
        rv.Html(tag="div", class_="text-h3", style_="min-width: 1.2em", children=[str(standing.rank or "–")])
        with rv.Html(tag="div", class_="flex-grow-1"):
            rv.Html(tag="div", class_="text-h5", children=[standing.team.name])
            rv.Html(tag="div", class_="text--secondary", children=[f"{fits} · {guess} · {takes}"])
            if standing.team.why:
                rv.Html(tag="div", class_="font-italic", children=[f"“{standing.team.why}”"])
        with rv.Html(tag="div", class_="text-right"):
            rv.Html(tag="div", class_="text-h4", children=[reached])
            rv.Html(tag="div", class_="text--secondary text-no-wrap", children=[f"nine in ten: {span}" if span else ""])


@solara.component
def _Causes(workshop: Workshop, results: Results) -> None:
    """What each change was worth: the same worlds without it."""
    outcome = outcomes.ALL[workshop.terms.outcome]
    with rv.Card(outlined=True, class_="my-3"):
        rv.CardTitle(children=["What made the difference"])
        with rv.CardText():
            for standing in results.standings:
                rv.Html(tag="div", class_="text-h6 mt-2", children=[standing.team.name])
                causes = results.causes[standing.team.name][:CAUSES]
                if not causes:
                    solara.Text(f"Nothing was changed in {standing.team.plan.base if standing.team.plan else ''}.")
                for cause in causes:
                    rv.Html(tag="div", class_="text-body-1", children=[in_words(cause, outcome)])


def in_words(cause: Cause, outcome: Outcome) -> str:
    """``managers: inspection 0.9: +12 points habitual (8 to 16), better in 98 % of worlds.``"""
    effect, head = cause.effect, f"{named(cause.key.removeprefix('levers.'))} {cause.value}"
    if effect.mean is None or effect.low is None or effect.high is None:
        return f"{head}: cannot be told from so few worlds."
    points = " points" if outcome.is_share else ""
    size = f"{words.number(effect.mean, outcome, signed=True, unit=False)}{points} {words.label(outcome.name)}"
    low, high = (words.number(v, outcome, unit=False) for v in (effect.low, effect.high))
    if effect.low <= 0 <= effect.high:
        return f"{head}: no difference that can be told ({size}, {low} to {high})."
    share = "" if effect.share_better is None else f", better in {words.percent(effect.share_better)} of worlds"
    return f"{head}: {size} ({low} to {high}){share}."
