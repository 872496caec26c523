"""The model as it would usually be written: Mesa agents, a method for each step of the week, plain Python numbers.

It follows the same rules as the engine (``sim/ODD.md``), from the same people in the same world, and draws what happens
in a run from Python's ``random``: it agrees with the engine over replicates, not digit by digit. The benchmark sets the
engine against it, so it is written to be fast as well as clear: what a week fixes for everybody is worked out once,
neighbours are looked up once, and people to whom nothing happens return early.

    python tests/bench/mesa_rival.py
"""

from __future__ import annotations

import cProfile
import gc
import pstats
import statistics
import sys
import time
from itertools import accumulate
from math import exp, inf, log
from math import floor as whole
from pathlib import Path
from types import SimpleNamespace
from typing import Any

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

import mesa
import networkx
import numpy as np
from mesa.agent import AgentSet
from mesa.discrete_space import Cell, FixedAgent, Network

from sim.mechanisms import MECHANISMS
from sim.organisation import Organisation, Role, generate
from sim.people import NEVER, Stage, Status, seen
from sim.population import populate_block, world_of
from sim.programme import Programme, prepare
from sim.rng import replicate_keys
from sim.scenario import load

QUARTER, QUARTER_END = 13, 10
FIXED_WAVES, EVIDENCE_GATED = 1, 2
VOLUNTEERS = 1
BRIEFING, HANDS_ON = 1, 2
TWELVE_WEEKS, FOUR_WEEKS = 0xFFF, 0xF
HABITUAL_WEEKS, USING_WEEKS = 9, 4
POWER_ACTIONS = 15.0
RESISTS, SINKING = 0.3, -0.25
HOURS = 40.0
UNAWARE, REJECTED, LAPSED, HABITUAL, USING, TRIALLING, DORMANT, AWARE = (int(stage) for stage in Stage)

STATE = (
    "trust", "resistance", "skill", "habit", "breadth", "enthusiasm", "experiences", "training", "satisfaction",
    "actions", "fit", "openness", "dread", "threshold", "queue", "turn",
)  # fmt: skip
"""Numbers a person starts with, by their names in the engine."""
FLAGS = {
    "access": Status.ACCESS,
    "reached": Status.REACHED,
    "tried": Status.TRIED,
    "rejected": Status.REJECTED,
    "regular": Status.REGULAR,
    "champion": Status.CHAMPION,
    "committed": Status.COMMITTED,
    "trained": Status.TRAINED,
}
"""What is true of a person at the start, by the engine's bits."""
REPORTED = (
    *(stage.name.lower() for stage in Stage), "active", "logged", "licensed", "tried", "dashboard_habit",
    "dashboard_power", "often", "sometimes", "trust", "skill", "capacity", "satisfaction", "cost", "hours", "value",
    "attention", "governance", "library", "fluency", "perception_gap", "support", "sinking", "trained", "champions",
)  # fmt: skip
"""What the model reports every week."""


def clip(x: float, low: float, high: float) -> float:
    return low if x < low else high if x > high else x


def logistic(x: float) -> float:
    return 1.0 / (1.0 + exp(-x))


def hill(x: float, half: float) -> float:
    """0 at or below 0, a half at ``half``, towards 1 beyond."""
    cubed = max(x, 0.0) ** 3
    return cubed / (cubed + half**3 + 1e-12)


def running_mean(before: float, latest: float, week: int) -> float:
    """A running mean with the memory of four weeks."""
    return before + (latest - before) / min(week + 1.0, 4.0)


def masks_of(scope: np.ndarray) -> dict[str, int]:
    """The bits of a person's ``scopes`` that put the person inside the scope of each lever.

    A programme names scopes by their bit or by a mask of it. The first scope is everybody and some lever always has it,
    so that a bit number of 0 occurs, which is no mask.
    """
    named = {name: int(scope[name]) for name in scope.dtype.names or ()}
    return {name: 1 << bit for name, bit in named.items()} if 0 in named.values() else named


class Exposure:
    """This week as people of the same scopes meet it: every weekly lever, and the terms that follow from levers."""

    def __init__(self, scopes: int, masks: dict[str, int]) -> None:
        self.included = {name: bool(scopes & mask) for name, mask in masks.items()}

    def begin(self, model: RivalModel, week: int) -> None:
        """Each lever at its value inside its scope, neutral outside."""
        world, included = model.world, self.included
        levers = {name: value if included[name] else model.once[name] for name, value in model.now.items()}
        vars(self).update(levers)
        closing = levers["circumstances_quarter_end"] if week % QUARTER >= QUARTER_END else 0.0
        self.speed = 1.0 - levers["environment_reward_quality"] * (1.0 - closing)
        self.curiosity = world.trying_curiosity_base + world.trying_curiosity * levers["leaders_endorsement"]
        tool_share = world.enablement_tool_share
        self.training_worth = tool_share + (1.0 - tool_share) * levers["training_task_focus"]
        self.resistance_relief = (
            levers["training_task_focus"] * levers["training_drudgery_first"] * world.enablement_resistance_relief
        )
        self.visibility = 1.0 + world.champions_visibility * levers["champions_voice"]

    def attend(self, model: RivalModel) -> None:
        """What leaders' attention and the firm's governance make of it."""
        world = model.world
        self.mandate = mandate = self.leaders_mandate * model.attention
        self.reason_to_use = world.trying_base - 0.5 * world.trying_trust + world.trying_mandate * mandate
        self.effort = world.trying_effort * self.speed
        self.specificity = world.experience_first_tries * self.training_specificity
        self.conditions = (
            world.experience_base
            + world.experience_clarity * self.environment_clarity
            + world.experience_governance * model.governance
            + world.experience_reliability * self.environment_reliability
            - world.experience_speed * self.speed
        )
        self.safety = (
            world.leadership_safety_base
            - world.leadership_safety_mandate * mandate
            - world.leadership_safety_presence * self.leaders_presence
        )
        self.presence_help = world.leadership_presence_help * self.leaders_presence


