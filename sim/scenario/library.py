"""The library of scenarios, and scenarios from files: find, read, extend, override."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from sim.passports import InputError, levers, nearest, parameters
from sim.scenario.fields import known_lever, with_lever, with_mechanism, with_parameter
from sim.scenario.model import Scenario
from sim.scenario.nodes import At, entries_of, mapping_of, nested, text_of, texts_of

TEXTS = ("title", "question", "source")
FIELDS = (*TEXTS, "extends", "claims", "moves", "levers", "parameters", "mechanisms")
LARGEST_FILE = 1_000_000
LONGEST_CHAIN = 50
"""Scenarios that extend one another; a longer chain is a circle in disguise."""
UNREADABLE = (yaml.YAMLError, RecursionError, ValueError, OverflowError)
"""What the YAML reader raises: its own errors, and those of nesting too deep or of an impossible character."""


def library() -> list[str]:
    """Names of the scenarios that ship with the package."""
    return sorted(p.name.removesuffix(".yaml") for p in files("scenarios").iterdir() if p.name.endswith(".yaml"))


def load(name: str | Path, overrides: Iterable[str] = ()) -> Scenario:
    """A scenario by library name or by path to a file, with ``key=value`` overrides applied.

    Raises InputError where the file or an override is wrong.
    """
    scenario = _load(str(name), ())
    for text in overrides:
        scenario = override(scenario, text)
    return scenario


def override(scenario: Scenario, text: str) -> Scenario:
    """``levers.champions.one_per=25``, ``parameters.trying.base=-2`` or ``mechanisms.influence=off``.

    The title says so, so that no result of the changed programme passes for the original's.
    """
    return replace(_overridden(scenario, text), title=f"{scenario.title}, with {text.strip()}")


def _overridden(scenario: Scenario, text: str) -> Scenario:
    where = f"--set {text}"
    key, equals, value = text.partition("=")
    if not equals:
        raise InputError(f"{where}: expected key=value, for example --set levers.champions.one_per=25")
    try:
        node: Any = yaml.compose(value or "''")
    except UNREADABLE:
        node = None
    if node is None:
        raise InputError(f"{where}: cannot read the value {value!r}")
    top, _, rest = key.strip().partition(".")
    if not rest:
        known = [f"levers.{k}" for k in levers()] + [f"parameters.{k}" for k in parameters()]
        raise InputError(f'{where}: unknown key "{key}"{nearest(key, known)} Keys start with levers., parameters. '
                         "or mechanisms.")  # fmt: skip
    parts = rest.split(".")
    if top == "levers" and len(parts) == 3:  # one field of a lever's track
        old = scenario.lever(known_lever(".".join(parts[:2]), where))
        return with_lever(scenario, ".".join(parts[:2]), nested(parts[2:], node), At(where), old)
    if top == "levers":
        return with_lever(scenario, rest, node, At(where), None)
    if top == "parameters":
        return with_parameter(scenario, rest, node, At(where))
    if top == "mechanisms":
        return with_mechanism(scenario, rest, node, At(where))
    raise InputError(f'{where}: unknown key "{key}"{nearest(top, ("levers", "parameters", "mechanisms"))}')


def _load(name: str, trail: tuple[str, ...]) -> Scenario:
    source, label = _find(name)
    text = _read_text(source, label)
    at = At(label)
    root = _composed(text, label)
    entries = entries_of(root, at, FIELDS, "field")
    short = Path(name).stem if label == name else name
    if label in trail:
        raise InputError(f"{label}: scenarios extend each other in a circle: {' -> '.join((*trail, label))}")
    if len(trail) >= LONGEST_CHAIN:
        raise InputError(f"{trail[0]}: more than {LONGEST_CHAIN} scenarios extend each other, or the same in a circle")
    if "extends" in entries:
        parent_name = text_of(entries["extends"], at)
        beside = Path(name).parent / parent_name
        if label == name and not Path(parent_name).is_absolute() and beside.suffix and _exists(beside):
            parent_name = str(beside)
        try:
            scenario = _load(parent_name, (*trail, label))
        except InputError as error:
            if "no scenario" in str(error):
                raise InputError(f"{at(entries['extends'])}: extends: {error}") from None
            raise
        scenario = replace(scenario, extends=scenario.name)
    else:
        scenario = Scenario(short, "", "", "")
    texts: dict[str, Any] = {key: text_of(entries[key], at) for key in TEXTS if key in entries}
    missing = [key for key in TEXTS if not texts.get(key, "").strip()]
    if missing:
        raise InputError(f"{label}: missing {', '.join(missing)}; a scenario says what it asks and where it comes from")
    claims = texts_of(entries["claims"], at) if "claims" in entries else ()
    moves = text_of(entries["moves"], at) if "moves" in entries else "habitual"
    scenario = replace(scenario, name=short, claims=claims, moves=moves, changes=(), **texts)
    return _changed(scenario, entries, at)


def _changed(scenario: Scenario, entries: dict[str, yaml.Node], at: At) -> Scenario:
    """The scenario with the file's levers, parameters and mechanisms, and a list of what it changes."""
    changed: list[str] = []
    for family, members in mapping_of(entries.get("levers"), at, "levers").items():
        names = [k for k in levers() if k.startswith(f"{family.value}.")]
        if not names:
            families = sorted({lever.family for lever in levers().values()})
            raise InputError(f'{at(family)}: unknown lever family "{family.value}"{nearest(family.value, families)} '
                             f"Families are {', '.join(families)}.")  # fmt: skip
        for lever_name, node in mapping_of(members, at, family.value).items():
            key = f"{family.value}.{lever_name.value}"
            scenario = with_lever(scenario, key, node, at(lever_name), None)
            changed.append(key)
    for key_node, node in mapping_of(entries.get("parameters"), at, "parameters").items():
        scenario = with_parameter(scenario, key_node.value, node, at(key_node))
        changed.append(f"parameters.{key_node.value}")
    for key_node, node in mapping_of(entries.get("mechanisms"), at, "mechanisms").items():
        scenario = with_mechanism(scenario, key_node.value, node, at(key_node))
        changed.append(f"mechanisms.{key_node.value}")
    return replace(scenario, changes=tuple(changed))


