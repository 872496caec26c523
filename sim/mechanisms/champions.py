"""Champions: who becomes one, and the help their time can give.

People are asked in an order drawn (or found) before time starts, until the programme's number is reached, so that one
champion in 25 contains one in 100. Volunteers, and joiners in others' seats, can be asked only once trained. A champion
helps colleagues of the own unit, whose work is similar, as far as the given time goes; with more people than hours,
help spreads thin.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import TILE, cell, kernel, nearby, rule, tilewise
from sim.exposure import scoped
from sim.people import Status

ACCESS, CHAMPION = int(Status.ACCESS), int(Status.CHAMPION)
TRAINED, JOINER = int(Status.TRAINED), int(Status.JOINER)
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
            must_be_trained = status & np.uint32(JOINER) or np.int64(once.champions_chosen) == VOLUNTEERS
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
    people, units, graph = b.people, b.units, b.graph
    lanes = b.keys.shape[0]
    with_time = b.scope.champions_time
    anyone = False
    for lane in range(lanes):
        anyone = anyone or b.firm.champions[lane] > 0.0
    for u in range(part.unit0, part.unit1):
        for lane in range(lanes):
            units.helpers[cell(u, lanes, lane)] = 0
            units.seeking[cell(u, lanes, lane)] = 0
        for i in range(graph.unit_start[u], graph.unit_start[u + 1] if anyone else graph.unit_start[u]):
            for lane in range(lanes):
                e, k = cell(i, lanes, lane), cell(u, lanes, lane)
                role = people.status[e] & np.uint32(CHAMPION | ACCESS)
                helps = (role >= np.uint32(CHAMPION)) & ((people.scopes[e] & with_time) != 0)
                units.helpers[k] += np.int32(helps)
                units.seeking[k] += np.int32(role == np.uint32(ACCESS))
        for lane in range(lanes):
            k = cell(u, lanes, lane)
            hours = now.champions_time * b.firm.attention[lane]
            units.help[k] = help_at_hand(
                np.float32(units.helpers[k]), hours, b.world.champions_hours_each[lane], np.float32(units.seeking[k])
            )


@tilewise
def offer_help(b, now, week, part, tile):
    """Bring the unit's help and library to its people; leaders in the room help a little too."""
    people, near, units, w = b.people, part.near, b.units, b.world
    lanes = b.keys.shape[0]
    per_tile = TILE // lanes
    mask = b.scope.leaders_presence
    for row in range(per_tile):
        i = tile * per_tile + row
        if i >= b.graph.unit.shape[0]:
            break
        unit = np.int64(b.graph.unit[i])
        for lane in range(lanes):
            e, k = cell(i, lanes, lane), cell(unit, lanes, lane)
            n = nearby(part, tile, row * lanes + lane)
            presence = scoped(now.leaders_presence, people.scopes[e], mask)
            near.help[n] = min(units.help[k] + presence * w.leadership_presence_help[lane], 1.0)
            near.library[n] = units.library[k]
