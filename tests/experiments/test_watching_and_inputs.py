"""Long work in view, and what users type: sizes, column maps, any mixture of words and options."""

from __future__ import annotations

import os
import sys
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments import watch
from experiments.inputs import Source, mapping, memory, samples
from experiments.watch import watched
from sim.passports import InputError

WORDS = [
    "run", "compare", "scenarios", "show", "check", "org", "make", "describe", "levers", "parameters", "trace",
    "typical", "middling", "nobody", "--org", "meridian", "--headcount", "12", "0", "-1", "1e3", "x", "", "é", "=",
    "--json", "--worlds", "--no-worlds", "--set", "levers.leaders.mandate=1", "levers.leaders.mandate=[", "--rule",
    "bass", "--map", "a=b", "--orphans", "drop", "--person", "P0003", "--threads", "2", "--memory", "1GB", "--seed",
    "--relation", "--ties", "--help", "--from", "--version", ".", "/", "~", "\x00", "--", "-", "💥",
]  # fmt: skip


def test_work_gives_its_result_and_its_failure():
    assert watched(lambda progress, cancelled: (progress(0.5), cancelled())[1], "Working") is False
    with pytest.raises(InputError, match="no"):
        watched(lambda *_: (_ for _ in ()).throw(InputError("no")), "Working")


def test_ctrl_c_leaves_the_work_behind(monkeypatch):
    told, release = threading.Event(), threading.Event()

    def work(progress, cancelled):
        release.wait(10)
        if cancelled():
            told.set()

    moments = iter([0.0])

    def interrupt():
        try:
            return next(moments)
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr(watch.time, "monotonic", interrupt)
    with pytest.raises(KeyboardInterrupt):
        watched(work, "Working")
    release.set()
    assert told.wait(10)


def test_a_bar_shows_on_a_terminal_only(monkeypatch, capfd):
    release = threading.Event()
    threading.Timer(0.3, release.set).start()
    monkeypatch.setattr(watch, "PATIENCE", 0.0)
    watched(lambda *_: release.wait(10), "Working hard")
    assert capfd.readouterr().err == ""
    release.clear()
    threading.Timer(0.3, release.set).start()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    watched(lambda progress, _: (progress(0.4), release.wait(10)), "Working hard")
    assert "Working hard" in capfd.readouterr().err


def test_the_first_run_says_that_it_compiles(monkeypatch, uptake):
    monkeypatch.setattr("sim.compiled.is_compiled", lambda: False)
    answer = uptake("run", "typical", "--headcount", 20, "--weeks", 2, "--replicates", 1, "--json")
    assert "Compiling" in answer.err and answer.json["weeks"] == 2


@pytest.mark.parametrize("text, size", [("2GB", 2 << 30), ("512 MB", 512 << 20), ("1.5gib", 3 << 29), ("1t", 1 << 40)])
def test_sizes_of_memory(text, size):
    assert memory(text) == size


@given(st.text(max_size=12))
def test_any_size_is_read_or_refused(text):
    try:
        assert memory(text) >= 64 << 20
    except InputError as error:
        assert "--memory" in str(error)


@given(st.lists(st.text(max_size=10), max_size=4))
def test_any_map_is_read_or_refused(texts):
    try:
        found = mapping(texts)
    except InputError as error:
        assert "--map" in str(error)
    else:
        assert all(field and column for field, column in found.items())


def test_every_sample_can_be_used():
    for name in samples():
        assert Source(org=name).load().headcount > 100


def test_an_organisation_does_not_depend_on_the_seed_of_a_run(uptake):
    small = ("--headcount", 40, "--weeks", 2, "--replicates", 1, "--json")
    one, other = (uptake("run", "typical", *small, "--seed", seed).json["organisation"] for seed in (1, 2))
    assert one == other


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(WORDS), max_size=7))
def test_any_words_are_answered(uptake, tmp_path, words):
    """No mixture of words and options ends in a traceback (small runs only: the sizes come last and win)."""
    before = os.getcwd()
    os.chdir(tmp_path)
    try:
        tail = ["--weeks", "2", "--replicates", "1"] if {"run", "compare"} & set(words[:1]) else []
        answer = uptake(*words, *tail)
    finally:
        os.chdir(before)
    assert answer.code in (0, 2), answer.err
    assert "Traceback" not in answer.err
    assert list(tmp_path.iterdir()) == []
