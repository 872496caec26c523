"""Sensitivity: Ishigami's function, Sobol's g-function, known variance components; inert levers; words and pictures."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.analysis.chance import chance
from experiments.analysis.sensitivity import from_design, together
from experiments.analysis.sensitivity_derived import Asked, first_of, indices_of, kept, middle, screening_of
from experiments.analysis.sensitivity_given import explained, from_table
from experiments.analysis.sensitivity_report import report
from experiments.analysis.sensitivity_stored import of_sweep
from experiments.analysis.sensitivity_study import Told
from experiments.figures import draw_html, draw_png
from experiments.sweeps import design
from experiments.sweeps.reading import read
from experiments.sweeps.study import Factor, Place, Study, scenarios
from sim.passports import InputError

FIRST = {"x1": 0.3139, "x2": 0.4424, "x3": 0.0}
TOTAL = {"x1": 0.5576, "x2": 0.4424, "x3": 0.2437}
"""Of Ishigami's function with a = 7, b = 0.1 (Ishigami & Homma 1990)."""
LEVERS = dict(zip(("leaders.modelling", "leaders.mandate", "managers.inspection"), FIRST, strict=True))
"""Levers from 0 to 1 that stand for x1 to x3 in a stored sweep."""


def study_of(factors, **changes) -> Study:
    return Study("T", "", ("typical",), (Place("here"),), tuple(factors), replicates=1, **changes)


def cube(**changes) -> Study:
    return study_of([Factor(name, low=-math.pi, high=math.pi) for name in FIRST], **changes)


def table_of(study: Study, function) -> pd.DataFrame:
    """What a sweep of the study would store if the model were ``function``: points [points, factors] -> y [points]."""
    table = pd.DataFrame(list(design.rows(study)), columns=study.inputs)
    return table.assign(point=range(len(table)), replicate=0, seed=study.seeds[0], y=function(table.to_numpy(float)))


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def analysed(study: Study, function=ishigami):
    return from_design(study, table_of(study, function), ["y"])


@pytest.fixture(scope="module")
def known():
    screened = analysed(cube(design="morris"))
    return together(screened, analysed(cube(design="saltelli", base=1024)))


def assert_ishigami(rows: pd.DataFrame) -> None:
    for name in FIRST:
        row = rows.loc[name]
        assert row["first"] == pytest.approx(FIRST[name], abs=0.03)
        assert row["total"] == pytest.approx(TOTAL[name], abs=0.03)
        assert row["first_low"] <= FIRST[name] <= row["first_high"]
        assert row["total_low"] <= TOTAL[name] <= row["total_high"]


def test_sobol_indices_of_ishigami(known):
    assert_ishigami(known.indices.set_index("factor"))


def test_ishigami_in_a_stored_sweep(tmp_path, swept):
    """A real sweep of a saltelli design, the model's outcome replaced by Ishigami's function in its Parquet parts."""
    factors = tuple(Factor(key) for key in LEVERS)
    swept(replace(study_of(factors, design="saltelli", base=1024, weeks=1, at=(1,), worlds=False),
                  organisations=(Place("few", 12),)), tmp_path / "s")  # fmt: skip
    for part in (tmp_path / "s").rglob("*.parquet"):
        table = pq.read_table(part)
        x = (np.column_stack([table[key] for key in LEVERS]) * 2 - 1) * math.pi
        place = table.schema.get_field_index("habitual@1")
        pq.write_table(table.set_column(place, "habitual@1", pa.array(ishigami(x), pa.float32())), part)
    found, _ = of_sweep(str(tmp_path / "s"))
    assert found.points == 5120 and found.method == "sobol" and found.kept == tuple(LEVERS)
    assert_ishigami(found.indices.assign(factor=found.indices["factor"].map(LEVERS)).set_index("factor"))


def test_intervals_hold_the_answer_as_often_as_they_say():
    """Twelve seeds, six indices each: nearly all of the 95 % intervals."""
    held = []
    for seed in range(12):
        rows = analysed(cube(design="saltelli", base=256, seeds=(seed,))).indices.set_index("factor")
        for name in FIRST:
            held.append(rows["first_low"][name] <= FIRST[name] <= rows["first_high"][name])
            held.append(rows["total_low"][name] <= TOTAL[name] <= rows["total_high"][name])
    assert np.mean(held) > 0.85


