"""A page as a team sees it: what tells results stays shut until the facilitator reveals them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import reacton.ipyvuetify as rv
import solara

from experiments.app import session
from experiments.app.pages.tabs import Tab
from experiments.app.views import use_open
from experiments.app.workshops.hooks import use_hiding
from experiments.app.workshops.rules import Workshop

SHUT = "This page opens when the facilitator reveals what came of the plans."


@solara.component
def UntilRevealed(here: Tab, children: list[Any]) -> None:
    """The page, or until when it is shut."""
    hiding = use_hiding()
    if hiding and here.tells_results:
        Shut(hiding)
    else:
        solara.Column(children=children)


@solara.component
def Shut(workshop: Workshop) -> None:
    """Until when the page is shut, and the way to the workshop."""
    open_page, team = use_open(), workshop.team_of(session.session_id())

    def go() -> None:
        session.enter_workshop(workshop.code)
        session.change(lambda work: replace(work, present=False))
        open_page("workshop")

    with rv.Html(tag="div"):
        who = f"You are the team “{team.name}”" if team else "You are a guest"
        rv.Html(tag="p", class_="text-h6", style_="overflow-wrap: anywhere", attributes={"role": "status"},
                children=[f"{who} in the workshop “{workshop.title}”. {SHUT}"])  # fmt: skip
        solara.Button("Go to the workshop", icon_name="mdi-account-group", color="primary", on_click=go)
