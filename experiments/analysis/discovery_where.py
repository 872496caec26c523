"""``--where "habitual < 0.4"``: which runs are the cases to explain. Read as words and numbers, never run as code."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments import outcomes
from experiments.analysis.speaking import amount, named
from sim.passports import InputError, nearest

if TYPE_CHECKING:
    from pandas import DataFrame

SIGNS: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "<=": (operator.le, "at most"),
    ">=": (operator.ge, "at least"),
    "<": (operator.lt, "below"),
    ">": (operator.gt, "above"),
}
TERM = re.compile(r"\s*([A-Za-z_]+(?:@\d+)?)\s*(<=|>=|<|>)\s*([-+]?\d*\.?\d+(?:[eE][-+]?\d+)?)\s*(%?)\s*")
EXAMPLE = 'for example --where "habitual < 0.4 and cost@52 > 100000"'


@dataclass(frozen=True)
class Term:
    """One comparison: an outcome's ``column``, a sign of ``SIGNS`` and a number in the outcome's unit."""

    column: str
    sign: str
    number: float

    def __str__(self) -> str:
        return f"{named(self.column)[1]} is {SIGNS[self.sign][1]} {amount(self.number, self.column)}"


@dataclass(frozen=True)
class Where:
    """All of its terms hold."""

    terms: tuple[Term, ...]

    def __str__(self) -> str:
        return " and ".join(map(str, self.terms))

    def cases(self, table: DataFrame) -> np.ndarray:
        """Which rows are cases: bool [rows]; an outcome without a value is none."""
        held = np.ones(len(table), bool)
        for term in self.terms:
            held &= np.asarray(SIGNS[term.sign][0](table[term.column].to_numpy(float), term.number), bool)
        return held


def parse(text: str, columns: Sequence[str]) -> Where:
    """The condition in ``text`` over outcome ``columns`` such as ``habitual@104``. Raises InputError.

    A name without ``@week`` is the last week kept. ``40 %`` is 0.4. Terms are joined with ``and``.
    """
    if not text.strip():
        raise InputError(f"--where is empty; say which runs are to be explained, {EXAMPLE}")
    if re.search(r"\bor\b|\bnot\b|==|!=", text):
        raise InputError(f'--where "{text}": only <, <=, > and >= joined with and are understood, {EXAMPLE}')
    terms = []
    for part in re.split(r"\band\b", text):
        match = TERM.fullmatch(part)
        if not match:
            raise InputError(f'--where "{text}": cannot read "{part.strip()}" as outcome, sign and number, {EXAMPLE}')
        number = float(match[3]) / (100 if match[4] else 1)
        terms.append(Term(column_of(match[1], columns), match[2], number))
    return Where(tuple(terms))


def column_of(name: str, columns: Sequence[str]) -> str:
    """The column meant by ``habitual@52`` or ``habitual``. Raises InputError."""
    if name in columns:
        return name
    bare, _ = outcomes.parted(name)
    weeks = {outcomes.parted(c)[1] or 0: c for c in columns if outcomes.parted(c)[0] == bare}
    if not weeks:
        known = list(dict.fromkeys(outcomes.parted(c)[0] for c in columns))
        raise InputError(f'--where: the table has no outcome "{bare}"{nearest(bare, known)} It has {", ".join(known)}.')
    if name != bare:
        kept = ", ".join(str(w) for w in sorted(weeks))
        raise InputError(f"--where: {name} was not kept; the table has {bare} after week {kept}")
    return weeks[max(weeks)]
