"""Levers in words: their values with units, as people say them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

import numpy as np

from experiments.analysis.scales import Scale
from sim.passports import levers

SUBJECTS = {
    "leaders.endorsement": "Leaders' endorsement",
    "leaders.executive_training": "Executives' training",
    "leaders.reverse_mentoring": "Executives' coaching by juniors",
    "leaders.modelling": "Leaders' own visible use",
    "leaders.presence": "Leaders' presence while people experiment",
    "leaders.mandate": "The mandate to use it",
    "managers.inspection": "Managers' asking about AI-assisted work",
    "managers.coaching": "Managers' coaching of their people",
    "managers.manager_training": "Managers' training",
    "managers.detection": "The search for covert resistance",
    "managers.engagement": "The work with resistant managers",
    "champions.time": "Champions' time",
    "champions.voice": "The stage that champions are given",
    "training.capacity": "People's training",
    "training.task_focus": "Training on people's own tasks",
    "training.specificity": "Training by worked recipes",
    "training.drudgery_first": "Starting with dreaded work",
    "rollout.preparation": "The work on governance",
    "rollout.seats": "The number of licences",
    "environment.reward_quality": "The reward for quality",
    "environment.measure_outcomes": "The measuring of outcomes",
    "environment.clarity": "The clarity of the strategy",
    "environment.permission": "Permission to build one's own workflows",
    "environment.sharing": "The sharing of workflows between units",
    "environment.reliability": "The tool's reliability",
    "circumstances.turnover": "Turnover",
    "circumstances.quarter_end": "The pressure at a quarter's end",
}
"""What begins, fades or ends when a weekly lever does; all of them singular."""


def named(key: str) -> str:
    """``managers: inspection``."""
    return key.replace(".", ": ", 1).replace("_", " ")


def with_named(text: str) -> str:
    """A text with the keys of levers in it as people say them."""
    return re.sub(r"\b(?:levers\.)?([a-z]+\.[a-z_]+)\b", lambda m: named(m[1]) if m[1] in levers() else m[0], text)


def spoken(key: str, value: float) -> str:
    """A lever's value as a person says it: ``1 per 60``, ``20 %``, ``week 12``, ``0.4``, ``3 hours a week``."""
    lever = levers()[key]
    said = Scale(lever, ()).spoken(value)
    if lever.unit.split(" ")[0] == "week":
        none = lever.unit.partition("(0: ")[2].removesuffix(")")
        return none if none and not value else f"week {said}"
    one, many = UNITS.get(lever.unit.split(" ")[0], ("", ""))
    return said + (one if said == "1" else many)


UNITS = {
    "weeks": (" week", " weeks"), "hours": (" hour a week", " hours a week"), "waves": (" wave", " waves"),
    "standard": (" standard deviation", " standard deviations"),
}  # fmt: skip
"""What is said after one, and after another number, of such a unit."""


def measured(key: str) -> str:
    """What a lever's number is of: ``of middle managers``, ``employees``; empty where ``spoken`` says it."""
    lever = levers()[key]
    if Scale(lever, ()).by_density:
        return lever.unit.partition(" ")[0]
    if lever.choices or lever.whole or lever.unit.split(" ")[0] in UNITS:
        return ""
    return lever.unit.removeprefix("share ")


def in_full(key: str, value: float) -> str:
    """``3.0 % of headcount a week``, ``1 per 25 employees``; ``0.4`` of what runs from 0 to 1 and needs no unit."""
    unit = measured(key)
    bare = unit in ("", "intensity") or unit.startswith("from ")
    return spoken(key, value) if bare else f"{spoken(key, value)} {unit}"


def described(key: str, value: float) -> str:
    """``managers: inspection 0.4``, ``champions: 1 per 25 employees``, ``champions: activation week 8``."""
    if Scale(levers()[key], ()).by_density:
        return f"{levers()[key].family}: {in_full(key, value)}"
    name, said = named(key), in_full(key, value)
    return f"{name} {said.removeprefix('week ') if name.endswith(' week') else said}"


def amount(key: str, value: float) -> str:
    """How much of a lever a sentence speaks of: ``58 % of full strength``, ``4 hours a week``, ``hands-on``."""
    unit = levers()[key].unit
    if unit == "intensity" or unit.startswith("from "):
        return f"{value * 100:.0f} % of full strength"
    if unit.startswith("licences as share "):
        return f"{value * 100:.0f} % {unit.removeprefix('licences as share ')}"
    return in_full(key, round(value, 1) if unit.startswith("hours") else value)


def turned(key: str, values: np.ndarray) -> Iterator[tuple[int, str]]:
    """Each turn of a lever's values [weeks] after week 0: its first week, and a sentence."""
    steps = np.sign(np.diff(values)).tolist()
    for direction, weeks in groupby(range(1, len(values)), key=lambda week: steps[week - 1]):
        if direction:
            week, *more = weeks
            yield week, f"{SUBJECTS[key]} {_turn(key, values, week, more[-1] if more else week)}."


def _turn(key: str, values: np.ndarray, week: int, last: int) -> str:
    """What a lever does from one week to another."""
    lever, before, after = levers()[key], float(values[week - 1]), float(values[last])
    gone, new = (value == lever.neutral == 0 for value in (after, before))
    if last > week:
        begins = "begins to rise" if after > before else "begins to fade"
        return f"{begins}; " + (f"from week {last} on there is none" if gone else
                                f"by week {last} it is at {amount(key, after)}")  # fmt: skip
    if gone or new:
        return "ends" if gone else f"begins: {amount(key, after)}"
    if lever.choices:
        return f"changes to {amount(key, after)}"
    return f"{'rises' if after > before else 'falls'} to {amount(key, after)}"
