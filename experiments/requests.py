"""What a run was asked to do: everything that decides its results, and how to carry it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from experiments.compare import Comparison, compare, whole
from experiments.defaults import MEMORY, MOST_THREADS
from experiments.inputs import Source, memory, scenarios
from experiments.manifest import refuse_changes, refuse_other_results, taken, texts
from experiments.watch import notice, say_if_compiling, watched
from sim.passports import InputError
from sim.sizing import Settings
from sim.tallies import STAGES

UNIT_MEMORY = 1 << 29
"""Bytes of stages by unit beyond which they are left out."""


@dataclass(frozen=True)
class Request:
    """A run or a comparison, as the user asked for it (threads and memory change no result, and are not part of it)."""

    command: str
    scenarios: tuple[str, ...]
    source: Source
    weeks: int
    replicates: int
    seed: int
    worlds: bool
    overrides: tuple[str, ...]
    rule: str

    def plain(self) -> dict[str, Any]:
        """As plain values, for the manifest."""
        return {
            "scenarios": list(self.scenarios),
            **self.source.plain(),
            "weeks": self.weeks,
            "replicates": self.replicates,
            "seed": self.seed,
            "worlds": self.worlds,
            "set": list(self.overrides),
            "rule": self.rule,
        }


def settings(threads: int, cap: str) -> Settings:
    """Threads (0 is all) and a cap on memory such as ``2GB``, checked. Raises InputError."""
    whole("threads", threads, 0, MOST_THREADS)
    return Settings(threads=threads, memory=memory(cap))


def perform(
    request: Request,
    threads: int = 0,
    cap: str = MEMORY,
    *,
    by_unit: bool = False,
    repeats: Mapping[str, Any] | None = None,
) -> Comparison:
    """Read the inputs and run. Raises InputError and OrganisationError.

    ``by_unit`` counts stages by unit too, where that fits the memory. ``repeats`` is the manifest of an earlier run:
    anything that differs from it is refused, before the run and, should the results differ, after it.
    """
    chosen = settings(threads, cap)
    programmes = scenarios(request.scenarios, request.overrides)
    organisation = watched(lambda *_: request.source.load(), "Reading the organisation")
    for text in organisation.notices:
        notice(text)
    if repeats is not None:
        refuse_changes(repeats, programmes, organisation)
    counted = len(programmes) * request.weeks * organisation.n_units * STAGES * request.replicates
    if by_unit and counted * 4 > UNIT_MEMORY:
        notice(f"stages by unit are left out: {organisation.n_units:,} units in every week and replicate are too many")
        by_unit = False
    say_if_compiling()
    comparison = watched(
        lambda progress, cancelled: compare(
            programmes,
            organisation,
            weeks=request.weeks,
            replicates=request.replicates,
            seed=request.seed,
            worlds=request.worlds,
            rule=request.rule,
            settings=chosen,
            by_unit=by_unit,
            progress=progress,
            cancelled=cancelled,
        ),
        f"Running {len(programmes)} x {request.replicates:,} replicates",
    )
    if repeats is not None:
        refuse_other_results(repeats, comparison)
    return comparison


def repeated(found: Mapping[str, Any], *, org: str | None = None, ties: str | None = None) -> Request:
    """What a manifest asks to repeat; ``org`` and ``ties`` say where the files are now, if they moved."""
    arguments = taken(found, "arguments", dict)
    source = Source(
        org=org or taken(arguments, "org", (str, type(None))),
        ties=ties or taken(arguments, "ties", (str, type(None))),
        map=texts(arguments, "map"),
        orphans=taken(arguments, "orphans", (str, type(None))),
        relation=taken(arguments, "relation", (str, type(None))),
        headcount=taken(arguments, "headcount", (int, type(None))),
    )
    command = taken(found, "command", str)
    if command not in ("run", "compare"):
        raise InputError(f'the manifest is of a command "{command}", which cannot be repeated')
    return Request(
        command,
        texts(arguments, "scenarios"),
        source,
        taken(arguments, "weeks", int),
        taken(arguments, "replicates", int),
        taken(arguments, "seed", int),
        taken(arguments, "worlds", bool),
        texts(arguments, "set"),
        taken(arguments, "rule", str),
    )
