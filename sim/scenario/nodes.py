"""YAML read with its places: plain values out of nodes, and every mistake with file and line."""

from __future__ import annotations

import yaml

from sim.passports import InputError, nearest
from sim.scenario.model import LAST_WEEK


class At:
    """Where a mistake is: a file and, where known, a line."""

    def __init__(self, where: str, node: yaml.Node | None = None) -> None:
        self.where, self.node = where, node

    def __call__(self, node: yaml.Node) -> At:
        return At(self.where, node)

    def __str__(self) -> str:
        if self.node is None or self.where.startswith("--set"):
            return self.where
        return f"{self.where}, line {self.node.start_mark.line + 1}"


def entries_of(node: yaml.MappingNode, at: At, known: tuple[str, ...], what: str) -> dict[str, yaml.Node]:
    entries: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value not in known:
            word = key.value if isinstance(key, yaml.ScalarNode) else "a structure"
            raise InputError(
                f'{at(key)}: unknown {what} "{word}"{nearest(str(word), known)} Known: {", ".join(known)}.'
            )
        if key.value in entries:
            raise InputError(f'{at(key)}: "{key.value}" stands twice; keep one')
        entries[key.value] = value
    return entries


def mapping_of(node: yaml.Node | None, at: At, what: str) -> dict[yaml.ScalarNode, yaml.Node]:
    if node is None or (isinstance(node, yaml.ScalarNode) and node.value in ("", "~", "null")):
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise InputError(f"{at(node)}: {what} is a mapping of names to values")
    seen: dict[str, yaml.ScalarNode] = {}
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise InputError(f"{at(key)}: names in {what} are plain words")
        if key.value in seen:
            raise InputError(f'{at(key)}: "{key.value}" stands twice; keep one')
        seen[key.value] = key
    return dict(node.value)


def text_of(node: yaml.Node, at: At) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise InputError(f"{at(node)}: expected text")
    return node.value


def texts_of(node: yaml.Node, at: At) -> tuple[str, ...]:
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return tuple(text_of(item, at) for item in items)


def number_of(node: yaml.Node, at: At, what: str) -> float:
    try:
        if not isinstance(node, yaml.ScalarNode):
            raise ValueError
        number = float(node.value.replace("_", ""))
    except ValueError:
        raise InputError(f"{at(node)}: {what} must be a number, not {shown(node)}") from None
    if number != number or number in (float("inf"), float("-inf")):
        raise InputError(f"{at(node)}: {what} must be a finite number")
    return number


def week_of(node: yaml.Node, at: At, what: str) -> int:
    number = number_of(node, at, what)
    if number != int(number) or not 0 <= number <= LAST_WEEK:
        raise InputError(f"{at(node)}: {what} must be a whole number of weeks from 0 to {LAST_WEEK}, not {number:g}")
    return int(number)


def shown(node: yaml.Node) -> str:
    return f'"{node.value}"' if isinstance(node, yaml.ScalarNode) else "a structure"


def nested(names: list[str], node: yaml.Node) -> yaml.MappingNode:
    scalar = yaml.ScalarNode("tag:yaml.org,2002:str", names[0])
    return yaml.MappingNode("tag:yaml.org,2002:map", [(scalar, node)], node.start_mark, node.end_mark)
