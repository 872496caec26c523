"""In which colours the chart of an organisation shows its people."""

from __future__ import annotations

import numpy as np

from experiments import words
from experiments.figures.colours import PROGRAMMES, SCALES
from sim.organisation import Organisation
from sim.organisation.roles import Role

COLOURED_BY = ("Layer", "Unit", "Role")


def colouring(organisation: Organisation, by: str) -> tuple[np.ndarray, list[str], list[tuple[str, str]]]:
    """Each person's colour, the colours, and what they mean (nothing for units: too many)."""
    if by == "Role":
        colours = list(PROGRAMMES[1 : 1 + len(Role)])
        return organisation.role.astype(int), colours, [(words.spaced(role.label), colours[role]) for role in Role]
    if by == "Unit":
        colours = list(PROGRAMMES[1:])
        return organisation.unit.astype(int) % len(colours), colours, []
    scale = SCALES["rising"]
    depth = min(int(organisation.level.max()) + 1, len(scale) - 2)
    colours = [scale[step] for step in np.linspace(1, len(scale) - 2, depth).round().astype(int)]
    named = [f"layer {place + 1}" for place in range(depth)]
    if organisation.level.max() >= depth:
        named[-1] += " and below"
    return np.minimum(organisation.level, depth - 1).astype(int), colours, list(zip(named, colours, strict=True))
