"""Draw a figure as a PNG, with matplotlib and without a display."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path
from typing import Any

import numpy as np

from experiments.figures.colours import EDGE, INK, RULE, SCALES, SHADE
from experiments.figures.figure import Figure, Key, Panel
from experiments.figures.marks import Band, Bar, Box, Cells, Dots, Layer, Line, Note, Whisker, area, edges

DOTS = 150
"""Dots per inch: a figure of 11 inches fills a projector."""
STYLES: dict[str, Any] = {"solid": "-", "dash": (0, (5, 2)), "dot": (0, (1.2, 1.6))}
FAINT = "#666666"
TITLE, HEAD, TEXT, SMALL = 17, 13.5, 12.5, 10.5
BAR = 1.05
"""Inches that a shared colour bar takes at the right, with its numbers and label."""


def png(figure: Figure) -> bytes:
    """The figure as the bytes of a PNG file: the same figure always gives the same bytes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    wide, tall = figure.width, figure.height
    canvas = Canvas(figsize=(wide, tall), dpi=DOTS, facecolor="white")
    FigureCanvasAgg(canvas)
    left = 0.43 / wide
    canvas.text(left, 1 - 0.2 / tall, figure.title, va="top", fontsize=TITLE, color=INK, weight="bold")
    note = textwrap.fill(figure.note, int(wide * 12))
    canvas.text(left, 0.12 / tall, note, va="bottom", fontsize=SMALL, color=FAINT)
    axes = canvas.subplots(figure.rows, figure.columns, squeeze=False)
    for position, ax in enumerate(axes.flat):
        if position < len(figure.panels):
            _panel(ax, figure.panels[position], named=figure.names_y(position), bars=figure.shared_bar is None)
        else:
            ax.set_visible(False)
    top = 0.5 + 0.32 * _legend(canvas, figure, left - 0.005)
    bottom = 0.18 + 0.2 * (note.count("\n") + 1)
    right = 0.995 if figure.shared_bar is None else 1 - BAR / wide
    canvas.tight_layout(rect=(0.005, bottom / tall, right, 1 - top / tall), w_pad=1.6, h_pad=1.4)
    if figure.shared_bar is not None:
        places = [ax.get_position() for ax in axes.flat if ax.get_visible()]
        low, high = min(place.y0 for place in places), max(place.y1 for place in places)
        beside = max(place.x1 for place in places) + 0.14 / wide
        _colour_bar(figure.shared_bar, cax=canvas.add_axes((beside, low, 0.2 / wide, high - low)))
    held = io.BytesIO()
    canvas.savefig(held, format="png", metadata={"Software": "Uptake"})
    return held.getvalue()


