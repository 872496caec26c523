"""Leadership: fluency, attention, modelling that travels down the line, safety.

Attention starts full and follows visible results against the promise, steeply (Repenning 2002, Organization Science
13(2): change programmes that look as if they fail lose the attention that would have made them succeed). What is seen
depends on what is measured. Modelling is own use made visible; a sinking manager does not pass it on (article B).
"""

from __future__ import annotations

import numpy as np

from sim.compiled import TILE, cell, element, kernel, nearby, rule, tilewise
from sim.exposure import mandate_felt, scoped
from sim.numeric import clip, hill

BRIEFING, HANDS_ON = 1, 2


@rule
def fluency_gain(fluency, kind, mentoring, briefing_speed, briefing_ceiling, hands_on_speed, mentoring_speed, decay):
    """This week's change: briefings reach their ceiling, hands-on work and a mentor reach immersion."""
    briefed = briefing_speed * max(briefing_ceiling - fluency, 0.0) if kind == BRIEFING else np.float32(0.0)
    hands_on = hands_on_speed * (1.0 - fluency) if kind == HANDS_ON else np.float32(0.0)
    return briefed + hands_on + mentoring_speed * mentoring * (1.0 - fluency) - decay * fluency


@rule
def promised(base, endorsement_weight, endorsement, fluency_weight, fluency):
    """What leaders expect to see: endorsement raises it, fluency makes it realistic."""
    return max(base + endorsement_weight * endorsement - fluency_weight * fluency, 0.1)


@rule
def attention_drift(attention, seen, promise, staying_power, speed, patience):
    """``A += rho (1 - patience)(H - A)``, ``H = s + (1 - s) x^3 / (x^3 + 0.5^3)``, x = seen / promised."""
    held = staying_power + (1.0 - staying_power) * hill(seen / promise, 0.5)
    return attention + speed * (1.0 - patience) * (held - attention)


@rule
def passed_on(modelling, relay, support, own_use):
    """What reports see of their manager: modelling relayed, fading to nothing under a sinking one, or own use."""
    return max(relay * clip(1.0 + 2.0 * support, 0.0, 1.0) * modelling, own_use)


@rule
def psychological_safety(base, modelling_weight, modelling, mandate_weight, mandate, presence_weight, presence):
    """Room to fail: raised by leaders who show their own learning, lowered by mandate and presence."""
    return clip(base + modelling_weight * modelling - mandate_weight * mandate - presence_weight * presence, 0.0, 1.0)


@kernel
def lead(b, now, week, part):
    """Executives learn and model; attention moves; what each leader passes on, from the top down (once for all)."""
    people, leaders, firm, w, scope, once = b.people, b.leaders, b.firm, b.world, b.scope, b.once
    lanes = b.keys.shape[0]
    withdrawn = once.leaders_withdraw_week > 0.0 and week >= once.leaders_withdraw_week
    count = 0
    for j in range(TILE):
        firm.fluency[j] = 0.0
        firm.modelled[j] = 0.0
    for m in range(b.graph.leader_person.shape[0]):
        if b.graph.executive[m] == 0:
            continue
        count += 1
        for lane in range(lanes):
            k = cell(m, lanes, lane)
            scopes = people.scopes[cell(np.int64(b.graph.leader_person[m]), lanes, lane)]
            kind = np.int64(scoped(now.leaders_executive_training, scopes, scope.leaders_executive_training) + 0.5)
            leaders.fluency[k] += fluency_gain(
                leaders.fluency[k],
                kind,
                scoped(now.leaders_reverse_mentoring, scopes, scope.leaders_reverse_mentoring),
                w.leadership_fluency_briefing[lane],
                w.leadership_fluency_briefing_ceiling[lane],
                w.leadership_fluency_hands_on[lane],
                w.leadership_fluency_mentoring[lane],
                w.leadership_fluency_decay[lane],
            )
            firm.fluency[lane] += leaders.fluency[k]
            firm.modelled[lane] += scoped(now.leaders_modelling, scopes, scope.leaders_modelling) * leaders.fluency[k]
    for lane in range(lanes):
        fluency = firm.fluency[lane] / np.float32(max(count, 1))
        promise = promised(
            w.leadership_promise_base[lane],
            w.leadership_promise_endorsement[lane],
            now.leaders_endorsement,
            w.leadership_promise_fluency[lane],
            fluency,
        )
        attention = attention_drift(
            firm.attention[lane],
            firm.seen[lane],
            promise,
            once.leaders_staying_power,
            w.leadership_attention_speed[lane],
            w.leadership_patience[lane],
        )
        attention += now.leaders_presence * w.leadership_presence_attention[lane] * (1.0 - attention)
        attention = np.float32(0.0) if withdrawn else attention
        modelled = firm.modelled[lane] / np.float32(max(count, 1)) * attention
        for j in range(lane, TILE, lanes):
            firm.fluency[j], firm.modelled[j], firm.attention[j] = fluency, modelled, attention
    relay_down(b, now)


