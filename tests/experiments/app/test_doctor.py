"""The day before: each check passes where all is well, and says what to do where it is not."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess

import pytest

from experiments.app.server import doctor, serve
from experiments.cli import run


def test_a_free_port_can_be_listened_on_and_a_taken_one_cannot():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        check = doctor.listens(port)
        assert not check.fine
        assert str(port) in check.said
        assert "--port" in check.todo
    assert doctor.listens(port).fine


def test_teams_laptops_are_told_where_to_go_and_none_are_needed():
    found = doctor.network(8765, ["http://192.0.2.7:8765/", "http://198.51.100.2:8765/"])
    assert found.fine
    assert "--host 0.0.0.0" in found.said
    assert "http://192.0.2.7:8765/ or http://198.51.100.2:8765/" in found.said
    alone = doctor.network(8765, [])
    assert alone.fine
    assert "only this machine" in alone.said


def test_what_is_wrong_is_summed_up():
    checks = [doctor.Check("port", False, ""), doctor.Check("browser", True, ""), doctor.Check("model", False, "")]
    assert doctor.summary(checks) == "Not ready yet: see to port and model, then run this again."


def test_a_browser_must_start(monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda name: f"/bin/{name}" if name == "firefox" else None)
    assert "Firefox 1 starts" in doctor.opens(lambda path: "Firefox 1").said

    def broken(path: str) -> str:
        raise subprocess.CalledProcessError(1, path)

    check = doctor.opens(broken)
    assert not check.fine
    assert "does not start" in check.said
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)

    def none() -> None:
        raise doctor.webbrowser.Error

    monkeypatch.setattr(doctor.webbrowser, "get", none)
    check = doctor.opens()
    assert not check.fine
    assert "install" in check.todo


def test_all_that_pages_ask_for_is_installed_and_a_missing_or_empty_file_is_named(tmp_path):
    assets, plotly = serve.assets(), serve.plotly_folder()
    assert doctor.offline(assets, plotly).fine
    files = doctor.needed(assets, plotly)
    assert {path.suffix for path in files} >= {".js", ".css", ".woff2"}
    script = next(path for path in files if path.name.startswith("solara-vuetify-app"))
    for path in files:
        if path.is_relative_to(assets):
            copy = tmp_path / path.relative_to(assets)
            copy.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".css":
                shutil.copy(path, copy)
            else:
                copy.write_text("here")
    assert doctor.offline(tmp_path, plotly).fine
    for harm in (lambda path: path.write_text(""), lambda path: path.unlink()):
        harm(tmp_path / script.relative_to(assets))
        check = doctor.offline(tmp_path, plotly)
        assert not check.fine
        assert script.name in check.said
        assert "pip install" in check.todo
    assert not doctor.offline(assets, tmp_path).fine


def test_workshops_need_a_folder_that_can_be_written_and_read(tmp_path):
    assert doctor.keeps(tmp_path / "new" / "folder").fine
    (tmp_path / "file").write_text("")
    check = doctor.keeps(tmp_path / "file")
    assert not check.fine
    assert "UPTAKE_WORKSHOPS" in check.todo
    (tmp_path / "AAAAA.workshop.json").write_text("{")
    check = doctor.keeps(tmp_path)
    assert not check.fine
    assert "AAAAA" in check.said


@pytest.mark.parametrize(("free", "cores", "fine"), [(8 << 30, 4, True), (1 << 30, 4, False), (8 << 30, 1, False)])
def test_memory_and_cores_must_suffice(free, cores, fine):
    check = doctor.room(free, cores)
    assert check.fine == fine
    assert bool(check.todo) != fine


def test_compiled_rules_that_cannot_be_kept_are_told(monkeypatch):
    monkeypatch.setattr("sim.compiled.is_compiled", lambda: False)
    monkeypatch.setattr(doctor, "warm", lambda: None)
    check = doctor.compiled()
    assert not check.fine
    assert "UPTAKE_CACHE" in check.todo


def test_the_command_says_each_in_a_line_and_ends_with_one_where_something_fails(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "opens", lambda: doctor.Check("browser", True, "one starts"))
    monkeypatch.setattr(doctor, "room", lambda: doctor.Check("machine", True, "enough"))
    monkeypatch.setenv("UPTAKE_WORKSHOPS", os.fspath(tmp_path / "workshops"))
    assert run(["doctor", "--port", "0"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8
    assert all(line.startswith("ok  ") for line in lines[:-1])
    assert lines[-1] == "This machine is ready for a workshop."
    (tmp_path / "workshops").rmdir()
    (tmp_path / "workshops").write_text("in the way")
    assert run(["doctor", "--port", "0", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert not found["fine"]
    assert [check["name"] for check in found["checks"] if not check["fine"]] == ["workshops"]
