"""A sweep: one table whatever the number of jobs; failing points; refusals; results while it runs; the command line."""

from __future__ import annotations

import json
import sqlite3
import threading

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from experiments.commands import sweeps as commands
from experiments.sweeps import design, identity, results, store, studies, summary, sweep, work
from sim.passports import InputError


@pytest.fixture(scope="module", autouse=True)
def registered():
    """The commands, also before the application names them."""
    from experiments.cli import app

    known = {command.name for command in app.registered_commands}
    for name in ("sweep", "results"):
        if name not in known:
            app.command(name)(getattr(commands, name))


@pytest.fixture
def done(small, tmp_path, sweep_into):
    sweep_into(small, tmp_path / "out")
    return tmp_path / "out"


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_the_table_does_not_depend_on_jobs(small, tmp_path, sweep_into, csv_of, undisturbed, jobs):
    sweep_into(small, tmp_path / "out", jobs=jobs)
    assert csv_of(tmp_path / "out") == undisturbed


def test_columns_order_and_types(done):
    found = results.read(done)
    table = found.table
    outcomes = ["habitual@4", "habitual@8", "payback_week@4", "payback_week@8"]
    assert list(table.columns) == [
        "run", "point", "scenario", "organisation", "champions.one_per", "rollout.style", "leaders.modelling",
        "replicate", "world", "seed", "version", "fingerprint", *outcomes,
    ]  # fmt: skip
    assert found.inputs == ["champions.one_per", "rollout.style", "leaders.modelling"] and found.outcomes == outcomes
    assert len(table) == 36 * 3 and not table.duplicated(["run", "replicate"]).any()
    pd.testing.assert_frame_equal(
        table, table.sort_values(["point", "replicate"], kind="stable").reset_index(drop=True)
    )
    assert table["habitual@8"].dtype == np.float32 and (table["world"] == table["replicate"]).all()
    assert table["run"].str.fullmatch("[0-9a-f]{16}").all() and table.groupby("point")["run"].nunique().eq(1).all()
    assert table["run"].nunique() == 36 and table["fingerprint"].nunique() == 1


def test_no_time_place_or_job_count_in_the_table(small, tmp_path, sweep_into):
    """Byte for byte the same parts, in another folder, later, with other jobs."""
    for name, jobs in (("a", 1), ("deeper/b", 3)):
        sweep_into(small, tmp_path / name, jobs=jobs)
    ours, theirs = ({p.name: p.read_bytes() for p in (tmp_path / n / "parts").iterdir()} for n in ("a", "deeper/b"))
    assert ours == theirs and len(ours) < 36


def test_run_ids_derive_from_the_point_alone(small, tmp_path):
    """A larger design, in another order, keeps the ids of the points it shares."""

    def runs(text):
        path = tmp_path / "other.yaml"
        path.write_text(text)
        return {
            (p[3], p[5], tuple(sorted(json.loads(p[6]).items()))): p[2] for p in sweep.plan(studies.load(path)).points()
        }

    base = small.read_text()
    ours = runs(base)
    larger = runs(base.replace("[0, 25, 10]", "[50, 10, 25, 0]").replace("[typical, middling]", "[middling, typical]"))
    assert len(ours) == 36 and len(larger) == 48 and ours.items() <= larger.items()
    assert len(set(larger.values())) == 48
    for change in (("weeks: 8", "weeks: 9"), ("replicates: 3", "replicates: 4"), ("headcount: 30", "headcount: 31")):
        assert not set(runs(base.replace(*change)).values()) & set(ours.values())


