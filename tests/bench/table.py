"""How fast it is: one table, medians over several runs, warmed up, compile time apart.

    python tests/bench/table.py [--json | --markdown] [--only NAME] [--repeats N] [--quick]

Timings depend on the machine and on what else it does: compare figures of one run, not of two.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from against import against_mesa, against_numpy
from ensembles import ensemble_1000, ensemble_10000, everything_on, workshop
from interactive import first_compile, interactive
from million import million
from printing import table
from timing import Effort, machine

__all__ = ["BENCHMARKS", "everything_on"]

BENCHMARKS: dict[str, Callable[[Effort], dict[str, float]]] = {
    f.__name__: f
    for f in (
        workshop,
        ensemble_1000,
        ensemble_10000,
        against_mesa,
        against_numpy,
        million,
        interactive,
        first_compile,
    )
}
NOT_QUICK = ("first_compile",)
"""There is no less of it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--markdown", action="store_true", help="print one Markdown table")
    parser.add_argument("--only", choices=BENCHMARKS, action="append", help="run only this benchmark (repeatable)")
    parser.add_argument("--repeats", type=int, default=5, help="counted runs of each (default 5)")
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to see that it works; compiling left out")
    options = parser.parse_args()
    effort = Effort(options.repeats, options.quick)
    names = options.only or [name for name in BENCHMARKS if not (options.quick and name in NOT_QUICK)]
    results: dict[str, dict[str, float]] = {}
    for name in names:
        print(f"{name}: {(BENCHMARKS[name].__doc__ or '').splitlines()[0]}", file=sys.stderr, flush=True)
        results[name] = BENCHMARKS[name](effort)
    if options.json:
        print(json.dumps(results, indent=1))
        return
    rows = [(name, figure, value) for name, found in results.items() for figure, value in found.items()]
    print(machine(), end="\n\n")
    print(table(("benchmark", "figure", "value"), rows, options.markdown))


if __name__ == "__main__":
    main()
