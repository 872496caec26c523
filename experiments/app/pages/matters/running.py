"""Long work of the page *What matters*: how long it will take, a button, progress, and a way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reacton.ipyvuetify as rv
import solara

from experiments import words
from experiments.app import organisations, session
from experiments.app.background import Job, use_latest
from experiments.app.components import HowFar
from experiments.app.pages.matters.studying import Map, Tornado
from experiments.sweeps.estimate import spoken
from sim.organisation.errors import people

Compute = Callable[..., Any]
SHORT = 8.0
"""Seconds that are waited for without a question."""


@solara.component
def Running(job: Job[Any], asked: Map | Tornado, compute: Compute, seconds: Compute, first: bool) -> None:
    """Start ``compute(asked, organisation, progress, cancelled)``; it gives ``(asked, what was found)``.

    What is short starts by itself where nothing was found before (``first``): a picture is never replaced unasked.
    """
    browser = session.session_id()
    expected = use_latest(_expected, browser, asked, seconds)
    fits = expected.value is not None and expected.asked == (browser, asked, seconds)
    takes, said = expected.value if fits and expected.value else (float("inf"), "Looking how long it takes …")

    def start() -> None:
        job.start(lambda *report: (asked, compute(asked, organisations.of(browser, asked.of.people), *report)))

    def begin() -> None:
        if first and takes < SHORT and not job.answer.busy:
            start()

    solara.use_effect(begin, [takes])
    with rv.Html(tag="div", class_="d-flex flex-wrap align-center", style_="gap: 8px 12px"):
        if job.answer.busy:
            solara.Button("Cancel", icon_name="mdi-close", outlined=True, on_click=job.stop)
            HowFar(job.answer)
        else:
            solara.Button(
                "Compute", icon_name="mdi-play", color="primary", on_click=start, disabled=bool(expected.error)
            )
            rv.Html(tag="span", class_="text-body-2", attributes={"role": "status"},
                    children=[said if not expected.error else ""])  # fmt: skip
    if expected.error or job.answer.error:
        solara.Error(expected.error or job.answer.error)


def _expected(browser: str, asked: Map | Tornado, seconds: Compute) -> tuple[float, str]:
    """How long it will take, in seconds and in words."""
    organisation = organisations.of(browser, asked.of.people)
    takes = seconds(asked, organisation)
    weeks = words.counted(asked.of.weeks, "week")
    return takes, f"It will take {spoken(takes)}: {people(organisation.headcount)}, {weeks}."
