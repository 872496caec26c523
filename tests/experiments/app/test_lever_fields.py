"""A lever set from a page: quick entries add up, and what makes no sense changes nothing and says why."""

from __future__ import annotations

from dataclasses import replace

import pytest
import solara

from experiments.app import session
from experiments.app.pages.programme.lever_fields import use_put
from experiments.app.tracks import timed
from experiments.app.work import Work
from sim.passports import InputError
from sim.scenario import Track

KEY = "managers.inspection"


@pytest.fixture
def drawn():
    """What each drawing of a page that sets the lever was given: the setter, and why it was refused."""
    session.work.set(Work())
    seen = []

    @solara.component
    def Setter():
        seen.append(use_put(KEY))

    _, context = solara.render(Setter(), handle_error=False)
    yield seen
    context.close()
    session.work.set(Work())


def held() -> Track:
    return session.work.value.chosen.scenario.lever(KEY)


def test_two_entries_on_one_drawing_add_up(drawn):
    """The second comes from a page that has not yet heard of the first."""
    put, _ = drawn[0]
    put(lambda now: replace(now, value=0.4))
    put(lambda now: timed(now, 5, 26, 0))
    assert held() == Track(0.4, start=5, end=26)


def test_a_refused_entry_changes_nothing_and_says_why_until_the_next(drawn):
    def refuse(now: Track) -> Track:
        raise InputError("no such week")

    before = session.work.value
    drawn[0][0](refuse)
    assert session.work.value == before
    assert drawn[-1][1] == "No such week"
    drawn[-1][0](lambda now: replace(now, value=2.0))  # beyond its passport
    assert session.work.value == before
    assert "inspection" in drawn[-1][1]
    drawn[-1][0](lambda now: replace(now, value=0.5))
    assert held().value == 0.5
    assert drawn[-1][1] == ""
