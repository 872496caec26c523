"""Regret shown: a table, who wins where in sentences, regret curves and shares of worlds won."""

from __future__ import annotations

import numpy as np

from experiments import words
from experiments.analysis.decisions_report import Listing, Report, about
from experiments.analysis.robustness import Robustness, meaning
from experiments.figures import Axis, Bar, Figure, Key, Line, Mark, Note, Panel, style_of

SPOKEN = 3
"""Parameters named for each programme."""


def report(r: Robustness) -> Report:
    """Everything about regret, ready to show."""
    worlds = r.values.shape[1]
    return Report(
        "robust",
        f"Regret over worlds: {', '.join(r.names)}",
        about(r.ground.organisation, r.ground.weeks, worlds, r.ground.seed, r.ground.worlds, r.ground.rule),
        tuple(sentences(r)),
        document(r),
        tables(r),
        (figure(r),),
        (listing(r),),
    )


def amount(r: Robustness, value: float) -> str:
    """A regret in words: ``12 points``."""
    text = words.number(value, r.outcome, unit=False)
    return f"{text} {'point' if text == '1' else 'points'}" if r.outcome.is_share else text


def sentences(r: Robustness) -> list[str]:
    """The robust choice, who wins how often, and in which worlds."""
    robust, often = r.least("high_regret"), max(r.table, key=lambda row: row.won)
    good = max(r.table, key=lambda row: row.mean * r.outcome.good)
    found = [
        f"{robust.name} is the robust choice: in nine worlds of ten it is within {amount(r, robust.high_regret)} of "
        f"the best on {words.label(r.outcome.name)} (at most {amount(r, robust.most_regret)} behind)."
    ]
    if often.name == robust.name == good.name:
        found.append(f"It is also best on average and most often: in {words.percent(often.won)} of worlds.")
    else:
        found.append(
            f"Best on average: {good.name} ({words.number(good.mean, r.outcome)}). "
            f"Most often best: {often.name}, in {words.percent(often.won)} of worlds."
        )
    worst = r.least("most_regret")
    if worst.name != robust.name:
        found.append(f"The least regret in the worst world: {worst.name} ({amount(r, worst.most_regret)}).")
    if not r.worlds:
        return [*found, "Worlds were held, so that only luck differs: there is nothing to tell winners by."]
    found += [_where(r, row.name, row.won) for row in r.table if row.won > 0]
    if r.rule is not None:
        checked = f"right in {words.percent(r.rule.right)} of worlds it was not grown on, against "
        checked += f"{words.percent(r.rule.otherwise)} for always naming the usual winner"
        if r.rule.helps:
            found.append(f"In short ({checked}): {'; '.join(r.rule.text)}.")
        else:
            found.append(f"No simple rule tells the winner: the best of two questions is {checked}.")
    return found


def _where(r: Robustness, name: str, won: float) -> str:
    found = r.separators[name][:SPOKEN]
    if not found:
        if won >= 0.999:
            return f"{name} wins everywhere."
        return f"No single parameter sets the worlds apart in which {name} wins."
    parts = [
        f"{'high' if s.higher else 'low'} {s.key} ({meaning(s.key)}: median {s.median_won:.2g} where it wins, "
        f"{s.median_other:.2g} elsewhere)"
        for s in found
    ]
    return f"{name} wins in worlds with {'; '.join(parts)}."


