"""The keys of an explorer that others can reach: the same after a restart, new on another day, nobody else's."""

from __future__ import annotations

import os
import stat
import time

import pytest

from experiments.app.server import keys


def test_they_are_the_same_after_a_restart_and_this_users_alone(tmp_path):
    folder = tmp_path / "workshops"
    first = keys.kept(folder)
    assert keys.kept(folder) == first
    assert first.facilitator != first.guest
    if os.name == "posix":
        assert stat.S_IMODE((folder / keys.FILE).stat().st_mode) == 0o600


def test_a_day_later_they_are_new_and_a_start_makes_the_day_begin_anew(tmp_path):
    first = keys.kept(tmp_path)

    def last_start(hours: float) -> None:
        then = time.time() - hours * 3600
        os.utime(tmp_path / keys.FILE, (then, then))

    for _ in range(2):
        last_start(23)
        assert keys.kept(tmp_path) == first
    last_start(25)
    again = keys.kept(tmp_path)
    assert again.facilitator != first.facilitator and again.guest != first.guest


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"facilitator": "x"}', '{"facilitator": "", "guest": ""}', '{"facilitator": 1, "guest": 2}'],
)
def test_a_file_that_is_none_opens_nothing(tmp_path, text):
    (tmp_path / keys.FILE).write_text(text, encoding="utf-8")
    found = keys.kept(tmp_path)
    assert min(len(found.facilitator), len(found.guest)) >= 12
    assert keys.kept(tmp_path) == found


def test_where_nothing_can_be_kept_there_are_keys_nonetheless(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    one, other = (keys.kept(tmp_path / "file" / "workshops") for _ in range(2))
    assert one != other
