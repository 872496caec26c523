"""Page *Compare*: two to four programmes on the same people, seeds and worlds; and what a turned lever does to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reacton.ipyvuetify as rv
import solara
import solara.lab

from experiments import outcomes, words
from experiments.app import organisations, session
from experiments.app.background import use_latest
from experiments.app.components import HowFar, Plot
from experiments.app.pages.beside import Beside, said, seen, turned
from experiments.app.pages.compare.lever import Turn
from experiments.app.pages.compare.outcomes import Outcomes
from experiments.app.plans import Plan
from experiments.app.runs import compared
from experiments.app.tracks import beyond_in_words
from experiments.app.views import View, Views, shown
from experiments.app.work import People
from experiments.compare import Comparison
from experiments.figures.colours import style_of
from experiments.figures.comparison import adoption, logged, reach, stages
from experiments.figures.differences import differences
from experiments.figures.draw_html import DARK
from experiments.figures.figure import Figure
from experiments.figures.rows import alone, in_a_row

VIEWS = (View("adoption", "Habitual use"), View("active", "Active"), View("stages", "Stages"), View("logged", "Logged"),
         View("reach", "Tried"), View("differences", "Differences", plans=2))  # fmt: skip
FIGURES: dict[str, Callable[[Comparison], Figure]] = {
    "adoption": lambda c: alone(adoption(c), 0),
    "active": lambda c: alone(adoption(c), 1),
    "stages": stages,
    "logged": logged,
    "reach": reach,
    "differences": differences,
}
BESIDE = tuple(key for key in outcomes.SHOWN if key != outcomes.PRIMARY)
"""What else a programme does."""


@solara.component
def Page() -> None:
    """The whole page."""
    work = session.work.value
    asked = (session.session_id(), work.people, work.plans, work.weeks, work.replicates, work.seed)
    answer = use_latest(_compared, *asked, stops=True)
    comparison, late = answer.value, answer.asked != asked
    slow = late and bool(answer.share or answer.waits)
    if work.present:
        if slow:
            HowFar(answer)
        elif comparison is None:
            solara.Text(answer.error or "Running …")
        if comparison is not None:
            _Large(comparison)
        return
    with Beside():
        with turned():
            Turn(work)
        with seen():
            rv.ProgressLinear(indeterminate=True, active=late and not slow, absolute=True, height=3)
            if slow:
                with rv.Html(tag="div", class_="d-flex pa-3"):
                    HowFar(answer)
            if answer.error:
                solara.Error(answer.error)
            elif comparison is None and not slow:
                rv.CardText(children=["Running …"])
            elif comparison is not None:
                Views(VIEWS)
                with rv.Html(tag="div", class_="px-3 pb-2"):
                    _Drawn(comparison, shown(VIEWS).key)
        if comparison is not None:
            with said():
                _Verdict(comparison)
    if comparison is not None:
        Outcomes(comparison)


def _compared(session_id: str, wanted: People, plans: tuple[Plan, ...], *size_and_reports: Any) -> Comparison:
    return compared(organisations.of(session_id, wanted), plans, *size_and_reports)


@solara.component
def _Drawn(c: Comparison, view: str) -> None:
    """A view's figure in one row of panels, as high as the window has room."""
    if view == "differences" and len(c.names) == 1:  # of before another plan was added
        view = VIEWS[0].key
    Plot(solara.use_memo(lambda: in_a_row(FIGURES[view](c)), [c, view]), fills=True)


@solara.component
def _Verdict(c: Comparison) -> None:
    """The verdict in words, the strongest thing on the page."""
    dark = solara.lab.use_dark_effective()
    few = len(c.names) <= 2
    size = "text-h5" if few else "text-body-1 font-weight-medium"
    with rv.Html(tag="div", attributes={"aria-live": "polite"}):
        for place, sentence in enumerate(_sentences(c), 1 if len(c.names) > 1 else 0):
            colour = style_of(place)[0]
            rv.Html(tag="p", class_=f"{size} text--primary mb-3 pl-3", children=[sentence],
                    style_=f"border-left: 5px solid {DARK.get(colour, colour) if dark else colour}")  # fmt: skip
        if few and (also := words.trade_offs([d for d in c.differences if d.outcome in BESIDE])):
            rv.Html(tag="p", class_="text-body-1 text--primary mb-2", children=[also])
        if len(c.names) == 1:
            solara.Text("Add a second programme on the page Programme to compare it with.")
        for name in c.names:
            for warning in beyond_in_words(c.scenario(name)):
                solara.Warning(f"{name}: {warning}", dense=True)


def _sentences(c: Comparison) -> list[str]:
    return words.verdicts(c) if len(c.names) > 1 else [words.reached(c)]


@solara.component
def _Large(c: Comparison) -> None:
    """One figure for a room, with the one sentence that matters."""
    rv.Html(tag="p", class_="text-h5 text--primary mb-0", children=[words.headline(c)])
    _Drawn(c, shown(VIEWS).key)
