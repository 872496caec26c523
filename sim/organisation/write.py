"""Write an organisation as a roster and an edge list that read back as the same organisation.

A file appears whole or not at all. Cells are written as they are, also where a spreadsheet might take one for a formula
('=...'): changing an id would break the roster, and workbook cells are typed as text, which is never computed.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sim.organisation.errors import OrganisationError
from sim.organisation.organisation import Organisation
from sim.organisation.roles import Role

SUFFIXES = (".csv", ".tsv", ".xlsx", ".parquet")
WORKBOOK_ROWS = 1_048_576
"""Rows in a sheet, the header included."""


def write_roster(organisation: Organisation, path: str | Path) -> None:
    """Write one row a person: person_id, manager_id, unit, title, location and hired where known, and role."""
    ids = organisation.ids.tolist()
    labels = {int(role): role.label for role in Role}
    columns: dict[str, Sequence[object]] = {
        "person_id": ids,
        "manager_id": ["" if boss < 0 else ids[boss] for boss in organisation.manager.tolist()],
        "unit": [organisation.unit_names[unit] for unit in organisation.unit.tolist()],
    }
    for name in ("title", "location", "hired"):
        known = getattr(organisation, name)
        if known is not None:
            columns[name] = known.tolist()
    columns["role"] = [labels[role] for role in organisation.role.tolist()]
    _write(columns, path)


def write_ties(organisation: Organisation, path: str | Path) -> None:
    """Write one row a tie: ego, alter, contacts (capped as in the ties)."""
    ties, ids = organisation.ties, organisation.ids
    contacts = [int(n) if n.is_integer() else n for n in ties.contacts.tolist()]
    _write({"ego": ids[ties.egos].tolist(), "alter": ids[ties.neighbours].tolist(), "contacts": contacts}, path)


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """A temporary path in the same folder, which takes the place of ``path`` at the end, or goes if anything fails."""
    path = Path(path)
    if path.is_dir():
        raise OrganisationError(f"{path}: is a folder; give a file to write")
    if not path.parent.is_dir():
        raise OrganisationError(f"{path}: there is no folder {path.parent}; make it first")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        raise OrganisationError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        temporary.unlink(missing_ok=True)


def _write(columns: dict[str, Sequence[object]], path: str | Path) -> None:
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise OrganisationError(
            f"{path}: '{suffix}' is not a kind of file that is written here; use {', '.join(SUFFIXES)}"
        )
    with replacing(path) as temporary:
        if suffix == ".parquet":
            _write_parquet(columns, temporary)
        elif suffix == ".xlsx":
            _write_workbook(columns, path, temporary)
        else:
            with temporary.open("w", encoding="utf-8", newline="") as file:
                rows = csv.writer(file, delimiter="\t" if suffix == ".tsv" else ",", lineterminator="\n")
                rows.writerow(columns)
                rows.writerows(zip(*columns.values(), strict=True))


def _write_parquet(columns: dict[str, Sequence[object]], temporary: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"contacts": pa.float64()}
    pq.write_table(
        pa.table({name: pa.array(cells, type=kinds.get(name, pa.string())) for name, cells in columns.items()}),
        temporary,
    )


def _write_workbook(columns: dict[str, Sequence[object]], path: Path, temporary: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    rows = len(next(iter(columns.values())))
    if rows >= WORKBOOK_ROWS:
        raise OrganisationError(f"{path}: {rows:,} rows do not fit a sheet; write .csv or .parquet")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("organisation")
    sheet.append(list(columns))

    def typed(value: object) -> object:
        if not isinstance(value, str):
            return value
        cell = WriteOnlyCell(sheet, value=value)
        cell.data_type = "s"  # text, even where it begins like a formula
        return cell

    for record in zip(*columns.values(), strict=True):
        sheet.append([typed(value) for value in record])
    with temporary.open("wb") as file:
        book.save(file)
