"""Reading rosters: every anomaly has a decided behaviour, and nothing but OrganisationError is ever raised."""

from __future__ import annotations

import datetime
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.organisation import OrganisationError, Role, read_organisation, read_roster

SMALL = "person_id,manager_id,unit,title\n1,,Top,Chief\n2,1,Sales,Head\n3,2,Sales,Rep\n4,2,Sales,Rep\n"


def roster(tmp_path: Path, content: str | bytes, name: str = "roster.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def expect_refusal(path: Path, *words: str, **options: object) -> str:
    """The message with which a roster is refused, which must hold the words."""
    with pytest.raises(OrganisationError) as caught:
        read_organisation(path, **options)  # type: ignore[arg-type]
    message = str(caught.value)
    for word in words:
        assert word in message, message
    return message


def test_a_plain_roster_is_read_whole(tmp_path: Path) -> None:
    people = read_roster(roster(tmp_path, SMALL))
    assert people.headcount == 4
    assert people.unit_names == ("Sales", "Top")
    assert people.ids.tolist() == ["2", "3", "4", "1"]  # by unit, level and id
    assert people.manager.tolist() == [3, 0, 0, -1]
    assert people.level.tolist() == [1, 2, 2, 0]
    assert people.role.tolist() == [Role.MIDDLE_MANAGER, Role.REP, Role.REP, Role.EXECUTIVE]
    assert people.title is not None
    assert people.title.tolist() == ["Head", "Rep", "Rep", "Chief"]
    assert people.reports[people.reports_offsets[0] : people.reports_offsets[1]].tolist() == [1, 2]
    assert people.notices == ()


@pytest.mark.parametrize(
    ("person", "manager"),
    [
        ("PersonId", "ManagerId"),
        ("employee_id", "Reports To"),
        ("EmployeeNumber", "manager id"),
        ("Worker ID", "Supervisor"),
        (" EMPLOYEE-ID ", "Line Manager"),
        ("ID", "Manager Employee ID"),
        ("Employee #", "reports_to_id"),
    ],
)
def test_common_headers_are_recognised(tmp_path: Path, person: str, manager: str) -> None:
    people = read_roster(roster(tmp_path, SMALL.replace("person_id,manager_id", f"{person},{manager}")))
    assert people.headcount == 4


def test_a_mapping_names_columns_nobody_would_guess(tmp_path: Path) -> None:
    path = roster(tmp_path, SMALL.replace("person_id,manager_id", "Zahl,Chef"))
    expect_refusal(path, "person_id", "manager_id", "'Zahl'", "--map")
    mapping = {"person_id": "Zahl", "manager_id": "chef"}
    assert read_roster(path, mapping=mapping).headcount == 4


def test_a_mapping_wins_over_what_is_recognised(tmp_path: Path) -> None:
    path = roster(tmp_path, "id,manager,supervisor_id\na,,\nb,a,a\nc,a,b\n")
    expect_refusal(path, "'manager'", "'supervisor_id'", "--map manager_id=")
    assert read_roster(path, mapping={"manager_id": "supervisor_id"}).level.max() == 2
    assert read_roster(path, mapping={"manager_id": "manager"}).level.max() == 1


def test_a_wrong_mapping_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    path = roster(tmp_path, SMALL)
    expect_refusal(path, "'manger_id'", "'manager_id'", mapping={"manger_id": "manager_id"})
    expect_refusal(path, "'Managr Id'", "nearest is 'manager_id'", mapping={"manager_id": "Managr Id"})
    expect_refusal(path, "both", mapping={"manager_id": "unit", "title": "unit"})


def test_two_columns_for_one_field_are_refused(tmp_path: Path) -> None:
    expect_refusal(roster(tmp_path, "id,id,manager\n1,1,\n2,2,1\n"), "2 columns could be person_id")


def test_names_and_addresses_are_not_kept(tmp_path: Path) -> None:
    path = roster(tmp_path, "id,manager_id,Name,E-mail\n1,,Ann Lee,ann@firm.example\n2,1,Bo Day,bo@firm.example\n")
    kept = repr(vars(read_organisation(path)))
    assert "Ann" not in kept
    assert "firm.example" not in kept


def test_addresses_as_ids_are_replaced(tmp_path: Path) -> None:
    path = roster(tmp_path, "id,manager_id\nann@firm.example,\nBo@firm.example,Ann@firm.example\n")
    ties = roster(tmp_path, "from,to\nbo@firm.example,ann@firm.example\n", "ties.csv")
    people = read_organisation(path, ties_path=ties)
    assert people.ties.count == 1
    assert not any("@" in person for person in people.ids)
    message = expect_refusal(roster(tmp_path, "id,manager_id\na@b.example,\na@b.example,\n"), "more than once")
    assert "@" not in message


@pytest.mark.parametrize("zero", ["007", "0012345", "9007199254740993", "18446744073709551615"])
def test_ids_are_text(tmp_path: Path, zero: str) -> None:
    people = read_roster(roster(tmp_path, f"id,manager_id\n{zero},\n2,{zero}\n"))
    assert zero in people.ids.tolist()


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-8-sig", b""), ("utf-16", b""), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")]
)
def test_marked_encodings_are_read(tmp_path: Path, encoding: str, mark: bytes) -> None:
    people = read_roster(roster(tmp_path, mark + SMALL.replace("Sales", "Vertrieb Süd").encode(encoding)))
    assert people.unit_names == ("Top", "Vertrieb Süd")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16-le", "utf-32", "cp037"])
