"""What ``--out`` writes: tables, figures, manifest; all or nothing; the same run, the same bytes; repeated exactly."""

from __future__ import annotations

import errno
import json

import numpy as np
import pandas as pd
import pytest

from experiments import outputs, tables
from experiments.outputs import check_folder
from sim.organisation import assemble
from sim.passports import InputError

SMALL = ("--headcount", "60", "--weeks", "20", "--replicates", "8")
COMPARE = ("compare", "typical", "well-run", *SMALL)
TABLES = {"curves", "outcomes", "differences", "stages_by_unit"}


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    from experiments.cli import run

    folder = tmp_path_factory.mktemp("written") / "out"
    assert run([*COMPARE, "--out", str(folder)]) == 0
    return folder


def test_everything_is_there(written):
    names = {path.name for path in written.iterdir()}
    assert {f"{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")} <= names
    assert {"manifest.json", "comparison.json", "figures.html", "adoption.png", "differences.png", "stages.png",
            "cumulative-and-current.png", "logged-and-meaningful.png"} <= names  # fmt: skip
    assert names == set(json.loads((written / "manifest.json").read_text())["files"])


@pytest.mark.parametrize("name", sorted(TABLES))
def test_parquet_and_csv_say_the_same(written, name):
    ours = pd.read_parquet(written / f"{name}.parquet")
    theirs = pd.read_csv(written / f"{name}.csv", keep_default_na=True)
    assert list(ours.columns) == list(theirs.columns) and len(ours) == len(theirs) > 0
    for column in ours.columns:
        if ours[column].dtype.kind == "f":
            np.testing.assert_allclose(ours[column], theirs[column].astype(float))
        else:
            assert ours[column].astype(str).tolist() == theirs[column].astype(str).tolist()


def test_tables_are_tidy(written):
    curves = pd.read_parquet(written / "curves.parquet")
    assert list(curves.columns) == ["scenario", "week", "outcome", "mean", "low", "high"]
    assert not curves.duplicated(["scenario", "week", "outcome"]).any() and curves["week"].max() == 19
    values = pd.read_parquet(written / "outcomes.parquet")
    assert list(values.columns) == ["scenario", "replicate", "outcome", "value"]
    assert values["replicate"].max() == 7
    end = curves[(curves.week == 19) & (curves.outcome == "habitual")].set_index("scenario")["mean"]
    mean = values[values.outcome == "habitual"].groupby("scenario")["value"].mean()
    np.testing.assert_allclose(end.sort_index(), mean.sort_index(), rtol=1e-6)


def test_stages_by_unit_add_up(written):
    stages = pd.read_parquet(written / "stages_by_unit.parquet")
    np.testing.assert_allclose(stages.groupby(["scenario", "week", "unit"])["share"].sum(), 1)
    assert (stages["people"] >= 5).all()
    curves = pd.read_parquet(written / "curves.parquet")
    habitual = stages[stages.stage == "habitual"]
    overall = (habitual["share"] * habitual["people"]).groupby([habitual.scenario, habitual.week]).sum() / 60
    expected = curves[curves.outcome == "habitual"].set_index(["scenario", "week"])["mean"]
    np.testing.assert_allclose(overall, expected.reindex(overall.index), atol=1e-6)


@pytest.mark.parametrize(
    "sizes, expected",
    [
        ({"A": 9, "B": 7}, {"A": 9, "B": 7}),
        ({"A": 9, "B": 3, "C": 4}, {"A": 9, "other (under 5)": 7}),
        ({"A": 9, "B": 7, "C": 2}, {"A": 9, "other (under 5)": 9}),
        ({"A": 2, "B": 1}, {"other (under 5)": 3}),
    ],
)
def test_no_few_people_are_broken_out(sizes, expected):
    units = [unit for unit, size in sizes.items() for _ in range(size)]
    manager = np.zeros(len(units), int)
    manager[0] = -1
    organisation = assemble([f"p{i:02d}" for i in range(len(units))], manager, unit=units)
    groups, names, people = tables.unit_groups(organisation)
    assert dict(zip(names, people.tolist(), strict=True)) == expected
    assert len(groups) == len(sizes)


def test_the_same_run_twice_gives_the_same_bytes(written, tmp_path, uptake):
    assert uptake(*COMPARE, "--out", tmp_path / "again", "--threads", 1).code == 0
    assert contents(tmp_path / "again") == contents(written)


def test_a_manifest_repeats_its_run(written, tmp_path, uptake):
    answer = uptake("run", "--from", written, "--out", tmp_path / "again", "--json")
    assert answer.code == 0, answer.err
    assert contents(tmp_path / "again") == contents(written)
    assert answer.json == json.loads((written / "comparison.json").read_text())


def test_a_manifest_holds_no_time_or_place(written, tmp_path):
    text = (written / "manifest.json").read_text()
    assert str(written) not in text and "/" not in json.dumps(json.loads(text)["arguments"])


def changed(written, tmp_path, edit):
    found = json.loads((written / "manifest.json").read_text())
    edit(found)
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(found))
    return path


