"""Agent traces of a sweep: the states that Mesa's agents and ``uptake trace`` have, a row a person, only when asked."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from experiments.sweeps import agents, results, studies, sweep
from sim.passports import InputError
from sim.people import LEADERS

ASKED = """
title: Who
scenario: well-run
organisation: {headcount: 40}
levers:
  champions.one_per: [0, 8]
replicates: 11
weeks: 20
at: [3, 20]
outcomes: [habitual]
"""
LEADING = {column.name for column in LEADERS}


@pytest.fixture(scope="module")
def swept(tmp_path_factory, sweep_into):
    """Every state there is, of 40 people in 11 replicates of two points after weeks 3 and 20."""
    folder = tmp_path_factory.mktemp("agents")
    (folder / "who.yaml").write_text(f"{ASKED}agents: [{', '.join(agents.states())}]\n")
    assert sweep_into(folder / "who.yaml", folder / "out")["done"] == 2
    return folder / "out"


@pytest.fixture(scope="module")
def traces(swept):
    return pd.concat([part.to_pandas() for part in results.read(swept).traces()], ignore_index=True)


def test_one_row_for_each_point_replicate_week_and_person(traces):
    keys = ["run", "point", "replicate", "week", "person"]
    assert list(traces.columns) == [*keys, *agents.states()]
    assert len(traces) == 2 * 11 * 2 * 40 and not traces.duplicated(keys[1:]).any()
    order = traces.sort_values(keys[1:4], kind="stable")
    assert order.index.equals(traces.index) and set(traces["week"]) == {3, 20}
    assert traces["stage"].dtype == "category" and traces["has_access"].dtype == bool


@pytest.mark.parametrize(("point", "replicate"), [(0, 0), (1, 10)])
def test_states_are_those_of_the_mesa_agents(traces, point, replicate):
    from sim import AdoptionModel, generate
    from sim.scenario import load

    scenario = load("well-run", [f"levers.champions.one_per={(0, 8)[point]}"])
    model = AdoptionModel(generate(40), scenario, rng=1, weeks=20, worlds=True, replicate=replicate)
    for week in (3, 20):
        while model.week < week:
            model.step()
        chosen = traces.query("point == @point and replicate == @replicate and week == @week")
        assert list(chosen["person"]) == [agent.person_id for agent in model.by_row]
        for name in agents.states():
            theirs = [getattr(agent, name, np.nan) for agent in model.by_row]
            ours = chosen[name].tolist()
            assert ours == theirs or np.array_equal(ours, theirs, equal_nan=True), name
    assert traces["is_champion"].any() and traces["support"].isna().any() and traces["support"].notna().any()


def test_states_are_those_of_uptake_trace(traces):
    from sim import generate
    from sim.programme import prepare
    from sim.scenario import load
    from sim.trace import trace

    organisation = generate(40)
    programme = prepare(load("well-run", ["levers.champions.one_per=8"]), organisation, 20, "experience")
    told = trace(organisation, programme, 17, replicate=5).facts
    row = traces.query("point == 1 and replicate == 5 and week == 20 and person == @organisation.ids[17]").iloc[0]
    for ours, theirs in {"stage": "stage", "trust": "trust", "peer_use": "peer_use", "has_access": "access"}.items():
        assert row[ours] == told[theirs][-1]


def test_outcomes_are_the_same_with_and_without_traces(swept, tmp_path, sweep_into):
    (tmp_path / "who.yaml").write_text(ASKED)
    sweep_into(tmp_path / "who.yaml", tmp_path / "out")
    assert not (tmp_path / "out" / "agents").exists() and list(results.read(tmp_path / "out").traces()) == []
    plain, traced = results.read(tmp_path / "out").table, results.read(swept).table
    pd.testing.assert_frame_equal(plain.drop(columns="fingerprint"), traced.drop(columns="fingerprint"))


def test_a_lost_part_is_made_again(swept, tmp_path, sweep_into):
    import shutil

    out = tmp_path / "out"
    shutil.copytree(swept, out)
    (part,) = (out / "agents").iterdir()
    whole = part.read_bytes()
    part.write_bytes(whole[:-9])
    (out / "agents" / "agents-000000009-000000009.parquet").write_bytes(b"of a batch that was never done")
    assert sweep_into(swept.parent / "who.yaml", out)["done"] == 2
    assert [p.read_bytes() for p in (out / "agents").iterdir()] == [whole]


def test_other_states_are_another_sweep(swept, tmp_path, uptake):
    (tmp_path / "who.yaml").write_text(f"{ASKED}agents: [trust]\n")
    answer = uptake("sweep", tmp_path / "who.yaml", "--out", swept, "--resume")
    assert answer.code == 2 and "agents" in answer.err and "then" in answer.err


def planned(tmp_path, text):
    (tmp_path / "who.yaml").write_text(text)
    return sweep.plan(studies.load(tmp_path / "who.yaml"))


def test_unknown_states_are_answered(tmp_path):
    with pytest.raises(InputError, match=r'who\.yaml, line 11: agents: unknown state "trst"; did you mean'):
        planned(tmp_path, f"{ASKED}agents: [trst]\n")


ABSURD = [
    ("headcount: 40", "headcount: 20000"),
    ("[0, 8]", "{low: 0, high: 900, steps: 900}\n  leaders.modelling: {steps: 2000}"),
]


@pytest.mark.parametrize(("old", "new"), ABSURD)
def test_absurd_sizes_are_refused_before_anything_is_run(tmp_path, old, new, uptake):
    often = ASKED.replace("at: [3, 20]", f"at: {list(range(1, 21))}").replace("replicates: 11", "replicates: 64")
    (tmp_path / "who.yaml").write_text(f"{often}agents: [stage, trust]\n".replace(old, new))
    answer = uptake("sweep", tmp_path / "who.yaml", "--dry-run")
    assert answer.code == 2 and "rows" in answer.err and "GB" in answer.err and "leave out agents" in answer.err


def test_dry_run_says_how_large_they_are(tmp_path, uptake):
    (tmp_path / "who.yaml").write_text(f"{ASKED}agents: [stage, trust]\n")
    answer = uptake("sweep", tmp_path / "who.yaml", "--dry-run")
    assert answer.code == 0 and "1,760 rows" in answer.out


def test_batches_hold_few_points_of_many_people(tmp_path):
    text = ASKED.replace("headcount: 40", "headcount: 5000").replace("[0, 8]", "{steps: 200}").replace("11", "64")
    batches = [point[1] for point in planned(tmp_path, f"{text}agents: [stage, trust]\n").points()]
    assert batches == list(range(200))  # 640,000 rows a point: one point at a time
    assert max(point[1] for point in planned(tmp_path, text).points()) == 49


PEAK = """
import resource, sys
from pathlib import Path
from experiments.sweeps import studies, sweep
plan = sweep.plan(studies.load(sys.argv[1]))
sweep.sweep(plan, Path(sys.argv[2]), lambda job: sweep.Threads(plan, job, 1, lambda: False))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="megabytes as Linux counts them")
def test_memory_does_not_grow_with_points(tmp_path):
    """Ten times the points leave ten times the traces, 200 MB of them, in the memory of a few batches."""
    peaks = []
    for points in (40, 400):
        (tmp_path / "s.yaml").write_text(
            "title: T\nscenario: typical\norganisation: {headcount: 1000}\nlevers: {leaders.modelling: }\n"
            f"design: latin-hypercube\npoints: {points}\nreplicates: 16\nweeks: 2\nagents: [stage, trust]\n"
        )
        command = [sys.executable, "-c", PEAK, tmp_path / "s.yaml", tmp_path / f"out{points}"]
        peaks.append(int(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
    assert peaks[1] - peaks[0] < 60, peaks
