"""The pages of the explorer, and what surrounds each of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import reacton.ipyvuetify as rv
import solara

from experiments.app import session
from experiments.app.components import Fonts, IconButton, KeepAddress, Line, ThemeButton
from experiments.app.pages.hiding import UntilRevealed
from experiments.app.pages.presenting import Strip
from experiments.app.pages.tabs import TABS, Tab, tab_at
from experiments.app.views import use_open
from experiments.figures.colours import BLUE

STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


@solara.component
def Layout(children: list[Any]) -> None:
    """What surrounds a page, with all its controls or for a room: the page itself, and what it computes, goes on."""
    router = solara.use_router()
    solara.use_memo(lambda: session.restore(router.search), [])
    here = tab_at(router.path)
    present = session.work.value.present
    solara.Title(f"{here.label} · Uptake")
    solara.Style(STYLE)
    with rv.Html(tag="div", class_="uptake-room" if present else "", style_="min-height: 100vh"):
        KeepAddress(search=session.search())
        Line()
        Fonts()
        if not present:
            Head(here).key("head")
        with rv.Html(tag="main", class_="uptake-page").key("main"):
            if not present:
                Question(here).key("question")
            UntilRevealed(here, children).key("page")
            if not present:
                Onward(here).key("onward")
        if present:
            Strip(here).key("strip")


@solara.component
def Head(here: Tab) -> None:
    """Title and tabs."""
    open_page = use_open()
    with rv.Html(tag="div"):
        with rv.AppBar(dense=True, flat=True, color=BLUE, dark=True, style_="flex: none"):
            rv.ToolbarTitle(children=["Uptake"])
            rv.Spacer()
            IconButton("mdi-presentation", "Present: one thing large, for a room",
                       lambda: session.change(lambda work: replace(work, present=True)))  # fmt: skip
            ThemeButton()
        with rv.Tabs(v_model=TABS.index(here), on_v_model=lambda to: open_page(TABS[to].path), show_arrows=True,
                     dark=True, background_color=BLUE, color="white", slider_color="white",
                     class_="uptake-tabs"):  # fmt: skip
            for tab in TABS:
                rv.Tab(children=[rv.Icon(children=[tab.icon], left=True), tab.label], class_="text-none")


@solara.component
def Question(here: Tab) -> None:
    """What the page answers, and why an address could not be restored."""
    with rv.Html(tag="div"):
        if session.refused.value:
            solara.Warning(f"{session.refused.value} A new page was opened instead.")
        rv.Html(tag="p", class_="text-body-1 text--secondary mb-2", children=[here.question])


@solara.component
def Onward(here: Tab) -> None:
    """The way to the page after this one."""
    open_page = use_open()
    after = TABS.index(here) + 1
    if after < len(TABS):
        solara.Button(f"Next: {TABS[after].label}", text=True, color="primary", icon_name="mdi-arrow-right",
                      classes=["mt-2"], on_click=lambda: open_page(TABS[after].path))  # fmt: skip


routes = [
    solara.Route(tab.path or "/", component=tab.page, label=tab.label, layout=None if tab.path else Layout)
    for tab in TABS
]
