"""Trying: whether a person uses it by choice this week, or acts only to comply.

A logistic choice on personal fit, trust, enthusiasm, habit, colleagues' visible use past a personal threshold (complex
contagion: Centola & Macy 2007), the manager's support, modelling, help, relief from dreaded work and mandate; minus
resistance, colleagues who gave up, and the effort that low skill costs where speed is rewarded.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import TILE, cell, element, entry, kernel, rule
from sim.exposure import dread_relief, inside, speed_pressure
from sim.numeric import hill, logistic
from sim.people import Status
from sim.rng import Slot, fill_words, upper

ACCESS, TRIED, REJECTED = int(Status.ACCESS), int(Status.TRIED), int(Status.REJECTED)
COMMITTED, ACTIVE, COMPLIED = int(Status.COMMITTED), int(Status.ACTIVE), int(Status.COMPLIED)
TERMS = (
    "base",
    "fit",
    "trust",
    "enthusiasm",
    "habit",
    "peers",
    "peers against",
    "support",
    "modelling",
    "help",
    "dread relieved",
    "mandate",
    "resistance",
    "effort",
)
DRAWN, COMPLY = int(Slot.TRY_SUCCEED), int(Slot.COMPLY_ACTIONS)


@rule
def peers_pull(use, threshold, width):
    """Evidence that counts: steep about the personal threshold, none without any use, at most 1."""
    return hill(use, threshold + width)


@rule
def effort(skill, speed):
    """What using it costs the unskilled where speed is rewarded."""
    return (1.0 - skill) * speed


@rule
def comply_chance(mandate, inspected, comply, comply_inspected):
    """Chance to act only so that an action is logged."""
    return mandate * min(comply + comply_inspected * inspected, 1.0)


@rule
def mandate_felt(people, firm, now, scope, e, j):
    """The mandate as far as leaders attend to it."""
    return now.leaders_mandate * inside(people.scopes[e], scope.leaders_mandate) * firm.attention[j]


@rule
def utility_terms(people, firm, w, now, scope, once, week, e, j):
    """What speaks for and against using it this week, in logits, in the order of ``TERMS``."""
    scopes = people.scopes[e]
    return (
        w.trying_base[j],
        w.trying_fit[j] * people.fit[e],
        w.trying_trust[j] * (people.trust[e] - 0.5),
        w.trying_enthusiasm[j] * people.enthusiasm[e],
        w.trying_habit[j] * people.habit[e],
        w.trying_peers[j] * peers_pull(people.peer_use[e], people.threshold[e], w.trying_threshold_width[j]),
        -w.trying_peers_against[j] * people.peer_against[e],
        w.trying_support[j] * people.boss_support[e],
        w.trying_modelling[j] * people.modelling[e],
        w.trying_help[j] * people.help[e],
        w.trying_dread[j] * dread_relief(now, scope, scopes, people.dread[e], people.breadth[e]),
        w.trying_mandate[j] * mandate_felt(people, firm, now, scope, e, j),
        -w.trying_resistance[j] * people.resistance[e],
        -w.trying_effort[j] * effort(people.skill[e], speed_pressure(now, once, scope, scopes, week)),
    )


@rule
def chance_of_use(t, no_occasion):
    """Chance to use it by choice in a week, from the terms; some weeks offer no occasion."""
    utility = t[0] + t[1] + t[2] + t[3] + t[4] + t[5] + t[6] + t[7] + t[8] + t[9] + t[10] + t[11] + t[12] + t[13]
    return logistic(utility) * (1.0 - no_occasion)


@kernel
def choose(b, now, week, part):
    """Everyone's choice this week, and who only complies."""
    people, firm, w, scope, once = b.people, b.firm, b.world, b.scope, b.once
    per_tile = TILE // b.keys.shape[0]
    words = part.words
    for tile in range(part.tile0, part.tile1):
        fill_words(words, b.keys, tile * per_tile, per_tile, week, DRAWN)
        for j in range(TILE):
            e = element(tile, j)
            status = people.status[e]
            terms = utility_terms(people, firm, w, now, scope, once, week, e, j)
            chance = chance_of_use(terms, w.trying_no_occasion[j])
            free = (status & np.uint32(ACCESS | REJECTED)) == np.uint32(ACCESS)
            committed = (status & np.uint32(ACCESS | COMMITTED)) == np.uint32(ACCESS | COMMITTED)
            used = (free & (upper(words[j]) < chance)) | committed
            people.tried_week[e] = np.int16(week) if used & (people.tried_week[e] < 0) else people.tried_week[e]
            kept = status & ~np.uint32(ACTIVE | COMPLIED)
            people.status[e] = (kept | np.uint32(ACTIVE | TRIED)) if used else kept
        fill_words(words, b.keys, tile * per_tile, per_tile, week, COMPLY)
        for j in range(TILE):
            e = element(tile, j)
            status = people.status[e]
            mandate = mandate_felt(people, firm, now, scope, e, j)
            chance = comply_chance(mandate, people.inspected[e], w.trying_comply[j], w.trying_comply_inspected[j])
            complies = ((status & np.uint32(ACTIVE | ACCESS)) == np.uint32(ACCESS)) & (upper(words[j]) < chance)
            people.status[e] = (status | np.uint32(COMPLIED)) if complies else status


@entry
def explain(b, now, week, person, out):
    """The terms of a person's choice in the block's first lane, as they stand: ``out`` float32 [terms + 1].

    The last is the chance that comes of them. Called between the steps ``gather`` and ``choose``.
    """
    e = cell(person, b.keys.shape[0], 0)
    terms = utility_terms(b.people, b.firm, b.world, now, b.scope, b.once, week, e, 0)
    for k in range(len(TERMS)):
        out[k] = terms[k]
    out[len(TERMS)] = chance_of_use(terms, b.world.trying_no_occasion[0])
