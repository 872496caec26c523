"""Scenarios: a programme as a small diff on another one. Read, check, extend, override.

A scenario file (YAML) has ``title``, ``question``, ``source``, ``claims``, ``moves`` (the outcome it is meant to move
against its parent), ``extends`` and what it changes: ``levers`` (by family and name; a plain value, or a mapping with
``value``, ``start``, ``end``, ``fade``, ``scope``), ``parameters`` (by full key) and ``mechanisms`` (``name: off``).
Every mistake is an ``InputError`` with file, line, key and a way out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from sim.mechanisms import MECHANISMS
from sim.organisation.roles import Role
from sim.passports import InputError, Lever, levers, nearest, parameters

RULES = ("experience", "threshold", "bass")
TEXTS = ("title", "question", "source")
FIELDS = (*TEXTS, "extends", "claims", "moves", "levers", "parameters", "mechanisms")
TRACK_FIELDS = ("value", "start", "end", "fade", "scope")
SCOPE_FIELDS = ("roles", "units", "waves")
ROLES = tuple(role.name.lower() for role in Role)
UNIT_WORDS = ("largest", "smallest", "half")
LAST_WEEK = 1040


@dataclass(frozen=True)
class Scope:
    """Whom a lever includes: roles, units (by name, or one of ``UNIT_WORDS``), waves (from 1). Empty means all."""

    roles: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    waves: tuple[int, ...] = ()


@dataclass(frozen=True)
class Track:
    """A lever over time: ``value`` from week ``start`` until ``end`` (None: always), fading out over ``fade`` weeks."""

    value: float
    start: int = 0
    end: int | None = None
    fade: int = 0
    scope: Scope = field(default_factory=Scope)


@dataclass(frozen=True)
class Scenario:
    """A change programme, complete: every lever it sets, with its texts."""

    name: str
    title: str
    question: str
    source: str
    claims: tuple[str, ...] = ()
    moves: str = "habitual"
    extends: str | None = None
    levers: Mapping[str, Track] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)
    mechanisms_off: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()

    def lever(self, key: str) -> Track:
        """The lever's track; its neutral value where the scenario does not set it."""
        return self.levers.get(key) or Track(levers()[key].neutral)

    @property
    def fingerprint(self) -> str:
        """What the programme does, whatever it is called (16 hex digits)."""
        does = {
            "levers": {k: asdict(t) for k, t in sorted(self.levers.items())},
            "parameters": dict(sorted(self.parameters.items())),
            "off": sorted(self.mechanisms_off),
        }
        return hashlib.sha256(json.dumps(does, sort_keys=True).encode()).hexdigest()[:16]


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
    """``levers.champions.one_per=25``, ``parameters.trying.base=-2`` or ``mechanisms.influence=off``."""
    where = f"--set {text}"
    key, equals, value = text.partition("=")
    if not equals:
        raise InputError(f"{where}: expected key=value, for example --set levers.champions.one_per=25")
    try:
        node: Any = yaml.compose(value or "''")
    except yaml.YAMLError:
        raise InputError(f"{where}: cannot read the value {value!r}") from None
    top, _, rest = key.strip().partition(".")
    if not rest:
        known = [f"levers.{k}" for k in levers()] + [f"parameters.{k}" for k in parameters()]
        raise InputError(f'{where}: unknown key "{key}"{nearest(key, known)} Keys start with levers., parameters. '
                         "or mechanisms.")  # fmt: skip
    parts = rest.split(".")
    if top == "levers" and len(parts) == 3:  # one field of a lever's track
        old = scenario.lever(_lever_key(".".join(parts[:2]), where))
        return _with_lever(scenario, ".".join(parts[:2]), _nest(parts[2:], node), _At(where), old)
    if top == "levers":
        return _with_lever(scenario, rest, node, _At(where), None)
    if top == "parameters":
        return _with_parameter(scenario, rest, node, _At(where))
    if top == "mechanisms":
        return _with_mechanism(scenario, rest, node, _At(where))
    raise InputError(f'{where}: unknown key "{key}"{nearest(top, ("levers", "parameters", "mechanisms"))}')


