"""A study written as the YAML that reads back as the same study: for studies that are derived from others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import yaml

from experiments.sweeps.study import SIZED, Factor, Place, Study

WIDE = 120
BREAKS = frozenset("\x85\u2028\u2029\ufeff")
"""Characters that YAML takes for line breaks, or drops, unless they are escaped."""


class _Dumper(yaml.SafeDumper):
    """Escapes BREAKS; every other character is written as it is."""


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if BREAKS & set(text) else None)


_Dumper.add_representer(str, _text)


def with_text(study: Study) -> Study:
    """The study with a text of its own, as a sweep's ledger keeps it."""
    return replace(study, text=as_yaml(study))


def as_yaml(study: Study) -> str:
    """``reading.read(as_yaml(study), ...) == study`` for every study that ``reading.read`` can make."""
    sized = SIZED.get(study.design)
    fields: dict[str, Any] = {
        "title": study.title,
        "question": study.question,
        "scenarios": list(study.scenarios),
        "set": list(study.overrides),
        "organisations": [_place(place) for place in study.organisations],
        "design": study.design,
        **({sized: getattr(study, sized)} if sized else {}),
        **_factors(study),
        "uncertainties": "drawn" if study.worlds else "held",
        "replicates": study.replicates,
        "seeds": list(study.seeds),
        "weeks": study.weeks,
        "outcomes": list(study.outcomes),
        "at": list(study.at),
        **({"agents": list(study.agents)} if study.agents else {}),
        "agents": list(study.agents),
        "rule": study.rule,
    }
    return yaml.dump(fields, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=WIDE)


def _factors(study: Study) -> dict[str, Any]:
    """Levers and parameters alike under ``levers``, in their order; of a list, the points."""
    if study.design == "list":
        keys = study.inputs
        return {"points": [{k: _number(v) for k, v in zip(keys, row, strict=True)} for row in study.listed]}
    return {"levers": {factor.key: _factor(factor) for factor in study.factors}}


def _factor(factor: Factor) -> Any:
    if factor.values:
        return [_number(value) for value in factor.values]
    return {"low": _number(factor.low), "high": _number(factor.high), "steps": factor.steps}


def _place(place: Place) -> dict[str, Any]:
    if place.org is None:
        return {"label": place.label, "headcount": place.headcount, "seed": place.seed}
    given = {"label": place.label, "org": place.org, "ties": place.ties, "map": list(place.map),
             "orphans": place.orphans, "relation": place.relation}  # fmt: skip
    return {key: value for key, value in given.items() if value}


def _number(value: float | str) -> Any:
    """A whole number as one: 25, not 25.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
