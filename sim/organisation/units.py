"""Units: as the roster names them, or, where it does not, the subtrees of the people directly below the top."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.organisation.errors import people
from sim.organisation.tree import nearest_above, spans

HEAD_OFFICE = "Head office"
"""The top person and those directly below who lead nobody, when units are read off the tree."""

NO_UNIT = "No unit"
"""People for whom a roster with units names none, neither for them nor for anyone above them."""

LARGEST_SHARE = 0.4
"""A unit read off the tree that holds more of the people than this is split at the next level down."""

SMALLEST_TO_SPLIT = 50
"""People: a smaller unit is never split, whatever its share."""


def name_units(
    ids: Sequence[str], manager: np.ndarray, given: Sequence[str] | None, title: Sequence[str] | None
) -> tuple[list[str], list[str]]:
    """Each person's unit name, and notices. Names do not depend on the order of the people."""
    if given is not None and any(given):
        return _inherited(manager, given)
    return _from_tree(ids, manager, title), ["no units in the roster: they are read off the reporting line"]


def _inherited(manager: np.ndarray, given: Sequence[str]) -> tuple[list[str], list[str]]:
    known = np.fromiter((bool(unit) for unit in given), dtype=bool, count=len(given))
    if known.all():
        return list(given), []
    source = nearest_above(manager, known)
    units = [NO_UNIT if at < 0 else given[at] for at in source.tolist()]
    missing = int(np.sum(~known))
    return units, [f"{people(missing)} without a unit: placed in the unit of the nearest manager who has one"]


def _from_tree(ids: Sequence[str], manager: np.ndarray, title: Sequence[str] | None) -> list[str]:
    span = spans(manager)
    leads = span > 0
    is_root = manager < 0
    head = leads & ~is_root
    head[head] = is_root[manager[head]]
    # Split the giants: where one head has most of the people, those below who lead others become heads too.
    while True:
        unit_head = nearest_above(manager, head | is_root)
        size = np.bincount(unit_head, minlength=len(manager))
        giant = head & (size > max(LARGEST_SHARE * len(manager), SMALLEST_TO_SPLIT))
        below = leads & ~is_root & ~head
        below[below] = giant[manager[below]]
        if not below.any():
            break
        head |= below
    heads = np.flatnonzero(head).tolist()
    wanted = {i: (title[i] if title is not None and title[i] else f"Team of {ids[i]}") for i in heads}
    uses: dict[str, int] = {HEAD_OFFICE: 1}
    for unit_name in wanted.values():
        uses[unit_name] = uses.get(unit_name, 0) + 1
    names = {i: unit_name if uses[unit_name] == 1 else f"{unit_name} ({ids[i]})" for i, unit_name in wanted.items()}
    return [names.get(at, HEAD_OFFICE) for at in unit_head.tolist()]
