"""The ODD document keeps up with the code: it names every step, parameter, lever, mechanism, stage and outcome."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from sim.measures import OUTCOMES
from sim.mechanisms import MECHANISMS
from sim.passports import levers, parameters
from sim.people import FIRM, LEADERS, PEOPLE, SIGHT, SURROUNDINGS, Stage
from sim.programme import ATTENDED, WITHDRAWN
from sim.week import WEEK

TEXT = files("sim").joinpath("ODD.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
PROSE = re.sub(r"^```\n.*?^```$", "", TEXT, flags=re.DOTALL | re.MULTILINE)
SPANS = re.findall(r"`([^`]+)`", PROSE)
CODE = "\n".join(BLOCKS + SPANS)
GROUPS = sorted({key.split(".")[0] for key in parameters()})
FAMILIES = sorted({lever.family for lever in levers().values()})
IN_BRACKETS = set(re.findall(r"\[([a-z_]+\.[a-z_]+)\]", CODE))
DOTTED = set(re.findall(r"(?<![\w.\[])[a-z_]+\.[a-z_]+(?![\w.\]])", CODE))
PLAIN = {key for key in DOTTED if key.split(".")[0] in {*GROUPS, *FAMILIES}}
"""Lever keys stand in brackets, parameter keys plain."""

CONCEPTS = ("Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing",
            "Interaction", "Stochasticity", "Collectives", "Observation")  # fmt: skip
ELEMENTS = ("Purpose and patterns", "Entities, state variables and scales", "Process overview and scheduling",
            "Design concepts", "Initialisation", "Input data", "Submodels")  # fmt: skip


def test_the_seven_elements_stand_in_order():
    headings = re.findall(r"^## \d+ (.+)$", TEXT, re.MULTILINE)
    assert tuple(headings[:7]) == ELEMENTS


def test_all_eleven_design_concepts_are_answered():
    assert tuple(re.findall(r"^- \*\*([A-Z][a-z ]+)\.\*\*", section("Design concepts"), re.MULTILINE)) == CONCEPTS


def test_steps_are_listed_in_the_order_of_the_week():
    rows = re.findall(r"^\| `([a-z_]+)` \| (\w+) \|", section("Process overview and scheduling"), re.MULTILINE)
    steps = [(name, how) for how, phase in WEEK for name, _ in phase]
    assert [name for name, _ in rows] == [name for name, _ in steps]
    assert [who == "once" for _, who in rows] == [how == "once" for _, how in steps]


def test_stages_are_listed_in_the_order_in_which_they_apply():
    rows = re.findall(r"^\| ([a-z]+) \| ", section("Entities, state variables and scales"), re.MULTILINE)
    names = [stage.name.lower() for stage in sorted(Stage)]
    assert [row for row in rows if row in names] == names


@pytest.mark.parametrize("key", parameters())
def test_every_parameter_is_named(key):
    assert key in PLAIN


@pytest.mark.parametrize("key", levers())
def test_every_lever_is_named(key):
    assert key in IN_BRACKETS


def test_every_key_that_is_named_exists():
    assert not PLAIN - set(parameters())
    assert not IN_BRACKETS - set(levers())


def test_levers_read_once_are_marked_in_the_lists_of_levers():
    text = section("Submodels").replace("\n`", " `")
    listed = re.findall(r"`\[([a-z_.]+)\]`(°?)", " ".join(re.findall(r"^Levers?: .*?\. ", text + " ", re.MULTILINE)))
    assert len(listed) > 20
    assert all((mark == "°") is not levers()[key].weekly for key, mark in listed)


@pytest.mark.parametrize("name", [*MECHANISMS, "rivals"])
def test_every_mechanism_has_its_submodel(name):
    assert re.search(rf"^#+ .*`{name}`", TEXT, re.MULTILINE)


@pytest.mark.parametrize("name", OUTCOMES)
def test_every_outcome_is_listed(name):
    rows = [line.split("|")[1] for line in section("Outcomes").splitlines() if line.startswith("| `")]
    assert f"`{name}`" in " ".join(rows)


@pytest.mark.parametrize("column", [c.name for c in (*PEOPLE, *SIGHT, *SURROUNDINGS, *LEADERS)])
def test_every_state_variable_is_named(column):
    assert re.search(rf"\b{column}\b", section("Entities, state variables and scales"))


@pytest.mark.parametrize("column", [c.name for c in FIRM if c.name in ("attention", "modelled", "hidden", "seen")])
def test_the_firm_has_its_variables(column):
    assert re.search(rf"\b{column}\b", section("Entities, state variables and scales"))


def test_withdrawal_is_described_as_it_is():
    """The families that end with attention, and the levers whose cost does."""
    words = section("Input data")
    assert all(family in words for family in WITHDRAWN)
    costs = {"leaders.modelling": "modelling", "leaders.mandate": "mandate", "managers.inspection": "inspection",
             "champions.time": "champion time"}  # fmt: skip
    assert set(costs) == ATTENDED
    assert all(word in words for word in costs.values())


@pytest.mark.parametrize("word", ["insight, not a forecast", "common random numbers", "1/16384", "sparse rows"])
def test_what_a_reader_must_know_is_said(word):
    assert word.lower() in TEXT.lower()


def section(title: str) -> str:
    """The text from a heading to the next of its level or above."""
    start = re.search(rf"^(#+) [\d.]+ {re.escape(title)}$", TEXT, re.MULTILINE)
    assert start, f"no section {title}"
    end = re.search(rf"^#{{2,{len(start[1])}}} ", TEXT[start.end() :], re.MULTILINE)
    return TEXT[start.end() : start.end() + end.start()] if end else TEXT[start.end() :]
