"""Champions: who becomes one, and the help their time can give.

People are asked in an order drawn (or found) before time starts, until the programme's number is reached, so that one
champion in 25 contains one in 100. Volunteers, and joiners in others' seats, can be asked only once trained. A champion
helps colleagues of the own unit, whose work is similar, as far as the given time goes; with more people than hours,
help spreads thin.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import TILE, cell, kernel, rule
from sim.exposure import has, inside
from sim.people import NEVER, Status

ACCESS, CHAMPION, TRAINED = int(Status.ACCESS), int(Status.CHAMPION), int(Status.TRAINED)
VOLUNTEERS = 1


@rule
def help_at_hand(helpers, hours, hours_each, seekers):
    """Chance that a colleague who could use help this week finds a champion with time."""
    return min(helpers * hours / hours_each / max(seekers, 1.0), 1.0)


@kernel
def appoint(b, now, week, part):
    """From the activation week, appoint people in their order until there are enough (once for all people)."""
    people, firm, once = b.people, b.firm, b.once
    lanes, headcount = b.keys.shape[0], b.graph.unit.shape[0]
    if once.champions_one_per < 1.0 or week < once.champions_activation_week:
        return
    wanted = np.float32(np.floor(np.float32(headcount) / once.champions_one_per + 0.5))
    for lane in range(lanes):
        count = firm.champions[lane]
        end_of_rounds = b.wave_turns[b.wave_turns.shape[0] - 1, lane] * once.training_rounds
        if count >= wanted:
            continue
        for k in range(b.order.shape[1]):
            i = b.order[lane, k]
            if i < 0 or count >= wanted:
                break
            e = cell(np.int64(i), lanes, lane)
            status = people.status[e]
            if status & np.uint32(CHAMPION):
                continue
            joined = end_of_rounds <= people.turn[e] < NEVER
            must_be_trained = joined or np.int64(once.champions_chosen) == VOLUNTEERS
            if must_be_trained and not status & np.uint32(TRAINED):
                continue
            people.status[e] = status | np.uint32(CHAMPION)
            people.skill[e] += b.world.champions_skill_gain[lane] * (1.0 - people.skill[e])
            people.trust[e] += b.world.champions_trust_gain[lane] * (1.0 - people.trust[e])
            count += 1.0
        for j in range(lane, TILE, lanes):
            firm.champions[j] = count


@kernel
def count_helpers(b, now, week, part):
    """In each unit, count champions with time and the people they could help."""
    people, units = b.people, b.units
    lanes = b.keys.shape[0]
    bit = b.scope.champions_time
    for u in range(part.unit0, part.unit1):
        for lane in range(lanes):
            units.helpers[cell(u, lanes, lane)] = 0
            units.seeking[cell(u, lanes, lane)] = 0
        for i in range(b.graph.unit_start[u], b.graph.unit_start[u + 1]):
            for lane in range(lanes):
                e = cell(i, lanes, lane)
                champion = has(people.status[e], CHAMPION)
                access = has(people.status[e], ACCESS)
                units.helpers[cell(u, lanes, lane)] += np.int64(champion * inside(people.scopes[e], bit))
                units.seeking[cell(u, lanes, lane)] += np.int64(access * (1.0 - champion))
        for lane in range(lanes):
            k = cell(u, lanes, lane)
            hours = now.champions_time * b.firm.attention[lane]
            units.help[k] = help_at_hand(
                np.float32(units.helpers[k]), hours, b.world.champions_hours_each[lane], np.float32(units.seeking[k])
            )


@kernel
def offer_help(b, now, week, part):
    """Bring the unit's help and library to its people; leaders in the room help a little too."""
    people, units, w = b.people, b.units, b.world
    lanes = b.keys.shape[0]
    headcount = b.graph.unit.shape[0]
    bit = b.scope.leaders_presence
    for tile in range(part.tile0, part.tile1):
        first = tile * TILE // lanes
        for i in range(first, min(first + TILE // lanes, headcount)):
            unit = np.int64(b.graph.unit[i])
            for lane in range(lanes):
                e = cell(i, lanes, lane)
                presence = now.leaders_presence * inside(people.scopes[e], bit)
                people.help[e] = min(
                    units.help[cell(unit, lanes, lane)] + presence * w.leadership_presence_help[lane], 1.0
                )
                people.library[e] = units.library[cell(unit, lanes, lane)]
