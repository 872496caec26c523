"""What an analysis reports: sentences, tables, figures and one document; on the terminal and as files."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.document import DIGITS
from experiments.figures.figure import Figure

if TYPE_CHECKING:
    import pyarrow as pa
    from pandas import DataFrame
    from rich.console import Console

    from experiments.analysis.runs import Runs

MOST_ROWS = 12
"""Rows of a long table on the terminal and of its picture; files hold all."""
PAGE = "figures.html"


@dataclass(frozen=True)
class Listing:
    """A table for the terminal, as texts."""

    head: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class Report:
    """An analysis ready to show. ``tables`` are columns by name (arrays or lists of one length) by table.

    ``runs`` are kept beside them, for another look without running again.
    """

    command: str
    title: str
    setting: str
    sentences: tuple[str, ...]
    document: Mapping[str, Any]
    tables: Mapping[str, Mapping[str, Any]]
    figures: tuple[Figure, ...]
    listings: tuple[Listing, ...] = field(default=())
    runs: Runs | None = None


def show(report: Report, out: Console) -> None:
    """What was tried on whom, the tables, the sentences."""
    from rich.text import Text

    from experiments.terminal import listing

    out.print(Text(report.setting))
    out.print(Text(report.title, style="bold"))
    for table in report.listings:
        out.print()
        if table.head:
            out.print(Text(table.head))
        out.print(listing(table.columns, table.rows))
    out.print()
    for position, sentence in enumerate(report.sentences):
        out.print(Text(sentence, style="bold" if position == 0 else ""))


def as_document(report: Report) -> dict[str, Any]:
    """The JSON document: strict, null for what is undefined."""
    from experiments import words
    from experiments.version import version

    return {
        "version": version(),
        "command": report.command,
        **plain(dict(report.document)),
        "sentences": list(report.sentences),
        "caution": words.INSIGHT,
    }


def write(folder: Path, report: Report, arguments: Mapping[str, Any]) -> list[str]:
    """Write all files of a report into ``folder`` (see ``outputs.check_folder``), or none; returns their names."""
    from experiments import manifest
    from experiments.document import as_json
    from experiments.outputs import whole

    with whole(folder) as work:
        names = list(_contents(work, report))
        record = {
            "tool": manifest.TOOL,
            "format": manifest.FORMAT,
            "version": as_document(report)["version"],
            "command": report.command,
            "arguments": plain(dict(arguments)),
            **({} if report.runs is None else {"setting": asdict(report.runs.setting)}),
            "files": [*names, manifest.NAME],
        }
        (work / manifest.NAME).write_text(as_json(record), encoding="utf-8", newline="\n")
    return [*names, manifest.NAME]


def _contents(work: Path, report: Report) -> Iterator[str]:
    from experiments import tables, words
    from experiments.document import as_json
    from experiments.figures import draw_png, html_page

    if report.runs is not None:
        yield replace(report.runs, facts=plain(dict(report.runs.facts))).write(work, report.command)
    for name, columns in report.tables.items():
        yield from tables.write(table(columns), work, name)
    document = f"{report.command}.json"
    (work / document).write_text(as_json(as_document(report)), encoding="utf-8", newline="\n")
    yield document
    for figure in report.figures:
        draw_png.save_png(figure, work / f"{figure.name}.png")
        yield f"{figure.name}.png"
    lead = [*report.sentences, words.INSIGHT]
    (work / PAGE).write_text(html_page.page(report.figures, report.title, lead), encoding="utf-8", newline="\n")
    yield PAGE


def table(columns: Mapping[str, Any]) -> pa.Table:
    """Columns as an Arrow table; NaN is null."""
    import pyarrow as pa

    return pa.table(
        {
            name: pa.array(values, from_pandas=True) if isinstance(values, np.ndarray) else pa.array(list(values))
            for name, values in columns.items()
        }
    )


def plain(value: Any) -> Any:
    """Plain values all the way down: numbers rounded to what they can be trusted for, None for NaN and infinities."""
    if isinstance(value, Mapping):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    return value


def listed(names: Sequence[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def records(table: DataFrame) -> list[dict[str, Any]]:
    """A frame's rows by column."""
    return [dict(zip(map(str, table), row, strict=True)) for row in table.itertuples(index=False, name=None)]
