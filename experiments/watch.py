"""Long work in view: a progress bar once it takes a while, and Ctrl-C that stops at once."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")
Progress = Callable[[float], None]
Cancelled = Callable[[], bool]

PATIENCE = 0.8
"""Seconds before a bar appears: what is quicker needs none."""
TICK = 0.05


def watched(work: Callable[[Progress, Cancelled], Result], what: str) -> Result:
    """Do ``work(progress, cancelled)`` in a thread of its own, with a bar on standard error if that is a terminal.

    The caller's thread only waits, so that Ctrl-C reaches it at once, whatever compiled code is busy with; the work is
    told to stop and left behind (a daemon thread: the process need not wait for it, see ``cli.main``).
    """
    result: list[Result] = []
    failure: list[BaseException] = []
    share = [0.0]
    stop = threading.Event()

    def progress(done: float) -> None:
        share[0] = done

    def body() -> None:
        try:
            result.append(work(progress, stop.is_set))
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=body, daemon=True)
    bar = None
    started = time.monotonic()
    try:
        thread.start()
        while thread.is_alive():
            thread.join(TICK)
            if bar is None and time.monotonic() - started > PATIENCE and sys.stderr.isatty():
                bar = _Bar(what)
            if bar is not None:
                bar.show(share[0])
    finally:
        stop.set()
        if bar is not None:
            bar.close()
    if failure:
        raise failure[0]
    return result[0]


def say_if_compiling() -> None:
    """The first run on a machine compiles the model: say so before the wait."""
    from sim.compiled import is_compiled

    if not is_compiled():
        notice("Compiling the model for this machine (once, about half a minute) ...")


def notice(text: str) -> None:
    """Something to know that is not part of the result: on standard error."""
    print(text, file=sys.stderr, flush=True)


class _Bar:
    def __init__(self, what: str) -> None:
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

        from experiments.terminal import console

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=console(stderr=True), transient=True)
        self._task = self._progress.add_task(what, total=None)  # until something is known to be done
        self._progress.start()

    def show(self, share: float) -> None:
        if share:
            self._progress.update(self._task, total=1.0, completed=share)

    def close(self) -> None:
        self._progress.stop()
