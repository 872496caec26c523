"""The best programme for a budget shown: what to do, what it comes to on fresh worlds, and what was traded."""

from __future__ import annotations

import numpy as np

from experiments import words
from experiments.analysis.optimising_figure import figure, limits
from experiments.analysis.optimising_found import Optimum
from experiments.analysis.optimising_library import NAME
from experiments.analysis.report import Listing, Report
from experiments.analysis.robustness import high_regret
from experiments.analysis.robustness_report import amount
from experiments.analysis.scales import START, scale
from sim.scenario import LAST_WEEK

SHOWN = 8
"""Programmes of the library listed beside the recommendation."""


def report(o: Optimum) -> Report:
    """Everything about the recommendation, ready to show."""
    return Report(
        "optimise",
        f"The best programme for {limits(o)}",
        f"{o.runs.said(o.runs.facts['seed'])}: fresh worlds",
        tuple(sentences(o)),
        document(o),
        tables(o),
        (figure(o),),
        (programme(o), league(o)),
        o.runs,
    )


def sentences(o: Optimum) -> list[str]:
    """What it reaches, against the best of the library, by regret, and what it costs; all on fresh worlds."""
    best, outcome = o.recommended, o.outcome
    mean, low, high = best.interval
    span = "" if low is None or high is None else f" (95 % interval {_number(o, low)} to {_number(o, high)})"
    found = [
        f"The recommended programme reaches {_number(o, mean)} {words.label(outcome.name)}{span} on "
        f"{len(best.values):,} worlds that the search never saw, and is best there in {words.percent(float(o.won[0]))} "
        f"of them, against {words.counted(len(o.entries) - 1, 'library programme')} within {limits(o)}."
    ]
    if o.best_rival is not None and o.gain is not None:
        found.append(_gain(o))
    else:
        found.append("No programme of the library keeps to this budget.")
    how = "regret over worlds" if o.robust else "expected outcome"
    found.append(
        f"It was chosen by {how}; nine worlds in ten leave it within "
        f"{amount(outcome, o.high_regret(best))} of the best programme there."
    )
    spent = f"It costs {words.money(float(best.cost.mean()))} and {best.hours.mean():,.0f} hours of people's time"
    if np.isfinite(o.limits.cost):
        spent += f"; prices and wages differ over worlds, and {words.percent(o.over_budget)} exceed the budget"
    found.append(f"{spent} (hours are in the cost, at the wage).")
    found.append(
        f"The search tried {o.runs.facts['tried']:,} programmes on {o.runs.facts['searched']:,} worlds, where the best "
        "look better than they are: nothing here comes from those."
    )
    if best.cost.mean() > o.limits.cost or best.hours.mean() > o.limits.hours:
        found.append("On the fresh worlds it is a little beyond the limit that it kept on those of the search.")
    return found


def _number(o: Optimum, value: float | None) -> str:
    return words.number(value, o.outcome)


def _gain(o: Optimum) -> str:
    gain, outcome = o.gain, o.outcome
    assert gain is not None and o.best_rival is not None
    rival = o.best_rival.name
    points = " points" if outcome.is_share else ""
    text = words.number(gain.mean, outcome, signed=True, unit=False) + points
    found = f"Against {rival}, the best of the library within the budget (ranked on worlds of their own): {text}"
    if gain.low is None or gain.high is None:
        return f"{found}."
    span = f"{words.number(gain.low, outcome, unit=False)} to {words.number(gain.high, outcome, unit=False)}"
    told = "" if gain.low > 0 or gain.high < 0 else ", which cannot be told from nought"
    share = words.often(gain)
    better = "" if share is None else f", better in {words.percent(share)} of worlds"
    return f"{found} ({span}){better}{told}."


def pulled(o: Optimum) -> dict[str, str]:
    """The levers that the recommendation pulls, in words; those left at neutral are not among them."""
    ladders = {key: scale(key, o.runs.setting.weeks) for key in o.values}
    return {
        key: ladder.spoken(o.values[key]) for key, ladder in ladders.items() if o.values[key] != ladder.lever.neutral
    }


def programme(o: Optimum) -> Listing:
    """What to do: each lever pulled, beside the base."""
    found = pulled(o)
    ladders = {key: scale(key, o.runs.setting.weeks) for key in found}
    rows = tuple((key, ladder.spoken(o.before[key]), found[key], ladder.lever.meaning)
                 for key, ladder in ladders.items())  # fmt: skip
    late = any(key.endswith(START) for key in o.values)
    head = f"Pull these levers{'' if late else ' from the start'}"
    left = len(o.values) - len(found)
    return Listing(
        f"{head} ({left} others that were searched stay at neutral):", ("lever", o.base, NAME, "meaning"), rows
    )


