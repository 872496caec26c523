"""Work beside the page: the newest question answered, long work with progress and cancel. It ends with the page."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import solara

from experiments.lever_words import with_named
from experiments.watch import Cancelled, Progress
from experiments.words import first_up
from sim.organisation import OrganisationError
from sim.passports import InputError

T = TypeVar("T")
BAD_INPUT = (InputError, OrganisationError)
SLOW = 1.0
"""Seconds of work from which it tells how far it is, and is stopped for a newer question. What is quicker comes to its
end, so that a dragged slider is drawn on the way."""
STEP = 0.01
"""Of the share that is done: what is less is not worth drawing a page anew."""


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What the newest finished work gave, what it was asked, what was wrong with it; whether newer is under way.

    ``share``: of slow work that is under way, how much is done; ``waits``: it has to wait for its turn.
    """

    value: T | None = None
    asked: tuple[Any, ...] = ()
    error: str = ""
    busy: bool = True
    share: float = 0.0
    waits: bool = False


def use_latest(work: Callable[..., T], *asked: Any, stops: bool = False) -> Answer[T]:
    """``work(*asked)`` beside the page. One runs at a time; of those that wait only the newest is run.

    With ``stops`` it is ``work(*asked, progress, cancelled)``, and is told to stop once nobody waits for it any more.
    """
    answer = solara.use_reactive(Answer[T]())
    state = solara.use_memo(_State, [])

    def progress(share: float | None) -> None:
        state.hear(share)
        shown, waits, done = answer.value, share is None, share or 0.0
        if state.slow and not state.gone and (waits != shown.waits or done - shown.share >= STEP):
            answer.value = replace(shown, share=done, waits=waits)

    def run() -> None:
        while True:
            with state.lock:
                if state.wanted is None or state.gone:
                    state.busy = False
                    return
                given = state.take()
            if answer.value.share or answer.value.waits:  # told by what was stopped for this
                answer.value = replace(answer.value, share=0.0, waits=False)
            try:
                found = Answer(work(*given, *((progress, state.cancelled) if stops else ())), given, busy=False)
            except KeyboardInterrupt:  # how work says that it was told to stop
                continue
            except Exception as error:  # whatever it is, the next question must find somebody at work
                found = Answer(None, given, said(error), busy=False)
            if not state.gone:
                answer.value = found

    def ask() -> None:
        with state.lock:
            state.wanted = asked
            if state.busy:
                return
            state.busy = True
        threading.Thread(target=run, daemon=True).start()

    solara.use_effect(ask, list(asked))
    solara.use_effect(lambda: state.leave, [])
    return answer.value


def said(error: Exception) -> str:
    """What a page says of an error: bad input in its own words, levers as pages name them; any other is a fault, told
    to the terminal too."""
    if isinstance(error, BAD_INPUT):
        return first_up(with_named(str(error)))
    traceback.print_exception(error)
    return f"Something went wrong here ({type(error).__name__}: {error}); the terminal of the explorer says more"


class _State:
    """Of the questions of a page: which waits, since when another is at work, whether anybody is left to be told."""

    def __init__(self) -> None:
        self.lock, self.busy, self.gone = threading.Lock(), False, False
        self.wanted: tuple[Any, ...] | None = None
        self._taken = self._begun = 0.0
        self._waits = False

    def take(self) -> tuple[Any, ...]:
        """The question that waits, to be worked on from now."""
        assert self.wanted is not None
        given, self.wanted = self.wanted, None
        self._taken = self._begun = time.monotonic()
        self._waits = False
        return given

    def hear(self, share: float | None) -> None:
        """How far the work is; it begins when it has its turn."""
        if self._waits and share is not None:
            self._begun = time.monotonic()
        self._waits = share is None

    @property
    def slow(self) -> bool:
        """Whether the question has taken long enough for its page to be told how far it is."""
        return time.monotonic() - self._taken > SLOW

    def cancelled(self) -> bool:
        """Whether nobody waits any more for what is at work; see ``SLOW``."""
        lasted = self._waits or time.monotonic() - self._begun > SLOW
        return self.gone or (self.wanted is not None and lasted)

    def leave(self) -> None:
        self.gone = True


@dataclass(frozen=True)
class Job(Generic[T]):
    """Long work: ``start(work)`` runs ``work(progress, cancelled)``, ``stop`` ends it."""

    answer: Answer[T]
    start: Callable[[Callable[[Progress, Cancelled], T]], None]
    stop: Callable[[], None]


def use_job() -> Job[Any]:
    """Work that is started and stopped by hand. Leaving the page stops it."""
    told = solara.use_reactive(_Told(None, Answer[Any](busy=False)))
    current: Any = solara.use_ref(None)

    def start(work: Callable[[Progress, Cancelled], Any]) -> None:
        stop()
        ended = threading.Event()
        current.current = ended

        def progress(share: float) -> None:
            if not ended.is_set() and share - told.value.answer.share >= STEP:
                told.value = _Told(ended, Answer(busy=True, share=share))

        def body() -> None:
            try:
                found = Answer(work(progress, ended.is_set), busy=False, share=1.0)
            except KeyboardInterrupt:  # how work says that it was told to stop
                found = Answer(busy=False)
            except Exception as error:
                found = Answer(error=said(error), busy=False)
            if not ended.is_set():
                told.value = _Told(ended, found)

        told.value = _Told(ended, Answer(busy=True))
        threading.Thread(target=body, daemon=True).start()

    def stop() -> None:
        if current.current is not None:
            current.current.set()
            current.current = None
            told.value = _Told(None, Answer(busy=False))

    def leave() -> None:
        if current.current is not None:
            current.current.set()

    solara.use_effect(lambda: leave, [])
    late = told.value.by is not current.current  # said by work at the moment in which it was stopped
    return Job(Answer(busy=False) if late else told.value.answer, start, stop)


@dataclass(frozen=True)
class _Told:
    """What work has said, and which: it is known by the event that ends it."""

    by: threading.Event | None
    answer: Answer[Any]
