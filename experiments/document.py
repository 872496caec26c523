"""A comparison as one JSON document: plain values, null for what is undefined, shares as fractions of all people."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import Any

import numpy as np

from experiments import outcomes, words
from experiments.compare import Comparison
from experiments.version import version

DIGITS = 9
"""Significant digits: more than the 32-bit numbers of the model hold."""


def document(comparison: Comparison) -> dict[str, Any]:
    """What ``--json`` prints. Weeks count from 0; ``paid_back`` is the share of replicates that paid back."""
    return {
        "version": version(),
        "people": comparison.organisation.headcount,
        "organisation": {"name": comparison.organisation.name, "fingerprint": comparison.organisation.fingerprint},
        "weeks": comparison.weeks,
        "replicates": comparison.replicates,
        "seed": comparison.seed,
        "worlds": comparison.worlds,
        "rule": comparison.rule,
        "base": comparison.base,
        "scenarios": {name: _scenario(comparison, name) for name in comparison.names},
        "differences": [
            {key: _plain(value) for key, value in asdict(difference).items()} for difference in comparison.differences
        ],
        "verdicts": words.verdicts(comparison),
        "caution": words.INSIGHT,
    }


def as_json(value: Any) -> str:
    """Strict JSON: a NaN that slipped through is a fault, not a document that others cannot read."""
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _scenario(comparison: Comparison, name: str) -> dict[str, Any]:
    scenario = comparison.scenario(name)
    curves = {}
    for outcome in outcomes.ALL:
        b = comparison.band(name, outcome)
        curves[outcome] = {"week": b.week.tolist(), "mean": _list(b.mean), "low": _list(b.low), "high": _list(b.high)}
    return {
        "title": scenario.title,
        "fingerprint": scenario.fingerprint,
        "outcomes": {
            outcome: {key: _plain(value) for key, value in asdict(spread).items()}
            for outcome, spread in comparison.at_end[name].items()
        },
        "curves": curves,
    }


def _list(values: np.ndarray) -> list[float | None]:
    return [_plain(value) for value in values.tolist()]


def _plain(value: Any) -> Any:
    """A number rounded to what it can be trusted for; None for NaN and infinities; anything else as it is."""
    if not isinstance(value, float):
        return value
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
