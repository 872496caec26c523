"""The need for replicates shown: half widths on doubly logarithmic axes, the recommendation, a table."""

from __future__ import annotations

import math

import numpy as np

from experiments import words
from experiments.analysis.convergence import Convergence, Curve
from experiments.analysis.report import Listing, Report, listed
from experiments.defaults import MOST_REPLICATES
from experiments.figures.colours import BLACK, GREY, style_of
from experiments.figures.figure import Axis, Figure, Key, Panel
from experiments.figures.marks import Dots, Line, Mark

SHOWN = 6
"""Comparisons drawn and listed, at most."""
FEW = 10
"""Replicates below which an interval by Student's t is not to be trusted: outcomes are far from normal."""


def report(c: Convergence) -> Report:
    """Everything about the need for replicates, ready to show."""
    names = c.runs.names
    return Report(
        "converge",
        f"How many replicates: {listed(names) if len(names) <= SHOWN else f'{len(names)} programmes'}",
        c.runs.of_seed(c.runs.each_seed[0]).said(),
        (*sentences(c), *c.runs.notes),
        document(c),
        tables(c),
        (figure(c),),
        (listing(c),),
        c.runs,
    )


def shown(c: Convergence) -> tuple[Curve, ...]:
    """The comparisons that are drawn and listed: those that need the most, in their order."""
    most = sorted(c.curves, key=lambda curve: -curve.spread)[:SHOWN]
    return tuple(curve for curve in c.curves if curve in most)


def less_base(c: Convergence, curve: Curve) -> str:
    """What is compared, where the base is named elsewhere."""
    return curve.name.removesuffix(f" against {c.runs.names[0]}")


def amount(c: Convergence, value: float) -> str:
    """A half width in words: ``2.0 points``."""
    if c.outcome.is_share:
        return f"{value * 100:.3g} points"
    return words.money(value) if c.outcome.unit == "money" else f"{value:.2g}"


def sentences(c: Convergence) -> list[str]:
    """The recommendation and its check; what tells programmes apart; how well the law holds."""
    asked = f"within {amount(c, c.within)} of {words.label(c.outcome.name)}"
    if c.recommended is None:
        needs = max(curve.needed(c.within) for curve in c.curves)
        head = (
            f"To be {asked} (half width of the 95 % interval) would take more than {MOST_REPLICATES:,} replicates; "
            "ask for less."
            if needs > MOST_REPLICATES or not c.checks
            else f"No number of replicates up to {c.checks[-1].replicates:,} held {asked} on fresh worlds."
        )
        return [head]
    head = f"Use {c.recommended:,} replicates: the 95 % interval is then {asked} (half width)."
    return [head, _checked(c), *_compared(c)]


def _checked(c: Convergence) -> str:
    """What fresh replicates say of it."""
    if not c.checked:
        return (
            "Not checked: these runs hold no other seed with so many replicates. Two seeds in the study would do, or "
            "uptake converge on the programmes themselves."
        )
    first, last = c.checks[0], c.checks[-1]
    return f"Checked on {last.replicates:,} fresh replicates under another seed: {amount(c, last.half)}." + (
        f" The first estimate, {first.replicates:,}, was too few there ({amount(c, first.half)})."
        if len(c.checks) > 1
        else ""
    )


def _compared(c: Convergence) -> list[str]:
    """Which comparison decides, what tells programmes apart, and whether the law holds."""
    found = []
    if len(c.curves) > 1:
        found.append(f"The widest comparison decides: {c.widest.name}.")
    found += [_told(c, curve) for curve in shown(c) if len(c.runs.programmes) > 1]
    if len(c.curves) > SHOWN:
        found.append(f"Shown are the {SHOWN} of {len(c.curves)} comparisons that need the most; the table has all.")
    if c.widest.sizes[0] < FEW:
        return found  # Student's t alone bends so short a curve
    off = max(abs(curve.slope + 0.5) for curve in c.curves)
    found.append(
        f"Half widths fall with n to the power {c.widest.slope:.2f}, where 1/√n says −0.50"
        + (": the law holds." if off < 0.1 else "; early batches say little about later ones, so trust a check alone.")
    )
    return found


def _told(c: Convergence, curve: Curve) -> str:
    if curve.to_tell is None:
        return f"{curve.name}: no difference at all."
    difference = words.number(curve.mean, c.outcome, signed=True, unit=False)
    points = " points" if c.outcome.is_share else ""
    few = curve.to_tell < FEW
    enough = f"by any run of {FEW} replicates or more" if few else f"from about {curve.to_tell:,} replicates on"
    return f"{curve.name}: a difference of {difference}{points} is told from zero {enough}."


