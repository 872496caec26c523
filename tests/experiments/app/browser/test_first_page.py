"""The first page of the explorer, as it opens."""

from __future__ import annotations

import time

FIRST_PAINT = 5.0
"""Seconds within which the first page must show."""


def test_the_first_page_opens_soon_and_every_tab_by_keyboard(page, server, shot):
    """Tabs are reached by Tab and opened by Enter; nothing is asked of another host (see the fixture)."""
    began = time.monotonic()
    page.goto(server)
    page.get_by_role("tab", name="Organisation").wait_for()
    assert time.monotonic() - began < FIRST_PAINT
    shot(page, "first")
    for _ in range(12):
        page.keyboard.press("Tab")
        if "Programme" in page.evaluate("document.activeElement.innerText || ''"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/programme*")
