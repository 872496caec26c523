"""Figures described as plotly.js draws them, and what stands for their colours on a dark page."""

from __future__ import annotations

import math
import textwrap
from dataclasses import replace
from typing import Any

from experiments.figures.colours import BLACK, EDGE, INK, PALE, RULE
from experiments.figures.draw_html_areas import AXIS, BAR, BELOW, areas, safe
from experiments.figures.draw_html_lines import lines, shaded
from experiments.figures.figure import Axis, Figure, Key, Panel
from experiments.figures.marks import Bar, Box, Cells, Dots, Note

INCH = 88
"""Pixels of a figure's inch on a page."""
GAP_X, LETTER = 90, 7.5
"""Pixels between panels, with room for numbers and a heading; and of a letter, for names."""
LINE = 24
"""Letters to a line in a narrow window."""
NARROW, PAGE = 800, 1215
"""Pixels of a window below which panels stand one below the other; and of the widest figure."""
GAP_Y = 100
"""Pixels between rows of panels: the upper's axis and the lower's heading stand there."""
TOP, BOTTOM, LEFT = 70, 60, 120
LEGEND = 22
"""Pixels of a line of the legend, which stands above the panels."""
DARK = {INK: "#E8E8E8", RULE: "#484848", BLACK: "#F2F2F2", EDGE: "#8A8A8A", PALE: "#4D4D4D", "white": "#1E1E1E",
        shaded(BLACK): "rgba(255,255,255,0.16)"}  # fmt: skip
"""What stands for a colour on a dark page; all others are seen on both."""
OTHERS = (Cells, Bar, Dots, Box)
"""Marks that are neither lines nor between lines: see ``draw_html_areas``."""


def plotly(figure: Figure) -> dict[str, Any]:
    """The figure as plotly.js reads it: ``data`` and ``layout``, plain values only; in the colours of a light page."""
    data: list[dict[str, Any]] = []
    top = _top(figure)
    layout: dict[str, Any] = {
        "font": {"family": "system-ui, sans-serif", "size": 14, "color": INK},
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "height": round(figure.height * INCH) + top - TOP,
        "margin": {
            "l": LEFT if figure.columns > 1 else LEFT - 40,
            "r": _right(figure),
            "t": top,
            "b": _bottom(figure),
        },
        "hovermode": "closest" if any(p.zero for p in figure.panels) or _has(figure, Cells, Dots, Bar) else "x unified",
        "barmode": "overlay",  # each bar where it is placed, whatever shares its row
        "showlegend": bool(figure.legend),
        "legend": {
            "orientation": "h",
            "x": 0,
            "xref": "container",
            "y": 1.0,
            "yanchor": "top",
            "yref": "container",
            "traceorder": "normal",
        },
        "annotations": [],
        "shapes": [],
    }
    for key in figure.legend:
        data.append(_key(key))
    for position, panel in enumerate(figure.panels):
        _panel(figure, position, panel, data, layout)
    return {"data": data, "layout": layout}


