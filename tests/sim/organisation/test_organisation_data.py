"""The shipped roster, and real and published rosters where the folder that holds them is given by UPTAKE_DATA."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.organisation import Organisation, OrganisationError, describe, read_organisation

ORGS = Path(__file__).parents[3] / "scenarios" / "orgs"
DATA = Path(os.environ.get("UPTAKE_DATA", ""))
needs_data = pytest.mark.skipif("UPTAKE_DATA" not in os.environ, reason="UPTAKE_DATA does not name the data folder")


def read(name: str, ties: bool = False, **options: object) -> Organisation:
    folder = DATA / name
    return read_organisation(folder / "people.csv", ties_path=folder / "edges.csv" if ties else None, **options)  # type: ignore[arg-type]


def test_the_sample_roster() -> None:
    people = read_organisation(ORGS / "meridian.csv", ties_path=ORGS / "meridian_ties.csv")
    found = describe(people)
    assert people.notices == ()
    assert 290 <= found.headcount <= 330
    assert found.roots == 1
    assert 4 <= found.depth <= 5
    assert found.roles["executive"] >= 3
    assert found.spans.median is not None
    assert 5 <= found.spans.median <= 6
    assert found.spans.share_25_or_more is not None
    assert found.spans.share_25_or_more > 0.08
    assert 10 < found.ties.mean_named < 13
    assert people.title is not None
    assert people.location is not None
    assert people.hired is not None
    text = (ORGS / "meridian.csv").read_text(encoding="utf-8")
    assert "@" not in text


@needs_data
def test_adventureworks() -> None:
    people = read("adventureworks")
    found = describe(people)
    assert (found.headcount, found.spans.managers, found.roots, people.n_units) == (290, 47, 1, 16)
    assert found.depth == 4


@needs_data
def test_manufacturing_email() -> None:
    with pytest.raises(OrganisationError, match="13 people besides '86'") as caught:
        read("manufacturing_email")
    assert "(13 in all)" in str(caught.value)
    dropped = describe(read("manufacturing_email", ties=True, orphans="drop"))
    assert (dropped.headcount, dropped.spans.managers, dropped.depth) == (154, 34, 5)
    assert dropped.ties.count == 5783 - 68
    attached = read("manufacturing_email", ties=True, orphans="attach")
    assert (attached.headcount, attached.ties.count) == (167, 5783)
    assert attached.ids[attached.roots[0]] == "86"
    assert any("themselves" in notice for notice in attached.notices)


@needs_data
def test_krackhardt_hightech() -> None:
    for relation, count in (("advice", 190), ("friend", 102), ("reports_to", 20)):
        people = read("krackhardt_hightech", ties=True, relation=relation)
        assert (people.headcount, people.ties.count) == (21, count)
    people = read("krackhardt_hightech", ties=True)
    assert any("added up" in notice for notice in people.notices)


def test_importing_the_package_stays_light() -> None:
    """The command line must answer at once, so nothing heavy is imported before it is needed."""
    heavy = ("pandas", "pyarrow", "networkx", "openpyxl", "scipy", "numba")
    code = f"import sys, sim.organisation; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ORGS.parents[1])
    assert done.stdout.strip() == "[]"
