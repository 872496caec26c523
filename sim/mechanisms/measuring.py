"""Measuring: adoption stages, actions, capacity and satisfaction, and the sums over people that outcomes are made of.

Meaningful use is a week with at least one action by choice; logged use also counts acting only to comply. Sums are
whole numbers (values in 1/16384ths), so that no order of people, lanes or threads can change a digit.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import TILE, cell, count_bits, element, kernel, row_of, rule, tilewise
from sim.exposure import dread_relief, has, lapsed, speed_pressure
from sim.numeric import clip, exp, faded, poisson_quantile
from sim.people import EVERYONE, Status
from sim.tallies import FIXED, STAGES, SUMS, Sum

ACCESS, REACHED, TRIED, REJECTED = int(Status.ACCESS), int(Status.REACHED), int(Status.TRIED), int(Status.REJECTED)
REGULAR, ACTIVE, COMPLIED, SUCCEEDED = (
    int(Status.REGULAR),
    int(Status.ACTIVE),
    int(Status.COMPLIED),
    int(Status.SUCCEEDED),
)
TWELVE_WEEKS = 0xFFF
HABITUAL_WEEKS, USING_WEEKS = 9, 4
POWER_ACTIONS = np.float32(15.0)
SMOOTHING = np.float32(1.0 / 12.0)
MOST_SUMMED = 32768  # tiles: 2^15 values of at most 2^15 in each 32-bit sum


@rule
def weeks_in(bits):
    """How many of the last twelve weeks are set."""
    return count_bits(bits & np.uint32(TWELVE_WEEKS))


@rule
def stage_of(status, history):
    """The first adoption stage that applies (Rogers' stages made exact; see people.Stage)."""
    weeks = weeks_in(history)
    stage = np.int32(7)
    stage = np.int32(6) if status & np.uint32(TRIED) else stage
    stage = np.int32(5) if weeks >= 1 else stage
    stage = np.int32(4) if weeks >= USING_WEEKS else stage
    stage = np.int32(3) if weeks >= HABITUAL_WEEKS else stage
    stage = np.int32(2) if lapsed(status, history) else stage
    stage = np.int32(1) if status & np.uint32(REJECTED) else stage
    return stage if status & np.uint32(ACCESS | REACHED) else np.int32(0)


@rule
def capacity_of(scale, breadth, skill, succeeded, learning_time, used):
    """Working time won by a person this week, before training: ``g b s y - tau (1 - s) used``."""
    return scale * breadth * skill * succeeded - learning_time * (1.0 - skill) * used


@tilewise
def log_actions(b, now, week, part, tile):
    """One more week of history, and how many actions: ``1 + Poisson(a0 breadth exp(fit))`` by choice, one to comply."""
    people, w = b.people, b.world
    for j in range(TILE):
        e = element(tile, j)
        status = people.status[e]
        used, complied = has(status, ACTIVE), has(status, COMPLIED)
        mean = w.measuring_actions[j] * people.breadth[e] * exp(people.fit[e])
        actions = used * (1.0 + poisson_quantile(part.luck.act[j], mean)) + complied
        people.actions[e] = faded(people.actions[e] + SMOOTHING * (actions - people.actions[e]))
        history = (people.history[e] << np.uint32(1)) | np.uint32(used)
        people.history[e] = history
        people.logged[e] = (people.logged[e] << np.uint32(1)) | np.uint32(used + complied)
        people.status[e] = status | np.uint32(REGULAR) if weeks_in(history) >= USING_WEEKS else status


@tilewise
def feel(b, now, week, part, tile):
    """Satisfaction: relieved dread, success, less learning under pressure and complying against one's belief."""
    people, w, scope, once = b.people, b.world, b.scope, b.once
    for j in range(TILE):
        e = element(tile, j)
        status, scopes = people.status[e], people.scopes[e]
        used, complied, succeeded = has(status, ACTIVE), has(status, COMPLIED), has(status, SUCCEEDED)
        speed = speed_pressure(now, once, scope, scopes, week)
        relieved = succeeded * dread_relief(now, scope, scopes, people.dread[e], people.breadth[e])
        feels = (
            w.measuring_satisfaction_relief[j] * relieved
            + w.measuring_satisfaction_success[j] * succeeded
            - w.measuring_satisfaction_pressure[j] * used * (1.0 - people.skill[e]) * speed
            - w.measuring_satisfaction_comply[j] * complied * (1.0 - people.trust[e])
        )
        felt = people.satisfaction[e]
        people.satisfaction[e] = faded(felt + w.measuring_satisfaction_speed[j] * (feels - felt))


@tilewise
def survey(b, now, week, part, tile):
    """Add a tile of people to the week's sums, in whole numbers."""
    people, firm, w, sums = b.people, b.firm, b.world, part.sums
    for j in range(TILE):
        e = element(tile, j)
        stage = stage_of(people.status[e], people.history[e])
        part.stages[j] = stage if people.scopes[e] & np.uint32(EVERYONE) else np.int32(-1)
    for k in range(STAGES):
        for j in range(TILE):
            sums[row_of(k, j)] += np.int32(part.stages[j] == k)
    for j in range(TILE):
        e = element(tile, j)
        status, queue = people.status[e], people.queue[e]
        used = np.int32((status & np.uint32(ACTIVE)) != 0)
        in_wave = np.int32((queue >= firm.wave_from[j]) & (queue < firm.opened[j]))
        sums[row_of(Sum.ACTIVE, j)] += used
        sums[row_of(Sum.LOGGED, j)] += np.int32((status & np.uint32(ACTIVE | COMPLIED)) != 0)
        sums[row_of(Sum.ACCESS, j)] += np.int32((status & np.uint32(ACCESS)) != 0)
        sums[row_of(Sum.TRIED, j)] += np.int32((status & np.uint32(TRIED)) != 0)
        sums[row_of(Sum.WAVE_PEOPLE, j)] += in_wave
        sums[row_of(Sum.WAVE_ACTIVE, j)] += in_wave & used
    for j in range(TILE):
        e = element(tile, j)
        actions = people.actions[e]
        habit = np.int32(weeks_in(people.logged[e]) >= HABITUAL_WEEKS)
        often = np.int32(actions >= POWER_ACTIONS)
        sums[row_of(Sum.DASHBOARD_HABIT, j)] += habit
        sums[row_of(Sum.DASHBOARD_POWER, j)] += habit & often
        sums[row_of(Sum.OFTEN, j)] += often
        sums[row_of(Sum.SOMETIMES, j)] += np.int32(actions >= 1.0) - often
    for j in range(TILE):
        e = element(tile, j)
        status, skill = people.status[e], people.skill[e]
        used, succeeded, access = has(status, ACTIVE), has(status, SUCCEEDED), has(status, ACCESS)
        scale, learning_time = w.measuring_capacity[j], w.measuring_learning_time[j]
        gained = capacity_of(scale, people.breadth[e], skill, succeeded, learning_time, used)
        sums[row_of(Sum.TRUST, j)] += np.int32(people.trust[e] * access * FIXED)
        sums[row_of(Sum.SKILL, j)] += np.int32(skill * FIXED)
        sums[row_of(Sum.CAPACITY, j)] += np.int32(clip(gained, -1.0, 1.0) * FIXED)
        sums[row_of(Sum.SATISFACTION, j)] += np.int32(clip(people.satisfaction[e], -1.0, 1.0) * FIXED)


@kernel
def begin_sums(b, part):
    """Empty the part's sums and tallies for a new week."""
    for k in range(SUMS):
        for lane in range(b.keys.shape[0]):
            b.tallies[part.number, k, lane] = 0
        for j in range(TILE):
            part.sums[row_of(k, j)] = 0


@kernel
def tally(b, part):
    """Move the part's sums over, before they could overflow: at most ``MOST_SUMMED`` tiles."""
    lanes = b.keys.shape[0]
    for k in range(SUMS):
        for j in range(TILE):
            b.tallies[part.number, k, j % lanes] += part.sums[row_of(k, j)]
            part.sums[row_of(k, j)] = 0


@kernel
def count_units(b, now, week, part):
    """Stages unit by unit, where they are kept."""
    people = b.people
    lanes = b.keys.shape[0]
    if b.unit_series.shape[0] <= week:
        return
    for u in range(part.unit0, part.unit1):
        for k in range(STAGES):
            for lane in range(lanes):
                b.unit_series[week, u, k, lane] = 0
        for i in range(b.graph.unit_start[u], b.graph.unit_start[u + 1]):
            for lane in range(lanes):
                e = cell(i, lanes, lane)
                b.unit_series[week, u, stage_of(people.status[e], people.history[e]), lane] += 1
