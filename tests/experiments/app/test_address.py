"""The address holds the work: what is restored from it is what was built."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.app.address import from_address, to_address
from experiments.app.plans import plan
from experiments.app.work import FEWEST_PEOPLE, MOST_PEOPLE, MOST_UNITS, People, Work
from experiments.inputs import samples
from sim.passports import InputError, levers
from sim.scenario import library

NAMES = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(lambda s: s.strip())
PLANS = st.builds(
    lambda name, base, share: plan(name, base, {"levers.managers.inspection": f"{share:.6g}"} if share else {}),
    NAMES,
    st.sampled_from(library()),
    st.floats(0, 1),
)
PEOPLE = st.one_of(
    st.builds(
        People,
        headcount=st.integers(FEWEST_PEOPLE, MOST_PEOPLE),
        seed=st.integers(0, 2**53),
        span=st.sampled_from([0.0, 3.0, 7.5, 40.0]),
        units=st.integers(0, MOST_UNITS),
    ),
    st.builds(People, sample=st.sampled_from(samples())),
    st.builds(People, uploaded=st.just("0123456789abcdef")),
)
WORKS = st.builds(
    Work,
    PEOPLE,
    st.lists(PLANS, min_size=1, max_size=4).map(tuple),
    st.integers(1, 520),
    st.integers(1, 1024),
    st.integers(0, 2**53),
    world=st.integers(0, 1023),
    view=st.sampled_from(["", "stages"]),
    present=st.booleans(),
    workshop=st.sampled_from(["", "AB2CD"]),
    lever=st.sampled_from(["", *levers()]),
)


@settings(max_examples=150, deadline=None)
@given(WORKS, st.integers(0, 3))
def test_an_address_restores_the_work(work, place):
    work = work.choosing(place % len(work.plans))
    assert from_address(to_address(work)) == work
    assert from_address("?" + to_address(work)) == work


def test_a_new_work_needs_no_address():
    assert to_address(Work()) == "" and from_address("") == Work()


def test_the_address_is_plain_ascii_and_holds_no_roster():
    work = replace(Work(), people=People(uploaded="0123456789abcdef"), plans=(plan("Größer|:&=?#", "typical"),))
    address = to_address(work)
    assert address.isascii() and not set(address) & set(" #?<>\"'")
    assert from_address(address) == work


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("headcount=5", "headcount must be a whole number from 10"),
        ("headcount=many", "headcount"),
        ("headcount=9999999", "20,000"),
        ("weeks=0", "weeks"),
        ("seed=-1", "seed"),
        ("span=1", "span"),
        ("span=nan", "span"),
        ("sample=../x", "sample"),
        ("uploaded=/etc/passwd", "fingerprint"),
        ("plan=a", "name|base"),
        ("plan=a|nowhere", "no scenario"),
        ("plan=a|typical|levers.managers.inspection:9", "from 0 to 1"),
        ("plan=|typical", "name"),
        ("chosen=7", "chosen"),
        ("workshop=../x", "code"),
        ("world=0", "world must be a whole number from 1"),
        ("view=<b>", "short word"),
        ("present=yes", "present"),
        ("x" * 20_000, "letters"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused(query, said):
    with pytest.raises(InputError, match=said):
        from_address(query)


def test_of_very_many_plans_the_first_are_taken():
    assert [each.name for each in from_address("&".join(f"plan={i}|typical" for i in range(100))).plans] == list("0123")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_work_or_refused(text):
    with contextlib.suppress(InputError):
        from_address(text)
