"""The best programme for a budget shown: what to do, what it comes to on fresh worlds, and what was traded."""

from __future__ import annotations

import numpy as np

from experiments import words
from experiments.analysis.decisions_levers import scale
from experiments.analysis.decisions_report import Listing, Report, about
from experiments.analysis.optimising import NAME, Optimum
from experiments.analysis.optimising_search import frontier
from experiments.analysis.robustness import high_regret
from experiments.figures import BLACK, BLUE, GREY, ORANGE, PALE, VERMILLION, Axis, Dots, Figure, Key, Line, Mark, Panel
from experiments.library import settings

SHOWN = 8
"""Programmes of the library listed beside the recommendation."""


def report(o: Optimum) -> Report:
    """Everything about the recommendation, ready to show."""
    fresh = len(o.recommended.values)
    return Report(
        "optimise",
        f"The best programme for {limits(o)}",
        about(o.ground.organisation, o.ground.weeks, fresh, o.ground.seed, o.ground.worlds, o.ground.rule)
        + ": fresh worlds",
        tuple(sentences(o)),
        document(o),
        tables(o),
        (figure(o),),
        (programme(o), league(o)),
    )


def limits(o: Optimum) -> str:
    """``700.0k of money and 6,000 hours``."""
    parts = [f"{words.money(o.limits.cost)} of money"] if np.isfinite(o.limits.cost) else []
    parts += [f"{o.limits.hours:,.0f} hours of people's time"] if np.isfinite(o.limits.hours) else []
    return " and ".join(parts) or "any budget"


def sentences(o: Optimum) -> list[str]:
    """What it reaches, against the best of the library, by regret, and what it costs; all on fresh worlds."""
    best, outcome = o.recommended, o.outcome
    mean, low, high = best.interval
    span = "" if low is None or high is None else f" (95 % interval {_number(o, low)} to {_number(o, high)})"
    found = [
        f"The recommended programme reaches {_number(o, mean)} {words.label(outcome.name)}{span} on "
        f"{len(best.values):,} worlds that the search never saw, and is best there in {words.percent(float(o.won[0]))} "
        f"of them, against {len(o.entries) - 1} library programmes within {limits(o)}."
    ]
    if o.best_rival is not None and o.gain is not None:
        found.append(_gain(o))
    else:
        found.append("No programme of the library keeps to this budget.")
    how = "regret over worlds" if o.robust else "expected outcome"
    found.append(
        f"It was chosen by {how}; nine worlds in ten leave it within "
        f"{_number(o, high_regret(o.regrets[0]))} of the best programme there."
    )
    spent = f"It costs {words.money(float(best.cost.mean()))} and {best.hours.mean():,.0f} hours of people's time"
    if np.isfinite(o.limits.cost):
        spent += f"; prices and wages differ over worlds, and {words.percent(o.over_budget)} exceed the budget"
    found.append(f"{spent} (hours are in the cost, at the wage).")
    if best.cost.mean() > o.limits.cost or best.hours.mean() > o.limits.hours:
        found.append("On the fresh worlds it is a little beyond the limit that it kept on those of the search.")
    return found


def _number(o: Optimum, value: float | None) -> str:
    return words.number(value, o.outcome)


def _gain(o: Optimum) -> str:
    gain, outcome = o.gain, o.outcome
    assert gain is not None
    points = " points" if outcome.is_share else ""
    text = words.number(gain.mean, outcome, signed=True, unit=False) + points
    if gain.low is None or gain.high is None:
        return f"Against {o.best_rival}, the best of the library within the budget: {text}."
    span = f"{words.number(gain.low, outcome, unit=False)} to {words.number(gain.high, outcome, unit=False)}"
    told = "" if gain.low > 0 or gain.high < 0 else ", which cannot be told from nought"
    better = "" if gain.share_better is None else f", better in {words.percent(gain.share_better)} of worlds"
    return f"Against {o.best_rival}, the best of the library within the budget: {text} ({span}){better}{told}."


