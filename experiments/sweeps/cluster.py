"""The same sweep on a Dask cluster: batches are its tasks; code and organisations travel to workers that lack them.

A worker that is lost costs the batches it was running, which the scheduler gives to another. A batch that ends with
the worker time and again is run point by point, and the point at fault is recorded as failed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from experiments.sweeps import identity, shipping
from experiments.sweeps.work import Answer, Batch, Job, carry_out
from sim.organisation import Organisation
from sim.passports import InputError
from sim.scenario import Scenario

CONNECT = 10.0
"""Seconds within which a scheduler must answer."""
NOBODY = 60.0
"""Seconds without any worker after which a sweep stops (it can go on later)."""
PACKAGES = ("sim", "experiments", "scenarios")
AHEAD = 2
"""Batches in hand for each thread of the cluster."""


def connect(address: str) -> Any:
    """A client of the scheduler. Raises InputError where dask is missing, or nothing answers there."""
    try:
        from distributed import Client
    except ImportError:
        raise InputError("--scheduler needs the package distributed; install Uptake with all it depends on") from None
    import logging

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # losses are said below, in words
    try:
        return Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        why = " ".join(str(error).split()) or "no answer"
        raise InputError(
            f"--scheduler {address}: no Dask scheduler answers there ({why[:200]}); give its address, tcp://host:port"
        ) from None


def threads(address: str) -> int:
    """Threads of all workers now (at least 1)."""
    with connect(address) as client:
        return max(1, sum(client.nthreads().values()))


def same(value: Any) -> Any:
    """A value as a task of its own: whatever is lost with a worker, the scheduler can bring again."""
    return value


def run_batch(job: Job, code: str, scenario: Scenario, organisation: Organisation, batch: Batch) -> Answer:
    """What a worker runs. Raises RuntimeError where its copy of the model is another."""
    if identity.code() != code:
        raise WrongCode(f"a worker has another version of Uptake ({identity.code()}; here it is {code})")
    return carry_out(job, scenario, organisation, batch)


class WrongCode(RuntimeError):
    """A worker whose results would be another model's."""


class Cluster:
    """Workers of a Dask cluster, by the address of its scheduler."""

    def __init__(self, plan: Any, job: Job, address: str, cancelled: Callable[[], bool]) -> None:
        self._plan, self._job, self._address, self._cancelled = plan, job, address, cancelled
        self.slots = AHEAD
        self._alone_since: float | None = None
        self._looked = 0.0

    def __enter__(self) -> Cluster:
        self._client = connect(self._address)
        try:
            self._ship()
            self._executor = self._client.get_executor(pure=False)
            self._places = {
                label: self._client.submit(same, organisation, pure=False)
                for label, organisation in self._plan.organisations.items()
            }
            self._scenarios = dict(self._plan.scenarios)
            self._look()
        except BaseException:
            self._client.close(timeout=2)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close(timeout=2)  # what still runs is of no use, and goes with the client

    def _ship(self) -> None:
        import cloudpickle
        from distributed import WorkerPlugin

        # workers learn of this module by value: they may have no package to import it from
        cloudpickle.register_pickle_by_value(shipping)
        try:
            root = Path(__file__).parents[2]
            content = shipping.packed(root, PACKAGES)
            kind = type("Shipment", (shipping.Shipment, WorkerPlugin), {"__module__": shipping.__name__})
            self._client.register_plugin(kind(content, "experiments.sweeps.work"))
        finally:
            cloudpickle.unregister_pickle_by_value(shipping)

    def submit(self, batch: Batch) -> Future[Any]:
        return self._executor.submit(
            run_batch,
            self._job,
            identity.code(),
            self._scenarios[batch.scenario],
            self._places[batch.organisation],
            batch,
        )

    def is_the_points_fault(self, error: BaseException) -> bool:
        from distributed.scheduler import KilledWorker

        if isinstance(error, KilledWorker):
            return True
        if isinstance(error, WrongCode):
            raise InputError(f"{error}; install the same version on all workers, or start them without one") from None
        raise OSError(0, f"the cluster gave up ({type(error).__name__}: {error}); go on with --resume", self._address)

    def check(self) -> None:
        if self._cancelled():
            raise KeyboardInterrupt
        if time.monotonic() - self._looked > 1:
            self._look()

    def _look(self) -> None:
        """How many threads there are now; OSError when there has been none for long, or no scheduler."""
        self._looked = time.monotonic()
        try:
            count = sum(self._client.nthreads().values()) if self._client.status == "running" else 0
        except (OSError, TimeoutError):
            count = 0
        if count:
            self.slots, self._alone_since = AHEAD * count, None
            return
        self._alone_since = self._alone_since or time.monotonic()
        if time.monotonic() - self._alone_since > NOBODY:
            raise OSError(0, "the cluster has no workers left; start some, then go on with --resume", self._address)