def test_worlds_are_those_of_the_replicates(done):
    """The world of replicate r, used as a fixed world, gives replicate r's results again."""
    from experiments.sweeps.study import organisations
    from sim.engine import run
    from sim.programme import prepare
    from sim.scenario import load

    found = results.read(done)
    worlds, row = found.worlds(), found.table.iloc[1]
    assert list(worlds.index) == [0, 1, 2] and len(worlds.columns) > 50
    assert f"parameters.{worlds.columns[0]}" in found.joined()
    sets = [f"parameters.{key}={float(value)!r}" for key, value in worlds.loc[1].items()]
    sets += [f"levers.{key}={row[key]}" for key in found.inputs]
    (organisation,) = organisations(found.study).values()
    (again,) = run(organisation, [prepare(load(row["scenario"], sets), organisation, 8)], np.array([1]), worlds=False)
    from sim.measures import OUTCOMES

    assert OUTCOMES["habitual"].curve(again.series)[-1][0] == pytest.approx(row["habitual@8"], abs=1e-6)


def test_held_worlds_have_no_columns(small, tmp_path, sweep_into):
    small.write_text(small.read_text() + "uncertainties:\n  trying.base: {low: -3, high: -1, steps: 2}\n")
    sweep_into(small, tmp_path / "out")
    found = results.read(tmp_path / "out")
    assert (found.table["world"] == -1).all() and found.worlds().shape == (3, 0)
    assert found.inputs[-1] == "parameters.trying.base" and len(found.joined()) == 72 * 3


def test_several_seeds_have_worlds_of_their_own(small, tmp_path, sweep_into):
    small.write_text(small.read_text() + "seeds: [1, 9]\n")
    sweep_into(small, tmp_path / "out")
    found = results.read(tmp_path / "out")
    joined = found.joined()
    assert len(joined) == 72 * 3 and set(joined["seed"]) == {1, 9}
    assert joined.groupby(["seed", "replicate"])["parameters.trying.base"].nunique().eq(1).all()
    assert joined["parameters.trying.base"].nunique() == 6


def test_a_failing_point_ends_nothing(small, tmp_path, sweep_into, csv_of, undisturbed, monkeypatch, uptake):
    real = work.run_point

    def sometimes(job, scenario, organisation, seed, point, cancelled=None):
        if point.number in (3, 20):
            raise ValueError("no such luck\nat all")
        if point.number in (8, 9, 10, 11):
            raise InputError("not like this")
        return real(job, scenario, organisation, seed, point, cancelled)

    monkeypatch.setattr(work, "run_point", sometimes)
    out = tmp_path / "out"
    answer = uptake("sweep", small, "--out", out, "--jobs", 2)
    assert answer.code == 1 and "6 of 36 points failed" in answer.err and "Traceback" not in answer.err
    found = results.read(out)
    assert found.counts == {"waiting": 0, "running": 0, "done": 30, "failed": 6}
    assert [f.point for f in found.failures] == [3, 8, 9, 10, 11, 20]
    assert found.failures[0].error == "ValueError: no such luck at all" and found.failures[1].error == "not like this"
    assert set(found.table["point"]) == set(range(36)) - {3, 8, 9, 10, 11, 20}
    said = uptake("results", out)
    assert said.code == 0 and "no such luck" in said.out and "30 of 36 points done" in said.out
    assert len(uptake("results", out, "--json").json["failed"]) == 6
    assert uptake("sweep", small, "--out", out, "--resume").code == 1  # tried again, and failed again
    monkeypatch.setattr(work, "run_point", real)
    assert uptake("sweep", small, "--out", out, "--resume").code == 0
    assert csv_of(out) == undisturbed


def test_a_point_that_cannot_be_is_recorded(tmp_path, sweep_into):
    path = tmp_path / "s.yaml"
    path.write_text("title: T\nscenario: typical\norganisation: {headcount: 30}\nweeks: 4\nreplicates: 2\n"
                    "levers:\n  leaders.modelling.start: [0, 9]\n  leaders.modelling.end: [5, 20]\n")  # fmt: skip
    counts = sweep_into(path, tmp_path / "out")
    (failure,) = results.read(tmp_path / "out").failures
    assert counts["done"] == 3 and "before it starts" in failure.error


