"""``uptake scenarios``, ``uptake levers`` and ``uptake parameters``: what there is to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments import options

if TYPE_CHECKING:
    from rich.console import Console

    from sim.passports import Lever, Parameter
    from sim.scenario import Scenario

scenarios_app = typer.Typer(help="The library of change programmes: list it, show one, check your own file.")
Filter = Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only those whose name contains this.")]


@scenarios_app.callback(invoke_without_command=True)
def scenarios(context: typer.Context, json: options.Json = False) -> None:
    """The library of change programmes: list it, show one, check your own file."""
    if context.invoked_subcommand is not None:
        return
    from sim.scenario import library, load

    found = [load(name) for name in library()]
    if json:
        _print_json([{"name": s.name, "title": s.title, "question": s.question, "extends": s.extends} for s in found])
        return
    from rich.padding import Padding
    from rich.text import Text

    from experiments.terminal import console

    out = console()
    for s in found:
        out.print(Text.assemble((s.name, "bold"), f"  {s.title}"))
        out.print(Padding(Text(s.question, style="dim"), (0, 0, 0, 4)))


@scenarios_app.command("show")
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Library name or file.")], json: options.Json = False
) -> None:
    """Show a scenario: its texts, what it changes in its parent, and every lever it sets."""
    from experiments.library import differences, parent, settings
    from sim.scenario import load

    scenario = load(name)
    above = parent(name, scenario)
    changes = differences(scenario, above)
    if json:
        _print_json({**_texts(scenario), "changes": changes, "settings": settings(scenario)})
        return
    from rich.text import Text

    from experiments.terminal import console, listing

    out = console()
    out.print(Text.assemble((scenario.name, "bold"), f"  {scenario.title}"))
    claims = f"Claims: {', '.join(scenario.claims)}" if scenario.claims else ""
    for line in (scenario.question, f"Source: {scenario.source}", claims):
        if line:
            out.print(Text(line))
    out.print()
    against = f"Against {scenario.extends}" if scenario.extends else "Against a programme that does nothing"
    changed = [(c["key"], c["before"], c["after"]) for c in changes]
    _table_or(out, f"{against}:", ("", "there", "here"), changed, "no difference", listing)
    all_set = [(s["key"], s["value"]) for s in settings(scenario)]
    _table_or(out, "All it sets:", ("", "value"), all_set, "nothing", listing)


@scenarios_app.command("check")
def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Scenario file (.yaml).")], json: options.Json = False
) -> None:
    """Check a scenario file. Exit 0 if it can be run as it is, else 2 with what to mend."""
    from sim.scenario import load

    scenario = load(file)
    if json:
        _print_json({**_texts(scenario), "usable": True})
        return
    extends = f"extends {scenario.extends}, " if scenario.extends else ""
    count = len(scenario.changes)
    typer.echo(f'{file}: usable: "{scenario.title}" ({extends}sets {count} {"value" if count == 1 else "values"})')


def levers(name: Filter = None, json: options.Json = False) -> None:
    """Every lever a programme can pull: neutral value, range, unit, meaning, source, grade, cost."""
    from experiments.lever_costs import NOTE, at_most
    from experiments.terminal import console
    from sim.passports import levers as table

    found = _matching(name, table(), "lever")
    if json:
        _print_json([_lever(lever) for lever in found])
        return
    entries = []
    for lever in found:
        values = " | ".join(lever.choices) if lever.choices else f"{lever.low:g} to {lever.high:g} {lever.unit}"
        seen = [f"{at}: {what}" for at, what in zip(("none", "half", "full"), lever.observable, strict=False)]
        line = f"{values}; neutral {lever.spoken(lever.neutral)}; {lever.grade}"
        said = (*seen, f"Takes: {at_most(lever.key)}", f"Source: {lever.source}")
        entries.append((lever.key, line, [lever.meaning, *said]))
    _entries(entries)
    console().print(NOTE)


def parameters(name: Filter = None, json: options.Json = False) -> None:
    """Every behavioural number: value, range, unit, meaning, source, grade."""
    from sim.passports import parameters as table

    found = _matching(name, table(), "parameter")
    if json:
        _print_json([_parameter(p) for p in found])
        return
    entries = []
    for p in found:
        line = f"{p.value:g} ({p.low:g} to {p.high:g}) {p.unit}; {p.grade}" + ("" if p.drawn else ", not drawn")
        entries.append((p.key, line, [p.meaning, f"Source: {p.source}"]))
    _entries(entries)


def _lever(lever: Lever) -> dict[str, Any]:
    return {
        "name": lever.key,
        "neutral": lever.spoken(lever.neutral) if lever.choices else lever.neutral,
        "range": [lever.low, lever.high],
        "choices": list(lever.choices),
        "unit": lever.unit,
        "weekly": lever.weekly,
        "scoped": lever.scoped,
        "meaning": lever.meaning,
        "observable": list(lever.observable),
        "moves": lever.moves,
        "source": lever.source,
        "grade": lever.grade,
        "cost": {"money": lever.cost.money, "hours": lever.cost.hours, "per": lever.cost.per},
    }


def _parameter(p: Parameter) -> dict[str, Any]:
    return {
        "name": p.key,
        "value": p.value,
        "range": [p.low, p.high],
        "unit": p.unit,
        "meaning": p.meaning,
        "source": p.source,
        "grade": p.grade,
        "drawn": p.drawn,
    }


def _matching(name: str | None, table: Any, what: str) -> list[Any]:
    from sim.passports import InputError, nearest

    found = [entry for key, entry in table.items() if name is None or name.lower().removeprefix(f"{what}s.") in key]
    if not found:
        raise InputError(f'no {what} has "{name}" in its name{nearest(str(name), table)}')
    return found


def _entries(entries: list[tuple[str, str, list[str]]]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from experiments.terminal import console

    out = console()
    for key, line, below in entries:
        out.print(Text.assemble((key, "bold"), f"  {line}"))
        for text in below:
            out.print(Padding(Text(text, style="dim" if text.startswith("Source: ") else ""), (0, 0, 0, 4)))


def _table_or(out: Console, head: str, columns: tuple[str, ...], rows: list[Any], otherwise: str, listing: Any) -> None:
    out.print(head)
    out.print(listing(columns, rows) if rows else f"  {otherwise}")
    out.print()


def _texts(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "source": scenario.source,
        "claims": list(scenario.claims),
        "extends": scenario.extends,
        "fingerprint": scenario.fingerprint,
    }


def _print_json(value: Any) -> None:
    from experiments.document import as_json

    typer.echo(as_json(value), nl=False)
