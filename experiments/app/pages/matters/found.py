"""What was found on the page *What matters*: in sentences for a room, and in the pictures of the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import reacton.ipyvuetify as rv
import solara

from experiments import words
from experiments.analysis.sensitivity_figure import screening, tornado
from experiments.analysis.sensitivity_report import sentences as decided
from experiments.analysis.sensitivity_study import Told
from experiments.analysis.tipping import Tipping, mapped
from experiments.analysis.tipping_figure import figure, notes
from experiments.analysis.tipping_words import sentences
from experiments.app import session
from experiments.app.components import Plot
from experiments.app.pages.matters import studying
from experiments.app.pages.matters.studying import Map, Tornado
from experiments.figures.figure import Figure
from experiments.figures.rows import alone, in_a_row

Found = tuple[Map, Tipping] | tuple[Tornado, Told]
STEP = 0.05
MAP_PARTS = ("The map", "All worlds of one row")
TORNADO_PARTS = ("How far each moves it", "How much each decides", "All that was screened")
EARLIER = "This picture is of an earlier setting: since then you changed {}. Press Compute for the present one."
TALL = 475
"""Pixels of a picture at least: the words beside it are taller still."""
level = solara.reactive(0.5)
"""What counts as success on the map: turning it runs nothing again."""
map_part, tornado_part = solara.reactive(0), solara.reactive(0)


@solara.component
def Level(first: Tipping) -> None:
    """The level of success."""
    better = "at least" if first.outcome.good > 0 else "at most"
    said = f"Success: {words.label(first.outcome.name)} {better} {words.number(level.value, first.outcome)}"
    with rv.Html(tag="div", class_="mt-4"):
        rv.Html(tag="p", class_="text-body-1 font-weight-medium mb-0", children=[said])
        rv.Slider(
            v_model=level.value,
            on_v_model=lambda value: level.set(round(value, 2)),
            min=STEP,
            max=1 - STEP,
            step=STEP,
            hide_details=True,
            attributes={"aria-label": "level of success"},
        )


@solara.component
def Tipped(found: tuple[Map, Tipping], asked: Map) -> None:
    """The map at a level of success, or the cut through one of its rows."""
    t = solara.use_memo(lambda: _at_level(found), [found[1], level.value])

    def drawn() -> Figure:
        return replace(alone(figure(t), map_part.value), note=words.first_up(notes(t)[map_part.value]))

    _Picture(MAP_PARTS, map_part, drawn, [t, map_part.value], found[0], asked)


@solara.component
def Decided(found: tuple[Tornado, Told], asked: Tornado) -> None:
    """The tornado by its halves, and the screening that chose its levers."""
    told = found[1]
    (column,) = told.found.outcomes

    def drawn() -> Figure:
        if tornado_part.value == len(TORNADO_PARTS) - 1:
            return screening(told.found, column, told.title)
        return alone(tornado(told.found, column, told.title), tornado_part.value)

    _Picture(TORNADO_PARTS, tornado_part, drawn, [told, tornado_part.value], found[0], asked)


@solara.component
def _Picture(
    parts: Sequence[str], part: solara.Reactive[int], drawn: Any, on: list[Any], of: Map | Tornado, asked: Map | Tornado
) -> None:
    """One of the pictures of what was found; pale where it belongs to something else than what is set now."""
    shown = solara.use_memo(lambda: in_a_row(drawn()), on)
    present = session.work.value.present
    with rv.Html(tag="div"):
        if not present:
            with rv.Tabs(v_model=part.value, on_v_model=part.set, show_arrows=True):
                for head in parts:
                    rv.Tab(children=[head], class_="text-none")
        if of != asked:
            solara.Warning(EARLIER.format(_changed(of, asked)), dense=True, classes=["ma-2"])
        with rv.Html(tag="div", class_="" if present else "px-3 pb-2", style_="" if of == asked else "opacity: 0.45"):
            Plot(shown, fills=True, least=0 if present else TALL)


@solara.component
def Sentences(found: Found) -> None:
    """What matters most in large type, what to bear in mind below it."""
    first, *rest = _said(found)
    with rv.Html(tag="div"):
        rv.Html(tag="p", children=[first], class_="mb-3 text-body-1 font-weight-medium text--primary")
        for sentence in rest:
            rv.Html(tag="p", children=[sentence], class_="mb-2 text-body-2 text--primary")
        rv.Html(tag="p", children=[words.INSIGHT], class_="mb-0 text-caption text--secondary")


def first_of(found: Found) -> str:
    """The sentence that matters most."""
    return _said(found)[0]


def _said(found: tuple[Any, Any]) -> list[str]:
    """The sentences of the command line, and what a page adds: how far chance goes, and which worlds these are."""
    of, what = found
    if isinstance(of, Map):
        t = _at_level((of, what))
        return [*sentences(t), *t.notes, studying.doubt(t)]
    return [*decided(what.found), studying.of_worlds(of)]


def _at_level(found: tuple[Map, Tipping]) -> Tipping:
    of, first = found
    return mapped(first.runs, of.across, of.up, level.value)


def _changed(of: Any, asked: Any) -> str:
    named = {"people": "the people", "plan": "the programme", "weeks": "the weeks", "seed": "the seed",
             "outcome": "what is looked at"}  # fmt: skip
    rest = {"across": "the lever across", "up": "the lever up", "replicates": "the number of worlds",
            "varied": "what varies", "unknown": "whether unmeasured numbers vary"}  # fmt: skip
    found = [word for key, word in named.items() if getattr(of.of, key) != getattr(asked.of, key)]
    found += [word for key, word in rest.items() if getattr(of, key, None) != getattr(asked, key, None)]
    return " and ".join(found)
