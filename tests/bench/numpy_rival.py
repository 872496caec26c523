"""The same rules in plain numpy and scipy: a fast rival for the compiled engine, and a second reading of the rules.

    python tests/bench/numpy_rival.py [--people N] [--weeks N] [--replicates N] [--draws numpy|engine]

prints nanoseconds per person and week, and where they go. Everything is vectorised over [people, replicates], 64
replicates at a time, in single precision; who names whom is a sparse matrix. What does not change from week to week is
worked out once, what depends only on the manager or the unit is worked out for managers and units, rare events are
handled where they happen, and a lever without a scope stays one number. Only week zero comes from ``sim``.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
from scipy.sparse import csr_array
from scipy.special import ndtri

if __name__ == "__main__":
    from pathlib import Path

    sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

from sim.organisation import Organisation
from sim.passports import COST_DRIVERS
from sim.people import NEVER, Stage, Status, grid, seen
from sim.population import populate_block, world_of
from sim.programme import Programme
from sim.rng import BEFORE, Slot, replicate_keys
from sim.tallies import SERIES, Series

LANES = 64
BAND = 1000
"""People taken through the week together, so that their columns stay in the cache."""
ASKED_AT_ONCE = 100
FIXED = np.float32(16384.0)
TWELVE_WEEKS, FOUR_WEEKS = np.uint32(0xFFF), np.uint32(0xF)
VOLUNTEERS, FIXED_WAVES, EVIDENCE_GATED, BRIEFING, HANDS_ON = 1, 1, 2, 1, 2
NESTED = (
    Stage.UNAWARE, Stage.REJECTED, Stage.LAPSED, Stage.AWARE,
    Stage.DORMANT, Stage.TRIALLING, Stage.USING, Stage.HABITUAL,
)  # fmt: skip
"""Adoption stages as layers: who is in none of the later ones is in the first."""
NEW_AT_JOINING = ("habit", "enthusiasm", "experiences", "training", "satisfaction", "actions", "history", "logged")
KEPT_OR_DRAWN = (
    "trust", "skill", "resistance", "breadth", "fit", "openness", "dread", "threshold", "queue", "turn",
    "shown", "warned",
)  # fmt: skip
FLAGS = ("access", "reached", "tried", "rejected", "regular", "champion", "trained")
THIS_WEEK = ("used", "succeeded", "complied")
Felt = np.ndarray | float
"""A lever as people meet it: one number, or one for each."""


class OwnDraws:
    """Draws in sequence from numpy's fastest generator."""

    def __init__(self, seed: int, replicates: np.ndarray) -> None:
        self.generator = np.random.Generator(np.random.SFC64([seed, int(replicates[0])]))
        self.lanes = len(replicates)

    def chances(self, slot: int, half: str, week: int, people: np.ndarray) -> np.ndarray:
        """Numbers in [0, 1) for these people in every replicate: [people, replicates]."""
        return self.generator.random((len(people), self.lanes), dtype=np.float32)

    def normals(self, slot: int, half: str, week: int, people: np.ndarray) -> np.ndarray:
        """Standard normal numbers, in pairs (Box and Muller): twice as fast as numpy's own."""
        rows = (len(people) + 1) // 2
        radius = self.generator.random((rows, self.lanes), dtype=np.float32)
        np.log1p(np.negative(radius, out=radius), out=radius)
        radius *= -2.0
        np.sqrt(radius, out=radius)
        angle = self.generator.random((rows, self.lanes), dtype=np.float32)
        angle *= np.float32(2 * np.pi)
        both = np.empty((2, rows, self.lanes), np.float32)
        np.multiply(radius, np.cos(angle), out=both[0])
        np.multiply(radius, np.sin(angle), out=both[1])
        return both.reshape(2 * rows, self.lanes)[: len(people)]

    def chances_at(self, slot: int, half: str, week: int, seats: np.ndarray) -> np.ndarray:
        """Chances for single seats, ``person * replicates + replicate``: [seats]."""
        return self.generator.random(len(seats), dtype=np.float32)

    def normals_at(self, slot: int, half: str, week: int, seats: np.ndarray) -> np.ndarray:
        """Standard normal numbers for single seats: [seats]."""
        return self.generator.standard_normal(len(seats), dtype=np.float32)