def track_value(track: Track, week: int, neutral: float) -> float:
    """The lever's value in a week: neutral outside start and end, fading to neutral over the weeks after ``end``."""
    if week < track.start:
        return neutral
    if track.end is None or week < track.end:
        return track.value
    if track.fade and week < track.end + track.fade:
        left = 1 - (week - track.end + 1) / (track.fade + 1)
        return neutral + (track.value - neutral) * left
    return neutral


class _At:
    """Where a mistake is: a file and, where known, a line."""

    def __init__(self, where: str, node: yaml.Node | None = None) -> None:
        self.where, self.node = where, node

    def __call__(self, node: yaml.Node) -> _At:
        return _At(self.where, node)

    def __str__(self) -> str:
        if self.node is None or self.where.startswith("--set"):
            return self.where
        return f"{self.where}, line {self.node.start_mark.line + 1}"


def _load(name: str, trail: tuple[str, ...]) -> Scenario:
    source, label = _find(name)
    text = _read_text(source, label)
    at = _At(label)
    try:
        root = yaml.compose(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise InputError(
            f"{label}{line}: not valid YAML ({getattr(error, 'problem', None) or 'cannot be read'})"
        ) from None
    except RecursionError:
        raise InputError(f"{label}: nested too deeply") from None
    if not isinstance(root, yaml.MappingNode):
        raise InputError(f"{label}: a scenario is a mapping with title, question, source and levers")
    entries = _entries(root, at, FIELDS, "field")
    short = Path(name).stem if label == name else name
    if short in trail:
        raise InputError(f"{label}: scenarios extend each other in a circle: {' -> '.join((*trail, short))}")
    if "extends" in entries:
        parent_name = _text(entries["extends"], at)
        beside = Path(name).parent / parent_name
        if label == name and not Path(parent_name).is_absolute() and beside.suffix and beside.exists():
            parent_name = str(beside)
        try:
            scenario = _load(parent_name, (*trail, short))
        except InputError as error:
            if "no scenario" in str(error):
                raise InputError(f"{at(entries['extends'])}: extends: {error}") from None
            raise
        scenario = replace(scenario, extends=scenario.name)
    else:
        scenario = Scenario(short, "", "", "")
    texts: dict[str, Any] = {key: _text(entries[key], at) for key in TEXTS if key in entries}
    missing = [key for key in TEXTS if not texts.get(key, "").strip()]
    if missing:
        raise InputError(f"{label}: missing {', '.join(missing)}; a scenario says what it asks and where it comes from")
    claims = _claims(entries["claims"], at) if "claims" in entries else ()
    moves = _text(entries["moves"], at) if "moves" in entries else "habitual"
    scenario = replace(scenario, name=short, claims=claims, moves=moves, changes=(), **texts)
    changed: list[str] = []
    for family, members in _mapping(entries.get("levers"), at, "levers").items():
        names = [k for k in levers() if k.startswith(f"{family.value}.")]
        if not names:
            families = sorted({lever.family for lever in levers().values()})
            raise InputError(f'{at(family)}: unknown lever family "{family.value}"{nearest(family.value, families)} '
                             f"Families are {', '.join(families)}.")  # fmt: skip
        for lever_name, node in _mapping(members, at, family.value).items():
            key = f"{family.value}.{lever_name.value}"
            scenario = _with_lever(scenario, key, node, at(lever_name), None)
            changed.append(key)
    for key_node, node in _mapping(entries.get("parameters"), at, "parameters").items():
        scenario = _with_parameter(scenario, key_node.value, node, at(key_node))
        changed.append(f"parameters.{key_node.value}")
    for key_node, node in _mapping(entries.get("mechanisms"), at, "mechanisms").items():
        scenario = _with_mechanism(scenario, key_node.value, node, at(key_node))
        changed.append(f"mechanisms.{key_node.value}")
    return replace(scenario, changes=tuple(changed))


def _find(name: str) -> tuple[Any, str]:
    path = Path(name).expanduser()
    is_path = path.suffix.lower() in {".yaml", ".yml"} or "/" in name or "\\" in name
    if not is_path:
        found = files("scenarios").joinpath(f"{name}.yaml")
        if name in library():
            return found, f"{name}.yaml"
        raise InputError(f'no scenario "{name}" in the library{nearest(name, library())} '
                         "See them with: uptake scenarios. A file is named by its path, ending in .yaml.")  # fmt: skip
    if not path.exists():
        raise InputError(f"no scenario file {name}: check the path, or name one from the library (uptake scenarios)")
    return path, name


def _read_text(source: Any, label: str) -> str:
    try:
        raw = source.read_bytes()
        if len(raw) > 1_000_000:
            raise InputError(f"{label}: too large for a scenario ({len(raw)} bytes; the most is 1,000,000)")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{label}: not text in UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"{label}: cannot be read ({error.strerror})") from None


