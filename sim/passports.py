"""Passports: what every parameter and lever is, read once from ``parameters.toml`` and ``levers.toml`` and frozen."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType

GRADES = ("measured", "reported", "assumed")


class InputError(ValueError):
    """Bad input: the message says what is wrong, where, and what to do. The command line prints it and exits with 2."""


@dataclass(frozen=True)
class Parameter:
    """One behavioural number: ``key`` is ``group.name``; drawn between ``low`` and ``high`` if ``drawn``."""

    key: str
    value: float
    low: float
    high: float
    unit: str
    meaning: str
    source: str
    grade: str
    setting: bool = False

    @property
    def drawn(self) -> bool:
        return self.grade != "measured" and not self.setting


@dataclass(frozen=True)
class Cost:
    """Cost at intensity 1: money and hours a week for each ``per`` (once for each ``trainee``).

    ``flat`` costs do not grow with the lever's value; ``parameter`` names the parameter that holds the hours, if any.
    """

    money: float
    hours: float
    per: str
    flat: bool = False
    parameter: str = ""


COST_DRIVERS = ("organisation", "executive", "manager", "champion", "person", "trainee", "champion-hour")


@dataclass(frozen=True)
class Lever:
    """One thing a programme decides. ``choices`` name its whole values; ``weekly`` levers follow a track."""

    key: str
    neutral: float
    low: float
    high: float
    choices: tuple[str, ...]
    unit: str
    weekly: bool
    scoped: bool
    meaning: str
    observable: tuple[str, ...]
    moves: str
    contrast: tuple[float | str, float | str]
    given: Mapping[str, float | str]
    source: str
    grade: str
    cost: Cost

    @property
    def family(self) -> str:
        return self.key.split(".")[0]

    @property
    def name(self) -> str:
        return self.key.split(".")[1]

    @property
    def whole(self) -> bool:
        """Whether the lever counts something (weeks, people, waves) rather than having an intensity."""
        return not self.choices and self.unit.split(" ")[0] in {"week", "weeks", "waves", "employees", "trainings"}

    def spoken(self, value: float) -> str:
        """The value as a person would write it."""
        if self.choices:
            return self.choices[round(value)]
        return f"{value:g}"


@cache
def parameters() -> Mapping[str, Parameter]:
    """Every parameter by key, in the order of the file."""
    table = {}
    for group, members in _read("parameters.toml").items():
        for name, p in members.items():
            low, high = p["range"]
            key = f"{group}.{name}"
            table[key] = Parameter(
                key,
                float(p["value"]),
                float(low),
                float(high),
                p["unit"],
                p["meaning"],
                p["source"],
                p["grade"],
                p.get("role") == "setting",
            )
    return MappingProxyType(table)


@cache
def levers() -> Mapping[str, Lever]:
    """Every lever by key, in the order of the file."""
    table = {}
    for family, members in _read("levers.toml").items():
        for name, p in members.items():
            low, high = p["range"]
            key = f"{family}.{name}"
            table[key] = Lever(
                key,
                float(p["neutral"]),
                float(low),
                float(high),
                tuple(p.get("choices", ())),
                p["unit"],
                p["kind"] == "when",
                p.get("scoped", p["kind"] == "when"),
                p["meaning"],
                tuple(p["observable"]),
                p["moves"],
                _contrast(p),
                MappingProxyType(p.get("given", {})),
                p["source"],
                p["grade"],
                _cost(p["cost"]),
            )
    return MappingProxyType(table)


def _contrast(entry: dict) -> tuple[float | str, float | str]:
    choices = entry.get("choices")
    low, high = entry.get("contrast", (choices[0], choices[-1]) if choices else entry["range"])
    return low, high


def _cost(entry: dict) -> Cost:
    hours, flat = entry["hours"], entry.get("flat", False)
    if isinstance(hours, str):
        return Cost(entry["money"], parameters()[hours].value, entry["per"], flat, hours)
    return Cost(entry["money"], hours, entry["per"], flat)


def nearest(word: str, names: Iterable[str]) -> str:
    """``; did you mean "x"?`` for a misspelt name, else a full stop."""
    names = list(names)
    close = get_close_matches(word, names, 1, 0.5)
    if not close:  # a bare name where the full key was meant
        close = [n for n in names if n.rsplit(".", 1)[-1] == word.rsplit(".", 1)[-1]][:1]
    return f'; did you mean "{close[0]}"?' if close else "."


def _read(name: str) -> dict[str, dict[str, dict]]:
    with files("sim").joinpath(name).open("rb") as file:
        return tomllib.load(file)
