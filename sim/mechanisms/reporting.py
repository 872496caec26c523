"""Reporting: the week's books, what leaders see of the week, and the series that outcomes are read from.

Seen = w (true capacity gain, against what counts as full success) + (1 - w) (logged use, and what covert managers add
to it), w = how far outcomes are measured. Everything here is once for all people.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from sim.compiled import TILE, cell, kernel, rule
from sim.people import Stage

STAGES = len(Stage)
FIXED = np.float32(16384.0)
SINKING = np.float32(-0.25)
HOURS = np.float32(40.0)


class Series(IntEnum):
    """What is kept of every week, in this order; the first eight are shares of people by stage."""

    ACTIVE = 8
    LOGGED = 9
    LICENSED = 10
    TRIED = 11
    DASHBOARD_HABIT = 12
    DASHBOARD_POWER = 13
    OFTEN = 14
    SOMETIMES = 15
    TRUST = 16
    SKILL = 17
    CAPACITY = 18
    SATISFACTION = 19
    COST = 20
    VALUE = 21
    ATTENTION = 22
    GOVERNANCE = 23
    LIBRARY = 24
    FLUENCY = 25
    PERCEPTION_GAP = 26
    SUPPORT = 27
    SINKING = 28
    TRAINED = 29
    CHAMPIONS = 30


SERIES = 31
(
    ACTIVE,
    LOGGED,
    LICENSED,
    TRIED,
    DASHBOARD_HABIT,
    DASHBOARD_POWER,
    OFTEN,
    SOMETIMES,
    TRUST,
    SKILL,
    CAPACITY,
    SATISFACTION,
    COST,
    VALUE,
    ATTENTION,
    GOVERNANCE,
    LIBRARY,
    FLUENCY,
    PERCEPTION_GAP,
    SUPPORT,
    SINKERS,
    TRAINED,
    CHAMPIONS,
) = (int(s) for s in Series)
# the rows of the tallies (measuring.Sum)
T_ACTIVE, T_LOGGED, T_ACCESS, T_TRIED, T_WAVE, T_WAVE_ACTIVE = 8, 9, 10, 11, 12, 13
T_HABIT, T_POWER, T_OFTEN, T_SOMETIMES, T_TRUST, T_SKILL, T_CAPACITY, T_SATISFACTION, T_TRAINEES = (
    14,
    15,
    16,
    17,
    18,
    19,
    20,
    21,
    22,
)


@rule
def reported_use(logged, hidden, overstatement):
    """What is reported upward: logged use, and what covert managers add for their people."""
    return logged + overstatement * hidden * (1.0 - logged)


@rule
def seen_by_leaders(outcomes, capacity, gain_scale, reported):
    """Results as leaders see them; only real capacity counts as far as outcomes are measured."""
    return outcomes * max(capacity / gain_scale, 0.0) + (1.0 - outcomes) * reported


@rule
def running_mean(before, latest, week):
    """A running mean with the memory of four weeks (exact while fewer than four have passed)."""
    return before + (latest - before) / min(np.float32(week) + 1.0, 4.0)


@kernel
def report(b, now, week, part):
    """Close the week: tallies into shares, costs and value, what leaders see, one row of the series."""
    firm, w, leaders, graph = b.firm, b.world, b.leaders, b.graph
    lanes = b.keys.shape[0]
    headcount = graph.unit.shape[0]
    everyone = np.float32(headcount)
    n_leaders = graph.leader_person.shape[0]
    executives = 0
    for m in range(n_leaders):
        executives += graph.executive[m]
    row = b.series[week]
    for lane in range(lanes):
        total = part.totals
        for k in range(total.shape[0]):
            total[k] = 0
        for p in range(b.tallies.shape[0]):
            for k in range(b.tallies.shape[1]):
                total[k] += b.tallies[p, k, lane]
        for k in range(STAGES):
            row[k, lane] = np.float32(total[k] / headcount)
        access = np.float32(total[T_ACCESS])
        row[ACTIVE, lane] = np.float32(total[T_ACTIVE] / headcount)
        row[LOGGED, lane] = np.float32(total[T_LOGGED] / headcount)
        row[LICENSED, lane] = np.float32(total[T_ACCESS] / headcount)
        row[TRIED, lane] = np.float32(total[T_TRIED] / headcount)
        row[DASHBOARD_HABIT, lane] = np.float32(total[T_HABIT] / headcount)
        row[DASHBOARD_POWER, lane] = np.float32(total[T_POWER] / headcount)
        row[OFTEN, lane] = np.float32(total[T_OFTEN] / headcount)
        row[SOMETIMES, lane] = np.float32(total[T_SOMETIMES] / headcount)
        row[TRUST, lane] = np.float32(total[T_TRUST]) / FIXED / max(access, 1.0)
        row[SKILL, lane] = np.float32(total[T_SKILL]) / FIXED / everyone
        row[SATISFACTION, lane] = np.float32(total[T_SATISFACTION]) / FIXED / everyone
        trainees = np.float32(total[T_TRAINEES])
        training_hours = trainees * w.measuring_training_hours[lane]
        gained = np.float32(total[T_CAPACITY]) / FIXED / everyone
        capacity = gained - training_hours / HOURS / everyone
        row[CAPACITY, lane] = capacity

        wage, attention = w.measuring_wage[lane], firm.attention[lane]
        cost = access * w.measuring_licence[lane] + training_hours * wage
        for driver in range(b.costs.shape[2]):
            if driver == 0:
                amount = np.float32(1.0)
            elif driver == 1:
                amount = np.float32(executives)
            elif driver == 2:
                amount = np.float32(n_leaders - executives)
            elif driver == 3 or driver == 6:
                amount = firm.champions[lane]
            elif driver == 4:
                amount = access
            else:
                amount = trainees
            money = b.costs[week, 0, driver, 0] + attention * b.costs[week, 1, driver, 0]
            hours = b.costs[week, 0, driver, 1] + attention * b.costs[week, 1, driver, 1]
            cost += amount * (money + hours * wage)
        row[COST, lane] = cost
        # training hours are in the cost already
        row[VALUE, lane] = wage * HOURS * everyone * gained * w.measuring_capture[lane]

        using = row[ACTIVE, lane]
        logging = running_mean(firm.logging[lane], row[LOGGED, lane], week)
        using_mean = running_mean(firm.using_mean[lane], using, week)
        gain = running_mean(firm.capacity[lane], capacity, week)
        reported = reported_use(logging, firm.hidden[lane], w.leadership_overstatement[lane])
        seen = seen_by_leaders(now.environment_measure_outcomes, gain, w.leadership_gain_scale[lane], reported)
        wave_use = np.float32(total[T_WAVE_ACTIVE]) / max(np.float32(total[T_WAVE]), 1.0)
        wave_use = running_mean(firm.wave_use[lane], wave_use, np.int64(firm.wave_age[lane]))

        support, sinking = np.float32(0.0), np.float32(0.0)
        for m in range(n_leaders):
            s = leaders.support[cell(m, lanes, lane)]
            support += s
            sinking += np.float32(s < SINKING)
        row[ATTENTION, lane] = attention
        row[GOVERNANCE, lane] = firm.governance[lane]
        row[LIBRARY, lane] = firm.library[lane]
        row[FLUENCY, lane] = firm.fluency[lane]
        row[PERCEPTION_GAP, lane] = reported - using_mean
        row[SUPPORT, lane] = support / np.float32(max(n_leaders, 1))
        row[SINKERS, lane] = sinking / np.float32(max(n_leaders, 1))
        row[TRAINED, lane] = firm.served[lane] / everyone
        row[CHAMPIONS, lane] = firm.champions[lane] / everyone
        for j in range(lane, TILE, lanes):
            firm.using[j], firm.logging[j], firm.capacity[j] = using, logging, gain
            firm.seen[j], firm.wave_use[j], firm.using_mean[j] = seen, wave_use, using_mean
