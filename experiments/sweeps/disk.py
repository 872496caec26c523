"""Files that survive: written whole or not at all, a lock that ends with its process, failures said in words."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.passports import InputError

LOCK = "lock"
HINT = "; what is done is kept: make room, then go on with --resume"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all. Raises OSError, leaving nothing behind."""
    partial = path.with_name(f"{path.name}.part")
    with full_disk_said(path):
        try:
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
            try:
                left = memoryview(content)
                while left:
                    left = left[os.write(descriptor, left) :]
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            os.replace(partial, path)
        except BaseException:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
            raise


def is_whole(path: Path, size: int, digest: str) -> bool:
    try:
        return path.stat().st_size == size and hashlib.sha256(path.read_bytes()).hexdigest() == digest
    except OSError:
        return False


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which ends with this process whatever happens to it: none is ever stale."""
    with full_disk_said(folder):
        opened_lock = open(folder / LOCK, "a+b")  # noqa: SIM115 (closed below: errors of the body are its own)
    with opened_lock as file:
        if not _lock(file.fileno()):
            file.seek(0)
            holder = file.read(64).decode("ascii", "replace").strip()
            raise InputError(
                f"{folder}: a sweep is already running there (process {holder or 'unknown'}); wait for it to end, "
                f"or look at it with: uptake results {folder}"
            )
        with contextlib.suppress(OSError):  # who it is, is a courtesy
            file.truncate(0)
            os.write(file.fileno(), str(os.getpid()).encode())
        yield


def _lock(descriptor: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            os.lseek(descriptor, 1 << 30, os.SEEK_SET)  # beyond what others read
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            return False
        raise
    return True


@contextmanager
def full_disk_said(place: Path) -> Iterator[None]:
    """A write that fails, as an OSError that says what to do; the ledger's failures too."""
    try:
        with ledger_said(place):
            yield
    except OSError as error:
        if error.filename == str(place):
            raise
        hint = HINT if error.errno == errno.ENOSPC else ""
        raise OSError(error.errno, f"{os.strerror(error.errno or 0)}{hint}", str(place)) from None


@contextmanager
def ledger_said(place: Path) -> Iterator[None]:
    """What hinders the ledger (a full disk, one that fails, a lock held too long), as an OSError."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise OSError(errno.ENOSPC, f"{os.strerror(errno.ENOSPC)}{HINT}", str(place)) from None
        raise OSError(errno.EIO, f"the ledger cannot be read or written ({error})", str(place)) from None