@pytest.mark.parametrize(
    "edit, says",
    [
        (lambda m: m.update(version="0.0.1"), "version: 0.0.1 then"),
        (lambda m: m["organisation"].update(fingerprint="0" * 16), "organisation: 60 people"),
        (lambda m: m["arguments"].update(headcount=61), "61 people"),
        (
            lambda m: (m["scenarios"][0].update(fingerprint="x"), m["scenarios"][0]["levers"].pop("leaders.mandate")),
            "leaders.mandate: not set then",
        ),
        (lambda m: m["parameters"].update({"trying.base": [9, 9, 9]}), "trying.base: [9, 9, 9] then"),
        (lambda m: m["arguments"].update(weeks="many"), "damaged"),
        (lambda m: m["arguments"].update(scenarios=[1]), "damaged"),
        (lambda m: m["arguments"].pop("seed"), "damaged"),
        (lambda m: m.update(command="dance"), "dance"),
    ],
)
def test_a_changed_world_is_refused_by_name(written, tmp_path, uptake, edit, says):
    answer = uptake("run", "--from", changed(written, tmp_path, edit))
    assert answer.code == 2 and says in answer.err and "Traceback" not in answer.err


def test_other_results_from_the_same_inputs_are_a_fault(written, tmp_path, uptake):
    answer = uptake("run", "--from", changed(written, tmp_path, lambda m: m.update(results="0" * 16)))
    assert answer.code == 1 and "results are not" in answer.err and "Traceback" not in answer.err


def test_a_moved_roster_is_named_and_can_be_found_again(tmp_path, monkeypatch, uptake):
    monkeypatch.chdir(tmp_path)
    assert uptake("org", "make", "--headcount", 30, "--out", "people.csv").code == 0
    run = ("run", "typical", "--org", "people.csv", "--weeks", 6, "--replicates", 2)
    assert uptake(*run, "--out", "out").code == 0
    (tmp_path / "people.csv").rename(tmp_path / "staff.csv")
    answer = uptake("run", "--from", "out")
    assert answer.code == 2 and "people.csv" in answer.err and "moved" in answer.err
    assert uptake("run", "--from", "out", "--org", "staff.csv").code == 0
    (tmp_path / "staff.csv").write_text((tmp_path / "staff.csv").read_text().replace("P0030", "P0031"))
    answer = uptake("run", "--from", "out", "--org", "staff.csv")
    assert answer.code == 2 and "organisation" in answer.err


def test_an_edited_scenario_is_named(tmp_path, monkeypatch, uptake):
    monkeypatch.chdir(tmp_path)
    text = 'extends: typical\ntitle: T\nquestion: "Q"\nsource: "S"\nlevers: {leaders: {mandate: 0.5}}\n'
    (tmp_path / "mine.yaml").write_text(text)
    assert uptake("run", "mine.yaml", *SMALL, "--out", "out").code == 0
    (tmp_path / "mine.yaml").write_text(text.replace("0.5", "0.75"))
    answer = uptake("run", "--from", "out")
    assert answer.code == 2 and "leaders.mandate" in answer.err and "0.5" in answer.err and "0.75" in answer.err


def test_an_earlier_output_is_replaced_whole(tmp_path, uptake):
    folder = tmp_path / "out"
    assert uptake(*COMPARE, "--out", folder).code == 0
    assert uptake("run", "typical", *SMALL, "--out", folder).code == 0
    names = {path.name for path in folder.iterdir()}
    assert "differences.csv" not in names
    assert names == set(json.loads((folder / "manifest.json").read_text())["files"])


def test_a_folder_with_anything_else_is_left_alone(tmp_path, uptake):
    folder = tmp_path / "out"
    assert uptake("run", "typical", *SMALL, "--out", folder).code == 0
    (folder / "notes.txt").write_text("mine")
    before = contents(folder)
    answer = uptake("run", "typical", *SMALL, "--out", folder)
    assert answer.code == 2 and "notes.txt" in answer.err
    assert contents(folder) == before


def test_an_empty_folder_and_missing_parents_will_do(tmp_path, uptake):
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "a" / "b" / "c"):
        assert uptake("run", "typical", *SMALL, "--out", folder).code == 0
        assert (folder / "manifest.json").exists()


@pytest.mark.parametrize("existing", [False, True])
@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_nothing_half_written(tmp_path, monkeypatch, uptake, existing, failure):
    from experiments.figures import draw_png

    folder = tmp_path / "deep" / "out"
    if existing:
        assert uptake(*COMPARE, "--out", folder).code == 0
    before = sorted(tmp_path.rglob("*"))
    held = contents(folder) if existing else {}

    def fail(*_):
        raise failure

    monkeypatch.setattr(draw_png, "save_png", fail)
    answer = uptake(*COMPARE, "--seed", 9, "--out", folder)
    assert answer.code == (130 if isinstance(failure, KeyboardInterrupt) else 1)
    assert "Traceback" not in answer.err and answer.out == ""
    assert sorted(tmp_path.rglob("*")) == before
    assert not existing or contents(folder) == held


def test_the_disk_full_is_said(tmp_path, monkeypatch, uptake):
    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(outputs.manifest, "manifest", fail)
    assert "No space left on device" in uptake(*COMPARE, "--out", tmp_path / "out").err


def test_a_link_to_nowhere_is_refused(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    with pytest.raises(InputError, match="link"):
        check_folder(tmp_path / "link")