def _legend(canvas: Any, figure: Figure, left: float) -> int:
    """Draw the legend below the title, and return how many lines it takes."""
    if not figure.legend:
        return 0
    longest = max(len(key.label) for key in figure.legend)
    sample = 0.55 if figure.legend[0].filled else 0.85  # inches before each name
    columns = min(len(figure.legend), max(1, int((figure.width - 0.6) / (sample + 0.1 * longest))))
    canvas.legend(
        handles=[_handle(key) for key in figure.legend],
        loc="upper left",
        bbox_to_anchor=(left, 1 - 0.5 / figure.height),
        ncols=columns,
        frameon=False,
        fontsize=TEXT,
        handlelength=1.2 if figure.legend[0].filled else 2.6,
        columnspacing=1.6,
    )
    return -(-len(figure.legend) // columns)


def save_png(figure: Figure, path: Path) -> None:
    """Write the PNG."""
    path.write_bytes(png(figure))


def _panel(ax: Any, panel: Panel, *, named: bool, bars: bool) -> None:
    for mark in panel.marks:
        if isinstance(mark, Band):
            ax.fill_between(*area(mark), color=mark.colour, alpha=SHADE, linewidth=0)
        elif isinstance(mark, Layer):
            ax.fill_between(*area(mark), color=mark.colour, linewidth=0)
        elif isinstance(mark, Line):
            point = len(mark.x) == 1
            ax.plot(mark.x, mark.y, color=mark.colour, linestyle=STYLES[mark.dash], linewidth=2.6,
                    solid_capstyle="round", marker="o" if point else "", clip_on=not point)  # fmt: skip
        elif isinstance(mark, Whisker):
            if mark.low is not None:
                ax.plot([mark.low, mark.high], [mark.y] * 2, color=mark.colour, linewidth=2.6, solid_capstyle="butt")
            face = "white" if mark.hollow else mark.colour
            ax.plot(
                [mark.mean],
                [mark.y],
                "o",
                markersize=8,
                markerfacecolor=face,
                markeredgecolor=mark.colour,
                markeredgewidth=2,
            )
        elif isinstance(mark, Cells):
            _cells(ax, mark, bar=bars)
        elif isinstance(mark, Bar):
            ax.barh(mark.y, mark.high - mark.low, mark.thick, mark.low, color=mark.colour, linewidth=0)
        elif isinstance(mark, Dots):
            face = "none" if mark.hollow else mark.colour
            ax.scatter(mark.x, mark.y, s=22, facecolors=face, edgecolors=mark.colour, linewidths=1, alpha=0.75)
        elif isinstance(mark, Box):
            corner, size = (mark.left, mark.bottom), (mark.right - mark.left, mark.top - mark.bottom)
            ax.add_patch(_rectangle(corner, *size, facecolor=mark.colour, alpha=0.12, linewidth=0, zorder=0.9))
            ax.add_patch(_rectangle(corner, *size, facecolor="none", edgecolor=mark.colour, linewidth=2.6, zorder=3))
        elif isinstance(mark, Note):
            span = panel.x.high - panel.x.low
            ax.annotate(mark.text, (mark.x + 0.02 * span, mark.y), color=mark.colour, fontsize=TEXT, va="center",
                        ha="left", annotation_clip=False, weight="bold")  # fmt: skip
    ax.set_title("\n".join(textwrap.wrap(panel.title, 52)), loc="left", fontsize=HEAD, color=INK, pad=8)
    ax.set_xlim(panel.x.low, panel.x.high)
    ax.set_ylim(panel.y.low, panel.y.high)
    ax.set_xlabel(panel.x.label, fontsize=TEXT, color=INK)
    if named:
        ax.set_ylabel(panel.y.label, fontsize=TEXT, color=INK)
    for axis, described in ((ax.xaxis, panel.x), (ax.yaxis, panel.y)):
        if described.places:
            axis.set_ticks([place for place, _ in described.places], [name for _, name in described.places])
        elif described.suffix:
            axis.set_major_formatter(
                lambda value, _, suffix=described.suffix: f"{value:,.0f}{suffix}".replace("-", "−")
            )
    rows = bool(panel.y.places)
    ax.grid(True, axis="x" if rows else "y", color=RULE, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(labelsize=TEXT if rows else 11.5, colors=INK, length=0 if rows else 3, color=EDGE)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(EDGE)
    if panel.zero:
        ax.axvline(0, color=INK, linewidth=1.2, zorder=1)


def _rectangle(*placed: Any, **looks: Any) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle(*placed, **looks)


def _cells(ax: Any, cells: Cells, *, bar: bool) -> None:
    """The heat map with its boundaries: each a line with a white rim, to be seen on every colour."""
    colours, norm = _colours(cells)
    ax.pcolormesh(edges(cells.x), edges(cells.y), cells.values, cmap=colours, norm=norm, linewidth=0, rasterized=True)
    for contour in cells.contours:
        if min(cells.values.shape) > 1 and np.nanmin(cells.values) < contour.level < np.nanmax(cells.values):
            at = [contour.level]
            ax.contour(cells.x, cells.y, cells.values, at, colors="white", linewidths=4.6)
            style = STYLES[contour.dash]
            ax.contour(cells.x, cells.y, cells.values, at, colors=contour.colour, linewidths=2.4, linestyles=[style])
    if bar:
        _colour_bar(cells, ax=ax)


def _colour_bar(cells: Cells, *, ax: Any = None, cax: Any = None) -> None:
    """A colour bar beside ``ax``, or filling ``cax``."""
    from matplotlib.cm import ScalarMappable

    colours, norm = _colours(cells)
    where = {"ax": ax, "fraction": 0.05, "pad": 0.03} if cax is None else {"cax": cax}
    bar = (cax if ax is None else ax).figure.colorbar(ScalarMappable(norm, colours), **where)
    bar.outline.set_visible(False)
    bar.set_label(cells.label, fontsize=TEXT, color=INK)
    bar.ax.tick_params(labelsize=11.5, colors=INK, color=EDGE)
    if cells.suffix:
        bar.ax.yaxis.set_major_formatter(lambda value, _: f"{value:,.5g}{cells.suffix}".replace("-", "−"))


def _colours(cells: Cells) -> tuple[Any, Any]:
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    return LinearSegmentedColormap.from_list(cells.scale, SCALES[cells.scale]), Normalize(cells.low, cells.high)


def _handle(key: Key) -> Any:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    if key.filled:
        return Patch(facecolor=key.colour, label=key.label, edgecolor="none")
    return Line2D([], [], color=key.colour, linestyle=STYLES[key.dash], linewidth=2.8, label=key.label)
