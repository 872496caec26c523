"""The address holds the work: what is restored from it is what was built."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.app.address import from_address, to_address
from experiments.app.plans import checked_name, plan
from experiments.app.work import FEWEST_PEOPLE, MOST_PEOPLE, MOST_UNITS, People, Work
from experiments.inputs import samples
from sim.passports import InputError, levers
from sim.scenario import library


def accepted(name):
    try:
        return checked_name(name)
    except InputError:
        return ""


NAMES = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(accepted)
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


@pytest.mark.parametrize(
    "name", ["\u202e", "\u202e\u2066", "\u200b\u200d", "\u2060 \u00ad", "\u3164", "\u0301", "\ufe0f", "\u2800"]
)
def test_a_name_that_cannot_be_seen_is_refused(name):
    with pytest.raises(InputError, match="name"):
        from_address(f"plan={quote(name)}|typical")


@pytest.mark.parametrize("name", ["7", "é", "e\u0301", "計画", "👩\u200d💻", "?", "خطة"])
def test_a_name_of_any_writing_is_taken(name):
    assert from_address(f"plan={quote(name)}|typical").plans[0].name == name


def test_what_turns_the_direction_of_writing_is_left_out_of_a_name():
    name = quote("ours \u202eand theirs")
    assert from_address(f"plan={name}|typical").plans[0].name == "ours and theirs"


@pytest.mark.parametrize(
    "query", ["plan=a|{}", "plan=a|typical|{}:1", "plan=a|typical|levers.managers.inspection:{}", "sample={}"]
)
def test_a_refusal_quotes_little_of_a_long_address(query):
    with pytest.raises(InputError) as caught:
        from_address(query.format("x" * 6_000))
    assert "xxx" in str(caught.value) and len(str(caught.value)) <= 400


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_work_or_refused(text):
    with contextlib.suppress(InputError):
        assert isinstance(from_address(text), Work)
