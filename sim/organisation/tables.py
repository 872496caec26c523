"""Read a table file (CSV, TSV, XLSX, Parquet) as text cells, with the file's own row numbers.

Every cell is text from the start, so leading zeros and 64-bit numbers survive. What cannot be read with certainty is
refused: a wrong guess at an encoding would quietly make two people of one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from sim.organisation.cells import DIGITS_LOST, cell_text, clean, person_id
from sim.organisation.errors import Cell, Fault, Notice, OrganisationError, listed, refusal

DELIMITED = (".csv", ".tsv", ".tab", ".txt")
WORKBOOKS = (".xlsx", ".xlsm")
PARQUETS = (".parquet", ".pq")
TABLES = (*DELIMITED, *WORKBOOKS, *PARQUETS)

MARKS = (",", ";", "\t", "|")
"""What may stand between the cells of a text file (a semicolon where the comma is the decimal mark)."""


Choose = Callable[[list[str]], dict[str, int]]
"""Picks the columns to read from a file's headers: field name -> column number."""

CHUNK = 1_000
"""Rows handled at a time: what is not wanted of them is gone before the next ones are read."""


@dataclass(frozen=True)
class Table:
    """The chosen columns of a table of ``len(rows)`` filled rows; no other cell (a name, an address) is kept.

    where     the file, as messages name it
    rows      int64: the file's own number of each row (the header is row 1, or wherever the file has it)
    cells     field name -> its cells, clean text
    headers   field name -> how the file heads it
    notices   what was decided while reading
    """

    where: str
    rows: np.ndarray
    cells: dict[str, list[str]]
    headers: dict[str, str]
    notices: tuple[Notice, ...] = ()

    def ids(self, name: str) -> list[str]:
        """The cells of a field that holds ids, none of them an e-mail address; numbers that lost digits raise."""
        cells = [person_id(cell) for cell in self.cells[name]]
        lost = [i for i, cell in enumerate(cells) if cell.endswith(DIGITS_LOST)]
        if lost:
            at = tuple(Cell(int(self.rows[i]), self.headers[name], cells[i]) for i in lost)
            wrong = "numbers too long to be kept exactly"
            cases = listed(f"{cell.value} in row {cell.row}" for cell in at)
            said = f"column '{self.headers[name]}' holds {wrong}: {cases}"
            raise refusal(self.where, Fault(wrong, said, "Store ids as text", at))
        return cells


def check_file(path: Path, suffixes: Sequence[str]) -> str:
    """The path's suffix, lower case. Anything but a filled file of a kind that is read raises ``OrganisationError``."""
    if path.is_dir():
        raise OrganisationError(f"{path}: is a folder; give the file itself")
    if not path.exists():
        raise OrganisationError(f"{path}: there is no such file")
    suffix = path.suffix.lower()
    if suffix == ".xls":
        raise OrganisationError(f"{path}: the old .xls format is not read; save it as .xlsx or .csv")
    if suffix not in suffixes:
        raise OrganisationError(
            f"{path}: '{suffix}' is not a kind of file that is read here; use {', '.join(suffixes)}"
        )
    try:
        if path.stat().st_size == 0:
            raise OrganisationError(f"{path}: the file is empty")
    except OSError as error:
        raise unreadable(path, error) from None
    return suffix


def unreadable(path: Path, error: OSError) -> OrganisationError:
    """The error for a file that the system does not let us read."""
    return OrganisationError(f"{path}: cannot be read: {error.strerror or error}")


def read_table(path: str | Path, choose: Choose) -> Table:
    """Read the chosen columns of a table, by its suffix. What is wrong with the file raises ``OrganisationError``."""
    path = Path(path)
    suffix = check_file(path, TABLES)
    try:
        if suffix in DELIMITED:
            return _delimited(path, suffix, choose)
        return _workbook(path, choose) if suffix in WORKBOOKS else _parquet(path, choose)
    except OSError as error:
        raise unreadable(path, error) from None


