"""Whoever was clicked on the page Watch: state, story so far, and why they chose as they did."""

from __future__ import annotations

from collections.abc import Callable

import reacton.ipyvuetify as rv
import solara

from experiments.app.background import use_latest
from experiments.app.components import IconButton, Plot
from experiments.app.pages.watch import watching
from experiments.figures.replay import beliefs
from sim.replay import Replay


@solara.component
def PersonCard(found: Replay, row: int, week: int, quiet: bool, on_close: Callable[[], None]) -> None:
    """One person at the end of a week. ``quiet``: changes are not read out, too many follow each other."""
    answer = use_latest(watching.person, found, row, week)
    person, (run, who, at) = answer.value, answer.asked or (found, row, week)
    with rv.Card(
        outlined=True,
        class_="uptake-person pa-4",
        attributes={"role": "region", "aria-label": "Person", "aria-live": "off" if quiet else "polite"},
    ):
        with rv.Html(tag="div", class_="d-flex align-start"):
            rv.Html(tag="h2", class_="text-h6", children=[person.who if person else "…"])
            rv.Spacer()
            IconButton("mdi-close", "Close", on_close)
        rv.Html(tag="p", class_="text-body-2 text--secondary mb-2", children=[watching.SIMULATED])
        if person is None:
            return
        rv.Html(tag="p", class_="mb-2", children=[
            f"Week {at}: ", rv.Html(tag="b", children=[person.stage]), f", {person.did}. "
            f"Trust {person.trust:.2f}, resistance {person.resistance:.2f} (0 to 1).",
        ])  # fmt: skip
        _head(f"Why in week {at}")
        rv.Html(tag="div", children=[person.why or "No access yet, so there is nothing to choose."])
        if person.why:
            said = "+ speaks for using it in that week, − against; the larger the number, the more (in logits)"
            rv.Html(tag="div", class_="text-body-2 text--secondary", children=[said])
        _head("Story so far")
        for event in person.story:
            rv.Html(tag="div", children=[f"Week {event.week}: {event.text}"])
        if at > 0:
            Plot(beliefs(run, who, at))


def _head(text: str) -> None:
    rv.Html(tag="h3", class_="text-subtitle-1 font-weight-bold mt-2", children=[text])
