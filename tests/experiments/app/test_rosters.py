"""Rosters as they are sent: what is kept of them, and what their senders are told."""

from __future__ import annotations

import zipfile

import pytest

from experiments.app.rosters import LARGEST_UNPACKED, Sent, headers, read, trouble
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


def refused(*given) -> str:
    with pytest.raises(OrganisationError) as error:
        read(*given)
    return str(error.value)


def test_people_are_kept_without_ids_and_under_the_senders_name(sent):
    roster = sent(HEAD + "anna,,A\nbert,anna,A\ncora,anna,B\ndora,zoe,B\n")
    ties = sent("ego,alter\nanna,bert\nbert,stranger\n", "ties.csv")
    found = read(roster, ties, {}, "attach")
    assert found.name == "people" and found.headcount == 4
    assert not any(name in " ".join([*found.ids, *found.notices]) for name in ("anna", "stranger", "zoe", "ticket"))
    assert any(notice.startswith("ties.csv: 1 of 2 ties left out") for notice in found.notices)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("a,,\nb,a,\nc,,\nd,zz,\n", [(2, "without a manager"), (4, "without a manager"),
                                    (5, "whose manager is not in the file")]),
        ("a,,\na,a,\nb,a,\n", [(2, "the same person id more than once"), (3, "the same person id more than once")]),
        ("a,b,\nb,a,\nc,a,\n", [(2, "the reporting line runs in a circle"),
                                     (3, "the reporting line runs in a circle")]),
        ("a,,\n,a,\n", [(3, "no person id")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_row_without_ids(sent, rows, expected):
    found = trouble(refused(sent(HEAD + rows), None, {}, None))
    assert list(found.rows) == expected
    assert found.said.startswith("people.csv: ") and "--" not in found.said and "'" not in found.said
    assert found.orphans == ("whose" in str(expected))


def test_many_rows_are_counted(sent):
    found = trouble(refused(sent(HEAD + "a,,\n" + "".join(f"p{i},gone{i},\n" for i in range(30))), None, {}, None))
    assert len(found.rows) == 10 and "30 in all" in found.said


def test_unrecognised_columns_can_be_named(sent):
    roster = sent("Who,Above\na,\nb,a\n")
    found = trouble(refused(roster, None, {}, None))
    assert found.columns and not found.rows and headers(roster) == ["Who", "Above"]
    assert read(roster, None, {"person_id": "Who", "manager_id": "Above"}, None).headcount == 2


def test_too_many_people_are_refused(sent):
    rows = "".join(f"{i},{'' if i == 0 else 0},\n" for i in range(MOST_PEOPLE + 1))
    assert f"{MOST_PEOPLE:,} at most" in refused(sent(HEAD + rows), None, {}, None)


def test_what_unpacks_to_too_much_is_refused_unread(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("sheet.xml", "w") as part:
        for _ in range(LARGEST_UNPACKED // (1 << 24) + 1):
            part.write(b"0" * (1 << 24))
    assert "unpacks to" in refused(Sent(path, "bomb.xlsx"), None, {}, None)
