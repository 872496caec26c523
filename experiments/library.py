"""Scenarios in words: what one sets, and how it differs from the one it extends."""

from __future__ import annotations

from pathlib import Path

import yaml

from experiments import words
from sim.passports import levers, parameters
from sim.scenario import Scenario, Track, load


def parent(name: str, scenario: Scenario) -> Scenario | None:
    """The scenario that the one named (by library name or path) extends, if it extends one."""
    if scenario.extends is None:
        return None
    path = Path(name).expanduser()
    if path.suffix and path.is_file():  # a file may extend its neighbour
        above = str(yaml.safe_load(path.read_text(encoding="utf-8-sig"))["extends"])
        beside = path.parent / above
        return load(beside if not Path(above).is_absolute() and beside.suffix and beside.exists() else above)
    return load(scenario.extends)


def differences(scenario: Scenario, other: Scenario | None) -> list[dict[str, str]]:
    """``key``, ``before`` and ``after`` in words, for everything in which a scenario differs from another (or none)."""
    here, there = _set_by(scenario), _set_by(other) if other else {}
    found = [(key, there.get(key, _usual(key)), here.get(key, _usual(key))) for key in here | there]
    return [
        {"key": key, "before": _said(key, before), "after": _said(key, after)}
        for key, before, after in found
        if before != after
    ]


def settings(scenario: Scenario) -> list[dict[str, str]]:
    """``key`` and ``value`` in words, for every lever, parameter and mechanism that a scenario sets."""
    return [{"key": key, "value": _said(key, value)} for key, value in _set_by(scenario).items()]


Setting = Track | float | bool
"""Of a lever, a parameter, a mechanism."""


def _set_by(scenario: Scenario) -> dict[str, Setting]:
    """Everything that a scenario sets."""
    found: dict[str, Setting] = {key: scenario.levers[key] for key in levers() if key in scenario.levers}
    found |= {f"parameters.{key}": value for key, value in scenario.parameters.items()}
    return found | {f"mechanisms.{name}": False for name in scenario.mechanisms_off}


def _usual(key: str) -> Setting:
    """What holds where a scenario does not set a key."""
    if key.startswith("mechanisms."):
        return True
    if key.startswith("parameters."):
        return parameters()[key.removeprefix("parameters.")].value
    return Track(levers()[key].neutral)


def _said(key: str, value: Setting) -> str:
    """``0.6 until week 26, fading over 26 weeks, only executive``; ``0.35``; ``off``."""
    if isinstance(value, Track):
        return limited(levers()[key].spoken(value.value), value)
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}"


def limited(value: str, track: Track) -> str:
    """A track's value in words, with when it is used and for whom."""
    joint = " " if track.start or track.end is not None else ", "
    return joint.join(filter(None, (value, limits(track))))


def limits(track: Track) -> str:
    """When a lever is used, and for whom; empty where that is always and for everyone."""
    weeks = [f"from week {track.start}"] if track.start else []
    if track.end is not None:
        weeks.append(f"until week {track.end}")
    parts = [" ".join(weeks)] if weeks else []
    if track.fade:
        parts.append(f"fading over {words.counted(track.fade, 'week')}")
    if track.scope.roles:
        parts.append(f"only {', '.join(map(words.spaced, track.scope.roles))}")
    if track.scope.units:
        parts.append(f"units: {', '.join(track.scope.units)}")
    if track.scope.waves:
        parts.append(f"waves: {', '.join(map(str, track.scope.waves))}")
    return ", ".join(parts)
