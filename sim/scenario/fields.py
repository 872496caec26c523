"""What a scenario may change: levers with their tracks and scopes, parameters, mechanisms. Each change is checked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import yaml

from sim.mechanisms import MECHANISMS
from sim.passports import InputError, Lever, levers, nearest, parameters
from sim.scenario.model import ROLES, Scenario, Scope, Track
from sim.scenario.nodes import At, entries_of, number_of, shown, text_of, week_of

TRACK_FIELDS = ("value", "start", "end", "fade", "scope")
SCOPE_FIELDS = ("roles", "units", "waves")
WAVES = tuple(str(wave) for wave in range(1, 13))


def known_lever(key: str, where: object) -> str:
    if key not in levers():
        raise InputError(f'{where}: unknown lever "{key}"{nearest(key, levers())} See them all with: uptake levers.')
    return key


def _lever_value(lever: Lever, node: yaml.Node, at: At) -> float:
    if lever.choices:
        word = node.value if isinstance(node, yaml.ScalarNode) else None
        if word in lever.choices:
            return float(lever.choices.index(word))
        raise InputError(f"{at(node)}: {lever.key} is one of {', '.join(lever.choices)}, not {shown(node)}"
                         f"{nearest(str(word), lever.choices)}")  # fmt: skip
    value = number_of(node, at, lever.key)
    if not lever.low <= value <= lever.high:
        raise InputError(f"{at(node)}: {lever.key} must be from {lever.low:g} to {lever.high:g} ({lever.unit}), "
                         f"not {value:g}")  # fmt: skip
    if lever.whole and value != int(value):
        raise InputError(f"{at(node)}: {lever.key} must be a whole number ({lever.unit}), not {value:g}")
    return value


def with_lever(scenario: Scenario, key: str, node: yaml.Node, at: At, base: Track | None) -> Scenario:
    lever = levers()[known_lever(key, at)]
    if isinstance(node, yaml.MappingNode):
        track = _track(lever, node, at, base or Track(scenario.lever(key).value))
    else:
        track = Track(_lever_value(lever, node, at))
    return replace(scenario, levers={**scenario.levers, key: track})


def _track(lever: Lever, node: yaml.MappingNode, at: At, base: Track) -> Track:
    entries = entries_of(node, at, TRACK_FIELDS, f"field of {lever.key}")
    timed = [k for k in ("start", "end", "fade") if k in entries]
    if timed and not lever.weekly:
        raise InputError(f"{at(entries[timed[0]])}: {lever.key} is set once; it takes no {timed[0]}")
    if "scope" in entries and not lever.scoped:
        raise InputError(f"{at(entries['scope'])}: {lever.key} acts on the whole organisation; it takes no scope")
    track = base
    if "value" in entries:
        track = replace(track, value=_lever_value(lever, entries["value"], at))
    for name in timed:
        changed: dict[str, Any] = {name: week_of(entries[name], at, f"{lever.key} {name}")}
        track = replace(track, **changed)
    if track.end is not None and track.end < track.start:
        raise InputError(f"{at(node)}: {lever.key} ends in week {track.end}, before it starts in week {track.start}")
    if track.fade and track.end is None:
        raise InputError(f"{at(node)}: {lever.key} fades after its end; give it an end")
    if "scope" in entries:
        track = replace(track, scope=_scope(entries["scope"], at, lever))
    return track


def _scope(node: yaml.Node, at: At, lever: Lever) -> Scope:
    if not isinstance(node, yaml.MappingNode):
        raise InputError(f"{at(node)}: the scope of {lever.key} is a mapping with {', '.join(SCOPE_FIELDS)}")
    entries = entries_of(node, at, SCOPE_FIELDS, "scope")
    lists = {
        name: [text_of(item, at) for item in (value.value if isinstance(value, yaml.SequenceNode) else [value])]
        for name, value in entries.items()
    }
    for role in lists.get("roles", []):
        if role not in ROLES:
            raise InputError(f'{at(entries["roles"])}: unknown role "{role}"{nearest(role, ROLES)} '
                             f"Roles are {', '.join(ROLES)}.")  # fmt: skip
    waves = []
    for wave in lists.get("waves", []):
        if wave not in WAVES:
            raise InputError(f"{at(entries['waves'])}: waves are whole numbers from 1 to 12, not {wave!r}")
        waves.append(int(wave))
    return Scope(tuple(lists.get("roles", [])), tuple(lists.get("units", [])), tuple(waves))


def with_parameter(scenario: Scenario, key: str, node: yaml.Node, at: At) -> Scenario:
    if key not in parameters():
        raise InputError(f'{at}: unknown parameter "{key}"{nearest(key, parameters())} '
                         "See them all with: uptake parameters.")  # fmt: skip
    value = number_of(node, at, key)
    if abs(value) > 1e6:
        raise InputError(f"{at(node)}: {key} must be between -1e6 and 1e6, not {value:g}")
    return replace(scenario, parameters={**scenario.parameters, key: value})


def with_mechanism(scenario: Scenario, key: str, node: yaml.Node, at: At) -> Scenario:
    if key not in MECHANISMS:
        raise InputError(f'{at}: unknown mechanism "{key}"{nearest(key, MECHANISMS)} '
                         f"Mechanisms are {', '.join(MECHANISMS)}.")  # fmt: skip
    word = node.value.lower() if isinstance(node, yaml.ScalarNode) else None
    if word not in ("on", "off", "true", "false"):
        raise InputError(f"{at(node)}: mechanisms.{key} is on or off, not {shown(node)}")
    off = set(scenario.mechanisms_off) - {key} | ({key} if word in ("off", "false") else set())
    return replace(scenario, mechanisms_off=tuple(sorted(off)))
