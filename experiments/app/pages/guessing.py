"""A page as a team sees it: what tells results stays shut until the team has handed in its guess."""

from __future__ import annotations

from typing import Any

import reacton.ipyvuetify as rv
import solara

from experiments.app.pages.tabs import Tab
from experiments.app.workshops import rooms

SHUT = "First hand in your plan and your guess on the page Workshop; then this page opens."


@solara.component
def AfterTheGuess(here: Tab, children: list[Any]) -> None:
    """The page, or what must be done first."""
    guessing = rooms.use_guessing()
    if guessing and here.tells_results:
        rv.Html(tag="p", class_="text-h6", attributes={"role": "status"}, children=[SHUT])
    else:
        solara.Column(children=children)
