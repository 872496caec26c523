"""Small studies that the tests of sweeps share."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.sweeps import results, studies, study, sweep

SMALL = """
title: Small
question: Does it hold together?
scenarios: [typical, middling]
organisation: {headcount: 30}
levers:
  champions.one_per: [0, 25, 10]
  rollout.style: [big-bang, fixed-waves]
  leaders.modelling: {low: 0, high: 1, steps: 3}
replicates: 3
weeks: 8
outcomes: [habitual, payback_week]
at: [4, 8]
"""


@pytest.fixture
def small(tmp_path) -> Path:
    """A study of 36 points in 10 batches, as a file."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return path


@pytest.fixture(scope="session")
def sweep_into():
    """``sweep_into(study, folder, jobs=2)``: sweep in this process, and return how many points are in each state."""

    def carry_out(file, folder, jobs: int = 2, cancelled=lambda: False):
        plan = sweep.plan(studies.load(file) if not isinstance(file, study.Study) else file)
        return sweep.sweep(plan, Path(folder), lambda job: sweep.Threads(plan, job, jobs, cancelled))

    return carry_out


@pytest.fixture(scope="session")
def csv_of(tmp_path_factory):
    """``csv_of(folder)``: the sorted table as CSV, bytes."""

    def read(folder) -> bytes:
        place = tmp_path_factory.mktemp("csv") / "table.csv"
        results.write_csv(results.read(folder), place)
        return place.read_bytes()

    return read


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory, sweep_into, csv_of) -> bytes:
    """The table of the small study, swept without any disturbance, as CSV."""
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "small.yaml").write_text(SMALL)
    counts = sweep_into(folder / "small.yaml", folder / "out", jobs=1)
    assert counts == {"waiting": 0, "running": 0, "done": 36, "failed": 0}
    return csv_of(folder / "out")
