"""The first page of the explorer, as it opens."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from experiments.app.pages.tabs import TABS

UNDERLINED = """() => [...document.querySelectorAll('.v-tabs')].every((tabs) => {
  const [tab, line] = ['.v-tab--active', '.v-tabs-slider-wrapper'].map(
    (part) => tabs.querySelector(part).getBoundingClientRect());
  return Math.abs(tab.left - line.left) < 3 && Math.abs(tab.width - line.width) < 3;
})"""
"""Of every row of tabs."""
FIRST_PAINT = 5.0
"""Seconds within which the first page must show."""


def assert_underlined(page) -> None:
    """In the end: letters that come late move the tabs."""
    page.wait_for_function(UNDERLINED)


def test_the_first_page_opens_soon_and_every_tab_by_keyboard(page, server, assert_pictured):
    """Tabs are reached by Tab and opened by Enter; nothing is asked of another host (see the fixture)."""
    began = time.monotonic()
    page.goto(server)
    page.get_by_role("tab", name="Organisation").wait_for()
    assert time.monotonic() - began < FIRST_PAINT
    assert_pictured(page, "first")
    for _ in range(12):
        page.keyboard.press("Tab")
        if "Programme" in page.evaluate("document.activeElement.innerText || ''"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/programme*")


def test_light_or_dark_is_said_chosen_and_kept(visitors, server):
    """At first as the device has it, here dark; then dark, then light."""
    page = visitors(dark=True)
    page.goto(server)
    dark = page.locator("#app.theme--dark")
    page.get_by_role("button", name="Light or dark: as this device has it").click()
    dark.wait_for()
    page.get_by_role("button", name="Light or dark: dark").click()
    page.get_by_role("button", name="Light or dark: light").wait_for()
    expect(dark).to_have_count(0)
    page.reload()
    page.get_by_role("button", name="Light or dark: light").wait_for()
    expect(dark).to_have_count(0)


def test_an_address_without_a_page_leads_to_the_first(page, server):
    page.goto(f"{server}/nonsense?headcount=40")
    page.get_by_role("tab", name="Organisation", selected=True).wait_for()
    expect(page).to_have_url(f"{server}/?headcount=40")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_open_tab_is_the_one_that_is_underlined(visitors, server, width):
    """Also where letters come late, and where tabs are scrolled."""
    page = visitors(width, 720)
    for place in ("programme", "compare", "workshop"):
        page.goto(f"{server}/{place}")
        page.get_by_role("tab", selected=True).first.wait_for()
        assert_underlined(page)


@pytest.mark.parametrize("width", [390, 720])
def test_all_pages_are_in_sight_where_there_is_little_room(visitors, server, width):
    """None is cut, none must be scrolled to, each opens at a touch."""
    page = visitors(width, 844)
    page.goto(server)
    for tab in TABS:
        found = page.get_by_role("tab", name=tab.label)
        expect(found).to_be_in_viewport(ratio=1)
        assert found.evaluate("tab => tab.scrollWidth <= tab.clientWidth")
        found.click()
        expect(found).to_have_attribute("aria-selected", "true")
