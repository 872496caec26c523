"""Reporting: the week's books, what leaders see of the week, and the series that outcomes are read from.

Seen = w (true capacity gain, against what counts as full success) + (1 - w) (logged use, and what covert managers add
to it), w = how far outcomes are measured. Everything here is once for all people.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import TILE, cell, kernel, rule
from sim.tallies import FIXED, STAGES, SUMS, Series, Sum

SINKS = np.float32(-0.25)
HOURS = np.float32(40.0)


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


@rule
def share(count, headcount):
    """A whole number of people as a share of all."""
    return np.float32(count / headcount)


@rule
def lever_costs(costs, week, attention, per):
    """Money and people's hours that all levers take this week; ``per`` counts each of ``passports.COST_DRIVERS``."""
    money = hours = np.float32(0.0)
    for driver in range(len(per)):
        money += per[driver] * (costs[week, 0, driver, 0] + attention * costs[week, 1, driver, 0])
        hours += per[driver] * (costs[week, 0, driver, 1] + attention * costs[week, 1, driver, 1])
    return money, hours


@kernel
def report(b, now, week, part):
    """Close the week: tallies into shares, costs and value, what leaders see, one row of the series."""
    lanes = b.keys.shape[0]
    for p in range(1, b.tallies.shape[0]):
        for k in range(SUMS):
            for lane in range(lanes):
                b.tallies[0, k, lane] += b.tallies[p, k, lane]
                b.tallies[p, k, lane] = 0
    describe_people(b, week)
    describe_leaders(b, week)
    keep_books(b, week)
    inform_leaders(b, now, week)


@kernel
def describe_people(b, week):
    """Shares and means over people."""
    t, row, headcount = b.tallies[0], b.series[week], b.graph.unit.shape[0]
    everyone = np.float32(headcount)
    for k in range(STAGES):
        for lane in range(b.keys.shape[0]):
            row[k, lane] = share(t[k, lane], headcount)
    for lane in range(b.keys.shape[0]):
        row[Series.ACTIVE, lane] = share(t[Sum.ACTIVE, lane], headcount)
        row[Series.LOGGED, lane] = share(t[Sum.LOGGED, lane], headcount)
        row[Series.LICENSED, lane] = share(t[Sum.ACCESS, lane], headcount)
        row[Series.TRIED, lane] = share(t[Sum.TRIED, lane], headcount)
        row[Series.DASHBOARD_HABIT, lane] = share(t[Sum.DASHBOARD_HABIT, lane], headcount)
        row[Series.DASHBOARD_POWER, lane] = share(t[Sum.DASHBOARD_POWER, lane], headcount)
        row[Series.OFTEN, lane] = share(t[Sum.OFTEN, lane], headcount)
        row[Series.SOMETIMES, lane] = share(t[Sum.SOMETIMES, lane], headcount)
        row[Series.TRUST, lane] = np.float32(t[Sum.TRUST, lane]) / FIXED / max(np.float32(t[Sum.ACCESS, lane]), 1.0)
        row[Series.SKILL, lane] = np.float32(t[Sum.SKILL, lane]) / FIXED / everyone
        row[Series.SATISFACTION, lane] = np.float32(t[Sum.SATISFACTION, lane]) / FIXED / everyone


@kernel
def describe_leaders(b, week):
    """Attention, governance, library and support."""
    leaders, firm, row = b.leaders, b.firm, b.series[week]
    lanes, count = b.keys.shape[0], b.graph.leader_person.shape[0]
    everyone = np.float32(b.graph.unit.shape[0])
    for lane in range(lanes):
        row[Series.ATTENTION, lane] = firm.attention[lane]
        row[Series.GOVERNANCE, lane] = firm.governance[lane]
        row[Series.LIBRARY, lane] = firm.library[lane]
        row[Series.FLUENCY, lane] = firm.fluency[lane]
        row[Series.TRAINED, lane] = firm.served[lane] / everyone
        row[Series.CHAMPIONS, lane] = firm.champions[lane] / everyone
        row[Series.SUPPORT, lane] = 0.0
        row[Series.SINKING, lane] = 0.0
    for m in range(count):
        for lane in range(lanes):
            support = leaders.support[cell(m, lanes, lane)]
            row[Series.SUPPORT, lane] += support
            row[Series.SINKING, lane] += np.float32(1.0) if support < SINKS else np.float32(0.0)
    for lane in range(lanes):
        row[Series.SUPPORT, lane] /= np.float32(max(count, 1))
        row[Series.SINKING, lane] /= np.float32(max(count, 1))


@kernel
def keep_books(b, week):
    """Capacity gained, what the week cost and what it was worth."""
    t, row, firm, w = b.tallies[0], b.series[week], b.firm, b.world
    everyone = np.float32(b.graph.unit.shape[0])
    executives = 0
    for m in range(b.graph.executive.shape[0]):
        executives += b.graph.executive[m]
    managers = np.float32(b.graph.executive.shape[0] - executives)
    for lane in range(b.keys.shape[0]):
        access, trainees = np.float32(t[Sum.ACCESS, lane]), np.float32(t[Sum.TRAINEES, lane])
        wage, champions = w.measuring_wage[lane], firm.champions[lane]
        training_hours = trainees * w.measuring_training_hours[lane]
        gained = np.float32(t[Sum.CAPACITY, lane]) / FIXED / everyone
        row[Series.CAPACITY, lane] = gained - training_hours / HOURS / everyone
        per = (np.float32(1.0), np.float32(executives), managers, champions, access, trainees, champions)
        money, lever_hours = lever_costs(b.costs, week, firm.attention[lane], per)
        hours = training_hours + lever_hours
        row[Series.HOURS, lane] = hours
        row[Series.COST, lane] = access * w.measuring_licence[lane] + money + hours * wage
        # training hours are in the cost already
        row[Series.VALUE, lane] = wage * HOURS * everyone * gained * w.measuring_capture[lane]


@kernel
def inform_leaders(b, now, week):
    """What leaders see of the week, and the running means that gates and governance read."""
    t, row, firm, w = b.tallies[0], b.series[week], b.firm, b.world
    lanes = b.keys.shape[0]
    for lane in range(lanes):
        using = row[Series.ACTIVE, lane]
        logging = running_mean(firm.logging[lane], row[Series.LOGGED, lane], week)
        using_mean = running_mean(firm.using_mean[lane], using, week)
        gain = running_mean(firm.capacity[lane], row[Series.CAPACITY, lane], week)
        reported = reported_use(logging, firm.hidden[lane], w.leadership_overstatement[lane])
        row[Series.PERCEPTION_GAP, lane] = reported - using_mean
        seen = seen_by_leaders(now.environment_measure_outcomes, gain, w.leadership_gain_scale[lane], reported)
        in_wave = np.float32(t[Sum.WAVE_ACTIVE, lane]) / max(np.float32(t[Sum.WAVE_PEOPLE, lane]), 1.0)
        wave_use = running_mean(firm.wave_use[lane], in_wave, np.int64(firm.wave_age[lane]))
        for j in range(lane, TILE, lanes):
            firm.using[j], firm.logging[j], firm.capacity[j] = using, logging, gain
            firm.seen[j], firm.wave_use[j], firm.using_mean[j] = seen, wave_use, using_mean