@pytest.mark.parametrize("seed", [0, 2**62])
@pytest.mark.parametrize("kind", ["morris", "saltelli"])
def test_the_same_table_gives_the_same_figures(kind, seed):
    found = [analysed(cube(design=kind, base=16, seeds=(seed,))) for _ in range(2)]
    pd.testing.assert_frame_equal(found[0].screening, found[1].screening)
    pd.testing.assert_frame_equal(found[0].indices, found[1].indices)


def test_morris_ranks_the_g_function_and_screening_drops_what_does_nothing():
    weights = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0])
    study = study_of([Factor(f"g{n}") for n in range(6)], design="morris", trajectories=30)
    found = analysed(study, lambda x: np.prod((np.abs(4 * x - 2) + weights) / (1 + weights), axis=1))
    order = found.screening.sort_values("effect", ascending=False)["factor"].tolist()
    assert order[:4] == ["g0", "g1", "g2", "g3"]
    assert kept(found.screening, set(), 3) == ["g0", "g1", "g2"]
    assert "g4" not in kept(found.screening, {"g4"}, 6)  # moves nothing, whoever asks for it


def test_morris_effects_of_a_plane_are_its_slopes():
    study = study_of([Factor("a"), Factor("b", low=2, high=4), Factor("c")], design="morris")
    rows = analysed(study, lambda x: x @ [3.0, -1.0, 0.0]).screening.set_index("factor")
    assert rows["effect"].tolist() == pytest.approx([3, 2, 0])
    assert rows["mean"].tolist() == pytest.approx([3, -2, 0])


def test_factors_of_the_study_come_before_stronger_ones():
    study = study_of([Factor("weak"), Factor("a"), Factor("b")], design="morris")
    screened = analysed(study, lambda x: x @ [1.0, 3.0, 2.0])
    chosen = kept(screened.screening, {"weak"}, 2)
    assert chosen == ["weak", "a"]
    after = study_of([Factor("weak"), Factor("a")], design="saltelli")
    found = together(screened, analysed(after, lambda x: x @ [1.0, 3.0]))
    assert found.left_out == pytest.approx(4 / 14)
    assert any("screening left out" in note for note in found.notes)


def test_groups_with_a_point_missing_are_left_out():
    study = cube(design="saltelli", base=64)
    table = table_of(study, ishigami)
    found = from_design(study, table[~table["point"].isin([7, 8, 300])], ["y"])
    assert found.points == 62 * 5
    assert any(note.startswith("2 of 64 crossings") for note in found.notes)
    with pytest.raises(InputError, match="--resume"):
        from_design(study, table[:6], ["y"])


def test_a_table_of_other_points_is_refused():
    study = cube(design="saltelli", base=16)
    with pytest.raises(InputError, match="sweep again"):
        from_design(replace(study, seeds=(2,)), table_of(study, ishigami), ["y"])


def test_replicates_of_all_seeds_count_as_replicates():
    study = cube(design="saltelli", base=16, seeds=(1, 2))
    one = table_of(study, ishigami)
    both = pd.concat([one, one.assign(seed=2, point=one["point"] + len(one))])
    found = from_design(study, both, ["y"])
    assert (found.points, found.replicates) == (80, 2)
    pd.testing.assert_frame_equal(found.indices, from_design(replace(study, seeds=(1,)), one, ["y"]).indices)


INERT = """
title: An inert lever
scenario: middling
set: [mechanisms.champions=SWITCH]
organisation: {headcount: 100}
levers:
  champions.one_per: [0, 60, 10]
  managers.resistant_share: {low: 0, high: 0.9}
  champions.time: {low: 2, high: 8}
uncertainties: held
design: saltelli
base: 32
replicates: 6
weeks: 40
"""


