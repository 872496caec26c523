"""Studies: what ships can be read and run; every mistake is answered with its place and a way out."""

from __future__ import annotations

import pytest

from experiments.sweeps import design, studies, sweep
from experiments.sweeps.reading import read
from sim.passports import InputError, levers

HEAD = "title: T\nscenario: typical\n"


def of(text, tmp_path, head=HEAD):
    return read(head + text, "study.yaml", tmp_path)


@pytest.mark.parametrize("name", studies.shipped())
def test_studies_that_ship_can_be_planned(name):
    found = studies.load(name)
    assert found.question and design.total(found) >= 27
    plan = sweep.plan(found)
    first = next(plan.points())
    assert first[0] == 0 and len(first[2]) == 16


def test_the_quick_study_is_large_enough():
    assert "quick" in studies.shipped() and design.total(studies.load("quick")) >= 500


def test_the_questions_asked_for_are_among_those_that_ship():
    varied = [set(studies.load(name).inputs) for name in studies.shipped()]
    for pair in (
        {"champions.one_per", "managers.resistant_share"},
        {"leaders.modelling", "leaders.mandate"},
        {"rollout.style", "training.capacity"},
        {"managers.inspection", "leaders.executive_training"},
    ):
        assert any(pair <= inputs for inputs in varied), pair


def test_ranges_come_from_passports(tmp_path):
    found = of("levers:\n  champions.one_per:\n  rollout.style: {}\n  leaders.mandate: {high: 0.5}\n", tmp_path)
    one_per, style, mandate = found.factors
    assert (one_per.low, one_per.high, one_per.whole) == (0, levers()["champions.one_per"].high, True)
    assert style.values == levers()["rollout.style"].choices
    assert (mandate.low, mandate.high) == (0, 0.5)


def test_a_field_left_blank_is_not_there(tmp_path):
    names = ("agents", "outcomes", "at", "weeks", "replicates", "seed", "uncertainties", "design", "rule", "set")
    blank = of("".join(f"{name}:\n" for name in names), tmp_path)
    assert blank == of("", tmp_path) and blank.agents == ()


def test_uncertainties_can_be_factors(tmp_path):
    found = of("uncertainties:\n  trying.base: {low: -3, high: -1}\n  trying.half_life:\n", tmp_path)
    assert found.inputs == ["parameters.trying.base", "parameters.trying.half_life"] and not found.worlds
    assert of("uncertainties: held\n", tmp_path).worlds is False and of("", tmp_path).worlds is True


def test_a_point_is_what_set_makes_of_the_scenario(tmp_path):
    """The same numbers as a run with the same --set."""
    import numpy as np

    from experiments.compare import compare
    from experiments.sweeps.work import Point, run_point
    from sim.scenario import load

    plan = sweep.plan(of("organisation: {headcount: 40}\nreplicates: 5\nweeks: 12\noutcomes: [habitual, cost]\n"
                         "levers:\n  leaders.modelling: [0.7]\n  training.capacity.start: [3]\n"
                         "  leaders.executive_training: [hands-on]\n", tmp_path))  # fmt: skip
    ((_, _, run, label, place, seed, _),) = plan.points()
    inputs = {"leaders.modelling": 0.7, "training.capacity.start": 3.0, "leaders.executive_training": "hands-on"}
    point = Point(0, run, inputs)
    values = run_point(plan.job(1 << 30), plan.scenarios[label], plan.organisations[place], seed, point).outcomes
    sets = ["levers.leaders.modelling=0.7", "levers.training.capacity.start=3",
            "levers.leaders.executive_training=hands-on"]  # fmt: skip
    other = compare([load("typical", sets)], plan.organisations[place], weeks=12, replicates=5)
    for name in ("habitual", "cost"):
        np.testing.assert_array_equal(values[f"{name}@12"], other.finals("typical", name).astype(np.float32))


