"""What is wrong with a file, cell by cell: all of it, at once, and the message from the same cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.organisation import OrganisationError, read_organisation
from sim.organisation.errors import SHOWN, Fault


def faults(tmp_path: Path, text: str, ties: str = "", orphans: str | None = None) -> tuple[str, tuple[Fault, ...]]:
    """The message with which files are refused, and their faults."""
    roster, edges = tmp_path / "people.csv", tmp_path / "ties.csv"
    roster.write_text(text, encoding="utf-8")
    edges.write_text(ties, encoding="utf-8")
    with pytest.raises(OrganisationError) as caught:
        read_organisation(roster, ties_path=edges if ties else None, orphans=orphans)
    return str(caught.value), caught.value.faults


def cells(found: tuple[Fault, ...]) -> list[list[tuple[int, str, str]]]:
    return [[(cell.row, cell.column, cell.value) for cell in fault.cells] for fault in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id,boss\na,\n,a\n", [[(3, "id", "")]]),
        ("id,boss\na,\n\nb,a\nb,a\n", [[(4, "id", "b"), (5, "id", "b")]]),
        ("id,boss\na,\nb,c\nc,b\n", [[(3, "boss", "c"), (4, "boss", "b")]]),
        ("id,boss\na,\nb,\nc,a\nd,zz\n", [[(3, "boss", "")], [(5, "boss", "zz")]]),
        ("id,boss,role\na,,chief\nb,a,rep\n", [[(2, "role", "chief")]]),
        ("id,boss\na,\nb,a,x,y\n", [[(3, "", "4 cells")]]),
        ('id,boss\na,\n"b,a\n', [[(3, "", "")]]),
        ("who,boss\na,\n", [[]]),
    ],
)
def test_faults_have_their_cells(tmp_path: Path, text: str, expected: list[list[tuple[int, str, str]]]) -> None:
    message, found = faults(tmp_path, text)
    assert cells(found) == expected
    for fault in found:
        assert fault.wrong and fault.said in message and fault.remedy in message and fault.option in message
        assert "--" not in fault.said + fault.remedy


def test_different_faults_are_told_at_once(tmp_path: Path) -> None:
    message, found = faults(tmp_path, "id,boss,role\na,,\n,a,\nb,a,rep\nb,a,king\n")
    assert len(found) == 3 and message.count("Also: ") == 2
    message, found = faults(tmp_path, "id,boss\na,\nb,c\nc,b\nd,zz\n")
    assert [fault.choice for fault in found] == ["", "orphans"] and message.count("Also: ") == 1


def test_a_decision_about_orphans_leaves_the_circle(tmp_path: Path) -> None:
    message, found = faults(tmp_path, "id,boss\na,\nb,c\nc,b\nd,zz\n", orphans="attach")
    assert len(found) == 1 and "circle" in message and "--orphans" not in message


def test_the_message_shows_some_and_the_faults_all(tmp_path: Path) -> None:
    message, found = faults(tmp_path, "id,boss\na,\n" + "".join(f"p{i},gone{i}\n" for i in range(500)))
    assert message.count("'gone") == SHOWN and "(500 in all)" in message
    assert [cell.row for cell in found[0].cells] == list(range(3, 503))


def test_ties_have_their_cells(tmp_path: Path) -> None:
    roster = "id,boss\na,\nb,a\n"
    _, found = faults(tmp_path, roster, "ego,alter,contacts\na,b,1\na,b,often\nb,a,-1\n")
    assert cells(found) == [[(3, "contacts", "often"), (4, "contacts", "-1")]] and found[0].choice == "columns"
    _, found = faults(tmp_path, roster, "ego,alter\nx,b\na,y\n")
    assert cells(found) == [[(2, "ego", "x"), (3, "alter", "y")]]


def test_german_headers_and_roles_are_read(tmp_path: Path) -> None:
    path = tmp_path / "leute.csv"
    path.write_text(
        "Personal-Nr.;Führungskraft;Abteilung;Stellenbezeichnung;Standort;Rolle;Eintrittsdatum\n"
        "007;keine;Leitung;Vorstand;Köln;Vorstand;2010-02-01\n8;007;Süd;Leiter;Köln;Führungskraft;2011-02-01\n"
        "9;8;Süd;Fachkraft;Köln;Mitarbeiterin;2012-02-01\n",
        encoding="utf-8",
    )
    people = read_organisation(path)
    assert sorted(people.unit_names) == ["Leitung", "Süd"] and sorted(people.role.tolist()) == [0, 1, 2]
    assert people.title is not None and "Fachkraft" in people.title and "007" in people.ids


def test_a_file_of_an_older_program_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "leute.csv"
    path.write_bytes("Personalnummer;Vorgesetzter\n1;\n2;1\nMüller;1\n".encode("cp1252"))
    with pytest.raises(OrganisationError, match=r"line 4 .*0xFC.*'ü'.*CSV UTF-8 \(durch Trennzeichen getrennt\)"):
        read_organisation(path)


@pytest.mark.parametrize(
    "text", ["Overview of staff\nid,boss\na,\nb,a\n", "Overview of staff,,\nid,boss,unit\na,,x\n", "id\na\n"]
)
def test_too_few_headers_to_choose_from_are_sent_to_the_first_row(tmp_path: Path, text: str) -> None:
    message, (fault,) = faults(tmp_path, text)
    assert "first row" in message and "--map" not in message and fault.choice == ""


def test_of_enough_columns_the_right_one_can_be_said(tmp_path: Path) -> None:
    message, (fault,) = faults(tmp_path, "who,boss\na,\n")
    assert "--map person_id=" in message and "first row" not in message and fault.choice == "columns"
