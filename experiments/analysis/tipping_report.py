"""A tipping map shown: the map with its boundary, a cut through it, sentences and tables."""

from __future__ import annotations

import numpy as np

from experiments import words
from experiments.analysis.decisions_levers import Scale
from experiments.analysis.decisions_report import Listing, Report, about, listed
from experiments.analysis.tipping import FEW, HALF, MOST, SARLE, Flip, Tipping, histogram
from experiments.figures import BLACK, PURPLE, VERMILLION, Axis, Cells, Contour, Dots, Figure, Key, Line, Panel, edges

BINS = 12
ROWS_SPOKEN = 3


def report(t: Tipping) -> Report:
    """Everything about a map, ready to show."""
    return Report(
        "tipping",
        title(t),
        about(t.ground.organisation, t.ground.weeks, t.replicates, t.ground.seed, t.ground.worlds, t.ground.rule),
        tuple(sentences(t)),
        document(t),
        tables(t),
        (figure(t),),
        (listing(t),),
    )


def title(t: Tipping) -> str:
    """Which levers, in which programme."""
    return f"Where success flips: {t.x.key} and {t.y.key} in {t.scenario.name}"


def success(t: Tipping) -> str:
    """``habitual at least 50 % in week 104``."""
    level = words.number(t.success, t.outcome)
    side = "at least" if t.outcome.good > 0 else "at most"
    return f"{words.label(t.outcome.name)} {side} {level} at the end of week {t.ground.weeks}"


def sentences(t: Tipping) -> list[str]:
    """Where it flips, how sharply, where worlds split; or that it does not flip within the map."""
    head = f"Success is {success(t)}."
    crossed = [row for row, f in enumerate(t.along_x) if f.half is not None]
    if not crossed:
        return [head, *_unflipped(t)]
    chosen = sorted({crossed[round(i)] for i in np.linspace(0, len(crossed) - 1, min(ROWS_SPOKEN, len(crossed)))})
    first, *rest = chosen
    text = f"Success flips at {_along(t, first)}" + "".join(f", at {_along(t, row)}" for row in rest) + "."
    found = [text, head]
    found += [_width(t, row) for row in chosen[:1] + chosen[-1:] if len(chosen) > 1 or row == first][:2]
    held = [row for row in range(len(t.along_x)) if row not in crossed]
    if held:
        found.append(_held(t, held))
    found.append(_split(t))
    worst = max(f.reversal for f in t.along_x)
    if worst > 3 * np.sqrt(0.25 / t.replicates):
        found.append(
            f"Along {t.x.key} the share of worlds does not only rise or only fall (by up to {words.percent(worst)} "
            "against the trend): read the map rather than the boundary."
        )
    return found


def _along(t: Tipping, row: int) -> str:
    flip = t.along_x[row]
    assert flip.half is not None
    return f"{_spoken(t.x, flip.half)} where {_held_at(t.y, row)}"


def _spoken(scale: Scale, place: float) -> str:
    """``about one champion per 60``, ``champions.time of about 3``."""
    value = scale.value_at(place)
    if scale.by_density:
        return f"about one {scale.lever.family.removesuffix('s')} per {value:.0f}"
    return f"{scale.key} of about {scale.spoken(value)}"


def _held_at(scale: Scale, row: int) -> str:
    return f"{scale.key} is {scale.spoken(scale.values[row])}"


def _width(t: Tipping, row: int) -> str:
    flip, where = t.along_x[row], _held_at(t.y, row)
    if flip.few is None or flip.most is None:
        return f"Where {where}, the boundary is wider than the map: it does not hold both 10 % and 90 % of worlds."
    low, high = (t.x.spoken(t.x.value_at(place)) for place in (flip.few, flip.most))
    return (
        f"Where {where}, a tenth of worlds succeed at {low} and nine tenths at {high}: that is its width over worlds."
    )


def _held(t: Tipping, rows: list[int]) -> str:
    """What rows without a boundary are like."""
    parts = []
    for succeeds, text in ((True, "succeed"), (False, "fail")):
        those = [row for row in rows if (t.shares[row].mean() > HALF) == succeeds]
        if those:
            values = [t.y.spoken(t.y.values[row]) for row in those]
            span = values[0] if len(values) == 1 else f"{values[0]} to {values[-1]}"
            parts.append(f"with {t.y.key} at {span} most worlds {text} whatever {t.x.key}")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _unflipped(t: Tipping) -> list[str]:
    low, high = t.shares.min(), t.shares.max()
    if np.any(t.shares >= HALF) and np.any(t.shares < HALF):
        places = [t.x.spoken(t.x.value_at(f.half)) for f in t.along_x if f.half is not None]
        return [f"Success flips along {t.y.key} only{': ' + listed(places) if places else ''}.", _split(t)]
    verb = "succeed" if low >= HALF else "fail"
    return [
        f"Success does not flip within this map: most worlds {verb} everywhere (from {words.percent(low)} to "
        f"{words.percent(high)} of them succeed). Widen the levers' ranges, or change --success.",
        _split(t),
    ]


