"""A sweep's folder: Parquet parts written whole, and a SQLite ledger of every design point.

    sweep.sqlite    facts (what decides the results), points (waiting, running, done or failed, with the error), parts
    parts/          points-000000000-000000031.parquet: the rows of those points
    agents/         agents-000000000-000000031.parquet: the people of those points, where the study keeps them
    lock            held by the operating system for the process that sweeps: it ends with that process, however it ends

A part is written under a temporary name, flushed and renamed; only then are its points marked done, in one
transaction. So whatever is lost at any moment is work, never the table's truth: going on removes what is not listed
as done, runs that again, and writes the same bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.sweeps.disk import LOCK, full_disk_said, is_whole, ledger_said, locked, write_whole
from experiments.sweeps.work import AGENTS, POINTS, Batch, Point
from sim.passports import InputError

LEDGER = "sweep.sqlite"
FOLDERS = {POINTS: "parts", AGENTS: "agents"}
"""Where the parts of each kind of table lie."""
OURS = frozenset({LEDGER, f"{LEDGER}-wal", f"{LEDGER}-shm", f"{LEDGER}-journal", *FOLDERS.values(), LOCK})
WAITING, RUNNING, DONE, FAILED = STATES = ("waiting", "running", "done", "failed")
FORMAT = 2
PATIENCE = 30.0
"""Seconds to wait for a reader of the ledger."""
TABLES = (
    "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE points (point INTEGER PRIMARY KEY, batch INTEGER NOT NULL, run TEXT NOT NULL, scenario TEXT NOT NULL,"
    " organisation TEXT NOT NULL, seed INTEGER NOT NULL, inputs TEXT NOT NULL, state TEXT NOT NULL, error TEXT)",
    "CREATE TABLE parts (batch INTEGER NOT NULL, kind TEXT NOT NULL, file TEXT NOT NULL, bytes INTEGER NOT NULL,"
    " digest TEXT NOT NULL, PRIMARY KEY (batch, kind))",
)
INDICES = (
    "CREATE INDEX points_by_batch ON points (batch)",
    "CREATE INDEX points_by_state ON points (state, batch)",  # the next batch that waits, however many there are
)
Planned = tuple[int, int, str, str, str, int, str]
"""A row of the plan: point, batch, run, scenario, organisation, seed, inputs as JSON."""


class Store:
    """The folder of one sweep, open for sweeping: see ``opened``."""

    def __init__(self, folder: Path, ledger: sqlite3.Connection) -> None:
        self.folder, self._ledger = folder, ledger

    def plan(self, facts: Mapping[str, Any], texts: Mapping[str, str], points: Iterable[Planned]) -> None:
        """Write the whole design, or nothing of it."""
        with self._transaction():
            for statement in TABLES:
                self._ledger.execute(statement)
            said = {"format": str(FORMAT), "facts": json.dumps(facts), **texts}
            self._ledger.executemany("INSERT INTO facts VALUES (?, ?)", said.items())
            rows = ((*point, WAITING) for point in points)
            self._ledger.executemany("INSERT INTO points VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)", rows)
            for statement in INDICES:
                self._ledger.execute(statement)

    @property
    def is_planned(self) -> bool:
        """Whether a design is in the ledger."""
        return has_plan(self._ledger)

    def facts(self) -> dict[str, Any]:
        return read_facts(self._ledger)

    def counts(self) -> dict[str, int]:
        return counts(self._ledger)

    def reconcile(self) -> None:
        """Ledger and parts made to agree: only whole, listed parts count; all else waits to be run again."""
        folders = self._folders()
        with full_disk_said(self.folder):
            for folder in folders:
                folder.mkdir(exist_ok=True)
        # a batch in which a point failed, or was not settled, is run again as a whole
        again = "SELECT DISTINCT batch FROM points WHERE state IN (?, ?)"
        doomed = {batch for (batch,) in self._ledger.execute(again, (RUNNING, FAILED))}
        batch_of = {}
        for batch, kind, file, size, digest in self._ledger.execute("SELECT * FROM parts"):
            path = self.folder / FOLDERS[kind] / file
            batch_of[path] = batch
            if not is_whole(path, size, digest):
                doomed.add(batch)
        with self._transaction():
            for batch in sorted(doomed):
                self._ledger.execute("UPDATE points SET state = ?, error = NULL WHERE batch = ?", (WAITING, batch))
                self._ledger.execute("DELETE FROM parts WHERE batch = ?", (batch,))
        for folder, kind in folders.items():
            for entry in folder.iterdir():
                ours = entry.name.startswith(f"{kind}-")
                if ours and (entry not in batch_of or batch_of[entry] in doomed):
                    entry.unlink(missing_ok=True)

    def _folders(self) -> dict[Path, str]:
        """The folders that this study fills, with the kind of table in each."""
        kinds = (POINTS, AGENTS) if self.facts()["facts"]["study"]["agents"] else (POINTS,)
        return {self.folder / FOLDERS[kind]: kind for kind in kinds}

    def batches(self) -> Iterator[Batch]:
        """The batches that wait, in order, read one by one."""
        number = -1
        while True:
            row = self._ledger.execute(
                "SELECT MIN(batch) FROM points WHERE state = ? AND batch > ?", (WAITING, number)
            ).fetchone()
            if row[0] is None:
                return
            number = row[0]
            found = self._ledger.execute(
                "SELECT point, run, inputs, scenario, organisation, seed FROM points WHERE batch = ? ORDER BY point",
                (number,),
            ).fetchall()
            points = tuple(Point(point, run, json.loads(inputs)) for point, run, inputs, *_ in found)
            scenario, organisation, seed = found[0][3:]
            yield Batch(number, scenario, organisation, seed, points)

    def start(self, batch: Batch) -> None:
        """Mark a batch as running."""
        with self._transaction():
            self._ledger.execute("UPDATE points SET state = ? WHERE batch = ?", (RUNNING, batch.number))

    def finish(self, batch: Batch, tables: Mapping[str, pa.Table], failed: Mapping[int, str]) -> None:
        """Keep a batch's tables, then mark its points done or failed. Raises OSError where there is no room."""
        kept = []
        for kind, table in tables.items():
            content, file = as_parquet(table), part_name(kind, batch)
            write_whole(self.folder / FOLDERS[kind] / file, content)
            kept.append((batch.number, kind, file, len(content), hashlib.sha256(content).hexdigest()))
        with self._transaction():
            self._ledger.executemany("INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?)", kept)
            self._ledger.execute("UPDATE points SET state = ? WHERE batch = ?", (DONE, batch.number))
            self._ledger.executemany(
                "UPDATE points SET state = ?, error = ? WHERE point = ?",
                [(FAILED, error, point) for point, error in failed.items()],
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with full_disk_said(self.folder):
            self._ledger.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._ledger.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._ledger.execute("ROLLBACK")
                raise


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """The folder, made if need be, with its lock held. Raises InputError where another process sweeps into it."""
    with full_disk_said(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        with full_disk_said(folder):
            ledger = connect(folder / LEDGER)
        try:
            with ledger_said(folder):
                yield Store(folder, ledger)
        finally:
            ledger.close()


def connect(path: Path, *, reading: bool = False) -> sqlite3.Connection:
    """The ledger. Raises InputError if the file is not one."""
    try:
        if not reading:
            ledger = sqlite3.connect(path, PATIENCE, isolation_level=None, check_same_thread=False)
            ledger.execute("PRAGMA journal_mode = WAL")
            ledger.execute("PRAGMA synchronous = NORMAL")
            return ledger
        writable = os.access(path.parent, os.W_OK)
        how = "mode=rw" if writable else "mode=ro&immutable=1"  # readers share files: no place for them
        ledger = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", PATIENCE, isolation_level=None, uri=True)
        ledger.execute("PRAGMA query_only = ON")
        ledger.execute("SELECT COUNT(*) FROM sqlite_master")
        return ledger
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        raise InputError(f"{path}: not the ledger of a sweep, or damaged; sweep into another folder") from None


def has_plan(ledger: sqlite3.Connection) -> bool:
    return bool(ledger.execute("SELECT COUNT(*) FROM sqlite_master WHERE name = 'facts'").fetchone()[0])


def read_facts(ledger: sqlite3.Connection) -> dict[str, Any]:
    """Everything under ``facts``: ``format``, ``facts`` (decoded), and the texts kept with the plan."""
    found: dict[str, Any] = dict(ledger.execute("SELECT name, value FROM facts").fetchall())
    if found.get("format") != str(FORMAT):
        raise InputError(
            f"the sweep in that folder is of format {found.get('format')}, and this version of Uptake reads format "
            f"{FORMAT}; read it with the version that made it, or sweep into another folder"
        )
    return {**found, "facts": json.loads(found["facts"])}


def counts(ledger: sqlite3.Connection) -> dict[str, int]:
    """How many points are in each state."""
    found = dict(ledger.execute("SELECT state, COUNT(*) FROM points GROUP BY state").fetchall())
    return {state: found.get(state, 0) for state in STATES}


def part_name(kind: str, batch: Batch) -> str:
    return f"{kind}-{batch.points[0].number:09d}-{batch.points[-1].number:09d}.parquet"


def as_parquet(table: pa.Table) -> bytes:
    """The same table, the same bytes."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", row_group_size=1 << 20)
    return buffer.getvalue()
