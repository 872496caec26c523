"""Where a team stands, as a picture."""

from __future__ import annotations

import reacton.ipyvuetify as rv
import solara

from experiments.app.workshops.rules import Team


@solara.component
def Mark(team: Team, class_: str = "") -> None:
    """Whether it has handed in."""
    icon, colour = ("mdi-check-circle", "success") if team.ready else ("mdi-progress-clock", "grey")
    rv.Icon(children=[icon], color=colour, class_=class_)