def _split(t: Tipping) -> str:
    count, points = int(t.split.sum()), t.split.size
    if not count:
        return "At no point do worlds fall into two camps: the mean over worlds hides no split."
    row, column = np.unravel_index(np.argmax(np.where(t.split, np.nan_to_num(t.sarle), -1)), t.split.shape)
    lower, middle, upper = t.thirds[row, column]
    return (
        f"At {count} of {points} points worlds fall into two camps, so that their mean describes neither: most of all "
        f"with {_held_at(t.x, int(column))} and {_held_at(t.y, int(row))}, where {words.percent(lower)} end in the "
        f"lowest third of the range, {words.percent(upper)} in the highest, {words.percent(middle)} between."
    )


def figure(t: Tipping) -> Figure:
    """The map with the boundary, its width and the points where worlds split; beside it a cut through one row."""
    columns, rows = np.arange(len(t.x.values), dtype=float), np.arange(len(t.y.values), dtype=float)
    contours = (
        Contour(FEW, "10 % of worlds", BLACK, "dot"),
        Contour(HALF, "half of the worlds: the boundary", BLACK),
        Contour(MOST, "90 % of worlds", BLACK, "dash"),
    )
    scaled = tuple(Contour(c.level * 100, c.label, c.colour, c.dash) for c in contours)
    cells = Cells(columns, rows, t.shares * 100, "share of worlds that succeed", 0, 100, " %", contours=scaled)
    up, across = np.nonzero(t.split)
    marks = (cells, Dots(across.astype(float), up.astype(float), VERMILLION, "worlds split in two camps"))
    x_axis, y_axis = _axis(t.x, columns), _axis(t.y, rows)
    the_map = Panel(f"Success: {success(t)}", x_axis, y_axis, marks)
    legend = (
        Key(contours[0].label, BLACK, "dot"),
        Key(contours[1].label, BLACK),
        Key(contours[2].label, BLACK, "dash"),
        Key("worlds in two camps", VERMILLION, filled=True),
        Key("level of success", PURPLE),
    )
    note = (
        f"Left: each cell is {t.replicates:,} {'worlds' if t.ground.worlds else 'replicates'}, the same in every cell. "
        f"Dots: worlds in two camps (Sarle above {SARLE:.2f} and an empty middle third). Right: the row where "
        f"{_held_at(t.y, t.transect)}, each column the distribution over worlds, not its mean. {words.INSIGHT}"
    )
    name = f"{title(t)} ({t.ground.organisation.headcount:,} people)"
    return Figure("tipping", name, note, (the_map, _cut(t, columns, x_axis)), 2, legend, 16.5, 7.6)


def _cut(t: Tipping, columns: np.ndarray, x_axis: Axis) -> Panel:
    """Distribution of the outcome over worlds along the lever, in the row that is looked at closer."""
    low, high = t.ends
    if high <= low:
        high = low + 1.0
    shares = histogram(t.values[t.transect], low, high, BINS) * 100
    factor, suffix = (100.0, " %") if t.outcome.is_share else (1.0, "")
    step = (high - low) / BINS
    centres = (low + step * (np.arange(BINS) + 0.5)) * factor
    top = max(20.0, float(np.ceil(shares.max() / 10) * 10))
    cells = Cells(columns, centres, shares, "share of worlds in each step of the outcome", 0, top, " %")
    ends = edges(columns)
    level = Line(np.array([ends[0], ends[-1]]), np.full(2, t.success * factor), "level of success", PURPLE)
    label = words.label(t.outcome.name) + (f", {t.outcome.unit}" if not suffix else " at the end")
    axis = Axis(label, low * factor, high * factor, suffix)
    return Panel(f"All worlds where {_held_at(t.y, t.transect)}", x_axis, axis, (cells, level))


