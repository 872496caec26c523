"""Enablement: who is trained this week, and how governance is learned.

Capacity is limited: after a big bang training arrives over months, so many have their first experience untrained.
Training goes along the queue as far as it is open; fractions of a person carry over. Governance is learned from
preparation and from use cases tried, it does not mature by waiting (article C, national before local).
"""

from __future__ import annotations

import numpy as np

from sim.compiled import TILE, element, kernel, row_of, rule, tilewise
from sim.exposure import scoped
from sim.numeric import faded
from sim.people import NEVER, Status
from sim.tallies import Sum

ACCESS, TRAINED = int(Status.ACCESS), int(Status.TRAINED)


@rule
def training_worth(task_focus, tool_share):
    """What a training is worth against one wholly on people's own tasks."""
    return tool_share + (1.0 - tool_share) * task_focus


@rule
def governance_gain(governance, preparation, use, g_prep, g_use, scale):
    """Learned this week: ``(g_prep x preparation + g_use x min(1, use / scale)) (1 - G)``."""
    return (g_prep * preparation + g_use * min(use / scale, 1.0)) * (1.0 - governance)


@rule
def next_turn(turn, total, rounds):
    """Where the turn after this one stands: a whole queue later, never once all rounds have passed."""
    later = turn + total
    return later if later < total * rounds else NEVER


@rule
def end_of_queue(opened_turns, total, rounds, joined):
    """How far the queue may be served: the open waves first, then further rounds, then those who joined later."""
    return total * rounds + joined if opened_turns >= total else opened_turns


@kernel
def plan_training(b, now, week, part):
    """Move the served end of the queue on by this week's capacity; learn governance (once for all people)."""
    firm, w = b.firm, b.world
    headcount = np.float32(b.graph.unit.shape[0])
    last = b.wave_turns.shape[0] - 1
    for j in range(TILE):
        total = max(b.wave_turns[last, j], 1.0)
        opened = b.wave_turns[np.int64(firm.wave[j]), j]
        end = end_of_queue(opened, total, b.once.training_rounds, firm.joined[j])
        served = firm.served[j]
        firm.served[j] = max(served, min(served + now.training_capacity * headcount, end))
        firm.governance[j] += governance_gain(
            firm.governance[j],
            now.rollout_preparation,
            firm.using[j],
            w.enablement_governance_preparation[j],
            w.enablement_governance_use[j],
            w.enablement_governance_scale[j],
        )


@tilewise
def train(b, now, week, part, tile):
    """Train those whose turn has come: skill, enthusiasm, less resistance where dreaded work goes."""
    people, firm, w, scope = b.people, b.firm, b.world, b.scope
    rounds = b.once.training_rounds
    last = b.wave_turns.shape[0] - 1
    turns = 0
    for j in range(TILE):
        turns += people.turn[element(tile, j)] < firm.served[j]
    if turns == 0:
        return
    for j in range(TILE):
        e = element(tile, j)
        scopes, status, turn = people.scopes[e], people.status[e], people.turn[e]
        due = turn < firm.served[j]
        people.turn[e] = next_turn(turn, max(b.wave_turns[last, j], 1.0), rounds) if due else turn
        entitled = ((status & np.uint32(ACCESS)) != 0) & ((scopes & scope.training_capacity) != 0)
        hit = np.float32(1.0) if due & entitled else np.float32(0.0)

        focus = scoped(now.training_task_focus, scopes, scope.training_task_focus)
        worth = training_worth(focus, w.enablement_tool_share[j])
        relief = focus * people.dread[e] * scoped(now.training_drudgery_first, scopes, scope.training_drudgery_first)

        skill = people.skill[e]
        people.skill[e] = skill + hit * worth * w.enablement_gain[j] * (1.0 - skill)
        people.enthusiasm[e] = min(people.enthusiasm[e] + hit * w.enablement_buzz[j], 2.0)
        people.resistance[e] *= 1.0 - hit * relief * w.enablement_resistance_relief[j]
        people.training[e] = max(people.training[e], hit * worth)
        first = (hit > 0.0) & (people.trained_week[e] < 0)
        people.trained_week[e] = np.int16(week) if first else people.trained_week[e]
        people.status[e] = (status | np.uint32(TRAINED)) if hit > 0.0 else status
        part.sums[row_of(Sum.TRAINEES, j)] += np.int32(hit)


@tilewise
def forget(b, now, week, part, tile):
    """What was learned in training fades."""
    for j in range(TILE):
        e = element(tile, j)
        b.people.training[e] = faded(b.people.training[e] * b.firm.training_kept[j])
