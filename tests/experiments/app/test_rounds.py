"""The results of a workshop as its pages ask for them: run once, however many ask at the same time."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from experiments.app.plans import plan
from experiments.app.work import People
from experiments.app.workshops import rounds
from experiments.app.workshops.rules import Terms, drafted, guessed, handed_in, joined, opened, released


@pytest.fixture
def workshop():
    made = joined(opened("Strategy day", Terms(People(headcount=10), weeks=4, replicates=2), "key"), "North", "session")
    return handed_in(guessed(drafted(made, "North", plan("x", "typical")), "North", 0.5, ""), "North", 1, 1)


@pytest.fixture
def played(monkeypatch):
    """How often plans have been run."""
    count = []

    def play(workshop, *_, **__):
        count.append(workshop)
        return object()

    monkeypatch.setattr(rounds, "play", play)
    monkeypatch.setattr(rounds, "_results", type(rounds._results)())
    return count


def test_pages_that_ask_at_the_same_time_get_the_same_results_from_one_run(workshop, played):
    found, start = [], threading.Barrier(4)

    def ask():
        start.wait()
        found.append(rounds.results(workshop, None))

    pages = [threading.Thread(target=ask) for _ in range(4)]
    for page in pages:
        page.start()
    for page in pages:
        page.join()
    assert len(played) == 1
    assert len(set(map(id, found))) == 1


def test_other_terms_or_plans_are_run_anew_and_the_oldest_results_go(workshop, played):
    rounds.results(workshop, None)
    for weeks in range(5, 5 + rounds.MOST_RESULTS):
        rounds.results(replace(workshop, terms=replace(workshop.terms, weeks=weeks)), None)
    assert len(played) == 1 + rounds.MOST_RESULTS
    rounds.results(workshop, None)
    assert len(played) == 2 + rounds.MOST_RESULTS


def test_a_team_at_another_laptop_finds_the_same_results(workshop, played):
    assert rounds.results(workshop, None) is rounds.results(released(workshop, "North"), None)
    assert len(played) == 1