def test_other_encodings_are_refused(tmp_path: Path, encoding: str) -> None:
    content = SMALL.replace("Sales", "Süd")
    message = expect_refusal(roster(tmp_path, content.encode(encoding)), "line", "UTF-8")
    assert encoding != "cp1252" or "line 3" in message
    assert encoding != "cp1252" or "0xFC" in message


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_delimiters_are_found_out(tmp_path: Path, mark: str) -> None:
    assert read_roster(roster(tmp_path, SMALL.replace(",", mark))).headcount == 4
    assert read_roster(roster(tmp_path, f"sep={mark}\n" + SMALL.replace(",", mark))).headcount == 4


def test_old_line_ends_quotes_and_short_rows(tmp_path: Path) -> None:
    text = 'id,manager_id,unit,title\r\n1,,"Sales, ""big""\nones"\r\n2,1,"Sales, ""big""\nones",Rep\r\n\r\n'
    people = read_roster(roster(tmp_path, text))
    assert people.unit_names == ('Sales, "big" ones',)
    assert read_roster(roster(tmp_path, SMALL.replace("\n", "\r"))).headcount == 4


def test_rows_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    expect_refusal(roster(tmp_path, SMALL + "5,2,Sales,Rep,extra\n"), "row 6", "4")
    assert read_roster(roster(tmp_path, SMALL + "5,2,Sales,Rep,,\n")).headcount == 5
    expect_refusal(roster(tmp_path, SMALL + '5,2,"Sales,Rep\n'), "row 6", "quotation mark")
    expect_refusal(roster(tmp_path, SMALL + "x" * 200_000), "row 6")
    expect_refusal(roster(tmp_path, "x" * 200_000), "row 1")


def test_blank_rows_are_skipped_and_counted(tmp_path: Path) -> None:
    lines = SMALL.splitlines()
    text = "\n".join(["", lines[0], *lines[1:3], "", " , ,, ", *lines[3:], "", ""])
    people = read_roster(roster(tmp_path, text))
    assert people.headcount == 4
    assert any("5, 6" in notice for notice in people.notices)


def test_white_space_around_ids_goes(tmp_path: Path) -> None:
    people = read_roster(roster(tmp_path, "id,manager_id\n 1 ,\n2\u00a0, 1\u200b\n"))
    assert people.ids.tolist() == ["1", "2"]


@pytest.mark.parametrize("nobody", ["", "NULL", "None", "N/A", "-", "nan", "#N/A", " null ", "0"])
def test_words_for_no_manager(tmp_path: Path, nobody: str) -> None:
    people = read_roster(roster(tmp_path, SMALL.replace("1,,Top", f"1,{nobody},Top")))
    assert people.roots.tolist() == [3]


def test_a_person_may_be_called_like_nobody(tmp_path: Path) -> None:
    people = read_roster(roster(tmp_path, "id,manager_id\n0,\n5,0\nNA,0\n7,NA\n"))
    assert people.manager[people.index_of("7")] == people.index_of("NA")


