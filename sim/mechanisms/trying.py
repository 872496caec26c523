"""Trying: whether a person uses it by choice this week, or acts only to comply.

A logistic choice on personal fit, trust, enthusiasm, habit, colleagues' visible use past a personal threshold (complex
contagion: Centola & Macy 2007), the manager's support, modelling, help, relief from dreaded work and mandate; minus
resistance, colleagues who gave up, and the effort that low skill costs where speed is rewarded.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import TILE, element, nearby, rule, tilewise
from sim.exposure import dread_relief, mandate_felt, speed_pressure
from sim.numeric import happens, hill, logistic
from sim.people import Status

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
def utility_terms(people, near, firm, w, now, scope, once, week, e, n, j):
    """What speaks for and against using it this week, in logits, in the order of ``TERMS``."""
    scopes = people.scopes[e]
    return (
        w.trying_base[j],
        w.trying_fit[j] * people.fit[e],
        w.trying_trust[j] * (people.trust[e] - 0.5),
        w.trying_enthusiasm[j] * people.enthusiasm[e],
        w.trying_habit[j] * people.habit[e],
        w.trying_peers[j] * peers_pull(near.peer_use[n], people.threshold[e], w.trying_threshold_width[j]),
        -w.trying_peers_against[j] * near.peer_against[n],
        w.trying_support[j] * near.boss_support[n],
        w.trying_modelling[j] * near.modelling[n],
        w.trying_help[j] * near.help[n],
        w.trying_dread[j] * dread_relief(now, scope, scopes, people.dread[e], people.breadth[e]),
        w.trying_mandate[j] * mandate_felt(now, people.scopes[e], scope, firm.attention[j]),
        -w.trying_resistance[j] * people.resistance[e],
        -w.trying_effort[j] * effort(people.skill[e], speed_pressure(now, once, scope, scopes, week)),
    )


@rule
def utility_of(t):
    """What the terms come to."""
    return t[0] + t[1] + t[2] + t[3] + t[4] + t[5] + t[6] + t[7] + t[8] + t[9] + t[10] + t[11] + t[12] + t[13]


@rule
def chance_of_use(utility, no_occasion):
    """Chance to use it by choice in a week; some weeks offer no occasion."""
    return logistic(utility) * (1.0 - no_occasion)


@tilewise
def choose(b, now, week, part, tile):
    """Everyone's choice this week, and who only complies."""
    people, near, firm, w, scope, once = b.people, part.near, b.firm, b.world, b.scope, b.once
    for j in range(TILE):
        e, n = element(tile, j), nearby(part, tile, j)
        status = people.status[e]
        utility = utility_of(utility_terms(people, near, firm, w, now, scope, once, week, e, n, j))
        chosen = happens(part.luck.choose[j], utility, 1.0 - w.trying_no_occasion[j])
        free = (status & np.uint32(ACCESS | REJECTED)) == np.uint32(ACCESS)
        committed = (status & np.uint32(ACCESS | COMMITTED)) == np.uint32(ACCESS | COMMITTED)
        used = (free & chosen) | committed
        mandate = mandate_felt(now, people.scopes[e], scope, firm.attention[j])
        complying = comply_chance(mandate, near.inspected[n], w.trying_comply[j], w.trying_comply_inspected[j])
        complies = ((status & np.uint32(ACCESS)) != 0) & (part.luck.comply[j] < complying)
        people.tried_week[e] = np.int16(week) if used & (people.tried_week[e] < 0) else people.tried_week[e]
        kept = status & ~np.uint32(ACTIVE | COMPLIED)
        otherwise = (kept | np.uint32(COMPLIED)) if complies else kept
        people.status[e] = (kept | np.uint32(ACTIVE | TRIED)) if used else otherwise


@tilewise
def explain(b, now, week, part, tile, j, out):
    """The terms of one person's choice: ``out`` float32 [terms + 1]; the last is the chance that comes of them."""
    e, n = element(tile, j), nearby(part, tile, j)
    terms = utility_terms(b.people, part.near, b.firm, b.world, now, b.scope, b.once, week, e, n, j)
    for k in range(len(TERMS)):
        out[k] = terms[k]
    out[len(TERMS)] = chance_of_use(utility_of(terms), b.world.trying_no_occasion[j])
