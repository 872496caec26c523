"""``uptake explore``: the application that a workshop runs on."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments import options


def explore(
    org: options.Org = None,
    port: Annotated[int, typer.Option("--port", metavar="P", help="Where it listens; 0 is any free one.")] = 8765,
    host: Annotated[
        str,
        typer.Option(
            "--host", metavar="ADDRESS", help="Open it to the local network: 0.0.0.0, with a key that is said."
        ),
    ] = "127.0.0.1",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser as well.")] = True,
) -> None:
    """Open the explorer in a browser: organisations, programmes, what happens week by week, comparisons, workshops."""
    import secrets

    from experiments.app import serve
    from experiments.watch import notice, say_if_compiling, watched

    opened = serve.bound(host, port)
    address = serve.Address(host, opened.getsockname()[1], None if serve.is_local(host) else secrets.token_urlsafe(9))
    say_if_compiling()
    watched(lambda *_: _warm(), "Getting ready")

    def ready() -> None:
        notice(f"Uptake is open at {address.url}")
        notice("Stop it with Ctrl-C.")
        if browser:
            import webbrowser

            webbrowser.open(address.url)

    serve.serve(opened, address.key, ready)


def _warm() -> None:
    """Load the compiled rules before anyone waits for them."""
    from experiments.compare import compare
    from experiments.inputs import Source
    from sim.scenario import load

    compare([load("typical")], Source(headcount=10).load(), weeks=1, replicates=1)
