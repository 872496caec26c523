"""Analyses of runs that there are: a sweep's folder, or what an analysis kept, by the same functions as of a run."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from experiments.analysis import convergence, robustness
from experiments.analysis.ground import Ground
from experiments.analysis.robustness_report import sentences
from experiments.analysis.scales import said
from experiments.analysis.stored import Wanted, read
from experiments.analysis.tipping import mapped, tipping
from experiments.inputs import Source
from experiments.sweeps.studies import load as load_study
from sim.passports import InputError
from sim.scenario import load

STUDY = """
title: Champions and modelling
question: Which of them?
scenarios: [middling, typical]
organisation: {headcount: 40}
levers:
  champions.one_per: [0, 20, 5]
  leaders.modelling: [0, 1]
  managers.inspection: [0, 0.8]
replicates: 8
seeds: [1, 5]
weeks: 20
at: [10, 20]
outcomes: [habitual, tried, payback_week]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory, swept):
    place = tmp_path_factory.mktemp("stored")
    (place / "study.yaml").write_text(STUDY)
    swept(load_study(place / "study.yaml"), place / "out")
    return place / "out"


def test_a_sweep_gives_the_map_that_a_run_gives(folder):
    """The same points on the same seed, run by the analysis itself, are the same numbers."""
    stored = mapped(read(folder, Wanted(only=("managers.inspection=0.8",), one_scenario=True)).of_seed(1), success=0.1)
    ground = Ground(Source(headcount=40).load(), weeks=20)
    x, y = said("champions.one_per=0,20,5", 20, 3), said("leaders.modelling=0,1", 20, 2)
    base = load("middling", ["levers.managers.inspection=0.8"])
    run = tipping(ground, base, x, y, success=0.1, replicates=8)
    assert stored.x.values == run.x.values == (0, 20, 5) and stored.y.values == run.y.values
    assert np.array_equal(stored.values, run.values)


def test_other_levers_are_taken_together_or_held(folder):
    runs = read(folder, Wanted(one_scenario=True))
    both = mapped(runs, "leaders.modelling", "champions.one_per", success=0.1)
    assert both.replicates == 2 * 2 * 8  # inspections, seeds, replicates
    assert any("managers.inspection" in note for note in both.notes) and any("scenario" in note for note in both.notes)
    low, high = (
        mapped(read(folder, Wanted(only=(f"managers.inspection={v}",), one_scenario=True)), "leaders.modelling",
               "champions.one_per", success=0.1) for v in (0, 0.8)
    )  # fmt: skip
    assert both.shares == pytest.approx((low.shares + high.shares) / 2)


def test_every_point_and_scenario_is_a_programme(folder):
    runs = read(folder, Wanted("tried@10"))
    found = robustness.compared(runs)
    assert len(found.names) == len(set(found.names)) == 2 * 3 * 2 * 2 and runs.worlds == 16
    assert runs.setting.weeks == 10 and sum(row.won for row in found.table) == pytest.approx(1)
    worlds = runs.parameters()
    here = Ground(Source(headcount=40).load(), seed=5)
    assert np.array_equal(worlds["trying.base"][8:], here.runs([], [], 8, []).parameters()["trying.base"])


def test_what_nobody_chooses_is_no_programme(folder):
    runs = read(folder)
    programmes = [replace(p, levers={**p.levers, "parameters.trying.base": -2.0 + 0.1 * i})
                  for i, p in enumerate(runs.programmes)]  # fmt: skip
    with pytest.raises(InputError, match=r"trying.base varies .* nobody can choose.*--only parameters.trying.base="):
        robustness.compared(replace(runs, programmes=tuple(programmes)))


def test_programmes_without_a_difference_are_not_ranked(folder):
    runs = read(folder)
    same = replace(runs, outcomes={"habitual": np.full_like(runs.outcomes["habitual"], 0.3)})
    assert sentences(robustness.compared(same)) == [
        "All of them come to the same habitual in every world: nothing to choose by."
    ]


def test_another_seed_of_the_sweep_checks_the_need(folder):
    runs = read(folder, Wanted(only=("champions.one_per=5", "managers.inspection=0"), scenario="middling"))
    wide = convergence.half_width(np.subtract(*runs.of_seed(5).outcomes["habitual"][::-1]))
    loose = convergence.converged(runs, within=1.2 * max(wide, 0.3))
    assert loose.checked and loose.recommended <= 8
    strict = convergence.converged(runs, within=0.001)
    assert not strict.checked and strict.checks == () and strict.recommended > 8