def league(o: Optimum) -> Listing:
    """The recommendation and the best of the library within the budget, on fresh worlds."""
    order = _order(o)[:SHOWN]
    if 0 not in order:
        order = [0, *order[:-1]]
    rows = []
    for i in order:
        entry = o.entries[i]
        mean, low, high = entry.interval
        span = "" if low is None or high is None else f"{_number(o, low)} to {_number(o, high)}"
        rows.append((entry.name, _number(o, mean), span, amount(o.outcome, o.high_regret(entry)),
                     words.percent(float(o.won[i]), brief=True), words.money(float(entry.cost.mean())),
                     f"{entry.hours.mean():,.0f}"))  # fmt: skip
    columns = ("programme", "mean", "95 % interval", "regret, 9 in 10", "worlds won", "cost", "hours")
    return Listing(f"On fresh worlds, {words.label(o.outcome.name)} of those within the budget:", columns, tuple(rows))


def _order(o: Optimum) -> list[int]:
    means = [entry.values.mean() * o.outcome.good for entry in o.entries]
    return sorted(range(len(o.entries)), key=lambda i: -means[i])


def tables(o: Optimum) -> dict[str, dict[str, object]]:
    """``programmes``: on fresh worlds; ``recommendation``: its levers; ``frontier``: other trade-offs, there."""
    spans = [entry.interval for entry in o.entries]
    means, lows, highs = ([span[part] for span in spans] for part in range(3))
    keys = list(o.values)
    return {
        "programmes": {
            "programme": [entry.name for entry in o.entries],
            "mean": means,
            "low": lows,
            "high": highs,
            "mean_regret": o.regrets.mean(axis=1),
            "high_regret": np.array([high_regret(row) for row in o.regrets]),
            "worlds_won": o.won,
            "cost": np.array([entry.cost.mean() for entry in o.entries]),
            "hours": np.array([entry.hours.mean() for entry in o.entries]),
        },
        "recommendation": {
            "lever": keys,
            "value": np.array([o.values[key] for key in keys]),
            "neutral": np.array([scale(key, o.runs.setting.weeks).lever.neutral for key in keys]),
            "pulled": [key in pulled(o) for key in keys],
        },
        "frontier": {
            "programme": [entry.name for entry in o.frontier],
            **{key: [p.levers[key] for p in o.runs.programmes[-len(o.frontier) or len(o.runs.programmes):]]
               for key in keys},
            "mean": np.array([entry.values.mean() for entry in o.frontier]),
            "high_regret": np.array([o.high_regret(entry) for entry in o.frontier]),
            "cost": np.array([entry.cost.mean() for entry in o.frontier]),
            "hours": np.array([entry.hours.mean() for entry in o.frontier]),
        },
    }  # fmt: skip


def document(o: Optimum) -> dict[str, object]:
    """Plain values; every figure of a programme is from fresh worlds."""
    gain = o.gain
    return {
        "outcome": o.outcome.name,
        "by": "regret" if o.robust else "expectation",
        "budget": o.limits.cost if np.isfinite(o.limits.cost) else None,
        "hours": o.limits.hours if np.isfinite(o.limits.hours) else None,
        "base": o.base,
        "tried": o.runs.facts["tried"],
        "fresh_worlds": len(o.recommended.values),
        "recommended": {key: _setting(o, key) for key in pulled(o)},
        "scenario": scenario_file(o),
        "programmes": [
            {
                "name": entry.name,
                "mean": entry.interval[0],
                "low": entry.interval[1],
                "high": entry.interval[2],
                "high_regret": o.high_regret(entry),
                "worlds_won": float(o.won[i]),
                "cost": float(entry.cost.mean()),
                "hours": float(entry.hours.mean()),
            }
            for i, entry in enumerate(o.entries)
        ],
        "over_budget": o.over_budget if np.isfinite(o.limits.cost) else None,
        "best_of_library": None if o.best_rival is None else o.best_rival.name,
        "gain": None if gain is None else vars(gain),
        "too_dear": o.too_dear,
    }


def _setting(o: Optimum, key: str) -> float | str:
    lever = scale(key, o.runs.setting.weeks).lever
    return lever.choices[round(o.values[key])] if lever.choices else o.values[key]


def scenario_file(o: Optimum) -> dict[str, object]:
    """The recommendation as a scenario file says it, so that it can be run and changed."""
    nested: dict[str, dict[str, object]] = {}
    for key in o.values:
        if not key.endswith(START):
            family, name = key.split(".")
            nested.setdefault(family, {})[name] = _setting(o, key)
    for key in o.values:
        if key.endswith(START) and o.values[key]:  # a lever is searched with its start, so that its value is there
            family, name, _ = key.split(".")
            nested[family][name] = {
                "value": nested[family][name], "start": int(o.values[key]), "end": LAST_WEEK, "fade": 0,
            }  # fmt: skip
    return {
        "extends": o.base,
        "title": f"Recommended for {limits(o)}",
        "question": "What does the best programme found for this budget come to?",
        "source": "uptake optimise",
        "levers": nested,
    }
