"""Batches at work: handed to workers as they come free, taken back in whatever order, kept whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field, replace
from typing import Protocol

import pyarrow as pa

from experiments.sweeps.store import DONE, Store
from experiments.sweeps.work import Answer, Batch, joined, said

TICK = 0.2


class Workers(Protocol):
    """Who runs batches: threads here, or a cluster."""

    slots: int

    def submit(self, batch: Batch) -> Future[Answer]: ...

    def is_the_points_fault(self, error: BaseException) -> bool:
        """Whether a future failed because of what it ran (else the sweep stops, and can go on later)."""
        ...

    def check(self) -> None:
        """Raise OSError where nobody is left to wait for."""
        ...


@dataclass
class Open:
    """A batch that is being run, in one piece or, after a loss, point by point."""

    batch: Batch
    tables: dict[int, Mapping[str, pa.Table]] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    pieces: int = 1


def run(store: Store, workers: Workers, counts: Mapping[str, int], progress: Callable[[float], None] | None) -> None:
    """Keep every worker busy, and keep results as they come; only so many batches are in memory as are at work."""
    waiting = store.batches()
    total, settled = sum(counts.values()), counts[DONE]
    pending: dict[Future[Answer], tuple[Open, Batch]] = {}
    exhausted = False
    while True:
        while not exhausted and len(pending) < workers.slots:
            batch = next(waiting, None)
            if batch is None:
                exhausted = True
                break
            store.start(batch)
            pending[workers.submit(batch)] = (Open(batch), batch)
        if not pending:
            return
        done, _ = wait(pending, TICK, FIRST_COMPLETED)
        if not done:
            workers.check()
        for future in done:
            opened_batch, piece = pending.pop(future)
            for single in settle(future, opened_batch, piece, workers):
                pending[workers.submit(single)] = (opened_batch, single)
            if opened_batch.pieces == 0:
                whole = joined([tables for _, tables in sorted(opened_batch.tables.items())])
                store.finish(opened_batch.batch, whole, opened_batch.failed)
                settled += len(opened_batch.batch.points)
                if progress is not None:
                    progress(settled / total)


def settle(future: Future[Answer], whole: Open, piece: Batch, workers: Workers) -> list[Batch]:
    """Take a finished piece in; what it must be split into, where it was lost as a whole."""
    whole.pieces -= 1
    try:
        answer = future.result()
    except (Exception, CancelledError) as error:
        if not workers.is_the_points_fault(error):
            raise
        if len(piece.points) > 1:
            whole.pieces += len(piece.points)
            return [replace(piece, points=(point,)) for point in piece.points]
        whole.failed[piece.points[0].number] = said(error)
        return []
    if answer.tables:
        whole.tables[piece.points[0].number] = answer.tables
    whole.failed.update(answer.failed)
    return []
