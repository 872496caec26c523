"""Traits: how people differ before time starts, and the joiners who take leavers' seats (turnover).

A joiner takes the role and the ties of the seat, arrives untrained, and stands at the end of the training queue.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import TILE, cell, entry, kernel, rule
from sim.exposure import inside
from sim.numeric import clip, exp, log, normal_quantile
from sim.people import NEVER, Status
from sim.rng import BEFORE, Slot, counter, lower, mix, upper

EXECUTIVE, MANAGER, KEPT = int(Status.EXECUTIVE), int(Status.MANAGER), int(Status.EXECUTIVE | Status.MANAGER)
CHAMPION, VOLUNTEER, COMMITTED = int(Status.CHAMPION), int(Status.VOLUNTEER), int(Status.COMMITTED)
OPENNESS_THRESHOLD, FIT_DREAD, TRUST_SKILL = (
    int(Slot.OPENNESS_THRESHOLD),
    int(Slot.FIT_DREAD),
    int(Slot.TRUST_SKILL),
)
RESISTANCE, LEAVE_JOIN = int(Slot.RESISTANCE), int(Slot.LEAVE_JOIN)
BEFORE_TIME = int(BEFORE)


@rule
def weekly_hazard(yearly):
    """The weekly chance that makes up a yearly share: ``1 - (1 - y)^(1/52)``."""
    return 1.0 - exp(log(max(1.0 - yearly, 1e-6)) / 52.0)


@rule
def initial_trust(mean, spread, openness, own):
    """Half of the spread of initial belief is openness, half is a person's own."""
    return clip(mean + spread * 0.7071068 * (openness + own), 0.02, 0.98)


@kernel
def draw_person(b, i, lane, week, skill_scale):
    """Give seat ``i`` of a lane a new person: traits and initial state."""
    people, w, once, scope = b.people, b.world, b.once, b.scope
    lanes = b.keys.shape[0]
    e, key = cell(i, lanes, lane), b.keys[lane]
    status, scopes = people.status[e], people.scopes[e]
    a = mix(counter(i, week, OPENNESS_THRESHOLD) ^ key)
    f = mix(counter(i, week, FIT_DREAD) ^ key)
    t = mix(counter(i, week, TRUST_SKILL) ^ key)
    r = mix(counter(i, week, RESISTANCE) ^ key)
    openness = normal_quantile(upper(a)) + once.people_openness * inside(scopes, scope.people_openness)
    people.openness[e] = openness
    people.threshold[e] = clip(
        w.traits_threshold_mean[lane] + w.traits_threshold_spread[lane] * normal_quantile(lower(a)), 0.02, 0.95
    )
    people.rank[e] = lower(a)
    offset = w.traits_fit_rep[lane]
    offset = w.traits_fit_manager[lane] if status & np.uint32(MANAGER) else offset
    offset = w.traits_fit_executive[lane] if status & np.uint32(EXECUTIVE) else offset
    people.fit[e] = offset + w.traits_fit_sd[lane] * normal_quantile(upper(f))
    people.dread[e] = lower(f)
    people.trust[e] = initial_trust(
        w.traits_trust_start[lane], w.traits_trust_spread[lane], openness, normal_quantile(upper(t))
    )
    skill = clip(skill_scale * w.traits_skill_start[lane] * (0.5 + lower(t)), 0.0, 1.0)
    people.skill[e] = skill + once.people_skill * inside(scopes, scope.people_skill) * (1.0 - skill)
    people.resistance[e] = clip(2.0 * w.traits_resistance_start[lane] * upper(r), 0.0, 1.0)
    people.breadth[e] = w.traits_breadth_start[lane]
    people.habit[e] = 0.0
    people.enthusiasm[e] = 0.0
    people.experiences[e] = 0.0
    people.training[e] = 0.0
    people.satisfaction[e] = 0.0
    people.actions[e] = 0.0
    people.history[e] = np.uint32(0)
    people.logged[e] = np.uint32(0)
    people.access_week[e] = -1
    people.trained_week[e] = -1
    people.tried_week[e] = -1
    kept = status & np.uint32(KEPT)
    people.status[e] = kept | np.uint32(VOLUNTEER) if openness > 0.0 else kept


@entry
def populate(b):
    """Draw everyone before time starts."""
    lanes = b.keys.shape[0]
    for i in range(b.graph.unit.shape[0]):
        for lane in range(lanes):
            draw_person(b, i, lane, BEFORE_TIME, np.float32(1.0))


@kernel
def turn_over(b, now, week, part):
    """Leavers go, joiners come (once for all people); executives and the committed stay."""
    if now.circumstances_turnover <= 0.0:
        return
    people, firm, scope, graph = b.people, b.firm, b.scope, b.graph
    lanes = b.keys.shape[0]
    last = b.wave_turns.shape[0] - 1
    hazard = weekly_hazard(now.circumstances_turnover)
    for i in range(graph.unit.shape[0]):
        c = counter(i, week, LEAVE_JOIN)
        for lane in range(lanes):
            e = cell(i, lanes, lane)
            status = people.status[e]
            leaves = upper(mix(c ^ b.keys[lane])) < hazard * inside(people.scopes[e], scope.circumstances_turnover)
            if not leaves or status & np.uint32(EXECUTIVE | COMMITTED):
                continue
            draw_person(b, i, lane, week, b.world.measuring_joiner_experience[lane])
            trains = inside(people.scopes[e], scope.training_capacity) > 0.0
            behind = b.wave_turns[last, lane] * b.once.training_rounds + firm.joined[lane]
            people.turn[e] = behind if trains else NEVER
            if graph.leader[i] >= 0:
                k = cell(np.int64(graph.leader[i]), lanes, lane)
                b.leaders.support[k], b.leaders.covert[k], b.leaders.found[k] = 0.0, 0.0, 0.0
            if status & np.uint32(CHAMPION):
                for j in range(lane, TILE, lanes):
                    firm.champions[j] -= 1.0
            for j in range(lane, TILE, lanes):
                firm.joined[j] += 1.0 if trains else 0.0
