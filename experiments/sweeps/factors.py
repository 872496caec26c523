"""Factors read from YAML: levers and parameters with their values or ranges, checked against their passports."""

from __future__ import annotations

from dataclasses import replace

import yaml

from experiments.sweeps.study import STEPS, Factor
from sim.passports import InputError, levers, nearest, parameters
from sim.scenario.nodes import LAST_WEEK, At, entries_of, number_of, shown

RANGE = ("values", "low", "high", "steps")
TIMES = ("start", "end", "fade")


def factor_of(key: str, node: yaml.Node | None, at: At) -> Factor:
    """A factor by key (``champions.one_per``, ``champions.one_per.start`` or ``parameters.trying.base``).

    ``node`` is a list of values, one value, a mapping of RANGE, or nothing: the passport's range.
    """
    factor = passport_of(key, at)
    if node is None or is_blank(node):
        node = yaml.MappingNode("tag:yaml.org,2002:map", [])
    if not isinstance(node, yaml.MappingNode):
        return replace(factor, values=_values(factor, node, at))
    given = entries_of(node, at, RANGE, f"field of {key}")
    if "values" in given:
        if len(given) > 1:
            raise InputError(f"{at(node)}: {key} has values and a range; keep one")
        return replace(factor, values=_values(factor, given["values"], at))
    if factor.choices:
        if given:
            raise InputError(
                f"{at(node)}: {key} is one of {', '.join(factor.choices)}; give values, or nothing for all"
            )
        return replace(factor, values=factor.choices)
    low, high = (
        _number(factor, given[name], at) if name in given else float(getattr(factor, name)) for name in ("low", "high")
    )
    if low > high:
        raise InputError(f"{at(node)}: {key}: low {low:g} is above high {high:g}")
    steps = whole(given.get("steps"), at, f"steps of {key}", 1, 100_000, STEPS)
    return replace(factor, low=low, high=high, steps=steps)


def is_blank(node: yaml.Node) -> bool:
    """Whether nothing was written where a value could stand (words in quotes are something, whatever they say)."""
    return node.tag == "tag:yaml.org,2002:null"


def passport_of(key: str, at: At) -> Factor:
    """The factor with its passport's range."""
    if key.startswith("parameters."):
        name = key.removeprefix("parameters.")
        if name not in parameters():
            raise InputError(f'{at}: unknown parameter "{name}"{nearest(name, parameters())} '
                             "See them all with: uptake parameters.")  # fmt: skip
        passport = parameters()[name]
        return Factor(key, low=passport.low, high=passport.high)
    family, _, part = key.rpartition(".")
    if family in levers() and part in (*TIMES, "value"):
        lever = levers()[family]
        if part in TIMES:
            if not lever.weekly:
                raise InputError(f"{at}: {family} is set once; it has no {part}")
            return Factor(key, low=0, high=52, whole=True)
    elif key in levers():
        lever = levers()[key]
    else:
        raise InputError(f'{at}: unknown lever "{key}"{nearest(key, levers())} See them all with: uptake levers.')
    return Factor(key, low=lever.low, high=lever.high, whole=lever.whole, choices=lever.choices)


def _values(factor: Factor, node: yaml.Node, at: At) -> tuple[float | str, ...]:
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    values = tuple(value_of(factor, item, at) for item in items)
    if not values:
        raise InputError(f"{at(node)}: {factor.key} has no values")
    if len(set(values)) < len(values):
        raise InputError(f"{at(node)}: {factor.key} has a value twice; keep one")
    return values


def value_of(factor: Factor, node: yaml.Node, at: At) -> float | str:
    if not factor.choices:
        return _number(factor, node, at)
    word = node.value if isinstance(node, yaml.ScalarNode) else None
    if word not in factor.choices:
        raise InputError(f"{at(node)}: {factor.key} is one of {', '.join(factor.choices)}, not {shown(node)}"
                         f"{nearest(str(word), factor.choices)}")  # fmt: skip
    return word


def _number(factor: Factor, node: yaml.Node, at: At) -> float:
    number = number_of(node, at, factor.key)
    free = factor.key.startswith("parameters.")
    timing = factor.key.rpartition(".")[2] in TIMES
    low, high = (-1e6, 1e6) if free else (factor.low, LAST_WEEK if timing else factor.high)
    if not low <= number <= high:
        raise InputError(f"{at(node)}: {factor.key} must be from {low:g} to {high:g}, not {number:g}")
    if factor.whole and number != int(number):
        raise InputError(f"{at(node)}: {factor.key} must be a whole number, not {number:g}")
    return number


def whole(node: yaml.Node | None, at: At, what: str, low: int, high: int, usual: int) -> int:
    if node is None:
        return usual
    try:
        if not isinstance(node, yaml.ScalarNode):
            raise ValueError
        number = int(node.value.replace("_", ""))  # not by way of a float: seeds have 63 bits
    except ValueError:
        raise InputError(f"{at(node)}: {what} must be a whole number, not {shown(node)}") from None
    if not low <= number <= high:
        raise InputError(f"{at(node)}: {what} must be from {low:,} to {high:,}, not {number:,}")
    return number
