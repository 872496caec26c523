"""The presenter's view: one thing large, walked through with the keys of a presenter's remote control."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

FIGURE = "[data-drawn]"
PROJECTORS = [(1280, 720), (1920, 1080)]


def present(page, address: str) -> None:
    """Open a page and present what it shows."""
    page.goto(address)
    page.get_by_role("button", name="Present").click()
    page.get_by_role("button", name="End the presentation").wait_for()


def assert_nothing_to_scroll_to(page) -> None:
    """A room sees all of it, in the end."""
    page.wait_for_function("document.documentElement.scrollHeight <= window.innerHeight + 1")


def height_of(page, name: str) -> float:
    """Pixels that the letters of a heading are high."""
    return page.get_by_role("heading", name=name).evaluate("element => parseFloat(getComputedStyle(element).fontSize)")


def test_the_presented_page_is_larger_and_without_its_controls(page, server, assert_pictured):
    page.goto(server)
    heading = "A generated organisation"
    page.get_by_role("heading", name=heading).wait_for()
    small = height_of(page, heading)
    page.get_by_role("button", name="Present").click()
    page.get_by_role("button", name="End the presentation").wait_for()
    expect(page.get_by_role("tab", name="Programme")).to_have_count(0)
    expect(page.get_by_text("Draw another")).to_be_hidden()
    assert height_of(page, heading) > 1.15 * small
    assert_pictured(page, "presenting-organisation")


def test_the_keys_of_a_remote_control_walk_through_everything_and_back(page, server):
    """Page Down from the first to the last, Page Up back; Escape returns to the page that was presented."""
    present(page, f"{server}/?headcount=40&replicates=8")
    strip = page.locator("footer")
    walk = ("Organisation", "Programme: Timeline", "Watch", "Compare: Habitual use", "Compare: Active")
    for said in walk:
        expect(strip).to_contain_text(said)
        page.keyboard.press("PageDown")
    expect(strip).to_contain_text("Compare: Stages")
    for said in reversed(walk):
        page.keyboard.press("PageUp")
        expect(strip).to_contain_text(said)
    page.keyboard.press("PageDown")
    expect(strip).to_contain_text("Timeline")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tab", name="Timeline")).to_have_attribute("aria-selected", "true")
    expect(page).to_have_url(re.compile(r"\?(?!.*present).*headcount=40"))


def test_the_address_presents_in_a_window_of_its_own(page, server):
    """A second window on the projector, while the first is worked in."""
    page.goto(f"{server}/compare?present=1&view=stages&headcount=40&replicates=8")
    page.locator(FIGURE).wait_for()
    expect(page.locator("footer")).to_contain_text("Compare: Stages")


def test_what_has_nothing_to_show_is_not_walked_through(page, server):
    """A single plan has no differences, nothing was computed of what matters, and no workshop is open."""
    page.goto(f"{server}/compare?present=1&view=reach&headcount=40&replicates=8&plan=Ours|typical")
    expect(page.locator("footer")).to_contain_text("Compare: Tried")
    expect(page.get_by_role("button", name="Before")).to_be_enabled()
    expect(page.get_by_role("button", name="Next")).to_be_disabled()


def test_what_plays_plays_on_when_it_is_presented(page, server):
    page.goto(f"{server}/watch?headcount=40&replicates=8")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Present").click()
    page.get_by_role("button", name="End the presentation").wait_for()
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".uptake-week b")).not_to_have_text("0")


def test_a_name_of_one_long_word_stays_on_the_screen(page, server):
    plans = f"plan={'W' * 60}|typical&plan={'M' * 60}|middling&plan=c|well-run&headcount=40&replicates=8"
    page.goto(f"{server}/compare?present=1&{plans}")
    page.locator(FIGURE).wait_for()
    page.wait_for_function("document.documentElement.scrollWidth <= window.innerWidth")
    page.goto(f"{server}/compare?{plans}")
    page.locator("tbody").wait_for()
    page.wait_for_function(
        "(table => table.scrollWidth <= table.clientWidth)(document.querySelector('.v-data-table__wrapper'))"
    )


@pytest.mark.parametrize(("width", "height"), PROJECTORS)
@pytest.mark.parametrize("at", ["?", "programme?", "watch?", "compare?view=adoption&", "compare?view=differences&"])
def test_it_fits_the_screen(visitors, server, assert_pictured, at, width, height):
    page = visitors(width, height)
    page.goto(f"{server}/{at}present=1")
    page.locator(f"main {FIGURE}, main .uptake-calendar").first.wait_for()
    assert_nothing_to_scroll_to(page)
    assert_pictured(page, f"presenting-{at.split('?')[0] or 'organisation'}-{at[-12:-1].rpartition('=')[2]}-{width}")
