"""A real explorer and real browsers for it: whatever a page asks of another host, or stumbles over, fails the test.

``UPTAKE_CHROMIUM`` names the browser; ``UPTAKE_SHOTS`` a folder that keeps the screenshots.
"""

from __future__ import annotations

import io
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

HERE = ("127.0.0.1",)
INSIDE = ("data", "blob", "about", "chrome-error")
"""Schemes that ask no host."""
TEMPORARY = "temporary"
READY = 120.0
"""Seconds within which the explorer must answer: the first start on a machine compiles the model."""
PATIENCE = 30_000
"""Milliseconds a test waits for what it expects to see; two cores may be shared with other tests."""
COLOURS = 20
"""A page with fewer colours shows nothing: text alone has more by its smoothed edges."""
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


@contextmanager
def started(workshops: Path, *options: str) -> Iterator[tuple[str, int]]:
    """A process of ``uptake explore`` on a free port: base address and process id. Its temporary files lie beside
    ``workshops``."""
    temporary = workshops.parent / TEMPORARY
    temporary.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "experiments.cli", "explore", "--port", "0", "--no-browser", *options],
        env={**os.environ, "UPTAKE_WORKSHOPS": str(workshops), "TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    said: list[str] = []
    found: queue.SimpleQueue[str] = queue.SimpleQueue()

    def listen() -> None:
        for line in process.stderr or ():
            said.append(line)
            if match := re.search(r"open at (http://\S+)", line):
                found.put(match[1])
        found.put("")  # it has ended

    threading.Thread(target=listen, daemon=True).start()
    try:
        address = found.get(timeout=READY)
        assert address, f"the explorer did not open: {''.join(said)}"
        yield address.rstrip("/"), process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def running(workshops: Path, *options: str) -> Iterator[str]:
    """The base address alone; see ``started``."""
    with started(workshops, *options) as (address, _):
        yield address


@pytest.fixture(scope="session")
def explored() -> Callable[..., AbstractContextManager[tuple[str, int]]]:
    """``with explored(workshops, *options) as (address, pid)``: one more explorer, whose process is looked at."""
    return started


@pytest.fixture(scope="session")
def explorer() -> Callable[..., AbstractContextManager[str]]:
    """``with explorer(workshops, *options) as address``: one more explorer, to be stopped and started again."""
    return running


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the explorer of ``server`` keeps its files."""
    return tmp_path_factory.mktemp("explorer")


@pytest.fixture(scope="session")
def server(home: Path) -> Iterator[str]:
    """The base address of an explorer with an empty folder of workshops."""
    with running(home / "workshops") as address:
        yield address


@pytest.fixture
def uploads(home: Path) -> Callable[[], list[Path]]:
    """``uploads()``: the files that browsers sent and that still lie on disk."""
    return lambda: [path for path in (home / TEMPORARY).glob("uptake-*/*") if path.is_file()]


def executable() -> str | None:
    """The browser to use; None for Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("UPTAKE_CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser without windows. A module each: while it runs, no other event loop can in this thread."""
    api = pytest.importorskip("playwright.sync_api", reason="no browser: pip install playwright")
    api.expect.set_options(timeout=PATIENCE)
    with api.sync_playwright() as playwright:
        try:
            opened = playwright.chromium.launch(executable_path=executable(), args=QUIET)
        except api.Error as error:
            pytest.skip(f"no browser: install chromium, or name one in UPTAKE_CHROMIUM ({str(error).splitlines()[0]})")
        yield opened
        opened.close()


class Visitors:
    """``visitors()`` opens a page in a browser of its own (own cookies); ``errors`` and ``foreign`` are of all pages.

    A test that provokes an error (an outage, say) looks at ``errors`` and empties it.
    """

    def __init__(self, browser: Any) -> None:
        self._browser, self._contexts = browser, []
        self.errors: list[str] = []
        self.foreign: list[str] = []

    def __call__(self, width: int = 1280, height: int = 720, *, dark: bool = False) -> Any:
        context = self._browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
        )
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE)
        return self.watched(context.new_page())

    def watched(self, page: Any) -> Any:
        """A page (another tab, say) whose requests and errors count as well."""
        page.on("request", lambda request: self._asked(request.url))
        page.on("websocket", lambda socket: self._asked(socket.url))
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("console", lambda said: said.type == "error" and self.errors.append(f"{page.url}: {said.text}"))
        return page

    def close(self) -> None:
        """Close every page; others can be opened after."""
        while self._contexts:
            self._contexts.pop().close()

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in INSIDE and parts.hostname not in HERE:
            self.foreign.append(url)


