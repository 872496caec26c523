"""Ties: the compressed lists, and reading them from edge lists and graph files."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.organisation import Organisation, OrganisationError, generate, read_organisation, ties_from_pairs
from sim.organisation.ties import CONTACT_CAP

PAIRS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(0, 60)), max_size=40)


@settings(max_examples=300, deadline=None)
@given(PAIRS, st.sampled_from([1.0, 0.1]))
def test_compressed_lists_hold_the_sums(pairs: list[tuple[int, int, int]], unit: float) -> None:
    ego, alter, contact = (np.array([pair[k] for pair in pairs], dtype=np.int64) for k in range(3))
    ties = ties_from_pairs(8, ego, alter, contact * unit)
    total: dict[tuple[int, int], float] = {}
    for a, b, c in pairs:
        if a != b and c:
            total[a, b] = total.get((a, b), 0.0) + c * unit
    assert list(zip(ties.egos.tolist(), ties.neighbours.tolist(), strict=True)) == sorted(total)
    expected = [np.log1p(min(total[pair], CONTACT_CAP)) for pair in sorted(total)]
    np.testing.assert_allclose(ties.weights, expected, rtol=1e-6)
    assert (ties.offsets.dtype, ties.neighbours.dtype, ties.weights.dtype) == (np.int64, np.int32, np.float32)


@given(st.integers(1, 100))
def test_contacts_come_back_from_weights(contact: int) -> None:
    ties = ties_from_pairs(2, np.array([0]), np.array([1]), np.array([contact]))
    assert ties.contacts.tolist() == [contact]


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text("id,manager_id\n1,\n2,1\n3,1\n4,2\n", encoding="utf-8")
    return path


def read(roster: Path, text: str, name: str = "ties.csv", **options: object) -> Organisation:
    path = roster.with_name(name)
    path.write_text(text, encoding="utf-8")
    return read_organisation(roster, ties_path=path, **options)  # type: ignore[arg-type]


def edges(people: Organisation) -> dict[tuple[str, str], float]:
    ties = people.ties
    return {
        (people.ids[a], people.ids[b]): round(c, 3)
        for a, b, c in zip(ties.egos, ties.neighbours, ties.contacts.tolist(), strict=True)
    }


@pytest.mark.parametrize(
    "header",
    [
        "ego,alter,n",
        "source,target,weight",
        "From,To,Count",
        "Sender,Recipient,n_emails",
        "person_id,colleague_id,freq",
    ],
)
def test_common_headers_are_recognised(roster: Path, header: str) -> None:
    assert edges(read(roster, f"{header}\n1,2,3\n1,2,4\n2,1,200\n")) == {("1", "2"): 7, ("2", "1"): 100}


def test_no_count_means_one(roster: Path) -> None:
    assert edges(read(roster, "ego,alter\n1,2\n1,2\n3,1\n")) == {("1", "2"): 2, ("3", "1"): 1}


def test_any_two_columns_by_mapping(roster: Path) -> None:
    text = "who,whom,much\n1,2,5\n"
    with pytest.raises(OrganisationError, match="--map ego="):
        read(roster, text)
    mapping = {"ego": "who", "alter": "whom", "contact": "much"}
    assert edges(read(roster, text, mapping=mapping)) == {("1", "2"): 5}


def test_relations(roster: Path) -> None:
    text = "ego,alter,relation\n1,2,advice\n1,2,friend\n2,3,friend\n4,2,reports_to\n"
    both = read(roster, text)
    assert edges(both) == {("1", "2"): 2, ("2", "3"): 1}
    assert any("added up: 'advice', 'friend'" in notice for notice in both.notices)
    assert any("reports_to" in notice for notice in both.notices)
    assert edges(read(roster, text, relation="Friend")) == {("1", "2"): 1, ("2", "3"): 1}
    assert edges(read(roster, text, relation="reports_to")) == {("4", "2"): 1}
    with pytest.raises(OrganisationError, match="nearest is 'advice'"):
        read(roster, text, relation="advise")
    with pytest.raises(OrganisationError, match="no relation column"):
        read(roster, "ego,alter\n1,2\n", relation="advice")
    with pytest.raises(OrganisationError, match="no ties file"):
        read_organisation(roster, relation="advice")


def test_a_column_of_directions_is_not_a_relation(roster: Path) -> None:
    text = "Source,Target,Type,Id,Label,Weight\n1,2,Undirected,0,,3\n1,3,Directed,1,,1\n"
    assert edges(read(roster, text)) == {("1", "2"): 3, ("2", "1"): 3, ("1", "3"): 1}


def test_strangers_are_left_out_and_counted(roster: Path) -> None:
    people = read(roster, "ego,alter\n1,2\n1,77\n88,99\n")
    assert edges(people) == {("1", "2"): 1}
    notice = next(notice for notice in people.notices if "77" in notice)
    assert "2 of 3" in notice
    assert "3 people" in notice
    with pytest.raises(OrganisationError, match="same ids"):
        read(roster, "ego,alter\n77,78\n")


@pytest.mark.parametrize("wrong", ["-1", "x", "", "nan", "inf", "1,5"])
def test_contact_must_be_a_number(roster: Path, wrong: str) -> None:
    with pytest.raises(OrganisationError, match="row 3") as caught:
        read(roster, f"ego;alter;weight\n1;2;1\n1;3;{wrong}\n")
    assert f"'{wrong}'" in str(caught.value)


def test_ties_that_say_nothing(roster: Path) -> None:
    people = read(roster, "ego,alter,n\n1,2,1\n1,1,5\n1,3,0\n")
    assert edges(people) == {("1", "2"): 1}
    assert sum("left out" in notice for notice in people.notices) == 2
    with pytest.raises(OrganisationError, match="no tie is left"):
        read(roster, "ego,alter,n\n1,3,0\n")
    with pytest.raises(OrganisationError, match="no ties below"):
        read(roster, "ego,alter,n\n")
    with pytest.raises(OrganisationError, match="empty"):
        read(roster, "")
    with pytest.raises(OrganisationError, match="no such file"):
        read_organisation(roster, ties_path=roster.with_name("none.csv"))
    with pytest.raises(OrganisationError, match=r"'\.png'"):
        read(roster, "x", "ties.png")


@pytest.mark.parametrize("kind", [nx.DiGraph, nx.Graph, nx.MultiDiGraph])
@pytest.mark.parametrize("suffix", [".graphml", ".gexf"])
def test_graph_files(roster: Path, kind: type[nx.Graph], suffix: str) -> None:
    graph = kind()
    graph.add_nodes_from(["1", "2", "3", "4"])
    graph.add_edge("1", "2", weight=5)
    graph.add_edge("3", "4", weight=2.5)
    path = roster.with_name(f"ties{suffix}")
    (nx.write_graphml if suffix == ".graphml" else nx.write_gexf)(graph, path)
    expected = {("1", "2"): 5.0, ("3", "4"): 2.5}
    if not graph.is_directed():
        expected |= {(b, a): n for (a, b), n in expected.items()}
    assert edges(read_organisation(roster, ties_path=path)) == expected


def test_graph_files_by_label(roster: Path) -> None:
    graph = nx.DiGraph([("n0", "n1"), ("n1", "n2")])
    nx.set_node_attributes(graph, {"n0": "1", "n1": "2", "n2": "9"}, "label")
    path = roster.with_name("ties.graphml")
    nx.write_graphml(graph, path)
    assert edges(read_organisation(roster, ties_path=path)) == {("1", "2"): 1}


def test_the_direction_of_an_edge_overrides_that_of_the_graph(roster: Path) -> None:
    text = """<graphml><graph edgedefault="undirected"><edge source="1" target="2" directed="true"/>
    <edge source="1" target="3"/></graph></graphml>"""
    assert set(edges(read(roster, text, "t.graphml"))) == {("1", "2"), ("1", "3"), ("3", "1")}
    text = """<gexf><graph defaultedgetype="directed"><edges><edge source="1" target="2" weight="3"/>
    <edge source="1" target="3" type="undirected"/></edges></graph></gexf>"""
    assert edges(read(roster, text, "t.gexf")) == {("1", "2"): 3, ("1", "3"): 1, ("3", "1"): 1}


BOMB = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<graphml><graph><edge source="1" target="2"><data key="x">&b;</data></edge></graph></graphml>"""
FETCH = """<!DOCTYPE g SYSTEM "file:///etc/hostname"><graphml><graph><edge source="1" target="2"/></graph></graphml>"""


