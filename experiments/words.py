"""The words of a result: numbers as people write them, verdicts as sentences, and what a result is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments import outcomes
from experiments.paired import Spread
from sim.organisation.errors import people

if TYPE_CHECKING:
    from experiments.compare import Comparison, Difference
    from experiments.paired import Paired
    from sim.measures import Outcome

INSIGHT = (
    "An aid to insight, not a forecast: it shows which programme does better in plausible worlds, and how often, "
    "not what will happen."
)

LABELS = {
    "habitual": "habitual",
    "weekly_active": "active weekly",
    "logged_active": "logged active",
    "capacity_gain": "capacity gain",
    "payback_week": "payback week",
    "paid_back": "paid back",
    "dashboard_habit": "dashboard habit",
    "dashboard_power": "dashboard power",
    "perception_gap": "perception gap",
}


def label(outcome: str) -> str:
    """The outcome's name as people say it."""
    return LABELS.get(outcome, spaced(outcome))


def after(outcome: str, weeks: int) -> str:
    """``habitual after 52 weeks``."""
    return f"{label(outcome)} after {counted(weeks, 'week')}"


def unit(outcome: Outcome) -> str:
    """What stands after a number of it: ``% of all people``, ``money``."""
    return f"%{outcome.unit.removeprefix('share')}" if outcome.is_share else outcome.unit


def number(
    value: float | None, outcome: Outcome, *, signed: bool = False, unit: bool = True, like: float | None = None
) -> str:
    """A value in the outcome's unit, short: ``49 %``, ``1.9M``, ``0.35``, ``61``; ``never`` where there is none.

    ``like``: the value whose size decides the digits, where several stand together.
    """
    if value is None:
        return "never" if outcome.name == outcomes.PAYBACK else "unknown"
    if outcome.is_share:
        size = abs(value if like is None else like) * 100
        text = _minus(f"{value * 100:.{0 if size >= 9.95 or size < 0.05 else 1}f}")
    elif outcome.unit == "money":
        text = money(value)
    elif outcome.unit == "hours":
        text = _minus(f"{value:,.0f}")
    else:
        text = _minus(f"{value:.{0 if outcome.unit == 'week' else 2}f}")
    sign = "+" if signed and value > 0 and text.strip("0.") else ""
    return sign + text + (" %" if unit and outcome.is_share else "")


def money(value: float) -> str:
    """An amount to three digits or fewer: ``480k``, ``1.89M``."""
    for size, mark in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size * 0.9995:
            scaled = value / size
            return _minus(f"{scaled:.{0 if abs(scaled) >= 99.95 else 1}f}{mark}")
    return _minus(f"{value:.0f}")


def change(value: float, outcome: Outcome) -> str:
    """A difference with its sign: ``+49 points`` between shares, ``+254k``."""
    text = number(value, outcome, signed=True, unit=False)
    if not outcome.is_share:
        return text
    return f"{text} {'point' if text in ('+1', '−1') else 'points'}"


def interval(spread: Spread | Difference, outcome: Outcome, *, signed: bool = False) -> str:
    """``9 to 19``, in the outcome's unit, without repeating it; empty where there is none.

    Whether a replicate has paid back is a yes or no, whose percentiles say less than its mean: they are left out.
    """
    if spread.low is None or spread.high is None or (isinstance(spread, Spread) and outcome is outcomes.PAID_BACK):
        return ""
    largest = max(abs(spread.low), abs(spread.high))
    low, high = (number(v, outcome, signed=signed, unit=False, like=largest) for v in (spread.low, spread.high))
    return f"{low} to {high}"


def percent(share: float, *, brief: bool = False) -> str:
    """A share as ``87 %``; only all are 100 % and only none are 0 %."""
    rounded = round(share * 100)
    if rounded == 100 and share < 1:
        return ">99 %" if brief else "over 99 %"
    if rounded == 0 and share > 0:
        return "<1 %" if brief else "under 1 %"
    return f"{rounded} %"


