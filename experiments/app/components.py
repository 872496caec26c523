"""The browser's side: one small Vue component each, and what passes between it and Python."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import reacton.ipyvuetify as rv
import solara
import solara.lab

from experiments import words
from experiments.app import session
from experiments.app.background import Answer
from experiments.figures.draw_html import DARK, plotly, stacked
from experiments.figures.figure import Figure
from experiments.figures.html_page import QUIET

Event = Callable[[Any], None] | None


@solara.component_vue("vue/figure.vue")
def _Plot(
    figure: str, narrow: str, dark: dict[str, str], quiet: dict[str, Any], label: str = "", height: int = 420,
    fills: bool = False, least: int = 0, large: bool = False,
) -> None: ...  # fmt: skip


@solara.component_vue("vue/table.vue")
def _Table(heads: str, rows: str, dark: dict[str, str]) -> None: ...


@solara.component_vue("vue/address.vue")
def KeepAddress(search: str = "") -> None:
    """Keep the browser's address as ``search`` says, without a new entry in its history."""


@solara.component_vue("vue/line.vue")
def Line() -> None:
    """Keep the line to the server: reconnect at once when it is back, and say so while it is gone."""


@solara.component_vue("vue/keys.vue")
def Keys(heard: list[str], event_pressed: Event = None) -> None:
    """``event_pressed`` gets which of the keys ``heard`` was pressed anywhere on the page."""


@solara.component_vue("vue/fonts.vue")
def Fonts() -> None:
    """Have everything that measures letters measure again once they are there."""


@solara.component_vue("vue/theme.vue")
def _ThemeButton(event_chosen: Event = None) -> None: ...


@solara.component_vue("vue/copy.vue")
def CopyAddress(label: str) -> None:
    """A button that copies the page's address, which restores everything."""


@solara.component_vue("vue/upload.vue")
def Upload(label: str, accept: str, most: int, event_received: Event = None, event_refused: Event = None) -> None:
    """A file chosen or dropped: ``event_received`` gets ``{"ticket", "bytes", "name"}``, ``event_refused`` why not."""


@solara.component_vue("vue/orgchart.vue")
def OrgChart(boxes: str, colours: list[str], fills: str, height: str) -> None:
    """The reporting line. ``boxes`` and ``fills``: from ``orgchart``; ``fills``: who has which of the ``colours``.
    ``height`` as CSS has it."""


@solara.component_vue("vue/player.vue")
def Player(
    people: str, played: str, story: str, followed: bool, event_person: Event = None, event_week: Event = None
) -> None:  # fmt: skip
    """A run to be watched: ``people`` from ``orgchart.text``, ``played`` and ``story`` from ``watching``; no ``story``
    while it is looked for. Stands in an element of class ``uptake-player``, whose grid has room for a person's card.

    ``event_week`` gets ``{"week", "playing"}`` where playing rests and, while somebody is ``followed``, every second of
    it; ``event_person`` the same with the ``"row"`` of whom is clicked.
    """


@solara.component
def ThemeButton() -> None:
    """Light, dark, or as the device has it."""
    _ThemeButton(event_chosen=lambda dark: setattr(solara.lab.theme, "dark", dark))


@solara.component
def IconButton(icon: str, label: str, act: Callable[[], None], disabled: bool = False) -> None:
    """A button with nothing but a picture."""
    button = rv.Btn(icon=True, disabled=disabled, children=[rv.Icon(children=[icon])],
                    attributes={"aria-label": label, "title": label})  # fmt: skip
    rv.use_event(button, "click", lambda *_: act())


@solara.component
def HowFar(answer: Answer[Any]) -> None:
    """Of work that takes its time: a bar of how much is done, beside it the per cent, or that it waits for its turn."""
    said = "Waiting for another page's run …" if answer.waits else words.percent(answer.share)
    with rv.Html(tag="div", class_="d-flex flex-wrap align-center", style_="flex: 1 1 80px; gap: 8px 12px"):
        with rv.Html(tag="div", style_="flex: 1 1 80px"):
            solara.ProgressLinear(answer.share * 100 or True)
        rv.Html(tag="span", attributes={"role": "status"}, children=[said])


@solara.component
def PlanSelect(class_: str = "", outlined: bool = False) -> None:
    """Which of the plans is chosen: the one that is edited, watched and studied."""
    work = session.work.value
    names = [{"text": plan.name, "value": place} for place, plan in enumerate(work.plans)]
    rv.Select(label="Plan", items=names, v_model=work.chosen_place, dense=True, outlined=outlined, hide_details=True,
              on_v_model=lambda place: session.change(lambda now: now.choosing(place)),
              class_=class_, menu_props={"offsetY": True})  # fmt: skip


@solara.component
def Table(heads: list[dict[str, str]], rows: list[list[dict[str, str]]]) -> None:
    """``heads``: ``text``, and the ``colour`` of a line beneath; cells: ``strong`` and ``text`` in a line, words
    ``beneath``, a ``title`` on hovering; each may be left out."""
    _Table(heads=json.dumps(heads), rows=json.dumps(rows), dark=DARK)


@solara.component
def Plot(figure: Figure, fills: bool = False, least: int = 0) -> None:
    """A figure as the command line draws it; in the page's light or dark. ``fills``: as high as the window has room,
    and at ``least`` so many pixels (0: what any figure needs)."""
    wide, narrow, height = solara.use_memo(lambda: _described(figure), [figure])
    _Plot(figure=wide, narrow=narrow, dark=DARK, quiet={**QUIET, "displayModeBar": False},
          label=f"{figure.title}. {figure.note}", height=height, fills=fills, least=least,
          large=session.work.value.present)  # fmt: skip
    if figure.note:
        solara.Text(figure.note, classes=["text--secondary", "text-caption"])


def _described(figure: Figure) -> tuple[str, str, int]:
    """The figure as text, for a narrow place too where that differs, and its height in pixels."""
    wide = plotly(figure)
    narrow = plotly(stacked(figure))
    return json.dumps(wide), json.dumps(narrow) if narrow != wide else "", wide["layout"]["height"]
