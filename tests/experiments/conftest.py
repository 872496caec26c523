"""Small runs that many tests here share."""

from __future__ import annotations

import json

import pytest

from experiments.cli import run as run_command
from experiments.compare import compare
from experiments.inputs import Source
from sim.scenario import load


class Answer:
    """What a command left: exit code, standard output, standard error."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self):
        def refuse(word):
            raise AssertionError(f"{word} in JSON")

        return json.loads(self.out, parse_constant=refuse)


@pytest.fixture
def uptake(capfd):
    """Run a command in this process."""

    def call(*arguments: object) -> Answer:
        capfd.readouterr()
        code = run_command([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Answer(code, out, err)

    return call


@pytest.fixture(scope="session")
def small_comparison():
    """Three programmes, 60 people, 30 weeks, 8 replicates, stages by unit."""
    organisation = Source(headcount=60).load()
    scenarios = [load(name) for name in ("typical", "middling", "well-run")]
    return compare(scenarios, organisation, weeks=30, replicates=8, by_unit=True)
