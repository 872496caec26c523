"""What a run was asked to do: everything that decides its results, and how to carry it out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from experiments.compare import Comparison, compare
from experiments.inputs import Source, memory, scenarios
from experiments.watch import notice, say_if_compiling, watched
from sim.engine import Settings
from sim.passports import InputError

MOST_THREADS = 256


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


def perform(
    request: Request,
    threads: int = 0,
    cap: str = "2GB",
    *,
    by_unit: bool = False,
    check: Callable[..., None] | None = None,
) -> Comparison:
    """Read the inputs and run. ``check(scenarios, organisation)`` may refuse before the work. Raises InputError."""
    if not 0 <= threads <= MOST_THREADS:
        raise InputError(f"--threads must be a whole number from 0 (all) to {MOST_THREADS}, not {threads}")
    settings = Settings(threads=threads, memory=memory(cap))
    programmes = scenarios(request.scenarios, request.overrides)
    organisation = watched(lambda *_: request.source.load(), "Reading the organisation")
    for text in organisation.notices:
        notice(text)
    if check is not None:
        check(programmes, organisation)
    say_if_compiling()
    return watched(
        lambda progress, cancelled: compare(
            programmes,
            organisation,
            weeks=request.weeks,
            replicates=request.replicates,
            seed=request.seed,
            worlds=request.worlds,
            rule=request.rule,
            settings=settings,
            by_unit=by_unit,
            progress=progress,
            cancelled=cancelled,
        ),
        f"Running {len(programmes)} x {request.replicates:,} replicates",
    )
