"""``uptake tipping``, ``converge`` and ``robust``: where success flips, how sure, and never far behind the best.

Each runs the model, or reads runs that there are: a sweep's folder, or one that it wrote itself with ``--out``.
"""

from __future__ import annotations

from typing import Annotated

import typer

from experiments import options
from experiments.commands.presenting import decided, folder_for, from_folder, present, work_on
from experiments.defaults import COMPARED, LARGEST, REPLICATES

Scenario = Annotated[
    str | None,
    typer.Option("--scenario", metavar="NAME", help="The programme that levers are changed in, or a file: middling if "
                 "not said. Of a sweep: which scenario."),
]  # fmt: skip
OfSweep = Annotated[
    str | None, typer.Option("--scenario", metavar="NAME", help="Of a sweep with several scenarios: only this one.")
]
MIDDLING = "middling"


@options.grouped
def tipping(
    context: typer.Context,
    levers: Annotated[
        list[str],
        typer.Argument(
            metavar="LEVER LEVER|DIR",
            help="Across and up: family.lever, optionally =LOW:HIGH or =A,B,C. Or a folder of runs, to be read.",
        ),
    ],
    *,
    x: Annotated[str | None, typer.Option("--x", metavar="LEVER", help="Of a folder: which lever goes across.")] = None,
    y: Annotated[str | None, typer.Option("--y", metavar="LEVER", help="Of a folder: which lever goes up.")] = None,
    scenario: Scenario = None,
    outcome: options.Outcome = None,
    success: Annotated[
        float | None,
        typer.Option("--success", metavar="LEVEL", help="What counts as success: 0.5 for shares of people."),
    ] = None,
    steps: Annotated[int, typer.Option("--steps", metavar="N", help="Values of each lever, 2 to 41.")] = 9,
    stored: options.Stored,
    people: options.People,
    terms: options.Terms,
    replicates: options.Replicates = REPLICATES,
    shown: options.Shown,
    machine: options.Machine,
) -> None:
    """Map where success flips between two levers, how wide the boundary is over worlds, and where worlds split.

    For example: uptake tipping champions.one_per managers.resistant_share=0:0.8, or of a sweep: uptake tipping DIR
    """
    from experiments.analysis import tipping as analysis
    from experiments.analysis.scales import FEWEST, MOST_STEPS, said
    from experiments.analysis.tipping_report import report
    from experiments.compare import whole
    from experiments.inputs import scenarios
    from experiments.outcomes import PRIMARY
    from sim.passports import InputError

    folder = folder_for(shown)
    runs = from_folder(context, levers, "tipping", scenario, outcome, stored, one_scenario=True)
    if runs is not None:
        found = analysis.mapped(runs, x, y, success)
    else:
        if len(levers) != 2:
            raise InputError("name two levers, or one folder of runs that there are (a sweep's, or of an earlier map)")
        whole("steps", steps, FEWEST, MOST_STEPS)
        programme = scenarios([scenario or MIDDLING], terms.set)[0]
        across, up = (said(text, terms.weeks, steps) for text in levers)
        found = work_on(
            people, terms, machine, f"Running {len(across.values) * len(up.values)} x {replicates:,} replicates",
            lambda ground, progress, cancelled: analysis.tipping(
                ground, programme, across, up, outcome=outcome or PRIMARY, success=success, replicates=replicates,
                progress=progress, cancelled=cancelled,
            ),
        )  # fmt: skip
    present(report(found), folder, shown, decided(context))


@options.grouped
def converge(
    context: typer.Context,
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="SCENARIO...|DIR", help="One, or the base and others against it. Or a folder of runs, to be read."
        ),
    ],
    *,
    scenario: OfSweep = None,
    outcome: options.Outcome = None,
    within: Annotated[
        float | None,
        typer.Option("--within", metavar="AMOUNT", help="Half width of the 95 % interval: 0.02 for shares."),
    ] = None,
    most: Annotated[int, typer.Option("--max", metavar="N", help="Replicates of the largest batch.")] = LARGEST,
    stored: options.Stored,
    people: options.People,
    terms: options.Terms,
    shown: options.Shown,
    machine: options.Machine,
) -> None:
    """How many replicates a question needs: interval width against replicates, and a recommendation that is checked.

    For example: uptake converge typical well-run --within 0.02, or of a sweep: uptake converge DIR
    """
    from experiments.analysis import convergence as analysis
    from experiments.analysis.convergence_report import report
    from experiments.inputs import scenarios
    from experiments.outcomes import PRIMARY

    folder = folder_for(shown)
    runs = from_folder(context, names, "converge", scenario, outcome, stored)
    if runs is not None:
        found = analysis.converged(runs, within)
    else:
        options.refuse(context, "scenarios are named one by one", only={"scenario"})
        programmes = scenarios(names, terms.set)
        found = work_on(
            people, terms, machine, f"Running {len(programmes)} x {most:,} replicates",
            lambda ground, progress, cancelled: analysis.converge(
                ground, programmes, outcome=outcome or PRIMARY, within=within, most=most, progress=progress,
                cancelled=cancelled,
            ),
        )  # fmt: skip
    present(report(found), folder, shown, decided(context))


@options.grouped
def robust(
    context: typer.Context,
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="SCENARIO...|DIR", help="Two or more: library names or files. Or a folder of runs, to be read."
        ),
    ],
    *,
    scenario: OfSweep = None,
    outcome: options.Outcome = None,
    stored: options.Stored,
    people: options.People,
    terms: options.Terms,
    replicates: options.Replicates = COMPARED,
    shown: options.Shown,
    machine: options.Machine,
) -> None:
    """Regret of programmes over worlds: which is never far behind the best, and in which worlds each one wins.

    For example: uptake robust middling champions-1-in-10 managers-inspect reward-quality. Of a sweep, every point is a
    programme: uptake robust DIR
    """
    from experiments.analysis import robustness as analysis
    from experiments.analysis.robustness_report import report
    from experiments.inputs import scenarios
    from experiments.outcomes import PRIMARY

    folder = folder_for(shown)
    runs = from_folder(context, names, "robust", scenario, outcome, stored)
    if runs is not None:
        found = analysis.compared(runs)
    else:
        options.refuse(context, "scenarios are named one by one", only={"scenario"})
        programmes = scenarios(names, terms.set)
        found = work_on(
            people, terms, machine, f"Running {len(programmes)} x {replicates:,} replicates",
            lambda ground, progress, cancelled: analysis.robustness(
                ground, programmes, outcome=outcome or PRIMARY, replicates=replicates, progress=progress,
                cancelled=cancelled,
            ),
        )  # fmt: skip
    present(report(found), folder, shown, decided(context))
