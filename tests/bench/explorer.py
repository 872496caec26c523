"""How long a turned lever takes in the explorer: from the key that turns it to the redrawn figure, in a real browser.

    python tests/bench/explorer.py [--turns N] [--people N ...] [--programmes N ...] [--address URL]

Every press asks for a value that has not been run before. Needs playwright and a browser (or ``UPTAKE_CHROMIUM``).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from printing import table
from timing import environment, machine

PROGRAMMES = ("typical", "middling", "well-run", "big-bang")
LEVER = "managers.inspection"
WORST = 60_000
"""Milliseconds after which something must be wrong."""
DRAG_S, DRAG_STEPS = 1.6, 40
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
WATCH = """() => {
  const figure = document.querySelector('[data-drawn]');
  window.turned = []; window.drawn = [];
  document.addEventListener('keydown', () => window.turned.push(performance.now()), true);
  new MutationObserver(() => window.drawn.push(performance.now())).observe(figure, { attributeFilter: ['data-drawn'] });
}"""
"""Both moments are taken in the browser: when a key goes down, and when a drawing is done."""


@contextmanager
def explorer(address: str | None) -> Iterator[str]:
    """The address of a running explorer: the one named, else one of its own."""
    if address is not None:
        yield address.rstrip("/")
        return
    command = [sys.executable, "-m", "experiments.cli", "explore", "--port", "0", "--no-browser"]
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        found = next(filter(None, (re.search(r"open at (http://\S+?)/?$", line.strip()) for line in process.stderr)))
        yield found[1]
    finally:
        process.terminate()
        process.wait(30)


def turned(page: Any, turns: int) -> list[float]:
    """Seconds from each press of a key on the slider to the figure drawn anew."""
    page.get_by_role("slider").focus()
    for turn in range(turns):
        page.keyboard.press("ArrowRight")
        page.wait_for_function(f"window.drawn.length > {turn}", timeout=WORST)
    return page.evaluate("window.turned.map((start, i) => (window.drawn[i] - start) / 1000)")


def dragged(page: Any) -> tuple[int, float]:
    """Drawings while the slider is dragged back to its left end, and seconds from its release to the last of them."""
    thumb, track = (page.locator(name).first.bounding_box() for name in (".v-slider__thumb", ".v-slider"))
    begin, end, high = (thumb["x"] + thumb["width"] / 2, track["x"] + 8, thumb["y"] + thumb["height"] / 2)
    page.mouse.move(begin, high)
    page.mouse.down()
    before = page.evaluate("window.drawn.length")
    for step in range(1, DRAG_STEPS + 1):
        page.mouse.move(begin + (end - begin) * step / DRAG_STEPS, high)
        time.sleep(DRAG_S / DRAG_STEPS)
    page.mouse.up()
    during, released = page.evaluate("[window.drawn.length, performance.now()]")
    last = 0.0
    while last < (last := page.evaluate("window.drawn.length ? window.drawn[window.drawn.length - 1] : 0")):
        page.wait_for_timeout(1500)  # until nothing more comes
    return during - before, max(0.0, (last - released) / 1000)


def measured(browser: Any, address: str, people: int, programmes: int, turns: int, seed: int) -> list[float | str]:
    """One case, as a row."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    plans = "&".join(f"plan={name}%7C{name}" for name in PROGRAMMES[:programmes])
    page.goto(f"{address}/compare?headcount={people}&seed={seed}&lever={LEVER}&{plans}")
    page.locator("[data-drawn]").wait_for(timeout=WORST)
    page.wait_for_timeout(1500)  # what surrounds the figure has settled
    page.evaluate(WATCH)
    seconds = turned(page, turns)
    while_dragged, after = dragged(page)
    page.close()
    load = f"{os.getloadavg()[0]:.1f}"
    return [f"{people:,} people, {programmes} programmes", statistics.median(seconds), min(seconds), max(seconds),
            float(while_dragged), after, load]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--turns", type=int, default=15, help="presses of a key in each case, 20 at most (default 15)")
    parser.add_argument("--people", type=int, nargs="+", default=[300, 1000])
    parser.add_argument("--programmes", type=int, nargs="+", default=[2, 4])
    parser.add_argument("--address", help="an explorer that runs already")
    parser.add_argument("--markdown", action="store_true", help="print a Markdown table")
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    path = os.environ.get("UPTAKE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    cases = [(people, programmes) for people in options.people for programmes in options.programmes]
    rows = []
    with explorer(options.address) as address, sync_playwright() as api:
        browser = api.chromium.launch(executable_path=path, args=QUIET)
        measured(browser, address, 60, 2, 2, seed=99)  # warms up
        for seed, (people, programmes) in enumerate(
            cases, int(time.time())
        ):  # a seed of its own: nothing is remembered
            rows.append(measured(browser, address, people, programmes, min(options.turns, 20), seed))
        browser.close()
    print(machine(), end="\n\n")
    print(f"{min(options.turns, 20)} turns of {LEVER}, 64 replicates, 104 weeks; then {DRAG_S} s of dragging.\n")
    heads = ("case", "median s", "least s", "most s", "drawn in a drag", "s after it", "load")
    print(table(heads, rows, options.markdown))


if __name__ == "__main__":
    main()
