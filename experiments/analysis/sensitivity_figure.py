"""Pictures of sensitivity: a tornado for each outcome, and what screening saw."""

from __future__ import annotations

import textwrap

import numpy as np

from experiments import words
from experiments.analysis.report import MOST_ROWS, records
from experiments.analysis.sensitivity import Sensitivity
from experiments.analysis.speaking import Speaker, named
from experiments.figures.colours import BLACK, BLUE, GREY, ORANGE, PURPLE, SKY
from experiments.figures.figure import Axis, Figure, Key, Panel
from experiments.figures.marks import Bar, Line, Mark, Whisker

THICK = 0.62
LABEL = 38
"""Characters to a line of a factor's label."""


def pictures(found: Sensitivity, title: str) -> list[Figure]:
    """A tornado for each outcome and week, and the screening of each where there was one."""
    figures = [tornado(found, column, title) for column in found.outcomes if len(found.indices)]
    if len(found.screening):
        figures += [screening(found, column, title) for column in found.outcomes]
    return figures


def tornado(found: Sensitivity, column: str, title: str) -> Figure:
    """How far each factor moves the outcome, and how much of its variance it decides; the strongest on top."""
    rows = found.ranked(column).head(MOST_ROWS)
    share = found.chance_of(column)
    scale, axis = _scaled(column, np.array([*rows["low_end"], *rows["high_end"], share["mean"]]))
    mean = float(share["mean"]) * scale
    count = len(rows) + 1
    places = [(float(count - 1 - n), _label(name)) for n, name in enumerate(rows["factor"])]
    places.append((0.0, found.apart))
    upright = Axis("", -0.6, count - 0.4, places=tuple(places))
    bare = Axis("", -0.6, count - 0.4, places=tuple((place, "") for place, _ in places))
    moves: list[Mark] = []
    decides: list[Mark] = []
    for (place, label), row in zip(places, records(rows), strict=False):
        for end, colour, what in ((row["low_end"], PURPLE, "lowest fifth"), (row["high_end"], ORANGE, "highest fifth")):
            near, far = sorted((mean, float(end) * scale))
            moves.append(Bar(place, near, far, colour, f"{label}, {what}", THICK))
        if found.method == "sobol":
            decides.append(Bar(place, 0, max(row["total"], 0) * 100, SKY, f"{label}, with others", THICK))
            decides.append(
                _whisker(place - 0.12, row["total"], row["total_low"], row["total_high"], f"{label}, with others")
            )
        decides.append(Bar(place, 0, max(row["first"], 0) * 100, BLUE, f"{label}, alone", THICK / 2))
        up = 0.12 if found.method == "sobol" else 0.0
        decides.append(_whisker(place + up, row["first"], row["first_low"], row["first_high"], f"{label}, alone"))
    if share["chance"] == share["chance"]:
        decides.append(Bar(0.0, 0, share["chance"] * 100, GREY, "chance, of all variance", THICK))
        decides.append(_whisker(0.0, share["chance"], share["chance_low"], share["chance_high"], "chance"))
    moves.append(Line(np.array([mean, mean]), np.array([-0.6, count - 0.4]), "mean", BLACK))
    whiskers = [mark for mark in decides if isinstance(mark, Whisker)]
    least = min([0.0, *[mark.mean for mark in whiskers]]) - 3
    most = max([100.0, *[mark.high or 0 for mark in whiskers]])
    legend = [Key("lowest fifth of the factor", PURPLE, filled=True), Key("highest fifth", ORANGE, filled=True),
              Key("decides alone", BLUE, filled=True)]  # fmt: skip
    if found.method == "sobol":
        legend.append(Key("with others", SKY, filled=True))
    legend.append(Key(found.apart, GREY, filled=True))
    note = (
        f"{words.counted(found.points, 'point')} of {words.counted(found.replicates, 'replicate')}. Line: mean of all. "
    )
    note += "Whiskers: 95\N{NO-BREAK SPACE}% intervals. "
    note += f"{found.apart.capitalize()}: share of all variance that is between replicates of one point. "
    return Figure(
        f"tornado-{column.replace('@', '-')}",
        f"What decides: {named(column)[1]}",
        f"{title}. {note}{words.INSIGHT}",
        (
            Panel("Mean at either end of each factor", axis, upright, tuple(moves)),
            Panel("Share of the variance", Axis("of the variance between points", least, min(most, 120), " %"), bare,
                  tuple(decides)),
        ),
        2,
        tuple(legend),
        14.0,
        2.4 + 0.5 * count,
    )  # fmt: skip


def screening(found: Sensitivity, column: str, title: str) -> Figure:
    """Mean absolute effect of the strongest factors; those that were kept in blue."""
    rows = found.screening[found.screening["outcome"] == column]
    rows = rows.sort_values("effect", ascending=False, kind="stable").head(MOST_ROWS + 6)
    scale, axis = _scaled(column, np.array([0.0, *rows["effect"], *rows["high"]]), moves=True)
    count = len(rows)
    marks: list[Mark] = []
    places = []
    for n, row in enumerate(records(rows)):
        place, label = float(count - 1 - n), _label(row["factor"])
        places.append((place, label))
        marks.append(Bar(place, 0, row["effect"] * scale, BLUE if row["factor"] in found.kept else GREY, label, THICK))
        marks.append(Whisker(place, row["effect"] * scale, row["low"] * scale, row["high"] * scale, BLACK, label, True))
    return Figure(
        f"screening-{column.replace('@', '-')}",
        f"What moves: {named(column)[1]}",
        f"{title}. Morris screening: mean absolute change of the outcome over a factor's whole range, the others "
        "anywhere. Whiskers: 95\N{NO-BREAK SPACE}% intervals.",
        (Panel("", axis, Axis("", -0.6, count - 0.4, places=tuple(places)), tuple(marks)),),
        1,
        (Key("kept", BLUE, filled=True), Key("left out", GREY, filled=True)) if found.method == "sobol" else (),
        11.0,
        2.2 + 0.45 * count,
    )


def _whisker(place: float, value: float, low: float, high: float, label: str) -> Whisker:
    low, high = low * 100, high * 100
    known = high == high
    return Whisker(place, value * 100, low if known else None, high if known else None, BLACK, label, True)


def _label(factor: str) -> str:
    return "\n".join(textwrap.wrap(Speaker(factor).label, LABEL))


def _scaled(column: str, values: np.ndarray, *, moves: bool = False) -> tuple[float, Axis]:
    """By how much to multiply an outcome, or its moves, for an axis; and the axis around ``values``."""
    outcome, name = named(column)
    scale, unit, suffix = 1.0, "", ""
    if outcome is not None and outcome.is_share:
        scale, unit, suffix = (100.0, "percentage points", "") if moves else (100.0, outcome.unit, " %")
    elif outcome is not None and outcome.unit == "money" and np.nanmax(np.abs(values)) >= 1e4:
        scale, unit = 1e-3, "money, thousands"
    elif outcome is not None:
        unit = outcome.unit
    low, high = float(np.nanmin(values)) * scale, float(np.nanmax(values)) * scale
    edge = 0.06 * (high - low) or 1.0
    name = f"change of {name}" if moves else name
    return scale, Axis(f"{name}, {unit}" if unit else name, low - edge if low else 0.0, high + edge, suffix)
