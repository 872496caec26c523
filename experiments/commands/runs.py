"""``uptake run`` and ``uptake compare``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from experiments import options

if TYPE_CHECKING:
    from experiments.requests import Request


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
    request = Request(
        "compare", (base, *others), source, weeks, replicates, seed, worlds, tuple(overrides or ()), rule
    )
    carry_out(request, out, json, threads, memory)


def carry_out(request: Request, out: str | None, json: bool, threads: int, memory: str) -> None:
    """Run what was asked for, show it, and write it where that was asked for too."""
    from experiments.requests import perform

    comparison = perform(request, threads, memory)
    if json:
        from experiments.document import as_json, document

        typer.echo(as_json(document(comparison)), nl=False)
    else:
        from experiments.terminal import console, show

        show(comparison, console())
