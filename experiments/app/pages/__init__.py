"""The pages of the explorer, and what surrounds each of them."""

from __future__ import annotations

from typing import Any

import reacton.ipyvuetify as rv
import solara
import solara.lab

from experiments.app import session
from experiments.app.components import Address, Line
from experiments.app.pages import compare, matters, organisation, programme, watch, workshop
from experiments.figures import BLUE

TABS = (
    ("/", "Organisation", "mdi-sitemap", organisation.Page),
    ("programme", "Programme", "mdi-tune", programme.Page),
    ("watch", "Watch", "mdi-play-circle-outline", watch.Page),
    ("compare", "Compare", "mdi-compare", compare.Page),
    ("matters", "What matters", "mdi-scale-balance", matters.Page),
    ("workshop", "Workshop", "mdi-account-group", workshop.Page),
)


@solara.component
def Layout(children: list[Any]) -> None:
    """Title, tabs, the page; the address and the line beneath."""
    router = solara.use_router()
    solara.use_memo(lambda: session.restore(router.search), [])
    paths = [path.strip("/") for path, *_ in TABS]
    here = paths.index(router.parts[0]) if router.parts and router.parts[0] in paths else 0
    solara.Title(f"{TABS[here][1]} · Uptake")
    solara.Style("""
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
    """)
    with rv.Html(tag="div", style_="min-height: 100vh"):
        Address(search=session.search())
        Line()
        with rv.AppBar(dense=True, flat=True, color=BLUE, dark=True, style_="flex: none"):
            rv.ToolbarTitle(children=["Uptake"])
            rv.Spacer()
            solara.lab.ThemeToggle()
        with rv.Tabs(v_model=here, on_v_model=lambda place: router.push(f"/{paths[place]}"), show_arrows=True,
                     background_color=BLUE, dark=True, color="white", slider_color="white"):  # fmt: skip
            for _, label, icon, _ in TABS:
                rv.Tab(children=[rv.Icon(children=[icon], left=True), label], class_="text-none")
        with rv.Html(tag="main", class_="uptake-page"):
            if session.refused.value:
                solara.Warning(f"{session.refused.value} A new page was opened instead.")
            solara.Column(children=children)


routes = [
    solara.Route(path, component=component, label=label, layout=Layout if path == "/" else None)
    for path, label, _, component in TABS
]