def _composed(text: str, label: str) -> yaml.MappingNode:
    try:
        root = yaml.compose(text)
    except RecursionError:
        raise InputError(f"{label}: nested too deeply") from None
    except UNREADABLE as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise InputError(
            f"{label}{line}: not valid YAML ({getattr(error, 'problem', None) or 'cannot be read'})"
        ) from None
    if not isinstance(root, yaml.MappingNode):
        raise InputError(f"{label}: a scenario is a mapping with title, question, source and levers")
    return root


def _find(name: str) -> tuple[Any, str]:
    is_path = Path(name).suffix.lower() in {".yaml", ".yml"} or "/" in name or "\\" in name
    if not is_path:
        found = files("scenarios").joinpath(f"{name}.yaml")
        if name in library():
            return found, f"{name}.yaml"
        raise InputError(f'no scenario "{name}" in the library{nearest(name, library())} '
                         "See them with: uptake scenarios. A file is named by its path, ending in .yaml.")  # fmt: skip
    try:
        path = Path(name).expanduser()
    except RuntimeError:  # the home of nobody
        path = Path(name)
    if not _exists(path):
        raise InputError(f"no scenario file {name}: check the path, or name one from the library (uptake scenarios)")
    return path, name


def _exists(path: Path) -> bool:
    """Whether a path is there; a name that no file can have is not."""
    try:
        return path.exists()
    except OSError:
        return False


def _read_text(source: Any, label: str) -> str:
    try:
        raw = source.read_bytes()
        if len(raw) > LARGEST_FILE:
            raise InputError(f"{label}: too large for a scenario ({len(raw)} bytes; the most is {LARGEST_FILE:,})")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{label}: not text in UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"{label}: cannot be read ({error.strerror})") from None
