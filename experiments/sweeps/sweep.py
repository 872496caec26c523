"""Sweeping: a study planned, and its points that wait run into a folder, in this process or on a cluster."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments.sweeps import agents, design, identity
from experiments.sweeps.running import Workers, run
from experiments.sweeps.store import DONE, FOLDERS, LEDGER, OURS, Planned, opened
from experiments.sweeps.study import Study, organisations, scenarios
from experiments.sweeps.work import Answer, Batch, Job, carry_out
from sim.organisation import Organisation
from sim.passports import InputError
from sim.programme import prepare
from sim.scenario import Scenario
from sim.sizing import DEFAULT_MEMORY, Settings

SMALLEST_BATCH, LARGEST_BATCH, BATCHES = 4, 64, 64
"""Points in a batch, and batches that a block is cut into where its points suffice."""


@dataclass(frozen=True)
class Plan:
    """A study with everything it names: what to run."""

    study: Study
    scenarios: Mapping[str, Scenario]
    organisations: Mapping[str, Organisation]
    facts: Mapping[str, Any]

    @property
    def traces(self) -> agents.Size:
        """How large the agent traces are. Raises InputError where they would be absurd."""
        points = design.total(self.study) // len(self.organisations)
        people = [organisation.headcount for organisation in self.organisations.values()]
        return agents.size(self.study.agents, len(self.study.at), self.study.replicates, points, people)

    def job(self, memory: int) -> Job:
        """``memory``: bytes that one batch may take."""
        return replace(job_of(self.study, self.facts), memory=memory)

    def points(self) -> Iterator[Planned]:
        """Every point, one by one, in order."""
        runs, number, batch = identity.Runs(self.facts), 0, 0
        size = design.size(self.study)
        length = self.traces.points_in_a_batch(min(LARGEST_BATCH, max(SMALLEST_BATCH, size // BATCHES)))
        for label, place, seed in design.blocks(self.study):
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
        study.agents,
    )


def plan(study: Study, people: Mapping[str, Organisation] | None = None) -> Plan:
    """Read or generate all that a study names. Raises InputError and OrganisationError.

    ``people``: its organisations by label, where they are in hand.
    """
    design.total(study)
    bases, places = scenarios(study), organisations(study) if people is None else people
    for base in bases.values():
        for place in places.values():
            prepare(base, place, study.weeks, study.rule)  # units that the organisation lacks are named now
    made = Plan(study, bases, places, identity.facts(study, bases, places))
    made.traces  # noqa: B018 (absurd ones are refused now)
    return made


def check_folder(path: str | Path, resume: bool) -> Path:
    """The folder to sweep into, refused (InputError) before any work is done if it cannot be had."""
    folder = Path(path).expanduser()
    try:
        there = sorted(entry.name for entry in folder.iterdir()) if folder.exists() else []
        nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    except NotADirectoryError:
        raise InputError(f"--out {path}: is a file; name a folder") from None
    except OSError as error:
        raise InputError(f"--out {path}: {error.strerror}") from None
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise InputError(f"--out {path}: no permission to write in {nearest}")
    foreign = [name for name in there if name not in OURS]
    if foreign:
        raise InputError(f"--out {path}: the folder holds {foreign[0]}, which is not of a sweep; name another folder")
    if LEDGER not in there and not set(there).isdisjoint(FOLDERS.values()):
        raise InputError(f"--out {path}: the ledger {LEDGER} is gone; name another folder, or empty this one")
    if LEDGER in there and not resume:
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
                run(store, hands, counts, progress)
        return store.counts()


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