def test_a_self_manager_is_a_root_with_a_notice(tmp_path: Path) -> None:
    people = read_roster(roster(tmp_path, SMALL.replace("1,,Top", "1,1,Top")))
    assert len(people.roots) == 1
    assert "row 2" in people.notices[0]


ORPHANED = SMALL + "5,,Sales,Rep\n6,99,Sales,Head\n7,6,Sales,Rep\n"


def test_orphans_are_refused_unless_told(tmp_path: Path) -> None:
    path = roster(tmp_path, ORPHANED)
    expect_refusal(path, "'5' (row 6)", "'99' (row 7)", "--orphans attach", "--orphans drop")
    expect_refusal(path, "'keep'", "attach or drop", orphans="keep")


def test_orphans_attached(tmp_path: Path) -> None:
    people = read_roster(roster(tmp_path, ORPHANED), orphans="attach")
    top = people.index_of("1")
    assert people.headcount == 7
    assert people.manager[people.index_of("5")] == people.manager[people.index_of("6")] == top
    assert any("2 people" in notice and "attached" in notice for notice in people.notices)


def test_orphans_dropped(tmp_path: Path) -> None:
    people = read_roster(roster(tmp_path, ORPHANED), orphans="drop")
    assert sorted(people.ids) == ["1", "2", "3", "4"]
    assert any("2 people" in notice and "3 people in all" in notice for notice in people.notices)


def test_the_top_is_where_most_people_are(tmp_path: Path) -> None:
    path = roster(tmp_path, "id,manager_id\nlone,\nchief,board\na,chief\nb,chief\n")
    expect_refusal(path, "'board' (row 3)", "'lone' (row 2)")
    assert read_roster(path, orphans="drop").headcount == 3
    people = read_roster(path, orphans="attach")
    assert people.manager[people.index_of("lone")] == people.index_of("chief")


def test_lost_leading_zeros_are_suspected(tmp_path: Path) -> None:
    expect_refusal(roster(tmp_path, "id,manager_id\n007,\n008,7\n"), "leading zeros", "7 for 007")


def test_cycles_are_named(tmp_path: Path) -> None:
    path = roster(tmp_path, SMALL + "5,6,,\n6,7,,\n7,5,,\n8,7,,\n9,10,,\n10,9,,\n")
    message = expect_refusal(path, "5 (row 6)", "6 (row 7)", "7 (row 8)", "9 (row 10)", "2 circles")
    assert "8 (row 9)" not in message  # below a circle, not in it
    expect_refusal(path, "circles", orphans="drop")


def test_a_very_long_cycle_is_counted(tmp_path: Path) -> None:
    body = "".join(f"{i},{(i + 1) % 5000}\n" for i in range(5000))
    assert len(expect_refusal(roster(tmp_path, "id,manager_id\n" + body), "5,000 people")) < 600


def test_duplicates_are_refused_also_identical_rows(tmp_path: Path) -> None:
    expect_refusal(roster(tmp_path, SMALL + "3,2,Sales,Rep\n"), "'3' in rows 4, 6")
    many = "".join(f"{i},1\n{i},1\n" for i in range(2, 40))
    assert "38 in all" in expect_refusal(roster(tmp_path, "id,manager_id\n1,\n" + many))


def test_a_row_without_id_is_refused(tmp_path: Path) -> None:
    expect_refusal(roster(tmp_path, SMALL + ",2,Sales,Rep\n"), "row 6")


def test_files_that_are_no_rosters(tmp_path: Path) -> None:
    expect_refusal(tmp_path, "folder")
    expect_refusal(tmp_path / "none.csv", "no such file")
    expect_refusal(roster(tmp_path, "x", "roster.docx"), "'.docx'", ".csv")
    expect_refusal(roster(tmp_path, "x", "roster.xls"), ".xlsx")
    expect_refusal(roster(tmp_path, ""), "empty")
    expect_refusal(roster(tmp_path, "\n\n  \n"), "empty")
    expect_refusal(roster(tmp_path, "person_id,manager_id\n"), "no people")
    expect_refusal(roster(tmp_path, "name,age\nx,1\n"), "person_id", "'name', 'age'")
    expect_refusal(roster(tmp_path, "person_id,age\nx,1\n"), "manager_id")
    expect_refusal(roster(tmp_path, "person_id,manager_id\n1,\n"), "at least 2")
    expect_refusal(roster(tmp_path, b"PK\x03\x04not really", "roster.xlsx"), "workbook")
    expect_refusal(roster(tmp_path, b"PK\x03\x04not really", "roster.csv"), "not text")
    expect_refusal(roster(tmp_path, b"PAR1 not really", "roster.parquet"), "Parquet")
    expect_refusal(roster(tmp_path, SMALL, "roster.parquet"), "Parquet")


