"""The page Compare as a person uses it: a lever turned by key and by mouse, each view, one to four programmes."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from experiments import outcomes, words
from experiments.app.plans import plan
from experiments.compare import compare
from sim.organisation import generate

SIZE = "headcount=60&weeks=26&replicates=16"
AS_SIZE = ("--headcount", "60", "--weeks", "26", "--replicates", "16")
NAMES = ("typical", "middling", "well-run", "crawl-walk-run")
VIEWS = {"Habitual use": "adoption", "Active": "active", "Stages": "stages", "Logged": "logged", "Tried": "reach",
         "Differences": "differences"}  # fmt: skip
SANE = 10.0
"""Seconds in which a key must show in the figure, whatever else the machine does."""


def _plans(count: int) -> str:
    return "&".join(f"plan={name}%7C{name}" for name in NAMES[:count])


def _open(page, server: str, query: str = "", count: int = 2) -> None:
    page.goto(f"{server}/compare?{SIZE}&{_plans(count)}{query}")
    page.locator("[data-drawn]").wait_for()


def _drawn(page) -> int:
    return int(page.locator("[data-drawn]").get_attribute("data-drawn"))


def _wait_drawn(page, before: int) -> None:
    page.wait_for_function(f"Number(document.querySelector('[data-drawn]').dataset.drawn) > {before}",
                           timeout=SANE * 1000)  # fmt: skip


def _compared(*changes: dict[str, str]):
    """What the page must show of the library's programmes, changed."""
    scenarios = [plan(name, name, changed).scenario for name, changed in zip(NAMES, changes, strict=False)]
    return compare(scenarios, generate(60, 1), weeks=26, replicates=16, seed=1)


def _assert_shows(page, c) -> None:
    """Every number of a comparison, wherever it stands."""
    for sentence in words.verdicts(c):
        expect(page.locator("main")).to_contain_text(sentence)
    for key in outcomes.SHOWN:
        outcome = outcomes.ALL[key]
        row = page.locator("tbody tr").filter(has=page.get_by_title(outcome.meaning, exact=True))
        cells = row.locator("td")
        expect(cells).to_have_count(1 + len(c.names))
        for place, name in enumerate(c.names, 1):
            cell = expect(cells.nth(place))
            cell.to_contain_text(words.number(c.at_end[name][key].mean, outcome))
            cell.to_contain_text(words.interval(c.at_end[name][key], outcome))
        for place, name in enumerate(c.names[1:], 2):
            d = c.difference(name, key)
            if d.same:
                expect(cells.nth(place)).to_contain_text("the same in all worlds")
            elif d.low is not None:
                expect(cells.nth(place)).to_contain_text(
                    f"{words.change(d.mean, outcome)} ({words.interval(d, outcome)})"
                )
            if (share := words.often(d)) is not None:
                expect(cells.nth(place)).to_contain_text(f"better in {words.percent(share)}")
            else:
                expect(cells.nth(place)).not_to_contain_text("better in")


def test_a_lever_turned_by_key_moves_verdict_and_figure_in_sight(page, server, assert_pictured):
    _open(page, server)
    before = _compared({}, {})
    page.get_by_text(words.verdicts(before)[0]).wait_for()
    _assert_shows(page, before)
    figure, slider = page.locator("[data-drawn]").bounding_box(), page.get_by_role("slider")
    assert figure["y"] + figure["height"] <= 720  # with the slider, without scrolling
    assert slider.bounding_box()["y"] > 0
    slider.focus()
    for _ in range(8):
        drawn = _drawn(page)
        page.keyboard.press("ArrowRight")
        _wait_drawn(page, drawn)
    after = _compared({"levers.managers.inspection": "0.4"}, {})
    assert words.verdicts(after) != words.verdicts(before)
    page.get_by_text(words.verdicts(after)[0]).wait_for()
    _assert_shows(page, after)
    assert_pictured(page, "compare-turned")
    page.get_by_role("button", name="Reset managers: inspection to 0, as in typical").click()
    page.get_by_text(words.verdicts(before)[0]).wait_for()


