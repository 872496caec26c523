"""Results on the terminal: tables with intervals, small curves, verdicts. Plain text where it is piped."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from experiments import outcomes, words
from experiments.defaults import RULE

if TYPE_CHECKING:
    from experiments.compare import Comparison

BARS = "▁▂▃▄▅▆▇█"
CURVE = 21
"""Characters of a small curve."""
FIRST, OUTCOME, DIFFERENCE = 13, 21, 28
"""Widths of the column that names the outcomes, and of a programme's column in either table."""
CURVED = (("habitual", "~ habitual"), ("weekly_active", "~ active"))


def console(*, stderr: bool = False) -> Console:
    """Where results (or, on standard error, notices) go; colour only where rich finds a terminal that wants it."""
    return Console(file=sys.stderr if stderr else sys.stdout, highlight=False, emoji=False, markup=False)


def sparkline(values: np.ndarray, *, top: float = 1.0, width: int = CURVE) -> str:
    """A curve in ``width`` characters, from 0 to ``top``; blank where undefined."""
    chosen = values[np.linspace(0, len(values) - 1, min(width, len(values))).round().astype(int)]
    return "".join(
        " " if np.isnan(v) else BARS[min(max(int(v / (top or 1.0) * len(BARS)), 0), len(BARS) - 1)] for v in chosen
    )


def show(comparison: Comparison, out: Console) -> None:
    """Everything about a comparison: who and how long, the outcomes, the differences, the verdicts, the caution."""
    c = comparison
    drawn = "worlds drawn" if c.worlds else "one world, parameters at their values"
    span = f"{words.counted(c.weeks, 'week')}, {words.counted(c.replicates, 'replicate')}"
    rule = "" if c.rule == RULE else f", rule {c.rule}"
    who = f"{c.organisation.name}: {c.organisation.headcount:,} people"
    out.print(Text(f"{who}, {span} ({drawn}), seed {c.seed}{rule}"))
    for name in c.names:
        out.print(Text.assemble((name, "bold"), f"  {c.scenario(name).title}"))
    out.print()
    many = c.replicates > 1
    out.print(
        f"At the end: mean, and 5th to 95th percentile of {c.replicates:,} replicates." if many else "At the end:"
    )
    for names in chunks(c.names, out.width, OUTCOME):
        out.print(_outcome_table(c, names))
    out.print(Text(f"~ week 0 to {c.weeks - 1}, from none to all of the people", style="dim"))
    if len(c.names) > 1:
        out.print()
        out.print(
            f"Against {c.base}: mean paired difference, 95 % interval, how often better (blank where most are equal)."
        )
    for names in chunks(c.names[1:], out.width, DIFFERENCE):
        out.print(_difference_table(c, names))
    if len(c.names) > 1:
        out.print()
        for name, sentence in zip(c.names[1:], words.verdicts(c), strict=True):
            told = c.difference(name, outcomes.PRIMARY).told_apart
            out.print(Text(sentence, style="bold" if told else "yellow"))
            rest = [c.difference(name, o) for o in outcomes.SHOWN if o != outcomes.PRIMARY]
            if also := words.trade_offs(rest):
                out.print(Padding(Text(also), (0, 0, 0, 2)))
    out.print()
    out.print(Text(words.INSIGHT, style="italic"))


def listing(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """A plain table of texts, wrapped where they are long."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for name in columns:
        table.add_column(Text(name, style="bold"), overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def chunks(names: Sequence[str], width: int, column: int) -> Iterator[list[str]]:
    """The names in groups whose columns of this width fit side by side."""
    fit = max(1, (width - FIRST) // (column + 1))
    for start in range(0, len(names), fit):
        yield list(names[start : start + fit])


def _table(names: Sequence[str], width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=0)
    table.add_column("", no_wrap=True, width=FIRST)
    for name in names:
        table.add_column(Text(name, style="bold"), width=width, overflow="fold")
    return table


def _outcome_table(c: Comparison, names: list[str]) -> Table:
    table = _table(names, OUTCOME)
    for key in outcomes.SHOWN:
        outcome = outcomes.ALL[key]
        row = []
        for name in names:
            spread = c.at_end[name][key]
            span = words.interval(spread, outcome) if c.replicates > 1 else ""
            row.append(Text.assemble((f"{words.number(spread.mean, outcome):>6}", "bold"), (f" {span}", "dim")))
        table.add_row(words.label(key), *row)
    for key, head in CURVED:
        curves = [sparkline(c.band(name, key).mean) for name in names]
        table.add_row(head, *[Text(curve, style="cyan") for curve in curves])
    return table


def _difference_table(c: Comparison, names: list[str]) -> Table:
    table = _table(names, DIFFERENCE)
    for key in outcomes.SHOWN:
        outcome = outcomes.ALL[key]
        row = []
        for name in names:
            d = c.difference(name, key)
            if d.mean is None:
                row.append(Text("  none to compare", style="dim"))
                continue
            style = "" if not d.told_apart or not outcome.good else "green" if d.mean * outcome.good > 0 else "red"
            share = words.often(d)
            better = "" if share is None else words.percent(share, brief=True)
            value, span = words.number(d.mean, outcome, signed=True, unit=False), words.interval(d, outcome)
            row.append(Text.assemble((f"{value:>6}", style or "dim"), (f" {span:<14}", "dim"), f" {better:>6}"))
        table.add_row(words.label(key), *row)
    return table
