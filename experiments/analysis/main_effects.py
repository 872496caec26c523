"""Main effects of a sweep: the first outcome's mean at the end along each lever, and its spread over all else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments import outcomes, words
from experiments.analysis.report import Report
from experiments.figures.colours import style_of
from experiments.figures.figure import Axis, Figure, Key, Panel, grid
from experiments.figures.marks import Band, Dots, Line, Mark
from experiments.sweeps.summary import lines, summary
from sim.passports import InputError, levers, parameters

if TYPE_CHECKING:
    import pandas as pd

    from experiments.sweeps.results import Results

MOST_LEVELS, BINS = 11, 10
"""Levels told one by one; an input with more is cut into as many bins of like size."""
MOST_PANELS = 12
LONG = 9
"""Letters of a level's name from which on three panels in a row leave too little room for it."""
TICKS = 5
"""On an axis of weeks, of which there are no halves."""
LOW, HIGH = 0.05, 0.95
TOGETHER = 0.7
"""The width that the scenarios at a named level share, whose neighbours are 1 away."""


@dataclass(frozen=True, eq=False)
class Effect:
    """An input's levels, [levels] each: ``places`` on its axis, ``names`` where they are words, rows, mean and ends."""

    key: str
    scenario: str
    places: np.ndarray
    names: tuple[str, ...]
    rows: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def size(self) -> float:
        return float(np.nanmax(self.mean) - np.nanmin(self.mean))


def effects(found: Results) -> list[Effect]:
    """One of each input that varies and each scenario, the input that moves the outcome most first.

    Raises InputError for a sweep in which no input varies, or whose first outcome is known nowhere.
    """
    column = _outcome(found)
    table = found.columns(["scenario", *found.inputs, column]).dropna(subset=[column])
    varying = [key for key in found.inputs if table[key].nunique() > 1]
    if not varying:
        raise InputError(
            f"{found.folder}: nothing to draw: " + (f"no {column} is known yet" if table.empty else "no input varies")
        )
    made: dict[str, list[Effect]] = {}
    for key in varying:
        levels_of = _levels(table[key])
        order = sorted(levels_of.unique(), key=lambda level, key=key: _place(key, level))  # type: ignore[misc]
        values = table[column].astype(float)
        made[key] = [
            _effect(key, str(name), values[here], levels_of[here], order)
            for name, here in table.groupby("scenario", sort=False).groups.items()
        ]
    strongest = sorted(made, key=lambda key: -max(each.size for each in made[key]))
    return [each for key in strongest for each in made[key]]


def _outcome(found: Results) -> str:
    """The column that is drawn: the first outcome, at the last of the weeks kept."""
    study = found.facts["facts"]["study"]
    return outcomes.columns(study["outcomes"][:1], study["at"][-1:])[0]


def _levels(values: pd.Series) -> pd.Series:
    """Each value's level: itself where they are few, else the mean of its bin."""
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(values) or values.nunique() <= MOST_LEVELS:
        return values
    return values.groupby(pd.qcut(values, BINS, duplicates="drop"), observed=True).transform("mean")


def _effect(key: str, scenario: str, values: pd.Series, levels_of: pd.Series, order: list[float | str]) -> Effect:
    each = values.groupby(levels_of)
    found = each.agg(["size", "mean"]).assign(low=each.quantile(LOW), high=each.quantile(HIGH)).reindex(order).dropna()
    worded = isinstance(order[0], str) or (_per_person(key) and len(order) <= MOST_LEVELS)
    names = tuple(_spoken(level) for level in found.index) if worded else ()
    places = np.array([order.index(level) if worded else level for level in found.index], float)
    arrays = (found[name].to_numpy(float) for name in ("size", "mean", "low", "high"))
    return Effect(key, scenario, places, names, *arrays)


def _per_person(key: str) -> bool:
    return key in levers() and levers()[key].unit.startswith("employees per")


def _place(key: str, level: Any) -> float:
    """Choices as their passport lists them; of so many people for one, none first, then ever more."""
    if isinstance(level, str):
        return levers()[key].choices.index(level)
    return (1 / level if level else 0.0) if _per_person(key) else level


def _spoken(level: float | str) -> str:
    return level if isinstance(level, str) else ("none" if level == 0 else f"{level:g}")


def _unit(key: str) -> str:
    if key.startswith("parameters."):
        return parameters()[key.removeprefix("parameters.")].unit
    family, _, part = key.rpartition(".")
    if family in levers():
        return levers()[family].unit if part == "value" else "weeks" if part == "fade" else "week"
    return "" if levers()[key].choices else levers()[key].unit.removesuffix(" (0: none)")