def _entries(node: yaml.MappingNode, at: _At, known: tuple[str, ...], what: str) -> dict[str, yaml.Node]:
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


def _mapping(node: yaml.Node | None, at: _At, what: str) -> dict[yaml.ScalarNode, yaml.Node]:
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


def _text(node: yaml.Node, at: _At) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise InputError(f"{at(node)}: expected text")
    return node.value


def _claims(node: yaml.Node, at: _At) -> tuple[str, ...]:
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return tuple(_text(item, at) for item in items)


def _number(node: yaml.Node, at: _At, what: str) -> float:
    try:
        if not isinstance(node, yaml.ScalarNode):
            raise ValueError
        number = float(node.value.replace("_", ""))
    except ValueError:
        raise InputError(f"{at(node)}: {what} must be a number, not {_shown(node)}") from None
    if number != number or number in (float("inf"), float("-inf")):
        raise InputError(f"{at(node)}: {what} must be a finite number")
    return number


def _week(node: yaml.Node, at: _At, what: str) -> int:
    number = _number(node, at, what)
    if number != int(number) or not 0 <= number <= LAST_WEEK:
        raise InputError(f"{at(node)}: {what} must be a whole number of weeks from 0 to {LAST_WEEK}, not {number:g}")
    return int(number)


def _shown(node: yaml.Node) -> str:
    return f'"{node.value}"' if isinstance(node, yaml.ScalarNode) else "a structure"


def _lever_key(key: str, where: object) -> str:
    if key not in levers():
        raise InputError(f'{where}: unknown lever "{key}"{nearest(key, levers())} See them all with: uptake levers.')
    return key


def _lever_value(lever: Lever, node: yaml.Node, at: _At) -> float:
    if lever.choices:
        word = node.value if isinstance(node, yaml.ScalarNode) else None
        if word in lever.choices:
            return float(lever.choices.index(word))
        raise InputError(f"{at(node)}: {lever.key} is one of {', '.join(lever.choices)}, not {_shown(node)}"
                         f"{nearest(str(word), lever.choices)}")  # fmt: skip
    value = _number(node, at, lever.key)
    if not lever.low <= value <= lever.high:
        raise InputError(f"{at(node)}: {lever.key} must be from {lever.low:g} to {lever.high:g} ({lever.unit}), "
                         f"not {value:g}")  # fmt: skip
    if lever.whole and value != int(value):
        raise InputError(f"{at(node)}: {lever.key} must be a whole number ({lever.unit}), not {value:g}")
    return value


def _with_lever(scenario: Scenario, key: str, node: yaml.Node, at: _At, base: Track | None) -> Scenario:
    lever = levers()[_lever_key(key, at)]
    if isinstance(node, yaml.MappingNode):
        track = _track(lever, node, at, base or Track(scenario.lever(key).value))
    else:
        track = Track(_lever_value(lever, node, at))
    return replace(scenario, levers={**scenario.levers, key: track})


