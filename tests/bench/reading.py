"""What the rules read and write, found in their source: the columns of people that each step touches."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

import sim
from sim.people import PEOPLE
from sim.week import WEEK

SIM = Path(sim.__file__).parent
FEW = ("appoint", "lead", "manage", "replace", "seat", "count_units")
"""Steps for leaders, leavers or nobody: they touch few of the people's columns' elements, and count as none."""
SIZES = {column.name: np.dtype(column.dtype).itemsize for column in PEOPLE}


@dataclass
class Touched:
    """Names of columns."""

    read: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)

    def add(self, other: Touched) -> None:
        self.read |= other.read
        self.written |= other.written

    @property
    def bytes(self) -> int:
        """Bytes a person, each column once in and once out."""
        return sum(SIZES[name] for name in self.read) + sum(SIZES[name] for name in self.written)


@cache
def functions() -> dict[str, ast.FunctionDef]:
    """Every function of the model by its name."""
    files = [*sorted((SIM / "mechanisms").glob("*.py")), SIM / "exposure.py", SIM / "rng.py", SIM / "week.py"]
    found = {}
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                found[node.name] = node
    return found


def always(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements up to one that leaves the rest to the tiles in which anything happens (``if leavers == 0: continue``).

    Loops are looked into; what they leave to few tiles is left out as well.
    """
    for statement in statements:
        if isinstance(statement, ast.If) and _leaves_when_nobody(statement):
            yield ast.Expr(statement.test)
            return
        if isinstance(statement, ast.For | ast.While):
            yield from always(statement.body)
        else:
            yield statement


def _leaves_when_nobody(statement: ast.If) -> bool:
    test = statement.test
    compares_zero = (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and all(isinstance(c, ast.Constant) and c.value == 0 for c in test.comparators)
    )
    return compares_zero and isinstance(statement.body[-1], ast.Return | ast.Continue)


def _is_people(node: ast.expr) -> bool:
    """``people`` or ``b.people``."""
    return (isinstance(node, ast.Name) and node.id == "people") or (
        isinstance(node, ast.Attribute) and node.attr == "people"
    )


def touched_by(name: str, seen: frozenset[str] = frozenset()) -> Touched:
    """What a function, and what it calls, reads and writes of every person."""
    found = Touched()
    if name in seen or name in FEW or name not in functions():
        return found
    for node in (node for statement in always(functions()[name].body) for node in ast.walk(statement)):
        if isinstance(node, ast.AugAssign):
            found.read |= {column for target in ast.walk(node.target) for column in _columns(target)}
        if isinstance(node, ast.Subscript):
            (found.written if isinstance(node.ctx, ast.Store) else found.read).update(_columns(node.value))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.add(touched_by(node.func.id, seen | {name}))
    return found


def _columns(node: ast.AST) -> list[str]:
    known = isinstance(node, ast.Attribute) and _is_people(node.value) and node.attr in SIZES
    return [node.attr] if known and isinstance(node, ast.Attribute) else []


def touched_in_phase(phase: int) -> Touched:
    """What a phase of the week reads and writes of every person."""
    found = Touched()
    for step, _ in WEEK[phase][1]:
        found.add(touched_by(step))
    return found
