"""Plans: programmes as people build them, a scenario with changes; to and from scenario files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import yaml

from sim.passports import InputError, nearest
from sim.scenario import Scenario, library, load, override
from sim.scenario.nodes import At, entries_of, mapping_of

LONGEST_NAME = 60
"""Letters of a name: what a chip, a legend and a line of a table have room for."""
BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs that are drawn as nothing: Hangul fillers, the empty Braille cell."""
FIELDS = ("title", "question", "source", "extends", "claims", "moves", "levers", "parameters", "mechanisms")


@dataclass(frozen=True)
class Plan:
    """A programme as it is built. ``base`` is a scenario of the library; ``changes`` maps keys to values as ``--set``
    takes them (``levers.champions.one_per`` -> ``25``)."""

    name: str
    base: str
    changes: Mapping[str, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.name, self.base, tuple(self.changes.items())))

    @property
    def scenario(self) -> Scenario:
        """What is run. Raises InputError where a change makes no sense."""
        return _built(self)

    def changed(self, key: str, value: str | None) -> Plan:
        """With a lever set, or (None) as the base has it."""
        changes = {k: v for k, v in self.changes.items() if k != key}
        if value is not None:
            changes[key] = value
        return replace(self, changes=changes)

    @property
    def text(self) -> str:
        """A scenario file that every command of ``uptake`` takes."""
        nested: dict[str, Any] = {}
        for key, value in self.changes.items():
            place = nested
            *above, last = key.split(".", 2)
            for name in above:
                place = place.setdefault(name, {})
            place[last] = yaml.safe_load(value)
        base = load(self.base)
        head = {"title": self.name, "question": base.question, "source": f"A plan built from {self.base}"}
        found = {**head, "extends": self.base, **nested}
        return yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=110)


@lru_cache(maxsize=256)
def _built(plan: Plan) -> Scenario:
    scenario = load(plan.base)
    for key, value in plan.changes.items():
        try:
            scenario = override(scenario, f"{key}={value}")
        except InputError as error:
            raise InputError(str(error).removeprefix("--set ")) from None  # nobody typed a command here
    return replace(scenario, name=plan.name, title=plan.name, extends=plan.base)


def plan(name: str, base: str, changes: Mapping[str, str] | None = None) -> Plan:
    """A plan, checked. Raises InputError for a name that will not do, an unknown base, a change that makes no sense."""
    if base not in library():  # never a path: what is given here comes from a browser
        raise InputError(f'no scenario "{base}" in the library{nearest(base, library())}')
    made = Plan(checked_name(name), base, dict(changes or {}))
    _ = made.scenario
    return made


def checked_name(name: str, what: str = "name") -> str:
    """The name of a plan or a team, or ``what`` else names a thing; spaces trimmed. Raises InputError."""
    short = _on_one_line(name)
    if not short:
        raise InputError(f"give it a {what}")
    if not any(_seen(letter) for letter in short):
        raise InputError(f"nothing of the {what} can be seen; give it one of letters or digits")
    return within(short, LONGEST_NAME, what)


def within(text: str, most: int, what: str) -> str:
    """Text of so many letters at most. Raises InputError, which says ``what`` is too long."""
    if len(text) > most:
        raise InputError(f"the {what} has {len(text):,} letters; keep it within {most:,}")
    return text


def free_name(names: Sequence[str], wanted: str) -> str:
    """A name like the one wanted that is not among the ``names``: numbered where it is."""
    if wanted not in names:
        return wanted
    numbered = (_cut(wanted, f" {number}") for number in range(2, len(names) + 3))
    return next(name for name in numbered if name not in names)


def _cut(name: str, tail: str = "") -> str:
    """A name and its tail; an ellipsis says where it had to be cut."""
    room = LONGEST_NAME - len(tail)
    return (name if len(name) <= room else name[: room - 1].rstrip() + "…") + tail


def _on_one_line(text: str) -> str:
    """Without line breaks and control characters, those that turn the direction of writing included."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", " ", text).split())


def _seen(letter: str) -> bool:
    """Whether a character by itself leaves a mark: no space, control, format or combining character."""
    return unicodedata.category(letter)[0] not in "ZCM" and letter not in BLANK


def read(text: str, label: str = "the file") -> Plan:
    """A plan from a scenario file that extends one of the library. Raises InputError for anything else."""
    at = At(label)
    try:
        root = yaml.compose(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InputError(
            f"{label}: not a scenario in YAML ({getattr(error, 'problem', None) or 'unreadable'})"
        ) from None
    if not isinstance(root, yaml.MappingNode):
        raise InputError(f"{label}: a scenario is a mapping with title, extends and levers")
    entries = entries_of(root, at, FIELDS, "field")
    base = _text(entries.get("extends"))
    if base is None:
        raise InputError(f"{label}: no extends; a plan builds on a scenario of the library, such as extends: middling")
    changes: dict[str, str] = {}
    for family, members in mapping_of(entries.get("levers"), at, "levers").items():
        for name, node in mapping_of(members, at, family.value).items():
            changes[f"levers.{family.value}.{name.value}"] = _flow(node)
    for top in ("parameters", "mechanisms"):
        for name, node in mapping_of(entries.get(top), at, top).items():
            changes[f"{top}.{name.value}"] = _flow(node)
    title = _text(entries.get("title")) or base
    return plan(_cut(_on_one_line(title)), base, changes)


def _text(node: yaml.Node | None) -> str | None:
    return node.value if isinstance(node, yaml.ScalarNode) else None


def _flow(node: yaml.Node) -> str:
    """A value as ``--set`` takes it, on one line."""
    if isinstance(node, yaml.ScalarNode):
        return node.value
    text = yaml.serialize(_in_flow(node), width=10_000)
    return " ".join(str(text).split())


def _in_flow(node: yaml.Node) -> yaml.Node:
    if isinstance(node, yaml.CollectionNode):
        node.flow_style = True
        for child in node.value:
            for part in child if isinstance(child, tuple) else (child,):
                _in_flow(part)
    return node
