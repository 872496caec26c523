"""The line between a browser and the explorer fails: cut, swallowed by wifi, or the explorer itself starts anew."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from experiments.app.tracks import rungs, setting
from experiments.app.work import Work

BACK = 5.0
"""Seconds within which a page works again once the line is back."""
LASTS = {"cut": 4.0, "swallow": 20.0}
"""Seconds. By then the server has given a swallowed connection up, and the browser has not."""
QUERY = "headcount=120&replicates=8"
WEEK = "Number(document.querySelector('.uptake-week b').innerText)"
SAID = "The connection is lost"
LEVER = "managers.inspection"


class Wire:
    """A relay on loopback, in a thread of its own, that can be cut, and can swallow what is sent without a word."""

    def __init__(self, far: str) -> None:
        self._live: set[_Link] = set()
        self._cut = self._silent = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.leads_to(far)
        self._listening = self._do(asyncio.start_server(self._relay, "127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.sockets[0].getsockname()[1]}"

    def leads_to(self, far: str) -> None:
        """To which explorer, from the next connection on."""
        self._port = urlsplit(far).port

    def cut(self) -> None:
        """Every connection ends; new ones are refused."""
        self._cut = True
        self._loop.call_soon_threadsafe(self._each, _Link.abort)

    def swallow(self) -> None:
        """No byte passes, and no end either, over what is open now and what is opened while it lasts."""
        self._silent = True
        self._loop.call_soon_threadsafe(self._each, _Link.deafen)

    def mend(self) -> None:
        """New connections pass; what was swallowed stays so."""
        self._cut = self._silent = False

    def close(self) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def _each(self, rule) -> None:
        for link in list(self._live):
            rule(link)

    async def _end(self) -> None:
        self._listening.close()
        self._each(_Link.abort)
        if others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others)

    async def _relay(self, reader, writer) -> None:
        link = _Link(writer)
        if self._cut:
            link.abort()
            return
        self._live.add(link)
        if self._silent:
            link.deafen()
        with contextlib.suppress(OSError):
            far_reader, far = await asyncio.open_connection("127.0.0.1", self._port)
            link.ends.append(far)
            await asyncio.gather(link.pump(reader, far), link.pump(far_reader, writer))
        if not link.deaf:
            self._live.discard(link)
            link.abort()


class _Link:
    """One connection through a wire."""

    def __init__(self, near) -> None:
        self.ends, self.deaf = [near], False

    def deafen(self) -> None:
        self.deaf = True

    def abort(self) -> None:
        for end in self.ends:
            end.transport.abort()

    async def pump(self, reader, writer) -> None:
        while data := await reader.read(1 << 16):
            if not self.deaf:
                writer.write(data)
                await writer.drain()
        if not self.deaf and writer.can_write_eof():
            writer.write_eof()


@pytest.fixture
def wire(server, visitors):
    """Pages come by it; that their requests fail, of which the browser tells, is the test's doing."""
    made = Wire(server)
    yield made
    visitors.close()
    visitors.errors.clear()
    made.close()


def card(page):
    """Click a person: their card comes from the server."""
    chart = page.locator(".uptake-chart canvas").bounding_box()
    page.mouse.click(chart["x"] + 30, chart["y"] + chart["height"] - 10)
    return page.get_by_role("region", name="Person").get_by_text("gets access")


def moved(page) -> int:
    """The slider a step further; at which of its steps it stands."""
    slider = page.get_by_role("slider")
    before = int(slider.get_attribute("aria-valuenow"))
    slider.focus()
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", str(before + 1))
    return before + 1


def goes_to(page, step: int) -> None:
    """The server has it: the address, which it writes, holds the value of that step."""
    value = f"levers.{LEVER}:{setting(LEVER, rungs(LEVER, Work().weeks)[step])}"
    page.wait_for_function("value => decodeURIComponent(location.search).includes(value)", arg=value)


@pytest.fixture
def outage(wire):
    """``with outage(page, failing)``: the line fails, and comes back once that has lasted as long as it should."""

    @contextlib.contextmanager
    def outage(page, failing: str):
        began = time.monotonic()
        getattr(wire, failing)()
        page.get_by_text(SAID).wait_for()
        print(f"{failing}: said after {time.monotonic() - began:.2f} s")
        yield
        page.wait_for_timeout(max(0.0, began + LASTS[failing] - time.monotonic()) * 1000)
        expect(page.get_by_text(SAID)).to_be_visible()
        wire.mend()

    return outage


@pytest.mark.parametrize("failing", LASTS)
def test_a_run_plays_on_and_the_page_works_again_soon(page, wire, outage, assert_pictured, failing):
    """Neither the page nor what is held at the other end starts anew."""
    page.goto(f"{wire.address}/watch?{QUERY}")
    page.get_by_role("button", name="Next world").click()
    page.get_by_text("World 2 of 8").wait_for()
    page.locator(".uptake-feed small").first.wait_for()
    page.evaluate("window.untouched = true")
    page.get_by_role("button", name="Play").click()
    with outage(page, failing):
        page.wait_for_function(f"was => {WEEK} > was + 5", arg=page.evaluate(WEEK))
        page.get_by_role("button", name="Pause").click()  # nothing lies over the page
        page.get_by_role("button", name="Play").wait_for()
        assert_pictured(page, f"outage-{failing}")
    began = time.monotonic()
    page.wait_for_function("solara.debug.connectionStatus === 'connected'")
    page.get_by_text(SAID).wait_for(state="hidden")
    card(page).wait_for()
    took = time.monotonic() - began
    print(f"{failing}: back after {took:.2f} s")
    assert took < BACK
    page.get_by_text("World 2 of 8").wait_for()
    assert page.evaluate("window.untouched") is True


@pytest.mark.parametrize("failing", LASTS)
def test_a_lever_turned_meanwhile_is_turned_and_turns_on(page, wire, outage, failing):
    """Also one that was turned before anybody noticed that nothing was heard any more."""
    page.goto(f"{wire.address}/compare?{QUERY}&lever={LEVER}")
    page.locator("[data-drawn]").first.wait_for()
    goes_to(page, moved(page))
    getattr(wire, failing)()
    unheard = moved(page)
    with outage(page, failing):
        last = moved(page)
    assert last == unheard + 1
    goes_to(page, last)
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuenow", str(last))
    goes_to(page, moved(page))


def test_a_page_outlives_the_explorer_it_was_opened_with(page, wire, explorer, tmp_path):
    """The next one, at the same address, shows the same work without a click."""
    with explorer(tmp_path / "one" / "workshops") as first:
        wire.leads_to(first)
        page.goto(f"{wire.address}/watch?{QUERY}")
        page.get_by_role("button", name="Next world").click()
        page.wait_for_url("**world=2*")
        page.locator(".uptake-feed small").first.wait_for()
    page.get_by_text(SAID).wait_for()
    with explorer(tmp_path / "two" / "workshops") as second:
        wire.leads_to(second)
        page.get_by_text(SAID).wait_for(state="hidden")
        page.get_by_text("World 2 of 8").wait_for()
        page.locator(".uptake-feed small").first.wait_for()
        card(page).wait_for()
        expect(page).to_have_url(re.compile("world=2"))
        page.context.close()
