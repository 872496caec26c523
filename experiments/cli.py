"""``uptake``: the command line. Exit 0; 2 for bad input, in one sentence; 1 for a fault; 130 when stopped."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from experiments.commands import (
    decisions,
    explore,
    library,
    optimising,
    organisations,
    runs,
    sensitivity,
    sweeps,
    tracing,
)

app = typer.Typer(
    name="uptake",
    add_completion=False,
    no_args_is_help=True,
    help="How the use of AI tools spreads, or fails to spread, through an organisation: compare change programmes.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("compare")(runs.compare)
app.command("run")(runs.run)
app.add_typer(library.scenarios_app, name="scenarios")
app.add_typer(organisations.org_app, name="org")
app.command("levers")(library.levers)
app.command("parameters")(library.parameters)
app.command("trace")(tracing.trace)
app.command("sweep")(sweeps.sweep)
app.command("results")(sweeps.results)
app.command("sensitivity")(sensitivity.sensitivity)
app.command("discover")(sensitivity.discover)
app.command("tipping")(decisions.tipping)
app.command("converge")(decisions.converge)
app.command("optimise")(optimising.optimise)
app.command("robust")(decisions.robust)
app.command("explore")(explore.explore)
app.command("doctor")(explore.doctor)

BAD_INPUT, FAULT, STOPPED = 2, 1, 130


@app.callback(invoke_without_command=True)
def uptake(show_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if show_version:
        from experiments.version import version

        typer.echo(f"uptake {version()}")
        raise typer.Exit


def main() -> None:
    """The entry point: run the command named by the arguments and leave with its exit code."""
    code = run(sys.argv[1:])
    if code == STOPPED:
        # Threads that compute on are left behind: an ordinary exit would wait for them.
        os._exit(code)
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code. Whatever goes wrong is said on standard error."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        code = app(list(arguments), prog_name="uptake", standalone_mode=False)
        sys.stdout.flush()
        if code == STOPPED:  # how some versions of typer hand on Ctrl-C
            raise KeyboardInterrupt
        return code if isinstance(code, int) else 0
    except KeyboardInterrupt:
        return _end(STOPPED, "stopped; nothing half-done is left behind")
    except BrokenPipeError:  # whoever read us has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAULT
    except MemoryError:
        return _end(FAULT, "out of memory; lower --memory, --replicates or --headcount")
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _end(FAULT, f"{place}{error.strerror or error}")
    except Exception as error:
        if type(error).__name__ == "Abort":  # how others do
            return _end(STOPPED, "stopped; nothing half-done is left behind")
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # a usage error, of whichever click
            return _end(BAD_INPUT, _usage(error))
        if is_bad_input(error):
            return _end(BAD_INPUT, str(error))
        if type(error).__name__ == "OtherResults":
            return _end(FAULT, str(error))
        import traceback

        traceback.print_exc()
        return _end(FAULT, "this is a fault of Uptake, not of your input")


def is_bad_input(error: BaseException) -> bool:
    """Whether the user can mend it."""
    from sim.organisation.errors import OrganisationError
    from sim.passports import InputError

    return isinstance(error, InputError | OrganisationError)


def _usage(error: Exception) -> str:
    """A usage error in a sentence, and where to read more."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "uptake"
    return f"{error.format_message()}\nSee: {path} --help"  # type: ignore[attr-defined]


def _end(code: int, message: str) -> int:
    with contextlib.suppress(OSError):
        sys.stdout.flush()
    with contextlib.suppress(OSError):
        print(f"uptake: {message}", file=sys.stderr, flush=True)
    return code


if __name__ == "__main__":
    main()