@pytest.mark.parametrize("there", ["missing", "empty", "finished", "hollow"])
def test_resume_works_on_any_folder_of_ours(there, small, tmp_path, uptake, csv_of, undisturbed):
    out = tmp_path / "deep" / "out"
    if there != "missing":
        out.mkdir(parents=True)
    if there == "finished":
        assert uptake("sweep", small, "--out", out).code == 0
    if there == "hollow":  # killed before the design was written
        (out / "sweep.sqlite").write_bytes(b"")
        (out / "lock").write_bytes(b"99999999")
    answer = uptake("sweep", small, "--out", out, "--resume")
    assert answer.code == 0 and "36 points done" in answer.out
    assert csv_of(out) == undisturbed


def test_what_is_not_whole_or_not_listed_is_run_again(done, small, sweep_into, csv_of, undisturbed):
    parts = sorted((done / "parts").iterdir())
    parts[0].write_bytes(parts[0].read_bytes()[:-10])
    parts[1].unlink()
    parts[2].write_bytes(parts[3].read_bytes())
    (done / "parts" / "points-000000099-000000101.parquet").write_bytes(b"stray")
    (done / "parts" / f"{parts[4].name}.part").write_bytes(b"half")
    sweep_into(small, done)
    assert csv_of(done) == undisturbed and sorted((done / "parts").iterdir()) == parts


CHANGES = [
    ("replicates: 3", "replicates: 4", "study: replicates: 3 then, 4 now"),
    ("[0, 25, 10]", "[0, 25]", "study: levers: champions.one_per: values: [0.0, 25.0, 10.0] then, [0.0, 25.0] now"),
    ("weeks: 8", "weeks: 9", "study: weeks: 8 then, 9 now"),
    ("headcount: 30", "headcount: 31", "organisations"),
    ("scenarios: [typical, middling]", "scenarios: [typical]", "scenarios: middling"),
    ("outcomes: [habitual", "outcomes: [trust", "habitual"),
    ("title: Small", "title: Small\nset: [parameters.trying.base=-2]", "scenarios: typical: parameters"),
    ("at: [4, 8]", "seed: 5", "seeds"),
]


@pytest.mark.parametrize(("old", "new", "word"), CHANGES)
def test_a_changed_study_is_refused(done, small, uptake, old, new, word):
    before = {path.name: path.read_bytes() for path in (done / "parts").iterdir()}
    small.write_text(small.read_text().replace(old, new))
    answer = uptake("sweep", small, "--out", done, "--resume")
    assert answer.code == 2 and word in answer.err
    assert before == {path.name: path.read_bytes() for path in (done / "parts").iterdir()}


def test_texts_may_change(done, small, uptake):
    small.write_text(small.read_text().replace("title: Small", "title: Smaller"))
    assert uptake("sweep", small, "--out", done, "--resume").code == 0


def test_other_code_is_refused(done, small, uptake, monkeypatch):
    monkeypatch.setattr(identity, "code", lambda: "0123456789abcdef")
    monkeypatch.setattr(identity, "version", lambda: "9.9")
    answer = uptake("sweep", small, "--out", done, "--resume")
    assert answer.code == 2 and '"9.9" now' in answer.err and '"0123456789abcdef" now' in answer.err


def test_another_organisation_of_the_same_name_is_refused(tmp_path, uptake):
    def roster(people):
        return "person_id,manager_id\n" + "\n".join(f"{i},{'' if i == 1 else 1}" for i in range(1, people))

    (tmp_path / "people.csv").write_text(roster(15))
    (tmp_path / "s.yaml").write_text("title: T\nscenario: typical\norganisation: people.csv\nweeks: 4\nreplicates: 2\n")
    assert uptake("sweep", tmp_path / "s.yaml", "--out", tmp_path / "out").code == 0
    (tmp_path / "people.csv").write_text(roster(16))
    answer = uptake("sweep", tmp_path / "s.yaml", "--out", tmp_path / "out", "--resume")
    assert answer.code == 2 and "organisations: people: people: 14 then, 15 now" in answer.err


def test_a_second_live_sweep_is_refused_and_a_stale_lock_is_not(small, tmp_path, sweep_into):
    out = tmp_path / "out"
    out.mkdir()
    (out / "lock").write_text("1")  # of a process that is gone, and whose number another now has
    with store.locked(out), pytest.raises(InputError, match="already running"):
        sweep_into(small, out)
    assert sweep_into(small, out)["done"] == 36