class Tally:
    """What people count together in a week."""

    __slots__ = (
        "access", "capacity", "dashboard_habit", "dashboard_power", "logged", "often", "satisfaction", "skill",
        "sometimes", "stages", "tried", "trust", "used", "wave_people", "wave_used",
    )  # fmt: skip

    def __init__(self) -> None:
        self.stages = [0] * len(Stage)
        self.used = self.logged = self.access = self.tried = self.wave_people = self.wave_used = 0
        self.dashboard_habit = self.dashboard_power = self.often = self.sometimes = 0
        self.trust = self.skill = self.capacity = self.satisfaction = 0.0


class Unit:
    """People who do similar work: their library of use cases, and the champions' help they share."""

    __slots__ = ("built", "help", "library", "people", "share")

    def __init__(self, library: float) -> None:
        self.library = library
        self.help = self.built = self.share = 0.0
        self.people: list[Person] = []

    def count_helpers(self, hours: float, hours_each: float) -> None:
        """Help for each who could use it: the champions' hours, spread over their colleagues with access."""
        helpers = seeking = 0
        for person in self.people:
            if person.champion:
                helpers += person.helps
            elif person.access:
                seeking += 1
        self.help = min(helpers * hours / hours_each / max(seeking, 1), 1.0)

    def build(self) -> None:
        """What those who may build made of this week's use."""
        built = 0.0
        for person in self.people:
            if person.used:
                built += person.exposure.environment_permission * person.skill * person.breadth
        self.built = built / len(self.people)

    def stock(self, world: SimpleNamespace, mean: float, sharing: float) -> None:
        """Add what was built, take over from the others what is shared, and let the rest go stale."""
        library = self.library
        made = world.building_rate * self.built * (1.0 - library)
        shared = world.building_sharing * sharing * max(mean - library, 0.0)
        self.library = clip(library + made + shared - world.building_decay * library, 0.0, 1.0)


