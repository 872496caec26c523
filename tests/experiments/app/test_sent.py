"""Text files that a browser sends: read once, and never left on disk."""

from __future__ import annotations

import pytest

from experiments.app import sent, session
from sim.passports import InputError

MOST = 20


@pytest.fixture
def arrives(tmp_path, monkeypatch):
    """``arrives(data)``: a file of this browser; what ``text_of`` is told of it."""
    waiting = {}

    class Uploads:
        def take(self, session_id, ticket, name):
            return waiting.pop((session_id, ticket), None)

    def arrive(data):
        path = tmp_path / "sent"
        path.write_bytes(data)
        waiting["mine", "ticket"] = path
        return {"ticket": "ticket", "name": "ours.yaml"}

    monkeypatch.setattr(sent, "UPLOADS", Uploads())
    monkeypatch.setattr(session, "session_id", lambda: "mine")
    return arrive


def test_a_file_is_read_once_and_removed(arrives, tmp_path):
    told = arrives("\ufeffgrößer".encode())
    assert sent.text_of(told, MOST) == "größer"
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="the file did not arrive; send it again"):
        sent.text_of(told, MOST)


@pytest.mark.parametrize(("data", "said"), [(b"x" * 21, "too large .21 bytes; the most is 20"), (b"\xff\xfe", "UTF-8")])
def test_what_is_too_large_or_no_text_is_refused_and_removed(arrives, tmp_path, data, said):
    with pytest.raises(InputError, match=f"ours.yaml: .*{said}"):
        sent.text_of(arrives(data), MOST)
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_browser_is_not_there(arrives, monkeypatch):
    told = arrives(b"x")
    monkeypatch.setattr(session, "session_id", lambda: "another")
    with pytest.raises(InputError, match="did not arrive"):
        sent.text_of(told, MOST)