def test_payback_that_never_comes_counts_as_the_horizon(folder):
    runs = read(folder, Wanted("payback_week"))
    assert np.isfinite(runs.outcomes["payback_week"]).all() and runs.outcomes["payback_week"].max() == 20


@pytest.mark.parametrize(
    "words",
    [
        "tipping leaders.modelling=0,1 champions.one_per=0,5 --replicates 8 --success 0.1",
        "robust typical middling --replicates 16",
        "converge typical middling --max 32 --within 0.2",
        "optimise --budget 60k --replicates 8 --trials 12 --levers managers.inspection,rollout.seats",
    ],
)
def test_what_was_kept_is_reported_again_without_running(uptake, tmp_path, words, monkeypatch):
    out = tmp_path / "out"
    command = words.split()[0]
    first = uptake(*words.split(), "--headcount", 30, "--weeks", 16, "--json", "--out", out)
    assert first.code == 0, first.err

    def refuse(*_, **__):
        raise AssertionError("the model was run")

    monkeypatch.setattr("sim.engine.run", refuse)
    again = uptake(command, out, "--json", "--out", tmp_path / "again")
    assert again.code == 0, again.err
    assert again.out == first.out
    assert (tmp_path / "again" / "runs.parquet").read_bytes() == (out / "runs.parquet").read_bytes()
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["setting"]["headcount"] == 30 and manifest["setting"]["fingerprint"]
    assert manifest["arguments"]["headcount"] == 30 and "threads" not in manifest["arguments"]
    assert sorted(manifest["files"]) == sorted(path.name for path in out.iterdir())


@pytest.mark.parametrize(
    ("words", "said_back"),
    [
        ("tipping {} --headcount 40", "--headcount"),
        ("tipping {} --x leaders.modeling", "leaders.modelling"),
        ("tipping {} --x leaders.modelling --y leaders.modelling", "two different"),
        ("tipping {} --outcome habitul", "habitual"),
        ("tipping {} --outcome habitual@15", "habitual@20"),
        ("tipping {} --scenario midling", "middling"),
        ("tipping {} --only champions.one_per=7", "1 per 20"),
        ("tipping {} --only champions.one_per", "KEY=VALUE"),
        ("tipping {} --only champions.one_per=5 --only leaders.modelling=0", "two levers"),
        ("robust {} --replicates 4", "--replicates"),
        ("robust {} --only champions.one_per=5 --only leaders.modelling=0 --only managers.inspection=0 "
         "--scenario typical", "at least two"),
        ("converge {} --max 64", "--max"),
        ("optimise {}", "uptake optimise --out"),
        ("robust typical middling --only champions.one_per=5", "--only"),
        ("tipping leaders.modelling champions.one_per --x leaders.modelling", "--x"),
    ],
)  # fmt: skip
def test_bad_input_in_a_sentence(uptake, folder, words, said_back):
    answer = uptake(*words.format(folder).split())
    assert answer.code == 2 and said_back in answer.err and "Traceback" not in answer.err


def test_a_folder_that_is_none(uptake, tmp_path):
    for command in ("tipping", "converge", "robust", "optimise"):
        answer = uptake(command, tmp_path)
        assert answer.code == 2 and "no sweep in that folder" in answer.err
    (tmp_path / "runs.parquet").write_bytes(b"PAR1 broken")
    answer = uptake("robust", tmp_path)
    assert answer.code == 2 and "not runs that an analysis kept" in answer.err


def test_runs_of_another_analysis_are_named(uptake, tmp_path):
    out = tmp_path / "out"
    assert uptake("robust", "typical", "middling", "--replicates", 4, "--headcount", 30, "--weeks", 4,
                  "--out", out).code == 0  # fmt: skip
    answer = uptake("converge", out)
    assert answer.code == 2 and f"uptake robust {out}" in answer.err


def test_a_grid_with_holes_is_cut_to_what_is_whole(folder):
    from dataclasses import replace

    runs = read(folder, Wanted(only=("managers.inspection=0",), scenario="middling"))
    holed = replace(runs, programmes=runs.programmes[:-1],
                    outcomes={name: values[:-1] for name, values in runs.outcomes.items()})  # fmt: skip
    found = mapped(holed, "champions.one_per", "leaders.modelling", success=0.1)
    assert found.shares.shape == (2, 2) and any("not whole" in note for note in found.notes)
    few = replace(runs, programmes=runs.programmes[:1], outcomes={k: v[:1] for k, v in runs.outcomes.items()})
    with pytest.raises(InputError, match="vary nothing"):
        mapped(few, "champions.one_per", "leaders.modelling", success=0.1)