def test_results_while_the_sweep_runs(small, tmp_path, sweep_into, undisturbed, csv_of, monkeypatch):
    """Every look in between shows a beginning of the same table; the sweep does not notice."""
    out, seen, real = tmp_path / "out", [], work.run_point
    at_work, go_on = threading.Semaphore(0), threading.Semaphore(0)

    def slowly(*arguments):
        if arguments[4].number % 9 == 8:
            at_work.release()
            go_on.acquire(timeout=20)
        return real(*arguments)

    monkeypatch.setattr(work, "run_point", slowly)
    sweeping = threading.Thread(target=sweep_into, args=(small, out, 1), daemon=True)
    sweeping.start()
    for _ in range(4):
        assert at_work.acquire(timeout=20)
        found = results.read(out)
        assert found.counts["running"] > 0
        content = csv_of(out)
        assert undisturbed.startswith(content)
        seen.append(len(content))
        from experiments.sweeps.summary import lines

        assert "points done" in "\n".join(lines(found))
        go_on.release()
    sweeping.join(20)
    assert len(set(seen)) == 4 and csv_of(out) == undisturbed


def test_stopping_leaves_a_folder_to_go_on_with(small, tmp_path, sweep_into, csv_of, undisturbed):
    asked = iter(range(1000))
    with pytest.raises(KeyboardInterrupt):
        sweep_into(small, tmp_path / "out", cancelled=lambda: next(asked) > 15)
    assert 0 < results.read(tmp_path / "out").counts["done"] < 36
    sweep_into(small, tmp_path / "out")
    assert csv_of(tmp_path / "out") == undisturbed


def test_ledger_lists_every_point(done):
    ledger = sqlite3.connect(done / "sweep.sqlite")
    assert ledger.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    rows = ledger.execute("SELECT point, run, inputs, state FROM points ORDER BY point").fetchall()
    table = results.read(done).table.drop_duplicates("point").set_index("point")
    assert [row[0] for row in rows] == list(range(36)) and {row[3] for row in rows} == {"done"}
    for point, run, inputs, _ in rows:
        assert table.loc[point, "run"] == run and table.loc[point, list(json.loads(inputs))].to_dict() == json.loads(
            inputs
        )


BAD = [
    ("sweep", "STUDY"),
    ("sweep small.yaml", "--out DIR"),
    ("sweep quik --out out", "no study"),
    ("sweep nowhere.yaml --out out", "no study file"),
    ("sweep small.yaml --out small.yaml", "is a file"),
    ("sweep small.yaml --out foreign", "thesis.txt"),
    ("sweep small.yaml --out bereft --resume", "ledger"),
    ("sweep small.yaml --out torn --resume", "damaged"),
    ("sweep small.yaml --out out --jobs -1", "--jobs"),
    ("sweep small.yaml --out out --memory none", "2GB"),
    ("sweep small.yaml --out out --scheduler tcp://127.0.0.1:9", "no Dask scheduler"),
    ("sweep small.yaml --out out --scheduler nonsense://x", "no Dask scheduler"),
    ("results nowhere", "no such folder"),
    ("results foreign", "no sweep"),
    ("results torn", "damaged"),
    ("results hollow", "--resume"),
]


@pytest.mark.parametrize(("line", "word"), BAD)
def test_bad_input_is_answered(line, word, small, tmp_path, uptake, monkeypatch):
    monkeypatch.chdir(tmp_path)
    from experiments.sweeps import cluster

    monkeypatch.setattr(cluster, "CONNECT", 1.0)
    for name in ("foreign", "bereft", "torn", "hollow"):
        (tmp_path / name).mkdir()
    (tmp_path / "foreign" / "thesis.txt").write_text("years of work")
    (tmp_path / "bereft" / "parts").mkdir()
    (tmp_path / "torn" / "sweep.sqlite").write_bytes(b"not a database at all" * 100)
    (tmp_path / "hollow" / "sweep.sqlite").write_bytes(b"")
    answer = uptake(*line.split())
    assert answer.code == 2 and word in answer.err and "Traceback" not in answer.err, answer.err


