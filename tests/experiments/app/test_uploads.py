"""Files on their way in: bounded, kept only whole, handed only to whoever sent them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from experiments.app.server import uploads
from experiments.app.server.uploads import SESSION_COOKIES, Uploads

MINE = {"cookie": f"{SESSION_COOKIES[0]}=mine"}
MOST = 10_000


@pytest.fixture
def kept(tmp_path, monkeypatch) -> Uploads:
    monkeypatch.setattr(uploads, "MOST_BYTES", MOST)
    return Uploads(tmp_path)


@pytest.fixture
def send(ask, kept) -> Callable[..., Any]:
    """``send(*parts, **headers)``: the status, and what the answer says."""

    async def route(scope: Any, receive: Any, send: Any) -> None:
        await (await kept.receive(Request(scope, receive)))(scope, receive, send)

    def sent(*parts: bytes | None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        heard = ask(route, method="POST", headers=MINE if headers is None else headers, parts=parts)
        return heard.status, json.loads(heard.text)

    return sent


def test_a_file_comes_back_whole_and_once(kept, send):
    content = bytes(range(256)) * 30
    status, said = send(content[:100], content[100:])
    assert (status, said["bytes"]) == (200, len(content))
    path = kept.take("mine", said["ticket"], "People.CSV")
    assert path.read_bytes() == content
    assert path.suffix == ".csv"
    assert kept.take("mine", said["ticket"], "People.CSV") is None


def test_a_file_as_large_as_allowed_passes(send):
    assert send(b"x" * MOST, headers={**MINE, "content-length": str(MOST)})[0] == 200


def test_one_that_says_it_is_too_large_is_refused_unread(send, tmp_path):
    status, said = send(b"x", headers={**MINE, "content-length": str(MOST + 1)})
    assert status == 413
    assert "larger than" in said["error"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("headers", [MINE, {**MINE, "content-length": "3"}])
def test_one_that_does_not_say_is_counted_as_it_comes_and_leaves_nothing(ask, kept, tmp_path, headers):
    """What it would go on sending is not asked for."""
    read = [0]

    def parts() -> Iterator[bytes]:
        for _ in range(1000):
            read[0] += 1
            yield b"x" * 1000

    async def route(scope: Any, receive: Any, send: Any) -> None:
        await (await kept.receive(Request(scope, receive)))(scope, receive, send)

    assert ask(route, method="POST", headers=headers, parts=parts()).status == 413
    assert read[0] == MOST // 1000 + 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("length", ["", "-5", "many", "1e9"])
def test_a_length_that_makes_no_sense_is_not_believed(send, length):
    assert send(b"abc", headers={**MINE, "content-length": length})[0] == 200


def test_one_that_breaks_off_leaves_nothing(send, tmp_path):
    assert send(b"half", None)[0] == 400
    assert list(tmp_path.iterdir()) == []


def test_a_ticket_is_for_the_session_that_sent_it(kept, send):
    ticket = send(b"x")[1]["ticket"]
    assert kept.take("another", ticket, "people.csv") is None
    assert kept.take("mine", "../" + ticket, "people.csv") is None
    assert kept.take("mine", ticket, "people.csv") is not None


def test_without_a_session_nothing_is_kept(send, tmp_path):
    assert send(b"x", headers={})[0] == 403
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("../../etc/passwd", ""), ("people.csv/../../x", ""), ("a.c\x00sv", ".csv"), ("a.csv;rm -rf", ".csvrmrf"),
        ("a.ｃｓｖ", ""), ("C:\\people.xlsx", ".xlsx"), ("a." + "x" * 500, "." + "x" * 11), ("", ""), (".csv", ""),
    ],
)  # fmt: skip
def test_of_a_files_name_only_a_harmless_ending_is_taken(kept, send, tmp_path, name, ending):
    path = kept.take("mine", send(b"x")[1]["ticket"], name)
    assert path.parent == tmp_path
    assert path.suffix == ending
    assert path.exists()


def test_of_files_that_nobody_takes_up_the_oldest_go(kept, send, tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_WAITING", 3)
    tickets = [send(b"x")[1]["ticket"] for _ in range(5)]
    assert len(list(tmp_path.iterdir())) == 3
    assert kept.take("mine", tickets[1], "a.csv") is None
    assert isinstance(kept.take("mine", tickets[2], "a.csv"), Path)
