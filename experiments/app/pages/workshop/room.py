"""The screen in front of the room: the code, then the guesses, then what came of the plans once that is revealed."""

from __future__ import annotations

import reacton.ipyvuetify as rv
import solara

from experiments import outcomes, words
from experiments.app import session
from experiments.app.components import Plot
from experiments.app.pages.workshop.mark import Mark
from experiments.app.pages.workshop.results import Found
from experiments.app.pages.workshop.slides import STYLE, CausesSlide, Cut, RankingSlide
from experiments.app.pages.workshop.terms import TermsInWords
from experiments.app.server import reach
from experiments.app.views import View, shown
from experiments.app.workshops.rules import PLANNING, REVEALED, Team, Workshop
from experiments.app.workshops.standings import Results
from experiments.figures.colours import style_of
from experiments.figures.comparison import adoption
from experiments.figures.rows import in_a_row

VIEWS = tuple(
    View(key, label, ready=lambda: bool(session.work.value.workshop))
    for key, label in (("", "Code, teams and guesses"), ("ranking", "Who got how far"),
                       ("difference", "What made the difference"), ("curves", "Week by week"))
)  # fmt: skip
ACROSS, NAMED_LARGE = 4, 6
"""Guesses in a row; teams that have room for large names beneath the code."""

HUGE = "font: 700 min(22vw, 34vh)/1.1 monospace; letter-spacing: .08em; margin-right: -.08em"


@solara.component
def Room(workshop: Workshop | None) -> None:
    """One thing large, whoever's window this is: never more than the room may see."""
    solara.Style(STYLE)
    if workshop is None:
        _Said("No workshop is open in this window.", "The facilitator opens one on the page Workshop.")
    elif shown(VIEWS).key == "":
        _Code(workshop) if workshop.phase == PLANNING else _Guesses(workshop)
    elif workshop.phase == REVEALED:
        Found(workshop, _View)
    elif workshop.phase == PLANNING:
        _Said("The teams are planning.", "What comes of their plans is shown here once they have been run.")
    else:
        _Said("All plans have been run.", "What came of them is still hidden.")


@solara.component
def _Said(first: str, then: str) -> None:
    with rv.Html(tag="div", class_="text-center", style_="padding-top: 25vh"):
        rv.Html(tag="h1", class_="text-h3 font-weight-regular", children=[first])
        rv.Html(tag="div", class_="text-h5 mt-4", children=[then])


@solara.component
def _Code(workshop: Workshop) -> None:
    """Where to go, what to type, and who is there."""
    addresses = reach.for_others()
    with rv.Html(tag="div", class_="text-center"):
        rv.Html(tag="h1", class_="text-h4 text-truncate", children=[workshop.title])
        TermsInWords(workshop.terms)
        open_and_type = ["Open ", rv.Html(tag="b", children=[" or ".join(addresses)]), " and type"]
        where = open_and_type if addresses else ["Teams join with the code"]
        rv.Html(tag="div", class_="text-h5 mt-4", style_="overflow-wrap: anywhere", children=where)
        rv.Html(tag="div", class_="primary--text uptake-code", children=[workshop.code], style_=HUGE)
        if not workshop.teams:
            rv.Html(tag="div", class_="text-h5", children=["No team has joined yet."])
        with rv.Html(tag="div", class_="d-flex flex-wrap justify-center", style_="gap: .3rem 2rem"):
            for team in workshop.teams:
                _Team(team, len(workshop.teams) > NAMED_LARGE)


@solara.component
def _Team(team: Team, small: bool) -> None:
    state = "" if small else ": handed in" if team.ready else ": planning"
    size, wide = ("text-h6", "28vw") if small else ("text-h5", "100%")
    with rv.Html(tag="div", class_=f"text-truncate {size}", style_=f"min-width: 0; max-width: {wide}"):
        Mark(team, class_="mr-2")
        rv.Html(tag="span", children=[team.name + state])


@solara.component
def _Guesses(workshop: Workshop) -> None:
    """What each team expects of its plan, the larger the fewer they are."""
    outcome = outcomes.ALL[workshop.terms.outcome]
    rows, columns = -(-len(workshop.ready) // ACROSS), min(len(workshop.ready), ACROSS)
    wide = 0.6 * max(len(words.number(team.guess, outcome)) for team in workshop.ready)  # ems
    type_ = f"min({32 / rows:.0f}vh, {(90 / columns - 5) / wide:.1f}vw)"
    size = f"font-size: {type_}; line-height: 1.1; white-space: nowrap"
    after = words.after(outcome.name, workshop.terms.weeks).capitalize()
    rv.Html(tag="h1", class_="text-h4", children=["What the teams expect"])
    rv.Html(tag="div", class_="text-h6", children=[f"{after}: {outcome.meaning}"])
    with rv.Html(tag="div", class_="d-flex flex-wrap mt-2", style_="gap: .8rem"):
        for place, team in enumerate(workshop.ready, 1):
            edge = f"flex: 1 1 20vw; min-width: 10rem; border-left: .6rem solid {style_of(place)[0]}"
            with rv.Card(outlined=True, class_="px-3 py-2", style_=edge):
                Cut("text-h6", team.name, 2 if rows < 3 else 1)
                rv.Html(tag="div", style_=size, children=[words.number(team.guess, outcome)])
                if team.why and rows == 1:
                    Cut("text-h6 font-italic", f"“{team.why}”", 4)


@solara.component
def _View(workshop: Workshop, results: Results) -> None:
    view = shown(VIEWS)
    if view.key == "curves":
        Plot(in_a_row(adoption(results.comparison)), fills=True)
    elif view.key == "ranking":
        RankingSlide(workshop, results)
    else:
        CausesSlide(workshop, results)
