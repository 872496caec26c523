"""The outcomes of compared programmes at the end, with paired differences and how often each is better."""

from __future__ import annotations

import reacton.ipyvuetify as rv
import solara

from experiments import outcomes, words
from experiments.app.components import Table
from experiments.compare import Comparison, Difference
from experiments.figures.colours import style_of

Cell = dict[str, str]


@solara.component
def Outcomes(c: Comparison) -> None:
    """A row for each outcome, a column for each programme, and how to read them."""
    heads, rows = solara.use_memo(lambda: (_heads(c), _rows(c)), [c])
    with rv.Card(outlined=True):
        rv.CardTitle(children=[f"After {words.counted(c.weeks, 'week')}, over {words.runs(c)}"], class_="text-h6",
                     style_="word-break: normal")  # fmt: skip
        rv.CardText(children=[reading(c)], class_="text-body-2 text--primary pb-1")
        Table(heads, rows)


def reading(c: Comparison) -> str:
    """How to read the table, in a few sentences."""
    what = "worlds" if c.worlds else "replicates"
    said = f"In bold the mean, then from where to where nine in ten {what} lie (5th to 95th percentile)."
    if len(c.names) == 1:
        return said
    return (
        f"{said} Below: how much more or less than {c.base} in the same {what}, with the 95 % interval of that mean "
        f"(shares in percentage points), and in how many of the {what} it is better (equal counts half; left out where "
        "most are equal)."
    )


def _heads(c: Comparison) -> list[dict[str, str]]:
    return [{"text": "outcome"}, *({"text": name, "colour": style_of(i)[0]} for i, name in enumerate(c.names))]


def _rows(c: Comparison) -> list[list[Cell]]:
    rows = [[_outcome(key), *(_reached(c, name, key) for name in c.names)] for key in outcomes.SHOWN]
    if len(c.names) > 2:
        won = [{"strong": words.percent(share)} for share in c.won(outcomes.PRIMARY)]
        rows.insert(1, [{"text": f"best of all by {words.label(outcomes.PRIMARY)}, share of worlds"}, *won])
    return rows


def _outcome(key: str) -> Cell:
    """The outcome's name, with its unit where its numbers do not bring one."""
    outcome = outcomes.ALL[key]
    says = outcome.is_share or outcome.unit in words.label(key)
    return {"text": words.label(key) + ("" if says else f" ({outcome.unit})"), "title": outcome.meaning}


def _reached(c: Comparison, name: str, key: str) -> Cell:
    """What a programme reaches, and beneath it the difference from the base."""
    outcome, spread = outcomes.ALL[key], c.at_end[name][key]
    span = words.interval(spread, outcome) if c.replicates > 1 else ""
    cell: Cell = {"strong": words.number(spread.mean, outcome), "text": span}
    if name != c.base:
        cell["beneath"] = _difference(c.difference(name, key), c.worlds)
    return cell


def _difference(d: Difference, worlds: bool) -> str:
    """``+49 points (39 to 59), better in 91 %``; without an interval no difference, but a reason."""
    outcome, parts = outcomes.ALL[d.outcome], []
    if d.same:
        return f"the same in all {'worlds' if worlds else 'replicates'}"
    if d.mean is not None and d.low is not None:
        told = "" if d.told_apart else ", cannot be told from none"
        parts.append(f"{words.change(d.mean, outcome)} ({words.interval(d, outcome)}){told}")
    elif outcome.name == outcomes.PAYBACK:
        parts.append(f"too few {'worlds' if worlds else 'replicates'} in which both pay back for a difference")
    if (share := words.often(d)) is not None:
        parts.append(f"better in {words.percent(share)}")
    return ", ".join(parts)
