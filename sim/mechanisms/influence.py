"""Influence: what people see of those they name, and how it moves their trust.

A share of contacts weighted by log(1 + contact). Visible success pulls; failure, rejection and lapse push, and a
rejected or lapsed colleague stays evidence against it until they use it again. Champions are more visible.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import TILE, cell, element, fma, nearby, prefetch, rule, tilewise
from sim.exposure import has, lapsed, scoped
from sim.numeric import clip
from sim.people import Status

REJECTED, ACTIVE = int(Status.REJECTED), int(Status.ACTIVE)
SUCCEEDED, CHAMPION, REACHED = int(Status.SUCCEEDED), int(Status.CHAMPION), int(Status.REACHED)
LINE, CROWDED = 16, 1 << 18  # elements of a cache line; how many come to half of a usual cache


@rule
def evidence_against(failed, rejected, lapsed, failure_shown, lapse_shown):
    """The strongest evidence against it that a person gives."""
    return max(max(rejected, lapse_shown * lapsed), failure_shown * failed)


@rule
def swayed(trust, use, against, success_weight, against_weight):
    """Trust after a week of others' examples."""
    return trust + success_weight * use * (1.0 - trust) - against_weight * against * trust


@tilewise
def show(b, now, week, part, tile):
    """What others can see of each person at the end of the week."""
    people, w, scope = b.people, b.world, b.scope
    shown, warned = part.sight[:TILE], part.sight[TILE:]
    for j in range(TILE):
        e = element(tile, j)
        status = people.status[e]
        voice = scoped(now.champions_voice, people.scopes[e], scope.champions_voice) * has(status, CHAMPION)
        visible = 1.0 + w.champions_visibility[j] * voice
        succeeded = has(status, SUCCEEDED)
        failed = has(status, ACTIVE) * (1.0 - succeeded)
        gone = np.float32(1.0) if lapsed(status, people.history[e]) else np.float32(0.0)
        against = evidence_against(
            failed, has(status, REJECTED), gone, w.influence_failure_shown[j], w.influence_lapse_shown[j]
        )
        # an own success is worth more than one week's: habit keeps a user visible in a week without a result
        shown[j] = visible * max(succeeded, has(status, ACTIVE) * people.habit[e])
        warned[j] = visible * against
    lanes = b.keys.shape[0]
    per_tile = TILE // lanes
    for row in range(min(per_tile, b.graph.unit.shape[0] - tile * per_tile)):
        seen = (tile * per_tile + row) * 2
        for lane in range(lanes):
            b.sight[cell(seen, lanes, lane)] = shown[cell(row, lanes, lane)]
            b.sight[cell(seen + 1, lanes, lane)] = warned[cell(row, lanes, lane)]


@tilewise
def gather(b, now, week, part, tile):
    """Sum what each person's contacts show, weighted, over the compressed neighbour lists."""
    near, graph, sight = part.near, b.graph, b.sight
    lanes = b.keys.shape[0]
    per_tile = TILE // lanes
    for j in range(TILE):
        n = nearby(part, tile, j)
        near.peer_use[n] = 0.0
        near.peer_against[n] = 0.0
    for row in range(per_tile):
        i = tile * per_tile + row
        if i >= graph.unit.shape[0]:
            break
        for k in range(graph.tie_start[i], graph.tie_start[i + 1]):
            seen, weight = np.int64(graph.tie_to[k]) * 2, graph.tie_weight[k]
            if lanes == TILE:  # a known length: the sums stay in registers
                for lane in range(TILE):
                    n = nearby(part, tile, lane)
                    near.peer_use[n] = fma(weight, sight[cell(seen, TILE, lane)], near.peer_use[n])
                    near.peer_against[n] = fma(weight, sight[cell(seen + 1, TILE, lane)], near.peer_against[n])
            else:
                for lane in range(lanes):
                    n = nearby(part, tile, row * lanes + lane)
                    near.peer_use[n] = fma(weight, sight[cell(seen, lanes, lane)], near.peer_use[n])
                    near.peer_against[n] = fma(weight, sight[cell(seen + 1, lanes, lane)], near.peer_against[n])
    for j in range(TILE):  # a champion's voice can carry beyond one colleague's share
        n = nearby(part, tile, j)
        near.peer_use[n] = min(near.peer_use[n], 1.0)
        near.peer_against[n] = min(near.peer_against[n], 1.0)


@tilewise
def look_ahead(b, tile):
    """Fetch what the contacts of a tile show while the tile before is being worked on, where they fill the cache."""
    graph = b.graph
    lanes = b.keys.shape[0]
    if lanes < LINE or b.sight.shape[0] < CROWDED:
        return
    per_tile = TILE // lanes
    headcount = graph.unit.shape[0]
    first = min(tile * per_tile, headcount)
    for k in range(graph.tie_start[first], graph.tie_start[min(first + per_tile, headcount)]):
        row = np.int64(graph.tie_to[k]) * 2 * lanes
        for line in range(0, 2 * lanes, LINE):
            prefetch(b.sight, row + line)


@tilewise
def sway(b, now, week, part, tile):
    """Move trust by what was seen; mark people as reached; reopen rejections."""
    people, near, w = b.people, part.near, b.world
    for j in range(TILE):
        e, n = element(tile, j), nearby(part, tile, j)
        status = people.status[e]
        use, against = near.peer_use[n], near.peer_against[n]
        open_mind = clip(1.0 + w.influence_openness[j] * people.openness[e], 0.0, 2.0)
        trust = swayed(
            people.trust[e], use, against, w.influence_success[j] * open_mind, w.influence_against[j] * open_mind
        )
        rejected = (status & np.uint32(REJECTED)) != 0
        reopens = rejected & (use - against > w.influence_reopening[j] * people.threshold[e])
        trust = max(trust, w.influence_reopened_trust[j]) if reopens else trust
        people.trust[e] = clip(trust, 0.0, 1.0)
        status = status & ~np.uint32(REJECTED) if reopens else status
        people.status[e] = status | np.uint32(REACHED) if use + against > 0.0 else status
