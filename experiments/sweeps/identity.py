"""What decides a sweep's results, as plain facts: run ids and fingerprints come from them, and a resumed sweep must
still have the same ones. They hold no time and no place."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from experiments.sweeps.design import SAMPLERS
from experiments.sweeps.study import Study
from experiments.version import version
from sim.organisation import Organisation
from sim.passports import InputError
from sim.scenario import Scenario

DIGITS = 16
CODE = ("sim", "experiments/outcomes.py",
        *(f"experiments/sweeps/{name}.py" for name in ("agents", "design", "stepping", "work")))  # fmt: skip
"""What of this package decides results, from its root."""


def digest(value: Any) -> str:
    """Sixteen hex digits of a plain value."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


@cache
def code() -> str:
    """Sixteen hex digits over the sources and passports that decide results, the same wherever they lie."""
    root = Path(__file__).parents[2]
    found = hashlib.sha256()
    for name in CODE:
        place = root / name
        paths = sorted(p for p in place.rglob("*") if p.suffix in (".py", ".toml")) if place.is_dir() else [place]
        for path in paths:
            found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:DIGITS]


def facts(study: Study, scenarios: Mapping[str, Scenario], organisations: Mapping[str, Organisation]) -> dict[str, Any]:
    """Everything that decides the results of a study, as JSON would give it back."""
    import numba
    import numpy

    from experiments import manifest

    libraries = {"python": "{}.{}".format(*sys.version_info), "numba": numba.__version__, "numpy": numpy.__version__}
    libraries |= {name: metadata.version(name) for name in SAMPLERS.get(study.design, ())}
    made = {
        "version": version(),
        "code": code(),
        "libraries": libraries,
        "study": study.plain(),
        "scenarios": {label: _texts_apart(manifest.scenario_facts(each)) for label, each in scenarios.items()},
        "organisations": {
            label: _texts_apart(manifest.organisation_facts(each)) for label, each in organisations.items()
        },
        "parameters": manifest.parameter_facts(),
    }
    return json.loads(json.dumps(made))


def _texts_apart(found: dict[str, Any]) -> dict[str, Any]:
    """What a scenario or organisation does, whatever it is called."""
    return {key: value for key, value in found.items() if key not in ("name", "title")}


class Runs:
    """Run ids of design points: what decides a point's results, and nothing else of the study."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        study = found["study"]
        same = [found["version"], found["code"], found["libraries"], found["parameters"]]
        same += [study[key] for key in ("uncertainties", "replicates", "weeks", "rule")]
        self._common = digest(same)
        self._scenarios = {label: each["fingerprint"] for label, each in found["scenarios"].items()}
        self._organisations = {label: each["fingerprint"] for label, each in found["organisations"].items()}

    def of(self, scenario: str, organisation: str, seed: int, inputs: Mapping[str, float | str]) -> str:
        """Sixteen hex digits."""
        where = [self._common, self._scenarios[scenario], self._organisations[organisation], seed]
        return digest([*where, sorted(inputs.items())])


def refuse_changes(then: Mapping[str, Any], now: Mapping[str, Any], shown: int = 12) -> None:
    """Raise InputError, naming every difference, unless the facts of a sweep are still the same."""
    changes = list(differences(then, now))
    if changes:
        lines = "\n".join(f"  - {change}" for change in changes[:shown])
        more = f"\n  and {len(changes) - shown} more" if len(changes) > shown else ""
        raise InputError(
            f"this would not go on with the sweep in that folder:\n{lines}{more}\n"
            "Put back what has changed, or sweep into another folder."
        )


def differences(then: Any, now: Any, where: str = "") -> Iterator[str]:
    """Every place where two facts differ, in words."""
    if isinstance(then, dict) and isinstance(now, dict):
        for key in [*then, *(key for key in now if key not in then)]:
            yield from differences(then.get(key), now.get(key), f"{where}: {key}" if where else str(key))
    elif then != now:
        yield f"{where}: {_said(then)} then, {_said(now)} now"


def _said(value: Any) -> str:
    text = "not there" if value is None else json.dumps(value)
    return text if len(text) < 120 else f"{text[:117]}..."
