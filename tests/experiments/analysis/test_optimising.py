"""The search against toys with a known optimum; hours by the model's own rule; the command end to end."""

from __future__ import annotations

import json

import numpy as np
import pytest

from experiments.analysis.decisions_ground import Ground
from experiments.analysis.decisions_hours import people_hours, trainees
from experiments.analysis.decisions_levers import MET, chosen
from experiments.analysis.optimising import rivals
from experiments.analysis.optimising_search import (
    Bench,
    Ladder,
    Limits,
    Scores,
    climb,
    descend,
    frontier,
    pare,
    search,
)
from experiments.inputs import Source
from sim import engine
from sim.measures import final
from sim.programme import prepare
from sim.scenario import load

EVEN = tuple(np.linspace(0, 1, 21).round(3).tolist())
WORTH = {"a": 4.0, "b": 2.0, "c": 1.0, "d": 0.0}
WORLDS = np.linspace(-1, 1, 32)


def toy(points):
    """Worth 4, 2, 1 and nothing for each unit of a, b, c, d, each unit at a price of one: with 1.5 to spend, all of a
    and half of b is best, at 5. ``a`` is a gamble: in each world it brings 4 + 4 w."""
    rows = np.array([[p[key] for key in WORTH] for p in points])
    better = (rows @ np.array(list(WORTH.values())))[:, None] + np.outer(rows[:, 0], 4 * WORLDS)
    return Scores(better, rows.sum(axis=1), np.zeros(len(points)))


def solved(robust: bool, seed: int = 1):
    ladders = [Ladder(key, EVEN, 0) for key in WORTH]
    bench = Bench(ladders, toy, Limits(cost=1.5), np.full(len(WORLDS), 6.0))
    search(bench, trials=200, batch=20, seed=seed, tick=lambda: None)
    descend(bench, (20, 20, 20, 20), robust=robust, until=400, tick=lambda: None)
    best = bench.best(robust)
    climb(bench, best.point, robust=robust, until=900, batch=20, seed=seed, tick=lambda: None)
    best = bench.best(robust)
    return bench, pare(bench, best.point, robust=robust, loss=1e-9, tick=lambda: None)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_known_optimum_under_a_budget(seed):
    bench, point = solved(False, seed)
    assert bench.tried[point].mean == pytest.approx(5.0, abs=0.11)
    assert bench.tried[point].cost <= 1.5
    assert bench.values(point)["d"] == 0


def test_regret_shuns_the_gamble():
    """In nine worlds of ten a is worth little or more: what counts by regret is b first (2 each), then c."""
    bench, point = solved(True)
    values = bench.values(point)
    assert values["b"] >= 0.9 and values["c"] >= 0.4 and values["a"] <= 0.1


def test_same_seed_same_search():
    first, second = solved(False, 4), solved(False, 4)
    assert first[1] == second[1] and list(first[0].tried) == list(second[0].tried)


def test_frontier_by_hand():
    bench, _ = solved(False)
    found = frontier(list(bench.tried.values()), lambda t: t.cost, lambda t: -t.mean)
    for trial in found:
        assert not any(t.cost <= trial.cost and t.mean > trial.mean for t in bench.tried.values())


def test_levers_of_the_search():
    assert not MET & set(chosen(()))
    assert chosen(("champions,training.capacity",))[-1] == "training.capacity"
    families = {key.split(".")[0] for key in chosen(())}
    assert families == {"leaders", "managers", "champions", "training", "rollout", "environment"}


def test_library_meets_the_base_circumstances():
    base = load("typical", ["levers.managers.resistant_share=0.5"])
    found = rivals(base)
    assert {s.lever("managers.resistant_share").value for s in found.values()} == {0.5}
    assert len({s.fingerprint for s in found.values()}) == len(found)


@pytest.mark.parametrize("name", ["well-run", "middling", "crawl-walk-run"])
def test_hours_are_those_that_the_cost_counts(name):
    """With a wage of one more, the same run costs exactly its hours more; trainees come out whole."""
    organisation = Source(headcount=60).load()

    def ensemble(wage):
        scenario = load(name, [f"parameters.measuring.wage={wage}"])
        return engine.run(organisation, [prepare(scenario, organisation, 40)], 8, 3)[0]

    low, high = ensemble(50), ensemble(150)
    by_difference = (final(high, "cost") - final(low, "cost")) / 100
    assert people_hours(low) == pytest.approx(by_difference, rel=1e-3)
    assert trainees(low).sum() > 0


def test_real_budget_end_to_end(uptake_decisions, tmp_path):
    out = tmp_path / "out"
    words = ["optimise", "--budget", "60k", "--headcount", 30, "--weeks", 26, "--replicates", 8, "--trials", 40,
             "--levers", "managers.inspection,environment.reward_quality,rollout.seats", "--json"]  # fmt: skip
    answer = uptake_decisions(*words, "--out", out)
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert found["programmes"][0]["name"] == "recommended" and found["fresh_worlds"] == 32
    assert sum(p["worlds_won"] for p in found["programmes"]) == pytest.approx(1)
    assert all(p["cost"] <= 60_000 for p in found["programmes"][1:])
    assert {"pareto.png", "programmes.csv", "recommendation.csv", "search.parquet"} <= {p.name for p in out.iterdir()}
    assert uptake_decisions(*words).out == answer.out

    recipe = tmp_path / "recommended.yaml"
    recipe.write_text(json.dumps(found["scenario"]))
    alone = Ground(Source(headcount=30).load(), weeks=26).elsewhere("score")
    again = alone.finals([load(str(recipe))], 32, ["habitual"])["habitual"][0]
    assert again.mean() == pytest.approx(found["programmes"][0]["mean"])


@pytest.mark.parametrize(
    ("words", "said_back"),
    [
        ("", "--budget"),
        ("--budget lots", "700k"),
        ("--budget 0", "above nought"),
        ("--budget 1 --headcount 20 --weeks 8 --trials 10 --replicates 8 --levers champions", "nothing fits"),
        ("--budget 9k --levers champion", 'mean "champions"?'),
        ("--budget 9k --levers champions.oneper", "champions.one_per"),
        ("--budget 9k --levers people.skill", "--set levers.people.skill"),
        ("--budget 9k --trials 2", "--trials"),
        ("--budget 9k --replicates 2", "--replicates"),
    ],
)
def test_bad_input_in_a_sentence(uptake_decisions, words, said_back):
    answer = uptake_decisions("optimise", *words.split())
    assert answer.code == 2 and said_back in answer.err and "Traceback" not in answer.err