def _track(lever: Lever, node: yaml.MappingNode, at: _At, base: Track) -> Track:
    entries = _entries(node, at, TRACK_FIELDS, f"field of {lever.key}")
    timed = [k for k in ("start", "end", "fade") if k in entries]
    if timed and not lever.weekly:
        raise InputError(f"{at(entries[timed[0]])}: {lever.key} is set once; it takes no {timed[0]}")
    if "scope" in entries and not lever.scoped:
        raise InputError(f"{at(entries['scope'])}: {lever.key} acts on the whole organisation; it takes no scope")
    track = base
    if "value" in entries:
        track = replace(track, value=_lever_value(lever, entries["value"], at))
    for name in timed:
        changed: dict[str, Any] = {name: _week(entries[name], at, f"{lever.key} {name}")}
        track = replace(track, **changed)
    if track.end is not None and track.end < track.start:
        raise InputError(f"{at(node)}: {lever.key} ends in week {track.end}, before it starts in week {track.start}")
    if track.fade and track.end is None:
        raise InputError(f"{at(node)}: {lever.key} fades after its end; give it an end")
    if "scope" in entries:
        track = replace(track, scope=_scope(entries["scope"], at, lever))
    return track


def _scope(node: yaml.Node, at: _At, lever: Lever) -> Scope:
    if not isinstance(node, yaml.MappingNode):
        raise InputError(f"{at(node)}: the scope of {lever.key} is a mapping with {', '.join(SCOPE_FIELDS)}")
    entries = _entries(node, at, SCOPE_FIELDS, "scope")
    lists = {
        name: [_text(item, at) for item in (value.value if isinstance(value, yaml.SequenceNode) else [value])]
        for name, value in entries.items()
    }
    for role in lists.get("roles", []):
        if role not in ROLES:
            raise InputError(f'{at(entries["roles"])}: unknown role "{role}"{nearest(role, ROLES)} '
                             f"Roles are {', '.join(ROLES)}.")  # fmt: skip
    waves = []
    for wave in lists.get("waves", []):
        if not wave.isdigit() or not 1 <= int(wave) <= 12:
            raise InputError(f"{at(entries['waves'])}: waves are whole numbers from 1 to 12, not {wave!r}")
        waves.append(int(wave))
    return Scope(tuple(lists.get("roles", [])), tuple(lists.get("units", [])), tuple(waves))


def _with_parameter(scenario: Scenario, key: str, node: yaml.Node, at: _At) -> Scenario:
    if key not in parameters():
        raise InputError(f'{at}: unknown parameter "{key}"{nearest(key, parameters())} '
                         "See them all with: uptake parameters.")  # fmt: skip
    value = _number(node, at, key)
    if abs(value) > 1e6:
        raise InputError(f"{at(node)}: {key} must be between -1e6 and 1e6, not {value:g}")
    return replace(scenario, parameters={**scenario.parameters, key: value})


def _with_mechanism(scenario: Scenario, key: str, node: yaml.Node, at: _At) -> Scenario:
    if key not in MECHANISMS:
        raise InputError(f'{at}: unknown mechanism "{key}"{nearest(key, MECHANISMS)} '
                         f"Mechanisms are {', '.join(MECHANISMS)}.")  # fmt: skip
    word = node.value.lower() if isinstance(node, yaml.ScalarNode) else None
    if word not in ("on", "off", "true", "false"):
        raise InputError(f"{at(node)}: mechanisms.{key} is on or off, not {_shown(node)}")
    off = set(scenario.mechanisms_off) - {key} | ({key} if word in ("off", "false") else set())
    return replace(scenario, mechanisms_off=tuple(sorted(off)))


def _nest(names: list[str], node: yaml.Node) -> yaml.MappingNode:
    scalar = yaml.ScalarNode("tag:yaml.org,2002:str", names[0])
    return yaml.MappingNode("tag:yaml.org,2002:map", [(scalar, node)], node.start_mark, node.end_mark)
