"""Commands of analyses, run in this process."""

from __future__ import annotations

import pytest

from experiments import cli
from experiments.commands import decisions


@pytest.fixture
def uptake_decisions(uptake):
    """``uptake`` with the commands tipping, converge, optimise and robust."""
    registered = {command.name for command in cli.app.registered_commands}
    for name in ("tipping", "converge", "optimise", "robust"):
        if name not in registered:
            cli.app.command(name)(getattr(decisions, name))
    return uptake
