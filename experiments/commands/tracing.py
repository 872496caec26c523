"""``uptake trace``: one person's weeks, and why they tried it or did not."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments import options


def trace(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Library name or file.")],
    person: Annotated[str, typer.Option("--person", metavar="ID", help="The person's id in the organisation.")],
    replicate: Annotated[int, typer.Option("--replicate", metavar="R", help="Which replicate, from 0.")] = 0,
    org: options.Org = None,
    ties: options.Ties = None,
    columns: options.Map = None,
    orphans: options.Orphans = None,
    relation: options.Relation = None,
    headcount: options.Headcount = None,
    weeks: options.Weeks = 104,
    seed: options.Seed = 1,
    worlds: options.Worlds = True,
    overrides: options.Set = None,
    rule: options.Rule = "experience",
    json: options.Json = False,
) -> None:
    """Follow one person week by week: the terms of each choice, and what came of it."""
    from experiments.following import follow, plain, show
    from experiments.inputs import Source

    source = Source(org, ties, tuple(columns or ()), orphans, relation, headcount)
    found = follow(
        scenario, person, source, replicate=replicate, weeks=weeks, seed=seed, worlds=worlds,
        overrides=tuple(overrides or ()), rule=rule,
    )  # fmt: skip
    if json:
        from experiments.document import as_json

        typer.echo(as_json(plain(found)), nl=False)
        return
    from experiments.terminal import console

    show(found, console())
