"""A guess as a team writes it down."""

from __future__ import annotations

from contextlib import suppress
from math import isfinite

from experiments.inputs import amount
from experiments.outcomes import Outcome
from sim.passports import InputError

AMOUNTS = ("money", "hours")
"""Units that people count in thousands."""


def read_guess(text: str, outcome: Outcome) -> float | None:
    """In the outcome's unit: ``30 %``, ``5,5``, ``23``; ``190k`` and ``190,000`` of what is counted in thousands. None
    for an empty text. Raises InputError."""
    said = text.strip().replace("−", "-")
    if not said:
        return None
    if outcome.unit in AMOUNTS:
        with suppress(InputError):
            return amount("guess", said.removeprefix("-")) * (-1 if said.startswith("-") else 1)
    try:
        value = float(said.removesuffix("%").replace(",", ".")) / (100 if outcome.is_share else 1)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise InputError(f"a number, such as {'190k' if outcome.unit in AMOUNTS else '30'}")
    return value
