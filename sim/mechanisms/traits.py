"""Traits: how people differ before time starts, and the joiners who take leavers' seats (turnover).

A joiner takes the role and the ties of the seat, arrives untrained, and stands at the end of the training queue.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import TILE, cell, element, entry, kernel, rule
from sim.exposure import scoped
from sim.numeric import clip, log, normal_quantile
from sim.people import NEVER, Status
from sim.rng import BEFORE, Slot, counter, draw, lower, mix, upper

EXECUTIVE, MANAGER, KEPT = int(Status.EXECUTIVE), int(Status.MANAGER), int(Status.EXECUTIVE | Status.MANAGER)
CHAMPION, VOLUNTEER, COMMITTED = int(Status.CHAMPION), int(Status.VOLUNTEER), int(Status.COMMITTED)
JOINER = int(Status.JOINER)
OPENNESS_THRESHOLD, FIT_DREAD, TRUST_SKILL = (
    int(Slot.OPENNESS_THRESHOLD),
    int(Slot.FIT_DREAD),
    int(Slot.TRUST_SKILL),
)
RESISTANCE, LEAVE = int(Slot.RESISTANCE), int(Slot.LEAVE)
BEFORE_TIME = int(BEFORE)


@rule
def weekly_hazard(yearly):
    """The hazard a week that makes up a yearly share: a share ``1 - exp(-52 hazard)`` leaves in a year."""
    return -log(max(1.0 - yearly, 1e-6)) / 52.0


@rule
def clock(u):
    """How much hazard a person stands before leaving: exponential with mean 1."""
    return -log(1.0 - u)


@rule
def initial_trust(mean, spread, openness, own):
    """Half of the spread of initial belief is openness, half is a person's own."""
    return clip(mean + spread * 0.7071068 * (openness + own), 0.02, 0.98)


@rule
def seat(b, e, j, draws, skill_scale, churn):
    """Give seat ``e`` a new person, traits and initial state, by the two draws of each of five slots."""
    people, w, once, scope = b.people, b.world, b.once, b.scope
    for_openness, for_threshold, for_fit, for_dread, for_trust, for_skill, for_resistance, _, for_leaving, _ = draws
    status, scopes = people.status[e], people.scopes[e]
    openness = normal_quantile(for_openness) + scoped(once.people_openness, scopes, scope.people_openness)
    people.openness[e] = openness
    people.threshold[e] = clip(
        w.traits_threshold_mean[j] + w.traits_threshold_spread[j] * normal_quantile(for_threshold), 0.02, 0.95
    )
    people.rank[e] = for_threshold
    offset = w.traits_fit_rep[j]
    offset = w.traits_fit_manager[j] if status & np.uint32(MANAGER) else offset
    offset = w.traits_fit_executive[j] if status & np.uint32(EXECUTIVE) else offset
    people.fit[e] = offset + w.traits_fit_sd[j] * normal_quantile(for_fit)
    people.dread[e] = for_dread
    people.trust[e] = initial_trust(
        w.traits_trust_start[j], w.traits_trust_spread[j], openness, normal_quantile(for_trust)
    )
    skill = clip(skill_scale * w.traits_skill_start[j] * (0.5 + for_skill), 0.0, 1.0)
    people.skill[e] = skill + scoped(once.people_skill, scopes, scope.people_skill) * (1.0 - skill)
    people.resistance[e] = clip(2.0 * w.traits_resistance_start[j] * for_resistance, 0.0, 1.0)
    people.breadth[e] = w.traits_breadth_start[j]
    stays = ((status & np.uint32(EXECUTIVE)) != 0) | ((scopes & scope.circumstances_turnover) == 0)
    people.leaves[e] = NEVER if stays else churn + clock(for_leaving)
    people.habit[e] = 0.0
    people.enthusiasm[e] = 0.0
    people.experiences[e] = 0.0
    people.training[e] = 0.0
    people.satisfaction[e] = 0.0
    people.actions[e] = 0.0
    people.history[e] = np.uint32(0)
    people.logged[e] = np.uint32(0)
    people.access_week[e] = np.int16(-1)
    people.trained_week[e] = np.int16(-1)
    people.tried_week[e] = np.int16(-1)
    kept = status & np.uint32(KEPT)
    people.status[e] = kept | np.uint32(VOLUNTEER) if openness > 0.0 else kept


