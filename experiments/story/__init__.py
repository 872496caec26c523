"""What happened in a replay, in plain words: to the organisation, to its units, to one person; with the causes."""

from __future__ import annotations

from experiments.story.causes import LEAST_CAUSE, LOST
from experiments.story.event import Event
from experiments.story.everyone import organisation, programme, rollout
from experiments.story.managing import managers
from experiments.story.person import BECOMES, person
from experiments.story.units import FALLEN, stalls, unit_use, units
from sim.replay import Replay


def events(found: Replay) -> list[Event]:
    """All events by week; within a week what is done stands before what comes of it."""
    told = [*rollout(found), *programme(found), *managers(found), *units(found), *organisation(found)]
    return sorted(told, key=lambda event: event.week)


__all__ = ["BECOMES", "FALLEN", "LEAST_CAUSE", "LOST", "Event", "events", "person", "stalls", "unit_use"]
