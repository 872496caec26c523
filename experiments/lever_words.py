"""Levers in words: their values with units, as people say them."""

from __future__ import annotations

from experiments.analysis.scales import Scale
from experiments.story import named
from sim.passports import levers


def spoken(key: str, value: float) -> str:
    """A lever's value as a person says it: ``1 per 60``, ``20 %``, ``week 12``, ``0.4``, ``3 hours a week``."""
    lever = levers()[key]
    said = Scale(lever, ()).spoken(value)
    if lever.unit.startswith("week ") or lever.unit == "week":
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
    """``managers: inspection 0.4``, ``champions: 1 per 25 employees``."""
    named_so = not Scale(levers()[key], ()).by_density
    return f"{named(key) if named_so else levers()[key].family + ':'} {in_full(key, value)}"
