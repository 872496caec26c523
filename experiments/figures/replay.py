"""Figures of one replay: the curves of everyone, and what one person believed."""

from __future__ import annotations

import numpy as np

from experiments import words
from experiments.figures.colours import BLUE, VERMILLION, Dash
from experiments.figures.figure import Axis, Figure, Key, Panel
from experiments.figures.marks import Line
from experiments.figures.styles import CHOSEN, HABITUAL, LOGGED, PEOPLE, TRIED
from sim.measures import OUTCOMES
from sim.organisation.errors import people
from sim.replay import Replay

Shown = tuple[str, str, str, Dash]
"""What is drawn, its label, colour and dash."""
SHOWN: tuple[Shown, ...] = ((*TRIED, "dash"), (*LOGGED, "dash"), (*CHOSEN, "solid"), (*HABITUAL, "solid"))
BELIEFS: tuple[Shown, ...] = (("trust", "trust", BLUE, "solid"), ("resistance", "resistance", VERMILLION, "dash"))


def curves(found: Replay) -> Figure:
    """Who used it week by week in this one run."""
    week = np.arange(found.weeks)
    series = found.series[:, :, None]
    lines = tuple(
        Line(week, OUTCOMES[outcome].curve(series)[:, 0] * 100, label, colour, dash)
        for outcome, label, colour, dash in SHOWN
    )
    panel = Panel("", _weeks(found), Axis(PEOPLE, 0, 100, " %"), lines)
    organisation = found.organisation
    title = f"Who uses it, week by week ({organisation.name}, {people(organisation.headcount)})"
    note = f"One run. Logged and used by choice: mean of four weeks. {words.INSIGHT}"
    return Figure("run", title, note, (panel,), 1, _legend(SHOWN))


def beliefs(found: Replay, row: int, until: int) -> Figure:
    """Trust and resistance of the person in a row, to the end of a week."""
    week = np.arange(until + 1)
    columns = {"trust": found.trust, "resistance": found.resistance}
    lines = tuple(
        Line(week, columns[name][: until + 1, row].astype(np.float64), label, colour, dash)
        for name, label, colour, dash in BELIEFS
    )
    panel = Panel("", _weeks(found), Axis("0 to 1", 0, 1), lines)
    return Figure("beliefs", "Trust and resistance, week by week", "", (panel,), 1, _legend(BELIEFS), height=3.4)


def _weeks(found: Replay) -> Axis:
    return Axis("week", 0, max(found.weeks - 1, 1))


def _legend(shown: tuple[Shown, ...]) -> tuple[Key, ...]:
    return tuple(Key(label, colour, dash) for _, label, colour, dash in shown)
