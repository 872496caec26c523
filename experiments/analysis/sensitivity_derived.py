"""The two studies that a sensitivity analysis is made of, derived from the study that is asked about.

``screening_of``: a morris design of its levers, and of every uncertain parameter where those are drawn.
``indices_of``: a saltelli design of the factors that the screening kept. Worlds are not drawn beside parameters that
are factors: what is left between replicates is chance alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from experiments.analysis.speaking import PARAMETER, Speaker
from experiments.defaults import RULE
from experiments.sweeps.design import placed
from experiments.sweeps.factors import passport_of
from experiments.sweeps.study import BASE, POINTS, SIZED, TRAJECTORIES, Factor, Study
from experiments.sweeps.writing import with_text
from sim.passports import InputError, levers, nearest, parameters
from sim.scenario import Scenario
from sim.scenario.nodes import At

if TYPE_CHECKING:
    from pandas import DataFrame

KEEP = 10
LEAST_EFFECT = 0.05
"""Of the strongest screening effect on an outcome: a factor below it for every outcome is not kept."""
Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Asked:
    """What is to be analysed; None takes the study's own. At most ``keep`` factors get indices."""

    study: Study
    scenario: str | None = None
    organisation: str | None = None
    replicates: int | None = None
    trajectories: int | None = None
    base: int | None = None
    keep: int = KEEP


def first_of(asked: Asked) -> Study:
    """The study with one scenario, organisation and seed: those that were named, or the first."""
    study = asked.study
    scenario = _chosen("scenario", {Path(name).stem: name for name in study.scenarios}, asked.scenario)
    place = _chosen("organisation", {place.label: place for place in study.organisations}, asked.organisation)
    return replace(
        study,
        scenarios=(scenario,),
        organisations=(place,),
        seeds=study.seeds[:1],
        replicates=asked.replicates or study.replicates,
        trajectories=asked.trajectories or study.trajectories,
        base=asked.base or study.base,
    )


def _chosen(what: str, known: dict[str, Kind], wanted: str | None) -> Kind:
    if wanted is not None and wanted not in known:
        raise InputError(f'--{what}: the study has no {what} "{wanted}"{nearest(wanted, list(known))} '
                         f"It has {', '.join(known)}.")  # fmt: skip
    return known[wanted if wanted is not None else next(iter(known))]


def screening_of(study: Study, scenario: Scenario) -> Study:
    """The morris study of a study of one scenario: its factors, then the parameters that its worlds would draw."""
    factors = [replace(factor, values=in_order(factor)) for factor in study.factors]
    if study.worlds:
        for key, passport in parameters().items():
            name = f"{PARAMETER}{key}"
            unused = key.startswith("rivals.") and study.rule == RULE
            if passport.drawn and not unused and name not in study.inputs and key not in scenario.parameters:
                factors.append(Factor(name, low=passport.low, high=passport.high))
    if not any(factor.varies for factor in factors):
        raise InputError("sensitivity needs at least one lever or uncertainty that varies; the study has none")
    held = replace(study, worlds=False, agents=())
    return _sampled(held, tuple(factors), "morris", study.trajectories)


def indices_of(screening: Study, keep: Sequence[str], own: set[str], scenario: Scenario, base: int) -> Study:
    """The saltelli study of the factors to ``keep``; the study's ``own`` others are held at their middle.

    Other parameters hold at their values, which is where every scenario has them.
    """
    factors = tuple(
        factor if factor.key in keep else _held(factor, middle(factor, scenario))
        for factor in screening.factors
        if factor.key in keep or factor.key in own
    )
    return _sampled(screening, factors, "saltelli", base)


def _held(factor: Factor, value: float | str) -> Factor:
    return replace(passport_of(factor.key, At("study")), values=(value,))


def _sampled(study: Study, factors: tuple[Factor, ...], design: str, size: int) -> Study:
    """The study with another design, and nothing left of its own."""
    usual: dict[str, int] = {"points": POINTS, "trajectories": TRAJECTORIES, "base": BASE, SIZED[design]: size}
    return with_text(replace(study, factors=factors, design=design, listed=(), **usual))  # type: ignore[arg-type]


def in_order(factor: Factor) -> tuple[float | str, ...]:
    """The values of a factor from the least to the most of what is meant; choices as they are listed."""
    if not factor.values or isinstance(factor.values[0], str):
        return factor.values
    order = np.argsort(Speaker(factor.key).ordered(np.array(factor.values, float)), kind="stable")
    return tuple(factor.values[place] for place in order)


def middle(factor: Factor, scenario: Scenario) -> float | str:
    """Where a factor stays once screening has left it out: the scenario's value if the study has it, or half-way."""
    bare = factor.key.removeprefix(PARAMETER)
    known: float | str | None = None
    if bare != factor.key:
        known = scenario.parameters.get(bare, parameters()[bare].value)
    elif bare in levers():
        known = scenario.lever(bare).value
        known = factor.choices[int(known)] if factor.choices else known
    if known in factor.values or (
        isinstance(known, float) and not factor.values and factor.low <= known <= factor.high
    ):
        return known
    return placed(factor, 0.5)


def kept(screening: DataFrame, own: set[str], most: int) -> list[str]:
    """At most so many factors that are worth their points: a study's ``own`` before all others, then the strongest."""
    effects = screening.pivot(index="factor", columns="outcome", values="effect")
    strongest = effects.max()
    relative = (effects / strongest.where(strongest > 0)).max(axis=1).sort_values(ascending=False, kind="stable")
    moving = [str(name) for name, share in relative.items() if share >= LEAST_EFFECT]
    if not moving:
        raise InputError("nothing that varies moves any of these outcomes; vary other levers or wider ranges")
    return sorted(moving, key=lambda name: name not in own)[:most]
