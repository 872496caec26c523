"""What a plan takes beside what there is, in numbers and words."""

from __future__ import annotations

from math import inf

import pytest

from experiments.app.workshops.budget import fits, meters
from experiments.app.workshops.rules import Terms


def test_what_is_spent_and_left_has_its_unit_and_says_when_it_is_too_much():
    money, hours = meters(Terms(budget=120_000, hours=500), 95_200, 826)
    assert (money.spent, money.rest, money.over) == ("95.2k of 120k", "24.8k left", False)
    assert money.share == pytest.approx(95.2 / 120)
    assert (hours.spent, hours.rest, hours.over, hours.share) == ("826 of 500", hours.excess, True, 1.0)
    assert hours.excess == "326 more hours of people's time than there is"
    assert meters(Terms(budget=120_000), 150_000, 1)[0].excess == "30.0k more money than there is"
    assert meters(Terms(budget=120_000), 120_000.2, 1)[0].excess == "1 more money than there is"


def test_without_a_limit_nothing_is_too_much():
    money, _ = meters(Terms(), 1e12, 1)
    assert (money.spent, money.rest, money.over, money.share) == ("1000bn", "no limit", False, 0.0)


@pytest.mark.parametrize(("cost", "hours", "fine"), [(100, 10, True), (100.5, 10, False), (100, 10.5, False)])
def test_a_plan_keeps_to_both_limits(cost, hours, fine):
    assert fits(Terms(budget=100, hours=10), cost, hours) == fine
    assert fits(Terms(budget=inf, hours=inf), cost, hours)