def test_an_inert_lever_decides_nothing_until_its_mechanism_works(tmp_path, swept):
    total = {}
    for switch in ("off", "on"):
        swept(read(INERT.replace("SWITCH", switch), "T", tmp_path), tmp_path / switch)
        total[switch] = of_sweep(str(tmp_path / switch))[0].indices.set_index("factor")
    assert total["off"]["total_low"]["champions.one_per"] <= 0 <= total["off"]["total_high"]["champions.one_per"]
    assert total["on"]["total_low"]["champions.one_per"] > 0
    assert (total["on"]["total"] - total["off"]["total"])["champions.one_per"] > 0.1


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
    table = pd.DataFrame(x, columns=list(FIRST)).assign(point=range(3000), replicate=0, y=ishigami(x))
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
    with pytest.raises(InputError, match="nothing that varies moves"):
        kept(analysed(cube(design="morris"), lambda x: np.ones(len(x))).screening, set(), 3)
    with pytest.raises(InputError, match="habitual or paid_back"):
        analysed(cube(design="morris"), lambda x: np.full(len(x), np.nan))
    few = pd.DataFrame({"point": range(5), "replicate": 0, "x": range(5), "y": range(5)})
    with pytest.raises(InputError, match="too few"):
        from_table(few, ["x"], ["y"])
    with pytest.raises(InputError, match="varies"):
        from_table(few.assign(x=1), ["x"], ["y"])


ASKED = """
title: A small study
scenarios: [middling, typical]
organisation: {headcount: 60}
levers:
  champions.one_per: [25, 0, 60]
  managers.resistant_share: {low: 0, high: 0.9}
  champions.chosen:
  leaders.mandate: {low: 0.5, high: 1}
"""


def test_derived_studies(tmp_path):
    """Values in the order of what they mean; drawn uncertainties as factors; what is not kept stays in the middle."""
    asked = read(ASKED, "T", tmp_path)
    first = first_of(Asked(asked, scenario="typical", trajectories=7, base=16, replicates=3))
    assert (first.scenarios, first.trajectories, first.base, first.replicates) == (("typical",), 7, 16, 3)
    scenario = scenarios(first)["typical"]
    screening = screening_of(first, scenario)
    assert screening.factors[0].values == (0.0, 60.0, 25.0)  # rising density
    keys = screening.inputs
    assert keys[:4] == asked.inputs and "parameters.trying.trust" in keys and not screening.worlds
    assert not any(key.startswith("parameters.rivals.") for key in keys) and len(keys) == len(set(keys))
    indices = indices_of(screening, ["parameters.trying.trust", "champions.one_per"], set(asked.inputs), scenario, 16)
    assert [factor.key for factor in design.varying(indices)] == ["champions.one_per", "parameters.trying.trust"]
    assert indices.inputs == [*asked.inputs, "parameters.trying.trust"]
    held = {factor.key: factor.values for factor in indices.factors if not factor.varies}
    assert held["managers.resistant_share"] == (scenario.lever("managers.resistant_share").value,)
    assert held["leaders.mandate"] == (0.75,)  # the scenario's own is outside the range asked about
    assert middle(Factor("parameters.trying.base", low=-3, high=-1), scenario) == pytest.approx(-1.7, abs=0.01)
    assert design.size(indices) == 16 * 4
    with pytest.raises(InputError, match="middling, typical"):
        first_of(Asked(asked, scenario="well-run"))
    nothing = read("title: T\nscenario: typical\nuncertainties: held\n", "T", tmp_path)
    with pytest.raises(InputError, match="at least one lever"):
        screening_of(nothing, scenario)


def test_words_tables_and_pictures(known):
    shown = report(Told(known, "Ishigami", "a formula"))
    assert "x1 decides most" in shown.sentences[0] and "cannot be told from x2" in shown.sentences[0]
    assert "56 % with what it does together with others" in shown.sentences[0]
    assert set(shown.tables) == {"sensitivity", "chance", "screening"}
    json.dumps(dict(shown.document), default=float)
    for figure in shown.figures:
        assert len(draw_png.png(figure)) > 15_000
        drawn = draw_html.plotly(figure)
        assert sum(trace["type"] == "bar" for trace in drawn["data"]) >= 3
        json.dumps(drawn, allow_nan=False)


def test_a_screening_alone_is_told():
    shown = report(Told(analysed(cube(design="morris", trajectories=40)), "Ishigami", "a formula"))
    assert set(shown.tables) == {"chance", "screening"} and len(shown.figures) == 1
    assert "moves it most" in shown.sentences[0]
    assert any("both ways" in row for row in shown.listings[0].rows)