def test_it_says_what_the_command_line_says(page, server):
    told = json.loads(subprocess.run(
        [sys.executable, "-m", "experiments.cli", "compare", *NAMES[:3], "--json", *AS_SIZE],
        capture_output=True, text=True, check=True,
    ).stdout)  # fmt: skip
    _open(page, server, count=3)
    for sentence in told["verdicts"]:
        page.get_by_text(sentence).wait_for()


def test_a_dragged_slider_draws_before_it_is_let_go(page, server):
    _open(page, server)
    thumb, track = (page.locator(name).first.bounding_box() for name in (".v-slider__thumb", ".v-slider"))
    high = thumb["y"] + thumb["height"] / 2
    page.mouse.move(thumb["x"] + thumb["width"] / 2, high)
    page.mouse.down()
    for share in (0.3, 0.5, 0.8):
        drawn = _drawn(page)
        page.mouse.move(track["x"] + share * track["width"], high, steps=5)
        _wait_drawn(page, drawn)
    page.mouse.move(track["x"] + track["width"] + 40, high, steps=5)  # to its end
    page.mouse.up()
    page.get_by_text(words.verdicts(_compared({"levers.managers.inspection": "1"}, {}))[0]).wait_for()
    slider = page.get_by_role("slider").first
    expect(slider).to_have_attribute("aria-valuenow", slider.get_attribute("aria-valuemax"))


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_one_to_four_programmes_in_every_view(page, server, assert_pictured, count):
    _open(page, server, count=count)
    for label, key in VIEWS.items():
        tab = page.get_by_role("tab", name=label)
        if count == 1 and key == "differences":
            expect(tab).to_have_count(0)
            continue
        described = page.locator("[data-drawn]").get_attribute("aria-label")
        tab.click()
        if key != "adoption":
            page.wait_for_url(re.compile(f"view={key}"))
        if key not in ("adoption", "active"):  # two panels of one figure
            page.wait_for_function(
                "old => document.querySelector('[data-drawn]').getAttribute('aria-label') !== old", arg=described
            )
        assert_pictured(page, f"compare-{count}-{key}")
    main = page.locator("main")
    if count == 1:
        expect(main).to_contain_text(words.reached(_compared({})))
        expect(main).to_contain_text("Add a second programme")
    else:
        _assert_shows(page, _compared(*[{}] * count))
    assert ("best of all" in main.inner_text()) == (count > 2)


def test_the_address_restores_view_and_lever(page, server):
    _open(page, server, "&view=stages&lever=champions.one_per")
    page.get_by_text("champions: one per").first.wait_for()
    expect(page.get_by_role("tab", name="Stages")).to_have_attribute("aria-selected", "true")
    page.locator(".v-select", has_text="Lever").click()
    page.locator(".v-menu__content.menuable__content__active").get_by_text("training: task focus", exact=True).click()
    page.wait_for_url(re.compile("lever=training.task_focus"))
    page.reload()
    page.get_by_text("training: task focus").first.wait_for()
    expect(page.get_by_role("tab", name="Stages")).to_have_attribute("aria-selected", "true")


def test_in_the_dark_and_on_a_phone(visitors, server, assert_pictured):
    page = visitors(390, 844, dark=True)
    _open(page, server)
    verdict = page.get_by_text("typical in").first
    verdict.wait_for()
    expect(verdict).to_have_css("color", "rgb(255, 255, 255)")
    expect(page.locator("th").nth(1)).to_have_css("border-bottom-color", "rgb(242, 242, 242)")
    assert_pictured(page, "compare-phone-dark", full=True)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080), (1024, 768)])
def test_presented_one_figure_with_one_sentence_fills_the_window(visitors, server, assert_pictured, width, height):
    page = visitors(width, height)
    _open(page, server, "&present=1&view=stages", count=4)
    page.get_by_text(words.headline(_compared(*[{}] * 4))).wait_for()
    page.wait_for_function("document.documentElement.scrollHeight <= window.innerHeight")
    expect(page.get_by_role("slider").or_(page.locator("table"))).to_have_count(0)
    assert page.locator("[data-drawn]").bounding_box()["height"] > height * 0.55
    assert_pictured(page, f"compare-presented-{width}")
