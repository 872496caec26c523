"""``uptake run`` and ``uptake compare``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments import options

if TYPE_CHECKING:
    from experiments.requests import Request

KEPT = frozenset({"earlier", "org", "ties", "out", "json", "threads", "memory"})
"""Options that go with ``--from``: where the files are now, and what to do with the results."""


def run(
    context: typer.Context,
    scenario: Annotated[str | None, typer.Argument(metavar="SCENARIO", help="Library name or file.")] = None,
    earlier: Annotated[
        str | None,
        typer.Option("--from", metavar="MANIFEST", help="Repeat an earlier run or comparison exactly."),
    ] = None,
    org: options.Org = None,
    ties: options.Ties = None,
    columns: options.Map = None,
    orphans: options.Orphans = None,
    relation: options.Relation = None,
    headcount: options.Headcount = None,
    weeks: options.Weeks = 104,
    replicates: options.Replicates = 64,
    seed: options.Seed = 1,
    worlds: options.Worlds = True,
    overrides: options.Set = None,
    rule: options.Rule = "experience",
    out: options.Out = None,
    json: options.Json = False,
    threads: options.Threads = 0,
    memory: options.Memory = "2GB",
) -> None:
    """Run one change programme, or repeat an earlier run from its manifest."""
    from experiments.inputs import Source
    from experiments.requests import Request
    from sim.passports import InputError

    if earlier is not None:
        _refuse_others(context)
        repeat(earlier, org, ties, out, json, threads, memory)
        return
    if scenario is None:
        raise InputError("name a scenario (see them with: uptake scenarios), or repeat a run with --from MANIFEST")
    source = Source(org, ties, tuple(columns or ()), orphans, relation, headcount)
    request = Request("run", (scenario,), source, weeks, replicates, seed, worlds, tuple(overrides or ()), rule)
    carry_out(request, out, json, threads, memory)


def compare(
    base: Annotated[str, typer.Argument(metavar="BASE", help="Scenario that the others are held against.")],
    others: Annotated[list[str], typer.Argument(metavar="OTHER...", help="Scenarios: library names or files.")],
    org: options.Org = None,
    ties: options.Ties = None,
    columns: options.Map = None,
    orphans: options.Orphans = None,
    relation: options.Relation = None,
    headcount: options.Headcount = None,
    weeks: options.Weeks = 104,
    replicates: options.Replicates = 64,
    seed: options.Seed = 1,
    worlds: options.Worlds = True,
    overrides: options.Set = None,
    rule: options.Rule = "experience",
    out: options.Out = None,
    json: options.Json = False,
    threads: options.Threads = 0,
    memory: options.Memory = "2GB",
) -> None:
    """Compare change programmes on the same people, replicates and worlds.

    Every other scenario is held against BASE, replicate by replicate.
    """
    from experiments.inputs import Source
    from experiments.requests import Request

    source = Source(org, ties, tuple(columns or ()), orphans, relation, headcount)
    names = (base, *others)
    request = Request("compare", names, source, weeks, replicates, seed, worlds, tuple(overrides or ()), rule)
    carry_out(request, out, json, threads, memory)


def repeat(
    earlier: str, org: str | None, ties: str | None, out: str | None, json: bool, threads: int, memory: str
) -> None:
    """Do again what a manifest says, refusing if anything that decides the results is not what it was."""
    from experiments import manifest
    from sim.organisation import OrganisationError
    from sim.passports import InputError

    found = manifest.read(earlier)
    request = manifest.request_of(found, org=org, ties=ties)
    try:
        carry_out(request, out, json, threads, memory, found)
    except OrganisationError as error:
        if "no such file" in str(error) or "no roster file" in str(error):
            raise InputError(
                f"{error}. If the file has moved since that run, say where it is now with --org or --ties."
            ) from None
        raise


def carry_out(
    request: Request, out: str | None, json: bool, threads: int, memory: str, found: dict[str, Any] | None = None
) -> None:
    """Run what was asked for, write it where that was asked for, and show it. ``found``: the manifest it repeats."""
    from experiments.requests import perform
    from experiments.watch import notice

    folder = None
    if out is not None:
        from experiments.outputs import check_folder

        folder = check_folder(out)
    comparison = perform(request, threads, memory, by_unit=folder is not None, repeats=found)
    if folder is not None:
        from experiments import outputs

        names = outputs.write(folder, request, comparison)
        notice(f"Wrote {len(names)} files to {out}")
    if json:
        from experiments.document import as_json, document

        typer.echo(as_json(document(comparison)), nl=False)
    else:
        from experiments.terminal import console, show

        show(comparison, console())


def _refuse_others(context: typer.Context) -> None:
    """A repeated run is as it was: options that would change it are a mistake."""
    from sim.passports import InputError

    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if source is not None and source.name == "COMMANDLINE" and parameter.name not in KEPT:
            given = parameter.opts[0] if parameter.opts[0].startswith("-") else parameter.name
            raise InputError(f"--from repeats a run exactly as it was; leave out {given}")
