"""Measuring: adoption stages, actions, capacity and satisfaction, and the sums over people that outcomes are made of.

Meaningful use is a week with at least one action by choice; logged use also counts acting only to comply. Sums are
whole numbers (values in 1/16384ths), so that no order of people, lanes or threads can change a digit.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from sim.compiled import TILE, element, kernel, rule
from sim.exposure import dread_relief, has, speed_pressure
from sim.numeric import clip, exp, poisson_quantile
from sim.people import Stage, Status
from sim.rng import Slot, fill_words, lower

ACCESS, REACHED, TRIED, REJECTED = int(Status.ACCESS), int(Status.REACHED), int(Status.TRIED), int(Status.REJECTED)
REGULAR, ACTIVE, COMPLIED, SUCCEEDED = (
    int(Status.REGULAR),
    int(Status.ACTIVE),
    int(Status.COMPLIED),
    int(Status.SUCCEEDED),
)
IN_TRAINING = int(Status.IN_TRAINING)
DRAWN = int(Slot.COMPLY_ACTIONS)
TWELVE_WEEKS, FOUR_WEEKS = 0xFFF, 0xF
HABITUAL_WEEKS, USING_WEEKS = 9, 4
POWER_ACTIONS = np.float32(15.0)
FIXED = np.float32(16384.0)
SMOOTHING = np.float32(1.0 / 12.0)
MOST_SUMMED = 32768  # tiles: 2^15 values of at most 2^15 in each 32-bit sum


class Sum(IntEnum):
    """What is summed over people each week; the first eight count stages."""

    ACTIVE = 8
    LOGGED = 9
    ACCESS = 10
    TRIED = 11
    WAVE_PEOPLE = 12
    WAVE_ACTIVE = 13
    DASHBOARD_HABIT = 14
    DASHBOARD_POWER = 15
    OFTEN = 16
    SOMETIMES = 17
    TRUST = 18
    SKILL = 19
    CAPACITY = 20
    SATISFACTION = 21
    TRAINEES = 22


SUMS = len(Stage) + len(Sum)
STAGES = len(Stage)
S_TRAINEES = int(Sum.TRAINEES)
S_ACTIVE, S_LOGGED, S_ACCESS, S_TRIED = int(Sum.ACTIVE), int(Sum.LOGGED), int(Sum.ACCESS), int(Sum.TRIED)
S_WAVE, S_WAVE_ACTIVE = int(Sum.WAVE_PEOPLE), int(Sum.WAVE_ACTIVE)
S_HABIT, S_POWER, S_OFTEN, S_SOMETIMES = (
    int(Sum.DASHBOARD_HABIT),
    int(Sum.DASHBOARD_POWER),
    int(Sum.OFTEN),
    int(Sum.SOMETIMES),
)
S_TRUST, S_SKILL, S_CAPACITY, S_SATISFACTION = (
    int(Sum.TRUST),
    int(Sum.SKILL),
    int(Sum.CAPACITY),
    int(Sum.SATISFACTION),
)


@rule
def weeks_in(bits):
    """How many of the last twelve weeks are set."""
    x = bits & np.uint32(TWELVE_WEEKS)
    x = (x & np.uint32(0x555)) + ((x >> np.uint32(1)) & np.uint32(0x555))
    x = (x & np.uint32(0x333)) + ((x >> np.uint32(2)) & np.uint32(0x333))
    return np.int32((x & np.uint32(0xF)) + ((x >> np.uint32(4)) & np.uint32(0xF)) + (x >> np.uint32(8)))


@rule
def stage_of(status, history):
    """The first adoption stage that applies (Rogers' stages made exact; see people.Stage)."""
    weeks = weeks_in(history)
    stage = np.int32(7)
    stage = np.int32(6) if status & np.uint32(TRIED) else stage
    stage = np.int32(5) if weeks >= 1 else stage
    stage = np.int32(4) if weeks >= USING_WEEKS else stage
    stage = np.int32(3) if weeks >= HABITUAL_WEEKS else stage
    lapsed = ((status & np.uint32(REGULAR)) != 0) & ((history & np.uint32(FOUR_WEEKS)) == 0)
    stage = np.int32(2) if lapsed else stage
    stage = np.int32(1) if status & np.uint32(REJECTED) else stage
    return stage if status & np.uint32(ACCESS | REACHED) else np.int32(0)


@rule
def capacity_of(scale, breadth, skill, succeeded, learning_time, used):
    """Working time won by a person this week, before training: ``g b s y - tau (1 - s) used``."""
    return scale * breadth * skill * succeeded - learning_time * (1.0 - skill) * used


@kernel
def log_actions(b, now, week, part):
    """One more week of history, and how many actions: ``1 + Poisson(a0 breadth exp(fit))`` by choice, one to comply."""
    people, w = b.people, b.world
    lanes = b.keys.shape[0]
    per_tile = TILE // lanes
    words = part.words
    for tile in range(part.tile0, part.tile1):
        fill_words(words, b.keys, tile * per_tile, per_tile, week, DRAWN)
        for j in range(TILE):
            e = element(tile, j)
            status = people.status[e]
            used, complied = has(status, ACTIVE), has(status, COMPLIED)
            mean = w.measuring_actions[j] * people.breadth[e] * exp(people.fit[e])
            actions = used * (1.0 + poisson_quantile(lower(words[j]), mean)) + complied
            people.actions[e] += SMOOTHING * (actions - people.actions[e])
            history = (people.history[e] << np.uint32(1)) | np.uint32(used)
            people.history[e] = history
            people.logged[e] = (people.logged[e] << np.uint32(1)) | np.uint32(used + complied)
            people.status[e] = status | np.uint32(REGULAR) if weeks_in(history) >= USING_WEEKS else status


@kernel
def feel(b, now, week, part):
    """Satisfaction: relieved dread, success, less learning under pressure and complying against one's belief."""
    people, w, scope, once = b.people, b.world, b.scope, b.once
    for tile in range(part.tile0, part.tile1):
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
            people.satisfaction[e] += w.measuring_satisfaction_speed[j] * (feels - people.satisfaction[e])


@kernel
def add_up(b, part, start, stop):
    """Sum elements ``start`` to ``stop - 1``, at most ``MOST_SUMMED`` tiles of them, into ``part.sums``."""
    people, firm, w, sums = b.people, b.firm, b.world, part.sums
    first_place, stages = part.scratch, part.stages
    for j in range(TILE):
        first_place[j] = b.waves[np.int64(max(firm.wave[j], 1.0)) - 1, j]
        for k in range(SUMS):
            sums[k, j] = 0
    for base in range(start, stop, TILE):
        count = min(TILE, stop - base)
        for j in range(count):
            e = np.uint64(base + j)
            stages[j] = stage_of(people.status[e], people.history[e])
        for k in range(STAGES):
            for j in range(count):
                sums[k, j] += np.int32(stages[j] == k)
        for j in range(count):
            e = np.uint64(base + j)
            status = people.status[e]
            used, complied = has(status, ACTIVE), has(status, COMPLIED)
            logged_weeks = weeks_in(people.logged[e])
            actions = people.actions[e]
            in_wave = (people.queue[e] >= first_place[j]) & (people.queue[e] < firm.opened[j])
            sums[S_ACTIVE, j] += np.int32(used)
            sums[S_LOGGED, j] += np.int32(used + complied)
            sums[S_ACCESS, j] += np.int32(has(status, ACCESS))
            sums[S_TRIED, j] += np.int32(has(status, TRIED))
            sums[S_TRAINEES, j] += np.int32(has(status, IN_TRAINING))
            sums[S_WAVE, j] += np.int32(in_wave)
            sums[S_WAVE_ACTIVE, j] += np.int32(in_wave) * np.int32(used)
            sums[S_HABIT, j] += np.int32(logged_weeks >= HABITUAL_WEEKS)
            sums[S_POWER, j] += np.int32((logged_weeks >= HABITUAL_WEEKS) & (actions >= POWER_ACTIONS))
            sums[S_OFTEN, j] += np.int32(actions >= POWER_ACTIONS)
            sums[S_SOMETIMES, j] += np.int32((actions >= 1.0) & (actions < POWER_ACTIONS))
        for j in range(count):
            e = np.uint64(base + j)
            status = people.status[e]
            used, succeeded, access = has(status, ACTIVE), has(status, SUCCEEDED), has(status, ACCESS)
            gained = capacity_of(
                w.measuring_capacity[j],
                people.breadth[e],
                people.skill[e],
                succeeded,
                w.measuring_learning_time[j],
                used,
            )
            sums[S_TRUST, j] += np.int32(people.trust[e] * access * FIXED)
            sums[S_SKILL, j] += np.int32(people.skill[e] * FIXED)
            sums[S_CAPACITY, j] += np.int32(clip(gained, -1.0, 1.0) * FIXED)
            sums[S_SATISFACTION, j] += np.int32(clip(people.satisfaction[e], -1.0, 1.0) * FIXED)


@kernel
def survey(b, now, week, part):
    """Sum over people in whole numbers; unit by unit where that is kept."""
    lanes = b.keys.shape[0]
    mine, sums, unit_start = b.tallies[part.number], part.sums, b.graph.unit_start
    singly = b.unit_series.shape[0] > week
    for k in range(SUMS):
        for lane in range(lanes):
            mine[k, lane] = 0
    u = part.unit0
    while u < part.unit1:
        end = u + 1 if singly else part.unit1
        if singly:
            for k in range(STAGES):
                for lane in range(lanes):
                    b.unit_series[week, u, k, lane] = 0
        stop = unit_start[end] * lanes
        for start in range(unit_start[u] * lanes, stop, MOST_SUMMED * TILE):
            add_up(b, part, start, min(start + MOST_SUMMED * TILE, stop))
            for k in range(SUMS):
                for j in range(TILE):
                    mine[k, j % lanes] += sums[k, j]
                    if singly and k < STAGES:
                        b.unit_series[week, u, k, j % lanes] += sums[k, j]
        u = end
