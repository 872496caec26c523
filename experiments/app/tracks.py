"""Levers of a plan over time: what is set, against what its base has, and how a change is written down."""

from __future__ import annotations

from dataclasses import replace

from experiments.analysis.scales import scale
from experiments.app.plans import Plan
from experiments.lever_words import described, named, spoken
from experiments.library import differences, limited
from sim.passports import Parameter, levers, parameters
from sim.scenario import ROLES, Scenario, Scope, Track, load


def rungs(key: str, weeks: int, *held: float) -> list[float]:
    """The values a lever's slider stops at, from the least of it to the most; ``held`` are always among them."""
    found = scale(key, weeks)
    return sorted({*found.values, *held, levers()[key].neutral}, key=found.place)


def with_track(made: Plan, key: str, track: Track) -> Plan:
    """The plan with a lever set; as its base has it, the change is gone. Raises InputError for what makes no sense."""
    as_base = track == load(made.base).lever(key)
    changed = without(made, key)
    if not as_base:
        changed = changed.changed(f"levers.{key}", written(key, track))
    _ = changed.scenario  # refuses
    return changed


def without(made: Plan, key: str) -> Plan:
    """The plan with a lever and all its fields, or whatever else ``changes`` names, as its base has it."""
    gone = [change for change in made.changes if change == key or f"{change}.".startswith(f"levers.{key}.")]
    for change in gone:
        made = made.changed(change, None)
    return made


def written(key: str, track: Track) -> str:
    """A track as a change holds it: its value, else a mapping of what is not usual."""
    value = setting(key, track.value)
    fields = {"start": track.start, "end": track.end, "fade": track.fade}
    usual = Track(track.value)
    parts = [f"{name}: {week}" for name, week in fields.items() if week != getattr(usual, name)]
    scope = [
        f"{name}: [{', '.join(_quoted(str(item)) for item in items)}]"
        for name, items in (("roles", track.scope.roles), ("units", track.scope.units), ("waves", track.scope.waves))
        if items
    ]
    if scope:
        parts.append(f"scope: {{{', '.join(scope)}}}")
    return "{" + ", ".join([f"value: {value}", *parts]) + "}" if parts else value


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def changed_levers(made: Plan) -> list[str]:
    """Keys of the levers that a plan sets otherwise than its base, in the order of their passports."""
    base = load(made.base)
    return [key for key in levers() if made.scenario.lever(key) != base.lever(key)]


def changes(scenario: Scenario, other: Scenario | None) -> dict[str, str]:
    """By key, in words, everything in which a scenario differs from another (or from one that sets nothing)."""
    found = {}
    for change in differences(scenario, other):
        key, before, after = change["key"], change["before"], change["after"]
        label = f"{named(key)} {before}"
        if lever := levers().get(key):
            was, now = other.lever(key) if other else Track(lever.neutral), scenario.lever(key)
            label = limited(described(key, was.value), was)
            after = limited(spoken(key, now.value), now)
        found[key] = f"{label} → {after}"
    return found


def timed(track: Track, start: float, end: float | None, fade: float) -> Track:
    """The track from one week until another; an end before its start, or a fade without an end, is mended."""
    begins = round(start)
    ends = None if end is None else max(round(end), begins)
    return replace(track, start=begins, end=ends, fade=0 if ends is None else round(fade))


def scoped(
    track: Track, *, roles: list[str] | None = None, units: list[str] | None = None, waves: list[int] | None = None
) -> Track:
    """The track for other roles, units or waves (from 1); what is None stays, and an empty list is everyone."""
    now = track.scope
    return replace(
        track,
        scope=Scope(
            now.roles if roles is None else tuple(sorted(roles, key=ROLES.index)),
            now.units if units is None else tuple(units),
            now.waves if waves is None else tuple(sorted(waves)),
        ),
    )


def waves_of(scenario: Scenario) -> int:
    """In how many waves access opens; 0 where it opens for all at once."""
    style = levers()["rollout.style"].spoken(scenario.lever("rollout.style").value)
    waves = round(scenario.lever("rollout.waves").value)
    return 0 if style == "big-bang" or waves == 1 else waves


def beyond(scenario: Scenario) -> list[tuple[Parameter, float]]:
    """Parameters that a scenario holds outside their plausible range, with the values it holds."""
    table = parameters()
    return [
        (table[key], value) for key, value in scenario.parameters.items()
        if not table[key].low <= value <= table[key].high
    ]  # fmt: skip


def beyond_in_words(scenario: Scenario) -> list[str]:
    """A sentence for each parameter that a scenario holds outside its plausible range."""
    return [
        f"{parameter.key} is held at {value:g}, beyond its plausible range of {parameter.low:g} to "
        f"{parameter.high:g} {parameter.unit} ({parameter.grade}; {parameter.source})."
        for parameter, value in beyond(scenario)
    ]


def setting(key: str, value: float) -> str:
    """A lever's value as a change holds it: its choice by name, else the number."""
    lever = levers()[key]
    return lever.choices[round(value)] if lever.choices else f"{value:.6g}"
