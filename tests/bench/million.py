"""A million people: made, simulated, read from a roster and run from the command line, each in a process of its own.

    python tests/bench/million.py PART [--people N] [--weeks N] [--roster FILE]

runs one part and prints its figures as JSON. Parts are apart so that the peak of memory is the part's own.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from ensembles import QUICK, Size, everything_on, setting, with_outcomes
from timing import Effort, child, seconds_of

PEOPLE, QUICK_PEOPLE, WEEKS, MOST_REPEATS = 1_000_000, 1000, 104, 3


def simulate(people: int, weeks: int, roster: Path) -> dict[str, float]:
    """Make the organisation and run one replicate of it. What is worked out of an organisation once is counted."""
    with_outcomes(*setting(QUICK), 1)  # compiled code is loaded
    found = []
    generate_s = seconds_of(lambda: found.append(setting(Size(people, 1, weeks))))
    organisation, programme = found.pop()
    simulate_s = seconds_of(lambda: with_outcomes(organisation, programme, 1))
    again_s = seconds_of(lambda: with_outcomes(organisation, programme, 1))
    return {
        "simulate_s": simulate_s,
        "simulate_again_s": again_s,
        "generate_s": generate_s,
        "generate_and_simulate_peak_mb": peak_mb(),
    }


def write(people: int, weeks: int, roster: Path) -> dict[str, float]:
    """Write the roster of a generated organisation."""
    from sim.organisation import generate, write_roster

    organisation = generate(people, seed=1)
    return {"write_s": seconds_of(lambda: write_roster(organisation, roster))}


def read(people: int, weeks: int, roster: Path) -> dict[str, float]:
    """Read the roster as the command line does, and draw the ties it does not have."""
    from sim.organisation import read_organisation

    return {"import_s": seconds_of(lambda: read_organisation(roster)), "import_peak_mb": peak_mb()}


def command(people: int, weeks: int, roster: Path) -> dict[str, float]:
    """``uptake run``, from the roster to the printed document."""
    from experiments.cli import run

    name, overrides = everything_on()
    arguments = ["run", name, *(f"--set={change}" for change in overrides), "--org", str(roster)]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        seconds = seconds_of(lambda: run([*arguments, "--replicates", "1", "--weeks", str(weeks), "--json"]))
    json.loads(printed.getvalue())
    return {"command_s": seconds, "peak_mb": peak_mb()}


PARTS: dict[str, Callable[[int, int, Path], dict[str, float]]] = {
    f.__name__: f for f in (simulate, write, read, command)
}


def peak_mb() -> float:
    """The most memory this process held. Where Linux tells, without what its parent held when it started."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)


def million(effort: Effort) -> dict[str, float]:
    """A million people over two years, one replicate: generated, simulated, imported, and the whole command's peak."""
    people, weeks = (QUICK_PEOPLE, QUICK.weeks) if effort.quick else (PEOPLE, WEEKS)
    runs: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        size = ["--people", str(people), "--weeks", str(weeks), "--roster", str(Path(folder) / "roster.csv")]
        written = json.loads(child([__file__, "write", *size]))
        for _ in range(min(effort.repeats, MOST_REPEATS)):
            parts = [json.loads(child([__file__, part, *size])) for part in ("simulate", "read", "command")]
            runs.append(written | parts[0] | parts[1] | parts[2])
    return median_of(runs)


def median_of(runs: list[dict[str, float]]) -> dict[str, float]:
    """Each figure's median."""
    import statistics

    return {figure: statistics.median(found[figure] for found in runs) for figure in runs[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--weeks", type=int, default=WEEKS)
    parser.add_argument("--roster", type=Path, default=Path("roster.csv"))
    options = parser.parse_args()
    print(json.dumps(PARTS[options.part](options.people, options.weeks, options.roster)))


if __name__ == "__main__":
    main()
