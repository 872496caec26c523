"""Units: as the roster names them, or, where it does not, the subtrees of the people directly below the top."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

import numpy as np

from sim.organisation.errors import Notice, people
from sim.organisation.tree import nearest_above, spans

HEAD_OFFICE = "Head office"
"""The top person and those directly below who lead nobody, when units are read off the tree."""

NO_UNIT = "No unit"
"""People for whom a roster with units names none, neither for them nor for anyone above them."""

TEAM = "Team"
"""A unit whose head has no title, before its number."""

LARGEST_SHARE = 0.4
"""A unit read off the tree that holds more of the people than this is split at the next level down."""

SMALLEST_TO_SPLIT = 50
"""People: a smaller unit is never split, whatever its share."""


def name_units(
    ids: Sequence[str], manager: np.ndarray, given: Sequence[str] | None, title: Sequence[str] | None
) -> tuple[list[str], list[Notice]]:
    """Each person's unit name, and notices. Names do not depend on the order of the people."""
    if given is not None and any(given):
        return _inherited(manager, given)
    return _from_tree(ids, manager, title), [Notice("no units in the roster: they are read off the reporting line")]


def _inherited(manager: np.ndarray, given: Sequence[str]) -> tuple[list[str], list[Notice]]:
    known = np.fromiter((bool(unit) for unit in given), dtype=bool, count=len(given))
    if known.all():
        return list(given), []
    source = nearest_above(manager, known)
    units = [NO_UNIT if at < 0 else given[at] for at in source.tolist()]
    missing = int(np.sum(~known))
    placed = "placed in the unit of the nearest manager who has one"
    return units, [Notice(f"{people(missing)} without a unit: {placed}")]


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
    names = _by_head(sorted(np.flatnonzero(head).tolist(), key=ids.__getitem__), title)
    return [names.get(at, HEAD_OFFICE) for at in unit_head.tolist()]


def _by_head(heads: Sequence[int], title: Sequence[str] | None) -> dict[int, str]:
    """The name of each head's unit: the head's title, numbered where several share it. An id is never part of one."""
    called: dict[str, list[int]] = {}
    for head in heads:
        called.setdefault((title is not None and title[head]) or TEAM, []).append(head)
    names: dict[int, str] = {}
    for name, those in called.items():
        if len(those) == 1 and name not in (TEAM, HEAD_OFFICE):
            names[those[0]] = name
        else:
            width = len(str(len(those)))  # so that names sort as numbers do
            numbered = (f"{name} {number:0{width}d}" for number in count(1))
            names |= zip(those, (each for each in numbered if each not in called), strict=False)
    return names
