"""``uptake org``: check, make and describe an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments import options

if TYPE_CHECKING:
    from sim.organisation import Description, Organisation

org_app = typer.Typer(no_args_is_help=True, help="Your organisation: check a roster, describe it, or make one up.")
File = Annotated[str, typer.Argument(metavar="FILE", help="Roster, or a sample that ships with Uptake (meridian).")]


def _read(
    file: str,
    ties: str | None,
    columns: list[str] | None,
    orphans: str | None,
    relation: str | None,
) -> Organisation:
    from experiments.inputs import Source
    from experiments.watch import watched

    source = Source(file, ties, tuple(columns or ()), orphans, relation)
    return watched(lambda *_: source.load(), "Reading the organisation")


@org_app.command("check")
def check(
    file: File,
    ties: options.Ties = None,
    columns: options.Map = None,
    orphans: options.Orphans = None,
    relation: options.Relation = None,
    json: options.Json = False,
) -> None:
    """Check a roster. Exit 0 if it can be used as given, else 2 with the rows and what to do."""
    organisation = _read(file, ties, columns, orphans, relation)
    if json:
        _print_json(
            {"usable": True, "people": organisation.headcount, "units": organisation.n_units,
             "ties": organisation.ties.count, "notices": list(organisation.notices)}
        )  # fmt: skip
        return
    typer.echo(
        f"{file}: usable: {organisation.headcount:,} people in {organisation.n_units:,} units, "
        f"{organisation.ties.count:,} ties"
    )
    for notice in organisation.notices:
        typer.echo(f"  note: {notice}")


@org_app.command("make")
def make(
    headcount: Annotated[int, typer.Option("--headcount", metavar="N", help="People, 10 to 1,000,000.")],
    out: Annotated[str, typer.Option("--out", metavar="FILE", help="Where to: .csv, .tsv, .xlsx or .parquet.")],
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The same seed makes the same organisation.")] = 1,
    ties: Annotated[
        str | None, typer.Option("--ties", metavar="FILE", help="Write who works with whom as well.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Make up an organisation: reporting line with skewed spans, units, titles and informal ties."""
    from pathlib import Path

    from experiments.watch import watched
    from sim.organisation import generate, write_roster, write_ties
    from sim.passports import InputError

    if ties is not None and Path(ties).absolute() == Path(out).absolute():
        raise InputError("--out and --ties name the same file")
    organisation = watched(lambda *_: generate(headcount, seed), "Making the organisation")
    write_roster(organisation, Path(out).expanduser())
    if ties is not None:
        write_ties(organisation, Path(ties).expanduser())
    written = [out] if ties is None else [out, ties]
    if json:
        _print_json({"people": organisation.headcount, "fingerprint": organisation.fingerprint, "files": written})
        return
    typer.echo(f"{' and '.join(written)}: {organisation.headcount:,} people in {organisation.n_units:,} units")


@org_app.command("describe")
def describe(
    file: File,
    ties: options.Ties = None,
    columns: options.Map = None,
    orphans: options.Orphans = None,
    relation: options.Relation = None,
    graphml: Annotated[
        str | None, typer.Option("--graphml", metavar="FILE", help="Write people, reporting line and ties as a graph.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Describe an organisation: roles, levels, units, spans, ties."""
    from pathlib import Path

    from sim.organisation import describe as described
    from sim.organisation import write_graphml

    organisation = _read(file, ties, columns, orphans, relation)
    found = described(organisation)
    if graphml is not None:
        from experiments.watch import notice

        write_graphml(organisation, Path(graphml).expanduser())
        notice(f"Wrote {graphml}")
    if json:
        _print_json(found.to_dict())
        return
    _show(found)


def _show(d: Description) -> None:
    from rich.text import Text

    from experiments.terminal import console, listing
    from experiments.words import percent

    out = console()
    roots = "one top" if d.roots == 1 else f"{d.roots} tops"
    out.print(Text.assemble((d.name, "bold"), f"  {d.headcount:,} people, {roots}, {d.depth} levels below"))
    out.print()

    def share(value: float | None) -> str:
        return "none" if value is None else percent(value)

    spans, ties = d.spans, d.ties
    rows = [(role, f"{count:,}", percent(count / d.headcount)) for role, count in d.roles.items()]
    out.print(listing(("role", "people", "share"), rows))
    rows = [(f"level {level}", f"{count:,}", percent(count / d.headcount)) for level, count in d.levels.items()]
    out.print(listing(("level", "people", "share"), rows))
    shown = list(d.units.items())[:UNITS_SHOWN]
    rows = [(unit, f"{count:,}", percent(count / d.headcount)) for unit, count in shown]
    if len(d.units) > len(shown):
        rows.append((f"and {len(d.units) - len(shown):,} more units", "", ""))
    out.print(listing(("unit", "people", "share"), rows))
    lines = [
        ("people who lead others", f"{spans.managers:,}"),
        ("direct reports, median and mean", "none" if spans.mean is None else f"{spans.median:g} and {spans.mean:.1f}"),
        ("most direct reports", "none" if spans.largest is None else f"{spans.largest:,}"),
        ("leading fewer than 5", share(spans.share_below_5)),
        ("leading 25 or more", share(spans.share_25_or_more)),
        ("ties", f"{ties.count:,}"),
        ("people named by a person, mean", f"{ties.mean_named:.1f}"),
        ("isolated people", f"{ties.isolated:,}"),
        ("ties returned", share(ties.reciprocity)),
        ("ties within the team", share(ties.share_in_team)),
        ("within the unit beyond it", share(ties.share_in_unit)),
        ("across units", share(ties.share_across)),
    ]
    out.print(listing(("spans and ties", ""), lines))
    for notice in d.notices:
        out.print(Text(f"note: {notice}", style="dim"))


UNITS_SHOWN = 30


def _print_json(value: Any) -> None:
    from experiments.document import as_json

    typer.echo(as_json(value), nl=False)
