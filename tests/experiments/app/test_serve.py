"""A real explorer: where it listens, whom it lets in, and what it leaves behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from experiments.app.server import reach, scratch, serve
from sim.passports import InputError

START = 120.0
"""Seconds: the first start on a machine compiles the model."""


@pytest.fixture
def started(tmp_path) -> Iterator[object]:
    """``started(*options)``: a process of ``uptake explore`` and its lines up to the one that says it is open."""
    running = []

    def start(*options: str) -> tuple[subprocess.Popen[str], list[str]]:
        process = subprocess.Popen(
            [sys.executable, "-m", "experiments.cli", "explore", "--no-browser", *options], text=True,
            env={**os.environ, "TMPDIR": str(tmp_path), "UPTAKE_WORKSHOPS": str(tmp_path / "workshops")},
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )  # fmt: skip
        running.append(process)
        lines = []
        for line in process.stderr:
            lines.append(line.strip())
            if "Stop it with" in line:
                return process, lines
        raise AssertionError("".join(lines))

    yield start
    for process in running:
        process.kill()
        process.wait()


def _status(address: str, cookie: str = "") -> int:
    request = urllib.request.Request(address, headers={"Cookie": cookie} if cookie else {})
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_folder_of_uploads_goes_with_the_process(started, tmp_path, ending):
    process, lines = started("--port", "0")
    _upload(lines)
    (folder,) = tmp_path.glob("uptake-*")
    assert len(list(folder.iterdir())) == 1
    began = time.monotonic()
    process.send_signal(ending)
    process.wait(10)
    assert time.monotonic() - began < 5
    assert list(tmp_path.glob("uptake-*")) == []


def test_the_folder_of_one_that_was_killed_goes_when_another_starts(started, tmp_path):
    """And no folder of one that runs."""
    process, lines = started("--port", "0")
    _upload(lines)
    (left,) = tmp_path.glob("uptake-*")
    process.kill()
    process.wait(10)
    assert len(list(left.iterdir())) == 1
    started("--port", "0")
    (kept,) = tmp_path.glob("uptake-*")
    assert kept != left
    started("--port", "0")
    assert len(list(tmp_path.glob("uptake-*"))) == 2
    assert kept.exists()


def test_folders_of_others_are_let_alone(tmp_path, monkeypatch):
    """Of another user, of another machine, of no process, and what is only called so."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(10)
    gone = f"{scratch.PREFIX}{ended.pid}-a"
    kept = [f"uptake-explorer-elsewhere-{ended.pid}-a", *(f"{scratch.PREFIX}{each}-a" for each in ("x", "9" * 30))]
    for name in (gone, *kept):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    with monkeypatch.context() as another:
        another.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
        scratch.remove_abandoned()
    assert (tmp_path / gone).exists()
    scratch.remove_abandoned()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)


def _upload(lines: list[str]) -> None:
    """Send a file to an explorer that said these lines."""
    address = re.search(r"http://\S+", lines[-2])[0]
    session = {"Cookie": "solara-session-id=mine"}
    sent = urllib.request.Request(f"{address}uptake/upload", data=b"employee_id\n", headers=session, method="POST")
    with urllib.request.urlopen(sent, timeout=10) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("host", ["127.0.0.2", "0.0.0.0"])
def test_beyond_this_machine_there_is_a_key_and_loopback_answers_as_well(started, host):
    """127.0.0.2 stands for an address of the local network: it is not among the names of loopback."""
    _, lines = started("--port", "0", "--host", host)
    told = "\n".join(lines)
    mine, key = re.search(r"open at (http://127\.0\.0\.1:\d+/)\?key=(\S+)", told).groups()
    guests = re.findall(r"Others join at (http://\S+)", told)
    if host != "0.0.0.0":
        assert guests == [mine.replace("127.0.0.1", host)]
    assert bool(guests) != ("on no network" in told)
    for address in (mine, *guests):
        assert _status(address) == 401
        assert _status(f"{address}?key=wrong") == 401
        assert _status(f"{address}?key={key}") == 303
        assert _status(address, f"uptake-key={key}") == 200


def test_without_a_host_only_this_machine_is_listened_to_and_no_key_is_told(started):
    _, lines = started("--port", "0")
    told = "\n".join(lines)
    assert "key" not in told
    assert "Others" not in told
    address = re.search(r"http://127\.0\.0\.1:(\d+)/", told)
    assert _status(address[0]) == 200
    with socket.socket() as other, pytest.raises(OSError):
        other.settimeout(2)
        other.connect(("127.0.0.2", int(address[1])))


def test_without_a_network_nobody_is_sent_to_an_address_of_no_use(monkeypatch):
    open_, alone = reach.Address("0.0.0.0", 8765, "key"), reach.Address("127.0.0.1", 8765, None)
    loopback = SimpleNamespace(family=socket.AF_INET, address="127.0.0.1")
    card = SimpleNamespace(family=socket.AF_INET, address="192.0.2.7")
    monkeypatch.setattr("psutil.net_if_addrs", lambda: {"lo": [loopback], "en0": [card]})
    assert open_.guests == ["http://192.0.2.7:8765/"]
    monkeypatch.setattr("psutil.net_if_addrs", lambda: {"lo": [loopback]})
    assert open_.guests == [] and open_.open_to_others
    assert alone.guests == [] and not alone.open_to_others


def test_an_address_of_no_use_is_refused_in_a_sentence():
    with pytest.raises(InputError, match="--host"):
        serve.listening("no such host.", 0)
    with pytest.raises(InputError, match="--port"):
        serve.listening("127.0.0.1", 70_000)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError, match="another with --port"):
            serve.listening("127.0.0.2", taken.getsockname()[1])  # its loopback is not to be had
