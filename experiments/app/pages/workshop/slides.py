"""What came of the plans as a room reads it: the type grows into the room that there is, and nothing is scrolled."""

from __future__ import annotations

from math import ceil

import reacton.ipyvuetify as rv
import solara

from experiments import outcomes, words
from experiments.app.pages.workshop.results import (
    TAKEN_BACK,
    causes_in_words,
    colour_of,
    guess_in_words,
    in_which_worlds,
    is_closest,
    range_in_words,
    rank_in_words,
    taken_in_words,
    what_counts,
    won_in_words,
)
from experiments.app.workshops.rules import Workshop
from experiments.app.workshops.standings import Results, Standing
from experiments.outcomes import Outcome

IN_FULL = 5
"""Teams of which one screen shows all that is said of them."""
LINES = 10
"""Changes that a room can read at once, of all teams together."""
LETTERS = 86
"""Of a change that fit on one line of the largest type."""

LEAST = "2.5vh"
"""Type that can be read from the back."""

STYLE = """
    .uptake-slide { display: flex; flex-direction: column; gap: .3rem; }
    .uptake-slide p { margin: 0; }
    .uptake-place { display: flex; align-items: center; gap: 1.2vw; padding-left: 1.2vw; overflow: hidden;
                    border-left: .6vw solid; line-height: 1.15; }
    .uptake-place > div { flex: 1 1 0; min-width: 0; }
    .uptake-place > span { flex: none; white-space: nowrap; text-align: right; }
    .uptake-cut { display: -webkit-box; -webkit-box-orient: vertical; overflow: hidden; overflow-wrap: anywhere; }
    @media (orientation: landscape) {  /* upright phones scroll */
        .uptake-slide { height: calc(100vh - 4.5rem); }
        .uptake-places { flex: 1 1 0; min-height: 0; display: grid; align-content: start; }
        .uptake-place { container-type: size; }
        .uptake-place .rank, .uptake-place .reached { font-size: min(46cqh, 5.5cqw); }
        .uptake-place .name { font-size: max(LEAST, min(34cqh, 4cqw, var(--most))); }
        .uptake-place .said { font-size: max(LEAST, min(15cqh, 2.2cqw)); }
        .brief .name { font-size: max(LEAST, min(42cqh, 4cqw, var(--most))); }
        .brief .said { font-size: max(LEAST, min(26cqh, 2.2cqw)); }
        .brief .rank, .brief .reached { font-size: min(60cqh, 5.5cqw); }
    }
""".replace("LEAST", LEAST)


@solara.component
def RankingSlide(workshop: Workshop, results: Results) -> None:
    """Every team, the best first."""
    outcome, brief = outcomes.ALL[workshop.terms.outcome], len(results.standings) > IN_FULL
    with rv.Html(tag="div", class_="uptake-slide text--primary"):
        rv.Html(tag="h1", class_="text-h4", children=["Who got how far"])
        rv.Html(tag="p", children=[what_counts(workshop, results)])
        rows = f"grid-template-rows: repeat({len(results.standings)}, minmax(0, 26vh))"
        with rv.Html(tag="div", class_="uptake-places" + " brief" * brief, style_=rows):
            for standing in results.standings:
                closest = is_closest(results, standing)
                _Place(standing, outcome, colour_of(results, workshop, standing), closest, brief)
        rv.Html(tag="p", style_=f"font-size: {LEAST}", children=[in_which_worlds(results)])


@solara.component
def _Place(standing: Standing, outcome: Outcome, colour: str, closest: bool, brief: bool) -> None:
    """One team; where many are, what comes last may be cut."""
    guess, won = guess_in_words(standing, outcome, closest), won_in_words(standing)
    said = [guess, won] if brief else [won, guess, taken_in_words(standing)]
    with rv.Html(tag="div", class_="uptake-place", style_=f"border-color: {colour}"):
        rv.Html(tag="span", class_="rank", children=[rank_in_words(standing)])
        with rv.Html(tag="div"):
            Cut("name", standing.team.name, 1, f"; --most: {120 / len(standing.team.name):.2f}cqw")
            Cut("said", " · ".join(said), 1 if brief else 2)
            if standing.team.why and not brief:
                Cut("said font-italic", f"“{standing.team.why}”", 1)
        with rv.Html(tag="span"):
            rv.Html(tag="div", class_="reached", children=[words.number(standing.reached.mean, outcome)])
            if standing.reached.low is not None and not brief:
                rv.Html(tag="div", class_="said", children=[range_in_words(standing, outcome)])


@solara.component
def Cut(class_: str, said: str, lines: int, style: str = "") -> None:
    """Text of at most so many lines."""
    cut = f"-webkit-line-clamp: {lines}; word-break: {'break-all' if lines == 1 else 'normal'}{style}"
    rv.Html(tag="div", class_=f"uptake-cut {class_}", style_=cut, children=[said])


@solara.component
def CausesSlide(workshop: Workshop, results: Results) -> None:
    """What each team's strongest changes were worth."""
    most = max(1, LINES // len(results.standings))
    said = [causes_in_words(workshop, results, standing, most) for standing in results.standings]
    lines = len(said) + sum(ceil(len(line) / LETTERS) for team in said for line in team)
    size = f"font-size: max({LEAST}, min({58 / lines:.2f}vh, 2.2vw)); line-height: 1.2"
    with rv.Html(tag="div", class_="text--primary"):
        rv.Html(tag="h1", class_="text-h4", children=["What made the difference"])
        rv.Html(tag="div", children=[TAKEN_BACK])
        with rv.Html(tag="div", style_=size):
            for standing, causes in zip(results.standings, said, strict=True):
                edge = f"border-left: .6vw solid {colour_of(results, workshop, standing)}"
                with rv.Html(tag="div", class_="pl-3", style_=f"margin-top: .3em; {edge}"):
                    Cut("font-weight-bold", standing.team.name, 1)
                    for line in causes:
                        rv.Html(tag="div", children=[line])
