"""Lines, bands, layers and intervals for a browser: what plotly.js draws for each."""

from __future__ import annotations

from typing import Any

from experiments.figures.colours import SHADE
from experiments.figures.draw_html_areas import plain, safe
from experiments.figures.figure import Panel
from experiments.figures.marks import Band, Layer, Line, Note, Whisker, area


def lines(mark: Line | Band | Layer | Whisker | Note, panel: Panel) -> list[dict[str, Any]]:
    """What plotly draws for a mark: none for words, two for an area (its lower edge, then the upper, filled down)."""
    if isinstance(mark, Note):
        return []
    named = {"name": safe(mark.label)}
    if isinstance(mark, Line):
        line = {"color": mark.colour, "width": 3, "dash": mark.dash}
        hover = f"%{{y:.1f}}{panel.y.suffix}"
        # a line of one point is a point, whole also on the axis
        alone = {"mode": "markers", "marker": {"size": 10, "color": mark.colour}, "cliponaxis": False}
        looks = alone if len(mark.x) == 1 else {"mode": "lines", "line": line}
        return [{**named, **looks, "x": plain(mark.x), "y": plain(mark.y), "hovertemplate": hover}]
    if isinstance(mark, Whisker):
        marker: dict[str, Any] = {"size": 11, "color": "white" if mark.hollow else mark.colour}
        marker["line"] = {"color": mark.colour, "width": 2.5}
        hover = f"{safe(mark.label)}: %{{x:.3~g}}{panel.x.suffix}<extra></extra>"
        dot: dict[str, Any] = {
            **named,
            "mode": "markers",
            "x": [mark.mean],
            "y": [mark.y],
            "marker": marker,
            "hovertemplate": hover,
        }
        if mark.low is not None and mark.high is not None:
            ends: dict[str, Any] = {
                "array": [mark.high - mark.mean],
                "arrayminus": [mark.mean - mark.low],
                "symmetric": False,
            }
            dot["error_x"] = {"type": "data", **ends, "color": mark.colour, "thickness": 3, "width": 0}
        return [dot]
    x, low, high = area(mark)
    edge = {"mode": "lines", "x": plain(x), "line": {"width": 0}}
    lower = {**edge, "y": plain(low), "hoverinfo": "skip"}
    upper = {**edge, **named, "y": plain(high), "fill": "tonexty"}
    if isinstance(mark, Band):
        return [lower, {**upper, "fillcolor": shaded(mark.colour), "hoverinfo": "skip"}]
    tall = {"customdata": plain(high - low), "hovertemplate": f"%{{customdata:.1f}}{panel.y.suffix}"}
    return [lower, {**upper, **tall, "fillcolor": mark.colour}]


def shaded(colour: str) -> str:
    """A colour as a band has it."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{SHADE})"
