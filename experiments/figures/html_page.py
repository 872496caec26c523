"""One HTML page with figures: everything it needs is inside it."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence

from experiments.figures.draw_html import NARROW, plotly, stacked
from experiments.figures.figure import Figure

QUIET = {"displaylogo": False, "showSendToCloud": False, "plotlyServerURL": ""}
"""Plotly's own offers, left out: a figure is shared as a file, and nothing leaves this machine."""


def page(figures: Sequence[Figure], title: str, lead: Sequence[str]) -> str:
    """One HTML page with all figures and plotly.js inside it: it loads nothing from anywhere."""
    from plotly.offline import get_plotlyjs

    parts = [
        "<!doctype html>",
        '<html lang="en-GB"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{html.escape(title)}</title>",
        "<style>body{font:17px/1.5 system-ui,sans-serif;color:#222;max-width:1250px;margin:2rem auto;padding:0 1rem}"
        "h1{font-size:1.7rem}h2{font-size:1.3rem;margin:2.5rem 0 0}.note{color:#666;font-size:.9rem;margin-top:0}"
        "</style>",
        f"<script>{get_plotlyjs()}</script></head><body>",
        f"<h1>{html.escape(title)}</h1>",
        *(f"<p>{html.escape(sentence)}</p>" for sentence in lead),
    ]
    for figure in figures:
        wide = _script(figure)
        narrow = _script(stacked(figure)) if figure.columns > 1 else "wide"
        parts += [
            f"<h2>{html.escape(figure.title)}</h2>",
            f'<div id="{figure.name}"></div>',
            f'<p class="note">{html.escape(figure.note)}</p>',
            f'<script>{{const quiet={json.dumps(QUIET)},box=document.getElementById("{figure.name}");'
            f"const wide={wide},narrow={narrow};let f;"
            f"const draw=()=>{{const next=innerWidth<{NARROW}?narrow:wide;"
            "if(next!==f){f=next;Plotly.newPlot(box,f.data,f.layout,{...quiet,responsive:true,"
            "displayModeBar:f===wide?'hover':false});}};"
            'draw();addEventListener("resize",draw);}</script>',
        ]
    return "\n".join([*parts, "</body></html>", ""])


def _script(figure: Figure) -> str:
    """The figure as a script may hold it."""
    return json.dumps(plotly(figure), allow_nan=False, ensure_ascii=False).replace("</", "<\\/")
