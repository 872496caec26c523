"""Scenario discovery in words, tables and a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from experiments import words
from experiments.analysis.discovery import Discovery
from experiments.analysis.discovery_boxes import FEW, Box, Limit
from experiments.analysis.discovery_where import Where
from experiments.analysis.report import Listing, Report
from experiments.analysis.speaking import Speaker
from experiments.figures.colours import BLACK, GREY, VERMILLION
from experiments.figures.figure import Axis, Figure, Key, Panel
from experiments.figures.marks import Box as Rectangle
from experiments.figures.marks import Dots, Mark

MOST_DOTS = 2_000


def report(found: Discovery, where: Where, what: str, title: str, setting: str) -> Report:
    """Everything to show of a discovery; ``what`` a row of its table is: run, or point."""
    table = rows(found)
    columns = {name: [row[name] for row in table] for name in (table[0] if table else ())}
    document = {
        "where": str(where),
        f"{what}s": len(found.cases),
        "cases": int(found.cases.sum()),
        "share": found.share,
        "tree_accuracy": found.accuracy,
        "limits": table,
    }
    figure = picture(found, where, what, title)
    return Report(
        "discover",
        title,
        setting,
        tuple(sentences(found, where, what)),
        document,
        {"limits": columns} if columns else {},
        () if figure is None else (figure,),
        tuple(_listings(found)),
    )


def sentence(box: Box, where: Where, found: Discovery, what: str = "run") -> str:
    """A box as a sentence: when it happens, how surely, and how much of it that explains."""
    clauses = " and ".join(Speaker(limit.name).clause(limit.low, limit.high) for limit in box.limits)
    return (
        f"{where} when {clauses}. It is so in {words.percent(box.density)} of the {words.counted(box.inside, what)} "
        f"within these limits (density; {words.percent(found.share)} of all {what}s), which are "
        f"{words.percent(box.coverage)} of all such {what}s (coverage)."
    )


def sentences(found: Discovery, where: Where, what: str = "run") -> list[str]:
    """One for each box of PRIM, then for each leaf of the tree that says something else, then what to bear in mind."""
    said = [words.first_up(sentence(box, where, found, what)) for box in found.boxes]
    boxes = {_sides(box.limits) for box in found.boxes}
    for leaf in found.leaves:
        same = " (the same limits as the box)" if _sides(leaf.limits) in boxes else ""
        said.append(f"The tree says: {sentence(leaf, where, found, what)[:-1]}{same}.")
    if found.leaves:
        said.append(f"The tree is right about {words.percent(found.accuracy)} of {what}s that it has not seen.")
    elif found.accuracy == found.accuracy:
        said.append(f"The tree finds no rule that does better on {what}s it has not seen than to say the same of all.")
    return [*said, *found.notes]


def rows(found: Discovery) -> list[dict[str, Any]]:
    """One row for each limit of each box and leaf. ``above`` and ``below`` in the order of ``Speaker.ordered``."""
    return [
        {
            "method": method,
            "box": number,
            "input": limit.name,
            "above": float("nan") if limit.low is None else limit.low,
            "below": float("nan") if limit.high is None else limit.high,
            "words": Speaker(limit.name).clause(limit.low, limit.high),
            "quasi_p": limit.p,
            "found_again": limit.again,
            "coverage": box.coverage,
            "density": box.density,
            "runs": box.inside,
            "cases": box.held,
        }
        for method, boxes in (("prim", found.boxes), ("tree", found.leaves))
        for number, box in enumerate(boxes, 1)
        for limit in box.limits
    ]


def picture(found: Discovery, where: Where, what: str, title: str) -> Figure | None:
    """The runs over the two inputs that limit the first box most, with the box; None where nothing was found."""
    boxes = found.boxes or found.leaves
    if not boxes:
        return None
    box = boxes[0]
    order = sorted(box.limits, key=lambda limit: limit.p if limit.p == limit.p else 1.0)
    names = [limit.name for limit in order][:2]
    names += [name for name in found.inputs if name not in names][: 2 - len(names)]
    limits = {limit.name: limit for limit in box.limits}
    random = np.random.default_rng(1)
    chosen = np.sort(random.permutation(len(found.cases))[:MOST_DOTS])
    places, axes = [], []
    for name in names:
        place, axis = _axis(name, found.inputs[name], random)
        places.append(place[chosen])
        axes.append(axis)
    if len(names) == 1:  # a study of one lever: all on one line
        places.append(random.random(len(chosen)))
        axes.append(Axis("", 0, 1, places=((0.5, ""),)))
    case = found.cases[chosen]
    (left, right), (bottom, top) = (
        _ends(limits.get(name), axis, found.inputs.get(name)) for name, axis in zip([*names, ""], axes, strict=False)
    )
    marks: list[Mark] = [
        Dots(places[0][~case], places[1][~case], GREY, f"other {what}s", hollow=True),
        Dots(places[0][case], places[1][case], VERMILLION, f"{what}s in question"),
        Rectangle(left, right, bottom, top, BLACK, "the box"),
    ]
    others = [Speaker(limit.name).clause(limit.low, limit.high) for limit in order[2:]]
    more = f" The box also says: {' and '.join(others)}." if others else ""
    return Figure(
        "discovery",
        f"Where {where}",
        f"{title}. Each dot is a {what}, moved a little so that none hides another. In the box "
        f"{words.percent(box.density)} are in question; it holds {words.percent(box.coverage)} of them.{more} "
        f"{words.INSIGHT}",
        (Panel("", axes[0], axes[1], tuple(marks)),),
        1,
        (Key(str(where), VERMILLION, filled=True), Key(f"other {what}s", GREY, filled=True), Key("the box", BLACK)),
        10.0,
        7.2,
    )


def _axis(name: str, values: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, Axis]:
    """Where the runs stand along an input, moved a little where many share a value; and the axis."""
    speaker = Speaker(name)
    finite = values[np.isfinite(values)]
    low, high = float(finite.min()), float(finite.max())
    span = high - low or 1.0
    placed = np.where(np.isfinite(values), values, high + 0.15 * span)  # never: beyond the last week
    known = np.unique(placed)
    few = len(known) < len(values) / 3
    apart = float(np.diff(known).min()) if len(known) <= FEW and len(known) > 1 else 0.03 * span
    wide = 0.3 * apart if few else 0.0
    moved = placed + random.uniform(-wide, wide, len(placed))
    edge = max(0.04 * span, wide * 1.2)
    scale = 100.0 if speaker.is_share else 1.0
    named = tuple((float(n), choice) for n, choice in enumerate(speaker.choices))
    if not np.isfinite(values).all():
        named = (*((value, speaker.value(value)) for value in known[:-1].tolist()), (float(known[-1]), "never"))
    end = float(known[-1])
    unit = f", {speaker.unit}" if speaker.is_parameter and " to " not in speaker.unit else ""
    axis = Axis(
        f"{speaker.label}{unit}", (low - edge) * scale, (end + edge) * scale, " %" if speaker.is_share else "", named
    )
    return moved * scale, axis


def _ends(limit: Limit | None, axis: Axis, values: np.ndarray | None) -> tuple[float, float]:
    """Where the box begins and ends on an axis: of few values, half-way between the last one outside and the next."""
    if limit is None or values is None:
        return axis.low, axis.high
    scale = 100.0 if Speaker(limit.name).is_share else 1.0
    known = np.unique(values)
    low, high = limit.low, limit.high
    if len(known) <= FEW:
        low = None if low is None else (low + float(known[known > low].min(initial=np.inf))) / 2
        high = None if high is None else (high + float(known[known < high].max(initial=-np.inf))) / 2
    ends = axis.low if low is None else low * scale, axis.high if high is None else high * scale
    return max(axis.low, ends[0]), min(axis.high, ends[1])


def _listings(found: Discovery) -> list[Listing]:
    """What each box says, limit by limit."""
    table = []
    for method, boxes in (("PRIM", found.boxes), ("tree", found.leaves)):
        for number, box in enumerate(boxes, 1):
            for n, limit in enumerate(box.limits):
                first = n == 0
                table.append(
                    (
                        f"{method} {number}" if first else "",
                        Speaker(limit.name).clause(limit.low, limit.high),
                        words.percent(box.coverage) if first else "",
                        words.percent(box.density) if first else "",
                        str(box.inside) if first else "",
                        "" if limit.again != limit.again else words.percent(limit.again),
                    )
                )
    if not table:
        return []
    return [Listing("", ("", "limit", "coverage", "density", "within", "found again"), tuple(table))]


def _sides(limits: Sequence[Limit]) -> frozenset[tuple[str, float | None, float | None]]:
    return frozenset((limit.name, limit.low, limit.high) for limit in limits)