@pytest.fixture
def visitors(browser: Any) -> Iterator[Visitors]:
    """Several browsers; see ``Visitors``."""
    found = Visitors(browser)
    yield found
    found.close()
    assert found.foreign == [], "asked another host"
    assert found.errors == [], "errors in the page"


@pytest.fixture
def page(visitors: Visitors) -> Any:
    """One browser's page on a projector."""
    return visitors()


@pytest.fixture(scope="session")
def until() -> Callable[..., None]:
    """``until(holds, seconds)``: wait for what no locator can expect, such as files and text that is taken apart."""

    def wait(holds: Callable[[], object], seconds: float = PATIENCE / 1000) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "it did not come about"
            time.sleep(0.1)

    return wait


OVERLAPS = """() => {
  // What lies on purpose over the page: placed by itself, and on a ground of its own.
  const layer = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const looks = getComputedStyle(at);
      const placed = ['absolute', 'fixed', 'sticky'].includes(looks.position);
      if (placed && !['transparent', 'rgba(0, 0, 0, 0)'].includes(looks.backgroundColor)) return at;
    }
    return document.body;
  };
  // The part of a box that is not scrolled away.
  const clipped = (box, element) => {
    let { left, right, top, bottom } = box;
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).overflowY === 'visible') continue;
      const edge = at.getBoundingClientRect();
      [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
      [top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
    }
    return { left, right, top, bottom, width: right - left, height: bottom - top };
  };
  const texts = [];
  const walker = document.createTreeWalker(document.querySelector('main') || document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement;
    const said = walker.currentNode.data.trim();
    if (!said || holder.clientWidth === 1) continue;  // nothing, or for screen readers alone
    if (!holder.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const box of range.getClientRects()) {
      const seen = clipped(box, holder);
      if (seen.width > 2 && seen.height > 2) texts.push([said, seen, holder]);
    }
  }
  const found = [];
  texts.forEach(([one, a, here], i) => texts.slice(i + 1).forEach(([other, b, there]) => {
    if (here === there || layer(here) !== layer(there)) return;
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    const least = Math.min(a.width * a.height, b.width * b.height);
    if (wide > 0 && high > 0 && wide * high > 0.3 * least) found.push(`${one} | ${other}`);
  }));
  return found;
}"""
"""Pairs of texts of one layer of which one covers nearly a third of the other; words on a canvas are not seen."""


@pytest.fixture
def assert_pictured() -> Callable[..., None]:
    """``assert_pictured(page, name)``: a screenshot that is kept where ``UPTAKE_SHOTS`` says, and must show something.

    The page must also fit its window, with no scrolling sideways, and no text may cover another.
    """

    def take(page: Any, name: str, *, full: bool = False) -> None:
        picture = page.screenshot(full_page=full)
        if folder := os.environ.get("UPTAKE_SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            Path(folder, f"{name}.png").write_bytes(picture)
        colours = Image.open(io.BytesIO(picture)).convert("RGB").getcolors(1 << 24)
        assert len(colours) >= COLOURS, f"{name}: the picture is empty"
        wide, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= window, f"{name}: the page is {wide} px wide in a window of {window} px"
        assert page.evaluate(OVERLAPS) == [], f"{name}: texts that cover one another"

    return take