MISTAKES = [
    ("", "title: T\n", "missing scenario"),
    ("", "scenario: typical\n", "missing title"),
    ("", "[1, 2]", "mapping"),
    ("", "title: [unclosed", "not valid YAML"),
    ("levels: {}\n", HEAD, "levers"),
    ("title: again\n", HEAD, "stands twice"),
    ("scenarios: [typical]\n", HEAD, "keep one"),
    ("levers:\n  champions.one_pr:\n", HEAD, 'line 4: unknown lever "champions.one_pr"; did you mean'),
    ("levers:\n  champions.one_per: [0, many]\n", HEAD, "number"),
    ("levers:\n  champions.one_per: [0.5]\n", HEAD, "whole number"),
    ("levers:\n  champions.one_per: []\n", HEAD, "no values"),
    ("levers:\n  champions.one_per: [5, 5]\n", HEAD, "twice"),
    ("levers:\n  champions.one_per: [5, 5000]\n", HEAD, "from 0 to 1000"),
    ("levers:\n  champions.one_per: {low: 9, high: 2}\n", HEAD, "above high"),
    ("levers:\n  champions.one_per: {values: [1], low: 2}\n", HEAD, "keep one"),
    ("levers:\n  champions.one_per: {step: 2}\n", HEAD, "steps"),
    ("levers:\n  champions.chosen: [best]\n", HEAD, "random"),
    ("levers:\n  champions.chosen: {low: 0}\n", HEAD, "values"),
    ("levers:\n  rollout.style.start: [1]\n", HEAD, "no start"),
    ("design: lhs\n", HEAD, "latin-hypercube"),
    ("design: grid\npoints: 7\n", HEAD, "leave out points"),
    ("design: sobol\npoints: 0\n", HEAD, "points must be from 1"),
    ("design: sobol\npoints: few\n", HEAD, "whole number"),
    ("design: list\n", HEAD, "points"),
    ("design: list\npoints: [{leaders.mandate: 1}, {leaders.modelling: 1}]\n", HEAD, "differs in"),
    ("design: morris\npoints: 7\nlevers: {leaders.mandate: }\n", HEAD, "as trajectories"),
    ("design: saltelli\nbase: 7\nlevers: {leaders.mandate: }\n", HEAD, "base must be from 8"),
    ("design: sobol\nbase: 64\n", HEAD, "leave out base"),
    ("design: morris\nlevers: {leaders.mandate: [1]}\n", HEAD, "at least one lever"),
    ("design: list\nlevers: {leaders.mandate: }\npoints: [{leaders.mandate: 1}]\n", HEAD, "leave out levers"),
    ("uncertainties: some\n", HEAD, "drawn"),
    ("uncertainties: {trying.bse: }\n", HEAD, "trying.base"),
    ("replicates: 0\n", HEAD, "replicates"),
    ("seed: -1\n", HEAD, "seed"),
    ("seeds: [1, 1]\n", HEAD, "twice"),
    ("weeks: 9999\n", HEAD, "weeks"),
    ("weeks: 8\nat: [9]\n", HEAD, "at must be"),
    ("outcomes: [capacity]\n", HEAD, 'did you mean "capacity_gain"'),
    ("rule: expert\n", HEAD, "experience"),
    ("organisation: {heads: 3}\n", HEAD, "headcount"),
    ("organisation: {headcount: 30, org: people.csv}\n", HEAD, "leave out org"),
    ("organisation: {ties: people.csv}\n", HEAD, "goes with a roster"),
    ("organisations: [{headcount: 30}, {headcount: 30}]\n", HEAD, "label"),
    ("", "title: T\nscenarios: [typical, typical]\n", "twice"),
]


@pytest.mark.parametrize(("text", "head", "word"), MISTAKES)
def test_mistakes_are_answered(text, head, word, tmp_path):
    with pytest.raises(InputError) as caught:
        of(text, tmp_path, head)
    assert word in str(caught.value) and "study.yaml" in str(caught.value)


def test_what_a_study_names_must_be_there(tmp_path):
    with pytest.raises(InputError, match="middling"):
        sweep.plan(of("", tmp_path, "title: T\nscenario: midling\n"))
    with pytest.raises(InputError, match="Atlantis"):
        sweep.plan(of("set: ['levers.managers.coaching.scope={units: [Atlantis]}']\n", tmp_path))
    with pytest.raises(InputError, match="no study"):
        studies.load("quik")
    with pytest.raises(InputError, match="no study file"):
        studies.load("nowhere.yaml")
    with pytest.raises(InputError, match="more than"):
        sweep.plan(
            of(
                "levers:\n" + "".join(f"  leaders.{k}: {{steps: 500}}\n" for k in ("mandate", "modelling", "presence")),
                tmp_path,
            )
        )


def test_rosters_and_scenarios_lie_beside_the_study(tmp_path):
    (tmp_path / "people.csv").write_text(
        "person_id,manager_id\n" + "\n".join(f"{i},{'' if i == 1 else 1}" for i in range(1, 12))
    )
    (tmp_path / "mine.yaml").write_text("extends: typical\ntitle: M\nquestion: Q\nsource: S\n")
    (tmp_path / "study.yaml").write_text(
        "title: T\nscenario: mine.yaml\norganisations: [people.csv, meridian, {headcount: 20}]\n"
    )
    plan = sweep.plan(studies.load(tmp_path / "study.yaml"))
    assert list(plan.scenarios) == ["mine"] and list(plan.organisations) == ["people", "meridian", "20 people"]