class EngineDraws:
    """The engine's own draws, so that both runs can be compared person by person; far slower than ``OwnDraws``."""

    def __init__(self, seed: int, replicates: np.ndarray) -> None:
        self.keys = replicate_keys(seed, replicates)

    def chances(self, slot: int, half: str, week: int, people: np.ndarray) -> np.ndarray:
        return self._half(self._counters(people, week, slot)[:, None] ^ self.keys, half)

    def normals(self, slot: int, half: str, week: int, people: np.ndarray) -> np.ndarray:
        return self._normal(self.chances(slot, half, week, people))

    def chances_at(self, slot: int, half: str, week: int, seats: np.ndarray) -> np.ndarray:
        people, lanes = np.divmod(seats, len(self.keys))
        return self._half(self._counters(people, week, slot) ^ self.keys[lanes], half)

    def normals_at(self, slot: int, half: str, week: int, seats: np.ndarray) -> np.ndarray:
        return self._normal(self.chances_at(slot, half, week, seats))

    @staticmethod
    def _normal(u: np.ndarray) -> np.ndarray:
        return ndtri(np.clip(u.astype(np.float64), 2.0**-25, 1 - 2.0**-25)).astype(np.float32)

    def _counters(self, people: np.ndarray, week: int, slot: int) -> np.ndarray:
        packed = people.astype(np.uint64) << np.uint64(32) | np.uint64(week << 16 | slot)
        return self._mix(packed + np.uint64(0x9E3779B97F4A7C15))

    def _half(self, joined: np.ndarray, half: str) -> np.ndarray:
        words = self._mix(joined)
        bits = words >> np.uint64(40) if half == "upper" else words & np.uint64(0xFFFFFF)
        return bits.astype(np.float32) * np.float32(2.0**-24)

    @staticmethod
    def _mix(z: np.ndarray) -> np.ndarray:
        z = (z ^ z >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ z >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
        return z ^ z >> np.uint64(31)


def clip01(values: np.ndarray) -> np.ndarray:
    """Held between 0 and 1, in place."""
    return np.clip(values, 0.0, 1.0, out=values)


def hill(x: np.ndarray, half_cubed: np.ndarray | float) -> np.ndarray:
    """``x^3 / (x^3 + half^3)`` for x from 0 up."""
    cubed = x * x
    cubed *= x
    return cubed / (cubed + half_cubed)


def happens(u: np.ndarray, utility: np.ndarray, ceiling: np.ndarray | float) -> np.ndarray:
    """Whether ``u < ceiling logistic(utility)``, without a division."""
    odds = np.exp(-utility)
    odds += 1.0
    odds *= u
    return odds < ceiling


def running_mean(before: np.ndarray, latest: np.ndarray, weeks: np.ndarray | float) -> np.ndarray:
    """A running mean with a memory of four weeks, after ``weeks`` weeks before this one."""
    return before + (latest - before) / np.minimum(weeks + 1.0, 4.0)


def poisson(z: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """A Poisson count for a standard normal number, by the Cornish-Fisher expansion."""
    root = np.maximum(mean, 0.05)
    np.sqrt(root, out=root)
    root -= 0.05 / root
    root *= z
    count = z * z
    count *= np.float32(1 / 6)
    count += root
    count += mean
    count += np.float32(0.5 - 1 / 6)
    np.floor(count, out=count)
    return np.maximum(count, 0.0, out=count)


class Rival:
    """Up to 64 replicates of one organisation and programme, side by side."""

    def __init__(
        self,
        organisation: Organisation,
        programme: Programme,
        replicates: np.ndarray,
        seed: int,
        worlds: bool,
        draws: str,
    ) -> None:
        block = populate_block(organisation, programme, replicates, seed, worlds=worlds)
        n, lanes = organisation.headcount, len(replicates)
        self.n, self.lanes, self.programme = n, lanes, programme
        self.draws = {"numpy": OwnDraws, "engine": EngineDraws}[draws](seed, replicates)
        self.cut = draws == "engine"  # sums in whole 1/16384ths, as the engine takes them
        self.seconds: Counter[str] = Counter()
        world = world_of(replicate_keys(seed, replicates), dict(programme.scenario.parameters), worlds)
        self.w = SimpleNamespace(**{name: world[name][:lanes].copy() for name in world.dtype.names})
        self.on = {name[3:]: bool(block.once[name] > 0) for name in block.once.dtype.names if name.startswith("on_")}
        self.inside = self._scopes(block)
        self._start_people(block)
        self._start_leaders(block)
        self._start_units(block)
        self._start_firm(block)
        graph = block.graph
        self.ties = csr_array((graph.tie_weight, graph.tie_to, graph.tie_start.astype(np.int32)), shape=(n, n))
        self.order = block.order  # in which order people are asked to be champions
        self.series = np.zeros((programme.weeks, SERIES, lanes), np.float32)

    # week zero

    def _scopes(self, block: SimpleNamespace) -> dict[str, np.ndarray | None]:
        """Who is inside each lever's scope, 0 or 1 for [people, replicates]; None where everyone is."""
        scopes = grid(block.people.scopes, self.n, self.lanes)
        masks = {name: (scopes & np.uint32(block.scope[name])) != 0 for name in block.scope.dtype.names}
        return {name: None if mask.all() else mask.astype(np.float32) for name, mask in masks.items()}

    def _start_people(self, block: SimpleNamespace) -> None:
        """People's columns [people, replicates], and views of them for each band."""
        shape = (self.n, self.lanes)

        visible = seen(block.sight, self.lanes)

        def column(name: str) -> np.ndarray:
            if name in visible:
                return visible[name].copy()
            return grid(getattr(block.people, name), *shape).copy()

        columns = {name: column(name) for name in (*NEW_AT_JOINING, *KEPT_OR_DRAWN)}
        status = column("status")
        for flag in (*FLAGS, "committed", "executive", "manager"):
            columns[flag] = (status & np.uint32(int(Status[flag.upper()]))) != 0
        columns["had_access"] = column("access_week") >= 0
        columns["joined"] = np.zeros(shape, bool)
        for flag in THIS_WEEK:
            columns[flag] = np.zeros(shape, np.float32)
        everyone = np.arange(self.n)
        columns["leaves"] = -np.log1p(-self.draws.chances(int(Slot.LEAVE), "upper", BEFORE, everyone))
        columns["leaves"][columns["executive"] | columns["committed"]] = NEVER
        if (mask := self.inside["circumstances_turnover"]) is not None:
            columns["leaves"][mask == 0] = NEVER
        for name in ("try_fixed", "succeed_fixed", "half_cubed", "pace", "sway_for", "sway_against", "reopening"):
            columns[name] = np.empty(shape, np.float32)
        columns["in_wave"] = np.zeros(shape, np.float32)
        self.people = SimpleNamespace(**columns)
        self.flat = SimpleNamespace(**{name: values.reshape(-1) for name, values in columns.items()})
        self._fix(np.arange(self.n * self.lanes))
        self.some_committed = bool(self.people.committed.any())
        self.bands = []
        for first in range(0, self.n, BAND):
            rows = slice(first, min(first + BAND, self.n))
            band = SimpleNamespace(**{name: values[rows] for name, values in columns.items()})
            band.rows, band.people = rows, everyone[rows]
            band.active = np.zeros(band.trust.shape, bool)
            band.ones = np.ones(len(band.people), np.float32)
            self.bands.append(band)

    def _fix(self, seats: np.ndarray) -> None:
        """Work out what stays the same as long as a person holds the seat."""
        p, w = self.flat, self.w
        lane = seats % self.lanes
        fit, threshold = p.fit[seats], p.threshold[seats]
        p.try_fixed[seats] = w.trying_base[lane] + w.trying_fit[lane] * fit - 0.5 * w.trying_trust[lane]
        p.succeed_fixed[seats] = w.experience_base[lane] + fit
        p.half_cubed[seats] = (threshold + w.trying_threshold_width[lane]) ** 3 + np.float32(1e-12)
        p.pace[seats] = w.measuring_actions[lane] * np.exp(fit)
        open_mind = np.clip(1.0 + w.influence_openness[lane] * p.openness[seats], 0.0, 2.0)
        p.sway_for[seats] = w.influence_success[lane] * open_mind
        p.sway_against[seats] = w.influence_against[lane] * open_mind
        p.reopening[seats] = w.influence_reopening[lane] * threshold

    def _start_leaders(self, block: SimpleNamespace) -> None:
        """Leaders' columns, who leads whom, and their levels from the top."""
        graph = block.graph
        self.leader_person, count = graph.leader_person, len(graph.leader_person)
        columns = {
            name: grid(getattr(block.leaders, name), count, self.lanes).copy()
            for name in ("support", "fluency", "covert", "found", "relayed", "inspecting", "coaching")
        }
        self.leaders = SimpleNamespace(**columns)
        self.leader_of = graph.leader
        self.boss = np.where(graph.boss < 0, count, graph.boss)  # the row after the last leader stands for no boss
        self.leader_boss = np.where(graph.leader_boss < 0, count, graph.leader_boss)
        self.executives = np.flatnonzero(graph.executive)
        self.leaders.fluency = self.leaders.fluency[self.executives]
        self.span = np.diff(graph.report_start).astype(np.float32)
        each = np.repeat(1.0 / self.span, np.diff(graph.report_start)).astype(np.float32)
        start = graph.report_start.astype(np.int32)
        self.mean_of_reports = csr_array((each, graph.reports, start), shape=(count, self.n))
        depth = np.zeros(count + 1, int)
        for m in range(count):  # bosses stand before their reports
            depth[m] = depth[self.leader_boss[m]] + 1 if self.leader_boss[m] < count else 0
        self.levels = [np.flatnonzero(depth[:count] == d) for d in range(depth.max() + 1)]

    def _start_units(self, block: SimpleNamespace) -> None:
        graph, count = block.graph, len(block.graph.unit_start) - 1
        self.unit = graph.unit
        size = np.diff(graph.unit_start).astype(np.float32)
        self.unit_share, self.unit_size = size / np.float32(self.n), np.maximum(size, 1.0)[:, None]
        start = graph.unit_start.astype(np.int32)
        self.by_unit = csr_array(
            (np.ones(self.n, np.float32), np.arange(self.n, dtype=np.int32), start), shape=(count, self.n)
        )
        self.units = SimpleNamespace(
            library=grid(block.units.library, count, self.lanes).copy(),
            help=np.zeros((count, self.lanes), np.float32),
            built=np.zeros((count, self.lanes), np.float32),
        )

    def _start_firm(self, block: SimpleNamespace) -> None:
        """The firm's columns [replicates]."""
        self.firm = SimpleNamespace(
            **{name: getattr(block.firm, name)[: self.lanes].copy() for name in block.firm._fields}
        )
        self.waves, self.wave_turns = block.waves[:, : self.lanes], block.wave_turns[:, : self.lanes]
        self.all_turns = np.maximum(self.wave_turns[-1], 1.0)
        self.hazard = np.float32(0.0)
        self.training_kept = np.exp2(-1.0 / self.w.enablement_memory)
        self.enthusiasm_kept = np.exp2(-1.0 / self.w.trying_half_life)

    # levers

    def felt(self, name: str, rows: slice | np.ndarray = np.s_[:]) -> Felt:
        """A weekly lever that is neutral at zero, as the people of these rows meet it."""
        value, mask = self.now[name], self.inside[name]
        return value if mask is None or value == 0.0 else value * mask[rows]

    def felt_at(self, name: str, seats: np.ndarray) -> Felt:
        """The same for single seats."""
        value, mask = self.now[name], self.inside[name]
        return value if mask is None or value == 0.0 else value * mask.reshape(-1)[seats]

    def within(self, name: str, rows: slice | np.ndarray) -> Felt:
        """A weekly lever that is not neutral at zero."""
        value, mask, neutral = self.now[name], self.inside[name], self.programme.once[name]
        return value if mask is None or value == neutral else neutral + (value - neutral) * mask[rows]

    def speed(self, rows: slice) -> Felt:
        """How far speed is rewarded instead of quality; more of it in the last three weeks of a quarter."""
        closing = self.felt("circumstances_quarter_end", rows) if self.week % 13 >= 10 else np.float32(0.0)
        return 1.0 - self.within("environment_reward_quality", rows) * (1.0 - closing)

    def relief(self, p: SimpleNamespace) -> np.ndarray:
        """Relief from dreaded work within reach."""
        first = self.felt("training_drudgery_first", p.rows)
        reach = p.breadth if isinstance(first, np.float32) and first == 0.0 else np.maximum(p.breadth, first)
        return p.dread * reach

    # the week

    def run(self) -> np.ndarray:
        """All weeks: the series float32 [weeks, Series, replicates]."""
        for week in range(self.programme.weeks):
            self.step(week)
        return self.series

    def step(self, week: int) -> None:
        """One week, in the engine's order."""
        self.week, self.now = week, self.programme.tracks[week]
        self.totals: Counter[object] = Counter()
        self._time(self.turn_over)
        self._time(self.open_waves)
        self._time(self.plan_training, "enablement")
        self._time(self.give_access)
        self._time(self.train, "enablement")
        self._time(self.appoint, "champions")
        self._time(self.count_helpers, "champions")
        self._time(self.lead, "leadership")
        self._time(self.manage, "managers")
        self._time(self.surround)
        self._time(self.offer_help)
        self._time(self.gather)
        for band in self.bands:
            self._time(self.meet, None, band)
            self._time(self.choose, "trying", band)
            self._time(self.experience, "experience", band)
            self._time(self.sway, "influence", band)
            self._time(self.learn, "learning", band)
            self._time(self.forget, "enablement", band)
            self._time(self.settle, "habit", band)
            self._time(self.log_actions, None, band)
            self._time(self.feel, None, band)
            self._time(self.survey, None, band)
            self._time(self.show, None, band)
        self._time(self.build, "building")
        self._time(self.stock, "building")
        self._time(self.report)

    def _time(self, work: Callable[..., None], mechanism: str | None = None, *given: SimpleNamespace) -> None:
        if mechanism is None or self.on[mechanism]:
            start = time.perf_counter()
            work(*given)
            self.seconds[work.__name__] += time.perf_counter() - start

    def turn_over(self) -> None:
        """Those whose clock has run out go; joiners take their seats."""
        if self.now["circumstances_turnover"] <= 0.0:
            return
        self.hazard += -np.log(max(np.float32(1.0) - self.now["circumstances_turnover"], np.float32(1e-6))) / 52
        seats = np.flatnonzero(self.people.leaves < self.hazard)
        if not len(seats):
            return
        p, w, firm = self.flat, self.w, self.firm
        person, lane = np.divmod(seats, self.lanes)
        firm.champions -= np.bincount(lane[p.champion[seats]], minlength=self.lanes)
        self._draw_joiners(seats, lane)
        for name in (*NEW_AT_JOINING, *FLAGS, *THIS_WEEK, "had_access"):
            getattr(p, name)[seats] = 0
        p.breadth[seats] = w.traits_breadth_start[lane]
        p.joined[seats] = True
        mask = self.inside["training_capacity"]
        trains = np.ones(len(seats), bool) if mask is None else mask.reshape(-1)[seats] > 0
        by_lane = np.argsort(lane, kind="stable")
        so_far = np.cumsum(trains[by_lane]) - trains[by_lane]
        first = np.searchsorted(lane[by_lane], lane[by_lane])
        ahead = np.empty(len(seats), np.float32)
        ahead[by_lane] = so_far - so_far[first]
        behind = self.wave_turns[-1][lane] * self.programme.once["training_rounds"] + firm.joined[lane] + ahead
        p.turn[seats] = np.where(trains, behind, NEVER)
        firm.joined += np.bincount(lane[trains], minlength=self.lanes)
        leader = self.leader_of[person]
        leads = leader >= 0
        for column in (self.leaders.support, self.leaders.covert, self.leaders.found):
            column[leader[leads], lane[leads]] = 0.0
        self._fix(seats)

    def _draw_joiners(self, seats: np.ndarray, lane: np.ndarray) -> None:
        """Traits and initial state of those who take these seats."""
        p, w, week, once = self.flat, self.w, self.week, self.programme.once

        def once_felt(name: str) -> Felt:
            mask = self.inside[name]
            return once[name] if mask is None else once[name] * mask.reshape(-1)[seats]

        def normal(slot: Slot, half: str) -> np.ndarray:
            return self.draws.normals_at(int(slot), half, week, seats)

        def chance(slot: Slot, half: str) -> np.ndarray:
            return self.draws.chances_at(int(slot), half, week, seats)

        openness = normal(Slot.OPENNESS_THRESHOLD, "upper") + once_felt("people_openness")
        p.openness[seats] = openness
        spread = w.traits_threshold_spread[lane] * normal(Slot.OPENNESS_THRESHOLD, "lower")
        p.threshold[seats] = np.clip(w.traits_threshold_mean[lane] + spread, 0.02, 0.95)
        offset = np.where(p.manager[seats], w.traits_fit_manager[lane], w.traits_fit_rep[lane])
        p.fit[seats] = offset + w.traits_fit_sd[lane] * normal(Slot.FIT_DREAD, "upper")
        p.dread[seats] = chance(Slot.FIT_DREAD, "lower")
        spread = w.traits_trust_spread[lane] * np.float32(0.7071068)
        trust = w.traits_trust_start[lane] + spread * (openness + normal(Slot.TRUST_SKILL, "upper"))
        p.trust[seats] = np.clip(trust, 0.02, 0.98)
        scale = w.measuring_joiner_experience[lane] * w.traits_skill_start[lane]
        skill = np.clip(scale * (0.5 + chance(Slot.TRUST_SKILL, "lower")), 0.0, 1.0)
        p.skill[seats] = skill + once_felt("people_skill") * (1.0 - skill)
        resistance = 2.0 * w.traits_resistance_start[lane] * chance(Slot.RESISTANCE, "upper")
        p.resistance[seats] = np.clip(resistance, 0.0, 1.0)
        p.leaves[seats] = self.hazard - np.log1p(-chance(Slot.LEAVE, "upper"))

    def open_waves(self) -> None:
        """The first wave at the start week, later ones by date or by the latest one's use."""
        firm, once = self.firm, self.programme.once
        if self.week < once["rollout_start_week"]:
            return
        age, wave = firm.wave_age + 1.0, firm.wave.astype(int)
        lane = np.arange(self.lanes)
        size = self.waves[wave, lane] - self.waves[np.maximum(wave - 1, 0), lane]
        gap, style = once["rollout_gap"], int(once["rollout_style"])
        opens = np.zeros(self.lanes, bool)
        if style == FIXED_WAVES:
            opens = age >= gap
        elif style == EVIDENCE_GATED:
            seen = (size >= 10.0) & (age >= max(gap, np.float32(4.0))) & (firm.wave_use >= once["rollout_gate"])
            opens = seen | (age >= once["rollout_deadline"])
        opens = (wave < 1) | (opens & (wave < len(self.waves) - 1))
        firm.wave_age = np.where(opens, np.float32(0.0), age)
        if opens.any():
            firm.wave += opens
            firm.wave_use[opens] = 0.0
            wave = firm.wave.astype(int)
            firm.opened = np.where(opens, self.waves[wave, lane], firm.opened)
            queue, wave_from = self.people.queue, self.waves[np.maximum(wave - 1, 0), lane]
            self.people.in_wave[...] = (queue >= wave_from) & (queue < firm.opened)
            self.wave_people = np.maximum(self.people.in_wave.sum(axis=0), 1.0)

    def plan_training(self) -> None:
        """How far this week's capacity reaches; governance learned so far."""
        firm, w, now = self.firm, self.w, self.now
        opened = self.wave_turns[firm.wave.astype(int), np.arange(self.lanes)]
        rounds = self.programme.once["training_rounds"]
        end = np.where(opened >= self.all_turns, self.all_turns * rounds + firm.joined, opened)
        reach = np.minimum(firm.served + now["training_capacity"] * np.float32(self.n), end)
        firm.served = np.maximum(firm.served, reach)
        firm.governance += (
            w.enablement_governance_preparation * now["rollout_preparation"]
            + w.enablement_governance_use * np.minimum(firm.using / w.enablement_governance_scale, 1.0)
        ) * (1.0 - firm.governance)

    def give_access(self) -> None:
        """Access to the open part of the queue, as far as seats reach; curiosity with the first."""
        p, w = self.people, self.w
        seats = np.floor(self.now["rollout_seats"] * np.float32(self.n) + np.float32(0.5))
        np.less(p.queue, np.minimum(self.firm.opened, seats), out=p.access)
        first = np.flatnonzero(p.access & ~p.had_access)
        if len(first):
            lane, flat = first % self.lanes, self.flat
            endorsed = self.felt_at("leaders_endorsement", first)
            curious = w.trying_curiosity_base[lane] + w.trying_curiosity[lane] * endorsed
            flat.enthusiasm[first] = np.minimum(flat.enthusiasm[first] + curious, 2.0)
            flat.had_access[first] = True

    def train(self) -> None:
        """Train those whose turn has come."""
        p, w = self.flat, self.w
        due = np.flatnonzero(self.people.turn < self.firm.served)
        lane = due % self.lanes
        later = p.turn[due] + self.all_turns[lane]
        last = self.all_turns[lane] * self.programme.once["training_rounds"]
        p.turn[due] = np.where(later < last, later, NEVER)
        mask = self.inside["training_capacity"]
        entitled = p.access[due] if mask is None else p.access[due] & (mask.reshape(-1)[due] > 0)
        hit, lane = due[entitled], lane[entitled]
        self.totals["trainees"] = np.bincount(lane, minlength=self.lanes).astype(np.float32)
        focus = self.felt_at("training_task_focus", hit)
        share = w.enablement_tool_share[lane]
        worth = share + (1.0 - share) * focus
        relief = focus * p.dread[hit] * self.felt_at("training_drudgery_first", hit)
        p.skill[hit] += worth * w.enablement_gain[lane] * (1.0 - p.skill[hit])
        p.enthusiasm[hit] = np.minimum(p.enthusiasm[hit] + w.enablement_buzz[lane], 2.0)
        p.resistance[hit] *= 1.0 - relief * w.enablement_resistance_relief[lane]
        p.training[hit] = np.maximum(p.training[hit], worth)
        p.trained[hit] = True

    def appoint(self) -> None:
        """Champions in their order, until there are enough."""
        once, p, w = self.programme.once, self.people, self.w
        if once["champions_one_per"] < 1.0 or self.week < once["champions_activation_week"]:
            return
        wanted = np.floor(np.float32(self.n) / once["champions_one_per"] + np.float32(0.5))
        for first in range(0, self.order.shape[1], ASKED_AT_ONCE):
            short = np.flatnonzero(self.firm.champions < wanted)
            if not len(short):
                return
            order, lane = self.order[short, first : first + ASKED_AT_ONCE], short[:, None]
            asked = np.maximum(order, 0)
            can = (order >= 0) & ~p.champion[asked, lane]
            if int(once["champions_chosen"]) == VOLUNTEERS:
                can &= p.trained[asked, lane]
            else:
                can &= p.trained[asked, lane] | ~p.joined[asked, lane]
            chosen = can & (np.cumsum(can, axis=1) <= (wanted - self.firm.champions[short])[:, None])
            rows, lanes = asked[chosen], np.broadcast_to(lane, chosen.shape)[chosen]
            p.champion[rows, lanes] = True
            p.skill[rows, lanes] += w.champions_skill_gain[lanes] * (1.0 - p.skill[rows, lanes])
            p.trust[rows, lanes] += w.champions_trust_gain[lanes] * (1.0 - p.trust[rows, lanes])
            self.firm.champions[short] += chosen.sum(axis=1)

    def count_helpers(self) -> None:
        """Champions' hours in each unit, shared evenly among those with access."""
        p, time_given = self.people, self.now["champions_time"]
        if time_given == 0.0 or not self.firm.champions.any():
            self.units.help[...] = 0.0
            return
        mask = self.inside["champions_time"]
        champion = p.champion.astype(np.float32)
        helpers = self.by_unit @ (champion if mask is None else champion * mask)
        seeking = self.by_unit @ (p.access > p.champion).astype(np.float32)
        hours = time_given * self.firm.attention / self.w.champions_hours_each
        self.units.help = np.minimum(helpers * hours / np.maximum(seeking, 1.0), 1.0)

    def lead(self) -> None:
        """Executives learn, attend and model; it travels down, level by level."""
        firm, w, now, once, leaders = self.firm, self.w, self.now, self.programme.once, self.leaders
        top = self.leader_person[self.executives]
        kind = np.floor(self.felt("leaders_executive_training", top) + np.float32(0.5))
        room = 1.0 - leaders.fluency
        gain = w.leadership_fluency_mentoring * self.felt("leaders_reverse_mentoring", top) * room
        gain -= w.leadership_fluency_decay * leaders.fluency
        if np.any(kind == BRIEFING):
            gap = np.maximum(w.leadership_fluency_briefing_ceiling - leaders.fluency, 0.0)
            gain += w.leadership_fluency_briefing * gap * (kind == BRIEFING)
        if np.any(kind == HANDS_ON):
            gain += w.leadership_fluency_hands_on * room * (kind == HANDS_ON)
        leaders.fluency += gain
        count = np.float32(max(len(top), 1))
        firm.fluency = leaders.fluency.sum(axis=0) / count
        shown = (self.felt("leaders_modelling", top) * leaders.fluency).sum(axis=0)

        promise = w.leadership_promise_base + w.leadership_promise_endorsement * now["leaders_endorsement"]
        promise = np.maximum(promise - w.leadership_promise_fluency * firm.fluency, 0.1)
        staying = once["leaders_staying_power"]
        held = staying + (1.0 - staying) * hill(np.maximum(firm.seen / promise, 0.0), 0.125 + 1e-12)
        speed = w.leadership_attention_speed * (1.0 - w.leadership_patience)
        firm.attention += speed * (held - firm.attention)
        firm.attention += now["leaders_presence"] * w.leadership_presence_attention * (1.0 - firm.attention)
        if 0.0 < once["leaders_withdraw_week"] <= self.week:
            firm.attention[...] = 0.0
        firm.modelled = shown / count * firm.attention
        self._relay_down()

    def _relay_down(self) -> None:
        firm, w, leaders, person = self.firm, self.w, self.leaders, self.leader_person
        own, support = self.people.habit[person], leaders.support
        passed = w.leadership_relay * clip01(1.0 + 2.0 * support)
        share = w.leadership_from_the_top
        from_top, from_boss = share * firm.modelled, 1.0 - share
        relayed = np.vstack([leaders.relayed, firm.modelled])
        for level in self.levels:
            above = relayed[self.leader_boss[level]]
            relayed[level] = np.maximum(passed[level] * (from_top + from_boss * above), own[level])
        leaders.relayed = relayed[:-1]
        asked = self.felt("managers_inspection", person) * firm.attention
        knows = self.felt("managers_manager_training", person)
        asked = asked * (1.0 + w.managers_training * knows)
        leaders.inspecting = np.minimum(asked * clip01(0.5 + support), 1.0)
        leaders.coaching = self.felt("managers_coaching", person) * np.clip(support, 0.0, 1.0)

    def manage(self) -> None:
        """Managers' support, resistance and detection."""
        firm, w, leaders, people, person = self.firm, self.w, self.leaders, self.people, self.leader_person
        reports_use = self.mean_of_reports @ people.habit
        habit, resistance, trust = people.habit[person], people.resistance[person], people.trust[person]
        above = np.vstack([leaders.relayed, firm.modelled])[self.leader_boss]
        knows = self.felt("managers_manager_training", person)
        asked = self.felt("managers_inspection", person) * firm.attention
        reward = self.within("environment_reward_quality", person)
        utility = w.managers_base + w.managers_inspection * asked * (1.0 + w.managers_training * knows)
        utility = utility + w.managers_reward * (2.0 * reward - 1.0) + w.managers_modelling * above
        utility += w.managers_trust * (2.0 * trust - 1.0)
        utility += w.managers_own_use * habit
        utility -= w.managers_resistance * resistance
        aim = 2.0 / (1.0 + np.exp(-utility)) - 1.0
        leaders.support += w.managers_speed * (aim - leaders.support)
        if np.any(knows):
            skill = people.skill[person]
            people.skill[person] = skill + w.managers_skill_gain * knows * (1.0 - skill)
        if self.now["managers_detection"] > 0.0:
            chance = w.managers_detection * self.felt("managers_detection", person) * leaders.covert
            drawn = self.draws.chances(int(Slot.FOUND), "upper", self.week, person)
            leaders.found[drawn < chance] = 1.0
        engaged = w.managers_engagement * self.felt("managers_engagement", person) * leaders.found
        grows = w.managers_threat * np.maximum(reports_use - habit, 0.0) * (1.0 - resistance)
        shrinks = (w.managers_familiarity * habit + w.managers_example * above + engaged) * resistance
        resistance = clip01(resistance + grows - shrinks)
        people.resistance[person] = resistance
        hides = leaders.covert * (1.0 - leaders.found) * (resistance > 0.3)
        firm.hidden = self.span @ hides / np.float32(self.n)

    def surround(self) -> None:
        """What the reports of each leader meet, a row for each leader and one for those without a boss."""
        firm, w, leaders = self.firm, self.w, self.leaders
        none = np.zeros((1, self.lanes), np.float32)
        support = np.vstack([leaders.support, none])
        share = w.leadership_from_the_top
        modelling = np.vstack([share * firm.modelled + (1.0 - share) * leaders.relayed, firm.modelled])
        backing = np.maximum(support, 0.0)
        inspected = np.vstack([leaders.inspecting, none])
        self.from_boss = SimpleNamespace(
            to_try=w.trying_support * support + w.trying_modelling * modelling,
            to_succeed=w.experience_support * backing - w.experience_sinking * (backing - support),
            to_learn=w.learning_boss * backing + w.learning_coaching * np.vstack([leaders.coaching, none]),
            safety=w.leadership_safety_base + w.leadership_safety_modelling * modelling,
            to_comply=np.minimum(w.trying_comply + w.trying_comply_inspected * inspected, 1.0),
            asked=w.habit_asked_buzz * inspected,
        )

    def offer_help(self) -> None:
        """What each unit has at hand; a row for each person where leaders' presence has a scope."""
        w, help_, library = self.w, self.units.help, self.units.library
        presence = self.felt("leaders_presence")
        self.place = self.unit
        if isinstance(presence, np.ndarray):
            self.place = np.arange(self.n)
            help_, library = help_[self.unit], library[self.unit]
        help_ = np.minimum(help_ + presence * w.leadership_presence_help, 1.0)
        self.from_unit = SimpleNamespace(
            to_try=w.trying_help * help_,
            to_succeed=w.experience_help * help_ + w.experience_library * library,
            to_learn=w.learning_champion * help_ + w.learning_library * library,
        )

    def gather(self) -> None:
        """What those whom people name showed last week."""
        if self.on["influence"]:
            self.peer_use = np.minimum(self.ties @ self.people.shown, 1.0)
            self.peer_against = np.minimum(self.ties @ self.people.warned, 1.0)
        else:
            self.peer_use = self.peer_against = np.zeros((self.n, self.lanes), np.float32)

    def meet(self, p: SimpleNamespace) -> None:
        """What surrounds the people of a band."""
        w, rows = self.w, p.rows
        p.boss, p.place = self.boss[rows], self.place[rows]
        p.peer_use, p.peer_against = self.peer_use[rows], self.peer_against[rows]
        p.mandate = self.felt("leaders_mandate", rows) * self.firm.attention
        p.speed = self.speed(rows)
        p.safety = self.from_boss.safety.take(p.boss, axis=0)
        p.safety -= w.leadership_safety_mandate * p.mandate + w.leadership_safety_presence * self.felt(
            "leaders_presence", rows
        )
        clip01(p.safety)
        p.relief = self.relief(p)

    def choose(self, p: SimpleNamespace) -> None:
        """Whether to use it, or only to comply."""
        w = self.w
        utility = w.trying_trust * p.trust
        utility += p.try_fixed
        utility += w.trying_enthusiasm * p.enthusiasm
        utility += w.trying_habit * p.habit
        pull = hill(p.peer_use, p.half_cubed)
        pull *= w.trying_peers
        utility += pull
        utility -= w.trying_peers_against * p.peer_against
        utility += self.from_boss.to_try.take(p.boss, axis=0)
        utility += self.from_unit.to_try.take(p.place, axis=0)
        utility += w.trying_dread * p.relief
        utility -= w.trying_resistance * p.resistance
        strain = w.trying_effort * p.speed  # effort (1 - skill) speed, and the mandate, where no scope divides people
        utility += w.trying_mandate * p.mandate - strain
        utility += strain * p.skill
        u = self.draws.chances(int(Slot.TRY_SUCCEED), "upper", self.week, p.people)
        chosen = happens(u, utility, 1.0 - w.trying_no_occasion)
        chosen &= p.access > p.rejected
        if self.some_committed:
            chosen |= p.access & p.committed
        p.active[...] = chosen
        p.used[...] = chosen
        p.tried |= chosen
        if self.now["leaders_mandate"] > 0.0:
            chance = self.from_boss.to_comply.take(p.boss, axis=0)
            chance *= p.mandate
            complies = self.draws.chances(int(Slot.COMPLY_ACT), "upper", self.week, p.people) < chance
            complies &= p.access > chosen
            p.complied[...] = complies
        else:
            p.complied[...] = 0.0

    def experience(self, p: SimpleNamespace) -> None:
        """Whether it worked, and what to believe."""
        w, rows, once = self.w, p.rows, self.programme.once
        utility = w.experience_skill * p.skill
        utility += p.succeed_fixed
        utility += w.experience_task_fit * p.training
        specificity = self.felt("training_specificity", rows)
        if np.any(specificity):
            fades = w.experience_first_tries_fade * p.experiences
            fades += 1.0
            utility += np.divide(w.experience_first_tries * specificity, fades, out=fades)
        utility += (
            w.experience_clarity * self.within("environment_clarity", rows)
            + w.experience_governance * self.firm.governance
            + w.experience_reliability * self.within("environment_reliability", rows)
            - w.experience_speed * p.speed
        )
        utility += self.from_boss.to_succeed.take(p.boss, axis=0)
        utility += self.from_unit.to_succeed.take(p.place, axis=0)
        u = self.draws.chances(int(Slot.TRY_SUCCEED), "lower", self.week, p.people)
        succeeded = happens(u, utility, 1.0)
        succeeded &= p.active
        failed = p.active > succeeded
        p.succeeded[...] = succeeded

        rate = w.experience_prior + p.experiences
        np.reciprocal(rate, out=rate)
        np.maximum(rate, w.experience_floor, out=rate)
        rises = 1.0 - p.trust
        rises *= rate
        rises *= p.succeeded
        falls = (-0.5 * w.experience_negativity) * p.safety
        falls += w.experience_negativity
        falls *= rate
        np.minimum(falls, 0.9, out=falls)
        falls *= p.trust
        falls *= failed
        p.trust += rises
        p.trust -= falls
        if once["circumstances_incident_week"] > 0.0 and self.week == int(once["circumstances_incident_week"]):
            p.trust *= 1.0 - w.experience_incident * (1.0 - 0.5 * p.safety)
        p.experiences += p.used
        failed &= p.trust < w.experience_rejection
        if self.some_committed:
            failed &= ~p.committed
        p.rejected |= failed

    def sway(self, p: SimpleNamespace) -> None:
        """What others' examples do to belief."""
        rises = 1.0 - p.trust
        rises *= p.peer_use
        rises *= p.sway_for
        falls = p.sway_against * p.peer_against
        falls *= p.trust
        p.trust += rises
        p.trust -= falls
        balance = p.peer_use - p.peer_against
        reopens = np.flatnonzero(p.rejected & (balance > p.reopening))
        trust = p.trust.reshape(-1)
        trust[reopens] = np.maximum(trust[reopens], self.w.influence_reopened_trust[reopens % self.lanes])
        p.rejected.reshape(-1)[reopens] = False
        clip01(p.trust)
        p.reached |= (p.peer_use > 0.0) | (p.peer_against > 0.0)

    def learn(self, p: SimpleNamespace) -> None:
        """Skill towards what the surroundings hold up."""
        w = self.w
        gap = w.learning_training * p.training
        gap += w.learning_base
        gap += w.learning_peers * p.peer_use
        gap += self.from_boss.to_learn.take(p.boss, axis=0)
        gap += self.from_unit.to_learn.take(p.place, axis=0)
        clip01(gap)
        gap -= p.skill
        falls = np.minimum(gap, 0.0)
        falls *= w.learning_decay
        np.maximum(gap, 0.0, out=gap)
        gap *= w.learning_gain
        gap *= p.used
        p.skill += gap
        p.skill += falls

    def forget(self, p: SimpleNamespace) -> None:
        """What training left fades."""
        p.training *= self.training_kept

    def settle(self, p: SimpleNamespace) -> None:
        """Habit, breadth and fading excitement."""
        w = self.w
        idle = 1.0 - p.used
        grows = w.habit_gain * p.succeeded
        if self.now["leaders_mandate"] > 0.0:
            grows += w.habit_mandated * p.complied
        grows *= 1.0 - p.habit
        fades = w.habit_decay * idle
        fades *= p.habit
        p.habit += grows
        p.habit -= fades
        clip01(p.habit)

        grows = w.habit_breadth_dread * p.relief
        grows += 1.0
        grows *= w.habit_breadth_gain
        grows *= p.succeeded
        grows *= 1.0 - p.breadth
        fades = p.breadth - w.traits_breadth_start
        np.maximum(fades, 0.0, out=fades)
        fades *= w.habit_breadth_decay
        fades *= idle
        p.breadth += grows
        p.breadth -= fades

        p.enthusiasm *= self.enthusiasm_kept
        p.enthusiasm += w.habit_success_buzz * p.succeeded
        p.enthusiasm += self.from_boss.asked.take(p.boss, axis=0)
        np.minimum(p.enthusiasm, 2.0, out=p.enthusiasm)

    def log_actions(self, p: SimpleNamespace) -> None:
        """One more week of history, and how many actions."""
        actions = p.used + p.complied
        p.logged <<= 1
        p.logged |= actions.astype(np.uint32)
        more = poisson(self.draws.normals(int(Slot.COMPLY_ACT), "lower", self.week, p.people), p.pace * p.breadth)
        more *= p.used
        actions += more
        actions -= p.actions
        actions *= np.float32(1 / 12)
        p.actions += actions
        p.history <<= 1
        p.history |= p.active.astype(np.uint32)
        p.weeks = np.bitwise_count(p.history & TWELVE_WEEKS)
        p.regular |= p.weeks >= 4

    def feel(self, p: SimpleNamespace) -> None:
        """How it feels."""
        w = self.w
        feels = w.measuring_satisfaction_relief * self.relief(p)
        feels += w.measuring_satisfaction_success
        feels *= p.succeeded
        strain = 1.0 - p.skill
        strain *= w.measuring_satisfaction_pressure * p.speed
        strain *= p.used
        feels -= strain
        if self.now["leaders_mandate"] > 0.0:
            doubt = 1.0 - p.trust
            doubt *= w.measuring_satisfaction_comply
            doubt *= p.complied
            feels -= doubt
        feels -= p.satisfaction
        feels *= w.measuring_satisfaction_speed
        p.satisfaction += feels

    def survey(self, p: SimpleNamespace) -> None:
        """Add the band to the week's sums."""
        w, totals = self.w, self.totals

        def count(mask: np.ndarray) -> np.ndarray:
            return p.ones @ mask

        def total(values: np.ndarray) -> np.ndarray:
            return (values * FIXED).astype(np.int32).sum(axis=0) / FIXED if self.cut else p.ones @ values

        aware = p.access | p.reached
        p.lapsed = p.regular & ((p.history & FOUR_WEEKS) == 0)
        holding = aware > p.rejected
        keeping = holding > p.lapsed
        ever = keeping & (p.tried | (p.weeks >= 1))
        by_weeks = [count(keeping & (p.weeks >= weeks)) for weeks in (1, 4, 9)]
        nested = [float(len(p.people)), *map(count, (aware, holding, keeping, ever)), *by_weeks, 0.0]
        for stage, outer, inner in zip(NESTED, nested, nested[1:], strict=False):
            totals[stage] += outer - inner
        used = count(p.used)
        totals[Series.ACTIVE] += used
        totals[Series.LOGGED] += used + count(p.complied)
        totals[Series.LICENSED] += count(p.access)
        totals[Series.TRIED] += count(p.tried)
        totals["wave_active"] += p.ones @ (p.in_wave * p.used)
        habit = np.bitwise_count(p.logged & TWELVE_WEEKS) >= 9
        often = p.actions >= 15.0
        totals[Series.DASHBOARD_HABIT] += count(habit)
        totals[Series.DASHBOARD_POWER] += count(habit & often)
        totals[Series.OFTEN] += count(often)
        totals[Series.SOMETIMES] += count((p.actions >= 1.0) > often)
        totals[Series.TRUST] += total(p.trust * p.access)
        totals[Series.SKILL] += total(p.skill)
        totals[Series.SATISFACTION] += total(np.clip(p.satisfaction, -1.0, 1.0))
        gained = w.measuring_capacity * p.breadth
        gained *= p.skill
        gained *= p.succeeded
        learning = 1.0 - p.skill
        learning *= w.measuring_learning_time
        learning *= p.used
        gained -= learning
        totals[Series.CAPACITY] += total(np.clip(gained, -1.0, 1.0, out=gained))

    def show(self, p: SimpleNamespace) -> None:
        """What others will see next week."""
        w = self.w
        np.multiply(p.used, p.habit, out=p.shown)
        np.maximum(p.shown, p.succeeded, out=p.shown)
        np.subtract(p.used, p.succeeded, out=p.warned)
        p.warned *= w.influence_failure_shown
        np.maximum(p.warned, p.rejected, out=p.warned)
        np.maximum(p.warned, p.lapsed * w.influence_lapse_shown, out=p.warned)
        if self.now["champions_voice"] > 0.0:
            champions = np.flatnonzero(p.champion)
            voice = self.felt_at("champions_voice", champions + p.rows.start * self.lanes)
            visible = 1.0 + w.champions_visibility[champions % self.lanes] * voice
            p.shown.reshape(-1)[champions] *= visible
            p.warned.reshape(-1)[champions] *= visible

    def build(self) -> None:
        """What each unit builds this week."""
        people = self.people
        built = people.used * people.skill
        built *= people.breadth
        built *= self.felt("environment_permission")
        if self.cut:
            np.trunc(built * FIXED, out=built)
            built /= FIXED
        self.units.built = self.by_unit @ built / self.unit_size

    def stock(self) -> None:
        """Libraries after building, sharing and going stale."""
        w, units = self.w, self.units
        library = units.library
        shared = w.building_sharing * self.now["environment_sharing"]
        shared = shared * np.maximum(self.unit_share @ library - library, 0.0)
        grows = w.building_rate * units.built * (1.0 - library)
        units.library = clip01(library + grows + shared - w.building_decay * library)
        self.firm.library = self.unit_share @ units.library

    def report(self) -> None:
        """The books, what leaders see, and a row of the series."""
        firm, w, totals, row, everyone = self.firm, self.w, self.totals, self.series[self.week], np.float32(self.n)
        for key, counted in totals.items():
            if isinstance(key, int):
                row[key] = counted / everyone
        access = totals[Series.LICENSED]
        row[Series.TRUST] = totals[Series.TRUST] / np.maximum(access, 1.0)
        trainees = totals["trainees"]
        hours = trainees * w.measuring_training_hours
        gained = row[Series.CAPACITY].copy()
        row[Series.CAPACITY] -= hours / np.float32(40.0) / everyone

        executives = len(self.executives)
        managers = len(self.leader_person) - executives
        per = (1.0, float(executives), float(managers), firm.champions, access, trainees, firm.champions)
        money = 0.0
        plain, attended = self.programme.costs[self.week]
        for driver in range(len(COST_DRIVERS)):
            due = plain[driver][:, None] + firm.attention * attended[driver][:, None]
            money, hours = money + per[driver] * due[0], hours + per[driver] * due[1]
        row[Series.HOURS] = hours
        row[Series.COST] = access * w.measuring_licence + money + hours * w.measuring_wage
        row[Series.VALUE] = w.measuring_wage * 40.0 * everyone * gained * w.measuring_capture

        week = float(self.week)
        firm.using = row[Series.ACTIVE].copy()
        firm.logging = running_mean(firm.logging, row[Series.LOGGED], week)
        firm.using_mean = running_mean(firm.using_mean, firm.using, week)
        firm.capacity = running_mean(firm.capacity, row[Series.CAPACITY], week)
        reported = firm.logging + w.leadership_overstatement * firm.hidden * (1.0 - firm.logging)
        outcomes = self.now["environment_measure_outcomes"]
        firm.seen = outcomes * np.maximum(firm.capacity / w.leadership_gain_scale, 0.0) + (1.0 - outcomes) * reported
        if self.week >= self.programme.once["rollout_start_week"]:
            firm.wave_use = running_mean(firm.wave_use, totals["wave_active"] / self.wave_people, firm.wave_age)

        row[Series.ATTENTION] = firm.attention
        row[Series.GOVERNANCE] = firm.governance
        row[Series.LIBRARY] = firm.library
        row[Series.FLUENCY] = firm.fluency
        row[Series.PERCEPTION_GAP] = reported - firm.using_mean
        leaders = np.float32(max(len(self.leader_person), 1))
        row[Series.SUPPORT] = self.leaders.support.sum(axis=0) / leaders
        row[Series.SINKING] = np.count_nonzero(self.leaders.support < -0.25, axis=0) / leaders
        row[Series.TRAINED] = firm.served / everyone
        row[Series.CHAMPIONS] = firm.champions / everyone


def simulate(
    organisation: Organisation,
    programme: Programme,
    replicates: int,
    seed: int,
    *,
    worlds: bool = True,
    draws: str = "numpy",
    seconds: Counter[str] | None = None,
) -> np.ndarray:
    """The series of an ensemble, float32 [weeks, Series, replicates]; adds the time by step to ``seconds``.

    ``draws="engine"`` takes the engine's own draws instead of numpy's.
    """
    made = []
    for first in range(0, replicates, LANES):
        wanted = min(LANES, replicates - first)
        lanes = 1 << (wanted - 1).bit_length()
        start = time.perf_counter()
        rival = Rival(organisation, programme, first + np.arange(lanes), seed, worlds, draws)
        rival.seconds["week zero"] = time.perf_counter() - start
        made.append(rival.run()[:, :, :wanted])
        if seconds is not None:
            seconds.update(rival.seconds)
    return np.concatenate(made, axis=2)


def main() -> None:
    from table import everything_on

    from sim.organisation import generate
    from sim.programme import prepare
    from sim.scenario import load

    parser = argparse.ArgumentParser(description="The same rules in numpy: nanoseconds per person and week, by step.")
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--weeks", type=int, default=104)
    parser.add_argument("--replicates", type=int, default=64)
    parser.add_argument("--draws", choices=("numpy", "engine"), default="numpy")
    parser.add_argument("--repeats", type=int, default=3, help="the fastest run counts (default 3)")
    options = parser.parse_args()
    organisation = generate(options.people, seed=1)
    programme = prepare(load(*everything_on()), organisation, options.weeks)
    runs = []
    for _ in range(options.repeats):
        seconds: Counter[str] = Counter()
        start = time.perf_counter()
        simulate(organisation, programme, options.replicates, 1, draws=options.draws, seconds=seconds)
        runs.append((time.perf_counter() - start, seconds))
    whole, seconds = min(runs, key=lambda run: run[0])
    unit = 1e9 / (options.people * options.weeks * options.replicates)
    stepping = whole - seconds["week zero"]
    print(f"{options.replicates} replicates, {options.people} people, {options.weeks} weeks, everything on")
    print(f"{whole:.3f} s: {whole * unit:.1f} ns per person-week, {stepping * unit:.1f} without week zero")
    for step, taken in seconds.most_common():
        print(f"    {step:14s} {taken * unit:6.2f} ns {100 * taken / whole:5.1f} %")


if __name__ == "__main__":
    main()
