"""``uptake trace``: one person's weeks, and why they tried it or did not."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments import options


@options.grouped
def trace(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Library name or file.")],
    *,
    person: Annotated[str, typer.Option("--person", metavar="ID", help="The person's id in the organisation.")],
    replicate: Annotated[int, typer.Option("--replicate", metavar="R", help="Which replicate, from 0.")] = 0,
    people: options.People,
    terms: options.Terms,
    json: options.Json = False,
) -> None:
    """Follow one person week by week: the terms of each choice, and what came of it."""
    from experiments.following import follow, plain, show

    found = follow(
        scenario, person, people.source(), replicate=replicate, weeks=terms.weeks, seed=terms.seed,
        worlds=terms.worlds, overrides=terms.set, rule=terms.rule,
    )  # fmt: skip
    if json:
        from experiments.document import as_json

        typer.echo(as_json(plain(found)), nl=False)
        return
    from experiments.terminal import console

    show(found, console())