def figure(c: Convergence) -> Figure:
    """Half width against replicates, both on logarithmic axes, with the fitted law, tolerance and recommendation."""
    drawn = shown(c)
    scale = 100.0 if c.outcome.is_share else 1.0
    marks: list[Mark] = []
    legend: list[Key] = []
    needs = [curve.needed(c.within) for curve in drawn]
    top = max(int(drawn[0].sizes[-1]), *needs, *(check.replicates for check in c.checks))
    right = math.log2(top) + 0.3
    left = min(math.log2(int(drawn[0].sizes[0])), math.log2(min(needs))) - 0.3
    halves = [curve.half.min() for curve in drawn] + [c.within, *(check.half for check in c.checks)]
    low = math.log10(max(min(h for h in halves if h > 0), 1e-12) * scale * 0.8)
    high = math.log10(max(*(curve.half.max() for curve in drawn), c.within) * scale * 1.25)
    for position, curve in enumerate(drawn):
        colour, dash = style_of(position + (1 if len(c.runs.programmes) > 1 else 0))
        if curve.law <= 0:
            continue
        n = np.linspace(left, right, 40)
        fitted = np.log10(curve.law * scale) - 0.5 * n * math.log10(2)
        marks.append(Line(n, np.where((fitted > low) & (fitted < high), fitted, np.nan), curve.name, colour, dash))
        marks.append(Dots(np.log2(curve.sizes), np.log10(curve.half * scale), colour, curve.name))
        legend.append(Key(less_base(c, curve), colour, dash))
    tolerance = math.log10(c.within * scale)
    marks.append(Line(np.array([left, right]), np.full(2, tolerance), "asked for", BLACK, "dash"))
    legend.append(Key(f"asked for: {amount(c, c.within)}", BLACK, "dash"))
    if c.recommended is not None:
        at = math.log2(c.recommended)
        marks.append(Line(np.full(2, at), np.array([low, tolerance]), "recommended", GREY, "dot"))
        legend.append(Key(f"recommended: {c.recommended:,} replicates", GREY, "dot"))
    if c.checked:
        half = np.log10([max(c.checks[-1].half * scale, 1e-12)])
        marks.append(Dots(np.array([math.log2(c.checks[-1].replicates)]), half, BLACK, "check", True))
    unit = "percentage points" if c.outcome.is_share else c.outcome.unit
    x = Axis("replicates (each step doubles)", left, right, places=tuple(
        (float(p), f"{2**p:,}") for p in range(math.ceil(left), math.floor(right) + 1)))  # fmt: skip
    y = Axis(f"half width of the 95 % interval, {unit}", low, high, places=_ticks(low, high))
    note = (
        "Dots: the interval of the first n replicates; lines: c/√n. "
        + ("Ring: the check, on replicates of another seed. " if c.checked else "")
        + words.INSIGHT
    )
    title = f"How many replicates this question needs: {words.label(c.outcome.name)}"
    title += f", less that of {c.runs.names[0]}" if len(c.runs.programmes) > 1 else ""
    width = 12.0
    return Figure("convergence", title, note, (Panel("", x, y, tuple(marks)),), 1, tuple(legend), width, 7.0)


def _ticks(low: float, high: float) -> tuple[tuple[float, str], ...]:
    """Ones, twos and fives between the powers of ten ``low`` and ``high``."""
    found = []
    for power in range(math.floor(low) - 1, math.ceil(high) + 1):
        for digit in (1, 2, 5):
            place = math.log10(digit) + power
            if low <= place <= high:
                value = digit * 10.0**power
                found.append((place, words.money(value) if value >= 1000 else f"{value:g}"))
    return tuple(found)


def tables(c: Convergence) -> dict[str, dict[str, object]]:
    """``widths``: a row for each comparison and number of replicates; ``needs``: a row for each comparison."""
    rows = [(curve, n, half) for curve in c.curves for n, half in zip(curve.sizes, curve.half, strict=True)]
    widths = {
        "comparison": [curve.name for curve, _, _ in rows],
        "replicates": np.array([n for _, n, _ in rows]),
        "half_width": np.array([half for *_, half in rows]),
        "law": np.array([curve.law / math.sqrt(n) for curve, n, _ in rows]),
    }
    needs = {
        "comparison": [curve.name for curve in c.curves],
        "mean": np.array([curve.mean for curve in c.curves]),
        "standard_deviation": np.array([curve.spread for curve in c.curves]),
        "needed": np.array([curve.needed(c.within) for curve in c.curves]),
        "to_tell_apart": [curve.to_tell for curve in c.curves],
        "slope": np.array([curve.slope for curve in c.curves]),
    }
    return {"widths": widths, "needs": needs}


def listing(c: Convergence) -> Listing:
    """Half widths by number of replicates, a column for each comparison."""
    drawn, base = shown(c), c.runs.names[0]
    rows = tuple(
        (f"{n:,}", *(amount(c, float(curve.half[i])) for curve in drawn)) for i, n in enumerate(drawn[0].sizes)
    )
    needs = ("needed", *(f"{curve.needed(c.within):,}" for curve in drawn))
    head = f"Half width of the 95 % interval of {words.label(c.outcome.name)}"
    head += f", each less {base}:" if len(c.runs.programmes) > 1 else ":"
    return Listing(head, ("replicates", *(less_base(c, curve) for curve in drawn)), (*rows, needs))


def document(c: Convergence) -> dict[str, object]:
    """Plain values: each comparison with its half widths, the recommendation and its checks."""
    return {
        "scenarios": c.runs.names,
        "outcome": c.outcome.name,
        "within": c.within,
        "seed": c.runs.each_seed[0],
        "weeks": c.runs.setting.weeks,
        "recommended": c.recommended,
        "checks": [{"replicates": check.replicates, "half_width": check.half} for check in c.checks],
        "comparisons": [
            {
                "name": curve.name,
                "replicates": curve.sizes,
                "half_width": curve.half,
                "mean": curve.mean,
                "standard_deviation": curve.spread,
                "slope": curve.slope,
                "needed": curve.needed(c.within),
                "to_tell_apart": curve.to_tell,
            }
            for curve in c.curves
        ],
    }