def pulled(o: Optimum) -> dict[str, str]:
    """The levers that the recommendation pulls, in words; those left at neutral are not among them."""
    found = {entry["key"]: entry["value"] for entry in settings(o.recommended.scenario)}
    spoken = {}
    for key, value in o.values.items():
        ladder = scale(key, o.ground.weeks)
        if value != ladder.lever.neutral:
            spoken[key] = ladder.spoken(value)
    rest = {key: value for key, value in found.items() if key not in o.values}
    return {**spoken, **rest}


def programme(o: Optimum) -> Listing:
    """What to do: each lever pulled, beside the base."""
    rows = []
    for key, value in pulled(o).items():
        if key not in o.values:
            continue
        ladder = scale(key, o.ground.weeks)
        rows.append((key, ladder.spoken(o.base.lever(key).value), value, ladder.lever.meaning))
    off = [key for key, value in o.values.items() if value == scale(key, o.ground.weeks).lever.neutral]
    head = f"Pull these levers from the start ({len(off)} others that were searched stay at neutral):"
    return Listing(head, ("lever", o.base.name, NAME, "meaning"), tuple(rows))


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
        rows.append((entry.name, _number(o, mean), span, _number(o, high_regret(o.regrets[i])),
                     words.percent(float(o.won[i]), brief=True), words.money(float(entry.cost.mean())),
                     f"{entry.hours.mean():,.0f}"))  # fmt: skip
    columns = ("programme", "mean", "95 % interval", "regret, 9 in 10", "worlds won", "cost", "hours")
    return Listing(f"On fresh worlds, {words.label(o.outcome.name)} of those within the budget:", columns, tuple(rows))


def _order(o: Optimum) -> list[int]:
    means = [entry.values.mean() * o.outcome.good for entry in o.entries]
    return sorted(range(len(o.entries)), key=lambda i: -means[i])


def figure(o: Optimum) -> Figure:
    """Every candidate of the search, by expectation and regret and by cost; the frontier, the choice, the library."""
    scale_, unit = _unit(o)
    good = o.outcome.good
    fits = [t for t in o.tried if t.fits]
    over = [t for t in o.tried if not t.fits]
    first = frontier(fits, lambda t: -t.mean, lambda t: t.regret)
    second = frontier(fits, lambda t: t.cost, lambda t: -t.mean)
    rivals = list(o.rivals.values())

    def mean(trials: list) -> np.ndarray:
        return np.array([t.mean * good * scale_ for t in trials])

    def cost(trials: list) -> np.ndarray:
        return np.array([t.cost / 1e3 for t in trials])

    def regret(trials: list) -> np.ndarray:
        return np.array([t.regret * scale_ for t in trials])

    shown = [*fits, *rivals]
    x_mean, y_regret = _ends(mean(shown)), _ends(regret(shown))
    best = [o.chosen]

    def steps(x: np.ndarray, y: np.ndarray, colour: str) -> Line:
        return Line(np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1], "frontier", colour)

    trade: list[Mark] = [
        Dots(mean(fits), regret(fits), GREY, "tried, within the budget"),
        Dots(mean(rivals), regret(rivals), ORANGE, "library, within the budget"),
        Dots(mean(first), regret(first), BLUE, "Pareto frontier"),
        Dots(mean(best), regret(best), VERMILLION, NAME),
    ]
    dear = [t for t in over if t.cost <= (2 * o.limits.cost if np.isfinite(o.limits.cost) else np.inf)]
    right = _ends(cost([*shown, *dear]))
    spent: list[Mark] = [
        Dots(cost(dear), mean(dear), PALE, "tried, beyond the budget"),
        Dots(cost(fits), mean(fits), GREY, "tried, within the budget"),
        Dots(cost(rivals), mean(rivals), ORANGE, "library, within the budget"),
        Dots(cost(second), mean(second), BLUE, "Pareto frontier"),
        Dots(cost(best), mean(best), VERMILLION, NAME),
    ]
    if len(second) > 1:
        spent.insert(2, steps(cost(second), mean(second), BLUE))
    y_mean = _ends(mean([*shown, *dear]))
    if np.isfinite(o.limits.cost) and o.limits.cost / 1e3 < right[1]:
        spent.append(Line(np.full(2, o.limits.cost / 1e3), np.array(y_mean), "budget", BLACK, "dash"))
    label = f"expected {words.label(o.outcome.name)}, {unit}"
    panels = (
        Panel("Outcome against regret", Axis(label, *x_mean),
              Axis(f"behind the library's best in 9 of 10 worlds, {unit}", *y_regret), tuple(trade)),
        Panel("Outcome against cost", Axis("expected cost, thousands", *right), Axis(label, *y_mean), tuple(spent)),
    )  # fmt: skip
    legend = (
        Key("within the budget", GREY, filled=True),
        Key("beyond it", PALE, filled=True),
        Key("library, within it", ORANGE, filled=True),
        Key("Pareto frontier", BLUE, filled=True),
        Key(NAME, VERMILLION, filled=True),
        Key("budget", BLACK, "dash"),
    )
    note = (
        f"Every programme tried ({len(o.tried):,}), on the {o.searched:,} worlds of the search, where the best look "
        f"better than they are; what is reported comes from {len(o.recommended.values):,} other worlds. Regret below "
        f"nought: ahead of every library programme. {words.INSIGHT}"
    )
    title = f"The best programme for {limits(o)} ({o.ground.organisation.headcount:,} people)"
    return Figure("pareto", title, note, panels, 2, legend, 15.0, 7.2)


