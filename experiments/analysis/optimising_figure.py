"""The best programme for a budget drawn: outcome against cost and against regret, all of it on fresh worlds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from experiments import words
from experiments.analysis.optimising_found import Entry, Optimum
from experiments.analysis.optimising_library import NAME
from experiments.analysis.optimising_search import frontier
from experiments.figures.colours import BLACK, BLUE, ORANGE, SKY, VERMILLION
from experiments.figures.figure import Axis, Figure, Key, Panel
from experiments.figures.marks import Dots, Line, Mark, Note, Whisker

DEAR = 1.3
"""Times the dearest programme up to which the budget's line is drawn."""
ROOM = 0.32
"""Of the axis, at its right: for names."""
RAISED = 0.045
"""Of the axis, by which names stand above their points, clear of those at their right."""
DARK_ORANGE = "#A66F00"
"""The library's orange, dark enough for words on white."""


def limits(o: Optimum) -> str:
    """``700.0k of money and 6,000 hours``."""
    parts = [f"{words.money(o.limits.cost)} of money"] if np.isfinite(o.limits.cost) else []
    parts += [f"{o.limits.hours:,.0f} hours of people's time"] if np.isfinite(o.limits.hours) else []
    return " and ".join(parts) or "any budget"


def figure(o: Optimum) -> Figure:
    """Outcome against cost, with the budget; outcome against regret. Frontiers as they are on fresh worlds."""
    kin = [entry for entry in o.frontier if o.fits(entry)]
    note = (
        f"All on {o.runs.worlds:,} worlds that the search never saw. The frontier: the best trade-offs that the search "
        "found, scored again there, and no other programme within the budget better in both respects. Regret: how far "
        "behind the best of the recommendation and the library in the same world, in nine worlds of ten at most; below "
        f"nought: ahead of them all. {words.INSIGHT}"
    )
    legend = (
        Key(NAME, VERMILLION, filled=True),
        Key("library, within the budget", ORANGE, filled=True),
        Key("other trade-offs found", SKY, filled=True),
        Key("Pareto frontier", BLUE),
        *((Key("budget", BLACK, "dash"),) if np.isfinite(o.limits.cost) else ()),
    )
    title = f"The best programme for {limits(o)} ({o.runs.setting.headcount:,} people)"
    return Figure("pareto", title, note, (_against_cost(o, kin), _against_regret(o, kin)), 2, legend, 16.0, 7.4)


def _against_cost(o: Optimum, kin: list[Entry]) -> Panel:
    budget = o.limits.cost / 1e3 if np.isfinite(o.limits.cost) else None
    return _panel(
        o, kin, "Outcome against cost", "expected cost, thousands", lambda e: float(e.cost.mean()) / 1e3, budget
    )


def _against_regret(o: Optimum, kin: list[Entry]) -> Panel:
    scale, unit = _unit(o)
    said = "percentage points" if o.outcome.is_share else unit
    return _panel(
        o, kin, "Outcome against regret", f"regret in nine worlds of ten, {said}", lambda e: o.high_regret(e) * scale
    )


def _panel(
    o: Optimum, kin: list[Entry], title: str, label: str, place: Callable[[Entry], float], most: float | None = None
) -> Panel:
    """The outcome against something of which less is better; ``most`` of it may be spent."""
    scale, unit = _unit(o)

    def height(entry: Entry) -> float:
        return float(entry.values.mean()) * scale

    library, inside = o.entries[1:], [*o.entries, *kin]
    near = most is not None and most <= DEAR * max(map(place, inside))
    across = _ends([*map(place, inside), *([most] if near and most is not None else [])])
    up = _ends(list(map(height, inside)), above=0.06 if near else 0.06 + RAISED)
    best = frontier(inside, place, lambda entry: -height(entry) * o.outcome.good)
    x = np.repeat([place(e) for e in best], 2)[1:]
    marks: list[Mark] = []
    if near and most is not None:
        marks.append(Line(np.full(2, most), np.array(up), "budget", BLACK, "dash"))
    marks.append(Line(x, np.repeat([height(e) for e in best], 2)[:-1], "Pareto frontier", BLUE))
    for entries, colour, name in (
        (kin, SKY, "other trade-offs found"),
        (library, ORANGE, "library, within the budget"),
    ):
        marks.append(Dots(np.array([*map(place, entries)]), np.array([*map(height, entries)]), colour, name))
    marks += [Whisker(height(e), place(e), None, None, colour, e.name, False) for e, colour in _named(o)]
    after = most if near and most is not None else across[0]
    raised = 0.0 if near else RAISED * (up[1] - up[0])  # beside a budget's line nothing stands in the way
    marks += _names(_named(o), lambda entry: max(place(entry), after), lambda entry: height(entry) + raised, up)
    room = (across[0], across[1] + ROOM * (across[1] - across[0]))
    return Panel(title, Axis(label, *room), Axis(f"expected {words.label(o.outcome.name)}, {unit}", *up), tuple(marks))


def _named(o: Optimum) -> list[tuple[Entry, str]]:
    """Those that are drawn large, with their names."""
    rival = [] if o.best_rival is None else [(o.best_rival, DARK_ORANGE)]
    return [*rival, (o.recommended, VERMILLION)]


def _names(
    named: Sequence[tuple[Entry, str]],
    place: Callable[[Entry], float],
    height: Callable[[Entry], float],
    up: tuple[float, float],
) -> list[Note]:
    """A name beside each of them, the lower one moved down where both would stand at one height."""
    apart = 0.05 * (up[1] - up[0])
    found: list[Note] = []
    for entry, colour in sorted(named, key=lambda pair: -height(pair[0])):
        y = height(entry)
        if found:
            y = min(y, found[-1].y - apart)
        found.append(Note(place(entry), y, entry.name, colour))
    return found


def _unit(o: Optimum) -> tuple[float, str]:
    if o.outcome.is_share:
        return 100.0, "%"
    return (1e-3, "thousands") if o.outcome.unit == "money" else (1.0, o.outcome.unit)


def _ends(values: list[float], above: float = 0.06) -> tuple[float, float]:
    span = (max(values) - min(values)) or 1.0
    return min(values) - 0.06 * span, max(values) + above * span