@kernel
def relay_down(b, now):
    """Each leader's modelling as reports see it, and what the leader asks and gives; bosses stand before reports."""
    people, leaders, firm, w, scope = b.people, b.leaders, b.firm, b.world, b.scope
    lanes = b.keys.shape[0]
    for m in range(b.graph.leader_person.shape[0]):
        boss = np.int64(b.graph.leader_boss[m])
        person = np.int64(b.graph.leader_person[m])
        for lane in range(lanes):
            k, e = cell(m, lanes, lane), cell(person, lanes, lane)
            top = firm.modelled[lane]
            above = leaders.relayed[cell(boss, lanes, lane)] if boss >= 0 else top
            beta = w.leadership_from_the_top[lane]
            received = beta * top + (1.0 - beta) * above
            leaders.relayed[k] = passed_on(received, w.leadership_relay[lane], leaders.support[k], people.habit[e])
            scopes = people.scopes[e]
            willing = clip(0.5 + leaders.support[k], 0.0, 1.0)
            asked = scoped(now.managers_inspection, scopes, scope.managers_inspection) * firm.attention[lane]
            knows = scoped(now.managers_manager_training, scopes, scope.managers_manager_training)
            leaders.inspecting[k] = min(asked * willing * (1.0 + w.managers_training[lane] * knows), 1.0)
            coaching = scoped(now.managers_coaching, scopes, scope.managers_coaching)
            leaders.coaching[k] = coaching * clip(leaders.support[k], 0.0, 1.0)


@tilewise
def surround(b, now, week, part, tile):
    """What each person meets from above: the manager's support, coaching, questions, modelling; and safety."""
    people, near, leaders, firm, w, scope = b.people, part.near, b.leaders, b.firm, b.world, b.scope
    lanes = b.keys.shape[0]
    per_tile = TILE // lanes
    for row in range(per_tile):
        i = tile * per_tile + row
        if i >= b.graph.unit.shape[0]:
            break  # the padding keeps what the tile before met; nothing counts it
        boss = np.int64(b.graph.boss[i])
        if boss < 0:
            for lane in range(lanes):
                n = nearby(part, tile, row * lanes + lane)
                near.boss_support[n] = 0.0
                near.coached[n] = 0.0
                near.inspected[n] = 0.0
                near.modelling[n] = firm.modelled[lane]
        else:
            for lane in range(lanes):
                n, k = nearby(part, tile, row * lanes + lane), cell(boss, lanes, lane)
                beta = w.leadership_from_the_top[lane]
                near.boss_support[n] = leaders.support[k]
                near.coached[n] = leaders.coaching[k]
                near.inspected[n] = leaders.inspecting[k]
                near.modelling[n] = beta * firm.modelled[lane] + (1.0 - beta) * leaders.relayed[k]
    for j in range(TILE):
        e, n = element(tile, j), nearby(part, tile, j)
        scopes = people.scopes[e]
        near.safety[n] = psychological_safety(
            w.leadership_safety_base[j],
            w.leadership_safety_modelling[j],
            near.modelling[n],
            w.leadership_safety_mandate[j],
            mandate_felt(now, scopes, scope, firm.attention[j]),
            w.leadership_safety_presence[j],
            scoped(now.leaders_presence, scopes, scope.leaders_presence),
        )