def test_given_roles_win(tmp_path: Path) -> None:
    rows = "1,,exec\n2,1,Middle Manager\n3,2,Individual-Contributor\n4,2,champion\n5,2,\n6,1,manager\n"
    people = read_roster(roster(tmp_path, "id,manager_id,role\n" + rows))
    by_id = {person: Role(role) for person, role in zip(people.ids, people.role, strict=True)}
    assert by_id == {
        "1": Role.EXECUTIVE,
        "2": Role.MIDDLE_MANAGER,
        "3": Role.REP,
        "4": Role.REP,
        "5": Role.REP,
        "6": Role.MIDDLE_MANAGER,
    }
    assert any("no reports" in notice for notice in people.notices)


def test_unknown_roles_are_refused(tmp_path: Path) -> None:
    path = roster(tmp_path, "id,manager_id,role\n1,,executive\n2,1,Wizard\n")
    expect_refusal(path, "'Wizard' in row 3", "individual contributor", '--map title="role"')
    assert read_roster(path, mapping={"title": "role"}).headcount == 2


def test_units_are_inherited_or_read_off_the_tree(tmp_path: Path) -> None:
    people = read_roster(roster(tmp_path, SMALL.replace("3,2,Sales", "3,2,")))
    assert people.unit_names == ("Sales", "Top")
    assert any("without a unit" in notice for notice in people.notices)
    people = read_roster(roster(tmp_path, SMALL.replace("unit", "whatever")))
    assert people.unit_names == ("Head", "Head office")
    assert read_roster(roster(tmp_path, "id,manager_id,unit\n1,,\n2,1,A\n")).unit_names == ("A", "No unit")


def headed(*heads: tuple[str, str]) -> str:
    """A roster without units: the heads below the top, each an id and a title, with one report."""
    led = [f"{head},top,{title}\nreport of {head},{head}," for head, title in heads]
    return "\n".join(["person_id,manager_id,title", "top,,", *led])


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["Sales", "Service"], ["Head office", "Sales", "Service"]),
        ([""], ["Head office", "Team 1"]),
        (["Director", "", "Director", ""], ["Director 1", "Director 2", "Head office", "Team 1", "Team 2"]),
        (["Director", "Director 1", "Director"], ["Director 1", "Director 2", "Director 3", "Head office"]),
        (["Head office", "Team"], ["Head office", "Head office 1", "Team 1"]),
        ([""] * 10, ["Head office", *(f"Team {number:02d}" for number in range(1, 11))]),
    ],
)
def test_a_unit_read_off_the_line_has_its_heads_title_or_a_number_and_no_id(
    tmp_path: Path, titles: list[str], names: list[str]
) -> None:
    """Numbers follow the order of ids, and a roster in another order gives the same units."""
    heads = [(f"K{place:02d}", title) for place, title in enumerate(titles)]
    people = read_roster(roster(tmp_path, headed(*heads)))
    assert list(people.unit_names) == names
    unit_of = {person: people.unit_names[people.unit[row]] for row, person in enumerate(people.ids)}
    for title in titles:
        found = [unit_of[head] for head, own in heads if own == title]
        assert found == sorted(found)
        assert all(each.startswith(title or "Team") for each in found)
    again = read_roster(roster(tmp_path, headed(*reversed(heads))))
    assert again.fingerprint == people.fingerprint


def test_a_giant_unit_is_split_further_down(tmp_path: Path) -> None:
    # 1 leads 2, who leads ten team leads of nine people each: one subtree holds everybody.
    rows = ["id,manager_id", "1,", "2,1", *(f"lead{i},2" for i in range(10))]
    rows += [f"rep{i}-{k},lead{i}" for i in range(10) for k in range(9)]
    people = read_roster(roster(tmp_path, "\n".join(rows)))
    assert people.n_units == 12
    assert np.bincount(people.unit).max() == 10


