"""The reporting line as an array: ``manager[i]`` is the index of the person whom i reports to, below zero at the top.

Everything here works by pointer doubling: in each pass every person's pointer jumps twice as far up, so that even a
chain of a million people needs only twenty passes over the arrays and no loop over people.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.organisation.errors import SHOWN, Cell, Fault, listed, refusal


def depths(manager: np.ndarray) -> np.ndarray:
    """Steps up to the top for each person, int32 [N]; -1 for anyone in, or below, a cycle."""
    jump = np.where(manager < 0, -1, manager).astype(np.int64)
    depth = (jump >= 0).astype(np.int64)
    climbing = np.flatnonzero(jump >= 0)
    limit = max(len(manager), 1)
    reach = 1
    while climbing.size and reach < limit:
        ahead = jump[climbing]
        step, onward = depth[ahead], jump[ahead]
        depth[climbing] += step
        jump[climbing] = onward
        climbing = climbing[onward >= 0]
        reach *= 2
    depth[climbing] = -1
    return depth.astype(np.int32)


def nearest_above(manager: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """The first person at or above each one for whom ``stop`` holds, int64 [N]; -1 where there is none."""
    people = np.arange(len(manager), dtype=np.int64)
    jump = np.where(stop, people, np.where(manager < 0, -1, manager))
    settled = stop | (manager < 0)
    climbing = np.flatnonzero(~settled)
    reach = 1
    while climbing.size and reach < len(manager):
        ahead = jump[climbing]
        onward, arrived = jump[ahead], settled[ahead]
        jump[climbing] = onward
        settled[climbing] = arrived
        climbing = climbing[~arrived]
        reach *= 2
    jump[climbing] = -1
    return jump


def tops_above(manager: np.ndarray) -> np.ndarray:
    """The root each person hangs below (a root: themselves), int64 [N]; -1 in or below a cycle."""
    return nearest_above(manager, manager < 0)


def cycles(manager: np.ndarray) -> list[list[int]]:
    """Each cycle as the people in it, every one reporting to the next, in a fixed order. Empty for a proper tree."""
    lost = np.flatnonzero(depths(manager) < 0)
    if not lost.size:
        return []
    # As many steps up as there are people take everyone who is lost onto a cycle, and the cycles onto themselves.
    jump = manager.astype(np.int64)
    for _ in range(len(manager).bit_length()):
        jump = np.where(jump >= 0, jump[jump], -1)
    unseen = dict.fromkeys(np.unique(jump[lost]).tolist())
    found = []
    while unseen:
        person = next(iter(unseen))
        cycle = []
        while person in unseen:
            del unseen[person]
            cycle.append(person)
            person = int(manager[person])
        found.append(cycle)
    return found


def refuse_cycles(manager: np.ndarray, ids: Sequence[str], *, where: str) -> None:
    """Raise ``OrganisationError`` naming the members if anyone reports, in the end, to themselves."""
    if fault := circling(manager, ids):
        raise refusal(where, fault)


def circling(manager: np.ndarray, ids: Sequence[str], rows: np.ndarray | None = None, column: str = "") -> Fault | None:
    """The fault that people report, in the end, to themselves: its members, and their rows if these are given."""
    found = cycles(manager)
    if not found:
        return None
    lines = []
    for cycle in found[:SHOWN]:
        # Close the circle where it is short enough to be read as one: 'a -> b -> a'.
        names = [ids[person] if rows is None else f"{ids[person]} (row {rows[person]})" for person in cycle[:SHOWN]]
        if len(cycle) <= SHOWN:
            lines.append(" -> ".join([*names, ids[cycle[0]]]))
        else:
            lines.append(" -> ".join(names) + f" -> ... ({len(cycle):,} people)")
    count = "a circle" if len(found) == 1 else f"{len(found):,} circles"
    at = () if rows is None else tuple(
        Cell(int(rows[person]), column, ids[manager[person]]) for cycle in found for person in cycle
    )  # fmt: skip
    return Fault(
        "a reporting line that runs in a circle",
        f"the reporting line runs in {count}: {listed(lines, total=len(found))}",
        "Correct the manager of at least one person in each",
        at,
    )


def reports(manager: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Direct reports, compressed: offsets int64 [N+1], and people int32 [N - roots] ascending within a manager."""
    order = np.argsort(manager, kind="stable")
    members = order[np.searchsorted(manager[order], 0) :].astype(np.int32)
    offsets = np.zeros(len(manager) + 1, dtype=np.int64)
    np.cumsum(np.bincount(manager[manager >= 0], minlength=len(manager)), out=offsets[1:])
    return offsets, members


def spans(manager: np.ndarray) -> np.ndarray:
    """Number of direct reports of each person, int64 [N]."""
    return np.bincount(manager[manager >= 0], minlength=len(manager))
