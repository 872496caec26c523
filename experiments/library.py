"""Scenarios in words: what one sets, and how it differs from the one it extends."""

from __future__ import annotations

from pathlib import Path

import yaml

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
    here = {entry["key"]: entry["value"] for entry in settings(scenario)}
    there = {entry["key"]: entry["value"] for entry in settings(other)} if other else {}
    keys = [*here, *(key for key in there if key not in here)]
    return [
        {"key": key, "before": there.get(key, usual(key)), "after": here.get(key, usual(key))}
        for key in keys
        if there.get(key) != here.get(key)
    ]


def settings(scenario: Scenario) -> list[dict[str, str]]:
    """``key`` and ``value`` in words, for every lever, parameter and mechanism that a scenario sets."""
    found = [
        {"key": key, "value": track_in_words(key, scenario.levers[key])} for key in levers() if key in scenario.levers
    ]
    found += [{"key": f"parameters.{key}", "value": f"{value:g}"} for key, value in scenario.parameters.items()]
    return found + [{"key": f"mechanisms.{name}", "value": "off"} for name in scenario.mechanisms_off]


def usual(key: str) -> str:
    """What holds where a scenario does not set a key."""
    if key.startswith("mechanisms."):
        return "on"
    if key.startswith("parameters."):
        return f"{parameters()[key.removeprefix('parameters.')].value:g}"
    return levers()[key].spoken(levers()[key].neutral)


def track_in_words(key: str, track: Track) -> str:
    """``0.6 until week 26, fading over 26 weeks, only executive``."""
    return limited(levers()[key].spoken(track.value), track)


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
        parts.append(f"fading over {track.fade} weeks")
    if track.scope.roles:
        parts.append(f"only {', '.join(track.scope.roles).replace('_', ' ')}")
    if track.scope.units:
        parts.append(f"units: {', '.join(track.scope.units)}")
    if track.scope.waves:
        parts.append(f"waves: {', '.join(map(str, track.scope.waves))}")
    return ", ".join(parts)
