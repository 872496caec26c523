"""``uptake explore --org``: pages begin with those people, and nobody is named."""

from __future__ import annotations

import subprocess
import sys

from playwright.sync_api import expect

from experiments.inputs import Source


def test_pages_begin_with_the_roster(visitors, explorer, tmp_path):
    known = Source("meridian").load()
    with explorer(tmp_path / "workshops", "--org", "meridian") as address:
        page = visitors()
        page.goto(address)
        page.get_by_text("317", exact=True).first.wait_for()
        assert not any(str(person) in page.content() for person in known.ids[:50])
        page.reload()
        page.get_by_text("317", exact=True).first.wait_for()
        visitors.close()


def test_a_roster_that_is_not_there_is_said(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "experiments.cli", "explore", "--no-browser", "--port", "0", "--org", "nobody.csv"],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 2 and "nobody.csv" in done.stderr and "Traceback" not in done.stderr


def test_pages_begin_with_as_many_people_as_are_asked_for(visitors, explorer, tmp_path):
    with explorer(tmp_path / "workshops", "--headcount", "83") as address:
        page = visitors()
        page.goto(address)
        expect(page.get_by_text("Everyone: 83 people")).to_be_visible()
        visitors.close()