def _axis(scale: Scale, centres: np.ndarray) -> Axis:
    ends = edges(centres)
    every = max(1, -(-len(centres) // 11))
    # 1 per 60 as 60: the axis's label says per what
    names = [scale.spoken(value).removeprefix("1 per ") for value in scale.values]
    places = tuple((float(c), name) for c, name in zip(centres, names, strict=True))[::every]
    unit = scale.lever.unit.removesuffix(" (0: none)")
    return Axis(f"{scale.key} ({unit})", float(ends[0]), float(ends[-1]), places=places)


def tables(t: Tipping) -> dict[str, dict[str, object]]:
    """``map``: a row for each point; ``boundary``: a row for each line of the grid, both ways."""
    up, across = np.indices(t.shares.shape).reshape(2, -1)
    points = {
        t.x.key: np.array(t.x.values)[across],
        t.y.key: np.array(t.y.values)[up],
        "share_succeeding": t.shares.reshape(-1),
        "mean": t.values.mean(axis=2).reshape(-1),
        "low": np.percentile(t.values, 5, axis=2).reshape(-1),
        "high": np.percentile(t.values, 95, axis=2).reshape(-1),
        "lowest_third": t.thirds[..., 0].reshape(-1),
        "middle_third": t.thirds[..., 1].reshape(-1),
        "highest_third": t.thirds[..., 2].reshape(-1),
        "sarle": t.sarle.reshape(-1),
        "two_camps": t.split.reshape(-1),
    }
    return {"map": points, "boundary": _boundary(t)}


def _boundary(t: Tipping) -> dict[str, object]:
    lines = [(t.x, t.y, row, f) for row, f in enumerate(t.along_x)]
    lines += [(t.y, t.x, column, f) for column, f in enumerate(t.along_y)]
    held = {
        "along": [along.key for along, _, _, _ in lines],
        "held": [other.key for _, other, _, _ in lines],
        "held_at": [float(other.values[index]) for _, other, index, _ in lines],
    }
    at = {
        name: np.array([_value(along, getattr(f, part)) for along, _, _, f in lines])
        for name, part in (("at_10_percent", "few"), ("at_half", "half"), ("at_90_percent", "most"))
    }
    widths = np.array([np.nan if f.width is None else f.width for *_, f in lines])
    return {
        **held,
        **at,
        "width": widths,
        "rises": [f.rises for *_, f in lines],
        "against_trend": np.array([f.reversal for *_, f in lines]),
    }


def _value(scale: Scale, place: float | None) -> float:
    """The lever's value at a place; NaN for none, 0 (none at all) where a density is nought."""
    if place is None:
        return float("nan")
    value = scale.value_at(place)
    return value if np.isfinite(value) else 0.0


def listing(t: Tipping) -> Listing:
    """The boundary along the first lever, row by row."""
    rows = []
    for row, flip in enumerate(t.along_x):
        rows.append((t.y.spoken(t.y.values[row]), *_shown(t.x, flip), words.percent(flip.at_low),
                     words.percent(flip.at_high), str(int(t.split[row].sum()))))  # fmt: skip
    ends = (t.x.spoken(t.x.values[0]), t.x.spoken(t.x.values[-1]))
    columns = (
        t.y.key, "10 % succeed at", "boundary at", "90 % succeed at", f"share at {ends[0]}", f"at {ends[1]}",
        "points split",
    )  # fmt: skip
    return Listing(f"Boundary along {t.x.key}, for each {t.y.key}:", columns, tuple(rows))


def _shown(scale: Scale, flip: Flip) -> tuple[str, str, str]:
    few, half, most = (
        "–" if place is None else scale.spoken(scale.value_at(place)) for place in (flip.few, flip.half, flip.most)
    )
    return few, half, most


def document(t: Tipping) -> dict[str, object]:
    """Plain values: the levers, the map [rows][columns], the boundary."""
    return {
        "scenario": t.scenario.name,
        "outcome": t.outcome.name,
        "success": t.success,
        "replicates": t.replicates,
        "seed": t.ground.seed,
        "weeks": t.ground.weeks,
        "x": {"lever": t.x.key, "unit": t.x.lever.unit, "values": list(t.x.values)},
        "y": {"lever": t.y.key, "unit": t.y.lever.unit, "values": list(t.y.values)},
        "share_succeeding": t.shares,
        "mean": t.values.mean(axis=2),
        "sarle": t.sarle,
        "two_camps": t.split,
        "boundary": _boundary(t),
        "places": "widths are in champions for each person where a lever counts people per champion",
    }
