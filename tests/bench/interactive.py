"""What a person waits for at the keyboard; and compiling, once a machine, apart."""

from __future__ import annotations

import tempfile

from ensembles import QUICK, Size, ensemble
from timing import Effort, child, median_seconds, seconds_of

UPTAKE = ["-c", "from experiments.cli import main; main()"]
FIRST_RUN = "from sim import generate, load, prepare, run; o = generate(50); run(o, [prepare(load('hype'), o, 2)], 2)"


def interactive(effort: Effort) -> dict[str, float]:
    """What a person waits for: help, a cold comparison with compiled code cached, 100 warm replicates."""
    size = ["--headcount", "60", "--replicates", "8"] if effort.quick else ["--headcount", "300", "--replicates", "64"]
    compare = [*UPTAKE, "compare", "typical", "middling", *size, "--json"]
    return {
        "help_s": median_seconds(lambda: child([*UPTAKE, "--help"]), effort.repeats),
        "cold_compare_s": median_seconds(lambda: child(compare), effort.repeats),
        "warm_100_s": ensemble(QUICK if effort.quick else Size(1000, 100), effort.repeats)["seconds"],
    }


def first_compile(effort: Effort) -> dict[str, float]:
    """A process that finds no compiled code, once: compiling and a short run."""
    with tempfile.TemporaryDirectory() as empty:
        return {"seconds": seconds_of(lambda: child(["-c", FIRST_RUN], {"UPTAKE_CACHE": empty}))}
