"""Descriptions, graphs out, and files that read back as the same organisation."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.organisation import (
    Organisation,
    OrganisationError,
    assemble,
    describe,
    generate,
    read_organisation,
    read_roster,
    ties_from_pairs,
    to_networkx,
    write_graphml,
    write_roster,
    write_ties,
)


@pytest.fixture
def small() -> Organisation:
    """One top, two heads, seven more; units of 6, 3 and 1; one person without any tie."""
    people = assemble(
        list("abcdefghij"),
        np.array([-1, 0, 0, 1, 1, 1, 1, 1, 2, 2]),
        unit=["Top", *["Sales", "Desk"], *["Sales"] * 5, *["Desk"] * 2],
        name="small",
    )
    at = people.index_of
    pairs = [("d", "e"), ("e", "d"), ("d", "b"), ("d", "f"), ("b", "a"), ("i", "d"), ("c", "b"), ("g", "h")]
    ego, alter = (np.array([at(pair[k]) for pair in pairs]) for k in range(2))
    return people.with_ties(ties_from_pairs(10, ego, alter, np.ones(len(pairs))))


def test_known_answers(small: Organisation) -> None:
    found = describe(small)
    assert (found.headcount, found.depth, found.roots) == (10, 2, 1)
    assert found.roles == {"executive": 1, "middle_manager": 2, "rep": 7}
    assert found.levels == {0: 1, 1: 2, 2: 7}
    assert found.units == {"Sales": 6, "other (under 5)": 4}
    assert (found.spans.managers, found.spans.median, found.spans.largest) == (3, 2, 5)
    assert found.spans.mean == pytest.approx(3)
    assert found.spans.share_below_5 == pytest.approx(2 / 3)
    assert found.spans.share_25_or_more == 0
    assert (found.ties.count, found.ties.isolated) == (8, 1)  # j
    assert found.ties.mean_named == pytest.approx(0.8)
    assert found.ties.reciprocity == pytest.approx(2 / 8)
    # in the team: d-e both ways, d-b, d-f, b-a, c-b (both below a), g-h; across: i-d
    assert found.ties.share_in_team == pytest.approx(7 / 8)
    assert found.ties.share_in_unit == 0
    assert found.ties.share_across == pytest.approx(1 / 8)


def test_a_description_is_json_without_ids_or_small_groups(small: Organisation) -> None:
    text = json.dumps(describe(small).to_dict(), allow_nan=False)
    assert "Desk" not in text
    people = generate(300)
    text = json.dumps(describe(people).to_dict(), allow_nan=False)
    assert not any(person in text for person in people.ids)


def test_nothing_to_divide_by() -> None:
    found = describe(assemble(["a"], np.array([-1])))
    assert found.spans.mean is None
    assert found.ties.reciprocity is None
    json.dumps(found.to_dict(), allow_nan=False)


def test_networkx(small: Organisation) -> None:
    graph = to_networkx(small)
    assert set(graph) == set("abcdefghij")
    assert graph.nodes["b"] == {"role": "middle_manager", "unit": "Sales", "level": 1}
    line = {(a, b) for a, b, kind in graph.edges(keys=True) if kind == "reports_to"}
    assert line == {("b", "a"), ("c", "a"), *((x, "b") for x in "defgh"), *((x, "c") for x in "ij")}
    assert graph.edges["d", "b", "tie"]["weight"] == pytest.approx(np.log(2), abs=1e-6)
    assert graph.number_of_edges() == 9 + 8


def test_graphml_is_the_same_graph(small: Organisation, tmp_path: Path) -> None:
    write_graphml(small, tmp_path / "g.graphml")
    ours, theirs = to_networkx(small), nx.read_graphml(tmp_path / "g.graphml")
    assert dict(ours.nodes(data=True)) == dict(theirs.nodes(data=True))

    def edges(graph: nx.MultiDiGraph) -> list[tuple[object, ...]]:
        return sorted((a, b, d["kind"], d.get("contacts", 0)) for a, b, d in graph.edges(data=True))

    assert edges(ours) == edges(theirs)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx", ".parquet"])
def test_round_trip(tmp_path: Path, suffix: str) -> None:
    people = generate(120, 3)
    write_roster(people, tmp_path / f"r{suffix}")
    write_ties(people, tmp_path / f"t{suffix}")
    again = read_organisation(tmp_path / f"r{suffix}", ties_path=tmp_path / f"t{suffix}")
    assert again.fingerprint == people.fingerprint
    assert again.notices == ()
    assert again.title is not None
    assert again.title.tolist() == people.title.tolist()  # type: ignore[union-attr]


def test_graphml_reads_back_as_ties(tmp_path: Path) -> None:
    people = generate(60)
    write_roster(people, tmp_path / "r.csv")
    write_graphml(people, tmp_path / "g.graphml")
    assert read_organisation(tmp_path / "r.csv", ties_path=tmp_path / "g.graphml").fingerprint == people.fingerprint


WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS, min_size=2, max_size=8), st.sampled_from([".csv", ".tsv", ".xlsx", ".parquet"]), st.data())
def test_round_trip_of_odd_words(tmp_path: Path, words: list[str], suffix: str, data: st.DataObject) -> None:
    """Whatever can be read can be written and read again: formulas, quotation marks, other scripts."""
    from sim.organisation.cells import clean, person_id

    ids = list(dict.fromkeys(person_id(clean(word)) or f"p{i}" for i, word in enumerate(words)))
    if len(ids) < 2:
        ids = ["=1+1", "@x"[1:]]
    manager = [-1, *(data.draw(st.integers(0, i - 1)) for i in range(1, len(ids)))]
    units = [clean(data.draw(WORDS)) or "u" for _ in ids]
    people = assemble(ids, np.array(manager), unit=[f"u {unit}" for unit in units])
    write_roster(people, tmp_path / f"r{suffix}")
    assert read_roster(tmp_path / f"r{suffix}").fingerprint == people.fingerprint


def test_formulas_stay_text(tmp_path: Path) -> None:
    import openpyxl

    people = assemble(["=1+1", "+2"], np.array([-1, 0]), unit=["@a", "-b"])
    write_roster(people, tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}


def test_files_appear_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = generate(20)
    target = tmp_path / "r.csv"
    target.write_text("before", encoding="utf-8")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_roster(people, target)
    assert target.read_text(encoding="utf-8") == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["r.csv"]


def test_files_that_cannot_be_written(tmp_path: Path) -> None:
    people = generate(20)
    for path, words in (
        (tmp_path / "none" / "r.csv", "no folder"),
        (tmp_path, "is not a kind of file"),
        (tmp_path / "r.doc", "'.doc'"),
    ):
        with pytest.raises(OrganisationError, match=words):
            write_roster(people, path)
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(OrganisationError, match="folder"):
        write_ties(people, tmp_path / "d.csv")
