"""The presenter's view: one thing large, the next at the press of a key."""

from __future__ import annotations

from dataclasses import replace

import reacton.ipyvuetify as rv
import solara

from experiments.app import session
from experiments.app.components import IconButton, Keys, ThemeButton
from experiments.app.pages.tabs import TABS, Tab
from experiments.app.views import View, offered, shown, use_open

ROOM = """
    html { font-size: max(16px, 1.55vw); }  /* all type grows with the screen */
    .uptake-page { max-width: none !important; padding: 1rem 2.5vw 3.5rem !important; }
"""
"""What a room far from the screen needs."""


Slide = tuple[Tab, View]


def slides(now: Slide) -> list[Slide]:
    """What can be presented, in the order of the pages: what shows something, and what is shown now."""
    return [(tab, view) for tab in TABS for view in offered(tab.views) if view.ready() or (tab, view) == now]


@solara.component
def Strip(here: Tab) -> None:
    """Keys and buttons that move on and leave, and what is shown."""
    open_page = use_open()
    now = (here, shown(here.views))
    order = slides(now)
    place = order.index(now)

    def show(to: int) -> None:
        if 0 <= to < len(order):
            tab, view = order[to]
            open_page(tab.path, view.key)

    def pressed(key: str) -> None:
        if key == "Escape":
            leave()
        else:
            show(place + (1 if key == "PageDown" else -1))

    solara.Style(ROOM)
    Keys(heard=["PageDown", "PageUp", "Escape"], event_pressed=pressed)
    with rv.Footer(fixed=True, class_="py-1", style_="gap: 4px; z-index: 5"):
        IconButton("mdi-chevron-left", "Before (Page Up)", lambda: show(place - 1), disabled=place == 0)
        IconButton("mdi-chevron-right", "Next (Page Down)", lambda: show(place + 1),
                   disabled=place == len(order) - 1)  # fmt: skip
        label = here.label if len(here.views) == 1 else f"{here.label}: {order[place][1].label}"
        rv.Html(tag="span", class_="text-caption text--secondary ml-2", children=[label])
        rv.Spacer()
        ThemeButton()
        IconButton("mdi-close", "End the presentation (Escape)", leave)


def leave() -> None:
    """Back to the page with everything on it."""
    session.change(lambda work: replace(work, present=False))
