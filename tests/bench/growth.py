"""How time grows with people, replicates, weeks and ties: slopes, a table and a picture.

    python tests/bench/growth.py [--out FILE.png] [--json | --markdown] [--repeats N] [--quick]

A slope is the power with which time grows, fitted by least squares on logarithms: 1 is linear. That of the upper half
leaves out the smaller sizes, at which what is paid once a run still counts.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
from ensembles import Size, everything_on, with_outcomes
from printing import table
from timing import Effort, machine, seconds_of, slope, upper_half

from sim.organisation import Organisation, Ties, generate, ties_from_pairs
from sim.programme import prepare
from sim.scenario import load

Case = tuple[float, Callable[[], object]]
"""A size, and the work to time at it."""


@dataclass(frozen=True)
class Sweep:
    """One thing varied, the rest held: sizes, median seconds at each, and what was held."""

    varied: str
    held: str
    sizes: list[float]
    seconds: list[float]

    @property
    def slope(self) -> float:
        return slope(self.sizes, self.seconds)

    @property
    def slope_of_upper_half(self) -> float:
        return slope(upper_half(self.sizes), upper_half(self.seconds))


def work_on(organisation: Organisation, size: Size) -> Callable[[], object]:
    """An ensemble under the programme that runs every mechanism."""
    programme = prepare(load(*everything_on()), organisation, size.weeks)
    return lambda: with_outcomes(organisation, programme, size.replicates)


def random_ties(headcount: int, degree: int) -> Ties:
    """Everybody names ``degree`` others drawn at random, hardly anybody twice."""
    draws = np.random.default_rng(1)
    ego = np.repeat(np.arange(headcount), degree)
    alter = draws.integers(0, headcount, len(ego))
    return ties_from_pairs(headcount, ego, alter, draws.integers(1, 20, len(ego)))


def by_people(quick: bool) -> tuple[str, Iterator[Case]]:
    """From 1,000 to 1,000,000 people: few replicates, so that the most still fit into memory."""
    sizes = [60, 120, 240] if quick else [1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000]
    replicates, weeks = (2, 8) if quick else (4, 26)
    cases = ((float(n), work_on(generate(n, seed=1), Size(n, replicates, weeks))) for n in sizes)
    return f"{replicates} replicates, {weeks} weeks", cases


def by_replicates(quick: bool) -> tuple[str, Iterator[Case]]:
    """From 1 to 4,096 replicates."""
    people, weeks = (60, 8) if quick else (300, 104)
    organisation = generate(people, seed=1)
    sizes = [1, 4, 16] if quick else [1, 4, 16, 64, 256, 1024, 4096]
    cases = ((float(n), work_on(organisation, Size(people, n, weeks))) for n in sizes)
    return f"{people} people, {weeks} weeks", cases


def by_weeks(quick: bool) -> tuple[str, Iterator[Case]]:
    """From half a year to twenty years."""
    people, replicates = (60, 8) if quick else (1000, 128)
    organisation = generate(people, seed=1)
    sizes = [4, 8, 16] if quick else [26, 52, 104, 208, 416, 1040]
    cases = ((float(n), work_on(organisation, Size(people, replicates, n))) for n in sizes)
    return f"{people:,} people, {replicates} replicates", cases


def by_ties(quick: bool) -> tuple[str, Iterator[Case]]:
    """From 3 to 48 colleagues named by each person."""
    people, replicates, weeks = (120, 8, 8) if quick else (1000, 128, 104)
    organisation = generate(people, seed=1)
    sizes = [3, 6, 12] if quick else [3, 6, 12, 24, 48]
    size = Size(people, replicates, weeks)
    cases = ((float(n), work_on(organisation.with_ties(random_ties(people, n)), size)) for n in sizes)
    return f"{people:,} people, {replicates} replicates, {weeks} weeks", cases


SWEEPS = {"people": by_people, "replicates": by_replicates, "weeks": by_weeks, "ties a person": by_ties}


def measured(varied: str, effort: Effort) -> Sweep:
    """Median times, sizes taken in turn in every round, so that a busy minute does not fall on one of them."""
    held, cases = SWEEPS[varied](effort.quick)
    sizes, works = zip(*cases, strict=True)
    for work in works:
        work()
    rounds = [[seconds_of(work) for work in works] for _ in range(effort.repeats)]
    return Sweep(varied, held, list(sizes), [statistics.median(times) for times in zip(*rounds, strict=True)])


def rows_of(sweeps: list[Sweep]) -> list[tuple[str, str, float, float, float, float, float]]:
    """One row a sweep."""
    return [(s.varied, s.held, s.sizes[0], s.sizes[-1], s.seconds[-1], s.slope, s.slope_of_upper_half) for s in sweeps]


HEADS = ("varied", "held", "from", "to", "seconds at most", "slope", "slope of upper half")
BLUE, GREY = "#0072B2", "#6e6e6e"


def draw(sweeps: list[Sweep], path: Path) -> None:
    """Four panels on logarithmic axes, each with a line of slope 1 through its last point."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(2, 2, figsize=(10, 8), layout="constrained")
    for panel, sweep in zip(panels.flat, sweeps, strict=False):
        last, taken = sweep.sizes[-1], sweep.seconds[-1]
        linear = [taken * size / last for size in sweep.sizes]
        panel.plot(sweep.sizes, linear, color=GREY, linestyle="--", linewidth=1.5, label="slope 1 (linear)")
        fitted = f"measured: slope {sweep.slope:.2f}, upper half {sweep.slope_of_upper_half:.2f}"
        panel.plot(sweep.sizes, sweep.seconds, color=BLUE, marker="o", linewidth=2, label=fitted)
        panel.set(xscale="log", yscale="log", xlabel=f"{sweep.varied} (number)", ylabel="time (s)")
        panel.set_xticks(sweep.sizes, [f"{size:,.0f}" for size in sweep.sizes], rotation=30)
        panel.minorticks_off()
        lowest, highest = np.floor(np.log10(min(linear))), np.ceil(np.log10(max(sweep.seconds) * 1.05))
        decades = 10.0 ** np.arange(lowest, highest + 1)
        panel.set_yticks(decades, [f"{decade:g}" for decade in decades])
        panel.set_ylim(decades[0], decades[-1])
        panel.set_title(f"Time against {sweep.varied}\n{sweep.held}", fontsize=12)
        panel.grid(True, which="major", color="#dddddd")
        panel.legend(loc="lower right", fontsize=10)
    figure.savefig(path, dpi=120)
    pyplot.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, help="draw the picture into this PNG")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--markdown", action="store_true", help="print a Markdown table")
    parser.add_argument("--only", choices=SWEEPS, action="append", help="vary only this (repeatable)")
    parser.add_argument("--repeats", type=int, default=3, help="counted runs of each size (default 3)")
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to see that it works")
    options = parser.parse_args()
    sweeps = [measured(varied, Effort(options.repeats, options.quick)) for varied in options.only or SWEEPS]
    if options.out:
        draw(sweeps, options.out)
    if options.json:
        figures = [asdict(s) | {"slope": s.slope, "slope_of_upper_half": s.slope_of_upper_half} for s in sweeps]
        print(json.dumps({s.varied: made for s, made in zip(sweeps, figures, strict=True)}, indent=1))
        return
    print(machine(), end="\n\n")
    print(table(HEADS, rows_of(sweeps), options.markdown))


if __name__ == "__main__":
    main()
