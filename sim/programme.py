"""A scenario made ready for an organisation: levers as weekly tracks, scopes as masks, costs as weekly rates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.mechanisms import MECHANISMS
from sim.organisation import Organisation
from sim.passports import COST_DRIVERS, InputError, Lever, levers, nearest, parameters
from sim.scenario import ROLES, RULES, UNIT_WORDS, Scenario, Scope, Track, weekly_values

ATTENDED = frozenset({"leaders.modelling", "leaders.mandate", "managers.inspection", "champions.time"})
"""Levers that leaders' attention keeps alive; their cost ends with it."""

PER_HEAD = frozenset({"person", "manager", "executive"})
"""What a scope takes its share of; trainees and champions are counted as they come."""
WITHDRAWN = frozenset({"leaders", "managers", "champions", "training"})
"""Families that end when attention is withdrawn; training already given, licences, rules and the tool stay."""
BIG_BANG = 0
"""The style of rollout in which access opens for everyone at once."""


def field_of(key: str) -> str:
    """``leaders.mandate`` as a field name of the compiled records."""
    return key.replace(".", "_")


WEEKLY = [lever for lever in levers().values() if lever.weekly]
TRACKS = np.dtype([(field_of(lever.key), "f4") for lever in WEEKLY], align=True)
SCOPES = np.dtype([(field_of(lever.key), "u4") for lever in levers().values() if lever.scoped or lever.weekly])
ONCE = np.dtype(
    [(field_of(lever.key), "f4") for lever in levers().values()]
    + [(f"on_{name}", "f4") for name in MECHANISMS]
    + [("rule", "f4")],
    align=True,
)


@dataclass(frozen=True, eq=False)
class Programme:
    """What a scenario does in an organisation, week by week.

    ``tracks`` [weeks] of TRACKS, ``once`` of ONCE, ``scope`` of SCOPES (bit masks; bit n is scope n of ``scopes``),
    ``costs`` float32 [weeks, 2, drivers, 2] (money and hours a week; the second half scaled by attention).
    """

    scenario: Scenario
    rule: str
    tracks: np.ndarray
    once: np.ndarray
    scope: np.ndarray
    scopes: tuple[Scope, ...]
    costs: np.ndarray

    @property
    def weeks(self) -> int:
        return len(self.tracks)

    def value(self, key: str) -> float:
        """A lever that is read once."""
        return float(self.once[field_of(key)])


def prepare(scenario: Scenario, organisation: Organisation, weeks: int, rule: str = "experience") -> Programme:
    """Lay a scenario over an organisation and a horizon. Raises InputError for units the organisation lacks."""
    if rule not in RULES:
        raise InputError(f'unknown rule "{rule}"{nearest(rule, RULES)} Rules are {", ".join(RULES)}.')
    tracks = np.zeros(weeks, TRACKS)
    once = np.zeros((), ONCE)
    scope = np.zeros((), SCOPES)
    scopes: list[Scope] = [Scope()]
    costs = np.zeros((weeks, 2, len(COST_DRIVERS), 2), np.float32)
    withdrawn = int(scenario.lever("leaders.withdraw_week").value)
    for lever in levers().values():
        track = _switched(lever, scenario)
        values = weekly_values(track, weeks, lever.neutral).astype(np.float32)
        if withdrawn:
            _end_with_attention(lever, values[withdrawn:])
        if lever.weekly:
            tracks[field_of(lever.key)] = values
        once[field_of(lever.key)] = lever.neutral if lever.weekly else track.value
        reached = _known_units(track.scope, organisation, lever, scenario)
        if lever.scoped or lever.weekly:
            if reached not in scopes:
                scopes.append(reached)
            scope[field_of(lever.key)] = 1 << scopes.index(reached)
        if (values != lever.neutral).any():
            driver = COST_DRIVERS.index(lever.cost.per)
            costs[:, int(lever.key in ATTENDED), driver] += _cost(lever, values, reached, organisation, scenario)
    if len(scopes) > 32:
        raise InputError(f"{scenario.name}: {len(scopes)} different scopes; a programme has room for 32")
    for name in MECHANISMS:
        once[f"on_{name}"] = name not in scenario.mechanisms_off
    once["rule"] = RULES.index(rule)
    return Programme(scenario, rule, tracks, once, scope, tuple(scopes), costs)


def _switched(lever: Lever, scenario: Scenario) -> Track:
    """With the rollout switched off everyone has access from the start, whatever the rollout's levers say."""
    if lever.family == "rollout" and "rollout" in scenario.mechanisms_off and lever.key != "rollout.preparation":
        return Track(lever.neutral)
    return scenario.lever(lever.key)


def _end_with_attention(lever: Lever, values: np.ndarray) -> None:
    """What becomes of a lever's values [weeks] once leaders have turned elsewhere."""
    if lever.family in WITHDRAWN:
        values[:] = lever.neutral
    elif lever.key == "environment.reward_quality":
        np.minimum(values, lever.neutral, out=values)


