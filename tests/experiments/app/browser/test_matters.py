"""The page What matters as a person uses it: a map, a tornado, cancelled, left, and of an earlier setting."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from experiments.app.pages.matters.studying import ACROSS, UP

SMALL = "headcount=60&weeks=26&replicates=16&plan=middling%7Cmiddling&plan=typical%7Ctypical"
AS_SMALL = ("--headcount", "60", "--weeks", "26", "--replicates", "16")
LONG = 120_000
"""Milliseconds for what a page says takes seconds: other tests share the cores."""
AT_ONCE = 10.0
"""Seconds within which a cancel is seen, whatever else the machine does."""
TOO_LONG = re.compile(r"It will take about (\d\d+ seconds|[89] seconds|\d+ minute)")
"""What does not start by itself."""


@pytest.fixture(scope="module")
def place(explorer, tmp_path_factory):
    """An explorer whose temporary files can be looked at: its address and their folder."""
    folder = tmp_path_factory.mktemp("explorer")
    with explorer(folder / "workshops") as address:
        yield address, folder


def _open(page, address: str, query: str = SMALL) -> None:
    page.goto(f"{address}/matters?{query}")


def _compute(page) -> None:
    """What is found for the first time; a slow machine asks before it starts."""
    page.locator("[data-drawn]").or_(page.get_by_text(TOO_LONG)).first.wait_for(timeout=LONG)
    if not page.locator("[data-drawn]").count():
        page.get_by_role("button", name="Compute").click()
    page.locator("[data-drawn]").wait_for(timeout=LONG)
    page.get_by_role("button", name="Compute").wait_for(timeout=LONG)


def _chosen(page, label: str, wanted: str) -> None:
    page.get_by_role("button", name=label).or_(page.locator(".v-select", has_text=label)).first.click()
    page.locator(".v-menu__content.menuable__content__active").get_by_text(wanted, exact=True).click()


def _studies(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*/uptake-*/*") if path.is_dir()]


def test_the_map_says_what_the_command_line_says(page, place, assert_pictured):
    _open(page, place[0])
    _compute(page)
    told = subprocess.run(
        [sys.executable, "-m", "experiments.cli", "tipping", ACROSS, UP, "--json",
         *AS_SMALL], capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for sentence in (*json.loads(told)["sentences"], "Chance: a point holds 16 worlds"):
        expect(page.locator("main")).to_contain_text(sentence)
    assert_pictured(page, "matters-map", full=True)


def test_another_level_of_success_is_seen_at_once(page, place):
    _open(page, place[0])
    _compute(page)
    drawn = int(page.locator("[data-drawn]").get_attribute("data-drawn"))
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    page.get_by_text("Success: habitual at least 45 %", exact=True).first.wait_for()
    page.wait_for_function(f"Number(document.querySelector('[data-drawn]').dataset.drawn) > {drawn}")
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)


def test_what_is_short_starts_by_itself_but_never_replaces_a_picture(page, place):
    _open(page, place[0], "headcount=10&weeks=4&replicates=1")
    page.get_by_text("The map shows in how many of them it succeeds").wait_for()
    page.locator("[data-drawn]").wait_for(timeout=LONG)
    expect(page.get_by_text("earlier setting")).to_have_count(0)
    _chosen(page, "Plan", "middling")
    page.get_by_text("an earlier setting: since then you changed the programme.").wait_for()
    page.get_by_text("It will take about").wait_for(timeout=LONG)
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)


def test_a_picture_of_an_earlier_setting_is_marked_until_it_is_computed_anew(page, place, assert_pictured):
    _open(page, place[0])
    _compute(page)
    expect(page.get_by_text("earlier setting")).to_have_count(0)
    _chosen(page, "Plan", "typical")
    page.get_by_text("since then you changed the programme").wait_for()
    page.get_by_role("tab", name="Compare").click()
    page.get_by_role("tab", name="What matters").click()
    page.get_by_text("since then you changed the programme").wait_for()  # it is still there, and still marked
    assert_pictured(page, "matters-earlier")
    page.get_by_role("button", name="Compute").click()
    page.get_by_text("earlier setting").wait_for(state="detached", timeout=LONG)


def test_presented_it_is_the_picture_with_its_first_sentence_or_says_what_to_do(page, place, assert_pictured):
    _open(page, place[0], f"{SMALL}&present=1&view=flips")
    page.get_by_text("Nothing is computed yet").wait_for()
    page.keyboard.press("Escape")
    _compute(page)
    first = page.get_by_text("Success flips").or_(page.get_by_text("worlds succeed")).first.inner_text()
    page.get_by_role("button", name="Present: one thing large, for a room").click()
    page.get_by_role("button", name="End the presentation (Escape)").wait_for()
    page.get_by_text(first).wait_for()
    page.locator("[data-drawn]").wait_for()
    page.wait_for_function("document.documentElement.scrollHeight <= window.innerHeight")
    expect(page.get_by_role("button", name="Compute").or_(page.get_by_role("slider"))).to_have_count(0)
    assert_pictured(page, "matters-presented")


def test_a_tornado_says_what_decides_and_leaves_no_file(page, place, assert_pictured):
    address, folder = place
    _open(page, address, f"{SMALL}&view=decides")
    _compute(page)
    for said in ("decides most", "Chance:"):
        expect(page.locator("main")).to_contain_text(said)
    assert_pictured(page, "matters-tornado", full=True)
    page.get_by_role("tab", name="All that was screened").click()
    page.get_by_text("Morris screening").wait_for()
    assert _studies(folder) == []


@pytest.mark.parametrize("leaving", ["cancel", "another page", "closed"])
def test_what_is_cancelled_or_left_stops_and_leaves_nothing(page, place, until, leaving):
    address, folder = place
    _open(page, address, f"{SMALL.replace('headcount=60', 'headcount=3000')}&view=decides")
    _chosen(page, "What varies", "Every lever of a programme")
    page.get_by_role("button", name="Compute").click()
    page.get_by_role("progressbar").first.wait_for()
    until(lambda: len(_studies(folder)) == 1, seconds=LONG / 1000)
    began = time.monotonic()
    if leaving == "cancel":
        page.get_by_role("button", name="Cancel").click()
        page.get_by_role("button", name="Compute").wait_for()
        assert time.monotonic() - began < AT_ONCE
    elif leaving == "another page":
        page.get_by_role("tab", name="Programme").click()
    else:
        page.close()
    until(lambda: _studies(folder) == [])


def test_what_is_computed_goes_on_while_it_is_presented(page, place, until):
    address, folder = place
    _open(page, address, f"{SMALL.replace('headcount=60', 'headcount=3000')}&view=decides")
    _chosen(page, "What varies", "Every lever of a programme")
    page.get_by_role("button", name="Compute").click()
    until(lambda: len(_studies(folder)) == 1, seconds=LONG / 1000)
    running = _studies(folder)
    page.get_by_role("button", name="Present").click()
    page.get_by_role("button", name="End the presentation").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Cancel").wait_for()
    assert _studies(folder) == running
    page.get_by_role("button", name="Cancel").click()
    until(lambda: _studies(folder) == [])


def test_on_a_phone_it_fits(visitors, place, assert_pictured):
    page = visitors(390, 844, dark=True)
    _open(page, place[0])
    _compute(page)
    assert_pictured(page, "matters-phone", full=True)
