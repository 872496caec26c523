"""What a plan takes is the same for a team and on the page Programme."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
import solara

from experiments.app import session
from experiments.app.plans import plan
from experiments.app.work import People
from experiments.app.workshops import prices, rounds
from experiments.app.workshops.hooks import use_price
from experiments.app.workshops.prices import Price
from experiments.app.workshops.rules import Terms, opened
from experiments.app.workshops.shelf import Shelf
from experiments.compare import compare
from experiments.outcomes import COST, HOURS

TERMS = Terms(People(headcount=20), weeks=8, replicates=2)
PLAN = plan("Ours", "middling")


@pytest.fixture
def code(tmp_path, monkeypatch):
    """Of a workshop on these terms."""
    shelf = Shelf(tmp_path)
    for module in (prices, rounds):
        monkeypatch.setattr(module, "shelf", lambda: shelf)
    monkeypatch.setattr(session, "session_id", lambda: "mine")
    return shelf.add(opened("Board day", TERMS, "leader"), None).code


@pytest.fixture
def asked():
    """``asked(*of)``: the answers that a page which asks for a price was given, up to the last."""
    contexts = []

    def ask(*of):
        answers, told = [], threading.Event()

        @solara.component
        def Page():
            answers.append(use_price(*of))
            if not answers[-1].busy:
                told.set()

        _, context = solara.render(Page(), handle_error=False)
        contexts.append(context)
        assert told.wait(120)
        return answers

    yield ask
    for context in contexts:
        context.close()


def test_a_team_and_the_page_programme_are_told_what_compare_finds(code, asked):
    team, page = (asked(PLAN, TERMS, of)[-1] for of in (code, ""))
    assert team.value == page.value and not team.busy and not page.busy
    run = compare([PLAN.scenario], TERMS.people.make(), weeks=8, replicates=2, seed=TERMS.seed)
    money, hours = (run.finals("Ours", name).mean() for name in (COST, HOURS))
    assert (team.value.money, team.value.hours) == (pytest.approx(money), pytest.approx(hours))
    assert team.value.headcount == 20


def test_no_plan_takes_nothing_and_is_still_counted_until_the_answer_is_there(code, asked):
    answers = asked(None, TERMS, code)
    assert answers[0].busy and answers[0].value is None
    assert not answers[-1].busy and answers[-1].value is None and not answers[-1].error


def test_a_workshop_that_is_gone_is_said(code, asked):
    assert "No workshop" in asked(PLAN, TERMS, "XXXXX")[-1].error


def test_what_is_over_is_named():
    price = Price(150.0, 10.0, replace(TERMS, budget=100.0), 20)
    assert [meter.what for meter in price.over] == ["money"]
    assert Price(100.0, 10.0, price.terms, 20).over == []
