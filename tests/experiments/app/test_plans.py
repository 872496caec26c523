"""Plans: what is built in the explorer is a scenario like any other, in a file, in an address, on the command line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.app.plans import LONGEST_NAME, Plan, free_name, plan, read
from experiments.app.tracks import setting
from sim.passports import InputError, levers
from sim.scenario import library, load


@st.composite
def plans(draw) -> Plan:
    made = plan("Our plan", draw(st.sampled_from(library())))
    for key in draw(st.lists(st.sampled_from(list(levers())), max_size=6, unique=True)):
        lever = levers()[key]
        value = draw(st.floats(lever.low, lever.high))
        made = made.changed(f"levers.{key}", setting(key, round(value) if lever.whole or lever.choices else value))
    return made


@settings(max_examples=60, deadline=None)
@given(plans())
def test_a_plan_is_the_scenario_its_file_gives(tmp_path_factory, made):
    file = tmp_path_factory.mktemp("plan") / "ours.yaml"
    file.write_text(made.text, encoding="utf-8")
    assert load(file).fingerprint == made.scenario.fingerprint
    again = read(made.text)
    assert again.scenario.fingerprint == made.scenario.fingerprint and again.base == made.base


def test_tracks_and_scopes_survive():
    made = plan(
        "Ours", "middling", {"levers.champions.time": "{value: 4, start: 8, end: 40, scope: {units: [largest]}}"}
    )
    assert made.scenario.lever("champions.time").end == 40
    assert read(made.text).scenario.fingerprint == made.scenario.fingerprint


def test_a_change_taken_back_leaves_the_base():
    made = plan("Ours", "middling").changed("levers.managers.inspection", "0.9")
    assert made.scenario.lever("managers.inspection").value == 0.9
    assert made.changed("levers.managers.inspection", None).scenario.fingerprint == load("middling").fingerprint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1, 2]", "mapping"),
        ("title: A", "extends"),
        ("extends: ../../etc/passwd", "no scenario"),
        ("extends: nowhere", "no scenario"),
        ("extends: middling\nlevers: {managers: {inspection: 7}}", "from 0 to 1"),
        ("extends: middling\nlevers: {managers: {inspecton: 1}}", "inspection"),
        ("a: [", "YAML"),
        ("extends: middling\nrun: rm", "run"),
    ],
)
def test_what_is_no_plan_is_refused(text, said):
    with pytest.raises(InputError, match=said):
        read(text)


def test_names_are_bounded_and_plain():
    assert plan("  A \n b ", "middling").name == "A b"
    for name in ("", "   ", "x" * 61):
        with pytest.raises(InputError, match="name"):
            plan(name, "middling")


def test_names_stay_apart():
    assert free_name(["A"], "B") == "B"
    assert free_name(["A", "A 2"], "A") == "A 3"


def test_a_name_that_had_to_be_cut_says_so():
    longest = "x" * LONGEST_NAME
    copied = free_name([longest], longest)
    assert len(copied) == LONGEST_NAME and copied.endswith("x… 2")
    loaded = read(f"extends: middling\ntitle: {longest}\n").name
    assert loaded == longest
    cut = read(f"extends: middling\ntitle: {longest}y\n").name
    assert len(cut) == LONGEST_NAME and cut.endswith("x…")


def test_a_change_that_makes_no_sense_is_refused_without_words_of_the_command_line():
    with pytest.raises(InputError, match="must be from 0 to 1") as caught:
        plan("Ours", "typical", {"levers.managers.inspection": "9"})
    assert str(caught.value).startswith("levers.managers.inspection=9")
