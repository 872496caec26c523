"""The results of a workshop: the command line's numbers, ranked; and what each change was worth."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest

from experiments import outcomes
from experiments.app.pages.workshop.results import guess_in_words
from experiments.app.plans import plan
from experiments.app.runs import Remembered
from experiments.app.work import People
from experiments.app.workshops import standings
from experiments.app.workshops.rules import Team, Terms, drafted, guessed, handed_in, joined, opened
from experiments.app.workshops.standings import play, price
from sim import engine
from sim.passports import InputError

TERMS = Terms(People(headcount=60), weeks=52, replicates=16)
CHANGES = {
    "levers.managers.inspection": "{value: 1, start: 3}",
    "levers.circumstances.quarter_end": "0.1",
    "levers.circumstances.turnover": "0",  # as it is anyhow
}
PLANS = {
    "typical": plan("x", "middling", CHANGES),
    "Bold": plan("x", "well-run"),
    "Idle": plan("x", "typical"),
}


def handed(terms=TERMS):
    workshop = opened("Strategy day", terms, "key")
    for name, made in PLANS.items():
        workshop = drafted(joined(workshop, name), name, made)
        cost, hours = price(made, replace(terms, budget=inf), terms.people.make())
        if cost <= terms.budget:
            workshop = handed_in(guessed(workshop, name, 0.5, ""), name, cost, hours)
    return workshop


@pytest.fixture(scope="module")
def results():
    return play(handed(), TERMS.people.make())


def test_the_numbers_are_the_command_lines(results, tmp_path, uptake):
    files = []
    for name, made in PLANS.items():
        file = tmp_path / f"{name}.yaml"
        file.write_text(replace(made, name=name).text, encoding="utf-8")
        files.append(str(file))
    told = uptake("compare", "typical", *files, "--headcount", 60, "--weeks", 52, "--replicates", 16, "--json").json
    for standing in results.standings:
        name = "typical (2)" if standing.team.name == "typical" else standing.team.name
        at_end = told["scenarios"][name]["outcomes"]
        assert at_end["habitual"]["mean"] == pytest.approx(standing.reached.mean, rel=1e-7)
        assert at_end["cost"]["mean"] == pytest.approx(standing.cost, rel=1e-7)


def test_the_best_is_first_and_worlds_won_add_up(results):
    assert [s.team.name for s in results.standings] == ["Bold", "typical", "Idle"]
    assert [s.rank for s in results.standings] == [1, 2, 3]
    assert sum(s.won for s in results.standings) == pytest.approx(1)
    bold, _, idle = results.standings
    assert bold.miss == pytest.approx(0.5 - bold.reached.mean) and idle.against_base.mean == 0


def test_another_round_runs_only_what_is_new(monkeypatch):
    """And to the same numbers: the change of a new plan, taken back, is a plan that another team already has."""
    monkeypatch.setattr(standings, "RUNS", Remembered())
    ran, run = [], engine.run

    def counted(organisation, programmes, *others, **named):
        ran.extend(programmes)
        return run(organisation, programmes, *others, **named)

    people, workshop = TERMS.people.make(), handed()
    monkeypatch.setattr(engine, "run", counted)
    first = play(workshop, people)
    assert len(ran) == 2  # plans ran when they were priced, one of them the base; two changes are taken back
    new = plan("x", "well-run", {"levers.managers.inspection": "0"})
    workshop = handed_in(guessed(drafted(joined(workshop, "New"), "New", new), "New", 0.5, ""), "New", 1, 1)
    ran.clear()
    again = play(workshop, people)
    assert len(ran) == 1
    assert {s.team.name: s.reached for s in first.standings}.items() <= {
        s.team.name: s.reached for s in again.standings
    }.items()


def test_equal_plans_share_a_rank_whatever_their_teams_are_called():
    workshop = joined(handed(), "Also bold")
    workshop = handed_in(
        guessed(drafted(workshop, "Also bold", PLANS["Bold"]), "Also bold", 0.5, ""), "Also bold", 1, 1
    )
    found = play(workshop, TERMS.people.make()).standings
    assert [(s.rank, s.team.name) for s in found] == [(1, "Also bold"), (1, "Bold"), (3, "typical"), (4, "Idle")]


def test_a_plan_beyond_the_budget_is_not_ranked():
    workshop = handed()
    dear = play(replace(workshop, terms=replace(TERMS, budget=1.0)), TERMS.people.make())
    assert [s.rank for s in dear.standings] == [None] * 3 and all(s.won == 0 for s in dear.standings)


def test_a_change_is_worth_what_taking_it_back_costs(results):
    first, *others = results.causes["typical"]
    assert first.said == "managers: inspection 0.4 → 1 from week 3" and first.effect.mean > 0
    assert {cause.key for cause in others} == {"circumstances.quarter_end"}
    assert results.causes["Bold"] == ()


def test_less_is_better_where_it_is():
    terms = replace(TERMS, outcome="lapsed")
    found = play(replace(handed(), terms=terms), terms.people.make())
    means = [s.reached.mean for s in found.standings]
    assert means == sorted(means) and np.isfinite(means).all()


@pytest.mark.parametrize(
    ("guess", "said"),
    [(0.30, "guessed 30 %, 34 points too low"), (0.65, "guessed 65 %, 1.0 points too high"),
     (0.6402, "guessed 64 %, exactly"), (None, "guessed unknown")],
)  # fmt: skip
def test_a_guess_is_held_against_what_came(results, guess, said):
    miss = None if guess is None else guess - 0.64
    standing = replace(results.standings[0], team=Team("North", "", guess=guess), miss=miss)
    assert guess_in_words(standing, outcomes.ALL["habitual"]) == said


def test_nothing_to_play_is_said():
    with pytest.raises(InputError, match="handed in"):
        play(opened("Empty", TERMS, "key"), TERMS.people.make())
