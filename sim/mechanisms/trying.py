"""Trying: whether a person uses it by choice this week, or acts only to comply.

A logistic choice on personal fit, trust, enthusiasm, habit, colleagues' visible use past a personal threshold (complex contagion:
Centola & Macy 2007), the manager's support, modelling, help, relief from dreaded work and mandate; minus resistance,
colleagues who gave up, and the effort that low skill costs where speed is rewarded.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import TILE, element, kernel, rule
from sim.exposure import closing_time, inside, speed_pressure, within
from sim.numeric import hill, logistic
from sim.people import Status
from sim.rng import Slot, fill_words, upper

ACCESS, TRIED, REJECTED = int(Status.ACCESS), int(Status.TRIED), int(Status.REJECTED)
COMMITTED, ACTIVE, COMPLIED = int(Status.COMMITTED), int(Status.ACTIVE), int(Status.COMPLIED)
DRAWN, COMPLY = int(Slot.TRY_SUCCEED), int(Slot.COMPLY_ACTIONS)


@rule
def peers_pull(use, threshold, width):
    """Evidence that counts: steep about the personal threshold, none without any use, at most 1."""
    return hill(use, threshold + width)


@rule
def dread_relief(dread, drudgery_first, breadth):
    """Relief within reach: dreaded work, where the programme starts with it or use has spread that far."""
    return dread * max(drudgery_first, breadth)


@rule
def effort(skill, speed):
    """What using it costs the unskilled where speed is rewarded."""
    return (1.0 - skill) * speed


@rule
def comply_chance(mandate, inspected, comply, comply_inspected):
    """Chance to act only so that an action is logged."""
    return mandate * min(comply + comply_inspected * inspected, 1.0)


@kernel
def choose(b, now, week, part):
    """Everyone's choice this week, and who only complies."""
    people, firm, w, scope, once = b.people, b.firm, b.world, b.scope, b.once
    lanes = b.keys.shape[0]
    per_tile = TILE // lanes
    closing = closing_time(now.circumstances_quarter_end, week)
    words = part.words
    for tile in range(part.tile0, part.tile1):
        fill_words(words, b.keys, tile * per_tile, per_tile, week, DRAWN)
        for j in range(TILE):
            e = element(tile, j)
            status, scopes = people.status[e], people.scopes[e]
            mandate = now.leaders_mandate * inside(scopes, scope.leaders_mandate) * firm.attention[j]
            quality = within(
                now.environment_reward_quality,
                once.environment_reward_quality,
                scopes,
                scope.environment_reward_quality,
            )
            speed = speed_pressure(quality, closing * inside(scopes, scope.circumstances_quarter_end))
            first = now.training_drudgery_first * inside(scopes, scope.training_drudgery_first)
            utility = (
                w.trying_base[j]
                + w.trying_fit[j] * people.fit[e]
                + w.trying_trust[j] * (people.trust[e] - 0.5)
                + w.trying_enthusiasm[j] * people.enthusiasm[e]
                + w.trying_habit[j] * people.habit[e]
                + w.trying_peers[j] * peers_pull(people.peer_use[e], people.threshold[e], w.trying_threshold_width[j])
                - w.trying_peers_against[j] * people.peer_against[e]
                + w.trying_support[j] * people.boss_support[e]
                + w.trying_modelling[j] * people.modelling[e]
                + w.trying_help[j] * people.help[e]
                + w.trying_dread[j] * dread_relief(people.dread[e], first, people.breadth[e])
                + w.trying_mandate[j] * mandate
                - w.trying_resistance[j] * people.resistance[e]
                - w.trying_effort[j] * effort(people.skill[e], speed)
            )
            free = (status & np.uint32(ACCESS | REJECTED)) == np.uint32(ACCESS)
            committed = (status & np.uint32(ACCESS | COMMITTED)) == np.uint32(ACCESS | COMMITTED)
            chance = logistic(utility) * (1.0 - w.trying_no_occasion[j])
            used = (free & (upper(words[j]) < chance)) | committed
            people.tried_week[e] = np.int16(week) if used & (people.tried_week[e] < 0) else people.tried_week[e]
            kept = status & ~np.uint32(ACTIVE | COMPLIED)
            people.status[e] = (kept | np.uint32(ACTIVE | TRIED)) if used else kept
        fill_words(words, b.keys, tile * per_tile, per_tile, week, COMPLY)
        for j in range(TILE):
            e = element(tile, j)
            status, scopes = people.status[e], people.scopes[e]
            mandate = now.leaders_mandate * inside(scopes, scope.leaders_mandate) * firm.attention[j]
            chance = comply_chance(mandate, people.inspected[e], w.trying_comply[j], w.trying_comply_inspected[j])
            complies = ((status & np.uint32(ACTIVE | ACCESS)) == np.uint32(ACCESS)) & (upper(words[j]) < chance)
            people.status[e] = (status | np.uint32(COMPLIED)) if complies else status