@pytest.mark.parametrize("text", [BOMB, FETCH])
def test_document_types_are_refused(roster: Path, text: str) -> None:
    with pytest.raises(OrganisationError, match="DOCTYPE"):
        read(roster, text, "t.graphml")


@pytest.mark.parametrize(
    "text", ["", "x", "<graphml>", "<graphml/>", "<a>&boom;</a>", '<?xml version="1.0" encoding="klingon"?><a/>']
)
def test_broken_graph_files_are_refused(roster: Path, text: str) -> None:
    with pytest.raises(OrganisationError, match=r"t\.gexf"):
        read(roster, text, "t.gexf")


def test_without_a_file_ties_are_drawn_and_said_to_be(roster: Path) -> None:
    people = read_organisation(roster, seed=5)
    assert people.ties.count
    assert any("drawn from the reporting line (seed 5)" in notice for notice in people.notices)
    assert people.fingerprint == read_organisation(roster, seed=5).fingerprint


def test_drawn_ties_cluster_and_do_not_grow_with_headcount() -> None:
    means = []
    for headcount in (300, 3000):
        people = generate(headcount)
        ties = people.ties
        means.append(ties.count / headcount)
        graph = nx.Graph()
        graph.add_edges_from(zip(ties.egos.tolist(), ties.neighbours.tolist(), strict=True))
        assert nx.average_clustering(graph) > 0.2  # a random graph of this density: below 0.05
    assert all(11 < mean < 13 for mean in means)