def utf8(data: bytes, path: Path) -> bytes:
    """The text of a file as UTF-8. UTF-16 with its mark is read too; anything else raises, naming line and byte."""
    if data.startswith((b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0")):
        raise OrganisationError(f"{path}: is not text but a workbook or another binary file; give it its own suffix")
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    try:
        if encoding == "utf-16":
            data = data.decode(encoding).encode()
        elif not data.isascii():
            data.decode(encoding)
    except UnicodeError as error:
        at = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = data[:at].count(b"\n") + 1
        letter = data[at : at + 1].decode("cp1252", errors="ignore") if encoding == "utf-8" else ""
        perhaps = f", '{letter}' in files of older Windows programs" if letter.isalpha() else ""
        raise OrganisationError(
            f"{path}: line {line} is not {encoding.upper()} text (byte 0x{data[at]:02X} at position {at:,}{perhaps}). "
            "Save the file as UTF-8 (in Excel: Save As, 'CSV UTF-8'; in German: Speichern unter, 'CSV UTF-8 (durch "
            "Trennzeichen getrennt)'), or as a workbook (.xlsx)."
        ) from None
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise OrganisationError(f"{path}: line {line} holds a zero byte, so this is not UTF-8 text. Save it as UTF-8.")
    return data.removeprefix(b"\xef\xbb\xbf")


def _delimited(path: Path, suffix: str, choose: Choose) -> Table:
    data = utf8(path.read_bytes(), path)
    start = data[:100_000].decode("utf-8", errors="ignore")
    noted = start[:4].lower() == "sep=" and start[4:5] in MARKS  # a first line by which a spreadsheet notes its mark
    records = _records(data, start[4] if noted else _delimiter(start, suffix), path)
    if noted:
        next(records)
    return _from_records(str(path), records, choose, first=2 if noted else 1)


def _records(data: bytes, delimiter: str, path: Path) -> Iterator[list[str]]:
    """The records of a delimited text; a quotation mark that is open or out of place raises with its row."""
    # Decoded a little at a time: a text of the whole file would take four bytes a character.
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    lines = csv.reader(text, delimiter=delimiter, strict=True)
    count = 0
    try:
        for count, record in enumerate(lines, start=1):  # noqa: B007
            yield record
    except csv.Error as error:
        said = f"row {count + 1} (line {lines.line_num}) cannot be cut into cells: {error}"
        remedy = "Close the quotation mark that is open, or take out the one that is out of place"
        raise refusal(
            str(path), Fault("a row that cannot be cut into cells", said, remedy, (Cell(count + 1, "", ""),))
        ) from None


def _delimiter(start: str, suffix: str) -> str:
    """The mark that cuts the first filled line into most columns; the suffix decides a draw."""
    preferred = "\t" if suffix in (".tsv", ".tab") else ","
    first = next((line for line in start.splitlines() if line.strip()), "")
    columns = {mark: len(next(csv.reader([first], delimiter=mark), [])) for mark in (preferred, *MARKS)}
    return max(columns, key=lambda mark: columns[mark])


def _workbook(path: Path, choose: Choose) -> Table:
    import openpyxl

    notices: tuple[Notice, ...] = ()
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
            sheet = sheets[0]
            sheet.reset_dimensions()  # some writers note a wrong size, which would cut the sheet short
            records = [
                [cell_text(value, whole_are_exact=False) for value in record]
                for record in sheet.iter_rows(values_only=True)
            ]
            if len(sheets) > 1:
                notices = (Notice(f"{path}: {len(sheets)} sheets; the first is read", [sheet.title]),)
        finally:
            book.close()
    except OSError:
        raise
    except Exception as error:  # a damaged workbook fails in as many ways as there are parts in it
        raise OrganisationError(
            f"{path}: is not a readable workbook ({type(error).__name__}); open it in a spreadsheet and save it again, "
            "or save it as CSV UTF-8"
        ) from None
    return _from_records(str(path), iter(records), choose, first=1, notices=notices)


def _from_records(
    where: str, records: Iterator[list[str]], choose: Choose, *, first: int, notices: tuple[Notice, ...] = ()
) -> Table:
    """The header is the first filled record. Short records are filled up, blank ones left out, longer ones refused."""
    row, header = next(((i, record) for i, record in enumerate(records, first) if _filled(record)), (0, []))
    if not header:
        raise OrganisationError(f"{where}: the file is empty")
    headers = [clean(cell) for cell in header]
    while headers and not headers[-1]:
        headers.pop()
    at = choose(headers)
    cells: dict[str, list[str]] = {name: [] for name in at}
    rows, blanks, long = [np.zeros(0, dtype=np.int64)], list[int](), list[Cell]()
    while chunk := list(islice(records, CHUNK)):
        numbers = np.arange(row + 1, row + 1 + len(chunk))
        row += len(chunk)
        long.extend(Cell(int(numbers[i]), "", f"{len(chunk[i])} cells") for i in _fit(chunk, len(headers)))
        part = {name: _cleaned([record[column] for record in chunk]) for name, column in at.items()}
        # Only where all that was chosen is blank can the row be blank, and only there the rest is looked at.
        empty = [i for i, chosen in enumerate(zip(*part.values(), strict=True)) if not any(chosen)] if at else []
        empty = [i for i in empty if not _filled(chunk[i])]
        for i in reversed(empty):
            for column in part.values():
                del column[i]
        blanks.extend(numbers[empty].tolist())
        rows.append(np.delete(numbers, empty))
        for name, column in part.items():
            cells[name].extend(column)
    if long:
        wrong = f"more cells than the header has columns ({len(headers)})"
        said = f"{wrong} in row {listed(cell.row for cell in long)}"
        raise refusal(
            where, Fault(wrong, said, "A cell that holds the delimiter must stand in quotation marks", tuple(long))
        )
    filled = np.concatenate(rows)
    # Blank rows after the last filled one are how files end, not something to mention.
    inner = [blank for blank in blanks if filled.size and blank < filled[-1]]
    return Table(
        where, filled, cells, {name: headers[i] for name, i in at.items()}, (*notices, *_blank_notice(where, inner))
    )


def _fit(chunk: list[list[str]], width: int) -> list[int]:
    """Fill up short records in place; return which are too long."""
    lengths = np.fromiter(map(len, chunk), dtype=np.int64, count=len(chunk))
    for i in np.flatnonzero(lengths < width).tolist():
        chunk[i] = chunk[i] + [""] * (width - len(chunk[i]))
    return [i for i in np.flatnonzero(lengths > width).tolist() if _filled(chunk[i][width:])]


def _cleaned(cells: list[str]) -> list[str]:
    """Each cell cleaned. Where cells often say the same, they become one text in memory."""
    distinct = set(cells)
    if 2 * len(distinct) > len(cells):
        joined = "".join(cells)
        return cells if joined.isprintable() and " " not in joined else [clean(cell) for cell in cells]
    said = {cell: clean(cell) for cell in distinct}
    return [said[cell] for cell in cells]


def _filled(record: Iterable[str]) -> bool:
    return bool("".join(record).strip())


def _blank_notice(where: str, rows: Sequence[int]) -> tuple[Notice, ...]:
    return (Notice(f"{where}: blank rows skipped: {listed(rows)}"),) if len(rows) else ()


def _parquet(path: Path, choose: Choose) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            data = file.read()
        headers = [clean(header) for header in data.column_names]
        at = choose(headers)
        filled = np.zeros(data.num_rows, dtype=bool)
        for column in data.columns:
            filled |= column.is_valid().to_numpy()
        data = data if filled.all() else data.filter(pa.array(filled))
        cells = {name: _cleaned([cell_text(value) for value in data.column(i).to_pylist()]) for name, i in at.items()}
    except (OrganisationError, FileNotFoundError, PermissionError):
        raise
    except Exception as error:  # as with workbooks, damage shows in many ways
        raise OrganisationError(
            f"{path}: is not a readable Parquet file ({type(error).__name__}); write it again"
        ) from None
    rows = np.arange(2, len(filled) + 2, dtype=np.int64)  # numbered as in a table with a header
    return Table(
        str(path),
        rows[filled],
        cells,
        {name: headers[i] for name, i in at.items()},
        _blank_notice(str(path), rows[~filled].tolist()),
    )