def _cost(
    lever: Lever, values: np.ndarray, reached: Scope, organisation: Organisation, scenario: Scenario
) -> np.ndarray:
    """Money and hours that a lever's values [weeks] take for each of what its cost is counted by: float32 [weeks, 2].

    Due is what goes beyond its neutral value, or all once it is used.
    """
    beyond = values != lever.neutral if lever.cost.flat else np.maximum(values - np.float32(lever.neutral), 0)
    share = _share_reached(reached, lever.cost.per, organisation, scenario) if lever.cost.per in PER_HEAD else 1.0
    hours = 0.0 if lever.cost.parameter else lever.cost.hours  # else they come from the world's parameter
    return (beyond * np.float32(share))[:, None] * np.array([lever.cost.money, hours], np.float32)


def _known_units(scope: Scope, organisation: Organisation, lever: Lever, scenario: Scenario) -> Scope:
    """The scope with unit names as the organisation spells them."""
    spelt = {name.lower(): name for name in organisation.unit_names}
    units = []
    for unit in scope.units:
        if unit in UNIT_WORDS:
            units.append(unit)
        elif unit.lower() in spelt:
            units.append(spelt[unit.lower()])
        else:
            names = list(organisation.unit_names)
            raise InputError(
                f'"{scenario.name}" limits {lever.key} to "{unit}", a unit that the organisation does not have'
                f"{nearest(unit, names)} Use {', '.join(UNIT_WORDS)}, or one of its units: {', '.join(names[:10])}"
                + (f" and {len(names) - 10} more." if len(names) > 10 else ".")
            )
    return Scope(scope.roles, tuple(units), scope.waves)


def _share_reached(scope: Scope, per: str, organisation: Organisation, scenario: Scenario) -> float:
    """The share of the people a cost is counted by that a scope is expected to include.

    Drawn scopes count by what they hold on average: half of the units, and waves at their planned size.
    """
    counted = _counted(per, organisation)

    def share(by: Scope) -> float:
        included = people_in(by, organisation, np.zeros((organisation.n_units, 1)))[counted]
        return float(included.mean()) if len(included) else 0.0

    named = tuple(unit for unit in scope.units if unit != "half")
    reached = share(Scope(scope.roles, named)) if named or not scope.units else 0.0
    if "half" in scope.units:
        reached = max(reached, 0.5 * share(Scope(scope.roles)))
    if scope.waves:
        sizes = np.diff(shares_open(lambda key: _switched(levers()[key], scenario).value), prepend=0.0)
        reached *= float(sum(sizes[wave - 1] for wave in set(scope.waves) if wave <= len(sizes)))
    return reached


def _counted(per: str, organisation: Organisation) -> np.ndarray:
    """Who a cost per person, manager (anyone else with reports) or executive is counted by: bool [people]."""
    executive = organisation.role == ROLES.index("executive")
    if per == "executive":
        return executive
    if per == "manager":
        return (np.diff(organisation.reports_offsets) > 0) & ~executive
    return np.ones(organisation.headcount, bool)


def shares_open(value: Callable[[str], float], most: int | None = None) -> np.ndarray:
    """Which share of everyone may have access once each wave is open: float64 [waves], even steps after the first.

    ``value`` of a lever, by its key; ``most``: no more waves than that.
    """
    count = 1 if value("rollout.style") == BIG_BANG else int(value("rollout.waves"))
    count = count if most is None else min(count, most)
    if count == 1:
        return np.ones(1)
    first = value("rollout.first_share")
    return first + (1 - first) * np.arange(count) / (count - 1)


def people_in(scope: Scope, organisation: Organisation, unit_draws: np.ndarray) -> np.ndarray:
    """Who is in a scope by role and unit, waves apart: bool [people, lanes]; ``unit_draws`` [units, lanes]."""
    lanes = unit_draws.shape[1]
    included = np.ones((organisation.headcount, lanes), bool)
    if scope.roles:
        included &= np.isin(organisation.role, [ROLES.index(r) for r in scope.roles])[:, None]
    if scope.units:
        sizes = np.bincount(organisation.unit, minlength=organisation.n_units)
        chosen = np.zeros((organisation.n_units, lanes), bool)
        for unit in scope.units:
            if unit == "largest":
                chosen[int(np.argmax(sizes))] = True
            elif unit == "smallest":
                chosen[int(np.argmin(sizes))] = True
            elif unit == "half":
                ranks = unit_draws.argsort(axis=0).argsort(axis=0)
                chosen |= ranks < (organisation.n_units + 1) // 2
            else:
                chosen[organisation.unit_names.index(unit)] = True
        included &= chosen[organisation.unit]
    return included


def world_dtype(tile: int) -> np.dtype:
    """A world as the rules read it: each parameter a row of one tile."""
    return np.dtype([(field_of(key), "f4", (tile,)) for key in parameters()], align=True)
