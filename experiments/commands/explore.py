"""``uptake explore``: the application that a workshop runs on; ``uptake doctor``: whether it will."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments import options

PORT = 8765
Port = Annotated[
    int, typer.Option("--port", metavar="P", min=0, max=65535, help="Where it listens; 0 is any free one.")
]


@options.grouped
def explore(
    *,
    people: options.People,
    port: Port = PORT,
    host: Annotated[
        str,
        typer.Option(
            "--host", metavar="ADDRESS", help="Open it to the local network: 0.0.0.0, with a key that is said."
        ),
    ] = "127.0.0.1",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser as well.")] = True,
) -> None:
    """Open the explorer in a browser: organisations, programmes, what happens week by week, comparisons, workshops."""
    from experiments.app import organisations
    from experiments.app.server import doctor, keys, reach, serve
    from experiments.app.workshops.shelf import home, shelf
    from experiments.watch import notice, say_if_compiling, watched

    watched(lambda *_: organisations.open_with(people.source()), "Reading the organisation")
    opened = serve.listening(host, port)
    kept = None if reach.is_local(host) else keys.kept(home())
    address = reach.Address(host, opened[0].getsockname()[1], kept.facilitator if kept else None)
    reach.open_at(address)
    say_if_compiling()
    watched(lambda *_: doctor.warm(), "Getting ready")

    def ready() -> None:
        notice(f"Uptake is open at {address.url}")
        if address.guests:
            notice(f"Others join at {' or '.join(address.guests)} with the code of a workshop.")
            notice(f"From another machine of yours: {address.guests[0]}?key={address.key}; keep the key to yourself.")
        elif address.open_to_others:
            notice("This machine is on no network, so nobody else can join as yet; connect it.")
        for damaged in shelf().damaged:
            notice(f"A workshop cannot be read and is left as it is: {damaged}")
        notice("Stop it with Ctrl-C.")
        if browser:
            import webbrowser

            webbrowser.open(address.url)

    serve.serve(opened, kept, ready)


def doctor(
    port: Port = PORT,
    json: options.Json = False,
) -> None:
    """The day before a workshop: check that everything is there and works with no internet, and get it warm."""
    from experiments.app.server import doctor as checks
    from experiments.watch import say_if_compiling, watched

    say_if_compiling()
    found = watched(lambda *_: checks.examined(port), "Looking")
    if json:
        from experiments.document import as_json

        typer.echo(as_json(checks.as_document(found)), nl=False)
    else:
        for check in found:
            typer.echo(check.line)
        typer.echo(checks.summary(found))
    if not all(check.fine for check in found):
        raise typer.Exit(1)