def test_a_finished_sweep_is_not_begun_again_by_mistake(done, small, uptake):
    answer = uptake("sweep", small, "--out", done)
    assert answer.code == 2 and "--resume" in answer.err


def test_dry_run_says_size_and_time_and_writes_nothing(small, tmp_path, uptake):
    answer = uptake("sweep", small, "--dry-run", "--out", tmp_path / "out", "--jobs", 2)
    assert answer.code == 0 and not (tmp_path / "out").exists()
    assert "18 points x 2 scenarios x 3 replicates = 108 rows" in answer.out and "Expected time: about" in answer.out


@pytest.mark.parametrize("size", ["design: latin-hypercube\npoints: 1000000", "design: grid"])
def test_dry_run_does_not_make_the_points(size, tmp_path, uptake, monkeypatch):
    """A design of a million points is sized, and a few places in it tried, without any list of them."""
    (tmp_path / "s.yaml").write_text(
        "title: T\nscenario: typical\norganisation: {headcount: 12}\nreplicates: 1\nweeks: 2\nlevers:\n"
        f"  leaders.modelling: {{steps: 1000}}\n  managers.inspection: {{steps: 1000}}\n{size}\n"
    )
    monkeypatch.setattr(design, "rows", lambda study: pytest.fail("all points were made"))
    monkeypatch.setattr(design, "shares", lambda study: pytest.fail("all points were made"))
    answer = uptake("sweep", tmp_path / "s.yaml", "--dry-run")
    assert answer.code == 0 and "1,000,000 points" in answer.out and "Expected time" in answer.out


def test_the_next_batch_is_found_without_a_search(done):
    """Else a million points would be looked through for each of thousands of batches."""
    ledger = sqlite3.connect(done / "sweep.sqlite")
    ask = "EXPLAIN QUERY PLAN SELECT MIN(batch) FROM points WHERE state = ? AND batch > ?"
    assert "(state=? AND batch>?)" in ledger.execute(ask, ("waiting", 3)).fetchall()[0][-1]


@pytest.mark.parametrize("harm", [lambda part: part.unlink(), lambda part: part.write_bytes(part.read_bytes()[:-10])])
def test_results_name_a_part_that_is_gone_or_damaged(done, uptake, harm):
    part = sorted((done / "parts").iterdir())[1]
    harm(part)
    for words in (("results", done), ("robust", done), ("discover", done, "--where", "habitual < 0.4")):
        answer = uptake(*words)
        assert answer.code == 2 and str(part) in answer.err and f"--out {done} --resume" in answer.err


def test_means_say_over_how_many_points_they_are(done, monkeypatch):
    """Some points never pay back: what the others reach is not the mean of all."""
    found = results.read(done)
    known = found.table["habitual@8"].where(found.table["point"] < 3)
    part = pa.Table.from_pandas(found.table.assign(**{"habitual@8": known}))
    monkeypatch.setattr(results.Results, "parts", lambda *_: iter([part]))
    (said,) = (line for line in summary.lines(found) if line.startswith("habitual@8"))
    assert said.endswith(f"mean {summary.number(known.mean())} over the 3 points that reach it at all")


def test_results_in_words_and_as_csv(done, tmp_path, uptake, undisturbed):
    said = uptake("results", done)
    assert said.code == 0 and "36 of 36 points done" in said.out and "habitual@8" in said.out
    assert uptake("results", done, "--csv", tmp_path / "t.csv").code == 0
    assert (tmp_path / "t.csv").read_bytes() == undisturbed
    assert len(pd.read_csv(tmp_path / "t.csv")) == 108
    assert uptake("results", done, "--csv", tmp_path).code == 2
    assert uptake("results", done, "--csv", tmp_path / "no" / "t.csv").code == 2
    answer = uptake("results", done, "--csv", "/dev/full")
    assert answer.code == 1 and "No space left" in answer.err and "/dev/full" in answer.err
