"""Work beside a page: the newest question is answered whatever came of the one before; the stopped stays stopped."""

from __future__ import annotations

import threading
import time

import reacton
import solara

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


def asking(work):
    """A page that asks ``work`` one thing: how to ask, and the answers it has seen."""
    seen = []

    @solara.component
    def Page(question):
        seen.append(use_latest(work, question))

    _, context = reacton.render(Page("first"), handle_error=False)
    return lambda question: context.render(Page(question)), seen


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
