"""``uptake sweep`` and ``uptake results``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments import options

if TYPE_CHECKING:
    from experiments.sweeps.sweep import Plan

Folder = Annotated[str, typer.Argument(metavar="DIR", help="Folder of a sweep, running or done.")]
Jobs = Annotated[
    int, typer.Option("--jobs", metavar="N", help="Points at a time; 0 is one per core. Changes no result.")
]
POINTS_FAILED = 1


def sweep(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="A study's file, or the name of one that ships.")],
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="Keep results here as they come.", show_default=False)
    ] = None,
    jobs: Jobs = 0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the sweep in DIR; a new one is begun.")] = False,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", metavar="ADDRESS", help="Run on a Dask cluster: tcp://host:port of its scheduler."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how large the design is and what it takes.")] = False,
    memory: options.Memory = "2GB",
) -> None:
    """Run every point of a study, and keep the results on disk as they come.

    Stop it whenever you like: --resume goes on where it was, and ends with the same table.
    """
    from experiments import words
    from experiments.inputs import memory as size_of
    from experiments.sweeps import studies
    from experiments.sweeps import sweep as sweeps
    from experiments.sweeps.store import FAILED
    from experiments.watch import notice, say_if_compiling, watched
    from sim.passports import InputError

    if out is None and not dry_run:
        raise InputError("say where the results go: --out DIR (or look first: --dry-run)")
    asked, cap, hands = studies.load(study), size_of(memory), sweeps.threads(jobs)
    folder = None if out is None or dry_run else sweeps.check_folder(out, resume)
    plan = watched(lambda *_: sweeps.plan(asked), "Reading what the study names")
    for organisation in plan.organisations.values():
        for text in organisation.notices:
            notice(text)
    if folder is None:
        _dry_run(plan, hands, cap, scheduler)
        return

    say_if_compiling()

    def work(progress: Any, cancelled: Any) -> dict[str, int]:
        if scheduler is not None:
            from experiments.sweeps import cluster

            return sweeps.sweep(plan, folder, lambda job: cluster.Cluster(plan, job, scheduler, cancelled),
                                memory=cap, progress=progress)  # fmt: skip
        return sweeps.sweep(plan, folder, lambda job: sweeps.Threads(plan, job, hands, cancelled),
                            memory=cap, progress=progress)  # fmt: skip

    try:
        counts = watched(work, f"Sweeping {asked.title}")
    except KeyboardInterrupt:
        notice(f"Stopped. What is done is kept; go on with: uptake sweep {study} --out {out} --resume")
        raise
    total = sum(counts.values())
    if counts[FAILED]:
        notice(
            f"uptake: {counts[FAILED]:,} of {total:,} points failed; see them with: uptake results {out}. "
            "The others are kept; --resume tries the failed ones again."
        )
        raise typer.Exit(POINTS_FAILED)
    typer.echo(f"{words.counted(total, 'point')} done, in {out}. Look at them with: uptake results {out}")


def _dry_run(plan: Plan, jobs: int, memory: int, scheduler: str | None) -> None:
    """The size of the design and its expected time."""
    from experiments.sweeps import design
    from experiments.sweeps.estimate import seconds, spoken
    from experiments.watch import say_if_compiling, watched

    if scheduler is not None:
        from experiments.sweeps import cluster

        jobs = cluster.threads(scheduler)
    say_if_compiling()
    expected = watched(lambda *_: seconds(plan, jobs, memory), "Trying a few points")
    study, total = plan.study, design.total(plan.study)
    typer.echo(f"{study.title}: {study.design}, {design.size(study):,} points")
    for factor in study.factors:
        typer.echo(f"  {factor.key}: {_span(factor, study.design)}")
    many = [
        (len(study.scenarios), "scenarios"),
        (len(study.organisations), "organisations"),
        (len(study.seeds), "seeds"),
    ]
    crossed = "".join(f" x {count} {what}" for count, what in many if count > 1)
    typer.echo(
        f"{design.size(study):,} points{crossed} x {study.replicates:,} replicates = {total * study.replicates:,} rows "
        f"over {study.weeks:,} weeks"
    )
    typer.echo("Worlds: each replicate draws its own" if study.worlds else "Worlds: held; parameters keep their values")
    if study.agents:
        typer.echo(f"Agent traces ({', '.join(study.agents)}): {plan.traces.spoken}")
    typer.echo(f"Expected time: {spoken(expected)} with {jobs} at a time")


def _span(factor: Any, design: str) -> str:
    from experiments.sweeps.design import levels

    if factor.values or design == "grid":
        found = levels(factor)
        shown = ", ".join(v if isinstance(v, str) else f"{v:g}" for v in found[:12])
        return shown + (f", ... ({len(found)} values)" if len(found) > 12 else "")
    return f"{factor.low:g} to {factor.high:g}"


def results(
    folder: Folder,
    csv: Annotated[
        str | None, typer.Option("--csv", metavar="FILE", help="Write the sorted table of outcomes to this file.")
    ] = None,
    out: Annotated[
        str | None, typer.Option("--out", metavar="FOLDER", help="Write main effects there: pictures, table, summary.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Summarise a sweep, also while it runs, draw its main effects, or write its table as CSV."""
    from experiments.outputs import check_folder
    from experiments.sweeps import results as found_results
    from experiments.watch import notice, watched

    drawn = None if out is None else check_folder(out)
    found = found_results.read(folder)
    if drawn is not None:
        from experiments.analysis import main_effects, report

        made = watched(lambda *_: main_effects.report(found), "Reading the sweep")
        names = watched(lambda *_: report.write(drawn, made, {"folder": folder}), "Drawing")
        notice(f"Wrote {', '.join(names)} to {out}")
    if csv is not None:
        rows = watched(lambda *_: found_results.write_csv(found, csv), "Writing the table")
        notice(f"Wrote {rows:,} rows to {csv}")
    if (csv is not None or drawn is not None) and not json:
        return
    if json:
        from experiments.document import as_json
        from experiments.sweeps.summary import summary

        typer.echo(as_json(summary(found)), nl=False)
    else:
        from experiments.sweeps.summary import lines

        typer.echo("\n".join(lines(found)))