def figure(found: Results, told: Sequence[Effect]) -> Figure:
    """A panel for each input, a colour for each scenario, one scale for all."""
    name, week = outcomes.parted(_outcome(found))
    outcome = outcomes.ALL[name]
    factor, suffix = _scale(outcome, told)
    keys = list(dict.fromkeys(each.key for each in told))
    scenarios = list(dict.fromkeys(each.scenario for each in told))
    low, high = np.nanmin([e.low.min() for e in told]) * factor, np.nanmax([e.high.max() for e in told]) * factor
    room = 0.06 * (high - low) or 1.0
    after = f" after {words.counted(week or 0, 'week')}"
    label = words.label(outcome.name) + (after if outcome.is_share else f"{after}, {outcome.unit}")
    y = Axis(label, low - room if low < 0 else max(0.0, low - room), high + room, suffix)
    panels = []
    for key in keys[:MOST_PANELS]:
        ours = [each for each in told if each.key == key]
        marks: list[Mark] = []
        for each in ours:
            marks += _marks(each, scenarios.index(each.scenario), len(scenarios), factor)
        panels.append(Panel(key, _axis(ours), y, tuple(marks)))
    wordy = any(len(name) > LONG for each in told for name in each.names)
    columns, width, height = grid(len(panels), most=2 if wordy else 3)
    legend = tuple(Key(name, *style_of(at)) for at, name in enumerate(scenarios)) if len(scenarios) > 1 else ()
    many = len(keys) > MOST_PANELS
    others = f" The {MOST_PANELS} strongest of {len(keys)} inputs; the others are in the table." if many else ""
    note = (
        f"Means at each level, with the 5th to 95th percentile over worlds and all that varies besides. The input that "
        f"moves the mean most comes first.{others} {words.INSIGHT}"
    )
    return Figure("effects", found.title, note, tuple(panels), columns, legend, width, height + 0.3 * bool(legend))


def _scale(outcome: outcomes.Outcome, told: Sequence[Effect]) -> tuple[float, str]:
    """By what values are multiplied to be read with ease, and what follows them on the axis."""
    if outcome.is_share:
        return 100.0, " %"
    largest = max(float(np.abs([each.low, each.high]).max()) for each in told)
    return next(((1 / size, mark) for size, mark in ((1e6, "M"), (1e3, "k")) if largest >= 10 * size), (1.0, ""))


def _marks(effect: Effect, position: int, count: int, factor: float) -> list[Mark]:
    """A curve in its band; at levels that are words, a bar from low to high with a stroke at the mean."""
    colour, dash = style_of(position)
    mean, low, high = effect.mean * factor, effect.low * factor, effect.high * factor
    if not effect.names:
        curve = Line(effect.places, mean, effect.scenario, colour, dash)
        return [Band(effect.places, low, high, colour, effect.scenario), curve,
                Dots(effect.places, mean, colour, effect.scenario)]  # fmt: skip
    marks: list[Mark] = []
    for place, middle, bottom, top in zip(effect.places, mean, low, high, strict=True):
        left = place + TOGETHER * (position / count - 0.5)
        ends = np.array([left + 0.04, left + TOGETHER / count - 0.04])
        marks += [Band(ends, np.full(2, bottom), np.full(2, top), colour, effect.scenario),
                  Line(ends, np.full(2, middle), effect.scenario, colour, dash)]  # fmt: skip
    return marks


def _axis(ours: Sequence[Effect]) -> Axis:
    low, high = min(each.places.min() for each in ours), max(each.places.max() for each in ours)
    names = {place: name for each in ours for place, name in zip(each.places.tolist(), each.names, strict=False)}
    room, unit = 0.5 if names else 0.02 * (high - low), _unit(ours[0].key)
    if not names and unit in ("week", "weeks"):
        step = max(1, math.ceil((high - low) / TICKS))
        names = {float(week): f"{week}" for week in range(math.ceil(low / step) * step, math.floor(high) + 1, step)}
    return Axis(unit, low - room, high + room, places=tuple(sorted(names.items())))


def report(found: Results) -> Report:
    """The sweep's summary with its main effects, as the analyses report. Raises InputError where nothing varies."""
    told = effects(found)
    table = {
        "input": [each.key for each in told for _ in each.mean],
        "scenario": [each.scenario for each in told for _ in each.mean],
        "level": [name for each in told for name in (each.names or [f"{place:.6g}" for place in each.places])],
        **{name: np.concatenate([getattr(each, name) for each in told]) for name in ("rows", "mean", "low", "high")},
    }
    sentences = tuple(line for line in lines(found)[1:] if line)
    document = {**summary(found), "effects": {"outcome": _outcome(found), **table}}
    return Report(
        "results", found.title, sentences[0], sentences[1:], document, {"effects": table}, (figure(found, told),)
    )
