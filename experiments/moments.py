"""When a programme does what, before anybody has answered to it.

Read by its calendar (``experiments.timeline``) and by what is told of a run (``experiments.story``).
"""

from __future__ import annotations

from sim.passports import Lever
from sim.programme import Programme

WITHDRAWAL, INCIDENT, CHAMPIONS = "leaders.withdraw_week", "circumstances.incident_week", "champions.activation_week"
"""Levers that name a week in which something happens."""


def week_of(programme: Programme, key: str) -> int | None:
    """The week that one of these levers names; None where nothing happens, or before or beyond the horizon."""
    if key == CHAMPIONS and not has_champions(programme):
        return None
    week = round(programme.value(key))
    return week if 0 < week < programme.weeks else None


def since(programme: Programme, lever: Lever) -> int:
    """From which week on a lever can do anything: champions' once there are champions; the horizon where never."""
    if lever.family != "champions":
        return 0
    return round(programme.value(CHAMPIONS)) if has_champions(programme) else programme.weeks


def has_champions(programme: Programme) -> bool:
    """Whether any are asked for."""
    return programme.value("champions.one_per") > 0
