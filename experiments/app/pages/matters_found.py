"""What was found on the page *What matters*: in sentences for a room, and in the pictures of the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reacton.ipyvuetify as rv
import solara

from experiments import words
from experiments.analysis.sensitivity_figure import screening, tornado
from experiments.analysis.sensitivity_report import sentences as decided
from experiments.analysis.sensitivity_study import Told
from experiments.analysis.tipping import Tipping, mapped
from experiments.analysis.tipping_figure import figure
from experiments.analysis.tipping_words import sentences
from experiments.app import studying
from experiments.app.components import Plot
from experiments.app.studying import Map, Tornado

STEP = 0.05
SEEN = ("Strongest levers", "All that was screened")


@solara.component
def Tipped(found: tuple[Map, Tipping], asked: Map) -> None:
    """The map at a level of success; turning the level runs nothing again."""
    level = solara.use_reactive(0.5)
    of, first = found
    t = solara.use_memo(lambda: mapped(first.runs, of.across, of.up, level.value), [first, level.value])
    _Earlier(of, asked)
    _Sentences([*sentences(t), *t.notes])
    with rv.Card(outlined=True, class_="mt-1"):
        with rv.CardText():
            better = "at least" if t.outcome.good > 0 else "at most"
            said = f"Success: {words.label(t.outcome.name)} {better} {words.number(level.value, t.outcome)}"
            rv.Html(tag="p", class_="text-h6 font-weight-regular mb-0 text--primary", children=[said])
            rv.Slider(
                v_model=level.value,
                on_v_model=lambda value: level.set(round(value, 2)),
                min=STEP,
                max=1 - STEP,
                step=STEP,
                hide_details=True,
                attributes={"aria-label": "level of success"},
            )
        with rv.CardText(class_="px-2"):
            Plot(figure(t))
    rv.Html(tag="p", class_="text-body-1 text--secondary", children=[studying.doubt(t)])


@solara.component
def Decided(found: tuple[Tornado, Told], asked: Tornado) -> None:
    """The tornado, and the screening that chose its levers."""
    shown = solara.use_reactive(0)
    of, told = found
    (column,) = told.found.outcomes
    _Earlier(of, asked)
    _Sentences(decided(told.found))
    with rv.Card(outlined=True, class_="mt-1"):
        with rv.Tabs(v_model=shown.value, on_v_model=shown.set):
            for head in SEEN:
                rv.Tab(children=[head], class_="text-none")
        with rv.CardText(class_="px-2"):
            Plot((tornado, screening)[shown.value](told.found, column, told.title))
    rv.Html(tag="p", class_="text-body-1 text--secondary", children=[studying.of_worlds(of)])


@solara.component
def _Earlier(of: Map | Tornado, asked: Map | Tornado) -> None:
    """Say whether what is shown belongs to something else than what is set now."""
    if of != asked:
        changed = " and ".join(_changed(of, asked))
        solara.Warning(f"This belongs to an earlier setting ({changed} differed): compute again for the present one.")


def _changed(of: Any, asked: Any) -> Sequence[str]:
    named = {"people": "people", "plan": "programme", "weeks": "weeks", "seed": "seed", "outcome": "outcome"}
    rest = {
        "across": "lever across",
        "up": "lever up",
        "replicates": "worlds",
        "varied": "levers",
        "unknown": "numbers",
    }
    found = [word for key, word in named.items() if getattr(of.of, key) != getattr(asked.of, key)]
    return found + [word for key, word in rest.items() if getattr(of, key, None) != getattr(asked, key, None)]


@solara.component
def _Sentences(said: Sequence[str]) -> None:
    """What matters most in large type, what to bear in mind below it."""
    first, *rest = said
    with rv.Card(outlined=True, class_="mt-1"), rv.CardText():
        rv.Html(tag="p", children=[first], class_="mb-3 text-h5 text--primary")
        for sentence in rest:
            rv.Html(tag="p", children=[sentence], class_="mb-2 text-body-1 text--primary")
        rv.Html(tag="p", children=[words.INSIGHT], class_="mb-0 text-caption text--secondary")