def _unit(o: Optimum) -> tuple[float, str]:
    if o.outcome.is_share:
        return 100.0, "%"
    return (1e-3, "thousands") if o.outcome.unit == "money" else (1.0, o.outcome.unit)


def _ends(values: np.ndarray) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    air = 0.05 * ((high - low) or 1.0)
    return low - air, high + air


def tables(o: Optimum) -> dict[str, dict[str, object]]:
    """``programmes``: on fresh worlds; ``recommendation``: its levers; ``search``: every candidate, on its worlds."""
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
            "neutral": np.array([scale(key, o.ground.weeks).lever.neutral for key in keys]),
            "pulled": [key in pulled(o) for key in keys],
        },
        "search": {
            "expected": np.array([t.mean * o.outcome.good for t in o.tried]),
            "high_regret": np.array([t.regret for t in o.tried]),
            "cost": np.array([t.cost for t in o.tried]),
            "hours": np.array([t.hours for t in o.tried]),
            "fits": np.array([t.fits for t in o.tried]),
        },
    }


def document(o: Optimum) -> dict[str, object]:
    """Plain values; every figure of a programme is from fresh worlds."""
    gain = o.gain
    return {
        "outcome": o.outcome.name,
        "by": "regret" if o.robust else "expectation",
        "budget": o.limits.cost if np.isfinite(o.limits.cost) else None,
        "hours": o.limits.hours if np.isfinite(o.limits.hours) else None,
        "base": o.base.name,
        "tried": len(o.tried),
        "fresh_worlds": len(o.recommended.values),
        "recommended": {key: _setting(o, key) for key in pulled(o) if key in o.values},
        "scenario": scenario_file(o),
        "programmes": [
            {
                "name": entry.name,
                "mean": entry.interval[0],
                "low": entry.interval[1],
                "high": entry.interval[2],
                "high_regret": high_regret(o.regrets[i]),
                "worlds_won": float(o.won[i]),
                "cost": float(entry.cost.mean()),
                "hours": float(entry.hours.mean()),
            }
            for i, entry in enumerate(o.entries)
        ],
        "over_budget": o.over_budget if np.isfinite(o.limits.cost) else None,
        "best_of_library": o.best_rival,
        "gain": None if gain is None else vars(gain),
        "too_dear": list(o.too_dear),
    }


def _setting(o: Optimum, key: str) -> float | str:
    lever = scale(key, o.ground.weeks).lever
    return lever.choices[round(o.values[key])] if lever.choices else o.values[key]


def scenario_file(o: Optimum) -> dict[str, object]:
    """The recommendation as a scenario file says it, so that it can be run and changed."""
    nested: dict[str, dict[str, float | str]] = {}
    for key in o.values:
        family, name = key.split(".")
        nested.setdefault(family, {})[name] = _setting(o, key)
    return {
        "extends": o.base.name,
        "title": f"Recommended for {limits(o)}",
        "question": "What does the best programme found for this budget come to?",
        "source": "uptake optimise",
        "levers": nested,
    }
