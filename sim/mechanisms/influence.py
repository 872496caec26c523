"""Influence: what people see of those they name, and how it moves their trust.

A share of contacts weighted by log(1 + contact). Visible success pulls; failure, rejection and lapse push, and a
rejected or lapsed colleague stays evidence against it until they use it again. Champions are more visible.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import TILE, cell, element, kernel, rule
from sim.exposure import has, inside
from sim.numeric import clip
from sim.people import Status

REJECTED, REGULAR, ACTIVE = int(Status.REJECTED), int(Status.REGULAR), int(Status.ACTIVE)
SUCCEEDED, CHAMPION, REACHED = int(Status.SUCCEEDED), int(Status.CHAMPION), int(Status.REACHED)
FOUR_WEEKS = 0b1111


@rule
def evidence_against(failed, rejected, lapsed, failure_shown, lapse_shown):
    """The strongest evidence against it that a person gives."""
    return max(max(rejected, lapse_shown * lapsed), failure_shown * failed)


@rule
def swayed(trust, use, against, success_weight, against_weight):
    """Trust after a week of others' examples."""
    return trust + success_weight * use * (1.0 - trust) - against_weight * against * trust


@kernel
def show(b, now, week, part):
    """What others can see of each person at the end of the week."""
    people, w, scope = b.people, b.world, b.scope
    for tile in range(part.tile0, part.tile1):
        for j in range(TILE):
            e = element(tile, j)
            status = people.status[e]
            voice = now.champions_voice * inside(people.scopes[e], scope.champions_voice) * has(status, CHAMPION)
            visible = 1.0 + w.champions_visibility[j] * voice
            succeeded = has(status, SUCCEEDED)
            failed = has(status, ACTIVE) * (1.0 - succeeded)
            idle = np.float32(1.0) if (people.history[e] & np.uint32(FOUR_WEEKS)) == 0 else np.float32(0.0)
            lapsed = has(status, REGULAR) * idle
            against = evidence_against(
                failed, has(status, REJECTED), lapsed, w.influence_failure_shown[j], w.influence_lapse_shown[j]
            )
            # an own success is worth more than one week's: habit keeps a user visible in a week without a result
            people.shown[e] = visible * max(succeeded, has(status, ACTIVE) * people.habit[e])
            people.warned[e] = visible * against


@kernel
def gather(b, now, week, part):
    """Sum what each person's contacts show, weighted, over the compressed neighbour lists."""
    people, graph = b.people, b.graph
    lanes = b.keys.shape[0]
    headcount = graph.unit.shape[0]
    for tile in range(part.tile0, part.tile1):
        first = tile * TILE // lanes
        for i in range(first, min(first + TILE // lanes, headcount)):
            for lane in range(lanes):
                e = cell(i, lanes, lane)
                people.peer_use[e] = 0.0
                people.peer_against[e] = 0.0
            for k in range(graph.tie_start[i], graph.tie_start[i + 1]):
                other, weight = np.int64(graph.tie_to[k]), graph.tie_weight[k]
                for lane in range(lanes):
                    e, o = cell(i, lanes, lane), cell(other, lanes, lane)
                    people.peer_use[e] += weight * people.shown[o]
                    people.peer_against[e] += weight * people.warned[o]
            for lane in range(lanes):  # a champion's voice can carry beyond one colleague's share
                e = cell(i, lanes, lane)
                people.peer_use[e] = min(people.peer_use[e], 1.0)
                people.peer_against[e] = min(people.peer_against[e], 1.0)


@kernel
def sway(b, now, week, part):
    """Move trust by what was seen; mark people as reached; reopen rejections."""
    people, w = b.people, b.world
    for tile in range(part.tile0, part.tile1):
        for j in range(TILE):
            e = element(tile, j)
            status = people.status[e]
            use, against = people.peer_use[e], people.peer_against[e]
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
