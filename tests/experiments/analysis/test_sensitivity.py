"""Sensitivity: Ishigami's function, Sobol's g-function, known variance components; a study end to end."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest

from experiments import draw_html, draw_png
from experiments.analysis.chance import chance
from experiments.analysis.sensitivity import Factor, sensitivity
from experiments.analysis.sensitivity_given import explained, from_table
from experiments.analysis.sensitivity_report import report
from experiments.analysis.sensitivity_study import Model, factors_of, from_study
from experiments.sweeps.study import load, organisations, scenarios
from sim.passports import InputError
from sim.sizing import Settings

FIRST = {"x1": 0.3139, "x2": 0.4424, "x3": 0.0}
TOTAL = {"x1": 0.5576, "x2": 0.4424, "x3": 0.2437}
"""Of Ishigami's function with a = 7, b = 0.1 (Ishigami & Homma 1990)."""
CUBE = [Factor(name, -math.pi, math.pi) for name in ("x1", "x2", "x3")]
STUDY = """
title: A small study
question: What decides?
scenario: middling
organisation: {headcount: 60}
levers:
  champions.one_per: [25, 0, 60]
  managers.resistant_share: {low: 0, high: 0.9}
  champions.chosen:
uncertainties: {experience.base: , trying.base: }
replicates: 6
weeks: 30
outcomes: [habitual, payback_week]
at: [15, 30]
"""


def ishigami(x: np.ndarray) -> np.ndarray:
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return y[:, None, None]


@pytest.fixture(scope="module")
def known():
    return sensitivity(CUBE, ishigami, ["y"], base=1024)


@pytest.fixture
def study(tmp_path):
    place = tmp_path / "small.yaml"
    place.write_text(STUDY)
    return load(place)


def test_sobol_indices_of_ishigami(known):
    rows = known.indices.set_index("factor")
    for name in FIRST:
        row = rows.loc[name]
        assert row["first"] == pytest.approx(FIRST[name], abs=0.03)
        assert row["total"] == pytest.approx(TOTAL[name], abs=0.03)
        assert row["first_low"] <= FIRST[name] <= row["first_high"]
        assert row["total_low"] <= TOTAL[name] <= row["total_high"]


def test_intervals_hold_the_answer_as_often_as_they_say():
    """Twelve seeds, six indices each: nearly all of the 95 % intervals."""
    held = []
    for seed in range(12):
        rows = sensitivity(CUBE, ishigami, ["y"], base=256, seed=seed).indices.set_index("factor")
        for name in FIRST:
            held.append(rows["first_low"][name] <= FIRST[name] <= rows["first_high"][name])
            held.append(rows["total_low"][name] <= TOTAL[name] <= rows["total_high"][name])
    assert np.mean(held) > 0.85


def test_morris_ranks_the_g_function_and_screening_drops_what_does_nothing():
    weights = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0])
    factors = [Factor(f"g{n}") for n in range(6)]
    found = sensitivity(
        factors,
        lambda x: np.prod((np.abs(4 * x - 2) + weights) / (1 + weights), axis=1)[:, None, None],
        ["y"],
        trajectories=30,
        keep=3,
    )
    order = found.screening.sort_values("effect", ascending=False)["factor"].tolist()
    assert order[:4] == ["g0", "g1", "g2", "g3"]
    assert found.kept == ("g0", "g1", "g2")
    assert found.left_out < 0.05


def test_factors_of_the_study_come_before_stronger_ones():
    factors = [Factor("weak", first=True), Factor("a"), Factor("b")]
    found = sensitivity(factors, lambda x: (x @ [1.0, 3.0, 2.0])[:, None, None], ["y"], keep=2)
    assert found.kept == ("weak", "a")
    assert any("screening left out" in note for note in found.notes)


@pytest.mark.parametrize("common", [True, False])
def test_the_share_of_chance_is_found_and_its_interval_holds(common):
    """Points sd 1, replicates sd 0.7 (shared by all points where common), rest 0.8."""
    random = np.random.default_rng(5)
    estimates, held = [], []
    second = 0.49 + 0.64
    truth = second / (1 + second)
    for _ in range(100):
        points = random.normal(0, 1, (120, 1))
        shared = random.normal(0, 0.7, (1, 8) if common else (120, 8))
        found = chance((points + shared + random.normal(0, 0.8, (120, 8)))[:, :, None], ["y"], common=common).iloc[0]
        estimates.append(found["chance"])
        held.append(found["chance_low"] <= truth <= found["chance_high"])
    assert np.mean(estimates) == pytest.approx(truth, abs=0.03)
    assert np.mean(held) >= 0.85