class Person(FixedAgent):
    """Who sits in a seat of the organisation. A leaver's seat goes to a joiner; the agent stays."""

    __slots__ = (
        *STATE, *FLAGS, "boss", "boss_support", "coached", "complied", "contacts", "draw", "exposure", "fit_pull",
        "had_access", "half_cubed", "help", "helps", "history", "inspected", "joined", "leaves", "library", "logged",
        "logged_weeks", "modelling", "open_mind", "peer_against", "peer_use", "safety", "succeeded", "trains",
        "typical_actions", "unit", "used", "used_weeks",
    )  # fmt: skip
    model: RivalModel
    fit_parameter = "traits_fit_rep"

    def __init__(self, model: RivalModel, cell: Cell, start: dict[str, Any], exposure: Exposure, unit: Unit) -> None:
        super().__init__(model)
        self.cell = cell
        self.exposure = exposure
        self.unit = unit
        self.draw = model.random.random
        self.boss: Leader | None = None
        self.contacts: list[tuple[Person, float]] = []
        for name, value in start.items():
            setattr(self, name, value)
        self.history &= TWELVE_WEEKS
        self.logged &= TWELVE_WEEKS
        self.used_weeks, self.logged_weeks = self.history.bit_count(), self.logged.bit_count()
        self.used = self.complied = self.succeeded = self.joined = False
        self.trains = exposure.included["training_capacity"]
        self.helps = int(exposure.included["champions_time"])
        self.peer_use = self.peer_against = self.boss_support = self.coached = self.inspected = 0.0
        self.modelling = self.safety = self.help = self.library = 0.0
        stays = self.committed or not exposure.included["circumstances_turnover"]
        self.leaves = inf if stays else model.random.expovariate(1.0)
        self.know_oneself()

    def know_oneself(self) -> None:
        """What follows from traits alone."""
        world = self.model.world
        self.fit_pull = world.trying_fit * self.fit
        self.half_cubed = (self.threshold + world.trying_threshold_width) ** 3 + 1e-12
        self.open_mind = clip(1.0 + world.influence_openness * self.openness, 0.0, 2.0)
        self.typical_actions = world.measuring_actions * exp(self.fit)

    # Turnover, rollout, enablement, champions

    def turn_over(self, churn: float) -> None:
        """Leave, once the hazards so far have reached my clock."""
        if self.leaves < churn:
            self.replace(churn)

    def replace(self, churn: float) -> None:
        """Hand the seat to a joiner, who stands behind all trainings owed so far."""
        model, world, normal, draw = self.model, self.model.world, self.random.gauss, self.draw
        once, included = model.once, self.exposure.included
        if self.champion:
            model.champions -= 1
        self.openness = normal(0.0, 1.0) + (once["people_openness"] if included["people_openness"] else 0.0)
        self.threshold = clip(
            world.traits_threshold_mean + world.traits_threshold_spread * normal(0.0, 1.0), 0.02, 0.95
        )
        self.fit = getattr(world, self.fit_parameter) + world.traits_fit_sd * normal(0.0, 1.0)
        self.dread = draw()
        own = world.traits_trust_spread * 0.7071068 * (self.openness + normal(0.0, 1.0))
        self.trust = clip(world.traits_trust_start + own, 0.02, 0.98)
        skill = clip(world.measuring_joiner_experience * world.traits_skill_start * (0.5 + draw()), 0.0, 1.0)
        self.skill = skill + (once["people_skill"] if included["people_skill"] else 0.0) * (1.0 - skill)
        self.resistance = clip(2.0 * world.traits_resistance_start * draw(), 0.0, 1.0)
        self.breadth = world.traits_breadth_start
        self.habit = self.enthusiasm = self.experiences = self.training = self.satisfaction = self.actions = 0.0
        self.history = self.logged = self.used_weeks = self.logged_weeks = 0
        self.access = self.had_access = self.reached = self.tried = self.rejected = self.regular = False
        self.champion = self.committed = self.trained = self.used = self.complied = self.succeeded = False
        self.leaves = churn + self.random.expovariate(1.0)
        self.joined = self.trains
        self.turn = model.all_turns + model.joined if self.trains else NEVER
        model.joined += self.trains
        self.know_oneself()

    def give_access(self, open_places: float) -> None:
        """Access, as far as the queue is open; the first time comes with curiosity."""
        self.access = self.queue < open_places
        if self.access and not self.had_access:
            self.had_access = True
            self.enthusiasm = min(self.enthusiasm + self.exposure.curiosity, 2.0)

    def train(self, world: SimpleNamespace, served: float) -> None:
        """Training, if my turn has come and I can use it."""
        if self.turn < served:
            model, exposure = self.model, self.exposure
            self.turn += model.turns
            if self.turn >= model.all_turns:
                self.turn = NEVER
            if self.access and self.trains:
                worth = exposure.training_worth
                self.skill += worth * world.enablement_gain * (1.0 - self.skill)
                self.enthusiasm = min(self.enthusiasm + world.enablement_buzz, 2.0)
                self.resistance *= 1.0 - exposure.resistance_relief * self.dread
                self.training = max(self.training, worth)
                self.trained = True
                model.trainees += 1

    def become_champion(self, world: SimpleNamespace) -> None:
        self.champion = True
        self.skill += world.champions_skill_gain * (1.0 - self.skill)
        self.trust += world.champions_trust_gain * (1.0 - self.trust)

    # What surrounds me

    def surround(self, modelled: float, safety_modelling: float) -> None:
        """The manager's support, coaching, questions and modelling; safety."""
        boss = self.boss
        if boss is None:
            modelling = modelled
        else:
            self.boss_support = boss.support
            self.coached = boss.coaching
            self.inspected = boss.inspecting
            modelling = boss.modelling_shown
        self.modelling = modelling
        safety = self.exposure.safety + safety_modelling * modelling
        self.safety = 0.0 if safety < 0.0 else 1.0 if safety > 1.0 else safety

    def offer_help(self) -> None:
        """Help and library at hand."""
        unit = self.unit
        help_ = unit.help + self.exposure.presence_help
        self.help = help_ if help_ < 1.0 else 1.0
        self.library = unit.library

    def gather(self) -> None:
        """What those I name showed last week, by the weight of each."""
        use = against = 0.0
        for other, weight in self.contacts:
            use += weight * other.shown
            against += weight * other.warned
        self.peer_use = use if use < 1.0 else 1.0
        self.peer_against = against if against < 1.0 else 1.0

    # What I do

    def choose(self, world: SimpleNamespace) -> None:
        """Use it by choice this week, or else only comply."""
        self.used = self.complied = self.succeeded = False
        if not self.access:
            return
        exposure = self.exposure
        if self.committed:
            self.used = True
        elif not self.rejected:
            use = self.peer_use
            cubed = use * use * use
            first, breadth = exposure.training_drudgery_first, self.breadth
            utility = (
                exposure.reason_to_use
                + self.fit_pull
                + world.trying_trust * self.trust
                + world.trying_enthusiasm * self.enthusiasm
                + world.trying_habit * self.habit
                + world.trying_peers * cubed / (cubed + self.half_cubed)
                - world.trying_peers_against * self.peer_against
                + world.trying_support * self.boss_support
                + world.trying_modelling * self.modelling
                + world.trying_help * self.help
                + world.trying_dread * self.dread * (first if first > breadth else breadth)
                - world.trying_resistance * self.resistance
                - exposure.effort * (1.0 - self.skill)
            )
            self.used = self.draw() * (1.0 + exp(-utility)) < 1.0 - world.trying_no_occasion
        if self.used:
            self.tried = True
        elif exposure.mandate > 0.0:
            willing = world.trying_comply + world.trying_comply_inspected * self.inspected
            self.complied = self.draw() < exposure.mandate * (willing if willing < 1.0 else 1.0)

    def experience(self, world: SimpleNamespace, incident: bool) -> None:
        """Whether it worked, and what to believe of it then."""
        if self.used:
            exposure, support, tries = self.exposure, self.boss_support, self.experiences
            chance = logistic(
                exposure.conditions
                + self.fit
                + world.experience_skill * self.skill
                + world.experience_task_fit * self.training
                + exposure.specificity / (1.0 + world.experience_first_tries_fade * tries)
                + (world.experience_support if support > 0.0 else world.experience_sinking) * support
                + world.experience_help * self.help
                + world.experience_library * self.library
            )
            self.succeeded = succeeded = self.draw() < chance
            rate = max(1.0 / (world.experience_prior + tries), world.experience_floor)
            if succeeded:
                self.trust += rate * (1.0 - self.trust)
            else:
                rate *= world.experience_negativity * (1.0 - 0.5 * self.safety)
                self.trust -= min(rate, 0.9) * self.trust
            self.experiences = tries + 1.0
        if incident:
            self.trust *= 1.0 - world.experience_incident * (1.0 - 0.5 * self.safety)
        if self.used and not self.succeeded and self.trust < world.experience_rejection and not self.committed:
            self.rejected = True

    def sway(self, world: SimpleNamespace) -> None:
        """What others' examples do to belief."""
        use, against = self.peer_use, self.peer_against
        if use + against > 0.0:
            self.reached = True
            trust = self.trust
            trust += self.open_mind * (
                world.influence_success * use * (1.0 - trust) - world.influence_against * against * trust
            )
            if self.rejected and use - against > world.influence_reopening * self.threshold:
                self.rejected = False
                trust = max(trust, world.influence_reopened_trust)
            self.trust = 0.0 if trust < 0.0 else 1.0 if trust > 1.0 else trust

    def learn(self, world: SimpleNamespace) -> None:
        """Skill: up through use to what the surroundings hold up, down to it always."""
        support = self.boss_support
        ceiling = (
            world.learning_base
            + world.learning_training * self.training
            + world.learning_coaching * self.coached
            + world.learning_peers * self.peer_use
            + world.learning_champion * self.help
            + world.learning_library * self.library
        )
        if support > 0.0:
            ceiling += world.learning_boss * support
        gap = (0.0 if ceiling < 0.0 else 1.0 if ceiling > 1.0 else ceiling) - self.skill
        if gap < 0.0:
            self.skill += world.learning_decay * gap
        elif self.used:
            self.skill += world.learning_gain * gap

    def settle(self, world: SimpleNamespace) -> None:
        """Habit, breadth and enthusiasm after this week."""
        habit, breadth = self.habit, self.breadth
        enthusiasm = self.enthusiasm * world.enthusiasm_kept + world.habit_asked_buzz * self.inspected
        if self.succeeded:
            first = self.exposure.training_drudgery_first
            relief = self.dread * (first if first > breadth else breadth)
            self.habit = min(habit + world.habit_gain * (1.0 - habit), 1.0)
            spread = world.habit_breadth_gain * (1.0 + world.habit_breadth_dread * relief)
            self.breadth = breadth + spread * (1.0 - breadth)
            enthusiasm += world.habit_success_buzz
        elif not self.used:
            gain = world.habit_mandated * (1.0 - habit) if self.complied else 0.0
            self.habit = habit + gain - world.habit_decay * habit
            start = world.traits_breadth_start
            if breadth > start:
                self.breadth = breadth - world.habit_breadth_decay * (breadth - start)
        self.enthusiasm = enthusiasm if enthusiasm < 2.0 else 2.0

    def forget(self, training_kept: float) -> None:
        """What was learned in training fades."""
        self.training *= training_kept

    # What is seen of me

    def log_actions(self) -> None:
        """One more week of history, and how many actions."""
        actions = 0.0
        if self.used:
            mean = self.typical_actions * self.breadth
            root = max(mean, 0.05) ** 0.5
            z = self.random.gauss(0.0, 1.0)
            actions = 1.0 + max(whole(mean + (root - 0.05 / root) * z + (z * z - 1.0) / 6.0 + 0.5), 0)
        elif self.complied:
            actions = 1.0
        self.actions += (actions - self.actions) / 12.0
        self.history = history = (self.history << 1 | self.used) & TWELVE_WEEKS
        self.logged = logged = (self.logged << 1 | (self.used or self.complied)) & TWELVE_WEEKS
        self.used_weeks = used_weeks = history.bit_count()
        self.logged_weeks = logged.bit_count()
        if used_weeks >= USING_WEEKS:
            self.regular = True

    def feel(self, world: SimpleNamespace) -> None:
        """Satisfaction with the week as it went."""
        feels = 0.0
        if self.used:
            exposure = self.exposure
            feels = -world.measuring_satisfaction_pressure * (1.0 - self.skill) * exposure.speed
            if self.succeeded:
                relief = self.dread * max(exposure.training_drudgery_first, self.breadth)
                feels += world.measuring_satisfaction_relief * relief + world.measuring_satisfaction_success
        elif self.complied:
            feels = -world.measuring_satisfaction_comply * (1.0 - self.trust)
        self.satisfaction += world.measuring_satisfaction_speed * (feels - self.satisfaction)

    def stage(self) -> int:
        """The first adoption stage that applies."""
        if not (self.access or self.reached):
            return UNAWARE
        if self.rejected:
            return REJECTED
        if self.regular and not self.history & FOUR_WEEKS:
            return LAPSED
        weeks = self.used_weeks
        if weeks >= HABITUAL_WEEKS:
            return HABITUAL
        if weeks >= USING_WEEKS:
            return USING
        if weeks:
            return TRIALLING
        return DORMANT if self.tried else AWARE

    def survey(self, world: SimpleNamespace, tally: Tally, wave_from: float, wave_to: float) -> None:
        """Be counted."""
        tally.stages[self.stage()] += 1
        skill, actions = self.skill, self.actions
        tally.skill += skill
        tally.satisfaction += self.satisfaction
        if self.access:
            tally.access += 1
            tally.trust += self.trust
        if self.tried:
            tally.tried += 1
        if self.used:
            tally.used += 1
            tally.logged += 1
            gained = -world.measuring_learning_time * (1.0 - skill)
            if self.succeeded:
                gained += world.measuring_capacity * self.breadth * skill
            tally.capacity += clip(gained, -1.0, 1.0)
        elif self.complied:
            tally.logged += 1
        if wave_from <= self.queue < wave_to:
            tally.wave_people += 1
            tally.wave_used += self.used
        if actions >= POWER_ACTIONS:
            tally.often += 1
        elif actions >= 1.0:
            tally.sometimes += 1
        if self.logged_weeks >= HABITUAL_WEEKS:
            tally.dashboard_habit += 1
            tally.dashboard_power += actions >= POWER_ACTIONS

    def show(self, world: SimpleNamespace) -> None:
        """What others will see of me next week."""
        shown = warned = 0.0
        if self.succeeded:
            shown = 1.0
        elif self.used:
            shown = self.habit
            warned = world.influence_failure_shown
        if self.rejected:
            warned = 1.0
        elif self.regular and not self.history & FOUR_WEEKS:
            warned = max(warned, world.influence_lapse_shown)
        if self.champion:
            shown *= self.exposure.visibility
            warned *= self.exposure.visibility
        self.shown = shown
        self.warned = warned


