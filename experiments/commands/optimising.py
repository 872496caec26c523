"""``uptake optimise``: the best programme for a budget."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments import options
from experiments.commands.presenting import decided, folder_for, from_folder, present, work_on
from experiments.defaults import SEARCHED, TRIALS


@options.grouped
def optimise(
    context: typer.Context,
    folder: Annotated[
        str | None, typer.Argument(metavar="[DIR]", help="What an earlier search wrote with --out, to be read.")
    ] = None,
    *,
    budget: Annotated[
        str | None,
        typer.Option(
            "--budget",
            metavar="MONEY",
            help="Most that may be spent in expectation: 700k, 1.2M. It covers "
            "licences, levers and people's hours at the wage.",
        ),
    ] = None,
    hours: Annotated[
        str | None, typer.Option("--hours", metavar="HOURS", help="Most hours of people's time, besides: 5000, 12k.")
    ] = None,
    levers: Annotated[
        list[str] | None,
        typer.Option(
            "--levers",
            metavar="NAMES",
            help="Levers or families to search, by commas; family.lever.start for when one begins. Repeatable. Else "
            "all decisions, from the start.",
        ),
    ] = None,
    robust: Annotated[bool, typer.Option("--robust", help="Choose by regret over worlds, not by expectation.")] = False,
    scenario: Annotated[
        str, typer.Option("--scenario", metavar="NAME", help="The programme that levers are changed in, or a file.")
    ] = "typical",
    outcome: options.Outcome = None,
    trials: Annotated[
        int, typer.Option("--trials", metavar="N", help="Programmes to try, before paring the best.")
    ] = TRIALS,
    people: options.People,
    terms: options.Terms,
    replicates: options.Replicates = SEARCHED,
    shown: options.Shown,
    machine: options.Machine,
) -> None:
    """The best programme for a budget of money and people's hours, re-scored on worlds that the search never saw.

    For example: uptake optimise --budget 700k --levers champions,training,managers.inspection
    """
    from experiments.analysis import optimising as analysis
    from experiments.analysis.optimising_report import report
    from experiments.analysis.optimising_search import Limits
    from experiments.analysis.scales import chosen
    from experiments.inputs import amount, scenarios
    from experiments.outcomes import PRIMARY
    from sim.passports import InputError

    place = folder_for(shown)
    if folder is not None:
        runs = from_folder(context, [folder], "optimise", None, None, options.Stored())
        if runs is None:
            raise InputError(f"{folder}: no such folder; name what an earlier search wrote with --out")
        present(report(analysis.rescored(runs)), place, shown, decided(context))
        return
    if budget is None and hours is None:
        raise InputError("say what may be spent: --budget MONEY, such as 700k, or --hours HOURS, or both")
    infinite = float("inf")
    limits = Limits(
        infinite if budget is None else amount("budget", budget), infinite if hours is None else amount("hours", hours)
    )
    programme = scenarios([scenario], terms.set)[0]
    keys = chosen(tuple(levers or ()))
    found = work_on(
        people, terms, machine, f"Searching {len(keys)} levers",
        lambda ground, progress, cancelled: analysis.optimise(
            ground, programme, limits, keys=keys, outcome=outcome or PRIMARY, robust=robust, replicates=replicates,
            trials=trials, progress=progress, cancelled=cancelled,
        ),
    )  # fmt: skip
    present(report(found), place, shown, decided(context))
