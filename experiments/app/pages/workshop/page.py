"""Page *Workshop*: the side of it that this browser is on, or the room's screen."""

from __future__ import annotations

from dataclasses import replace

import solara

from experiments.app import session
from experiments.app.pages.workshop.door import Door, Join
from experiments.app.pages.workshop.facilitator import Facilitator
from experiments.app.pages.workshop.room import VIEWS, Room
from experiments.app.pages.workshop.team import TeamSide
from experiments.app.work import Work
from experiments.app.workshops import rounds
from experiments.app.workshops.hooks import use_workshop
from experiments.app.workshops.rules import Workshop

__all__ = ["VIEWS", "Page"]


@solara.component
def Page() -> None:
    """Whoever is in a workshop sees it; whoever is not, how to open or join one."""
    work, mine = session.work.value, session.session_id()
    workshop = use_workshop(work.workshop)
    team = workshop.team_of(mine) if workshop else None
    inside = workshop if workshop and (team or workshop.led_by(mine)) else None
    solara.use_effect(lambda: _take_in(inside) if inside else None, [inside and inside.code])
    if work.present:
        Room(workshop)
    elif workshop is None:
        if work.workshop:
            solara.Warning(f"There is no workshop {work.workshop} on this machine.")
        Door(enter)
    elif workshop.led_by(mine):
        Facilitator(workshop)
    elif team:
        TeamSide(workshop, team, by_facilitator=False)
    else:
        Join(workshop, enter)


def enter(workshop: Workshop) -> None:
    """Take this page into a workshop."""
    session.enter_workshop(workshop.code)


def _take_in(workshop: Workshop) -> None:
    """The workshop's people, weeks, worlds and seed hold on the other pages too."""
    terms = workshop.terms
    rounds.people(workshop, session.session_id())  # at hand from now on

    def rule(work: Work) -> Work:
        return replace(work, people=terms.people, weeks=terms.weeks, replicates=terms.replicates, seed=terms.seed)

    session.change(rule)
