"""The library in the order in which people look for something: what to start from, then by what a scenario tries."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from experiments.app.tracks import changes
from experiments.library import parent
from sim.scenario import Scenario, library, load

START, SEVERAL = "To start from", "Several things at once"
PRESETS = ("typical", "middling", "well-run")
"""Whole programmes, from the least to the most done."""
HEADINGS = {
    "leaders": "What leaders do",
    "managers": "What managers do",
    "champions": "Champions",
    "training": "Training",
    "rollout": "How access opens",
    "environment": "What surrounds the work",
    "people": "The people",
    "circumstances": "Circumstances",
}
FEW = 3
"""Changes that a line has room for."""


@cache
def shelves() -> Mapping[str, tuple[Scenario, ...]]:
    """Every scenario of the library under the heading of what it changes in the one that it extends."""
    found: dict[str, list[Scenario]] = {head: [] for head in (START, *HEADINGS.values(), SEVERAL)}
    for name in PRESETS:
        found[START].append(load(name))
    for name in library():
        if name not in PRESETS:
            found[_theme(load(name))].append(load(name))
    return {head: tuple(members) for head, members in found.items() if members}


@cache
def changed(name: str) -> str:
    """What a scenario of the library changes in the one that it extends, in a line."""
    scenario = load(name)
    above = parent(name, scenario)
    found = changes(scenario, above)
    said = "; ".join(found.values())
    if len(found) > FEW:
        families = dict.fromkeys(key.partition(".")[0] for key in found)
        said = f"{len(found)} levers ({', '.join(families)})"
    return f"Against “{above.title}”: {said}" if above else f"Sets {said}"


def _theme(scenario: Scenario) -> str:
    families = {key.partition(".")[0] for key in changes(scenario, parent(scenario.name, scenario))}
    return HEADINGS[families.pop()] if len(families) == 1 else SEVERAL
