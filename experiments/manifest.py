"""The manifest: everything that decides a run's results, so that it can be repeated and any change be named.

It holds no time and no place, so that the same run always writes the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from experiments.compare import Comparison
from experiments.version import version
from sim.organisation import Organisation
from sim.passports import InputError, parameters
from sim.scenario import Scenario

NAME = "manifest.json"
TOOL, FORMAT = "uptake", 1
SHOWN = 12
"""Differences named one by one before the rest are only counted."""


def manifest(
    command: str, arguments: Mapping[str, Any], comparison: Comparison, files: Sequence[str]
) -> dict[str, Any]:
    """The manifest of a finished run of a command that wrote ``files``; ``arguments`` are plain values."""
    return {
        "tool": TOOL,
        "format": FORMAT,
        "version": version(),
        "command": command,
        "arguments": dict(arguments),
        "scenarios": [scenario_facts(comparison.scenario(name)) for name in comparison.names],
        "organisation": organisation_facts(comparison.organisation),
        "parameters": parameter_facts(),
        "results": results_digest(comparison),
        "files": [*files, NAME],
    }


def results_digest(comparison: Comparison) -> str:
    """Sixteen hex digits over every number of every replicate."""
    digest = hashlib.sha256()
    for ensemble in comparison.ensembles.values():
        digest.update(ensemble.series.astype("<f4").tobytes())
    return digest.hexdigest()[:16]


def read(path: str | Path) -> dict[str, Any]:
    """A manifest by its path, or that of the folder it is in. Raises InputError for anything that is not one."""
    place = Path(path).expanduser()
    place = place / NAME if place.is_dir() else place
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{path}: no manifest there; give the {NAME} that --out wrote, or its folder") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError):
        raise InputError(f"{path}: not a manifest (not valid JSON)") from None
    if not isinstance(found, dict) or found.get("tool") != TOOL:
        raise InputError(f"{path}: not a manifest of Uptake")
    if found.get("format") != FORMAT:
        raise InputError(f"{path}: a manifest of format {found.get('format')}; this version reads format {FORMAT}")
    return found


def refuse_changes(found: Mapping[str, Any], scenarios: Sequence[Scenario], organisation: Organisation) -> None:
    """Raise InputError, naming every difference, unless all that the manifest was made of is still the same."""
    changes = list(_changes(found, scenarios, organisation))
    if changes:
        shown = "\n".join(f"  - {change}" for change in changes[:SHOWN])
        more = f"\n  and {len(changes) - SHOWN} more" if len(changes) > SHOWN else ""
        raise InputError(f"this would not repeat the earlier run:\n{shown}{more}\nRun it anew to get today's results.")


def refuse_other_results(found: Mapping[str, Any], comparison: Comparison) -> None:
    """Raise RuntimeError if the same inputs gave other numbers: the model's code is not what it was."""
    if found.get("results") != results_digest(comparison):
        raise OtherResults(
            f"the inputs are those of the earlier run, but the results are not ({found.get('results')} then, "
            f"{results_digest(comparison)} now): the model's code has changed since, without a new version"
        )


class OtherResults(RuntimeError):
    """The same inputs gave other results: a fault, not bad input."""


def _changes(found: Mapping[str, Any], scenarios: Sequence[Scenario], organisation: Organisation) -> list[str]:
    changes = []
    if found.get("version") != version():
        changes.append(f"version: {found.get('version')} then, {version()} now")
    then = taken(found, "organisation", dict)
    if then.get("fingerprint") != organisation.fingerprint:
        changes.append(
            f"organisation: {then.get('people')} people (fingerprint {then.get('fingerprint')}) then, "
            f"{organisation.headcount} people ({organisation.fingerprint}) now"
        )
    before = taken(found, "scenarios", list)
    if len(before) != len(scenarios):
        changes.append(f"scenarios: {len(before)} then, {len(scenarios)} now")
    for old, scenario in zip(before, scenarios, strict=False):
        new = json.loads(json.dumps(scenario_facts(scenario)))
        if not isinstance(old, dict) or old.get("fingerprint") == new["fingerprint"]:
            continue
        for part in ("levers", "parameters", "mechanisms_off"):
            changes += _differing(f"scenario {scenario.name}: ", old.get(part), new[part])
    return changes + _differing("parameters: ", found.get("parameters"), json.loads(json.dumps(parameter_facts())))


def _differing(where: str, old: Any, new: Any) -> list[str]:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return [] if old == new else [f"{where}{_said(old)} then, {_said(new)} now"]
    keys = [*old, *(key for key in new if key not in old)]
    return [
        f"{where}{key}: {_said(old.get(key))} then, {_said(new.get(key))} now"
        for key in keys
        if old.get(key) != new.get(key)
    ]


def _said(value: Any) -> str:
    return "not set" if value is None else json.dumps(value)


def scenario_facts(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "title": scenario.title,
        "fingerprint": scenario.fingerprint,
        "levers": {key: asdict(track) for key, track in sorted(scenario.levers.items())},
        "parameters": dict(sorted(scenario.parameters.items())),
        "mechanisms_off": list(scenario.mechanisms_off),
    }


def organisation_facts(organisation: Organisation) -> dict[str, Any]:
    return {"name": organisation.name, "fingerprint": organisation.fingerprint, "people": organisation.headcount}


def parameter_facts() -> dict[str, list[float]]:
    """Every parameter's value and range: what worlds were drawn from."""
    return {key: [p.value, p.low, p.high] if p.drawn else [p.value] for key, p in parameters().items()}


def taken(found: Mapping[str, Any], key: str, kind: Any) -> Any:
    """An entry of a kind. Raises InputError where it is missing or another."""
    value = found.get(key)
    right = isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool)
    if not right or (key not in found):
        raise InputError(f'the manifest is damaged: "{key}" is missing or not what it should be')
    return value


def texts(found: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """An entry that is a list of texts. Raises InputError where it is not."""
    values = taken(found, key, list)
    if not all(isinstance(value, str) for value in values):
        raise InputError(f'the manifest is damaged: "{key}" is not a list of texts')
    return tuple(values)
