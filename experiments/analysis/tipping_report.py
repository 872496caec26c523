"""A tipping map shown: its picture, sentences and tables."""

from __future__ import annotations

import numpy as np

from experiments import words
from experiments.analysis.flips import Flip
from experiments.analysis.report import Listing, Report
from experiments.analysis.scales import Scale
from experiments.analysis.tipping import Tipping
from experiments.analysis.tipping_figure import figure
from experiments.analysis.tipping_words import lever_label, sentences, title


def report(t: Tipping) -> Report:
    """Everything about a map, ready to show."""
    return Report(
        "tipping",
        title(t),
        t.runs.said(),
        (*sentences(t), *t.notes),
        document(t),
        tables(t),
        (figure(t),),
        (listing(t),),
        t.runs,
    )


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
        lever_label(t.y), "10 % succeed at", "boundary at", "90 % succeed at", f"share at {ends[0]}", f"at {ends[1]}",
        "points split",
    )  # fmt: skip
    return Listing(f"Boundary along {lever_label(t.x)}, for each {lever_label(t.y)}:", columns, tuple(rows))


def _shown(scale: Scale, flip: Flip) -> tuple[str, str, str]:
    few, half, most = (
        "–" if place is None else scale.spoken(scale.value_at(place)) for place in (flip.few, flip.half, flip.most)
    )
    return few, half, most


def document(t: Tipping) -> dict[str, object]:
    """Plain values: the levers, the map [rows][columns], the boundary."""
    return {
        "scenario": t.scenario,
        "outcome": t.outcome.name,
        "success": t.success,
        "replicates": t.replicates,
        "seeds": t.runs.each_seed,
        "weeks": t.runs.setting.weeks,
        "x": {"lever": t.x.key, "unit": t.x.lever.unit, "values": list(t.x.values)},
        "y": {"lever": t.y.key, "unit": t.y.lever.unit, "values": list(t.y.values)},
        "share_succeeding": t.shares,
        "mean": t.values.mean(axis=2),
        "sarle": t.sarle,
        "two_camps": t.split,
        "boundary": _boundary(t),
        "places": "widths are in champions for each person where a lever counts people per champion",
    }
