"""Building: skilled people who may build add use cases to their unit's library; sharing carries them to other units.

Use cases go stale, 1 to 3 % a week, so a library lives only as long as people build (article B: citizen development).
"""

from __future__ import annotations

import numpy as np

from sim.compiled import TILE, cell, kernel, rule
from sim.exposure import has, scoped
from sim.numeric import clip
from sim.people import Status
from sim.tallies import FIXED

ACTIVE = int(Status.ACTIVE)


@rule
def library_drift(library, built, rate, mean, sharing, decay):
    """Built on what is missing, drawn up towards the organisation's mean by sharing, going stale."""
    shared = sharing * max(mean - library, 0.0)
    return clip(library + rate * built * (1.0 - library) + shared - decay * library, 0.0, 1.0)


@kernel
def build(b, now, week, part):
    """What each unit builds this week, by the skill and breadth of those who use it and may build."""
    people, units, mask = b.people, b.units, b.scope.environment_permission
    lanes = b.keys.shape[0]
    for u in range(part.unit0, part.unit1):
        for lane in range(lanes):
            units.built[cell(u, lanes, lane)] = 0
        for i in range(b.graph.unit_start[u], b.graph.unit_start[u + 1]):
            for lane in range(lanes):
                e = cell(i, lanes, lane)
                may = scoped(now.environment_permission, people.scopes[e], mask)
                built = may * has(people.status[e], ACTIVE) * people.skill[e] * people.breadth[e]
                units.built[cell(u, lanes, lane)] += np.int32(built * FIXED)


@kernel
def stock(b, now, week, part):
    """Every unit's library after building, sharing and decay (once for all people)."""
    units, firm, w, graph = b.units, b.firm, b.world, b.graph
    lanes = b.keys.shape[0]
    headcount = np.float32(graph.unit.shape[0])
    for lane in range(lanes):
        mean = np.float32(0.0)
        for u in range(graph.unit_start.shape[0] - 1):
            size = np.float32(graph.unit_start[u + 1] - graph.unit_start[u])
            mean += units.library[cell(u, lanes, lane)] * (size / headcount)
        after = np.float32(0.0)
        for u in range(graph.unit_start.shape[0] - 1):
            size = np.float32(graph.unit_start[u + 1] - graph.unit_start[u])
            k = cell(u, lanes, lane)
            share_built = np.float32(units.built[k]) / FIXED / max(size, 1.0)
            units.library[k] = library_drift(
                units.library[k],
                share_built,
                w.building_rate[lane],
                mean,
                w.building_sharing[lane] * now.environment_sharing,
                w.building_decay[lane],
            )
            after += units.library[k] * (size / headcount)
        for j in range(lane, TILE, lanes):
            firm.library[j] = after
