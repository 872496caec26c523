"""Work beside a page: the newest question is answered whatever came of the one before; the stopped stays stopped."""

from __future__ import annotations

import threading
import time

import pytest
import reacton
import solara

from experiments.app import background, locks
from experiments.app.background import use_job, use_latest
from sim.passports import InputError

SOON = 10.0


def until(seen, wanted):
    """The newest of what was seen that is as wanted."""
    end = time.monotonic() + SOON
    while time.monotonic() < end:
        if seen and wanted(seen[-1]):
            return seen[-1]
        time.sleep(0.01)
    raise AssertionError(f"not within {SOON:g} s; last seen: {seen[-1:]}")


def asking(work, stops=False):
    """A page that asks ``work`` one thing: how to ask, and the answers it has seen. Asked None it is closed."""
    seen = []

    @solara.component
    def Page(question):
        seen.append(use_latest(work, question, stops=stops))

    _, context = reacton.render(Page("first"), handle_error=False)
    return lambda question: context.render(Page(question)) if question else context.close(), seen


class Endless:
    """Work that goes on until it is told to stop, or let go: which questions it began, and which were stopped."""

    def __init__(self):
        self.begun, self.stopped, self.go = [], [], threading.Event()

    def __call__(self, question, progress, cancelled):
        self.begun.append(question)
        progress(0.25)
        while not self.go.wait(0.01):
            if cancelled():
                self.stopped.append(question)
                raise KeyboardInterrupt
        return question


@pytest.fixture
def until_true():
    """``until_true(holds)``: wait for what no answer tells."""

    def wait(holds):
        end = time.monotonic() + SOON
        while not holds():
            assert time.monotonic() < end, "it did not come about"
            time.sleep(0.01)

    return wait


def test_bad_input_is_told_in_its_own_words():
    def work(question):
        raise InputError(f"no such {question}")

    _, seen = asking(work)
    assert until(seen, lambda answer: not answer.busy).error == "No such first"


def test_a_fault_is_told_and_the_next_question_answered(capfd):
    def work(question):
        if question == "first":
            raise OSError("the disk is gone")
        return question.upper()

    ask, seen = asking(work)
    told = until(seen, lambda answer: answer.error).error
    assert "OSError: the disk is gone" in told
    assert "OSError" in capfd.readouterr().err
    ask("second")
    assert until(seen, lambda answer: answer.value).value == "SECOND"


def test_of_questions_that_wait_only_the_newest_is_asked():
    begun, go, asked = threading.Event(), threading.Event(), []

    def work(question):
        asked.append(question)
        begun.set()
        assert go.wait(SOON)
        return question

    ask, seen = asking(work)
    assert begun.wait(SOON)
    for question in ("second", "third", "fourth"):
        ask(question)
    go.set()
    until(seen, lambda answer: answer.value == "fourth")
    assert asked == ["first", "fourth"]


@pytest.mark.parametrize("other", ["second", None], ids=["a newer question", "the page closed"])
def test_slow_work_that_nobody_waits_for_is_stopped(monkeypatch, until_true, other):
    monkeypatch.setattr(background, "SLOW", 0.2)
    work = Endless()
    ask, seen = asking(work, stops=True)
    until_true(lambda: work.begun == ["first"])
    ask(other)
    until_true(lambda: work.stopped == ["first"])
    if other:
        work.go.set()
        assert until(seen, lambda answer: answer.value).value == "second"
    assert [answer.value for answer in seen if answer.value] == ([other] if other else [])
    assert not any(answer.error for answer in seen)


def test_quick_work_comes_to_its_end_although_a_newer_question_waits(until_true):
    work = Endless()
    ask, seen = asking(work, stops=True)
    until_true(lambda: work.begun == ["first"])
    ask("second")
    work.go.set()
    until(seen, lambda answer: answer.value == "second")
    assert work.begun == ["first", "second"] and not work.stopped


@pytest.mark.parametrize("other", ["second", None], ids=["a newer question", "the page closed"])
def test_who_waits_for_a_turn_that_nobody_wants_any_more_never_takes_it(until_true, other):
    lock, asked, ran, ended = threading.Lock(), [], [], []

    def work(question, progress, cancelled):
        asked.append(question)
        try:
            with locks.turn(lock, cancelled, progress):
                ran.append(question)
        finally:
            ended.append(question)
        return question

    with lock:
        ask, seen = asking(work, stops=True)
        until(seen, lambda answer: answer.waits)
        ask(other)
        until_true(lambda: ended == ["first"])
    if other:
        until(seen, lambda answer: answer.value == "second" and not answer.waits)
    assert lock.acquire(timeout=SOON)
    assert ran == ([other] if other else [])


def test_slow_work_tells_how_far_it_is_and_the_next_begins_anew(monkeypatch):
    go = threading.Event()

    def work(question, progress, cancelled):
        if question == "second":
            assert go.wait(SOON)
            return question
        while not cancelled():
            progress(0.6)
            time.sleep(0.01)
        raise KeyboardInterrupt

    monkeypatch.setattr(background, "SLOW", 0.2)
    ask, seen = asking(work, stops=True)
    assert until(seen, lambda answer: answer.share).share == 0.6
    ask("second")
    assert until(seen, lambda answer: not answer.share).value is None
    go.set()
    until(seen, lambda answer: answer.value == "second")


def test_what_is_stopped_stays_stopped_whatever_the_work_says_later():
    jobs, told, go, gone = [], threading.Event(), threading.Event(), threading.Event()

    @solara.component
    def Page():
        jobs.append(use_job())

    def work(progress, cancelled):
        progress(0.3)
        told.set()
        assert go.wait(SOON)
        assert cancelled()
        progress(0.6)
        gone.set()
        return "too late"

    reacton.render(Page(), handle_error=False)
    jobs[-1].start(work)
    assert told.wait(SOON)
    until(jobs, lambda job: job.answer.share == 0.3)
    jobs[-1].stop()
    go.set()
    assert gone.wait(SOON)
    time.sleep(0.1)
    assert not jobs[-1].answer.busy and jobs[-1].answer.value is None
    jobs[-1].start(lambda *_: "anew")
    assert until(jobs, lambda job: not job.answer.busy).answer.value == "anew"