def figure(r: Robustness) -> Figure:
    """Regret of each programme from the kindest world to the worst; share of worlds won."""
    scale, suffix = (100.0, "") if r.outcome.is_share else (1.0, "")
    unit = "percentage points" if r.outcome.is_share else r.outcome.unit
    if r.outcome.unit == "money":
        scale, unit = 1e-3, "thousands"
    worlds = r.values.shape[1]
    share = np.arange(1, worlds + 1) / worlds * 100
    top = float(r.regrets.max()) * scale * 1.05 or 1.0
    lines: list[Mark] = []
    bars: list[Mark] = []
    for position, row in enumerate(r.table):
        colour, dash = style_of(position)
        lines.append(Line(share, np.sort(r.regrets[position]) * scale, row.name, colour, dash))
        bars.append(Bar(position, 0, row.won * 100, colour, row.name, 0.6))
        bars.append(Note(row.won * 100, position, words.percent(row.won), colour))
    at = Line(np.full(2, 90.0), np.array([0, top]), "nine worlds in ten", "#A6A6A6", "dot")
    names = tuple((float(i), name) for i, name in enumerate(r.names))
    panels = (
        Panel("Regret, worlds sorted from the kindest to each programme",
              Axis("share of worlds with no more regret", 0, 100, " %"), Axis(f"regret, {unit}", 0, top, suffix),
              (at, *lines)),
        Panel("Share of worlds won", Axis("of all worlds", 0, max(row.won for row in r.table) * 125, " %"),
              Axis("", len(names) - 0.5, -0.5, places=names), tuple(bars)),
    )  # fmt: skip
    legend = tuple(Key(name, *style_of(i)) for i, name in enumerate(r.names))
    note = (
        f"Regret: how far a programme is behind the best of these in the same world, over {worlds:,} "
        f"{'worlds' if r.ground.worlds else 'replicates'}. Dotted: nine worlds in ten. {words.INSIGHT}"
    )
    title = f"Regret in {words.label(r.outcome.name)} ({r.ground.organisation.headcount:,} people)"
    return Figure("regret", title, note, panels, 2, legend, 14.5, 6.4 + 0.2 * max(0, len(names) - 5))


def tables(r: Robustness) -> dict[str, dict[str, object]]:
    """``regret``: a row for each programme; ``worlds``: a row for each world and programme; ``separators``."""
    programmes, worlds = np.indices(r.values.shape).reshape(2, -1)
    parts = [(name, s) for name in r.names for s in (r.separators[name] if r.worlds else ())]
    return {
        "regret": {
            "scenario": r.names,
            **{
                key: np.array([getattr(row, key) for row in r.table])
                for key in ("mean", "mean_regret", "high_regret", "most_regret", "won")
            },
        },
        "worlds": {
            "world": worlds,
            "scenario": [r.names[i] for i in programmes],
            r.outcome.name: r.values.reshape(-1),
            "regret": r.regrets.reshape(-1),
            "best": (r.regrets <= 0).reshape(-1),
        },
        "separators": {
            "scenario": np.array([name for name, _ in parts], dtype=object),
            "parameter": np.array([s.key for _, s in parts], dtype=object),
            "higher": np.array([s.higher for _, s in parts], dtype=bool),
            **{
                key: np.array([getattr(s, key) for _, s in parts], dtype=float)
                for key in ("probability", "chance", "median_won", "median_other")
            },
        },
    }


def listing(r: Robustness) -> Listing:
    """The regret table."""
    rows = tuple(
        (row.name, words.number(row.mean, r.outcome), amount(r, row.mean_regret), amount(r, row.high_regret),
         amount(r, row.most_regret), words.percent(row.won, brief=True))
        for row in r.table
    )  # fmt: skip
    columns = ("programme", "mean", "mean regret", "9 in 10 worlds", "worst world", "worlds won")
    return Listing(f"Regret in {words.label(r.outcome.name)} against the best in each world:", columns, rows)


def document(r: Robustness) -> dict[str, object]:
    """Plain values: the regret table, what separates winners, the tree."""
    return {
        "outcome": r.outcome.name,
        "replicates": r.values.shape[1],
        "seed": r.ground.seed,
        "weeks": r.ground.weeks,
        "programmes": [vars(row) for row in r.table],
        "robust": r.least("high_regret").name,
        "separators": {name: [vars(s) for s in found] for name, found in r.separators.items()} if r.worlds else {},
        "tree": None
        if r.rule is None
        else {"leaves": list(r.rule.text), "right": r.rule.right, "otherwise": r.rule.otherwise},
    }
