"""Regret shown: a table, who wins where in sentences, regret curves and shares of worlds won."""

from __future__ import annotations

import numpy as np

from experiments import words
from experiments.analysis.report import Listing, Report
from experiments.analysis.robustness import Robustness, meaning
from experiments.figures.colours import style_of
from experiments.figures.figure import Axis, Figure, Key, Panel
from experiments.figures.marks import Bar, Line, Mark, Note
from experiments.outcomes import Outcome

SPOKEN = 3
"""Parameters named for each programme."""
SHOWN = 10
"""Programmes drawn and listed, at most."""


def report(r: Robustness) -> Report:
    """Everything about regret, ready to show."""
    return Report(
        "robust",
        f"Regret over worlds: {', '.join(r.names) if len(r.names) <= SHOWN else f'{len(r.names)} programmes'}",
        r.runs.said(),
        (*sentences(r), *r.runs.notes),
        document(r),
        tables(r),
        (figure(r),),
        (listing(r),),
        r.runs,
    )


def shown(r: Robustness) -> list[int]:
    """The programmes that are drawn and listed: all, or those of the least high regret, in their order."""
    least = sorted(range(len(r.names)), key=lambda i: (r.table[i].high_regret, -r.table[i].won))[:SHOWN]
    return sorted(least)


def amount(outcome: Outcome, value: float) -> str:
    """A regret in words: ``12 points``."""
    text = words.number(value, outcome, unit=False)
    return f"{text} {'point' if text == '1' else 'points'}" if outcome.is_share else text


def sentences(r: Robustness) -> list[str]:
    """The robust choice, who wins how often, and in which worlds."""
    if not r.regrets.any():
        return [f"All of them come to the same {words.label(r.outcome.name)} in every world: nothing to choose by."]
    robust, often = r.least("high_regret"), max(r.table, key=lambda row: row.won)
    good = max(r.table, key=lambda row: row.mean * r.outcome.good)
    found = [
        f"{robust.name} is the robust choice: in nine worlds of ten it is within "
        f"{amount(r.outcome, robust.high_regret)} of the best on {words.label(r.outcome.name)} "
        f"(at most {amount(r.outcome, robust.most_regret)} behind)."
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
        found.append(f"The least regret in the worst world: {worst.name} ({amount(r.outcome, worst.most_regret)}).")
    if not r.worlds:
        return [*found, "Worlds were held, so that only luck differs: there is nothing to tell winners by."]
    won = {row.name: row.won for row in r.table}
    winners = sorted((row.name for row in r.table if row.won > 0), key=lambda name: -won[name])
    told = [name for name in winners if r.separators[name]]
    found += [_where(r, name) for name in told[:SHOWN]]
    if len(winners) == 1:
        found.append(f"{winners[0]} wins everywhere.")
    elif untold := [name for name in winners if name not in told]:
        names = " or ".join(untold) if len(untold) <= SPOKEN else "any other" if told else "any of them"
        found.append(f"No single parameter sets the worlds apart in which {names} wins.")
    if r.rule is not None:
        checked = f"right in {words.percent(r.rule.right)} of worlds it was not grown on, against "
        checked += f"{words.percent(r.rule.otherwise)} for always naming the usual winner"
        if r.rule.helps:
            found.append(f"In short ({checked}): {'; '.join(r.rule.text)}.")
        else:
            found.append(f"No simple rule tells the winner: the best of two questions is {checked}.")
    return found


def _where(r: Robustness, name: str) -> str:
    """In which worlds a programme wins that some parameter sets apart."""
    parts = [
        f"{'high' if s.higher else 'low'} {s.key} ({meaning(s.key)}: median {s.median_won:.2g} where it wins, "
        f"{s.median_other:.2g} elsewhere)"
        for s in r.separators[name][:SPOKEN]
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
    drawn = shown(r)
    top = float(r.regrets[drawn].max()) * scale * 1.05 or 1.0
    lines: list[Mark] = []
    bars: list[Mark] = []
    for position, index in enumerate(drawn):
        row = r.table[index]
        colour, dash = style_of(position)
        lines.append(Line(share, np.sort(r.regrets[index]) * scale, row.name, colour, dash))
        bars.append(Bar(position, 0, row.won * 100, colour, row.name, 0.6))
        bars.append(Note(row.won * 100, position, words.percent(row.won), colour))
    at = Line(np.full(2, 90.0), np.array([0, top]), "nine worlds in ten", "#A6A6A6", "dot")
    names = tuple((float(i), r.names[index]) for i, index in enumerate(drawn))
    panels = (
        Panel("Regret, the kindest worlds first",
              Axis("share of worlds with no more regret", 0, 100, " %"), Axis(f"regret, {unit}", 0, top, suffix),
              (at, *lines)),
        Panel("Share of worlds won", Axis("of all worlds", 0, max(r.table[index].won for index in drawn) * 125, " %"),
              Axis("", len(names) - 0.5, -0.5, places=names), tuple(bars)),
    )  # fmt: skip
    legend = tuple(Key(r.names[index], *style_of(i)) for i, index in enumerate(drawn))
    note = (
        f"Regret: how far a programme is behind the best of these in the same world, over {worlds:,} "
        f"{'worlds' if r.runs.setting.worlds else 'replicates'}. Dotted: nine worlds in ten. {words.INSIGHT}"
    )
    title = f"Regret in {words.label(r.outcome.name)} ({r.runs.setting.headcount:,} people)"
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
        (row.name, words.number(row.mean, r.outcome),
         *(amount(r.outcome, regret) for regret in (row.mean_regret, row.high_regret, row.most_regret)),
         words.percent(row.won, brief=True))
        for row in (r.table[index] for index in shown(r))
    )  # fmt: skip
    columns = ("programme", "mean", "mean regret", "9 in 10 worlds", "worst world", "worlds won")
    few = f" (the {SHOWN} of {len(r.names)} with the least)" if len(r.names) > SHOWN else ""
    return Listing(f"Regret in {words.label(r.outcome.name)} against the best in each world{few}:", columns, rows)


def document(r: Robustness) -> dict[str, object]:
    """Plain values: the regret table, what separates winners, the tree."""
    return {
        "outcome": r.outcome.name,
        "replicates": r.values.shape[1],
        "seeds": r.runs.each_seed,
        "weeks": r.runs.setting.weeks,
        "programmes": [vars(row) for row in r.table],
        "robust": r.least("high_regret").name,
        "separators": {name: [vars(s) for s in found] for name, found in r.separators.items()} if r.worlds else {},
        "tree": None
        if r.rule is None
        else {"leaves": list(r.rule.text), "right": r.rule.right, "otherwise": r.rule.otherwise},
    }
