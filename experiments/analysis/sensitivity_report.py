"""A sensitivity analysis in words, tables and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments import outcomes, words
from experiments.analysis.decisions_report import Listing, Report
from experiments.analysis.sensitivity import Sensitivity
from experiments.analysis.speaking import Speaker

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from sim.measures import Outcome

MOST_ROWS = 12
"""Rows of a table on the terminal and of a picture; files hold all."""
FIT = 0.6
"""Of the variance that first orders leave: more is a case of factors that act together."""


def report(found: Sensitivity, title: str, setting: str) -> Report:
    """Everything to show of an analysis."""
    from experiments.analysis.pictures_sensitivity import pictures

    tables = {"sensitivity": found.indices, "chance": found.chance}
    if len(found.screening):
        tables["screening"] = found.screening
    document = {
        "method": found.method,
        "points": found.points,
        "replicates": found.replicates,
        "kept": list(found.kept),
        "left_out": found.left_out,
        **{name: records(table) for name, table in tables.items()},
    }
    return Report(
        "sensitivity",
        title,
        setting,
        tuple(sentences(found)),
        document,
        {name: columns(table) for name, table in tables.items()},
        tuple(pictures(found, title)),
        tuple(listing(found, column) for column in found.outcomes),
    )


def columns(table: DataFrame) -> dict[str, Any]:
    """A frame's columns as arrays and lists."""
    return {
        str(name): table[name].to_numpy() if table[name].dtype.kind in "fiub" else list(table[name]) for name in table
    }


def records(table: DataFrame) -> list[dict[str, Any]]:
    """A frame's rows by column."""
    return [dict(zip(map(str, table), row, strict=True)) for row in table.itertuples(index=False, name=None)]


def named(column: str) -> tuple[Outcome | None, str]:
    """The outcome of a column such as ``habitual@52``, and what it is called: ``habitual after 52 weeks``."""
    name, _, week = column.partition("@")
    outcome = outcomes.ALL.get(name)
    label = words.label(name) if outcome is not None else name
    return outcome, f"{label} after {words.counted(int(week), 'week')}" if week.isdigit() else label


def amount(value: float, column: str) -> str:
    """A value of an outcome's column in its unit."""
    outcome, _ = named(column)
    return words.number(value, outcome) if outcome is not None else f"{value:.3g}".replace("-", "−")


def ranked(found: Sensitivity, column: str) -> DataFrame:
    """The indices of an outcome, the strongest first."""
    rows = found.indices[found.indices["outcome"] == column]
    return rows.sort_values("first" if found.method != "sobol" else "total", ascending=False, kind="stable")


def chance_of(found: Sensitivity, column: str) -> Series:
    return found.chance[found.chance["outcome"] == column].iloc[0]


def listing(found: Sensitivity, column: str) -> Listing:
    """The table of an outcome for the terminal."""
    total = found.method == "sobol"
    rows = []
    for row in records(ranked(found, column).head(MOST_ROWS)):
        cells = [Speaker(row["factor"]).label, span(row["first"], row["first_low"], row["first_high"])]
        if total:
            cells.append(span(row["total"], row["total_low"], row["total_high"]))
        rows.append((*cells, f"{amount(row['low_end'], column)} to {amount(row['high_end'], column)}"))
    share = chance_of(found, column)
    rows.append((f"{found.apart}, of all variance", span(share.chance, share.chance_low, share.chance_high),
                 *[""] * (1 + total)))  # fmt: skip
    head = (
        ["", "alone", "with others", "lowest to highest fifth"] if total else ["", "alone", "lowest to highest fifth"]
    )
    _, name = named(column)
    return Listing(f"{name}: share of the variance between points, 95 % interval.", tuple(head), tuple(rows))


def span(value: float, low: float, high: float) -> str:
    """``45 % (38 to 52)``."""
    if value != value:
        return "unknown"
    if low != low:
        return f"{_percent(value)} %"
    return f"{_percent(value)} % ({_percent(low)} to {_percent(high)})"


def sentences(found: Sensitivity) -> list[str]:
    """What decides each outcome, what acts together, how much is chance; and what to bear in mind."""
    said = []
    for column in found.outcomes:
        said.append(" ".join(_about(found, column)))
    return [*said, *found.notes]


def _about(found: Sensitivity, column: str) -> list[str]:
    """What is to be said of an outcome."""
    rows = ranked(found, column)
    _, name = named(column)
    share = chance_of(found, column)
    first = rows.iloc[0]
    if first["first"] == 0 and first["high_end"] == first["low_end"]:
        return [f"{name} is the same at every point."]
    label = Speaker(first["factor"]).label
    together = (
        f", {_percent(first['total'])} % with what it does together with others" if found.method == "sobol" else ""
    )
    low, high = amount(first["low_end"], column), amount(first["high_end"], column)
    said = [
        f"{name}: {label} decides most: {span(first['first'], first['first_low'], first['first_high'])} of the "
        f"variance between points alone{together}; from {low} in its lowest fifth to {high} in its highest."
    ]
    which = "total" if found.method == "sobol" else "first"
    if len(rows) > 1:
        second = rows.iloc[1]
        if second[f"{which}_high"] > first[f"{which}_low"]:
            said.append(f"It cannot be told from {Speaker(second['factor']).label}, whose interval overlaps.")
    alone = float(rows["first"].clip(lower=0).sum())
    if found.method == "sobol" and alone < FIT:
        said.append(f"Most of it is decided together: alone, all factors explain {_percent(alone)} %.")
    if share["chance"] == share["chance"]:
        said.append(
            f"{found.apart.capitalize()}: {span(share['chance'], share['chance_low'], share['chance_high'])} "
            "of all variance."
        )
        if share["averaging"] > 0.1:
            said.append(
                f"{_percent(share['averaging'])} % of the variance between points is chance left in their means: "
                "run more replicates."
            )
    return said


def _percent(share: float) -> str:
    text = f"{share * 100:.0f}"
    return "0" if text == "-0" else text.replace("-", "−")
