"""Long work of the page *What matters*: how long it will take, a button, progress, and a way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reacton.ipyvuetify as rv
import solara

from experiments import words
from experiments.app import session, sharing
from experiments.app.background import Job, use_latest
from experiments.app.studying import Map, Tornado
from experiments.sweeps.estimate import spoken

Compute = Callable[..., Any]


@solara.component
def Running(job: Job, asked: Map | Tornado, compute: Compute, seconds: Compute) -> None:
    """Start ``compute(asked, organisation, progress, cancelled)``; it gives ``(asked, what was found)``."""
    browser = session.session_id()
    expected = use_latest(_expected, browser, asked, seconds)

    def start() -> None:
        job.start(lambda *report: (asked, compute(asked, sharing.people(browser, asked.of.people), *report)))

    with rv.Html(tag="div", class_="d-flex flex-wrap align-center mt-4", style_="gap: 12px 16px"):
        if job.answer.busy:
            solara.Button("Cancel", icon_name="mdi-close", outlined=True, on_click=job.stop)
            with rv.Html(tag="div", style_="flex: 1 1 110px"):
                solara.ProgressLinear(job.answer.share * 100 or True)
            rv.Html(tag="span", attributes={"role": "status"}, children=[words.percent(job.answer.share)])
        else:
            solara.Button(
                "Compute", icon_name="mdi-play", color="primary", on_click=start, disabled=bool(expected.error)
            )
            said = "Looking how long it takes …" if expected.busy or expected.value is None else expected.value
            rv.Html(tag="span", class_="text-body-1 text--secondary", attributes={"role": "status"},
                    children=[said if not expected.error else ""])  # fmt: skip
    if expected.error or job.answer.error:
        solara.Error(expected.error or job.answer.error)


def _expected(browser: str, asked: Map | Tornado, seconds: Compute) -> str:
    organisation = sharing.people(browser, asked.of.people)
    return f"It will take {spoken(seconds(asked, organisation))}, with {organisation.headcount:,} people."
