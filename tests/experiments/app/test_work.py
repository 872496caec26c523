"""What a person has built: plans come and go under names of their own, and people are made."""

from __future__ import annotations

import pytest

from experiments.app.plans import plan
from experiments.app.work import People, Work
from experiments.inputs import Source
from sim.passports import InputError


def test_plans_are_added_chosen_named_and_removed():
    work = Work(plans=(plan("A", "typical"),))
    work = work.adding(plan("A", "middling")).adding(plan("C", "typical"))
    assert [each.name for each in work.plans] == ["A", "A 2", "C"] and work.chosen.name == "C"
    work = work.choosing(1).renaming("B")
    assert [each.name for each in work.plans] == ["A", "B", "C"]
    with pytest.raises(InputError, match="another plan is called"):
        work.renaming("C")
    assert work.renaming("B") == work
    assert work.with_plan(plan("A", "typical")).chosen.name == "A 2"
    without = work.removing()
    assert [each.name for each in without.plans] == ["A", "C"] and without.chosen.name == "C"
    assert without.removing().chosen.name == "A"
    full = work.adding(plan("D", "typical"))
    assert full.is_full
    with pytest.raises(InputError, match="room for 4 plans"):
        full.adding(plan("E", "typical"))


@pytest.mark.parametrize(
    ("people", "headcount"),
    [(People(), 300), (People(headcount=40, units=3, span=5.0), 40), (People(sample="meridian"), 317)],
)
def test_people_are_made(people, headcount):
    assert people.make().headcount == headcount


def test_generated_people_are_those_of_the_command_line():
    assert People(headcount=120).make().fingerprint == Source(headcount=120).load().fingerprint


def test_an_uploaded_roster_cannot_be_made_again():
    with pytest.raises(InputError, match="upload that roster again"):
        People(uploaded="0123456789abcdef").make()