def _panel(figure: Figure, position: int, panel: Panel, data: list[dict[str, Any]], layout: dict[str, Any]) -> None:
    row, column = divmod(position, figure.columns)
    number = "" if position == 0 else str(position + 1)
    gap_x = _gap(figure)
    wide = (1 - gap_x * (figure.columns - 1)) / figure.columns
    pixel = 1 / (figure.height * INCH - TOP - _bottom(figure))
    gap_y = _gap_y(figure) * pixel
    high = (1 - gap_y * (figure.rows - 1)) / figure.rows
    left, top = column * (wide + gap_x), 1 - row * (high + gap_y)
    rows = panel.zero or bool(panel.y.places)
    x = {**_axis(panel.x), "anchor": f"y{number}", "domain": [left, left + wide], "showgrid": rows}
    y = {**_axis(panel.y), "anchor": f"x{number}", "domain": [top - high, top], "showgrid": not rows}
    if not (figure.names_y(position) or panel.y.places):
        y["title"] = {"text": ""}
    layout[f"xaxis{number}"], layout[f"yaxis{number}"] = x, y
    head = {"text": f"<b>{safe(panel.title)}</b>", "font": {"size": 15}, "showarrow": False,
            "align": "left"}  # fmt: skip
    place = {"x": left, "y": top, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom"}
    layout["annotations"].append({**head, **place})
    if panel.zero:
        upright = {"type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "line": {"color": INK, "width": 1.5}}
        layout["shapes"].append({**upright, "xref": f"x{number}", "yref": f"y{number} domain"})
    for mark in panel.marks:
        if isinstance(mark, Note):
            words = {"text": f"<b>{safe(mark.text)}</b>", "font": {"color": mark.colour}, "showarrow": False}
            place = {"x": mark.x, "y": mark.y, "xref": f"x{number}", "yref": f"y{number}"}
            layout["annotations"].append({**words, **place, "xanchor": "left", "xshift": 4})
        domains = (left, left + wide), (top - high, top)
        drawn = areas(mark, panel, domains, figure, pixel) if isinstance(mark, OTHERS) else lines(mark, panel)
        for trace in drawn:
            data.append({"type": "scatter", **trace, "xaxis": f"x{number}", "yaxis": f"y{number}", "showlegend": False})


def _right(figure: Figure) -> int:
    """Pixels right of the panels: for names at the ends of lines, or a colour bar."""
    return 120 if _has(figure, Note) else BAR if _has(figure, Cells) and not figure.narrow else 30


def _bottom(figure: Figure) -> int:
    """Pixels beneath the lowest panels."""
    return BOTTOM + _bar_below(figure)


def _bar_below(figure: Figure) -> int:
    """Pixels beneath a panel for a colour bar that has no room beside it, and for the axis's words in short lines."""
    return BELOW + AXIS - BOTTOM if figure.narrow and _has(figure, Cells) else 0


def _notes(figure: Figure) -> int:
    """Letters of the longest name at the end of a line with another panel to its right."""
    left = [panel for i, panel in enumerate(figure.panels) if (i + 1) % figure.columns]
    return max((len(m.text) for panel in left for m in panel.marks if isinstance(m, Note)), default=0)


def _gap(figure: Figure) -> float:
    """Between panels, as a share of their width together: room for a colour bar of the left one, and for the upright
    axis of the right one with its names."""
    later = [(i, panel) for i, panel in enumerate(figure.panels) if i % figure.columns]
    names = max((len(name) for _, panel in later for _, name in panel.y.places), default=0)
    bar = BAR if _has(figure, Cells) and figure.shared_bar is None else 0
    title = 25 if any(figure.names_y(i) and panel.y.label for i, panel in later) else 0
    pixels = GAP_X + bar + title + max(0.0, names * LETTER - 30) + _notes(figure) * LETTER
    return min(pixels / (PAGE - LEFT - _right(figure)), 0.4 / max(figure.columns - 1, 1))


def _top(figure: Figure) -> int:
    """Pixels above the panels: the legend's lines, and the heading of a panel."""
    if not figure.legend:
        return TOP
    wide = figure.columns > 1 or figure.width * INCH >= PAGE
    across = PAGE * 0.7 if wide else NARROW * 0.55  # beside the buttons
    each = 60 + LETTER * max(len(key.label) for key in figure.legend)
    lines = math.ceil(len(figure.legend) / max(1, across // each))
    return max(TOP, 26 + LEGEND * lines + LEGEND)


def stacked(figure: Figure) -> Figure:
    """The same with its panels one below the other, each as tall as it was, their words in short lines: for a narrow
    window."""
    between = _gap_y(figure) * (figure.rows - 1)
    tall = (figure.height * INCH - TOP - BOTTOM - between) / figure.rows
    panels = tuple(
        _folded(named_as(panel, figure.panels[i - i % figure.columns])) for i, panel in enumerate(figure.panels)
    )
    below = replace(figure, panels=panels, columns=1, width=NARROW / INCH, narrow=True)
    high = TOP + _bottom(below) + tall * len(panels) + _gap_y(below) * (len(panels) - 1)
    return replace(below, height=high / INCH)


def _gap_y(figure: Figure) -> int:
    """Pixels between rows of panels, more where words take several lines or a colour bar stands beneath each."""
    lines = max(panel.title.count("\n") + panel.x.label.count("\n") for panel in figure.panels)
    return GAP_Y + LEGEND * lines + (_bar_below(figure) if figure.shared_bar is None else 0)


def _folded(panel: Panel) -> Panel:
    """The panel with its heading and the words below it in lines that fit a narrow window."""
    title, label = ("\n".join(textwrap.wrap(text, LINE)) for text in (panel.title, panel.x.label))
    return replace(panel, title=title, x=replace(panel.x, label=label))


def named_as(panel: Panel, first: Panel) -> Panel:
    """The panel with the names of its row's first where it leaves them to that one."""
    if not panel.y.places or any(name for _, name in panel.y.places):
        return panel
    return replace(panel, y=replace(panel.y, places=first.y.places))


def _axis(axis: Axis) -> dict[str, Any]:
    found: dict[str, Any] = {
        "range": [axis.low, axis.high],
        "title": {"text": safe(axis.label), "standoff": 8},
        "gridcolor": RULE,
        "linecolor": EDGE,
        "zeroline": False,
        "ticksuffix": axis.suffix,
    }
    if axis.places:
        found |= {"tickvals": [place for place, _ in axis.places], "ticktext": [safe(name) for _, name in axis.places]}
        found["automargin"] = True  # room for long names
    return found


def _key(key: Key) -> dict[str, Any]:
    """A legend entry: a trace without points, so that one entry stands for the same line in every panel."""
    entry: dict[str, Any] = {"type": "scatter", "x": [None], "y": [None], "name": safe(key.label), "hoverinfo": "skip"}
    if key.filled:
        return entry | {"mode": "markers", "marker": {"symbol": "square", "size": 14, "color": key.colour}}
    return entry | {"mode": "lines", "line": {"color": key.colour, "width": 3, "dash": key.dash}}


def _has(figure: Figure, *kinds: type) -> bool:
    return any(isinstance(mark, kinds) for panel in figure.panels for mark in panel.marks)
