"""Read a table file (CSV, TSV, XLSX, Parquet) as text cells, with the file's own row numbers.

Every cell is text from the start, so leading zeros and 64-bit numbers survive. What cannot be read with certainty is
refused: a wrong guess at an encoding would quietly make two people of one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.organisation.cells import cell_text, clean
from sim.organisation.errors import OrganisationError, listed

DELIMITED = (".csv", ".tsv", ".tab", ".txt")
WORKBOOKS = (".xlsx", ".xlsm")
PARQUETS = (".parquet", ".pq")
TABLES = (*DELIMITED, *WORKBOOKS, *PARQUETS)

MARKS = (",", ";", "\t", "|")
"""What may stand between the cells of a text file (a semicolon where the comma is the decimal mark)."""


@dataclass(frozen=True)
class Table:
    """A table of ``len(rows)`` filled rows.

    where     the file, as messages name it
    headers   one text a column, '' where the header cell is empty
    rows      int64: the file's own number of each row (the header is row 1, or wherever the file has it)
    cells     column number -> its cells, clean text
    notices   what was decided while reading
    """

    where: str
    headers: list[str]
    rows: np.ndarray
    cells: Callable[[int], list[str]]
    notices: tuple[str, ...] = ()


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


def read_table(path: str | Path) -> Table:
    """Read a table by its suffix. Everything wrong with the file raises ``OrganisationError``."""
    path = Path(path)
    suffix = check_file(path, TABLES)
    try:
        if suffix in DELIMITED:
            return _delimited(path, suffix)
        return _workbook(path) if suffix in WORKBOOKS else _parquet(path)
    except OSError as error:
        raise unreadable(path, error) from None


def decode(data: bytes, path: Path) -> str:
    """UTF-8, or UTF-16 with its mark; anything else raises, naming the line and the byte."""
    if data.startswith((b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0")):
        raise OrganisationError(f"{path}: is not text but a workbook or another binary file; give it its own suffix")
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise OrganisationError(
            f"{path}: line {line} is not {'UTF-16' if encoding == 'utf-16' else 'UTF-8'} text "
            f"(byte 0x{data[error.start]:02X} at position {error.start:,}). "
            "Save the file as UTF-8 (in a spreadsheet: Save As, 'CSV UTF-8')."
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise OrganisationError(f"{path}: line {line} holds a zero byte, so this is not UTF-8 text. Save it as UTF-8.")
    return text


def _delimited(path: Path, suffix: str) -> Table:
    text = decode(path.read_bytes(), path)
    skipped = 0
    if text[:4].lower() == "sep=" and text[4:5] in MARKS:  # a first line by which a spreadsheet notes its delimiter
        delimiter = text[4]
        skipped = 1
    else:
        delimiter = _delimiter(text, suffix)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[list[str]] = []
    try:
        records.extend(lines)
    except csv.Error as error:
        raise OrganisationError(
            f"{path}: row {len(records) + 1} (line {lines.line_num}) is not proper {suffix[1:].upper()}: {error}. "
            "A quotation mark is open or out of place."
        ) from None
    return _from_records(str(path), records[skipped:], 1 + skipped)


def _delimiter(text: str, suffix: str) -> str:
    """The mark that cuts the first filled line into most columns; the suffix decides a draw."""
    preferred = "\t" if suffix in (".tsv", ".tab") else ","
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    if len(first) > csv.field_size_limit():
        return preferred  # not a header: reading it will say what is wrong
    columns = {mark: len(next(csv.reader([first], delimiter=mark), [])) for mark in (preferred, *MARKS)}
    return max(columns, key=lambda mark: columns[mark])


def _workbook(path: Path) -> Table:
    import openpyxl

    notices: tuple[str, ...] = ()
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
            sheet = sheets[0]
            sheet.reset_dimensions()  # some writers note a wrong size, which would cut the sheet short
            records = [[cell_text(value) for value in record] for record in sheet.iter_rows(values_only=True)]
            if len(sheets) > 1:
                notices = (f"{path}: {len(sheets)} sheets; the first, '{sheet.title}', is read",)
        finally:
            book.close()
    except OSError:
        raise
    except Exception as error:  # a damaged workbook fails in as many ways as there are parts in it
        raise OrganisationError(
            f"{path}: is not a readable workbook ({type(error).__name__}); open it in a spreadsheet and save it again, "
            "or save it as CSV UTF-8"
        ) from None
    return _from_records(str(path), records, 1, notices)


def _from_records(where: str, records: list[list[str]], first: int, notices: tuple[str, ...] = ()) -> Table:
    """The header is the first filled record. Short records are filled up, blank ones left out, longer ones refused."""
    top = next((i for i, record in enumerate(records) if _filled(record)), None)
    if top is None:
        raise OrganisationError(f"{where}: the file is empty")
    headers = [clean(header) for header in records[top]]
    while headers and not headers[-1]:
        headers.pop()
    width = len(headers)
    rows = np.arange(first + top + 1, first + len(records), dtype=np.int64)
    body = records[top + 1 :]
    filled = np.fromiter(map(_filled, body), dtype=bool, count=len(body))
    blank = int(np.sum(~filled))
    # Blank lines at the very end are how files end, not something to mention.
    inner = int(np.sum(~filled[: np.flatnonzero(filled)[-1]])) if filled.any() else 0
    if inner:
        notices = (*notices, f"{where}: blank rows skipped: {listed(rows[~filled][:inner])}")
    if blank:
        body = [record for record, keep in zip(body, filled.tolist(), strict=True) if keep]
        rows = rows[filled]
    lengths = np.fromiter(map(len, body), dtype=np.int64, count=len(body))
    long = [i for i in np.flatnonzero(lengths > width).tolist() if _filled(body[i][width:])]
    if long:
        raise OrganisationError(
            f"{where}: more cells than the header has columns ({width}) in row {listed(rows[i] for i in long)}. "
            "A cell that holds the delimiter must stand in quotation marks."
        )
    for i in np.flatnonzero(lengths < width).tolist():
        body[i] = body[i] + [""] * (width - len(body[i]))
    return Table(where, headers, rows, lambda column: [clean(record[column]) for record in body], notices)


def _filled(record: Iterable[str]) -> bool:
    return bool("".join(record).strip())


def _parquet(path: Path) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        data = pq.ParquetFile(path).read()
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, FileNotFoundError | PermissionError):
            raise
        raise OrganisationError(f"{path}: is not a readable Parquet file; write it again") from None
    rows = np.arange(2, data.num_rows + 2, dtype=np.int64)
    filled = np.zeros(data.num_rows, dtype=bool)
    for column in data.columns:
        filled |= column.is_valid().to_numpy()
    notices: tuple[str, ...] = ()
    if not filled.all():
        notices = (f"{path}: blank rows skipped: {listed(rows[~filled])}",)
        data = data.filter(pa.array(filled))
    return Table(
        str(path),
        [clean(header) for header in data.column_names],
        rows[filled],
        lambda column: [clean(cell_text(value)) for value in data.column(column).to_pylist()],
        notices,
    )
