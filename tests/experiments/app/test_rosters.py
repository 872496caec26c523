"""Rosters as they are sent: what is kept of them, and what their senders are told."""

from __future__ import annotations

import zipfile

import pytest

from experiments.app.pages.organisation.rosters import LARGEST_UNPACKED, Draft, Sent, headers, read, tried
from experiments.app.work import MOST_PEOPLE
from sim.organisation import OrganisationError

HEAD = "id,manager,department\n"


@pytest.fixture
def sent(tmp_path):
    """``sent(text)``: a file as uploads leave it, under a name that tells nothing; the sender calls it people.csv."""

    def make(text: str, name: str = "people.csv") -> Sent:
        path = tmp_path / f"ticket-{len(list(tmp_path.iterdir()))}.csv"
        path.write_text(text, encoding="utf-8")
        return Sent(path, name)

    return make


def refused(roster: Sent) -> str:
    with pytest.raises(OrganisationError) as error:
        read(Draft(roster))
    return str(error.value)


def test_people_are_kept_without_ids_and_under_the_senders_name(sent):
    roster = sent(HEAD + "anna,,A\nbert,anna,A\ncora,anna,B\ndora,zoe,B\n")
    ties = sent("ego,alter\nanna,bert\nbert,stranger\n", "ties.csv")
    found = read(Draft(roster, ties, {}, "attach"))
    assert found.name == "people" and found.headcount == 4
    assert not any(name in " ".join([*found.ids, *found.notices]) for name in ("anna", "stranger", "zoe", "ticket"))
    assert any(notice.startswith("ties.csv: 1 of 2 ties left out") for notice in found.notices)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("a,,\nb,a,\nc,,\nd,zz,\n", [("no manager, and not the top", [(4, "manager", "")]),
                                    ("a manager who is not in the file", [(5, "manager", "zz")])]),
        ("a,,\na,a,\nb,a,\n", [("the same person id more than once", [(2, "id", "a"), (3, "id", "a")])]),
        ("a,b,\nb,a,\nc,a,\n", [("a reporting line that runs in a circle", [(2, "manager", "b"),
                                                                           (3, "manager", "a")])]),
        ("a,,\n,a,\n", [("no person id", [(3, "id", "")])]),
        ("a,,\nb,a,A,B\n", [("more cells than the header has columns (3)", [(3, "", "4 cells")])]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_row_column_and_value(sent, rows, expected):
    found = tried(Draft(sent(HEAD + rows)))
    assert [(f.wrong, [(c.row, c.column, c.value) for c in f.cells]) for f in found.faults] == expected
    assert all(f.remedy for f in found.faults)
    assert found.said.startswith("people.csv: ") and "to be mended" in found.said and "--" not in found.said
    assert found.choices == ({"orphans"} if "manager," in str(expected) else {""})


def test_all_that_is_wrong_is_told_at_once(sent):
    roster = sent("id,manager,role\na,,\n,a,\nb,a,rep\nb,a,boss\n")
    found = tried(Draft(roster))
    assert [len(fault.cells) for fault in found.faults] == [1, 2, 1] and "3 rows to be mended" in found.said
    tangled = tried(Draft(sent("id,manager\na,\nb,c\nc,b\nd,zz\ne,\n")))
    assert [len(fault.cells) for fault in tangled.faults] == [2, 1, 1]


def test_every_row_is_there(sent):
    found = tried(Draft(sent(HEAD + "a,,\n" + "".join(f"p{i},gone{i},\n" for i in range(3000)))))
    (fault,) = found.faults
    assert [cell.row for cell in fault.cells] == list(range(3, 3003)) and "3,000 rows" in found.said


def test_what_was_decided_is_told_as_it_can_be_decided_here(sent):
    """Nothing is quoted from the files, and no option of the command line is named."""
    ties = sent("ego,alter,relation\na,b,advice\nb,a,friend\nb,z,friend\n", "ties.csv")
    notices = read(Draft(sent(HEAD + "a,,A\nb,a,A\n"), ties)).notices
    assert "ties.csv: relations added up; to take one, leave the others out of the file" in notices
    assert "ties.csv: 1 of 3 ties left out, with 1 person not in the organisation" in notices


def test_of_two_files_of_one_name_the_one_that_is_wrong_says_so(sent):
    roster, ties = sent(HEAD + "a,,\nb,zz,\n"), sent("ego,alter\na,b\n")
    assert tried(Draft(roster, ties)).choices == {"orphans"}
    ties = sent("ego,alter,contacts\na,b,often\n")
    found = tried(Draft(sent(HEAD + "a,,\nb,a,\n"), ties))
    assert found.said.startswith("people.csv: ") and found.choices == {"columns"}


def test_the_file_that_is_wrong_is_named(sent):
    roster, ties = sent(HEAD + "a,,\nb,a,\n"), sent("ego,alter,contacts\na,b,often\n", "ties.csv")
    found = tried(Draft(roster, ties))
    assert found.said.startswith("ties.csv: ") and found.choices == {"columns"}
    assert [(c.row, c.column, c.value) for f in found.faults for c in f.cells] == [(2, "contacts", "often")]


def test_a_german_roster_is_read_or_its_encoding_explained(sent, tmp_path):
    text = (
        "Personalnummer;Vorgesetzter;Abteilung;Rolle\n1;;Geschäftsführung;Vorstand\n2;1;Vertrieb Süd;Führungskraft\n"
        "3;2;Vertrieb Süd;Mitarbeiter\n"
    )
    found = read(Draft(sent(text)))
    assert set(found.unit_names) == {"Geschäftsführung", "Vertrieb Süd"} and found.role.tolist() == [0, 1, 2]
    old = tmp_path / "old.csv"
    old.write_bytes(text.encode("cp1252"))
    told = tried(Draft(Sent(old, "old.csv"))).said
    assert "line 2" in told and "'ä'" in told and "CSV UTF-8 (durch Trennzeichen getrennt)" in told


def test_unrecognised_columns_can_be_named(sent):
    roster = sent("Who,Above\na,\nb,a\n")
    found = tried(Draft(roster))
    assert (
        found.choices == {"columns"}
        and not found.faults
        and "--" not in found.said
        and headers(roster) == ["Who", "Above"]
    )
    assert read(Draft(roster, None, {"person_id": "Who", "manager_id": "Above"})).headcount == 2


def test_too_many_people_are_refused(sent):
    rows = "".join(f"{i},{'' if i == 0 else 0},\n" for i in range(MOST_PEOPLE + 1))
    assert f"{MOST_PEOPLE:,} at most" in refused(sent(HEAD + rows))


def test_what_unpacks_to_too_much_is_refused_unread(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("sheet.xml", "w") as part:
        for _ in range(LARGEST_UNPACKED // (1 << 24) + 1):
            part.write(b"0" * (1 << 24))
    assert "unpacks to" in refused(Sent(path, "bomb.xlsx"))
