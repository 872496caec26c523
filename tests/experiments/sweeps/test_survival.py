"""What a sweep survives: kill -9 at random moments, a full disk at every write, Ctrl-C. The table is the same after."""

from __future__ import annotations

import errno
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from experiments.sweeps import disk, results, store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX")

LONGER = """
title: Longer
scenario: middling
organisation: {headcount: 120}
levers:
  champions.one_per:
  leaders.modelling:
design: latin-hypercube
points: 300
replicates: 16
weeks: 52
outcomes: [habitual, payback_week]
agents: [stage, trust, peer_use]
"""
START = (
    "import sys, time; from experiments import cli; from experiments.commands import sweeps\n"
    "known = {c.name for c in cli.app.registered_commands}\n"
    "'sweep' in known or cli.app.command('sweep')(sweeps.sweep)\n"
    "cli.main()"
)
KILLS = 14


def start(file, out, *more):
    command = [sys.executable, "-c", START, "sweep", str(file), "--out", str(out), "--resume", "--jobs", "2", *more]

    def heed_ctrl_c() -> None:  # which a shell that runs the tests in the background has its children ignore
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heed_ctrl_c)


@pytest.fixture(scope="module")
def longer(tmp_path_factory, sweep_into, csv_of):
    folder = tmp_path_factory.mktemp("longer")
    (folder / "longer.yaml").write_text(LONGER)
    sweep_into(folder / "longer.yaml", folder / "whole")
    return folder / "longer.yaml", csv_of(folder / "whole"), tables_in(folder / "whole")


def tables_in(out):
    """Every part of either table by its place in the folder: outcomes of points, states of people."""
    return {str(path.relative_to(out)): path.read_bytes() for path in out.glob("*/*.parquet")}


def parts_in(out):
    return len(list((out / "parts").glob("points-*.parquet"))) if (out / "parts").is_dir() else 0


def test_kill_at_random_moments(longer, tmp_path, csv_of, seed):
    """Some kills fall into the start and the writing of the design, the others between and within batches."""
    file, whole, tables = longer
    chance, out, finished = random.Random(seed), tmp_path / "out", 0
    for kill in range(KILLS):
        process, before = start(file, out), parts_in(out)
        try:
            if kill % 4 == 0:
                time.sleep(chance.uniform(0.3, 1.5))
            else:
                until = time.monotonic() + 20
                target = before + chance.randrange(0, 6)
                while process.poll() is None and parts_in(out) < target and time.monotonic() < until:
                    time.sleep(0.001)
                time.sleep(chance.uniform(0, 0.03))
        finally:
            finished += process.poll() is not None
            process.kill()
            process.communicate()
        if (out / store.LEDGER).exists() and out.joinpath("parts").exists():
            found = results.read(out)
            assert sum(found.counts.values()) == 300
            assert whole.startswith(csv_of(out)) or found.counts["done"] > 0
    assert finished <= 2, "the sweep was over before it was killed often enough"
    process = start(file, out)
    _, complained = process.communicate(timeout=120)
    assert process.returncode == 0, complained
    assert csv_of(out) == whole and tables_in(out) == tables
    table = results.read(out).table
    assert not table.duplicated(["point", "replicate"]).any() and len(table) == 300 * 16
    assert not list(out.rglob("*.part"))


def test_ctrl_c_exits_130_and_can_go_on(longer, tmp_path, csv_of):
    file, whole, tables = longer
    out = tmp_path / "out"
    process = start(file, out)
    until = time.monotonic() + 30
    while parts_in(out) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, complained = process.communicate(timeout=20)
    assert process.returncode == 130 and "--resume" in complained and "Traceback" not in complained
    process = start(file, out)
    process.communicate(timeout=120)
    assert process.returncode == 0 and csv_of(out) == whole and tables_in(out) == tables


def test_a_limit_on_file_sizes(longer, tmp_path, csv_of):
    """The operating system itself refuses to write on, to the parts and the ledger."""
    file, whole, tables = longer
    out = tmp_path / "out"
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (24_000, 24_000))\n{START}"
    command = [sys.executable, "-c", limited, "sweep", str(file), "--out", str(out), "--resume"]
    process = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert process.returncode == 1 and "Traceback" not in process.stderr and process.stderr.startswith("uptake: ")
    process = start(file, out)
    process.communicate(timeout=120)
    assert process.returncode == 0 and csv_of(out) == whole and tables_in(out) == tables


class FullDisk:
    """Stands in for ``os`` and for the ledger in the store: the n-th write finds no space."""

    WRITES = ("open", "write", "fsync", "replace")
    LEDGER = ("BEGIN", "INSERT", "UPDATE", "DELETE", "CREATE", "COMMIT", "PRAGMA")

    def __init__(self, monkeypatch, nth: int) -> None:
        self.left, self.struck = nth, False
        monkeypatch.setattr(disk, "os", self)
        monkeypatch.setattr(store, "os", self)
        real = store.connect

        def connect(path, *, reading=False):
            found = real(path, reading=reading)
            return found if reading else Ledger(found, self)

        monkeypatch.setattr(store, "connect", connect)

    def __getattr__(self, name):
        real = getattr(os, name)
        if name not in self.WRITES:
            return real

        def write(*arguments, **options):
            if self.strikes():
                if name == "write":  # some of it still fits
                    os.write(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "there")
            return real(*arguments, **options)

        return write

    def strikes(self) -> bool:
        self.left -= 1
        self.struck |= self.left <= 0
        return self.left <= 0  # and stays full


class Ledger:
    def __init__(self, real, disk) -> None:
        self._real, self._disk = real, disk

    def _checked(self, name, text, *more):
        if text.strip().startswith(FullDisk.LEDGER) and self._disk.strikes():
            raise sqlite3.OperationalError("database or disk is full")
        return getattr(self._real, name)(text, *more)

    def execute(self, text, *more):
        return self._checked("execute", text, *more)

    def executemany(self, text, rows):
        return self._checked("executemany", text, rows)

    def close(self):
        self._real.close()


def test_no_space_at_any_write(small, tmp_path, sweep_into):
    """The n-th write fails, for every n until none does; going on gives the same tables each time."""
    small.write_text(
        small.read_text().replace("scenarios: [typical, middling]", "scenario: typical").replace("steps: 3", "steps: 2")
        + "agents: [stage]\n"
    )
    sweep_into(small, tmp_path / "whole")
    whole, struck = tables_in(tmp_path / "whole"), 0
    for nth in range(1, 400):
        out = tmp_path / f"out{nth}"
        with pytest.MonkeyPatch.context() as patch:
            full = FullDisk(patch, nth)
            try:
                sweep_into(small, out)
            except OSError as error:
                assert error.errno == errno.ENOSPC and "--resume" in str(error)
        assert not list(out.rglob("*.part"))
        if not full.struck:
            break
        struck += 1
        assert sweep_into(small, out)["done"] == 12
        assert tables_in(out) == whole
    assert struck > 40 and not full.struck


def test_a_full_disk_is_said_in_a_sentence(small, tmp_path, uptake, monkeypatch):
    FullDisk(monkeypatch, 50)
    from experiments.cli import app
    from experiments.commands import sweeps

    if "sweep" not in {command.name for command in app.registered_commands}:
        app.command("sweep")(sweeps.sweep)
    answer = uptake("sweep", small, "--out", tmp_path / "out")
    assert answer.code == 1 and "No space left" in answer.err and "--resume" in answer.err
    assert "Traceback" not in answer.err
