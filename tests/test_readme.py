"""The README's examples run as they stand: every fenced block but the first two, which install the package."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.M | re.S)


def test_the_first_two_blocks_install_and_compare_install_and_test():
    (first, compare), (second, test) = BLOCKS[:2]
    assert first == second == "sh"
    assert "pip install" in compare and "uptake compare" in compare
    assert "pip install" in test and "[test]" in test and "pytest" in test


def test_the_shell_blocks_run_in_their_order(tmp_path):
    script = "\n".join(code for language, code in BLOCKS[2:] if language == "sh")
    uptake = tmp_path / "bin" / "uptake"
    uptake.parent.mkdir()
    uptake.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from experiments.cli import main; main()" "$@"\n')
    uptake.chmod(0o755)
    environment = {**os.environ, "PATH": f"{uptake.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-e", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert (tmp_path / "results" / "manifest.json").exists()


@pytest.mark.parametrize("code", [code for language, code in BLOCKS if language == "python"])
def test_the_python_blocks_run(code, tmp_path):
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def test_links_lead_somewhere():
    text = (ROOT / "README.md").read_text("utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (ROOT / target).exists(), target
