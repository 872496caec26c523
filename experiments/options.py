"""Options that several commands share, with their help and their defaults: written once, singly and in groups.

A command under ``grouped`` takes a group as one parameter; typer sees its options::

    @options.grouped
    def command(people: options.People, shown: options.Shown) -> None: ...
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from experiments import defaults

if TYPE_CHECKING:
    from experiments.inputs import Source
    from sim.sizing import Settings

Org = Annotated[
    str | None,
    typer.Option(
        "--org",
        metavar="FILE",
        help="Roster (CSV, TSV, XLSX, Parquet), or a sample that ships with Uptake (meridian). Else one is generated.",
    ),
]
Ties = Annotated[
    str | None,
    typer.Option("--ties", metavar="FILE", help="Who works with whom (CSV, GraphML, GEXF, ...). Else drawn."),
]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=COLUMN", help='A column not recognised: manager_id="Reports To". Repeatable.'),
]
Orphans = Annotated[
    str | None,
    typer.Option(
        "--orphans", metavar="attach|drop", help="People outside the reporting line: attach to the top, or drop."
    ),
]
Relation = Annotated[
    str | None, typer.Option("--relation", metavar="NAME", help="Which of several relations in the ties file to take.")
]
Headcount = Annotated[
    int | None, typer.Option("--headcount", metavar="N", help="People in the generated organisation: 300 if not said.")
]
Weeks = Annotated[int, typer.Option("--weeks", metavar="N", help="How long, 1 to 1040 weeks.")]
Replicates = Annotated[int, typer.Option("--replicates", metavar="N", help="How many plausible worlds to run.")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Which draws: another seed shares no replicate.")]
Worlds = Annotated[
    bool, typer.Option("--worlds/--no-worlds", help="Draw the uncertain parameters for each replicate, or hold them.")
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change every scenario: levers.champions.one_per=25. Repeatable."),
]
Rule = Annotated[str, typer.Option("--rule", metavar="NAME", help="Behaviour: experience, threshold or bass.")]
Out = Annotated[
    str | None, typer.Option("--out", metavar="DIR", help="Write tables (Parquet, CSV), figures and a manifest here.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Threads = Annotated[int, typer.Option("--threads", metavar="N", help="How many threads; 0 is all. Changes no result.")]
Memory = Annotated[str, typer.Option("--memory", metavar="SIZE", help="Cap on memory, such as 2GB. Changes no result.")]
Outcome = Annotated[
    str | None,
    typer.Option("--outcome", metavar="NAME", help="What is looked at, at the end: habitual if not said. Of a sweep "
                 "also NAME@WEEK."),
]  # fmt: skip
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="KEY=VALUE", help="Of a sweep: only points at which a lever is so. Repeatable."),
]
Organisation = Annotated[
    str | None, typer.Option("--organisation", metavar="LABEL", help="Of a sweep with several: which organisation.")
]


@dataclass(frozen=True)
class Stored:
    """Which runs to take of a folder."""

    only: Only = None
    organisation: Organisation = None


@dataclass(frozen=True)
class People:
    """Which organisation."""

    org: Org = None
    ties: Ties = None
    columns: Map = None
    orphans: Orphans = None
    relation: Relation = None
    headcount: Headcount = None

    def source(self) -> Source:
        from experiments.inputs import Source

        columns = tuple(self.columns or ())
        return Source(self.org, self.ties, columns, self.orphans, self.relation, self.headcount)


@dataclass(frozen=True)
class Terms:
    """How long, on which draws, by which rule of behaviour."""

    weeks: Weeks = defaults.WEEKS
    seed: Seed = defaults.SEED
    worlds: Worlds = True
    rule: Rule = defaults.RULE
    overrides: Set = None

    @property
    def set(self) -> tuple[str, ...]:
        """What every scenario is changed by."""
        return tuple(self.overrides or ())


@dataclass(frozen=True)
class Shown:
    """Where results go."""

    out: Out = None
    json: Json = False


@dataclass(frozen=True)
class Machine:
    """What the work may take; no result depends on it."""

    threads: Threads = 0
    memory: Memory = defaults.MEMORY

    def settings(self) -> Settings:
        """Raises InputError for what cannot be."""
        from experiments.requests import settings

        return settings(self.threads, self.memory)


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """The command as typer reads it: each parameter that is a group replaced by the group's options."""
    hints = get_type_hints(command, include_extras=True)
    groups = {name: kind for name, kind in hints.items() if is_dataclass(kind) and isinstance(kind, type)}
    parameters: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        members = _members(groups[parameter.name]) if parameter.name in groups else [parameter]
        parameters += [p.replace(kind=p.KEYWORD_ONLY, annotation=hints.get(p.name, p.annotation)) for p in members]

    def expanded(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in fields(group)})
        command(**given)

    expanded.__name__, expanded.__doc__ = command.__name__, command.__doc__
    expanded.__annotations__ = {p.name: p.annotation for p in parameters}
    expanded.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return expanded


def _members(group: type) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(f.name, inspect.Parameter.KEYWORD_ONLY, default=f.default, annotation=hints[f.name])
        for f in fields(group)
    ]


def refuse(context: typer.Context, why: str, *, all_but: Collection[str] = (), only: Collection[str] = ()) -> None:
    """Raise InputError for an option said on the command line that is among ``only``, or not among ``all_but``."""
    from sim.passports import InputError

    for parameter in context.command.params:
        name = parameter.name or ""
        source = context.get_parameter_source(name)
        refused = name in only if only else name not in all_but
        if refused and source is not None and source.name == "COMMANDLINE":
            raise InputError(f"{why}; leave out {parameter.opts[0] if parameter.opts[0].startswith('-') else name}")
