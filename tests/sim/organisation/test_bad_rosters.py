"""Thousands of random bad rosters and tie files: each is read, or refused with a message, and never anything else."""

from __future__ import annotations

import random
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sim.organisation import OrganisationError, describe, read_organisation

FUZZ = settings(
    max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
FEW = settings(FUZZ, max_examples=250)

HEADERS = [
    *("person_id", "manager_id", "ManagerId", "id", "unit", "Department", "title", "role", "location", "hired"),
    *("level", "email", "name", "Reports_To", "x"),
]
CELLS = [*"0123456789", "", " ", "NULL", "-", "007", "x" * 50, '"', ",", ";", "\n", "é", "=1+1", "1.0", "nan", "rep"]
SEEDS = st.integers(0, 2**48)


def check_read_or_refused(path: Path, **options: object) -> None:
    """Read, and use what was read; only a worded refusal may come out."""
    try:
        people = read_organisation(path, **options)  # type: ignore[arg-type]
    except OrganisationError as error:
        assert str(error)
        assert "Traceback" not in str(error)
        assert len(str(error)) < 5000
        return
    assert people.headcount >= 2
    assert len(people.roots) == 1
    assert people.level.min() == 0
    describe(people).to_dict()


@FUZZ
@given(SEEDS)
def test_random_cells(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    headers = draw.sample(HEADERS, draw.randrange(1, 7))
    if draw.random() < 0.8:
        headers = ["person_id", "manager_id", *(h for h in headers if h not in ("person_id", "manager_id"))]
    if draw.random() < 0.1:
        headers.append(draw.choice(headers))
    mark = draw.choice(",;\t|")
    count = draw.randrange(0, 12)
    rows = [mark.join(headers)]
    for i in range(count):
        cells = [draw.choice(CELLS) for _ in range(len(headers) + draw.choice([0, 0, 0, 0, 0, 1, -1]))]
        if draw.random() < 0.8 and len(cells) > 1:
            cells[:2] = [str(i), str(draw.randrange(i + 1)) if i else ""]
        rows.append(mark.join(cells))
    path = tmp_path / f"r{draw.choice(['.csv', '.tsv', '.txt'])}"
    path.write_text(draw.choice(["\n", "\r\n"]).join(rows), encoding=draw.choice(["utf-8", "utf-16", "cp1252"]))
    check_read_or_refused(path, orphans=draw.choice([None, "attach", "drop"]))


@FUZZ
@given(SEEDS)
def test_a_good_roster_gone_wrong(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    rows = [["person_id", "manager_id", "unit", "role"]]
    rows += [[str(i), str(draw.randrange(i)) if i else "", f"u{i % 3}", ""] for i in range(draw.randrange(2, 30))]
    for _ in range(draw.randrange(0, 4)):
        row = draw.randrange(len(rows))
        what = draw.randrange(5)
        if what == 0 and rows[row]:
            rows[row][draw.randrange(len(rows[row]))] = draw.choice(CELLS)
        elif what == 1:
            rows.insert(row, list(draw.choice(rows)))
        elif what == 2:
            rows.insert(row, [""] * draw.randrange(5))
        elif what == 3 and len(rows) > 2:
            del rows[row]
        else:
            rows[row] = rows[row] + draw.choices(CELLS, k=2)
    path = tmp_path / "r.csv"
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    check_read_or_refused(path, orphans=draw.choice([None, "attach", "drop"]))


@FEW
@given(st.binary(max_size=300), st.sampled_from([".csv", ".tsv", ".xlsx", ".parquet", ".txt", ""]))
@example(b"\xff\xfe", ".csv")
@example(b"\xef\xbb\xbf", ".csv")
@example(b"sep=;", ".csv")
@example(b"sep=,\n", ".csv")
@example(b'"', ".csv")
@example(b"PAR1PAR1", ".parquet")
def test_random_bytes(tmp_path: Path, data: bytes, suffix: str) -> None:
    path = tmp_path / f"r{suffix}"
    path.write_bytes(data)
    check_read_or_refused(path)


@FEW
@given(SEEDS, st.sampled_from([".xlsx", ".parquet"]))
def test_damaged_workbooks_and_parquet(tmp_path: Path, seed: int, suffix: str) -> None:
    path = tmp_path / f"r{suffix}"
    data = bytearray(_whole(suffix, tmp_path))
    draw = random.Random(seed)
    for _ in range(draw.randrange(1, 6)):
        data[draw.randrange(len(data))] = draw.randrange(256)
    if draw.random() < 0.3:
        del data[draw.randrange(len(data)) :]
    path.write_bytes(bytes(data))
    check_read_or_refused(path)


_WHOLE: dict[str, bytes] = {}


def _whole(suffix: str, tmp_path: Path) -> bytes:
    if suffix not in _WHOLE:
        from sim.organisation import generate, write_roster

        path = tmp_path / f"whole{suffix}"
        write_roster(generate(20), path)
        _WHOLE[suffix] = path.read_bytes()
    return _WHOLE[suffix]


@FUZZ
@given(SEEDS)
def test_random_ties(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    roster = tmp_path / "r.csv"
    roster.write_text("id,manager_id\n" + "".join(f"{i},{i // 3 if i else ''}\n" for i in range(10)), encoding="utf-8")
    headers = ["ego", "alter", *draw.sample(["n", "weight", "relation", "type", "x", "to"], draw.randrange(3))]
    rows = [headers]
    for _ in range(draw.randrange(0, 10)):
        row = [str(draw.randrange(11)), str(draw.randrange(10))]
        row += [draw.choice(["1", "2", "0", "0.5", "1e400", "-1", "x", "", "nan", "directed"]) for _ in headers[2:]]
        rows.append(row)
    path = tmp_path / "t.csv"
    path.write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    check_read_or_refused(roster, ties_path=path, relation=draw.choice([None, None, "x", "1"]))


@FEW
@given(SEEDS, st.sampled_from([".graphml", ".gexf"]))
def test_random_graph_files(tmp_path: Path, seed: int, suffix: str) -> None:
    draw = random.Random(seed)
    roster = tmp_path / "r.csv"
    roster.write_text("id,manager_id\n0,\n1,0\n2,0\n", encoding="utf-8")
    pieces = [
        "<graph edgedefault='undirected'>", "</graph>", "<edge source='0' target='1'>", "<edge source='1'/>", "</edge>",
        "<node id='0'>", "</node>", "<data key='w'>2</data>", "<data>x</data>", "<attvalue for='w' value='3'/>",
        "<attvalue/>", "<key id='w' for='edge' attr.name='weight'/>", "<attributes class='edge'>", "</attributes>",
        "<attribute id='w' title='weight'/>", "<edge source='0' target='1' weight='x' type='mutual' kind='k'/>", "&lt;",
        "&boom;", "<!-- x -->", "<!DOCTYPE g>", "\x00", "é",
    ]  # fmt: skip
    body = "".join(draw.choice(pieces) for _ in range(draw.randrange(12)))
    body = f"<g>{body}</g>" if draw.random() < 0.9 else body
    path = tmp_path / f"t{suffix}"
    path.write_text(body, encoding=draw.choice(["utf-8", "utf-16", "latin-1"]))
    check_read_or_refused(roster, ties_path=path)
