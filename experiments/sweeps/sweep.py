"""Sweeping: the points of a study that wait are run, in this process or on a cluster, and kept as they come."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from experiments.sweeps import design, identity
from experiments.sweeps.store import DONE, OURS, Planned, Store, opened
from experiments.sweeps.study import Study, organisations, scenarios
from experiments.sweeps.work import Batch, Job, Point, carry_out, run_point, said
from sim.organisation import Organisation
from sim.passports import InputError
from sim.programme import prepare
from sim.scenario import Scenario
from sim.sizing import DEFAULT_MEMORY, Settings

SMALLEST_BATCH, LARGEST_BATCH, BATCHES = 4, 64, 64
"""Points in a batch, and batches that a block is cut into where its points suffice."""
TICK = 0.2
Answer = tuple[pa.Table | None, dict[int, str]]


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


@dataclass(frozen=True)
class Plan:
    """A study with everything it names: what to run."""

    study: Study
    scenarios: Mapping[str, Scenario]
    organisations: Mapping[str, Organisation]
    facts: Mapping[str, Any]

    def job(self, memory: int) -> Job:
        """``memory``: bytes that one batch may take."""
        return replace(job_of(self.study, self.facts), memory=memory)

    def points(self) -> Iterator[Planned]:
        """Every point, one by one, in order."""
        runs, number, batch = identity.Runs(self.facts), 0, 0
        size = design.size(self.study)
        length = min(LARGEST_BATCH, max(SMALLEST_BATCH, size // BATCHES))
        for name, place, seed in design.blocks(self.study):
            label = Path(name).stem
            for position, row in enumerate(design.rows(self.study)):
                inputs = dict(zip(self.study.inputs, row, strict=True))
                run = runs.of(label, place, seed, inputs)
                yield number, batch + position // length, run, label, place, seed, json.dumps(inputs)
                number += 1
            batch += -(-size // length)


def job_of(study: Study, facts: Mapping[str, Any]) -> Job:
    """What all points of a study share."""
    return Job(
        tuple(study.inputs),
        frozenset(factor.key for factor in study.factors if factor.choices),
        study.outcomes,
        study.at,
        study.weeks,
        study.replicates,
        study.worlds,
        study.rule,
        facts["version"],
        identity.digest(facts),
        DEFAULT_MEMORY,
    )


def plan(study: Study) -> Plan:
    """Read or generate all that a study names. Raises InputError and OrganisationError."""
    design.total(study)
    bases, places = scenarios(study), organisations(study)
    for base in bases.values():
        for place in places.values():
            prepare(base, place, study.weeks, study.rule)  # units that the organisation lacks are named now
    return Plan(study, bases, places, identity.facts(study, bases, places))


def check_folder(path: str | Path, resume: bool) -> Path:
    """The folder to sweep into, refused (InputError) before any work is done if it cannot be had."""
    folder = Path(path).expanduser()
    try:
        there = sorted(entry.name for entry in folder.iterdir()) if folder.exists() else []
    except NotADirectoryError:
        raise InputError(f"--out {path}: is a file; name a folder") from None
    except OSError as error:
        raise InputError(f"--out {path}: {error.strerror}") from None
    foreign = [name for name in there if name not in OURS]
    if foreign:
        raise InputError(f"--out {path}: the folder holds {foreign[0]}, which is not of a sweep; name another folder")
    if "parts" in there and "sweep.sqlite" not in there:
        raise InputError(f"--out {path}: the ledger sweep.sqlite is gone; name another folder, or empty this one")
    if there and not resume and "sweep.sqlite" in there:
        raise InputError(f"--out {path}: holds a sweep; go on with it with --resume, or name another folder")
    return folder


def sweep(
    plan: Plan,
    folder: Path,
    workers: Callable[[Job], AbstractContextManager[Workers]],
    *,
    memory: int = DEFAULT_MEMORY,
    progress: Callable[[float], None] | None = None,
) -> dict[str, int]:
    """Run what waits in a folder, and return how many points are in each state. A new folder gets the plan first.

    Raises InputError where the folder's sweep is another, or is running; OSError where there is no room, or nobody is
    left to run points; KeyboardInterrupt where the workers were told to stop. All of them leave a folder to go on with.
    """
    with opened(folder) as store:
        if store.is_planned:
            identity.refuse_changes(store.facts()["facts"], plan.facts)
        else:
            texts = {"title": plan.study.title, "question": plan.study.question, "study": plan.study.text}
            store.plan(plan.facts, texts, plan.points())
        store.reconcile()
        counts = store.counts()
        if counts[DONE] < sum(counts.values()):
            with workers(plan.job(memory)) as hands:
                _run(store, hands, counts, progress)
        return store.counts()


@dataclass
class _Open:
    """A batch that is being run, in one piece or, after a loss, point by point."""

    batch: Batch
    tables: dict[int, pa.Table] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    pieces: int = 1


def _run(store: Store, workers: Workers, counts: Mapping[str, int], progress: Callable[[float], None] | None) -> None:
    """Keep every worker busy, and keep results as they come; only so many batches are in memory as are at work."""
    waiting = store.batches()
    total, settled = sum(counts.values()), counts[DONE]
    pending: dict[Future[Answer], tuple[_Open, Batch]] = {}
    exhausted = False
    while True:
        while not exhausted and len(pending) < workers.slots:
            batch = next(waiting, None)
            if batch is None:
                exhausted = True
                break
            store.start(batch)
            pending[workers.submit(batch)] = (_Open(batch), batch)
        if not pending:
            return
        done, _ = wait(pending, TICK, FIRST_COMPLETED)
        if not done:
            workers.check()
        for future in done:
            opened_batch, piece = pending.pop(future)
            for single in _settle(future, opened_batch, piece, workers):
                pending[workers.submit(single)] = (opened_batch, single)
            if opened_batch.pieces == 0:
                tables = [table for _, table in sorted(opened_batch.tables.items())]
                whole = pa.concat_tables(tables).combine_chunks() if tables else None
                store.finish(opened_batch.batch, whole, opened_batch.failed)
                settled += len(opened_batch.batch.points)
                if progress is not None:
                    progress(settled / total)


def _settle(future: Future[Answer], whole: _Open, piece: Batch, workers: Workers) -> list[Batch]:
    """Take a finished piece in; what it must be split into, where it was lost as a whole."""
    whole.pieces -= 1
    try:
        table, failed = future.result()
    except (Exception, CancelledError) as error:
        if not workers.is_the_points_fault(error):
            raise
        if len(piece.points) > 1:
            whole.pieces += len(piece.points)
            return [replace(piece, points=(point,)) for point in piece.points]
        whole.failed[piece.points[0].number] = said(error)
        return []
    if table is not None:
        whole.tables[piece.points[0].number] = table
    whole.failed.update(failed)
    return []


class Threads:
    """Workers in this process: compiled code runs side by side, and all of it ends with the process."""

    def __init__(self, plan: Plan, job: Job, jobs: int, cancelled: Callable[[], bool]) -> None:
        self.slots = jobs + 1
        self._plan, self._job = plan, replace(job, memory=job.memory // jobs)
        self._pool = ThreadPoolExecutor(jobs, "sweep")
        self._ended = threading.Event()
        self._cancelled = cancelled

    def __enter__(self) -> Threads:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._pool.shutdown(cancel_futures=True)

    def submit(self, batch: Batch) -> Future[Answer]:
        scenario, organisation = self._plan.scenarios[batch.scenario], self._plan.organisations[batch.organisation]
        return self._pool.submit(carry_out, self._job, scenario, organisation, batch, self._stop)

    def is_the_points_fault(self, error: BaseException) -> bool:
        return isinstance(error, Exception)

    def check(self) -> None:
        return

    def _stop(self) -> bool:
        return self._ended.is_set() or self._cancelled()


def threads(jobs: int) -> int:
    """How many at a time: what ``--jobs`` says, 0 being all."""
    if not 0 <= jobs <= 256:
        raise InputError(f"--jobs must be a whole number from 0 (all) to 256, not {jobs}")
    return jobs or Settings().resolved_threads()


def seconds(plan: Plan, jobs: int, memory: int = DEFAULT_MEMORY, patience: float = 5.0) -> float:
    """What the sweep will take, from a few of its points run now (about ``patience`` seconds, or one point's)."""
    total, took, tried = design.total(plan.study), 0.0, 0
    sample = {round(share * (total - 1)) for share in (0.5, 0.05, 0.95, 0.3, 0.7)}
    job = plan.job(memory // jobs)
    warm = replace(job, replicates=min(job.replicates, 64))
    for number, _, run, scenario, place, seed, inputs in plan.points():
        if number not in sample:
            continue
        point = Point(number, run, json.loads(inputs))
        given = (plan.scenarios[scenario], plan.organisations[place], seed, point)
        if not tried:
            run_point(warm, *given)
        started = time.monotonic()
        run_point(job, *given)
        took += time.monotonic() - started
        tried += 1
        if took > patience or tried == len(sample):
            break
    return took / tried * total / min(jobs, total)
