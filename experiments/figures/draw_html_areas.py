"""Heat maps, bars, dots and boxes for a browser: what plotly.js draws for each."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from experiments.figures.colours import SCALES
from experiments.figures.figure import Figure, Panel
from experiments.figures.marks import Bar, Box, Cells, Dots, edges

BAR = 110
"""Pixels right of the panels for a colour bar with its numbers and label."""
AXIS, BELOW = 115, 70
"""Pixels beneath a panel of a narrow figure: of the axis with its words, above a colour bar, and of that one."""
Domains = tuple[tuple[float, float], tuple[float, float]]


def areas(
    mark: Cells | Bar | Dots | Box, panel: Panel, domains: Domains, figure: Figure, pixel: float
) -> list[dict[str, Any]]:
    """The traces of a mark. ``domains`` is where its panel lies on the page, x then y, in shares of it; ``pixel`` one
    pixel as a share of its height."""
    if isinstance(mark, Cells):
        return _cells(mark, panel, domains, figure, pixel)
    if isinstance(mark, Bar):
        bar: dict[str, Any] = {
            "type": "bar",
            "orientation": "h",
            "y": [mark.y],
            "x": [mark.high - mark.low],
            "base": [mark.low],
        }
        looks: dict[str, Any] = {"width": [mark.thick], "marker": {"color": mark.colour}, "name": safe(mark.label)}
        looks["offset"] = [-mark.thick / 2]  # centred: else several at one height stand side by side
        shown = f"{mark.low:.3g} to {mark.high:.3g}{panel.x.suffix}"
        return [{**bar, **looks, "hovertemplate": f"{safe(mark.label)}: {shown}<extra></extra>"}]
    named = {"name": safe(mark.label)}
    if isinstance(mark, Dots):
        dots: dict[str, Any] = {
            "size": 6,
            "color": mark.colour,
            "opacity": 0.75,
            "symbol": f"circle{'-open' * mark.hollow}",
        }
        return [{**named, "mode": "markers", "x": plain(mark.x), "y": plain(mark.y), "marker": dots}]
    across = [mark.left, mark.right, mark.right, mark.left, mark.left]
    up = [mark.bottom, mark.bottom, mark.top, mark.top, mark.bottom]
    edge = {"mode": "lines", "x": across, "y": up, "line": {"color": mark.colour, "width": 3}, "hoverinfo": "skip"}
    return [{**named, **edge, "fill": "toself", "fillcolor": f"{mark.colour}1F"}]


def _cells(cells: Cells, panel: Panel, domains: Domains, figure: Figure, pixel: float) -> list[dict[str, Any]]:
    """The heat map, and for each boundary a white line with the coloured one on it."""
    values = [plain(row) for row in cells.values]
    colours = SCALES[cells.scale]
    shared = figure.shared_bar
    across, up = ((0.0, 1.0), (0.0, 1.0)) if shared is not None else domains
    bar = {"title": {"text": safe(cells.label), "side": "right"}, "ticksuffix": cells.suffix, "thickness": 14,
           "x": across[1] + 0.008, "xanchor": "left", "y": sum(up) / 2, "len": up[1] - up[0], "lenmode": "fraction",
           "outlinewidth": 0, "xpad": 0, "ypad": 0}  # fmt: skip
    if figure.narrow:
        bar |= {"orientation": "h", "title": {"text": safe(cells.label), "side": "bottom"}, "x": across[0],
                "len": across[1] - across[0], "y": up[0] - AXIS * pixel, "yanchor": "top"}  # fmt: skip
    heat = {"type": "heatmap", "x": plain(edges(cells.x)), "y": plain(edges(cells.y)), "z": values,
            "zmin": cells.low, "zmax": cells.high, "showscale": shared is None or shared is cells, "colorbar": bar,
            "colorscale": [[place, colour] for place, colour in zip(_even(len(colours)), colours, strict=True)],
            "hoverongaps": False, "name": safe(cells.label),
            "hovertemplate": f"%{{x}}{panel.x.suffix}, %{{y}}{panel.y.suffix}: "
            f"%{{z:.4~g}}{cells.suffix}<extra></extra>"}  # fmt: skip
    traces = [heat]
    for contour in cells.contours:
        line = {"type": "contour", "x": plain(cells.x), "y": plain(cells.y), "z": values, "showscale": False,
                "contours": {"coloring": "none", "start": contour.level, "end": contour.level, "size": 1},
                "hoverinfo": "skip", "name": safe(contour.label)}  # fmt: skip
        for colour, width, dash in (("white", 5.5, "solid"), (contour.colour, 3, contour.dash)):
            traces.append({**line, "line": {"color": colour, "width": width, "dash": dash, "smoothing": 0}})
    return traces


def plain(values: np.ndarray) -> list[float | None]:
    """Numbers to seven digits; none where there is no value."""
    return [float(f"{value:.7g}") if math.isfinite(value) else None for value in values.tolist()]


def safe(text: str) -> str:
    """Text that plotly shows as it is, line by line: it would read tags in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")


def _even(count: int) -> list[float]:
    return [round(place / (count - 1), 6) for place in range(count)]