def test_a_workbook_is_read(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Employee ID", "Manager", "Department", "Hire date"])
    sheet.append([1, None, "Top", datetime.date(2020, 5, 1)])
    sheet.append([2.0, 1.0, "Sales", datetime.datetime(2021, 5, 1)])
    sheet.append([None, None, None, None])
    sheet.append(["007", 2, "Sales", "spring"])
    sheet.append(["9007199254740993", "007", "Sales", None])
    book.create_sheet("other")
    book.save(tmp_path / "r.xlsx")
    people = read_roster(tmp_path / "r.xlsx")
    assert sorted(people.ids) == ["007", "1", "2", "9007199254740993"]
    assert people.hired is not None
    assert people.hired[people.index_of("2")] == "2021-05-01"
    assert any("row" in notice and "4" in notice for notice in people.notices)
    assert any("2 sheets" in notice for notice in people.notices)


def test_parquet_is_read(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    big = 2**63 - 1
    table = pa.table(
        {
            "person_id": pa.array([1, big, 3, None], pa.int64()),
            "manager_id": pa.array([None, 1.0, 1.0, None], pa.float64()),
            "unit": pa.array(["a", "b", "b", None]).dictionary_encode(),
            "nested": pa.array([[1], [2], None, None]),
        }
    )
    pq.write_table(table, tmp_path / "r.parquet")
    people = read_roster(tmp_path / "r.parquet")
    assert sorted(people.ids) == ["1", "3", str(big)]
    assert any("blank rows" in notice for notice in people.notices)


def test_numbers_that_lost_their_digits_are_not_trusted(tmp_path: Path) -> None:
    import openpyxl
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(
        pa.table({"id": ["9007199254740993", "2"], "manager": [None, 9007199254740992.0]}), tmp_path / "r.pq"
    )
    expect_refusal(tmp_path / "r.pq", "digits lost", "row 3", "as text")
    book = openpyxl.Workbook()
    assert book.active is not None
    for record in (["id", "manager"], [9007199254740993, None], [2, 9007199254740993]):
        book.active.append(record)
    book.save(tmp_path / "r.xlsx")
    expect_refusal(tmp_path / "r.xlsx", "digits lost", "row 2", "as text")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_order_of_rows_leaves_no_trace(tmp_path: Path, data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 40))
    seed = data.draw(st.integers(0, 2**32))
    draw = random.Random(seed)
    names = [f"{draw.choice('abcz')}{draw.randrange(10**6)}-{i}" for i in range(count)]
    rows = [f"{names[i]},{names[draw.randrange(i)] if i else ''},u{draw.randrange(3)}" for i in range(count)]
    ties = [f"{draw.choice(names)},{draw.choice(names)},{draw.choice([1, 2, 0.1, 0.3, 7.7])}" for _ in range(3 * count)]
    ties.append(f"{names[0]},{names[1]},1")

    def read(rows: list[str], ties: list[str]) -> str:
        first = roster(tmp_path, "\n".join(["id,manager_id,unit", *rows]))
        second = roster(tmp_path, "\n".join(["ego,alter,n", *ties]), "ties.csv")
        return read_organisation(first, ties_path=second).fingerprint + read_organisation(first).fingerprint

    first = read(rows, ties)
    draw.shuffle(rows)
    draw.shuffle(ties)
    assert read(rows, ties) == first


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_order_of_orphans_leaves_no_trace(tmp_path: Path, data: st.DataObject) -> None:
    draw = random.Random(data.draw(st.integers(0, 2**32)))
    count = draw.randrange(3, 12)
    rows = [f"{i},{draw.choice(['', 'x', str(draw.randrange(i))]) if i else ''}" for i in range(count)]

    def read(orphans: str) -> str:
        try:
            return read_roster(roster(tmp_path, "\n".join(["id,manager_id", *rows])), orphans=orphans).fingerprint
        except OrganisationError as error:
            assert "at least" in str(error)  # everyone but one was dropped
            return "refused"

    first = read("attach"), read("drop")
    draw.shuffle(rows)
    assert (read("attach"), read("drop")) == first
