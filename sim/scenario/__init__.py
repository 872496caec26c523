"""Scenarios: a programme as a small diff on another one.

A scenario file (YAML) has ``title``, ``question``, ``source``, ``claims``, ``moves`` (the outcome it is meant to move
against its parent), ``extends`` and what it changes: ``levers`` (by family and name; a plain value, or a mapping with
``value``, ``start``, ``end``, ``fade``, ``scope``), ``parameters`` (by full key) and ``mechanisms`` (``name: off``).
Every mistake is an ``InputError`` with file, line, key and a way out.
"""

from sim.scenario.library import library, load, override
from sim.scenario.model import LAST_WEEK, ROLES, RULES, UNIT_WORDS, Scenario, Scope, Track, weekly_values

__all__ = [
    "LAST_WEEK",
    "ROLES",
    "RULES",
    "UNIT_WORDS",
    "Scenario",
    "Scope",
    "Track",
    "library",
    "load",
    "override",
    "weekly_values",
]
