"""Managers: support moves with what is asked of them and what they see above; resistance with threat and familiarity.

Middle managers do not oppose openly: transparency threatens their authority, and a covert resister reports upward what
is not so (article C). Resistance grows where reports use what their manager does not; it shrinks with own use, with
modelling from above, and with engagement once it is found.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import cell, kernel, rule
from sim.exposure import quality_rewarded, scoped
from sim.numeric import clip, faded, logistic
from sim.rng import Slot, counter, mix, upper

FOUND = int(Slot.FOUND)
RESISTS = np.float32(0.3)


@rule
def support_aim(base, inspection, modelling, reward, trust, own_use, resistance):
    """The support a manager tends to, from -1 (sinking) to 1 (coaching): each argument is in logits."""
    return 2.0 * logistic(base + inspection + modelling + reward + trust + own_use - resistance) - 1.0


@rule
def resistance_drift(resistance, threat, gap, familiarity, own_use, example, modelling, engagement):
    """This week's resistance: threat for each share of reports ahead of me; own use, example and engagement against."""
    grows = threat * max(gap, 0.0) * (1.0 - resistance)
    shrinks = (familiarity * own_use + example * modelling + engagement) * resistance
    return faded(clip(resistance + grows - shrinks, 0.0, 1.0))


@kernel
def manage(b, now, week, part):
    """Every leader's support, resistance and detection (once for all people)."""
    people, leaders, firm, w, scope, graph = b.people, b.leaders, b.firm, b.world, b.scope, b.graph
    lanes = b.keys.shape[0]
    for lane in range(lanes):
        firm.hidden[lane] = 0.0
    for m in range(graph.leader_person.shape[0]):
        person = np.int64(graph.leader_person[m])
        boss = np.int64(graph.leader_boss[m])
        start, stop = graph.report_start[m], graph.report_start[m + 1]
        for lane in range(lanes):
            leaders.reports_use[cell(m, lanes, lane)] = 0.0
        for r in range(start, stop):
            other = np.int64(graph.reports[r])
            for lane in range(lanes):
                leaders.reports_use[cell(m, lanes, lane)] += people.habit[cell(other, lanes, lane)]
        c = counter(person, week, FOUND)
        for lane in range(lanes):
            k, e = cell(m, lanes, lane), cell(person, lanes, lane)
            scopes = people.scopes[e]
            reports_use = leaders.reports_use[k] / np.float32(max(stop - start, 1))
            leaders.reports_use[k] = reports_use
            above = leaders.relayed[cell(boss, lanes, lane)] if boss >= 0 else firm.modelled[lane]
            knows = scoped(now.managers_manager_training, scopes, scope.managers_manager_training)
            asked = scoped(now.managers_inspection, scopes, scope.managers_inspection) * firm.attention[lane]
            reward = quality_rewarded(now, b.once, scope, scopes)
            aim = support_aim(
                w.managers_base[lane],
                w.managers_inspection[lane] * asked * (1.0 + w.managers_training[lane] * knows),
                w.managers_modelling[lane] * above,
                w.managers_reward[lane] * (2.0 * reward - 1.0),
                w.managers_trust[lane] * (2.0 * people.trust[e] - 1.0),
                w.managers_own_use[lane] * people.habit[e],
                w.managers_resistance[lane] * people.resistance[e],
            )
            leaders.support[k] += w.managers_speed[lane] * (aim - leaders.support[k])
            people.skill[e] += w.managers_skill_gain[lane] * knows * (1.0 - people.skill[e])

            look = scoped(now.managers_detection, scopes, scope.managers_detection)
            chance = w.managers_detection[lane] * look * leaders.covert[k]
            if upper(mix(c ^ b.keys[lane])) < chance:
                leaders.found[k] = 1.0
            engaged = scoped(now.managers_engagement, scopes, scope.managers_engagement)
            people.resistance[e] = resistance_drift(
                people.resistance[e],
                w.managers_threat[lane],
                reports_use - people.habit[e],
                w.managers_familiarity[lane],
                people.habit[e],
                w.managers_example[lane],
                above,
                w.managers_engagement[lane] * engaged * leaders.found[k],
            )
            hides = leaders.covert[k] * (1.0 - leaders.found[k]) * np.float32(people.resistance[e] > RESISTS)
            firm.hidden[lane] += hides * np.float32(stop - start)
    for lane in range(lanes):
        hidden = firm.hidden[lane] / np.float32(graph.unit.shape[0])
        for j in range(lane, firm.hidden.shape[0], lanes):
            firm.hidden[j] = hidden
