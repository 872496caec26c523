"""``uptake sensitivity`` and ``uptake discover``: what decides an outcome, and where it goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from experiments import options

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from experiments.analysis.decisions_report import Report
    from experiments.analysis.sensitivity import Sensitivity

Scenario = Annotated[
    str | None, typer.Option("--scenario", metavar="NAME", help="Which of a sweep's scenarios: the first if not said.")
]
Organisation = Annotated[
    str | None, typer.Option("--organisation", metavar="LABEL", help="Which of a sweep's organisations.")
]


def sensitivity(
    source: Annotated[str, typer.Argument(metavar="STUDY|DIR", help="A study (name or file), or a finished sweep.")],
    trajectories: Annotated[int, typer.Option("--trajectories", metavar="N", help="For Morris screening.")] = 10,
    base: Annotated[int, typer.Option("--base", metavar="N", help="Sobol base sample: a power of two.")] = 128,
    keep: Annotated[int, typer.Option("--keep", metavar="N", help="Most factors kept after screening.")] = 10,
    replicates: Annotated[
        int | None, typer.Option("--replicates", metavar="N", help="For each point: the study's, if not said.")
    ] = None,
    scenario: Scenario = None,
    organisation: Organisation = None,
    out: options.Out = None,
    json: options.Json = False,
    threads: options.Threads = 0,
    memory: options.Memory = "2GB",
) -> None:
    """Which levers and uncertainties decide each outcome, alone and together, and how much is chance.

    A study is run on designs of its own: Morris screening, then Sobol's. A finished sweep (DIR) is read as it is: first
    orders only.
    """
    from experiments.analysis.sensitivity_report import report
    from experiments.analysis.tables_of_sweeps import is_folder

    folder = _folder(out)
    if is_folder(source):
        found, title, setting = _from_folder(source, scenario, organisation)
    else:
        found, title, setting = _from_study(
            source, (scenario, organisation), trajectories, base, keep, replicates, threads, memory
        )
    arguments = {"source": source, "trajectories": trajectories, "base": base, "keep": keep, "replicates": replicates,
                 "scenario": scenario, "organisation": organisation}  # fmt: skip
    _show(report(found, title, setting), arguments, folder, out, json)


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

    place = _folder(out)
    sweep = stored(folder, scenario, organisation)
    sweep = by_point(sweep) if points else sweep
    condition = parse(where, sweep.outcomes)
    cases = condition.cases(sweep.table)
    table, parameters, notes = with_worlds(folder, sweep, cases) if worlds else (sweep.table, [], [])
    clusters = [table["point"].to_numpy()]
    if parameters:
        clusters.append((table["seed"].astype(str) + "/" + table["replicate"].astype(str)).to_numpy())
    found = watched(
        lambda *_: look(table, [*sweep.inputs, *parameters], cases, clusters=clusters, seed=seed), "Looking for boxes"
    )
    if not found.boxes and not points and sweep.worlds:
        notes.append("Runs differ by their worlds as well; --points asks of each point's mean instead.")
    found = replace(found, notes=(*found.notes, *notes, *sweep.notes))
    arguments = {"folder": folder, "where": where, "worlds": worlds, "points": points, "seed": seed,
                 "scenario": scenario, "organisation": organisation}  # fmt: skip
    _show(
        report(found, condition, "point" if points else "run", sweep.title, sweep.setting), arguments, place, out, json
    )


def _from_folder(folder: str, scenario: str | None, organisation: str | None) -> tuple[Sensitivity, str, str]:
    """First orders from a stored table."""
    from dataclasses import replace

    from experiments.analysis.sensitivity_given import from_table
    from experiments.analysis.tables_of_sweeps import stored
    from experiments.watch import watched

    sweep = stored(folder, scenario, organisation)
    found = watched(lambda *_: from_table(sweep.table, sweep.inputs, sweep.outcomes), "Reading the table")
    notes = [*found.notes, *sweep.notes]
    if sweep.worlds:
        notes.append("Each replicate drew its world: parameters and chance are told apart by uptake sensitivity STUDY.")
        found = replace(found, apart="worlds and chance")
    return replace(found, notes=tuple(notes)), sweep.title, sweep.setting


def _from_study(
    name: str,
    unwanted: tuple[str | None, str | None],
    trajectories: int,
    base: int,
    keep: int,
    replicates: int | None,
    threads: int,
    memory: str,
) -> tuple[Sensitivity, str, str]:
    """Screening and Sobol's indices, run anew."""
    from experiments.analysis.sensitivity_study import from_study
    from experiments.compare import MOST_REPLICATES, whole
    from experiments.inputs import memory as size
    from experiments.requests import MOST_THREADS
    from experiments.sweeps.study import load
    from experiments.watch import say_if_compiling, watched
    from sim.passports import InputError
    from sim.sizing import Settings

    if any(unwanted):
        raise InputError("--scenario and --organisation choose from a finished sweep; a study's first ones are run")
    whole("threads", threads, 0, MOST_THREADS)
    whole("trajectories", trajectories, 2, 10_000)
    whole("base", base, 8, 1 << 20)
    whole("keep", keep, 1, 1_000)
    if replicates is not None:
        whole("replicates", replicates, 1, MOST_REPLICATES)
    study = load(name)
    settings = Settings(threads=threads, memory=size(memory))
    say_if_compiling()
    found = watched(
        lambda progress, cancelled: from_study(
            study, trajectories=trajectories, base=base, keep=keep, replicates=replicates, settings=settings,
            progress=progress, cancelled=cancelled,
        ),
        "Screening, then Sobol's indices",
    )  # fmt: skip
    place = study.organisations[0].label
    setting = f"{study.scenarios[0]} in {place}: {found.points:,} points, {found.replicates:,} replicates each"
    return found, study.title, f"{setting}, {study.weeks} weeks, seed {study.seeds[0]}"


def _folder(out: str | None) -> Any:
    """Where to write, refused before any work if it cannot be had."""
    if out is None:
        return None
    from experiments.outputs import check_folder

    return check_folder(out)


def _show(report: Report, arguments: Mapping[str, Any], folder: Any, out: str | None, json: bool) -> None:
    """Write where that was asked for, and show."""
    from experiments.analysis import decisions_report as reports
    from experiments.watch import notice

    if folder is not None:
        notice(f"Wrote {len(reports.write(folder, report, arguments))} files to {out}")
    if json:
        from experiments.document import as_json

        typer.echo(as_json(reports.as_document(report)), nl=False)
        return
    from experiments.terminal import console

    reports.show(report, console())
