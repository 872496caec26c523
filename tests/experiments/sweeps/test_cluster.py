"""The same sweep on a cluster: a real scheduler and two workers on loopback, one of them killed in the middle."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from experiments.sweeps import results, studies, sweep
from sim.passports import InputError

pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX")

STUDY = """
title: Spread out
scenarios: [typical, middling]
organisation: {headcount: 150}
levers:
  champions.one_per:
  leaders.modelling:
design: sobol
points: 128
replicates: 16
weeks: 52
outcomes: [habitual, payback_week]
"""
BARE = """
import sys
from importlib.machinery import PathFinder
from importlib.util import find_spec

here = {"", *sys.path}  # what this machine has by itself

class Elsewhere:
    def find_spec(name, path=None, target=None):
        if name not in ("sim", "experiments", "scenarios"):
            return None
        spec = PathFinder.find_spec(name, [p for p in sys.path if p not in here])
        if spec is None:
            raise ModuleNotFoundError(name, name=name)
        return spec

sys.meta_path[:] = [Elsewhere, *(finder for finder in sys.meta_path if "editable" not in repr(finder))]
for name in ("sim", "experiments"):
    try:
        raise SystemExit(find_spec(name))
    except ModuleNotFoundError:
        pass
from distributed.cli.dask_worker import main
main()
"""
"""A worker on a machine without this package."""
SCHEDULER = "from distributed.cli.dask_scheduler import main; main()"
WORKER = "from distributed.cli.dask_worker import main; main()"


class Machines:
    """A scheduler and workers, each a process of its own."""

    def __init__(self, folder) -> None:
        self.folder, self.running = folder, []
        self.file = folder / "scheduler.json"
        self._start(
            SCHEDULER,
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
            "--no-show",
            "--scheduler-file",
            self.file,
        )
        until = time.monotonic() + 30
        while not self.file.exists() and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.1)
        self.address = json.loads(self.file.read_text())["address"]

    def _start(self, code, *arguments):
        with open(self.folder / f"log{len(self.running)}", "wb") as log:
            process = subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], stdout=log, stderr=log,
                                       cwd=self.folder, env={**os.environ, "PYTHONPATH": ""})  # fmt: skip
        self.running.append(process)
        return process

    def worker(self, code=WORKER):
        return self._start(code, self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard",
                           "--local-directory", self.folder)  # fmt: skip

    def wait_for(self, workers):
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=150)

    def end(self):
        for process in reversed(self.running):
            process.kill()
            process.wait()


@pytest.fixture
def machines(tmp_path):
    folder = tmp_path / "machines"
    folder.mkdir()
    made = Machines(folder)
    yield made
    made.end()


@pytest.fixture(scope="module")
def spread(tmp_path_factory, sweep_into, csv_of):
    folder = tmp_path_factory.mktemp("spread")
    (folder / "spread.yaml").write_text(STUDY)
    sweep_into(folder / "spread.yaml", folder / "serial", jobs=1)
    return folder / "spread.yaml", csv_of(folder / "serial"), folder / "serial"


def on_cluster(file, folder, address, progress=None):
    from experiments.sweeps import cluster

    plan = sweep.plan(studies.load(file))
    return sweep.sweep(plan, folder, lambda job: cluster.Cluster(plan, job, address, lambda: False), progress=progress)


def test_one_worker_found_one_shipped_to_and_one_killed(machines, spread, tmp_path, csv_of):
    file, serial, folder = spread
    found, _ = machines.worker(), machines.worker(BARE)
    machines.wait_for(2)
    shares = []

    def progress(share):
        shares.append(share)
        if share > 0.2 and found.poll() is None:
            found.kill()

    counts = on_cluster(file, tmp_path / "out", machines.address, progress)
    assert found.poll() is not None and 0.2 < min(s for s in shares if s > 0.2) < 0.9
    assert counts == {"waiting": 0, "running": 0, "done": 256, "failed": 0}
    assert csv_of(tmp_path / "out") == serial
    ours, theirs = ({p.name: p.read_bytes() for p in (at / "parts").iterdir()} for at in (tmp_path / "out", folder))
    assert ours == theirs


def test_a_lost_scheduler_leaves_a_folder_to_go_on_with(machines, spread, tmp_path, csv_of, sweep_into, monkeypatch):
    from experiments.sweeps import cluster

    monkeypatch.setattr(cluster, "NOBODY", 2.0)
    file, serial, _ = spread
    machines.worker()
    machines.wait_for(1)

    def progress(share):
        if share > 0.2:
            machines.end()

    with pytest.raises(OSError, match="--resume"):
        on_cluster(file, tmp_path / "out", machines.address, progress)
    assert 0 < results.read(tmp_path / "out").counts["done"] < 256
    sweep_into(file, tmp_path / "out")
    assert csv_of(tmp_path / "out") == serial


def test_a_point_that_takes_its_worker_along_is_recorded(monkeypatch):
    """A batch lost as a whole is run point by point; the point at fault is what remains."""
    from concurrent.futures import Future

    from experiments.sweeps.running import Open, settle
    from experiments.sweeps.work import Batch, Point

    class Dying:
        def is_the_points_fault(self, error):
            return True

    def lost():
        future: Future = Future()
        future.set_exception(RuntimeError("worker gone"))
        return future

    batch = Batch(0, "a", "b", 1, tuple(Point(n, "", {}) for n in range(3)))
    whole = Open(batch)
    pieces = settle(lost(), whole, batch, Dying())
    assert [p.points[0].number for p in pieces] == [0, 1, 2] and whole.pieces == 3
    assert settle(lost(), whole, pieces[1], Dying()) == [] and whole.failed == {1: "RuntimeError: worker gone"}


def test_nobody_at_the_address(spread, tmp_path, monkeypatch):
    from experiments.sweeps import cluster

    monkeypatch.setattr(cluster, "CONNECT", 1.0)
    with pytest.raises(InputError, match="no Dask scheduler"):
        on_cluster(spread[0], tmp_path / "out", "tcp://127.0.0.1:9")
