"""A sensitivity analysis in words, tables and pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from experiments import words
from experiments.analysis.report import MOST_ROWS, Listing, Report, records
from experiments.analysis.sensitivity import Sensitivity
from experiments.analysis.sensitivity_figure import pictures
from experiments.analysis.speaking import Speaker, amount, change, named

if TYPE_CHECKING:
    from pandas import DataFrame

    from experiments.analysis.sensitivity_study import Told

FIT = 0.6
"""Share of the variance that first orders explain: less is a case of factors that act together."""
WIDE = 0.4
"""Width of an interval of a share that calls for more points."""
ONE_WAY = 0.8
"""Of the mean absolute effect: a signed mean below it comes from effects in both directions."""


def report(told: Told) -> Report:
    """Everything to show of an analysis."""
    found = told.found
    screening = found.screening.assign(kept=found.screening["factor"].isin(found.kept))
    frames = {"sensitivity": found.indices, "chance": found.chance, "screening": screening}
    tables = {name: frame for name, frame in frames.items() if len(frame)}
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
        told.title,
        told.setting,
        tuple(sentences(found)),
        document,
        {name: columns(table) for name, table in tables.items()},
        tuple(pictures(found, told.title)),
        tuple(listing(found, column) for column in found.outcomes),
    )


def columns(table: DataFrame) -> dict[str, Any]:
    """A frame's columns as arrays and lists."""
    return {
        str(name): table[name].to_numpy() if table[name].dtype.kind in "fiub" else list(table[name]) for name in table
    }


def listing(found: Sensitivity, column: str) -> Listing:
    """The table of an outcome for the terminal."""
    rows = [tuple(_cells(found, row, column)) for row in records(found.ranked(column).head(MOST_ROWS))]
    share = found.chance_of(column)
    said = span(share.chance, share.chance_low, share.chance_high)
    head = {
        "morris": ("", "moves it by", "95 % interval", "up or down"),
        "sobol": ("", "alone", "with others", "lowest to highest fifth"),
        "given data": ("", "alone", "lowest to highest fifth"),
    }[found.method]
    what = "mean change over a factor's range" if found.method == "morris" else "share of the variance between points"
    interval = "" if found.method == "morris" else ", 95 % interval"
    rows.append((f"{found.apart}, of all variance", said, *[""] * (len(head) - 2)))
    return Listing(f"{named(column)[1]}: {what}{interval}.", head, tuple(rows))


def _cells(found: Sensitivity, row: dict[str, Any], column: str) -> Iterator[str]:
    """A factor's row of the listing."""
    yield Speaker(row["factor"]).label
    if found.method == "morris":
        yield change(row["effect"], column)
        yield f"{change(row['low'], column, unit=False)} to {change(row['high'], column, unit=False)}"
        yield direction(row)
        return
    yield span(row["first"], row["first_low"], row["first_high"])
    if found.method == "sobol":
        yield span(row["total"], row["total_low"], row["total_high"])
    yield f"{amount(row['low_end'], column)} to {amount(row['high_end'], column)}"


def direction(row: Mapping[str, Any]) -> str:
    """Which way a factor of a screening moves the outcome; both, where it hangs on the other factors."""
    if row["effect"] == 0:
        return "not at all"
    if abs(row["mean"]) < ONE_WAY * row["effect"]:
        return "both ways"
    return "up" if row["mean"] > 0 else "down"


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
        text = " ".join(_about(found, column))
        said.append(words.first_up(text))
    return [*said, *map(words.first_up, found.notes)]


def _about(found: Sensitivity, column: str) -> list[str]:
    """What is to be said of an outcome."""
    said = _screened(found, column) if found.method == "morris" else _decided(found, column)
    share = found.chance_of(column)
    if share["sd"] > 0 and share["chance"] == share["chance"]:
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


def _screened(found: Sensitivity, column: str) -> list[str]:
    """Of a screening."""
    rows = found.ranked(column)
    _, name = named(column)
    first = rows.iloc[0]
    if first["effect"] == 0:
        return [f"{name} is the same at every point."]
    said = [
        f"{name}: {_quoted(first['factor'])} moves it most: by {change(first['effect'], column)} on average "
        f"from one end of its range to the other ({change(first['low'], column, unit=False)} to "
        f"{change(first['high'], column, unit=False)})."
    ]
    if len(rows) > 1 and rows.iloc[1]["high"] > first["low"]:
        said.append(_overlap(rows))
    return said


def _decided(found: Sensitivity, column: str) -> list[str]:
    """Of indices."""
    rows = found.ranked(column)
    _, name = named(column)
    first = rows.iloc[0]
    if found.chance_of(column)["sd"] == 0:
        return [f"{name} is the same at every point."]
    label = _quoted(first["factor"])
    total = found.method == "sobol"
    together = f", {_percent(first['total'])} % with what it does together with others" if total else ""
    low, high = amount(first["low_end"], column), amount(first["high_end"], column)
    said = [
        f"{name}: {label} decides most: {span(first['first'], first['first_low'], first['first_high'])} of the "
        f"variance between points alone{together}; from {low} in its lowest fifth to {high} in its highest."
    ]
    which = "total" if total else "first"
    if len(rows) > 1 and rows.iloc[1][f"{which}_high"] > first[f"{which}_low"]:
        said.append(_overlap(rows))
    if total and first["total_high"] - first["total_low"] > WIDE:
        said.append("Intervals are wide: a larger base sample narrows them.")
    alone = float(rows["first"].clip(lower=0).sum())
    if total and alone < FIT:
        said.append(f"Most of it is decided together: alone, all factors explain {_percent(alone)} %.")
    return said


def _overlap(rows: DataFrame) -> str:
    return f"It cannot be told from {_quoted(rows.iloc[1]['factor'])}, whose interval overlaps."


def _quoted(factor: str) -> str:
    return words.quoted(Speaker(factor).label)


def _percent(share: float) -> str:
    text = f"{share * 100:.0f}"
    return "0" if text == "-0" else text.replace("-", "−")
