"""Pages that are closed leave nothing behind: no thread, no connection, no memory."""

from __future__ import annotations

import itertools
import time

import psutil
import pytest

FIRST, MORE = 5, 50
GROWTH = 1.10
"""Of memory, from after the first few sessions to after fifty more."""
QUERY = "headcount=60&replicates=8"
PLACES = ("compare", "watch", "")
SOON = 30.0
"""Seconds within which closed pages must be gone."""


@pytest.fixture(scope="module")
def process(explored, tmp_path_factory):
    """An explorer that nobody else visits: its address and its process."""
    with explored(tmp_path_factory.mktemp("memory") / "workshops") as (address, pid):
        yield address, psutil.Process(pid)


def visited(visitors, address: str, sessions: int) -> None:
    """So many sessions: a few at once by a browser of their own, opened, looked at until they are drawn, and closed."""
    places = itertools.cycle(PLACES)
    for _ in range(sessions // FIRST):
        context = visitors(640, 480).context
        pages = [visitors.watched(context.new_page()) for _ in range(FIRST)]
        for page, place in zip(pages, places, strict=False):
            page.goto(f"{address}/{place}?{QUERY}", wait_until="commit")
        for page in pages:
            page.locator("main [data-drawn]").first.wait_for()
        visitors.close()


def rested(process) -> tuple[int, int]:
    """Threads and bytes once no page is connected and threads end no more."""
    until, threads = time.monotonic() + SOON, -1
    while open_pages(process) or threads != process.num_threads():
        assert time.monotonic() < until, "pages that were closed are still connected"
        threads = process.num_threads()
        time.sleep(1.0)
    return threads, process.memory_info().rss


def open_pages(process) -> int:
    return sum(each.status == psutil.CONN_ESTABLISHED for each in process.net_connections("tcp"))


def test_fifty_sessions_later_the_memory_is_what_it_was(visitors, process):
    address, server = process
    visited(visitors, address, FIRST)
    threads, before = rested(server)
    visited(visitors, address, MORE)
    threads_after, after = rested(server)
    print(f"{before / 1e6:.0f} MB and {threads} threads, then {after / 1e6:.0f} MB and {threads_after}")
    assert after < GROWTH * before
    assert threads_after < threads + MORE / 10  # some of the server's own come and go
