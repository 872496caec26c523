"""Whose turn it is to compute: all pages of one server share its cores."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from experiments.watch import Cancelled

ENGINE = threading.Lock()
"""One comparison after another: each then has all cores, and five teams wait less than side by side."""
LONG = threading.Lock()
"""One map or tornado after another, beside the comparisons."""
LOOK = 0.05
"""Seconds between two looks whether it is given up, while it waits."""
Report = Callable[[float | None], None]
"""Hears the share of work that is done; None while it waits for its turn."""


@contextmanager
def turn(lock: threading.Lock, cancelled: Cancelled | None = None, progress: Report | None = None) -> Iterator[None]:
    """Hold a lock as soon as it is free; KeyboardInterrupt, and not held, where that is given up before."""

    def look() -> None:
        if cancelled is not None and cancelled():
            raise KeyboardInterrupt

    while not lock.acquire(timeout=LOOK):
        if progress is not None:
            progress(None)
        look()
    try:
        look()
        if progress is not None:
            progress(0.0)
        yield
    finally:
        lock.release()
