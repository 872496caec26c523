"""The need for replicates where it is known, and the command end to end."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from experiments.analysis.convergence import against_base, confirmed, curve, half_width, needed, sizes

NORMAL = 1.959964


@pytest.mark.parametrize(("spread", "within"), [(0.1, 0.02), (0.25, 0.02), (1.0, 0.05), (0.02, 0.02)])
def test_needed_is_the_smallest_that_holds(spread, within):
    n = needed(spread, within)
    assert n == pytest.approx((NORMAL * spread / within) ** 2, rel=0.05, abs=4)
    exact = np.tile([-1.0, 1.0], n)[:n] if n % 2 == 0 else None
    if exact is not None:
        assert half_width(exact / exact.std(ddof=1) * spread) <= within
    assert needed(0.0, within) == 2


def test_law_and_need_from_draws_of_known_variance():
    """Standard deviation 0.2, 2 points: about (1.96 * 0.2 / 0.02)^2 = 384 replicates."""
    values = np.random.default_rng(5).normal(0.1, 0.2, 4096)
    found = curve("a", values, sizes(4096))
    assert found.law == pytest.approx(NORMAL * 0.2, rel=0.06)
    assert found.slope == pytest.approx(-0.5, abs=0.03)
    assert found.needed(0.02) == pytest.approx(387, rel=0.05)
    assert found.to_tell == pytest.approx((NORMAL * 2) ** 2 + 2, abs=3)


def test_check_raises_an_estimate_that_does_not_hold():
    recommended, checks = confirmed(100, 0.02, lambda n, attempt: 0.3 / math.sqrt(n))
    assert recommended is not None and recommended >= 225 and len(checks) == 2
    assert checks[0].replicates == 100 and checks[-1].half <= 0.02
    assert confirmed(100, 0.02, lambda n, attempt: 1.0)[0] is None
    assert confirmed(10**9, 0.02, lambda n, attempt: 0.0) == (None, ())


def test_differences_are_paired_with_the_base():
    values = np.array([[1.0, 2.0], [3.0, 5.0]])
    assert {k: v.tolist() for k, v in against_base(["a", "b"], values).items()} == {"b against a": [2, 3]}
    assert list(against_base(["a"], values[:1])) == ["a"]
    assert sizes(100).tolist() == [32, 64, 100]


def test_real_question_end_to_end(uptake, tmp_path):
    out = tmp_path / "out"
    answer = uptake("converge", "typical", "well-run", "--headcount", 40, "--weeks", 20, "--max", 64,
                              "--within", 0.05, "--json", "--out", out)  # fmt: skip
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert found["checks"][-1]["half_width"] <= 0.05
    assert found["recommended"] == found["checks"][-1]["replicates"]
    assert {"convergence.png", "widths.csv", "needs.csv", "converge.json"} <= {path.name for path in out.iterdir()}


@pytest.mark.parametrize(
    ("words", "said_back"),
    [
        ("typical --within 0", "--within"),
        ("typical --outcome cost", "--within"),
        ("typical --max 4", "--max"),
        ("typicl", "typical"),
        ("typical --outcome nothing", "unknown outcome"),
    ],
)
def test_bad_input_in_a_sentence(uptake, words, said_back):
    answer = uptake("converge", *words.split())
    assert answer.code == 2 and said_back in answer.err and "Traceback" not in answer.err