class Leader(Person):
    """A person with reports."""

    __slots__ = (
        "above", "coaching", "covert", "fluency", "found", "inspecting", "modelling_shown", "relayed", "reports",
        "support",
    )  # fmt: skip

    def take_charge(self, reports: list[Person], support: float, covert: float, found: float, fluency: float) -> None:
        self.reports = reports
        self.support, self.covert, self.found, self.fluency = support, covert, found, fluency
        self.relayed = self.modelling_shown = self.inspecting = self.coaching = self.above = 0.0
        for person in reports:
            person.boss = self

    def replace(self, churn: float) -> None:
        """A joining manager starts without a stance."""
        super().replace(churn)
        self.support = self.covert = self.found = 0.0

    def relay(self, world: SimpleNamespace, modelled: float, attention: float) -> None:
        """Pass modelling on, and ask and coach as far as I support it; my own manager has done so before."""
        exposure, support, from_the_top = self.exposure, self.support, world.leadership_from_the_top
        self.above = above = modelled if self.boss is None else self.boss.relayed
        received = from_the_top * modelled + (1.0 - from_the_top) * above
        passed_on = world.leadership_relay * clip(1.0 + 2.0 * support, 0.0, 1.0) * received
        self.relayed = max(passed_on, self.habit)
        self.modelling_shown = from_the_top * modelled + (1.0 - from_the_top) * self.relayed
        asked = exposure.managers_inspection * attention * clip(0.5 + support, 0.0, 1.0)
        self.inspecting = min(asked * (1.0 + world.managers_training * exposure.managers_manager_training), 1.0)
        self.coaching = exposure.managers_coaching * clip(support, 0.0, 1.0)

    def manage(self, world: SimpleNamespace, attention: float) -> None:
        """Support follows what is asked and seen; resistance follows threat, familiarity and engagement."""
        exposure, reports, habit, resistance = self.exposure, self.reports, self.habit, self.resistance
        above, knows = self.above, exposure.managers_manager_training
        asked = exposure.managers_inspection * attention * (1.0 + world.managers_training * knows)
        aim = 2.0 * logistic(
            world.managers_base
            + world.managers_inspection * asked
            + world.managers_modelling * above
            + world.managers_reward * (2.0 * exposure.environment_reward_quality - 1.0)
            + world.managers_trust * (2.0 * self.trust - 1.0)
            + world.managers_own_use * habit
            - world.managers_resistance * resistance
        )
        self.support += world.managers_speed * (aim - 1.0 - self.support)
        self.skill += world.managers_skill_gain * knows * (1.0 - self.skill)

        if self.covert and self.draw() < world.managers_detection * exposure.managers_detection:
            self.found = 1.0
        ahead = sum([person.habit for person in reports]) / len(reports) - habit
        engaged = world.managers_engagement * exposure.managers_engagement * self.found
        grows = world.managers_threat * max(ahead, 0.0) * (1.0 - resistance)
        shrinks = world.managers_familiarity * habit + world.managers_example * above + engaged
        self.resistance = clip(resistance + grows - shrinks * resistance, 0.0, 1.0)
        if self.covert and not self.found and self.resistance > RESISTS:
            self.model.hidden += len(reports) / self.model.headcount


