"""Regret by hand, worlds that are told apart on purpose, and the command end to end."""

from __future__ import annotations

import json

import numpy as np
import pytest

from experiments.analysis.robustness import (
    high_regret,
    rank_sum,
    regrets,
    separators,
    shares_won,
    winners_tree,
)


def test_regret_by_hand():
    better = np.array([[5.0, 1.0, 3.0, 4.0], [3.0, 2.0, 3.0, 9.0]])
    found = regrets(better)
    assert found.tolist() == [[0, 1, 0, 5], [2, 0, 0, 0]]
    assert shares_won(found).tolist() == [1.5 / 4, 2.5 / 4]
    assert high_regret(np.arange(1, 11.0)) == 9
    assert high_regret(found[0]) == 5


def test_rank_sum_of_known_samples():
    probability, chance = rank_sum(np.arange(10.0) + 100, np.arange(10.0))
    assert probability == 1 and chance < 0.001
    probability, chance = rank_sum(np.arange(0.0, 20, 2), np.arange(0.0, 20, 2))
    assert probability == 0.5 and chance == pytest.approx(1)


def test_rank_sum_agrees_with_scipy():
    from scipy.stats import mannwhitneyu

    rng = np.random.default_rng(3)
    ours, others = rng.normal(0.4, 1, 40), rng.normal(0, 1, 60)
    theirs = mannwhitneyu(ours, others, method="asymptotic", use_continuity=False)
    probability, chance = rank_sum(ours, others)
    assert probability == pytest.approx(theirs.statistic / 2400)
    assert chance == pytest.approx(theirs.pvalue, rel=1e-6)


def test_the_planted_parameter_is_named_and_no_other():
    rng = np.random.default_rng(7)
    worlds = {f"group.p{i}": rng.random(400) for i in range(60)}
    won = worlds["group.p13"] > 0.6
    found = separators(won, worlds)
    assert [s.key for s in found] == ["group.p13"]
    assert found[0].higher and found[0].probability == 1
    rule = winners_tree(won.astype(int), ["a", "b"], worlds)
    assert rule is not None and rule.helps and rule.right > 0.95
    assert any("group.p13 above 0.6" in text and "b wins 100 %" in text for text in rule.text)


def test_nothing_is_read_from_luck():
    """Fifty data sets of noise over sixty parameters: about one in twenty may name one by luck."""
    rng = np.random.default_rng(11)
    named = 0
    for _ in range(50):
        worlds = {f"group.p{i}": rng.random(128) for i in range(60)}
        named += bool(separators(rng.random(128) < 0.4, worlds))
    assert named <= 7


def test_real_programmes_end_to_end(uptake, tmp_path):
    out = tmp_path / "out"
    answer = uptake("robust", "typical", "middling", "well-run", "--headcount", 40, "--weeks", 26,
                              "--replicates", 64, "--json", "--out", out)  # fmt: skip
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert sum(row["won"] for row in found["programmes"]) == pytest.approx(1)
    best = next(row for row in found["programmes"] if row["name"] == found["robust"])
    assert best["high_regret"] == min(row["high_regret"] for row in found["programmes"])
    assert {"regret.png", "regret.csv", "worlds.parquet", "separators.csv"} <= {path.name for path in out.iterdir()}


@pytest.mark.parametrize(
    ("words", "said_back"),
    [
        ("typical", "at least two"),
        ("typical midling", "middling"),
        ("typical middling --outcome aware", "neither"),
        ("typical middling --threads -1", "--threads"),
    ],
)
def test_bad_input_in_a_sentence(uptake, words, said_back):
    answer = uptake("robust", *words.split())
    assert answer.code == 2 and said_back in answer.err and "Traceback" not in answer.err
