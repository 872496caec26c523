"""Make an organisation: a headcount in, a reporting line with skewed spans, units and informal ties out."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np

from sim.organisation import draws, names
from sim.organisation.errors import OrganisationError
from sim.organisation.informal import informal_ties
from sim.organisation.organisation import Organisation, assemble
from sim.organisation.spans import MEAN_SPAN, draw_spans

HEADCOUNTS = (10, 1_000_000)
MEAN_SPANS = (3.0, 40.0)
UNIT_SIZE = 50
"""People in a unit, about: the same at every headcount, so that what happens inside a unit does not depend on how many
units there are."""

FEWEST_UNITS = 4
"""Small organisations still get a few units, where they have enough managers."""

SMALLEST_UNIT = 5
SENIOR_SPANS = (3, 12)
"""Managers of managers lead this many: wide spans are found at the front line."""

LINE_SHARE = 0.8
"""Share of a senior manager's direct reports who are managers; the rest are assistants and specialists."""

SHALLOW_SHARE = 0.2
"""Share of managers near the top who lead no managers: a small legal team reports to the chief executive too."""


def generate(
    headcount: int,
    seed: int = 1,
    *,
    mean_span: float = MEAN_SPAN,
    units: int | Sequence[str] | None = None,
    name: str | None = None,
) -> Organisation:
    """An invented organisation of ``headcount`` people (10 to 1,000,000); the same seed gives the same one everywhere.

    mean_span   people a manager leads on average (3 to 40); the shape of the distribution is kept
    units       how many units to aim at, or their names (then at most so many); None: one to about fifty people
    """
    headcount, seed = _checked(headcount, seed, mean_span)
    spans, manager_children = _lines(headcount, seed, mean_span)
    manager, first_rep = _people(spans, manager_children)
    unit = _units(manager, spans, units, headcount)
    width = max(4, len(str(headcount)))
    people = assemble(
        [f"P{number:0{width}d}" for number in range(1, headcount + 1)],
        manager,
        unit=unit,
        title=_titles(manager, first_rep, manager_children),
        name=name or f"generated-{headcount}-{seed}",
    )
    return people.with_ties(informal_ties(people, seed))


def _checked(headcount: int, seed: int, mean_span: float) -> tuple[int, int]:
    low, high = HEADCOUNTS
    if not _whole(headcount) or not low <= headcount <= high:
        raise OrganisationError(f"headcount {headcount}: must be a whole number from {low} to {high:,}")
    if not _whole(seed):
        raise OrganisationError(f"seed {seed}: must be a whole number")
    if not MEAN_SPANS[0] <= mean_span <= MEAN_SPANS[1]:
        raise OrganisationError(f"mean span {mean_span}: must be from {MEAN_SPANS[0]:g} to {MEAN_SPANS[1]:g} people")
    return int(headcount), int(seed)


def _whole(number: object) -> bool:
    return isinstance(number, int | np.integer) and not isinstance(number, bool)


def _lines(headcount: int, seed: int, mean_span: float) -> tuple[np.ndarray, np.ndarray]:
    """Per manager, in order from the top: span, and how many of those led are managers. Both int64 [M]."""
    spans = draw_spans(headcount, seed, mean_span)
    count = len(spans)
    low, high = SENIOR_SPANS
    order = spans[draws.shuffled(count, seed, "manager")]
    middling = (order >= low) & (order <= high)
    if not middling.any():
        middling = order == order.min()
    senior, front = order[middling].tolist(), order[~middling].tolist()
    # The top leads a middling number, whoever else is drawn.
    senior.sort(key=lambda span: abs(span - 8) > 2)
    shallow = draws.uniform(seed, "shallow", np.arange(count)) < SHALLOW_SHARE
    unplaced = count - 1  # managers whose own manager is still to be found
    waiting = 1  # managers placed who have not got their people yet
    chosen, children = [], []
    for i in range(count):
        waiting -= 1
        leads_managers = unplaced > 0 and (waiting == 0 or not (shallow[i] and front))
        if leads_managers or not front:
            # When the middling spans run out (only in the smallest organisations) a wide one does as well.
            span = senior.pop(0) if senior else front.pop()
        else:
            span = front.pop()
        share = min(unplaced, max(1, round(span * LINE_SHARE))) if leads_managers else 0
        chosen.append(span)
        children.append(share)
        unplaced -= share
        waiting += share
    return np.array(chosen, dtype=np.int64), np.array(children, dtype=np.int64)