@rule
def halves(i, week, slot, key):
    """The two draws of a slot for one seat."""
    word = mix(counter(i, week, slot) ^ key)
    return upper(word), lower(word)


@entry
def populate(b, part, draws):
    """Draw everyone before time starts; ``draws`` float32 [10, 64] is scratch."""
    for tile in range(part.tile0, part.tile1):
        draw(draws[0], draws[1], b, part, tile, BEFORE_TIME, OPENNESS_THRESHOLD)
        draw(draws[2], draws[3], b, part, tile, BEFORE_TIME, FIT_DREAD)
        draw(draws[4], draws[5], b, part, tile, BEFORE_TIME, TRUST_SKILL)
        draw(draws[6], draws[7], b, part, tile, BEFORE_TIME, RESISTANCE)
        draw(draws[8], draws[9], b, part, tile, BEFORE_TIME, LEAVE)
        for j in range(TILE):
            u = (
                draws[0, j], draws[1, j], draws[2, j], draws[3, j], draws[4, j],
                draws[5, j], draws[6, j], draws[7, j], draws[8, j], draws[9, j],
            )  # fmt: skip
            seat(b, element(tile, j), j, u, np.float32(1.0), np.float32(0.0))


@kernel
def turn_over(b, now, week, part):
    """Leavers go, joiners come (once for all people); executives and the committed stay."""
    if now.circumstances_turnover <= 0.0:
        return
    people, firm = b.people, b.firm
    hazard = weekly_hazard(now.circumstances_turnover)
    for j in range(TILE):
        firm.churn[j] += hazard
    for tile in range(people.leaves.shape[0] // TILE):
        leavers = 0
        for j in range(TILE):
            leavers += people.leaves[element(tile, j)] < firm.churn[j]
        if leavers == 0:
            continue
        for j in range(TILE):
            e = element(tile, j)
            if people.leaves[e] < firm.churn[j] and not people.status[e] & np.uint32(EXECUTIVE | COMMITTED):
                replace(b, e, j, week)


@kernel
def replace(b, e, j, week):
    """Let the person in seat ``e`` go and a joiner come, last in the training queue; ``j`` is the place in the tile."""
    people, firm, graph, scope = b.people, b.firm, b.graph, b.scope
    lanes = b.keys.shape[0]
    i, lane = np.int64(e) // lanes, np.int64(e) % lanes
    was_champion = people.status[e] & np.uint32(CHAMPION)
    o = halves(i, week, OPENNESS_THRESHOLD, b.keys[lane])
    f = halves(i, week, FIT_DREAD, b.keys[lane])
    t = halves(i, week, TRUST_SKILL, b.keys[lane])
    r = halves(i, week, RESISTANCE, b.keys[lane])
    g = halves(i, week, LEAVE, b.keys[lane])
    u = (o[0], o[1], f[0], f[1], t[0], t[1], r[0], r[1], g[0], g[1])
    seat(b, e, j, u, b.world.measuring_joiner_experience[j], firm.churn[j])
    people.status[e] |= np.uint32(JOINER)
    trains = (people.scopes[e] & scope.training_capacity) != 0
    all_turns = b.wave_turns[b.wave_turns.shape[0] - 1, lane] * b.once.training_rounds
    people.turn[e] = all_turns + firm.joined[j] if trains else NEVER
    if graph.leader[i] >= 0:
        k = cell(np.int64(graph.leader[i]), lanes, lane)
        b.leaders.support[k], b.leaders.covert[k], b.leaders.found[k] = 0.0, 0.0, 0.0
    for same in range(lane, TILE, lanes):
        firm.champions[same] -= np.float32(1.0) if was_champion else np.float32(0.0)
        firm.joined[same] += np.float32(1.0) if trains else np.float32(0.0)
