"""Studies written as YAML read back as they were: those that ship, those derived from them, and odd ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from experiments.analysis.sensitivity_derived import Asked, first_of, indices_of, screening_of
from experiments.sweeps import studies
from experiments.sweeps.reading import read
from experiments.sweeps.study import SIZED, Factor, Study, scenarios
from experiments.sweeps.writing import as_yaml, with_text

ODD = """
title: "Odd: 100 % # of it"
question: |
  Two lines,
  and "quotes"?
scenarios: [middling, typical]
set: ["levers.rollout.waves=4", "levers.managers.coaching.scope={units: [largest]}"]
organisations:
  - {headcount: 30, seed: 9, label: "yes"}
  - {org: people.csv, ties: ties.csv, map: [manager_id=Reports To], orphans: attach}
  - meridian
design: list
points: [{champions.one_per: 25, rollout.style: big-bang, parameters.trying.base: -1.7000000000000002}]
uncertainties: drawn
seeds: [0, 9223372036854775807]
weeks: 30
at: [7, 30]
agents: [trust]
outcomes: [cost, habitual]
rule: threshold
"""


def back(study: Study) -> Study:
    return read(as_yaml(study), "study", Path())


@pytest.mark.parametrize("name", studies.shipped())
def test_studies_that_ship_and_those_derived_from_them(name):
    shipped = studies.load(name)
    assert back(shipped) == shipped
    first = first_of(Asked(shipped, trajectories=3, base=8))
    scenario = next(iter(scenarios(first).values()))
    screening = screening_of(first, scenario)
    indices = indices_of(screening, screening.inputs[1::2], set(shipped.inputs), scenario, first.base)
    for derived in (screening, indices):
        assert back(derived) == derived and read(derived.text, "study", Path()).plain() == derived.plain()


def test_odd_ones():
    study = read(ODD, "odd", Path())
    assert study.agents and study.listed and back(study) == study


NUMBERS = st.floats(0, 1)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
LISTS = st.lists(NUMBERS, min_size=1, max_size=5, unique=True)


@example("grid", 0.0, 1.0, 1, [0.0], "a\x85b\u2028c\ufeff")
@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["grid", *SIZED]), NUMBERS, NUMBERS, st.integers(1, 99), LISTS, TEXTS)
def test_any_number_and_any_text(kind, one, other, size, values, words):
    study = replace(
        read("title: T\nscenario: typical\n", "T", Path()),
        question=words,
        design=kind,
        factors=(
            Factor("leaders.mandate", low=min(one, other), high=max(one, other) + 0.0, steps=size),
            Factor("leaders.modelling", tuple(values)),
            Factor("managers.inspection"),
        ),
        **({SIZED[kind]: size + 7} if kind in SIZED else {}),
    )
    assert back(study) == study and with_text(study).text == as_yaml(study)