def _people(spans: np.ndarray, manager_children: np.ndarray) -> tuple[np.ndarray, int]:
    """Index of everyone's manager, int64 [N]: managers first, from the top, then the reps; and where the reps begin."""
    managers = np.arange(len(spans))
    boss_of_managers = np.repeat(managers, manager_children)
    boss_of_reps = np.repeat(managers, spans - manager_children)
    return np.concatenate([[-1], boss_of_managers, boss_of_reps]), len(spans)


def _units(manager: np.ndarray, spans: np.ndarray, units: int | Sequence[str] | None, headcount: int) -> list[str]:
    """A unit name for each person."""
    named: tuple[str, ...]
    if units is None:
        wanted, named = max(FEWEST_UNITS, round(headcount / UNIT_SIZE)), names.UNITS
    elif isinstance(units, int | np.integer):
        wanted, named = int(units), names.UNITS
    else:
        wanted, named = len(units), tuple(units)
    if wanted < 1 or len(set(named)) < len(named) or not all(named):
        raise OrganisationError(f"units {units!r}: must be at least one, with different names")
    boss = manager[: len(spans)]
    head = _cut_into_units(boss, _subtree_sizes(boss, spans), wanted)
    heads, code = np.unique(head, return_inverse=True)
    vocabulary = names.unit_names(len(heads), named)
    code = np.concatenate([code, code[manager[len(spans) :]]])
    return [vocabulary[i] for i in code.tolist()]


def _subtree_sizes(boss: np.ndarray, spans: np.ndarray) -> list[int]:
    """People in the subtree of each manager, themselves included. Managers stand below their own in the array."""
    size = (spans - np.bincount(boss[1:], minlength=len(boss)) + 1).tolist()
    for i in range(len(size) - 1, 0, -1):
        size[boss[i]] += size[i]
    return size


def _cut_into_units(boss: np.ndarray, size: list[int], wanted: int) -> np.ndarray:
    """The manager who stands for the unit of each manager [M].

    The largest subtree is opened until there are as many as wanted, then the smallest are put together until there are
    no more than that. Whoever stands above (the heads of what was opened, with their assistants) joins the first unit
    below them; a subtree too small to be a unit joins whoever stands above it.
    """
    below: list[list[int]] = [[] for _ in boss]
    for i in range(1, len(boss)):
        if size[i] >= SMALLEST_UNIT:
            below[boss[i]].append(i)
    whole = [(-size[0], 0)]
    leaves: list[tuple[int, int]] = []
    opened: list[int] = []
    while whole and len(whole) + len(leaves) < wanted:
        largest, at = heapq.heappop(whole)
        if not below[at]:
            leaves.append((-largest, at))
            continue
        opened.append(at)
        for i in below[at]:
            heapq.heappush(whole, (-size[i], i))
    units = leaves + [(-largest, at) for largest, at in whole]
    head = np.full(len(boss), -1, dtype=np.int64)
    for at, joined in _merged(units, wanted).items():
        head[at] = joined
    for at in reversed(opened):
        head[at] = head[below[at][0]]
    for i in range(1, len(boss)):
        if head[i] < 0:
            head[i] = head[boss[i]]
    return head


def _merged(units: list[tuple[int, int]], wanted: int) -> dict[int, int]:
    """Unit -> the unit it is part of, once the two smallest (size, unit) are put together until ``wanted`` are left."""
    into: dict[int, int] = {at: at for _, at in units}
    heapq.heapify(units)
    while len(units) > wanted:
        small, at = heapq.heappop(units)
        larger, other = heapq.heappop(units)
        into[at] = other
        heapq.heappush(units, (small + larger, other))
    for at in into:
        while into[at] != into[into[at]]:
            into[at] = into[into[at]]
    return into


def _titles(manager: np.ndarray, first_rep: int, manager_children: np.ndarray) -> list[str]:
    """A job title for each person, by how far down they lead."""
    level = [0]
    for boss in manager[1:first_rep].tolist():
        level.append(level[boss] + 1)
    ladder = names.LEADER_TITLES
    titles = [
        names.TOP_TITLE if at == 0 else ladder[min(at - 1, len(ladder) - 1)] if leads else names.TEAM_LEAD_TITLE
        for at, leads in zip(level, manager_children.tolist(), strict=True)
    ]
    return titles + [names.STAFF_TITLE] * (len(manager) - first_rep)