class Executive(Leader):
    """At the top of the line, or directly below it and a manager of managers."""

    __slots__ = ()
    fit_parameter = "traits_fit_executive"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.leaves = inf

    def become_fluent(self, world: SimpleNamespace) -> None:
        """Fluency, by briefing, hands-on work or a mentor; it fades."""
        exposure, fluency = self.exposure, self.fluency
        kind = int(exposure.leaders_executive_training + 0.5)
        gain = world.leadership_fluency_mentoring * exposure.leaders_reverse_mentoring * (1.0 - fluency)
        if kind == BRIEFING:
            gain += world.leadership_fluency_briefing * max(world.leadership_fluency_briefing_ceiling - fluency, 0.0)
        elif kind == HANDS_ON:
            gain += world.leadership_fluency_hands_on * (1.0 - fluency)
        self.fluency = fluency + gain - world.leadership_fluency_decay * fluency


class MiddleManager(Leader):
    """Anyone else with reports."""

    __slots__ = ()
    fit_parameter = "traits_fit_manager"


class Rep(Person):
    """Without reports."""

    __slots__ = ()


BY_ROLE: dict[int, type[Person]] = {Role.EXECUTIVE: Executive, Role.MIDDLE_MANAGER: MiddleManager, Role.REP: Rep}


class RivalModel(mesa.Model):
    """One replicate of a programme in an organisation; replicate, world and people are those of the engine.

    The roles must follow from the reporting line, as in a generated organisation.
    """

    def __init__(
        self, organisation: Organisation, programme: Programme, seed: int = 1, replicate: int = 0, worlds: bool = True
    ) -> None:
        super().__init__(rng=[seed, replicate])
        if programme.rule != "experience":
            raise ValueError(f"the rival has no rule {programme.rule!r}")
        if not np.array_equal(np.diff(organisation.reports_offsets) > 0, organisation.role != Role.REP):
            raise ValueError("roles must follow from the reporting line: reps, and only they, have no reports")
        self.organisation, self.programme, self.headcount = organisation, programme, organisation.headcount
        self.runs = {name: bool(programme.once[f"on_{name}"]) for name in MECHANISMS}
        self.once = {name: float(programme.once[name]) for name in programme.once.dtype.names or ()}
        self.now: dict[str, float] = {}
        self.world = self._world(seed, replicate, worlds)
        self._populate(seed, replicate, worlds)
        self.results: dict[str, float] = {}
        self.datacollector = mesa.DataCollector(model_reporters={name: [self.results.get, [name]] for name in REPORTED})

    # Before time starts

    def _world(self, seed: int, replicate: int, worlds: bool) -> SimpleNamespace:
        """The world's parameters as plain numbers, and two rates that follow from them."""
        keys = replicate_keys(seed, np.array([replicate]))
        drawn = world_of(keys, dict(self.programme.scenario.parameters), worlds)
        world = SimpleNamespace(**{name: float(drawn[name][0]) for name in drawn.dtype.names or ()})
        world.enthusiasm_kept = 2.0 ** (-1.0 / world.trying_half_life)
        world.training_kept = 2.0 ** (-1.0 / world.enablement_memory)
        return world

    def _populate(self, seed: int, replicate: int, worlds: bool) -> None:
        """Seat the engine's people of this replicate on a network of who names whom."""
        organisation = self.organisation
        block = populate_block(organisation, self.programme, np.array([replicate]), seed, worlds=worlds)
        people, leaders, firm = block.people, block.leaders, block.firm
        everyone = range(self.headcount)
        columns = {name: getattr(people, name).tolist() for name in (*STATE, "history", "logged")}
        columns |= {name: rows[:, 0].tolist() for name, rows in seen(block.sight, 1).items()}
        status = people.status.tolist()
        columns |= {name: [bool(bits & int(flag)) for bits in status] for name, flag in FLAGS.items()}
        columns["had_access"] = [week >= 0 for week in people.access_week.tolist()]

        masks = masks_of(self.programme.scope)
        scopes = people.scopes.tolist()
        exposures = {held: Exposure(held, masks) for held in set(scopes[: self.headcount])}
        self.exposures = list(exposures.values())
        self.units = [Unit(library) for library in block.units.library[: organisation.n_units].tolist()]
        self.space = Network(self._ties(), capacity=1, random=self.random)
        self.seats: list[Person] = []
        for row, (role, unit) in enumerate(zip(organisation.role.tolist(), organisation.unit.tolist(), strict=True)):
            start = {name: column[row] for name, column in columns.items()}
            person = BY_ROLE[role](self, self.space[row], start, exposures[scopes[row]], self.units[unit])
            self.seats.append(person)
            person.unit.people.append(person)
        for unit in self.units:
            unit.share = len(unit.people) / self.headcount
        for row in everyone:
            named = self.space[row].connections.items()
            ties = self.space.G[row]
            self.seats[row].contacts = [(cell.agents[0], ties[other]["weight"]) for other, cell in named]

        offsets, reports = organisation.reports_offsets, organisation.reports
        in_line = block.graph.leader_person.tolist()
        for k, row in enumerate(in_line):
            leader = self.seats[row]
            assert isinstance(leader, Leader)
            below = [self.seats[other] for other in reports[offsets[row] : offsets[row + 1]]]
            leader.take_charge(
                below, *(float(getattr(leaders, name)[k]) for name in ("support", "covert", "found", "fluency"))
            )
        self.leaders = AgentSet([self.seats[row] for row in in_line], random=self.random)
        self.executives = self.agents_by_type[Executive]

        self.attention, self.governance, self.library = (
            float(getattr(firm, name)[0]) for name in ("attention", "governance", "library")
        )
        self.seen, self.logging = float(firm.seen[0]), float(firm.logging[0])
        self.modelled = self.fluency = self.hidden = self.active = self.using_mean = self.capacity_mean = 0.0
        self.churn = self.served = self.wave_use = 0.0
        self.wave = self.wave_age = self.trainees = 0
        self.joined = self.champions = 0
        self.waves, self.wave_turns = block.waves[:, 0].tolist(), block.wave_turns[:, 0].tolist()
        self.turns = max(self.wave_turns[-1], 1.0)
        self.all_turns = self.wave_turns[-1] * self.once["training_rounds"]
        self.order = [self.seats[row] for row in block.order[0].tolist() if row >= 0]

    def _ties(self) -> networkx.DiGraph:
        """Who names whom; what a person names sums to one."""
        ties = self.organisation.ties
        graph = networkx.DiGraph()
        graph.add_nodes_from(range(self.headcount))
        graph.add_weighted_edges_from(
            zip(ties.egos.tolist(), ties.neighbours.tolist(), ties.weights.tolist(), strict=True)
        )
        for _, named in graph.adjacency():
            total = sum(tie["weight"] for tie in named.values())
            for tie in named.values():
                tie["weight"] /= total
        return graph

    # The week

    def step(self) -> None:
        """One week, in the order of the model description."""
        people, world, runs, once = self.agents, self.world, self.runs, self.once
        week = self.steps - 1
        tracks = self.programme.tracks
        self.now = now = dict(zip(tracks.dtype.names or (), tracks[week].tolist(), strict=True))
        for exposure in self.exposures:
            exposure.begin(self, week)

        self.turn_over()
        self.open_waves(week)
        self.trainees = 0
        if runs["enablement"]:
            self.plan_training()
        seats = whole(now["rollout_seats"] * self.headcount + 0.5)
        people.do("give_access", min(self.waves[self.wave], seats))
        if runs["enablement"]:
            people.do("train", world, self.served)
        if runs["champions"]:
            self.appoint(week)
            hours = now["champions_time"] * self.attention
            for unit in self.units:
                unit.count_helpers(hours, world.champions_hours_each)
        if runs["leadership"]:
            self.lead(week)
        if runs["managers"]:
            self.hidden = 0.0
            self.leaders.do("manage", world, self.attention)

        for exposure in self.exposures:
            exposure.attend(self)
        people.do("surround", self.modelled, world.leadership_safety_modelling)
        people.do("offer_help")
        if runs["influence"]:
            people.do("gather")
        if runs["trying"]:
            people.do("choose", world)
        if runs["experience"]:
            incident = once["circumstances_incident_week"]
            people.do("experience", world, week == incident > 0)
        if runs["influence"]:
            people.do("sway", world)
        if runs["learning"]:
            people.do("learn", world)
        if runs["habit"]:
            people.do("settle", world)
        if runs["enablement"]:
            people.do("forget", world.training_kept)
        people.do("log_actions")
        people.do("feel", world)
        tally = Tally()
        people.do("survey", world, tally, self.waves[max(self.wave, 1) - 1], self.waves[self.wave])
        if runs["building"]:
            self.build_and_stock()
        people.do("show", world)
        self.report(week, tally)
        self.datacollector.collect(self)

    def turn_over(self) -> None:
        """Leavers go, joiners come."""
        yearly = self.now["circumstances_turnover"]
        if yearly > 0.0:
            self.churn -= log(max(1.0 - yearly, 1e-6)) / 52.0
            self.agents.do("turn_over", self.churn)

    def open_waves(self, week: int) -> None:
        """Open the first wave at the start week, later ones by date or by use in the latest."""
        once = self.once
        if week < once["rollout_start_week"]:
            return
        age, last = self.wave_age + 1, len(self.waves) - 1
        if self.wave == 0:
            opens = True
        elif self.wave < last:
            style, gap = int(once["rollout_style"]), once["rollout_gap"]
            people = self.waves[self.wave] - self.waves[self.wave - 1]
            seen = people >= 10 and age >= max(gap, 4) and self.wave_use >= once["rollout_gate"]
            by_evidence = style == EVIDENCE_GATED and (seen or age >= once["rollout_deadline"])
            opens = by_evidence or (style == FIXED_WAVES and age >= gap)
        else:
            opens = False
        if opens:
            self.wave += 1
            self.wave_age, self.wave_use = 0, 0.0
        else:
            self.wave_age = age

    def plan_training(self) -> None:
        """Move the served end of the queue on by this week's capacity; learn governance."""
        world = self.world
        opened = self.wave_turns[self.wave]
        end = self.turns * self.once["training_rounds"] + self.joined if opened >= self.turns else opened
        capacity = self.now["training_capacity"] * self.headcount
        self.served = max(self.served, min(self.served + capacity, end))
        learned = world.enablement_governance_preparation * self.now["rollout_preparation"]
        learned += world.enablement_governance_use * min(self.active / world.enablement_governance_scale, 1.0)
        self.governance += learned * (1.0 - self.governance)

    def appoint(self, week: int) -> None:
        """Ask people in their order to be champions, until there are enough."""
        once = self.once
        if once["champions_one_per"] < 1.0 or week < once["champions_activation_week"]:
            return
        wanted = whole(self.headcount / once["champions_one_per"] + 0.5)
        volunteers = int(once["champions_chosen"]) == VOLUNTEERS
        if self.champions >= wanted:
            return
        for person in self.order:
            if self.champions >= wanted:
                break
            if not person.champion and (person.trained or not (volunteers or person.joined)):
                person.become_champion(self.world)
                self.champions += 1

    def lead(self, week: int) -> None:
        """Executives learn and model, attention moves, modelling travels down the line."""
        world, once, now, executives = self.world, self.once, self.now, self.executives
        executives.do("become_fluent", world)
        count = len(executives)
        self.fluency = sum([person.fluency for person in executives]) / count
        promise = (
            world.leadership_promise_base
            + world.leadership_promise_endorsement * now["leaders_endorsement"]
            - world.leadership_promise_fluency * self.fluency
        )
        staying = once["leaders_staying_power"]
        held = staying + (1.0 - staying) * hill(self.seen / max(promise, 0.1), 0.5)
        attention = self.attention
        attention += world.leadership_attention_speed * (1.0 - world.leadership_patience) * (held - attention)
        attention += now["leaders_presence"] * world.leadership_presence_attention * (1.0 - attention)
        withdrawn = 0.0 < once["leaders_withdraw_week"] <= week
        self.attention = 0.0 if withdrawn else attention
        modelling = sum([person.exposure.leaders_modelling * person.fluency for person in executives])
        self.modelled = modelling / count * self.attention
        self.leaders.do("relay", world, self.modelled, self.attention)

    def build_and_stock(self) -> None:
        """Units build, then share, and the rest goes stale."""
        units, sharing = self.units, self.now["environment_sharing"]
        for unit in units:
            unit.build()
        mean = sum([unit.library * unit.share for unit in units])
        for unit in units:
            unit.stock(self.world, mean, sharing)
        self.library = sum([unit.library * unit.share for unit in units])

    def report(self, week: int, tally: Tally) -> None:
        """Close the week: the books, and what leaders will act on."""
        world, headcount = self.world, self.headcount
        shares = dict(zip(REPORTED, tally.stages, strict=False)) | {
            "active": tally.used,
            "logged": tally.logged,
            "licensed": tally.access,
            "tried": tally.tried,
            "dashboard_habit": tally.dashboard_habit,
            "dashboard_power": tally.dashboard_power,
            "often": tally.often,
            "sometimes": tally.sometimes,
            "skill": tally.skill,
            "satisfaction": tally.satisfaction,
            "trained": self.served,
            "champions": self.champions,
        }
        training_hours = self.trainees * world.measuring_training_hours
        gained = tally.capacity / headcount
        capacity = gained - training_hours / HOURS / headcount
        self.active = tally.used / headcount
        self.logging = running_mean(self.logging, tally.logged / headcount, week)
        self.using_mean = running_mean(self.using_mean, self.active, week)
        self.capacity_mean = running_mean(self.capacity_mean, capacity, week)
        reported = self.logging + world.leadership_overstatement * self.hidden * (1.0 - self.logging)
        outcomes = self.now["environment_measure_outcomes"]
        real = max(self.capacity_mean / world.leadership_gain_scale, 0.0)
        self.seen = outcomes * real + (1.0 - outcomes) * reported
        wave_use = tally.wave_used / max(tally.wave_people, 1)
        self.wave_use = running_mean(self.wave_use, wave_use, self.wave_age)
        support = [leader.support for leader in self.leaders]
        money, lever_hours = self.lever_costs(week, tally.access)
        hours = training_hours + lever_hours
        self.results.update({name: count / headcount for name, count in shares.items()})
        self.results.update(
            trust=tally.trust / max(tally.access, 1),
            capacity=capacity,
            cost=tally.access * world.measuring_licence + money + hours * world.measuring_wage,
            hours=hours,
            value=world.measuring_wage * HOURS * headcount * gained * world.measuring_capture,
            attention=self.attention,
            governance=self.governance,
            library=self.library,
            fluency=self.fluency,
            perception_gap=reported - self.using_mean,
            support=sum(support) / len(support),
            sinking=sum([s < SINKING for s in support]) / len(support),
        )

    def lever_costs(self, week: int, licensed: int) -> tuple[float, float]:
        """Money and people's hours that the levers take this week."""
        executives, trainees = len(self.executives), self.trainees
        drivers = (1, executives, len(self.leaders) - executives, self.champions, licensed, trainees, self.champions)
        plain, attended = self.programme.costs[week].tolist()
        money = hours = 0.0
        for amount, due, kept_up in zip(drivers, plain, attended, strict=True):
            money += amount * (due[0] + self.attention * kept_up[0])
            hours += amount * (due[1] + self.attention * kept_up[1])
        return money, hours

    def outcomes(self) -> dict[str, list[float]]:
        """Outcomes week by week, by their names and meanings in ``sim.measures``, payback apart."""
        raw = self.datacollector.model_vars
        means = {"weekly_active": "active", "logged_active": "logged", "capacity_gain": "capacity"}
        sums = ("cost", "hours", "value")
        derived = {
            name: [statistics.fmean(raw[of][max(week - 3, 0) : week + 1]) for week in range(self.steps)]
            for name, of in means.items()
        }
        return raw | derived | {name: list(accumulate(raw[name])) for name in sums}


