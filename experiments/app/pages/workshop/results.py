"""The results of a workshop: the ranking, guesses against results, and what made the difference."""

from __future__ import annotations

from collections.abc import Callable

import reacton.ipyvuetify as rv
import solara

from experiments import outcomes, words
from experiments.app import session
from experiments.app.background import Answer, use_latest
from experiments.app.components import Plot
from experiments.app.workshops import rounds
from experiments.app.workshops.rules import Workshop
from experiments.app.workshops.standings import Cause, Results, Standing
from experiments.figures.colours import style_of
from experiments.figures.comparison import adoption
from experiments.figures.rows import in_a_row
from experiments.outcomes import Outcome
from experiments.watch import Cancelled, Progress
from sim.scenario import load

CAUSES = 4
"""Changes of a plan that are told."""
TAKEN_BACK = "Each change, taken back by itself in the same worlds: what the plan owes to it."


@solara.component
def Found(workshop: Workshop, show: Callable[[Workshop, Results], object]) -> None:
    """``show`` what came of the plans, once it is there."""
    answer: Answer[Results] = use_latest(_results, session.session_id(), workshop, stops=True)
    if answer.error:
        solara.Error(answer.error)
    elif answer.value is None:
        solara.ProgressLinear(True)
    else:
        show(workshop, answer.value)


def _results(session_id: str, workshop: Workshop, progress: Progress, cancelled: Cancelled) -> Results:
    return rounds.results(workshop, rounds.people(workshop, session_id), progress, cancelled)


@solara.component
def ResultsView(workshop: Workshop) -> None:
    """Everything that came of the plans."""
    Found(workshop, _All)


@solara.component
def _All(workshop: Workshop, results: Results) -> None:
    with rv.Html(tag="div"):
        with rv.Card(outlined=True, class_="my-3"):
            rv.CardTitle(children=["Who got how far"])
            Ranking(workshop, results)
        with rv.Card(outlined=True, class_="my-3"):
            rv.CardTitle(children=["What made the difference"])
            with rv.CardText():
                Causes(workshop, results)
        with rv.Card(outlined=True, class_="my-3"), rv.CardText(class_="px-2"):
            Plot(in_a_row(adoption(results.comparison)))


@solara.component
def Ranking(workshop: Workshop, results: Results) -> None:
    """Every team's line, the best first; and what came of doing nothing more."""
    with rv.Html(tag="div", class_="text--primary"):
        rv.Html(tag="div", class_="text-body-1 px-4 pb-2", children=[what_counts(workshop, results)])
        for standing in results.standings:
            _Place(standing, outcomes.ALL[workshop.terms.outcome], colour_of(results, workshop, standing),
                   is_closest(results, standing))  # fmt: skip
        rv.Html(tag="div", class_="text-body-2 px-4 py-2", children=[in_which_worlds(results)])


def what_counts(workshop: Workshop, results: Results) -> str:
    """The outcome in words, and what came of it without a plan."""
    comparison, outcome = results.comparison, outcomes.ALL[workshop.terms.outcome]
    counts = words.after(outcome.name, workshop.terms.weeks).capitalize()
    base = comparison.at_end[comparison.base][outcome.name]
    return (
        f"{counts}: {outcome.meaning}. With {_quoted(workshop.terms.base)} alone: {words.number(base.mean, outcome)}."
    )


def in_which_worlds(results: Results) -> str:
    """What makes the plans comparable, and what they do not tell."""
    return f"All on the same people, in the same {words.runs(results.comparison)}. {words.INSIGHT}"


def is_closest(results: Results, standing: Standing) -> bool:
    """Whether no team guessed better."""
    misses = [abs(each.miss) for each in results.standings if each.miss is not None]
    return standing.miss is not None and abs(standing.miss) == min(misses)


def colour_of(results: Results, workshop: Workshop, standing: Standing) -> str:
    """The colour in which the figures draw a team's plan."""
    names = [team.name for team in workshop.ready]
    return style_of(1 + names.index(standing.team.name))[0]


