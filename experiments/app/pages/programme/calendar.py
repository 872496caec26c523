"""The calendar of a plan: a line for each lever, with its bar over the weeks; one below the other on a phone."""

from __future__ import annotations

import reacton.ipyvuetify as rv
import solara

from experiments.timeline import COLOURS, NOTE, Row, ticks

STYLE = """
    .uptake-calendar {
        display: grid; grid-template-columns: max-content fit-content(48%) minmax(0, 1fr); gap: 0.15em 0.8em;
        align-items: center; list-style: none; padding: 0 !important; margin: 0.5em 0 0; line-height: 1.3;
    }
    .uptake-calendar li { display: contents; }
    .uptake-calendar .family { grid-column: 1; text-align: right; opacity: 0.7; }
    .uptake-calendar .lever { grid-column: 2; }
    .uptake-calendar .weeks { grid-column: 3; align-self: stretch; display: flex; align-items: center; }
    .uptake-calendar .weeks > div { width: 100%; height: 0.9em; }
    .uptake-calendar .ticks { grid-column: 3; position: relative; height: 1.3em; font-size: 0.85em; }
    .uptake-calendar .ticks span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
    .uptake-calendar .ticks span:first-child { transform: none; }
    .uptake-calendar .ticks span.end { transform: translateX(-100%); }
    @media (min-width: 701px) {
        .uptake-calendar.large {
            --room: calc(100vh - 9.5rem);
            font-size: min(1.35rem, calc(91vw / var(--letters)), calc(var(--room) / var(--lines) / 1.47));
            grid-auto-rows: 1fr; height: min(var(--room), calc(var(--lines) * 2.6em));
        }
        .uptake-calendar.large .weeks > div { height: min(75%, 1.4em); }
    }
    @media (max-width: 700px) {
        .uptake-calendar { grid-template-columns: minmax(0, 1fr); }
        .uptake-calendar li > * { grid-column: 1 !important; text-align: left !important; }
        .uptake-calendar .family:empty { display: none; }
        .uptake-calendar .weeks { min-height: 1.2em; }
    }
"""


@solara.component
def Calendar(rows: list[Row], weeks: int, large: bool) -> None:
    """The rows of ``timeline.calendar``. ``large``: all of it on one screen, in type as large as fits."""
    solara.Style(STYLE)
    step = ticks(weeks).step / weeks
    lines = f"background: repeating-linear-gradient(to right, #8886 0 1px, transparent 1px {step:.3%})"
    families = [row.family for row in rows]
    letters = max(len(f"{row.label}  {row.amount}") for row in rows)
    size = f"--lines: {len(rows) + 1}; --letters: {letters}"  # what type as large as fits must leave room for
    with rv.Html(tag="ul", class_=f"uptake-calendar {'large' * large}", style_=size):
        for place, row in enumerate(rows):
            first = families.index(row.family) == place
            with rv.Html(tag="li"):
                rv.Html(tag="span", class_="family", children=[row.family.capitalize()] if first else [])
                with rv.Html(tag="div", class_="lever"):
                    rv.Html(tag="span", class_="font-weight-bold mr-1", children=[f"{row.label} "])
                    rv.Html(tag="span", children=[row.amount])
                about = {"role": "img", "aria-label": row.when, "title": row.when}
                with rv.Html(tag="div", class_="weeks", style_=lines, attributes=about):
                    rv.Html(tag="div", style_=f"background: {COLOURS[row.family]}; clip-path: {_cut(row, weeks)}")
        with rv.Html(tag="li", attributes={"aria-hidden": "true"}), rv.Html(tag="div", class_="ticks"):
            for week in ticks(weeks):
                side = "end" if week == weeks else ""
                rv.Html(tag="span", class_=side, style_=f"left: {week / weeks:.3%}",
                        children=[f"week {week}" if week == 0 else str(week)])  # fmt: skip
    if not large:
        rv.Html(tag="p", class_="text--secondary text-caption mb-0 mt-2", children=[NOTE])


def _cut(row: Row, weeks: int) -> str:
    """The outline as CSS has it."""
    return f"polygon({', '.join(f'{x:.3%} {y:.3%}' for x, y in row.outline(weeks))})"
