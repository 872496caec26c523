"""Plans compared; runs are remembered, so that a turned lever runs its own plan anew and no other."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from experiments.app import locks
from experiments.app.plans import Plan
from experiments.compare import Comparison, compare
from experiments.watch import Cancelled
from sim import engine
from sim.engine import Ensemble
from sim.organisation import Organisation
from sim.programme import Programme
from sim.sizing import WIDTHS, Settings

MOST_BYTES = 48 << 20
"""Of results that are kept: some fifty of a usual comparison."""
AT_ONCE = 200_000
"""The most people times replicates that run as one block, which takes about a second: between blocks a run tells how
far it is, and can be stopped."""


class Remembered:
    """The newest runs, by all that decides them. A run depends on nothing that it shares the engine with, so what is
    kept is what would be found anew, to the last bit. One caller at a time."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._kept: OrderedDict[tuple[Any, ...], Ensemble] = OrderedDict()
        self._most = most

    def run(
        self, organisation: Organisation, programmes: Sequence[Programme], replicates: int, seed: int,
        *, worlds: bool, **others: Any,
    ) -> list[Ensemble]:  # fmt: skip
        """``engine.run``, of those programmes alone that are not kept."""
        ground = (organisation.fingerprint, replicates, seed, worlds, others.get("by_unit", False))
        keys = [(p.scenario.fingerprint, p.rule, p.weeks, *ground) for p in programmes]
        new = {key: p for key, p in zip(keys, programmes, strict=True) if key not in self._kept}
        ran = engine.run(organisation, list(new.values()), replicates, seed, worlds=worlds, **others) if new else []
        found = {key: self._kept[key] for key in keys if key not in new} | dict(zip(new, ran, strict=True))
        for key in found:
            self._kept[key] = found[key]
            self._kept.move_to_end(key)
        self._forget()
        return [
            replace(found[key], programme=p, organisation=organisation)
            for key, p in zip(keys, programmes, strict=True)
        ]  # fmt: skip

    def _forget(self) -> None:
        """The oldest runs, until the rest is small enough."""
        held = sum(_bytes(ensemble) for ensemble in self._kept.values())
        while held > self._most:
            held -= _bytes(self._kept.popitem(last=False)[1])


def _bytes(ensemble: Ensemble) -> int:
    return ensemble.series.nbytes + (0 if ensemble.unit_stages is None else ensemble.unit_stages.nbytes)


RUNS = Remembered()
"""Of all pages: teams that build on the same scenarios share them. Whoever holds the engine may use it."""


def compared(
    organisation: Organisation, plans: Sequence[Plan], weeks: int, replicates: int, seed: int,
    progress: locks.Report | None = None, cancelled: Cancelled | None = None,
) -> Comparison:  # fmt: skip
    """The comparison that ``uptake compare`` makes of the same, the first plan being the base.

    Raises InputError; KeyboardInterrupt when cancelled, be it before its turn has come.
    """
    scenarios = [plan.scenario for plan in plans]
    with locks.turn(locks.ENGINE, cancelled, progress):
        return compare(
            scenarios, organisation, weeks=weeks, replicates=replicates, seed=seed, settings=sized(organisation),
            progress=progress, cancelled=cancelled, run=RUNS.run,
        )  # fmt: skip


def sized(organisation: Organisation) -> Settings:
    """How these people are run, so that a run can be stopped soon."""
    return Settings(lanes=next((w for w in WIDTHS if w * organisation.headcount <= AT_ONCE), min(WIDTHS)))
