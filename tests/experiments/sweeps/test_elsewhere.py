"""A sweep's folder opened by pandas, Arrow, DuckDB and SQLite, where this package cannot be imported at all."""

from __future__ import annotations

import subprocess
import sys

import pytest

BARE = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("sim", "experiments", "scenarios"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
"""
PANDAS = """
import pandas as pd
points, people = pd.read_parquet("out/parts"), pd.read_parquet("out/agents")
assert points["rollout.style"].unique().tolist() == ["big-bang", "fixed-waves"]
assert points["habitual@8"].dtype == "float32" and points["scenario"].dtype == "str"
assert people["stage"].dtype == "category" and people["person"].nunique() == 30
both = people.merge(points, on=["run", "point", "replicate"], validate="many_to_one")
print(len(points), len(people), len(both))
"""
ARROW = """
from pyarrow import dataset
points, people = dataset.dataset("out/parts").to_table(), dataset.dataset("out/agents").to_table()
print(points.num_rows, people.num_rows, people.join(points, ["run", "point", "replicate"]).num_rows)
"""
DUCKDB = """
import duckdb
kinds = dict((name, kind) for name, kind, *_ in duckdb.sql("DESCRIBE SELECT * FROM 'out/agents/*.parquet'").fetchall())
assert kinds["stage"] == kinds["person"] == "VARCHAR" and kinds["trust"] == "FLOAT"
counts = ["SELECT count(*) FROM 'out/parts/*.parquet'", "SELECT count(*) FROM 'out/agents/*.parquet'",
    "SELECT count(*) FROM 'out/agents/*.parquet' JOIN 'out/parts/*.parquet' USING (run, point, replicate)"]
print(*(duckdb.sql(count).fetchall()[0][0] for count in counts))
"""
LEDGER = """
import sqlite3
ledger = sqlite3.connect("file:out/sweep.sqlite?mode=ro", uri=True)
(points,) = ledger.execute("SELECT count(*) FROM points WHERE state = 'done'").fetchone()
(title,) = ledger.execute("SELECT value FROM facts WHERE name = 'title'").fetchone()
print(points, title, *(count for (count,) in ledger.execute("SELECT count(*) FROM parts GROUP BY kind")))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory, sweep_into):
    from tests.experiments.sweeps.conftest import SMALL

    place = tmp_path_factory.mktemp("elsewhere")
    (place / "s.yaml").write_text(f"{SMALL}agents: [stage, trust]\n")
    sweep_into(place / "s.yaml", place / "out")
    return place


def bare(code, folder):
    """What the code says in a process of its own, in the folder of ``out``."""
    command = [sys.executable, "-I", "-c", BARE + code]
    answer = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.split()


def test_this_package_is_not_there(folder):
    answer = subprocess.run([sys.executable, "-I", "-c", f"{BARE}import experiments"], capture_output=True, text=True)
    assert "ModuleNotFoundError" in answer.stderr


@pytest.mark.parametrize("code", [PANDAS, ARROW, DUCKDB], ids=["pandas", "arrow", "duckdb"])
def test_both_tables_open_and_join(code, folder):
    assert bare(code, folder) == ["108", "6480", "6480"]


def test_the_ledger_opens(folder):
    assert bare(LEDGER, folder) == ["36", "Small", "10", "10"]
