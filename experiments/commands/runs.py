"""``uptake run`` and ``uptake compare``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments import options
from experiments.commands.presenting import folder_for
from experiments.defaults import REPLICATES

if TYPE_CHECKING:
    from experiments.requests import Request

KEPT = frozenset({"earlier", "org", "ties", "out", "json", "threads", "memory"})
"""Options that go with ``--from``: where the files are now, and what to do with the results."""


@options.grouped
def run(
    context: typer.Context,
    scenario: Annotated[str | None, typer.Argument(metavar="SCENARIO", help="Library name or file.")] = None,
    *,
    earlier: Annotated[
        str | None,
        typer.Option("--from", metavar="MANIFEST", help="Repeat an earlier run or comparison exactly."),
    ] = None,
    people: options.People,
    terms: options.Terms,
    replicates: options.Replicates = REPLICATES,
    shown: options.Shown,
    machine: options.Machine,
) -> None:
    """Run one change programme, or repeat an earlier run from its manifest."""
    from sim.passports import InputError

    if earlier is not None:
        options.refuse(context, "--from repeats a run exactly as it was", all_but=KEPT)
        repeat(earlier, people, shown, machine)
        return
    if scenario is None:
        raise InputError("name a scenario (see them with: uptake scenarios), or repeat a run with --from MANIFEST")
    carry_out(asked("run", (scenario,), people, terms, replicates), shown, machine)


@options.grouped
def compare(
    base: Annotated[str, typer.Argument(metavar="BASE", help="Scenario that the others are held against.")],
    others: Annotated[list[str], typer.Argument(metavar="OTHER...", help="Scenarios: library names or files.")],
    *,
    people: options.People,
    terms: options.Terms,
    replicates: options.Replicates = REPLICATES,
    shown: options.Shown,
    machine: options.Machine,
) -> None:
    """Compare change programmes on the same people, replicates and worlds.

    Every other scenario is held against BASE, replicate by replicate.
    """
    carry_out(asked("compare", (base, *others), people, terms, replicates), shown, machine)


def asked(
    command: str, names: tuple[str, ...], people: options.People, terms: options.Terms, replicates: int
) -> Request:
    """What the user asked for."""
    from experiments.requests import Request

    return Request(
        command, names, people.source(), terms.weeks, replicates, terms.seed, terms.worlds, terms.set, terms.rule
    )


def repeat(earlier: str, people: options.People, shown: options.Shown, machine: options.Machine) -> None:
    """Do again what a manifest says, refusing if anything that decides the results is not what it was."""
    from experiments import manifest
    from experiments.requests import repeated
    from sim.organisation import OrganisationError
    from sim.passports import InputError

    found = manifest.read(earlier)
    request = repeated(found, org=people.org, ties=people.ties)
    try:
        carry_out(request, shown, machine, found)
    except OrganisationError as error:
        if "no such file" in str(error) or "no roster file" in str(error):
            raise InputError(
                f"{error}. If the file has moved since that run, say where it is now with --org or --ties."
            ) from None
        raise


def carry_out(
    request: Request, shown: options.Shown, machine: options.Machine, found: dict[str, Any] | None = None
) -> None:
    """Run what was asked for, write it where that was asked for, and show it. ``found``: the manifest it repeats."""
    from experiments.requests import perform
    from experiments.watch import notice

    folder = folder_for(shown)
    comparison = perform(request, machine.threads, machine.memory, by_unit=folder is not None, repeats=found)
    if folder is not None:
        from experiments import outputs

        names = outputs.write(folder, request, comparison)
        notice(f"Wrote {len(names)} files to {shown.out}")
    if shown.json:
        from experiments.document import as_json, document

        typer.echo(as_json(document(comparison)), nl=False)
    else:
        from experiments.terminal import console, show

        show(comparison, console())
