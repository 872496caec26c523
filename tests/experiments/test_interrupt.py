"""Ctrl-C on a real process: it stops at once and leaves nothing half-done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

SOON = 2.0
"""Seconds within which a stopped command must be gone."""


def heed_ctrl_c() -> None:
    """A shell that runs the tests in the background has its children ignore Ctrl-C: as from a keyboard again."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("after", [0.9, 3.0, 5.0])
@pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX")
def test_ctrl_c_stops_at_once(tmp_path, after):
    """A run that would take minutes, stopped while it imports, prepares or computes."""
    out = tmp_path / "out"
    command = [sys.executable, "-m", "experiments.cli", "compare", "typical", "well-run", "--headcount", "40000",
               "--replicates", "512", "--out", str(out), "--json"]  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heed_ctrl_c
    )
    time.sleep(after)
    assert process.poll() is None
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)
    try:
        written, said = process.communicate(timeout=30)
    finally:
        process.kill()
    assert time.monotonic() - sent < SOON
    assert process.returncode == 130
    assert written == "" and "Traceback" not in said and "stopped" in said
    assert list(tmp_path.iterdir()) == []
