"""The pages of the explorer, and what surrounds each of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import reacton.ipyvuetify as rv
import solara
import solara.lab

from experiments.app import session
from experiments.app.components import Address, Fonts, IconButton, Line
from experiments.app.pages.guessing import AfterTheGuess
from experiments.app.pages.presenting import Room
from experiments.app.pages.tabs import TABS, Tab, tab_at
from experiments.figures.colours import BLUE

STYLE = """
    .uptake-page { max-width: 1280px; margin: 0 auto; padding: 12px; }
    .uptake-page .v-card { overflow: hidden; }
    @media (max-width: 600px) {
        .uptake-page { padding: 6px; }
        .uptake-page .row { margin-left: -6px; margin-right: -6px; }
        .uptake-page .row > [class*="col"] { padding-left: 6px; padding-right: 6px; }
    }
    .uptake-page .v-btn, .v-dialog .v-btn { text-transform: none; letter-spacing: normal; }
    .text-h2 { font-size: 3.5rem !important; line-height: 1.1; }  /* sizes of type that this Vuetify lacks */
    .text-h3 { font-size: 2.8rem !important; line-height: 1.1; }
    .text-h4 { font-size: 2.1rem !important; line-height: 1.2; font-weight: 400; }
    .text-h5 { font-size: 1.5rem !important; line-height: 1.3; }
    .text-h6 { font-size: 1.25rem !important; line-height: 1.4; }
    .text-body-1 { font-size: 1rem !important; }
    .text-body-2 { font-size: .9rem !important; }
    .text-caption { font-size: .8rem !important; }
"""


@solara.component
def Layout(children: list[Any]) -> None:
    """Title, tabs, the page; the address and the line beneath."""
    router = solara.use_router()
    solara.use_memo(lambda: session.restore(router.search), [])
    here = tab_at(router.parts[0].strip("/") if router.parts else "")
    solara.Title(f"{here.label} · Uptake")
    solara.Style(STYLE)
    with rv.Html(tag="div", style_="min-height: 100vh"):
        Address(search=session.search())
        Line()
        Fonts()
        if session.work.value.present:
            Room(here, children)
        else:
            Desk(here, children)


@solara.component
def Desk(here: Tab, children: list[Any]) -> None:
    """A page with all its controls, between the tabs and the way on."""
    router = solara.use_router()

    def open_tab(tab: Tab) -> None:
        session.change(lambda work: replace(work, view=""))
        router.push(f"/{tab.path}")

    place = TABS.index(here)
    with rv.Html(tag="div"):
        with rv.AppBar(dense=True, flat=True, color=BLUE, dark=True, style_="flex: none"):
            rv.ToolbarTitle(children=["Uptake"])
            rv.Spacer()
            IconButton("mdi-presentation", "Present: one thing large, for a room",
                       lambda: session.change(lambda work: replace(work, present=True)))  # fmt: skip
            solara.lab.ThemeToggle()
        with rv.Tabs(v_model=place, on_v_model=lambda to: open_tab(TABS[to]), show_arrows=True,
                     background_color=BLUE, dark=True, color="white", slider_color="white"):  # fmt: skip
            for tab in TABS:
                rv.Tab(children=[rv.Icon(children=[tab.icon], left=True), tab.label], class_="text-none")
        with rv.Html(tag="main", class_="uptake-page"):
            if session.refused.value:
                solara.Warning(f"{session.refused.value} A new page was opened instead.")
            rv.Html(tag="p", class_="text-body-1 text--secondary mb-2", children=[here.question])
            AfterTheGuess(here, children)
            if place + 1 < len(TABS):
                solara.Button(f"Next: {TABS[place + 1].label}", text=True, color="primary", icon_name="mdi-arrow-right",
                              classes=["mt-2"], on_click=lambda: open_tab(TABS[place + 1]))  # fmt: skip


routes = [
    solara.Route(tab.path or "/", component=tab.page, label=tab.label, layout=None if tab.path else Layout)
    for tab in TABS
]
