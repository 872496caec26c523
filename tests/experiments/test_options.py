"""Groups of options: what typer sees of a command, and what the command gets."""

from __future__ import annotations

import inspect
from typing import Annotated

import typer
from typer.testing import CliRunner

from experiments import cli, defaults, options


def test_a_group_becomes_its_options_and_comes_back_whole():
    got = []

    @options.grouped
    def command(
        name: Annotated[str, typer.Argument()], *, shown: options.Shown, terms: options.Terms, many: bool = False
    ) -> None:
        """What it does."""
        got.append((name, shown, terms, many))

    assert "terms" not in inspect.signature(command).parameters
    app = typer.Typer()
    app.command()(command)
    answer = CliRunner().invoke(app, ["x", "--out", "there", "--seed", "9", "--set", "a=1", "--set", "b=2", "--many"])
    assert answer.exit_code == 0, answer.output
    assert got == [("x", options.Shown("there"), options.Terms(seed=9, overrides=["a=1", "b=2"]), True)]
    assert got[0][2].weeks == defaults.WEEKS and got[0][2].set == ("a=1", "b=2")


def test_every_command_that_runs_takes_the_same_options():
    for name in ("run", "compare", "tipping", "converge", "optimise", "robust"):
        (command,) = (c.callback for c in cli.app.registered_commands if c.name == name)
        seen = inspect.signature(command).parameters
        for group in (options.People, options.Terms, options.Shown, options.Machine):
            for key, default in vars(group()).items():
                assert seen[key].default == default, (name, key)
