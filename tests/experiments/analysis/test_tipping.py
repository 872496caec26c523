"""Tipping maps against planted boundaries and known mixtures, and the command end to end."""

from __future__ import annotations

import json

import numpy as np
import pytest

from experiments.analysis.flips import crossing, flip, isotonic, sarle, success_shares, two_peaks
from experiments.analysis.ground import Ground
from experiments.analysis.runs import Programme, Runs, Setting
from experiments.analysis.scales import said, scale
from experiments.analysis.tipping import Tipping, level_of, mapped, tipping
from experiments.analysis.tipping_report import report
from experiments.inputs import Source
from experiments.outcomes import ALL
from sim.passports import InputError
from sim.scenario import load


def planted(slope: float, worlds: int = 4000) -> Tipping:
    """Worlds flip from 0.1 to 0.9 where x + y passes a threshold, logistic over worlds around one, of scale 1/slope."""
    x, y = said("leaders.modelling=0:1", 104, 21), said("managers.inspection=0.2:0.8", 104, 7)
    u = (np.arange(worlds) + 0.5) / worlds
    threshold = 1 + np.log(u / (1 - u)) / slope
    total = np.array(y.values)[:, None, None] + np.array(x.values)[None, :, None]
    values = np.where(total >= threshold, 0.9, 0.1).reshape(-1, worlds)
    points = tuple(Programme("middling", {x.key: across, y.key: up}) for up in y.values for across in x.values)
    seeds = np.ones(worlds, np.uint64)
    return mapped(Runs(Setting("Toy", 20, 104), points, {"habitual": values}, seeds, np.arange(worlds)), x.key, y.key)


@pytest.mark.parametrize("slope", [15.0, 30.0])
def test_planted_boundary_and_width(slope):
    """Logistic in x + y: half at x = 1 - y, and 10 % to 90 % apart by 2 ln 9 / slope."""
    t = planted(slope)
    for y, found in zip(t.y.values, t.along_x, strict=True):
        assert found.half == pytest.approx(1 - y, abs=0.01)
        if found.width is not None:
            assert found.width == pytest.approx(2 * np.log(9) / slope, abs=0.02)
    assert t.along_x[3].width is not None and t.along_x[3].rises
    middle = t.along_y[10]
    assert middle.half == pytest.approx(0.5, abs=0.01)
    assert t.split[3, 10]  # half at 0.1, half at 0.9
    assert not t.split[0, 0]
    shown = report(t)
    assert '"leaders: modelling" of about 0.8 where "managers: inspection" is 0.2' in shown.sentences[0]


def test_falling_share_is_found_too():
    places = np.linspace(0, 1, 11)
    found = flip(places, 1 - places)
    assert not found.rises
    assert (found.few, found.half, found.most) == pytest.approx((0.9, 0.5, 0.1))


def test_isotonic_pools_violators():
    assert isotonic(np.array([1.0, 3.0, 2.0, 4.0])).tolist() == [1, 2.5, 2.5, 4]
    assert isotonic(np.array([3.0, 2.0, 1.0])).tolist() == [2, 2, 2]


def test_no_crossing_outside_the_map():
    places = np.array([0.0, 1.0, 2.0])
    assert crossing(places, np.array([0.6, 0.7, 0.9]), 0.5, True) is None
    assert crossing(places, np.array([0.5, 0.5, 0.5]), 0.5, True) is None
    assert crossing(places, np.array([0.0, 0.5, 0.5]), 0.5, True) == 1.5


def test_two_camps_are_told_from_one():
    rng = np.random.default_rng(1)
    mixture = np.clip(np.where(rng.random((50, 200)) < 0.4, 0.1, 0.9) + rng.normal(0, 0.06, (50, 200)), 0, 1)
    single = np.clip(rng.normal(0.5, 0.15, (50, 200)), 0, 1)
    uniform, skewed = rng.random((50, 200)), rng.beta(1, 6, (50, 200))
    assert two_peaks(mixture, 0, 1).all()
    for other in (single, uniform, skewed):
        assert two_peaks(other, 0, 1).mean() <= 0.02


def test_sarle_of_known_distributions():
    u = (np.arange(200_000) + 0.5) / 200_000
    assert sarle(u) == pytest.approx(5 / 9, abs=1e-3)
    assert sarle(np.where(u < 0.5, 0.0, 1.0)) == pytest.approx(1, abs=1e-3)
    assert np.isnan(sarle(np.ones(10)))


def test_success_by_the_good_direction():
    values = np.array([1.0, 2.0, 3.0])
    assert success_shares(values, 2, 1) == pytest.approx(2 / 3)
    assert success_shares(values, 1, -1) == pytest.approx(1 / 3)


def test_champions_stand_by_density():
    found = said("champions.one_per=0,10,100", 104, 9)
    assert found.values == (0, 100, 10)
    assert found.places.tolist() == [0, 0.01, 0.1]
    assert found.value_at(0.02) == 50
    assert scale("champions.one_per", 104).values[0] == 0


def test_real_map_is_the_runs_it_says(uptake, tmp_path):
    ground = Ground(Source(headcount=40).load(), weeks=20)
    x, y = said("leaders.modelling=0,1", 20, 2), said("champions.one_per=0,5", 20, 2)
    t = tipping(ground, load("middling"), x, y, success=0.1, replicates=8)
    alone = ground.finals([load("middling", ["levers.leaders.modelling=1", "levers.champions.one_per=5"])], 8,
                          ["habitual"])["habitual"][0]  # fmt: skip
    assert np.array_equal(t.values[1, 1], alone)

    out = tmp_path / "out"
    answer = uptake("tipping", "leaders.modelling=0,1", "champions.one_per=0,5", "--headcount", 40, "--weeks",
                              20, "--replicates", 8, "--success", 0.1, "--json", "--out", out)  # fmt: skip
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert np.array(found["share_succeeding"]) == pytest.approx(t.shares)
    manifest = json.loads((out / "manifest.json").read_text())
    assert sorted(manifest["files"]) == sorted(path.name for path in out.iterdir())
    assert (out / "tipping.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "said_back"),
    [
        ("leaders.modeling champions.one_per", "leaders.modelling"),
        ("leaders.modelling leaders.modelling", "two different"),
        ("leaders.modelling rollout.style", "big-bang"),
        ("leaders.modelling=0:2 champions.one_per", "from 0 to 1"),
        ("leaders.modelling=a:b champions.one_per", "LOW:HIGH"),
        ("leaders.modelling=0.5 champions.one_per", "two different values"),
        ("leaders.modelling champions.one_per --outcome habitul", "habitual"),
        ("leaders.modelling champions.one_per --outcome cost", "--success"),
        ("leaders.modelling champions.one_per --outcome tried --success 50", "0.5"),
        ("leaders.modelling champions.one_per --outcome aware", "neither"),
        ("leaders.modelling champions.one_per --steps 1", "--steps"),
        ("leaders.modelling champions.one_per --scenario midling", "middling"),
        ("leaders.modelling champions.one_per --replicates 0", "--replicates"),
    ],
)
def test_bad_input_in_a_sentence(uptake, words, said_back):
    answer = uptake("tipping", *words.split())
    assert answer.code == 2 and said_back in answer.err and "Traceback" not in answer.err


def test_a_level_must_be_named_where_half_means_nothing():
    with pytest.raises(InputError, match="--success"):
        level_of(ALL["value"], None)
