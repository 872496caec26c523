"""Where the time goes, step by step, and how near it comes to what memory alone would take.

    python tests/bench/by_step.py [--json | --markdown] [--repeats N] [--quick]

Phases are timed in real runs on one thread, up to 64 replicates side by side. Steps are compiled alone and timed on few
people, who fit into the cache: what the arithmetic takes. The floor is what moving the columns that a phase reads and
writes would take at the bandwidth of memory: once people outgrow the cache, no order of work in a phase goes below it.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import json
import statistics
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
from ensembles import Size, setting
from numba.core.caching import NullCache
from printing import table
from reading import touched_in_phase
from timing import Effort, cores, machine, median_seconds, seconds_of

import sim.week
from sim.block import Block, Luck, parts_of
from sim.compiled import entry
from sim.people import Surroundings
from sim.population import populate_block
from sim.week import PHASES, WEEK, weeks

MIDWAY, SWEEPS = 40, 100
SIZES = (Size(1000, 64), Size(10_000, 64, 52), Size(200_000, 1, 52))
"""People and replicates of the runs whose phases are timed."""
IN_CACHE = (Size(100, 64), Size(6400, 1))
"""The same elements, side by side and one after the other, for steps that are timed alone."""
QUICK_SIZES = (Size(60, 8, 8), Size(120, 8, 8))
QUICK_IN_CACHE = (Size(16, 8), Size(128, 1))
SOURCE = """
def f(b, now, week, part, sweeps, sink):
    for sweep in range(sweeps):
        for tile in range(part.tile0, part.tile1):
            {call}
            k = (sweep + tile) % 64
            sink[k] += {scratch}
"""
SCRATCH = " + ".join(
    [f"part.luck.{name}[k]" for name in Luck._fields] + [f"part.near.{name}[k]" for name in Surroundings._fields]
)
"""What a tile leaves for its next steps is looked at, or the compiler would keep only the last tile's."""


def phase_name(phase: int) -> str:
    """Its steps, or the first and the last of many."""
    steps = [step for step, _ in WEEK[phase][1]]
    return ", ".join(steps) if len(steps) <= 3 else f"{steps[0]} ... {steps[-1]}"


def size_name(size: Size) -> str:
    return f"{size.people:,} x {size.replicates}"


def populated(size: Size) -> tuple[Block, np.ndarray]:
    """A block in its first week, and its programme's weeks."""
    organisation, programme = setting(size)
    return populate_block(organisation, programme, np.arange(size.replicates), 1, worlds=True), programme.tracks


def nanoseconds_by_phase(size: Size, repeats: int) -> dict[str, float]:
    """Nanoseconds a person-week in each phase and, once a run, in populating (a person-week's share of it)."""
    organisation, programme = setting(size)
    runs = []
    for _ in range(repeats + 1):
        made: list[Block] = []
        populating = seconds_of(
            lambda made=made: made.append(
                populate_block(organisation, programme, np.arange(size.replicates), 1, worlds=True)
            )
        )
        block = made.pop()
        part = parts_of(block, 1)[0]
        seconds = np.zeros(PHASES + 1)
        for week in range(size.weeks):
            for phase in range(PHASES + 1):  # the last is no phase: what it takes to be called
                seconds[phase] += seconds_of(
                    lambda w=week, p=phase, b=block, t=part: weeks(b, programme.tracks, w, w + 1, t, p, p)
                )
        runs.append([*(seconds[:-1] - seconds[-1]), populating])
    medians = np.median(runs[1:], axis=0) / size.person_weeks * 1e9
    return {phase_name(k): max(float(medians[k]), 0.0) for k in range(PHASES)} | {"populate": float(medians[-1])}


def tile_calls() -> dict[str, str]:
    """The calls in the week's loops that take one tile, by the name of the step, with what draws luck counted once."""
    found: dict[str, str] = {}
    tree = ast.parse(inspect.getsource(sim.week))
    ours = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name == "explained":
            continue
        for call in ast.walk(node):
            if isinstance(call, ast.Expr) and isinstance(call.value, ast.Call) and _takes_a_tile(call.value, ours):
                name, text = ast.unparse(call.value.func), ast.unparse(call)
                found[name] = f"{found[name]}; {text}" if name in found and text != found[name] else text
    found.pop("rival", None)  # the rules of other theories, which do not run in ours
    return found


def _takes_a_tile(call: ast.Call, ours: set[str]) -> bool:
    arguments = {argument.id for argument in call.args if isinstance(argument, ast.Name)}
    return isinstance(call.func, ast.Name) and call.func.id not in ours and {"tile", "b", "part"} <= arguments


def nanoseconds_by_step(people: int, lanes: int, repeats: int, names: Sequence[str]) -> dict[str, float]:
    """Nanoseconds a person-week of each tile step compiled alone, as of week 40; state is put back before each sample.

    Left to itself, a step run over and over would drive what it changes to where no run ever takes it.
    """
    block, tracks = populated(Size(people, lanes, MIDWAY + 1))
    part = parts_of(block, 1)[0]
    weeks(block, tracks, 0, MIDWAY, part, 0, PHASES - 1)
    kept = [column.copy() for column in block.people]
    sink = np.zeros(64, np.float32)

    def sample(step: Callable[..., None]) -> float:
        for column, before in zip(block.people, kept, strict=True):
            column[:] = before
        return seconds_of(lambda: step(block, tracks[MIDWAY], MIDWAY, part, SWEEPS, sink))

    def typical(call: str) -> float:
        sample(compiled_alone(call))
        return statistics.median(sample(compiled_alone(call)) for _ in range(repeats))

    nothing = typical("pass")
    taken = {name: typical(tile_calls()[name]) - nothing for name in names}
    return {name: max(seconds, 0.0) / (people * lanes * SWEEPS) * 1e9 for name, seconds in taken.items()}