@solara.component
def _Place(standing: Standing, outcome: Outcome, colour: str, closest: bool) -> None:
    """One team's line: rank, name, result, worlds won, guess, and what the plan took."""
    edge = f"gap: 4px 20px; min-width: 0; border-left: 8px solid {colour}"
    with rv.Html(tag="div", class_="d-flex align-center px-4 py-2", style_=edge):
        rv.Html(tag="div", class_="text-h3", style_="min-width: 1.2em", children=[rank_in_words(standing)])
        with rv.Html(tag="div", class_="d-flex flex-grow-1 align-center flex-wrap", style_="gap: 0 20px; min-width: 0"):
            with rv.Html(tag="div", style_="flex: 1 1 260px; min-width: 0; overflow-wrap: anywhere"):
                said = [won_in_words(standing), guess_in_words(standing, outcome, closest), taken_in_words(standing)]
                rv.Html(tag="div", class_="text-h5", children=[standing.team.name])
                rv.Html(tag="div", class_="text-body-2", children=[" · ".join(said)])
                if standing.team.why:
                    rv.Html(tag="div", class_="font-italic", children=[f"“{standing.team.why}”"])
            with rv.Html(tag="div"):
                rv.Html(
                    tag="div", class_="text-h4 text-no-wrap", children=[words.number(standing.reached.mean, outcome)]
                )
                if standing.reached.low is not None:
                    rv.Html(tag="div", class_="text-body-2", children=[range_in_words(standing, outcome)])


def rank_in_words(standing: Standing) -> str:
    return str(standing.rank or "–")


def won_in_words(standing: Standing) -> str:
    return f"best in {words.percent(standing.won)} of worlds" if standing.rank else "beyond the limits: not ranked"


def taken_in_words(standing: Standing) -> str:
    return f"{words.money(standing.cost)} of money, {standing.hours:,.0f} hours"


def range_in_words(standing: Standing, outcome: Outcome) -> str:
    span = words.interval(standing.reached, outcome)
    return f"in nine of ten worlds: {span}" + (" %" if outcome.is_share else "") if span else ""


def guess_in_words(standing: Standing, outcome: Outcome, closest: bool = False) -> str:
    """``guessed 30 %, 34 points too low``; ``exactly`` where no digit that is shown differs."""
    return _miss_in_words(standing, outcome) + (": the closest" if closest else "")


def _miss_in_words(standing: Standing, outcome: Outcome) -> str:
    guess, miss = f"guessed {words.number(standing.team.guess, outcome)}", standing.miss
    if miss is None:
        return guess
    off = words.change(abs(miss), outcome).removeprefix("+")
    if not off.partition(" ")[0].strip("0."):
        return f"{guess}, exactly"
    return f"{guess}, {off} too {'high' if miss > 0 else 'low'}"


@solara.component
def Causes(workshop: Workshop, results: Results) -> None:
    """What each team's strongest changes were worth."""
    with rv.Html(tag="div", class_="text-body-1 text--primary"):
        rv.Html(tag="div", children=[TAKEN_BACK])
        for standing in results.standings:
            edge = f"border-left: 6px solid {colour_of(results, workshop, standing)}"
            with rv.Html(tag="div", class_="mt-3 pl-3", style_=edge):
                rv.Html(tag="div", class_="text-h6", children=[standing.team.name])
                for said in causes_in_words(workshop, results, standing, CAUSES):
                    rv.Html(tag="div", children=[said])


def causes_in_words(workshop: Workshop, results: Results, standing: Standing, most: int) -> list[str]:
    """At most so many of a team's changes, the strongest first, with what each was worth."""
    causes = results.causes[standing.team.name][:most]
    return [in_words(cause, outcomes.ALL[workshop.terms.outcome]) for cause in causes] or [_unchanged(standing)]


def _unchanged(standing: Standing) -> str:
    return f"{_quoted(standing.team.plan.base)} as it stands." if standing.team.plan else ""


def _quoted(scenario: str) -> str:
    return f"“{load(scenario).title}”"


def in_words(cause: Cause, outcome: Outcome) -> str:
    """``managers: inspection 0.4 → 0.9: +12 points habitual (8 to 16), better in 98 % of worlds.``"""
    effect, head = cause.effect, cause.said
    if effect.mean is None or effect.low is None or effect.high is None:
        return f"{head}: cannot be told from so few worlds."
    points = " points" if outcome.is_share else ""
    size = f"{words.number(effect.mean, outcome, signed=True, unit=False)}{points} {words.label(outcome.name)}"
    low, high = (words.number(v, outcome, unit=False) for v in (effect.low, effect.high))
    if effect.low <= 0 <= effect.high:
        return f"{head}: no difference that can be told ({size}, {low} to {high})."
    share = words.often(effect)
    better = "" if share is None else f", better in {words.percent(share)} of worlds"
    return f"{head}: {size} ({low} to {high}){better}."
