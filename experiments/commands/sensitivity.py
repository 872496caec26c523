"""``uptake sensitivity`` and ``uptake discover``: what decides an outcome, and where it goes wrong."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from experiments import options

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from experiments.analysis.report import Report
    from experiments.analysis.sensitivity_study import Told

PATIENCE = 10.0
"""Seconds to wait for points that are being run to heed a stop."""
Scenario = Annotated[
    str | None, typer.Option("--scenario", metavar="NAME", help="Which of several scenarios: the first if not said.")
]
Organisation = Annotated[
    str | None, typer.Option("--organisation", metavar="LABEL", help="Which of several organisations.")
]


def sensitivity(
    source: Annotated[str, typer.Argument(metavar="STUDY|DIR", help="A study (name or file), or a folder swept into.")],
    trajectories: Annotated[
        int | None, typer.Option("--trajectories", metavar="N", help="For Morris screening: 10 if not said.")
    ] = None,
    base: Annotated[
        int | None, typer.Option("--base", metavar="N", help="Base sample, a power of two: 128 if not said.")
    ] = None,
    keep: Annotated[
        int | None, typer.Option("--keep", metavar="N", help="Most factors kept after screening: 10 if not said.")
    ] = None,
    replicates: Annotated[
        int | None, typer.Option("--replicates", metavar="N", help="For each point: the study's, if not said.")
    ] = None,
    scenario: Scenario = None,
    organisation: Organisation = None,
    out: options.Out = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the analysis of a study in DIR.")] = False,
    json: options.Json = False,
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs", "--threads", metavar="N", help="Points at a time; 0 is one per core. Changes no result."
        ),
    ] = 0,
    memory: options.Memory = "2GB",
) -> None:
    """Which levers and uncertainties decide each outcome, alone and together, and how much is chance.

    A study is swept on designs of its own: Morris screening, then Saltelli's sample of what that keeps. With --out both
    sweeps stay, beside their report. A folder is read as it is: a sweep of design morris gives a screening, of saltelli
    first and total orders, of any other first orders.
    """
    from experiments.analysis.sensitivity_report import report
    from experiments.analysis.tables_of_sweeps import is_folder

    sizes = {"trajectories": trajectories, "base": base, "keep": keep, "replicates": replicates}
    arguments = {"source": source, **sizes, "scenario": scenario, "organisation": organisation}
    if is_folder(source):
        _refuse_sizes({**sizes, "resume": resume or None})
        folder = _folder(out)
        _show(report(_read(source, scenario, organisation)), arguments, folder, out, json)
        return
    with _place_for(source, arguments, out, resume, jobs, memory) as place:
        folder = None if out is None else place / "report"
        _show(report(_read(str(place), scenario, organisation)), arguments, folder, out and str(folder), json)


def discover(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="A finished sweep.")],
    where: Annotated[str, typer.Option("--where", metavar="CONDITION", help='Runs to explain: "habitual@52 < 0.4".')],
    worlds: Annotated[
        bool, typer.Option("--worlds/--no-worlds", help="Look among the parameters of the worlds as well.")
    ] = True,
    points: Annotated[
        bool, typer.Option("--points/--runs", help="Judge each point by its mean over replicates, or every run.")
    ] = False,
    seed: options.Seed = 1,
    scenario: Scenario = None,
    organisation: Organisation = None,
    out: options.Out = None,
    json: options.Json = False,
) -> None:
    """When an outcome happens, in sentences: limits on few inputs, with coverage and density (PRIM and a tree)."""
    from dataclasses import replace

    from experiments.analysis.discovery import discover as look
    from experiments.analysis.discovery_report import report
    from experiments.analysis.discovery_where import parse
    from experiments.analysis.tables_of_sweeps import by_point, stored, with_worlds
    from experiments.watch import watched

    place, what = _folder(out), "point" if points else "run"
    sweep = stored(folder, scenario, organisation)
    sweep = by_point(sweep) if points else sweep
    condition = parse(where, sweep.outcomes)
    cases = condition.cases(sweep.table)
    table, parameters, notes = with_worlds(folder, sweep, cases) if worlds else (sweep.table, [], [])
    clusters = [table["point"].to_numpy()]
    if parameters:
        clusters.append((table["seed"].astype(str) + "/" + table["replicate"].astype(str)).to_numpy())
    found = watched(
        lambda *_: look(table, [*sweep.inputs, *parameters], cases, clusters=clusters, seed=seed, what=what),
        "Looking for boxes",
    )
    if not found.boxes and not points and sweep.worlds:
        notes.append("Runs differ by their worlds as well; --points asks of each point's mean instead.")
    found = replace(found, notes=(*found.notes, *notes, *sweep.notes))
    arguments = {"folder": folder, "where": where, "worlds": worlds, "points": points, "seed": seed,
                 "scenario": scenario, "organisation": organisation}  # fmt: skip
    _show(report(found, condition, what, sweep.title, sweep.setting), arguments, place, out, json)


def _refuse_sizes(given: Mapping[str, Any]) -> None:
    from sim.passports import InputError

    for name, value in given.items():
        if value is not None:
            raise InputError(f"--{name} goes with a study; the points in a folder are there already: leave it out")


def _read(folder: str, scenario: str | None, organisation: str | None) -> Told:
    from experiments.analysis.sensitivity_study import of_folder
    from experiments.watch import watched

    return watched(lambda *_: of_folder(folder, scenario, organisation), "Reading the table")


@contextmanager
def _place_for(
    name: str, arguments: Mapping[str, Any], out: str | None, resume: bool, jobs: int, memory: str
) -> Iterator[Path]:
    """The folder with both sweeps of a study, done: where ``out`` says, or one that is gone afterwards."""
    from experiments.analysis import sensitivity_study as analysis
    from experiments.analysis.sensitivity_derived import KEEP, Asked
    from experiments.compare import MOST_REPLICATES, whole
    from experiments.inputs import memory as size_of
    from experiments.sweeps import sweep as sweeps
    from experiments.sweeps.reading import SIZES
    from experiments.sweeps.studies import load
    from experiments.watch import notice, say_if_compiling, watched
    from sim.passports import InputError

    if resume and out is None:
        raise InputError("--resume goes on with what --out DIR holds; say where that is")
    limits = {
        "keep": (1, 1_000),
        "replicates": (1, MOST_REPLICATES),
        **{n: SIZES[n][:2] for n in ("trajectories", "base")},
    }
    for option, (low, high) in limits.items():
        if arguments[option] is not None:
            whole(option, arguments[option], low, high)
    given = {key: value for key, value in arguments.items() if key not in ("source", "keep")}
    asked, cap, hands = (
        Asked(load(name), keep=arguments["keep"] or KEEP, **given),
        size_of(memory),
        sweeps.threads(jobs),
    )
    kept = None if out is None else analysis.check_folder(out, resume)
    say_if_compiling()
    ended = threading.Event()

    def work(progress: Any, cancelled: Any) -> None:
        try:
            analysis.carry_out(asked, place, lambda plan, job: sweeps.Threads(plan, job, hands, cancelled),
                               memory=cap, progress=progress)  # fmt: skip
        finally:
            ended.set()

    with nullcontext(kept) if kept is not None else TemporaryDirectory(prefix="uptake-") as found:
        place = Path(found)
        try:
            watched(work, "Screening, then Sobol's indices")
        except KeyboardInterrupt:
            ended.wait(PATIENCE)  # no file is written any more
            if out is not None:
                said = [word for key, value in given.items() if value is not None for word in (f"--{key}", f"{value}")]
                said += [] if arguments["keep"] is None else ["--keep", f"{arguments['keep']}"]
                again = shlex.join(["uptake", "sensitivity", name, "--out", out, *said, "--resume"])
                notice(f"Stopped. What is done is kept; go on with: {again}")
            raise
        yield place


def _folder(out: str | None) -> Any:
    """Where to write, refused before any work if it cannot be had."""
    if out is None:
        return None
    from experiments.outputs import check_folder

    return check_folder(out)


def _show(report: Report, arguments: Mapping[str, Any], folder: Any, out: str | None, json: bool) -> None:
    """Write where that was asked for, and show."""
    from experiments.analysis import report as reports
    from experiments.watch import notice

    if folder is not None:
        notice(f"Wrote {len(reports.write(folder, report, arguments))} files to {out}")
    if json:
        from experiments.document import as_json

        typer.echo(as_json(reports.as_document(report)), nl=False)
        return
    from experiments.terminal import console

    reports.show(report, console())