@cache
def compiled_alone(call: str) -> Callable[..., None]:
    """A loop over tiles that does nothing else; not kept on disk."""
    names = dict(vars(sim.week))
    exec(SOURCE.format(call=call, scratch=SCRATCH), names)
    step = entry(names["f"])
    step._cache = NullCache()
    return step


def bandwidth(threads: int, megabytes: int, repeats: int) -> float:
    """Bytes a second of a triad, ``a = b + 3 c``: arrays of so many megabytes together, in pieces a cache holds."""
    length, piece = megabytes * 10**6 // 12, 1 << 15
    a, b, c = (np.ones(length, np.float32) for _ in range(3))
    edges = np.linspace(0, length, threads + 1).astype(int)

    def triad(share: int) -> None:
        for start in range(edges[share], edges[share + 1], piece):
            stop = min(start + piece, edges[share + 1])
            np.multiply(c[start:stop], np.float32(3.0), out=a[start:stop])
            a[start:stop] += b[start:stop]

    with ThreadPoolExecutor(threads) as pool:
        seconds = median_seconds(lambda: list(pool.map(triad, range(threads))), repeats)
    return 12 * length / seconds


def measure(effort: Effort) -> dict[str, Any]:
    """Everything, as one document."""
    sizes = QUICK_SIZES if effort.quick else SIZES
    names = ["forget"] if effort.quick else list(tile_calls())
    steps = {
        size_name(size): nanoseconds_by_step(size.people, size.replicates, effort.repeats + 10, names)
        for size in (QUICK_IN_CACHE if effort.quick else IN_CACHE)
    }
    phases = {size_name(size): nanoseconds_by_phase(size, effort.repeats) for size in sizes}
    megabytes = 4 if effort.quick else 400
    widths = {str(n): bandwidth(n, megabytes, effort.repeats) for n in sorted({1, cores()})}
    one = widths["1"]
    floor = {
        phase_name(k): {
            "columns_read": len(touched_in_phase(k).read),
            "columns_written": len(touched_in_phase(k).written),
            "bytes": touched_in_phase(k).bytes,
            "nanoseconds": touched_in_phase(k).bytes / one * 1e9,
        }
        for k in range(PHASES)
    }
    return {"steps": steps, "phases": phases, "bandwidth": widths, "floor": floor}


def tables(found: dict[str, Any], markdown: bool) -> str:
    """The document as tables: phases, the floor, steps, bandwidth."""
    phases, floor, steps = found["phases"], found["floor"], found["steps"]
    rows: list[list[float | str]] = [[name, *(float(each[name]) for each in phases.values())] for name in floor]
    week = {size: sum(each[name] for name in floor) for size, each in phases.items()}
    rows.append(["the week", *week.values()])
    rows.append(["populate, a week's share", *(each["populate"] for each in phases.values())])
    by_phase = table(["ns by phase, people x replicates", *phases], rows, markdown)

    kinds = ("columns_read", "columns_written", "bytes", "nanoseconds")
    rows = [[name, *(float(each[kind]) for kind in kinds)] for name, each in floor.items() if each["bytes"]]
    rows.append(["the week", *(float(sum(each[kind] for each in floor.values())) for kind in kinds)])
    heads = ["floor of a phase", "columns in", "columns out", "bytes", "ns"]
    for size, each in phases.items():
        heads.append(f"% of {size}")
        for row in rows:
            taken = each[str(row[0])] if row[0] in each else week[size]
            row.append(100 * float(row[4]) / max(taken, 1e-9))
    by_floor = table(heads, rows, markdown)

    names = list(next(iter(steps.values())))
    rows = [[name, *(each[name] for each in steps.values())] for name in names]
    rows.append(["all of them", *(sum(each.values()) for each in steps.values())])
    by_step = table(["ns by step alone, in the cache", *steps], rows, markdown)
    week_bytes = sum(each["bytes"] for each in floor.values())
    rows = [[n, value / 1e9, int(n) * week_bytes / value * 1e9] for n, value in found["bandwidth"].items()]
    by_width = table(("threads", "triad over memory, GB/s", "the week's floor, ns on each"), rows, markdown)
    return "\n\n".join([by_phase, by_floor, by_step, by_width])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--markdown", action="store_true", help="print Markdown tables")
    parser.add_argument("--repeats", type=int, default=5, help="counted runs of each (default 5)")
    parser.add_argument("--quick", action="store_true", help="tiny sizes and one step, to see that it works")
    options = parser.parse_args()
    found = measure(Effort(options.repeats, options.quick))
    if options.json:
        print(json.dumps(found, indent=1))
        return
    print("Nanoseconds for one person's week on one thread.", machine(), sep="\n", end="\n\n")
    print(tables(found, options.markdown))


if __name__ == "__main__":
    main()
