"""What a search may pull, and what it is held against: programmes of the library in the base's circumstances."""

from __future__ import annotations

from dataclasses import replace

from experiments.analysis.optimising_search import Ladder
from experiments.analysis.scales import FAMILIES, MET, scale
from sim.passports import levers
from sim.scenario import Scenario, library, load

NAME = "recommended"


def ladder(key: str, weeks: int) -> Ladder:
    """The values of a lever that the search tries; its neutral value is one of them."""
    found = scale(key, weeks)
    values = list(found.values)
    neutral = found.lever.neutral
    if neutral not in values:
        values = sorted([*values, neutral])
    return Ladder(key, tuple(values), values.index(neutral), named=bool(found.lever.choices))


def rivals(base: Scenario) -> dict[str, Scenario]:
    """The base and every programme of the library in the base's circumstances, each once."""
    found = {base.name if base.name != NAME else f"{NAME} (base)": base}
    seen = {base.fingerprint}
    for name in library():
        placed = transplanted(load(name), base)
        if placed.fingerprint not in seen:
            seen.add(placed.fingerprint)
            found[name if name not in found else f"{name} (library)"] = placed
    return found


def transplanted(programme: Scenario, base: Scenario) -> Scenario:
    """The decisions of one scenario with the managers, people, circumstances and parameters of another."""

    def decided(key: str) -> bool:
        return levers()[key].family in FAMILIES and key not in MET

    tracks = {key: track for key, track in base.levers.items() if not decided(key)}
    tracks |= {key: track for key, track in programme.levers.items() if decided(key)}
    return replace(programme, levers=tracks, parameters=base.parameters, mechanisms_off=base.mechanisms_off)