def test_pure_chance_is_all_chance_and_no_effect_is_found_in_it():
    random = np.random.default_rng(2)
    found = chance(random.normal(size=(400, 10, 1)), ["y"], common=False).iloc[0]
    assert found["chance"] > 0.97
    assert found["averaging"] > 0.8


def test_first_orders_from_a_stored_table():
    random = np.random.default_rng(3)
    x = random.uniform(-math.pi, math.pi, (3000, 3))
    table = pd.DataFrame(x, columns=list(FIRST)).assign(point=range(3000), replicate=0, y=ishigami(x)[:, 0, 0])
    rows = from_table(table, list(FIRST), ["y"]).indices.set_index("factor")
    for name in FIRST:
        assert rows["first"][name] == pytest.approx(FIRST[name], abs=0.04)
        assert rows["first_low"][name] - 0.02 <= FIRST[name] <= rows["first_high"][name] + 0.02
    assert rows["total"].isna().all()


def test_given_data_finds_nothing_in_noise_on_average():
    random = np.random.default_rng(4)
    shares = [explained(random.integers(0, 8, 64), random.normal(size=64)) for _ in range(300)]
    assert np.mean(shares) == pytest.approx(0, abs=0.02)


def test_refusals():
    with pytest.raises(InputError, match="at least one lever"):
        sensitivity([], ishigami, ["y"])
    with pytest.raises(InputError, match="nothing that varies moves"):
        sensitivity(CUBE, lambda x: np.ones((len(x), 1, 1)), ["y"])
    with pytest.raises(InputError, match="habitual or paid_back"):
        sensitivity(CUBE, lambda x: np.full((len(x), 1, 1), np.nan), ["y"])
    few = pd.DataFrame({"point": range(5), "replicate": 0, "x": range(5), "y": range(5)})
    with pytest.raises(InputError, match="too few"):
        from_table(few, ["x"], ["y"])
    with pytest.raises(InputError, match="varies"):
        from_table(few.assign(x=1), ["x"], ["y"])


def test_a_study_end_to_end(study):
    shares = []
    found = from_study(study, trajectories=3, base=16, keep=4, progress=shares.append)
    assert set(found.outcomes) == {"habitual@15", "habitual@30"}
    assert any("payback_week" in note for note in found.notes)
    assert set(found.kept) <= set(study.inputs) and "managers.resistant_share" in found.kept
    assert np.isfinite(found.indices.drop(columns=["outcome", "factor"]).to_numpy()).all()
    assert found.chance["chance"].between(0, 1).all()
    assert shares == sorted(shares) and shares[-1] <= 1
    again = from_study(study, trajectories=3, base=16, keep=4)
    pd.testing.assert_frame_equal(found.indices, again.indices)


def test_a_point_is_what_overrides_would_make_it(study):
    """The quick way to a programme gives the very results of the same overrides."""
    from sim import engine
    from sim.programme import prepare
    from sim.scenario import load as load_scenario

    scenario = scenarios(study)["middling"]
    organisation = next(iter(organisations(study).values()))
    factors, values = factors_of(study, scenario)
    assert values[0] == (0.0, 60.0, 25.0)  # in the order of density
    model = Model(study, scenario, organisation, factors, values, 6, Settings())
    found = model(np.array([[2.0, 0.5, 1.0, -2.5, -1.5]]))
    texts = ["levers.champions.one_per=25", "levers.managers.resistant_share=0.5", "levers.champions.chosen=volunteers",
             "parameters.experience.base=-2.5", "parameters.trying.base=-1.5"]  # fmt: skip
    programme = prepare(load_scenario("middling", texts), organisation, 30)
    (ensemble,) = engine.run(organisation, [programme], 6, 1, worlds=False)
    from sim.measures import curves

    np.testing.assert_array_equal(found[0, :, 1], curves(ensemble, "habitual")[29].astype(float))


def test_drawn_uncertainties_are_factors(study):
    from dataclasses import replace

    scenario = scenarios(study)["middling"]
    keys = [factor.key for factor in factors_of(replace(study, worlds=True), scenario)[0]]
    assert "parameters.trying.trust" in keys and not any(key.startswith("parameters.rivals.") for key in keys)
    assert len(keys) == len(set(keys))


def test_words_tables_and_pictures(known):
    shown = report(known, "Ishigami", "a formula")
    assert "x1 decides most" in shown.sentences[0] and "cannot be told from x2" in shown.sentences[0]
    assert "56 % with what it does together with others" in shown.sentences[0]
    assert set(shown.tables) == {"sensitivity", "chance", "screening"}
    json.dumps(dict(shown.document), default=float)
    for figure in shown.figures:
        assert len(draw_png.png(figure)) > 15_000
        drawn = draw_html.plotly(figure)
        assert sum(trace["type"] == "bar" for trace in drawn["data"]) >= 3
        json.dumps(drawn, allow_nan=False)
