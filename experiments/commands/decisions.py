"""``uptake tipping``, ``converge``, ``optimise`` and ``robust``: where success flips, how sure, what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from experiments import options

if TYPE_CHECKING:
    from experiments.analysis.decisions_ground import Ground
    from experiments.analysis.decisions_report import Report
    from experiments.inputs import Source

Found = TypeVar("Found")

Outcome = Annotated[
    str, typer.Option("--outcome", metavar="NAME", help="What is looked at, at the end: habitual if not said.")
]
Scenario = Annotated[
    str, typer.Option("--scenario", metavar="NAME", help="The programme that levers are changed in, or a file.")
]


def tipping(
    x: Annotated[str, typer.Argument(metavar="LEVER", help="Across: family.lever, optionally =LOW:HIGH or =A,B,C.")],
    y: Annotated[str, typer.Argument(metavar="LEVER", help="Up: another lever, the same way.")],
    scenario: Scenario = "middling",
    outcome: Outcome = "habitual",
    success: Annotated[
        float | None,
        typer.Option("--success", metavar="LEVEL", help="What counts as success: 0.5 for shares of people."),
    ] = None,
    steps: Annotated[int, typer.Option("--steps", metavar="N", help="Values of each lever, 2 to 41.")] = 9,
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
    """Map where success flips between two levers, how wide the boundary is over worlds, and where worlds split.

    For example: uptake tipping champions.one_per managers.resistant_share=0:0.8
    """
    from experiments.analysis import tipping as analysis
    from experiments.analysis import tipping_report
    from experiments.analysis.decisions_levers import FEWEST, MOST_STEPS, said
    from experiments.compare import whole
    from experiments.inputs import Source, scenarios

    whole("steps", steps, FEWEST, MOST_STEPS)
    programme = scenarios([scenario], overrides or ())[0]
    across, up = said(x, weeks, steps), said(y, weeks, steps)
    source = Source(org, ties, tuple(columns or ()), orphans, relation, headcount)
    arguments = {"levers": [x, y], "scenario": scenario, "outcome": outcome, "success": success, "steps": steps}
    carry_out(
        lambda ground, progress, cancelled: analysis.tipping(
            ground,
            programme,
            across,
            up,
            outcome=outcome,
            success=success,
            replicates=replicates,
            progress=progress,
            cancelled=cancelled,
        ),
        tipping_report.report,
        source,
        {"weeks": weeks, "seed": seed, "worlds": worlds, "rule": rule},
        {**arguments, "replicates": replicates, "set": list(overrides or ())},
        f"Running {len(across.values) * len(up.values)} x {replicates:,} replicates",
        out,
        json,
        threads,
        memory,
    )


def converge(
    names: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="One, or the base and others against it.")],
    outcome: Outcome = "habitual",
    within: Annotated[
        float | None,
        typer.Option("--within", metavar="AMOUNT", help="Half width of the 95 % interval: 0.02 for shares."),
    ] = None,
    most: Annotated[int, typer.Option("--max", metavar="N", help="Replicates of the largest batch.")] = 1024,
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
    out: options.Out = None,
    json: options.Json = False,
    threads: options.Threads = 0,
    memory: options.Memory = "2GB",
) -> None:
    """How many replicates a question needs: interval width against replicates, and a recommendation that is checked.

    For example: uptake converge typical well-run --within 0.02
    """
    from experiments.analysis import convergence, convergence_report
    from experiments.inputs import Source, scenarios

    programmes = scenarios(names, overrides or ())
    source = Source(org, ties, tuple(columns or ()), orphans, relation, headcount)
    carry_out(
        lambda ground, progress, cancelled: convergence.converge(
            ground, programmes, outcome=outcome, within=within, most=most, progress=progress, cancelled=cancelled
        ),
        convergence_report.report,
        source,
        {"weeks": weeks, "seed": seed, "worlds": worlds, "rule": rule},
        {"scenarios": names, "outcome": outcome, "within": within, "max": most, "set": list(overrides or ())},
        f"Running {len(programmes)} x {most:,} replicates",
        out,
        json,
        threads,
        memory,
    )


def optimise(
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
            "--levers", metavar="NAMES", help="Levers or families to search, by commas. Repeatable. Else all decisions."
        ),
    ] = None,
    robust: Annotated[bool, typer.Option("--robust", help="Choose by regret over worlds, not by expectation.")] = False,
    scenario: Scenario = "typical",
    outcome: Outcome = "habitual",
    trials: Annotated[
        int, typer.Option("--trials", metavar="N", help="Programmes to try, before paring the best.")
    ] = 1000,
    org: options.Org = None,
    ties: options.Ties = None,
    columns: options.Map = None,
    orphans: options.Orphans = None,
    relation: options.Relation = None,
    headcount: options.Headcount = None,
    weeks: options.Weeks = 104,
    replicates: options.Replicates = 32,
    seed: options.Seed = 1,
    worlds: options.Worlds = True,
    overrides: options.Set = None,
    rule: options.Rule = "experience",
    out: options.Out = None,
    json: options.Json = False,
    threads: options.Threads = 0,
    memory: options.Memory = "2GB",
) -> None:
    """The best programme for a budget of money and people's hours, re-scored on worlds that the search never saw.

    For example: uptake optimise --budget 700k --levers champions,training,managers.inspection
    """
    from experiments.analysis import optimising, optimising_report
    from experiments.analysis.decisions_levers import chosen
    from experiments.analysis.optimising_search import Limits
    from experiments.inputs import Source, scenarios
    from sim.passports import InputError

    if budget is None and hours is None:
        raise InputError("say what may be spent: --budget MONEY, such as 700k, or --hours HOURS, or both")
    infinite = float("inf")
    limits = Limits(
        infinite if budget is None else amount("budget", budget), infinite if hours is None else amount("hours", hours)
    )
    programme = scenarios([scenario], overrides or ())[0]
    keys = chosen(tuple(levers or ()))
    source = Source(org, ties, tuple(columns or ()), orphans, relation, headcount)
    carry_out(
        lambda ground, progress, cancelled: optimising.optimise(
            ground,
            programme,
            limits,
            keys=keys,
            outcome=outcome,
            robust=robust,
            replicates=replicates,
            trials=trials,
            progress=progress,
            cancelled=cancelled,
        ),
        optimising_report.report,
        source,
        {"weeks": weeks, "seed": seed, "worlds": worlds, "rule": rule},
        {
            "scenario": scenario,
            "budget": budget,
            "hours": hours,
            "levers": keys,
            "robust": robust,
            "outcome": outcome,
            "trials": trials,
            "replicates": replicates,
            "set": list(overrides or ()),
        },
        f"Searching {len(keys)} levers",
        out,
        json,
        threads,
        memory,
    )


def robust(
    names: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="Two or more: library names or files.")],
    outcome: Outcome = "habitual",
    org: options.Org = None,
    ties: options.Ties = None,
    columns: options.Map = None,
    orphans: options.Orphans = None,
    relation: options.Relation = None,
    headcount: options.Headcount = None,
    weeks: options.Weeks = 104,
    replicates: options.Replicates = 256,
    seed: options.Seed = 1,
    worlds: options.Worlds = True,
    overrides: options.Set = None,
    rule: options.Rule = "experience",
    out: options.Out = None,
    json: options.Json = False,
    threads: options.Threads = 0,
    memory: options.Memory = "2GB",
) -> None:
    """Regret of programmes over worlds: which is never far behind the best, and in which worlds each one wins.

    For example: uptake robust middling champions-1-in-10 managers-inspect reward-quality
    """
    from experiments.analysis import robustness, robustness_report
    from experiments.inputs import Source, scenarios

    programmes = scenarios(names, overrides or ())
    source = Source(org, ties, tuple(columns or ()), orphans, relation, headcount)
    carry_out(
        lambda ground, progress, cancelled: robustness.robustness(
            ground, programmes, outcome=outcome, replicates=replicates, progress=progress, cancelled=cancelled
        ),
        robustness_report.report,
        source,
        {"weeks": weeks, "seed": seed, "worlds": worlds, "rule": rule},
        {"scenarios": names, "outcome": outcome, "replicates": replicates, "set": list(overrides or ())},
        f"Running {len(programmes)} x {replicates:,} replicates",
        out,
        json,
        threads,
        memory,
    )


def carry_out(
    work: Callable[[Ground, Callable[[float], None], Callable[[], bool]], Found],
    reported: Callable[[Found], Report],
    source: Source,
    setting: Mapping[str, Any],
    arguments: Mapping[str, Any],
    what: str,
    out: str | None,
    json: bool,
    threads: int,
    cap: str,
) -> None:
    """Read the organisation, do the work in view, write the report where that was asked for, and show it."""
    from experiments.analysis import decisions_report
    from experiments.analysis.decisions_ground import Ground
    from experiments.inputs import memory
    from experiments.requests import MOST_THREADS
    from experiments.watch import notice, say_if_compiling, watched
    from sim.passports import InputError
    from sim.sizing import Settings

    if not 0 <= threads <= MOST_THREADS:
        raise InputError(f"--threads must be a whole number from 0 (all) to {MOST_THREADS}, not {threads}")
    settings = Settings(threads=threads, memory=memory(cap))
    folder = None
    if out is not None:
        from experiments.outputs import check_folder

        folder = check_folder(out)
    organisation = watched(lambda *_: source.load(), "Reading the organisation")
    for text in organisation.notices:
        notice(text)
    ground = Ground(organisation, settings=settings, **setting)
    say_if_compiling()
    report = reported(watched(lambda progress, cancelled: work(ground, progress, cancelled), what))
    if folder is not None:
        record = {**arguments, **setting, **source.plain(), "organisation": organisation.fingerprint}
        names = decisions_report.write(folder, report, record)
        notice(f"Wrote {len(names)} files to {out}")
    if json:
        from experiments.document import as_json

        typer.echo(as_json(decisions_report.as_document(report)), nl=False)
    else:
        from experiments.terminal import console

        decisions_report.show(report, console())


SCALES = {" ": 1.0, "k": 1e3, "m": 1e6, "b": 1e9}


def amount(option: str, text: str) -> float:
    """A number such as ``700k``, ``1.2M`` or ``250,000``, above nought. Raises InputError."""
    from sim.passports import InputError

    match = re.fullmatch(r"\s*(\d+|\d{1,3}(?:[,_]\d{3})+|\d+\.\d+)\s*(k|m|bn?)?\s*", text.lower())
    value = float(re.sub("[,_]", "", match[1])) * SCALES[(match[2] or " ")[0]] if match else 0.0
    if not 0 < value < 1e15:
        raise InputError(f'--{option} "{text}": expected an amount above nought, such as 250000, 700k or 1.2M')
    return value
