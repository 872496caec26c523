"""What the commands of analyses do alike: run the model in view or read a folder, write the report, show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from experiments import options

if TYPE_CHECKING:
    from experiments.analysis.ground import Ground
    from experiments.analysis.report import Report
    from experiments.analysis.runs import Runs
    from experiments.watch import Cancelled, Progress

Found = TypeVar("Found")

READING = frozenset({"only", "organisation", "x", "y"})
"""Options that choose among runs in a folder."""
KEPT = READING | {"out", "json", "outcome", "scenario", "success", "within"}
"""Options that make sense of a folder; the others decide a run."""


def from_folder(
    context: typer.Context,
    names: Sequence[str],
    command: str,
    scenario: str | None,
    outcome: str | None,
    stored: options.Stored,
    *,
    one_scenario: bool = False,
) -> Runs | None:
    """The runs in the folder that a command was given instead of names; None where it was given names."""
    from experiments.analysis import stored as folders

    if not folders.is_folder(names):
        options.refuse(context, "this chooses among the runs in a folder", only=READING)
        return None
    options.refuse(context, f"{names[0]} is read as it is", all_but={*KEPT, "levers", "names", "folder"})
    wanted = folders.Wanted(outcome, tuple(stored.only or ()), scenario, stored.organisation, one_scenario)
    return folders.read(names[0], wanted, command)


def work_on(
    people: options.People,
    terms: options.Terms,
    machine: options.Machine,
    what: str,
    work: Callable[[Ground, Progress, Cancelled], Found],
) -> Found:
    """Read the organisation, then do the work on it, both in view."""
    from experiments.analysis.ground import Ground
    from experiments.watch import notice, say_if_compiling, watched

    settings, source = machine.settings(), people.source()
    organisation = watched(lambda *_: source.load(), "Reading the organisation")
    for text in organisation.notices:
        notice(text)
    ground = Ground(organisation, terms.weeks, terms.seed, terms.worlds, terms.rule, settings)
    say_if_compiling()
    return watched(lambda progress, cancelled: work(ground, progress, cancelled), what)


def folder_for(shown: options.Shown) -> Path | None:
    """Where to write, refused before any work if it cannot be had."""
    if shown.out is None:
        return None
    from experiments.outputs import check_folder

    return check_folder(shown.out)


def present(report: Report, folder: Path | None, shown: options.Shown, arguments: Mapping[str, Any]) -> None:
    """Write the report where that was asked for, and show it."""
    from experiments.analysis import report as reports
    from experiments.watch import notice

    if folder is not None:
        notice(f"Wrote {len(reports.write(folder, report, arguments))} files to {shown.out}")
    if shown.json:
        from experiments.document import as_json

        typer.echo(as_json(reports.as_document(report)), nl=False)
    else:
        from experiments.terminal import console

        reports.show(report, console())


def decided(context: typer.Context) -> dict[str, Any]:
    """What decides the results, as the user said it or left it: every option but those that change none."""
    free = {"out", "json", "threads", "memory"}
    return {name: value for name, value in context.params.items() if name not in free}
