"""The shape of an organisation as a figure: how many people on each layer, and how many whom a manager leads."""

from __future__ import annotations

import numpy as np

from experiments.figures.colours import BLUE, GREEN
from experiments.figures.figure import Axis, Figure, Panel
from experiments.figures.marks import Bar, Note
from sim.organisation import Organisation
from sim.organisation.errors import people
from sim.organisation.tree import spans

SPANS = ((1, 1), (2, 4), (5, 9), (10, 14), (15, 24), (25, 49), (50, 0))
"""Direct reports, from and to; the last is open."""
MOST_LAYERS = 12
"""Deeper ones stand together."""
SHORTEST = 5
"""An axis ends no earlier: its steps are whole people."""
ROOM = 1.18
"""Of the longest bar, for the number after it."""


def shape(organisation: Organisation) -> Figure:
    """Layers above spans of control."""
    panels = (
        _counts("People on each layer", "people", _layers(organisation.level), BLUE),
        _counts("Managers by direct reports", "managers", _spans(spans(organisation.manager)), GREEN),
    )
    title = f"{organisation.name}: layers and spans"
    note = f"{people(organisation.headcount)}. Layer 1 is the top. A manager is anyone with direct reports."
    return Figure("shape", title, note, panels, 1, height=2.6 + 0.3 * sum(len(p.y.places) for p in panels))


def _layers(level: np.ndarray) -> list[tuple[str, int]]:
    counts = np.bincount(level).tolist()
    named = [(f"layer {place}", count) for place, count in enumerate(counts[:MOST_LAYERS], 1)]
    rest = sum(counts[MOST_LAYERS:])
    return [*named, (f"below layer {MOST_LAYERS}", rest)] if rest else named


def _spans(span: np.ndarray) -> list[tuple[str, int]]:
    found = []
    for low, high in SPANS:
        name = f"{low} or more" if not high else str(low) if low == high else f"{low} to {high}"
        found.append((name, int(((span >= low) & (span <= (high or span.max()))).sum())))
    return found


def _counts(title: str, what: str, counts: list[tuple[str, int]], colour: str) -> Panel:
    rows = list(reversed(counts))
    most = max(SHORTEST, *(count for _, count in rows))
    bars = [Bar(y, 0, count, colour, f"{name}, {what}", 0.7) for y, (name, count) in enumerate(rows)]
    notes = [Note(count, y, f"{count:,}", colour) for y, (_, count) in enumerate(rows)]
    places = tuple((float(y), name) for y, (name, _) in enumerate(rows))
    return Panel(title, Axis(what, 0, most * ROOM), Axis("", -0.6, len(rows) - 0.4, places=places), (*bars, *notes))