def counted(number: int, what: str) -> str:
    """``1 week``, ``1,040 weeks``."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def first_up(text: str) -> str:
    """With a capital at the beginning, and all else as it stands."""
    return text[:1].upper() + text[1:]


def spaced(key: str) -> str:
    """A key of several words as people say it: ``middle manager``."""
    return key.replace("_", " ")


def quoted(label: str) -> str:
    """A label in a sentence: in quotes where it has a colon of its own."""
    return f'"{label}"' if ":" in label else label


def often(found: Paired | Difference) -> float | None:
    """How often the first is better, equal pairs counted half; None where most are equal: the share would then tell
    mainly of those halves."""
    return None if found.share_equal > 0.5 else found.share_better


def verdict(difference: Difference, *, worlds: bool = True) -> str:
    """One sentence on a share: which programme wins, how often, by how much; or that this cannot be told."""
    d, outcome = difference, outcomes.ALL[difference.outcome]
    pairs = "paired worlds" if worlds else "paired runs"
    if d.mean is None or d.share_better is None:
        return f"{d.scenario} and {d.against} cannot be compared on {label(d.outcome)}: no pair has both values."
    if d.low is None:
        return (
            f"Cannot tell {d.scenario} from {d.against}: one pair ({_amount(d.mean, outcome)}) gives no interval; "
            f"run more {'worlds' if worlds else 'replicates'}."
        )
    if d.same:
        return f"Cannot tell {d.scenario} from {d.against}: {label(d.outcome)} is the same in every pair."
    span, share = f"95 % interval {interval(d, outcome)}", often(d)
    if not d.told_apart:
        better = "" if share is None else f" (better in {percent(share)} of {pairs})"
        return f"Cannot tell {d.scenario} from {d.against}: {_amount(d.mean, outcome)}, {span} spans zero{better}."
    wins = d.mean * outcome.good > 0
    times = "" if share is None else f" in {percent(share if wins else 1 - share)} of {pairs}"
    does = "beats" if wins else "falls behind"
    return f"{d.scenario} {does} {d.against}{times}: {_amount(d.mean, outcome)}, {span}."


def trade_offs(differences: list[Difference]) -> str:
    """What else is clearly better or worse, from the outcomes that lead: empty where nothing is."""
    better: list[str] = []
    worse: list[str] = []
    for d in differences:
        good = outcomes.ALL[d.outcome].good
        if d.told_apart and good and d.mean is not None:
            (better if d.mean * good > 0 else worse).append(
                f"{label(d.outcome)} {change(d.mean, outcomes.ALL[d.outcome])}"
            )
    parts = [f"{head}: {', '.join(found)}" for head, found in (("Also better", better), ("worse", worse)) if found]
    text = "; ".join(parts)
    return f"{first_up(text)}." if text else ""


def verdicts(comparison: Comparison) -> list[str]:
    """One sentence for each programme against the base, on the outcome that decides."""
    return [
        verdict(comparison.difference(name, outcomes.PRIMARY), worlds=comparison.worlds)
        for name in comparison.names[1:]
    ]


def headline(c: Comparison) -> str:
    """The one sentence that matters: of the programme that does best against the base, or of the only one."""
    if len(c.names) == 1:
        return reached(c)
    good = outcomes.ALL[outcomes.PRIMARY].good
    best = max(c.names[1:], key=lambda name: (c.at_end[name][outcomes.PRIMARY].mean or 0.0) * good)
    return verdict(c.difference(best, outcomes.PRIMARY), worlds=c.worlds)


def reached(c: Comparison) -> str:
    """One sentence on the base by itself: where it ends, and in what range."""
    outcome, spread = outcomes.ALL[outcomes.PRIMARY], c.at_end[c.base][outcomes.PRIMARY]
    said = f"{c.base}: {number(spread.mean, outcome)} {after(outcome.name, c.weeks)}"
    if c.replicates == 1:
        return f"{said}, in {runs(c)}."
    return f"{said}, the mean of {runs(c)}; nine in ten of them lie within {interval(spread, outcome)} %."


def runs(c: Comparison) -> str:
    """``64 plausible worlds``, or that there was only one."""
    return counted(c.replicates, "plausible world" if c.worlds else "replicate") + ("" if c.worlds else " of one world")


def about(what: str, c: Comparison) -> str:
    """A title, with whom it is about."""
    return f"{what} ({c.organisation.name}, {people(c.organisation.headcount)})"


def _amount(value: float, outcome: Outcome) -> str:
    return f"{change(value, outcome)} {label(outcome.name)}"


def _minus(text: str) -> str:
    """With a real minus sign, and no minus before a zero."""
    bare = text.lstrip("-")
    return bare if not bare.strip("0.") or text == bare else f"−{bare}"
