"""How fast it is: one table, medians over several runs, warmed up, compile time apart.

    python tests/bench/table.py [--json] [--only NAME] [--repeats N]

Timings depend on the machine and on what else it does: compare figures of one run, not of two.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

WEEKS = 104


def everything_on() -> tuple[str, list[str]]:
    """The programme that runs every mechanism: well-run, with a mandate, turnover, an incident and quarter ends."""
    return "well-run", [
        "levers.leaders.mandate=0.3",
        "levers.leaders.presence=0.2",
        "levers.circumstances.turnover=0.15",
        "levers.circumstances.quarter_end=0.5",
        "levers.circumstances.incident_week=40",
        "levers.rollout.seats=0.95",
    ]


def ensemble(headcount: int, replicates: int, repeats: int) -> dict[str, float]:
    """Runs a second of an ensemble, all outcomes included."""
    from sim.engine import Settings, run
    from sim.measures import OUTCOMES, curves
    from sim.organisation import generate
    from sim.programme import prepare
    from sim.scenario import load

    organisation = generate(headcount, seed=1)
    name, overrides = everything_on()
    programme = prepare(load(name, overrides), organisation, WEEKS)

    def once() -> None:
        made = run(organisation, [programme], replicates, seed=1, worlds=True)[0]
        for outcome in OUTCOMES:
            curves(made, outcome)

    seconds = median_seconds(once, repeats)
    return {
        "seconds": seconds,
        "runs_per_second": replicates / seconds,
        "person_weeks_per_second": replicates * headcount * WEEKS / seconds,
        "threads": Settings().resolved_threads(),
        "mean_degree": organisation.ties.count / headcount,
    }


def workshop(repeats: int) -> dict[str, float]:
    """64 replicates of 1,000 people over two years."""
    return ensemble(1000, 64, repeats)


def ensemble_1000(repeats: int) -> dict[str, float]:
    """512 replicates of 1,000 people over two years."""
    return ensemble(1000, 512, repeats)


def ensemble_10000(repeats: int) -> dict[str, float]:
    """128 replicates of 10,000 people over two years."""
    return ensemble(10_000, 128, repeats)


def interactive(repeats: int) -> dict[str, float]:
    """What a person waits for: help, a cold comparison with compiled code cached, 100 warm replicates."""
    command = [sys.executable, "-c", "from experiments.cli import main; main()"]
    compare = [*command, "compare", "typical", "middling", "--headcount", "300", "--replicates", "64", "--json"]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True}
    return {
        "help_s": median_seconds(lambda: subprocess.run([*command, "--help"], **silent), repeats),  # type: ignore[call-overload]
        "cold_compare_s": median_seconds(lambda: subprocess.run(compare, **silent), repeats),  # type: ignore[call-overload]
        "warm_100_s": ensemble(1000, 100, repeats)["seconds"],
    }


def first_compile(repeats: int) -> dict[str, float]:
    """A process that finds no compiled code, once: compiling and a short run."""
    with tempfile.TemporaryDirectory() as empty:
        environment = {**os.environ, "UPTAKE_CACHE": empty}
        code = (
            "from sim import generate, load, prepare, run; o = generate(50); run(o, [prepare(load('hype'), o, 2)], 2)"
        )
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, env=environment)
        return {"seconds": time.perf_counter() - start}


BENCHMARKS: dict[str, Callable[[int], dict[str, float]]] = {
    f.__name__: f for f in (workshop, ensemble_1000, ensemble_10000, interactive, first_compile)
}


def median_seconds(work: Callable[[], object], repeats: int) -> float:
    """The median of ``repeats`` runs after one that warms up."""
    work()
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--only", choices=BENCHMARKS, action="append", help="run only this benchmark (repeatable)")
    parser.add_argument("--repeats", type=int, default=5, help="counted runs of each (default 5)")
    options = parser.parse_args()
    results = {}
    for name in options.only or BENCHMARKS:
        results[name] = BENCHMARKS[name](options.repeats)
        if not options.json:
            print(f"{name}: {(BENCHMARKS[name].__doc__ or '').splitlines()[0]}")
            for figure, value in results[name].items():
                print(f"    {figure:24s} {value:,.3f}")
    if options.json:
        print(json.dumps(results, indent=1))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main()