def run_rival(
    organisation: Organisation, programme: Programme, seed: int, replicate: int, worlds: bool = True
) -> dict[str, list[float]]:
    """Outcomes of one replicate over the programme's weeks."""
    model = RivalModel(organisation, programme, seed, replicate, worlds)
    for _ in range(programme.weeks):
        model.step()
    let_go(model)
    return model.outcomes()


def let_go(model: RivalModel) -> None:
    """Let a model be freed: up to 3.3 Mesa keeps every model it has met, and Python would look through them all."""
    getattr(mesa.Agent, "_ids", {}).pop(model, None)


def everything(headcount: int, weeks: int) -> tuple[Organisation, Programme]:
    """A generated organisation under the programme that runs every mechanism."""
    from table import everything_on

    organisation = generate(headcount, seed=1)
    return organisation, prepare(load(*everything_on()), organisation, weeks)


def microseconds_per_person_week(headcount: int = 300, weeks: int = 104, repeats: int = 3) -> float:
    """The median time of a person's week over several replicates, setting up apart."""
    organisation, programme = everything(headcount, weeks)
    taken = []
    for replicate in range(repeats):
        model = RivalModel(organisation, programme, 1, replicate)
        gc.collect()
        start = time.perf_counter()
        for _ in range(weeks):
            model.step()
        taken.append(time.perf_counter() - start)
        let_go(model)
    return statistics.median(taken) / headcount / weeks * 1e6


def profile(headcount: int = 300, weeks: int = 104, top: int = 25) -> None:
    """Print where the time goes."""
    model = RivalModel(*everything(headcount, weeks), 1, 0)
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(weeks):
        model.step()
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(top)


if __name__ == "__main__":
    for people in (300, 1000):
        print(f"{people} people: {microseconds_per_person_week(people):.2f} microseconds for a person's week")
    profile()
