"""Visitors never meet, a reload keeps the work, and files that mean harm do none."""

from __future__ import annotations

import os
import re
import time

import psutil
import pytest
from playwright.sync_api import expect

from experiments import words
from experiments.app.plans import plan
from experiments.app.server.uploads import MOST_BYTES
from experiments.compare import compare
from sim.organisation import generate

ROWS = [f"{n},{'' if n == 0 else (n - 1) // 5},{('North', 'South')[n % 2]},Scribe\n" for n in range(60)]
ROSTER = "id,manager,unit,title\n" + "".join(ROWS)
HARM = ('=HYPERLINK("http://example.org")', "@SUM(1+1)*cmd|' /C calc'!A0", "<img src=x onerror=alert(1)>")
"""As units: what a spreadsheet would run, and what a page would."""
LARGE = 200 << 20
LITTLE = 16 << 20
"""Bytes by which the explorer may grow meanwhile: less than the most it would take in."""


def chart(page) -> None:
    page.locator(".uptake-chart canvas[data-drawn]").wait_for()


def upload(page, server: str, name: str, text: str) -> str:
    """Use a roster; its fingerprint."""
    page.goto(server)
    page.get_by_role("tab", name="Upload").click()
    page.locator("input[type=file]").first.set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_text(name, exact=True).wait_for()
    page.get_by_role("button", name="Use these people").click()
    page.wait_for_url(re.compile("uploaded=[0-9a-f]{16}"))
    return re.search("uploaded=([0-9a-f]{16})", page.url)[1]


def test_two_at_once_never_see_each_others_work(visitors, server):
    """Another organisation, another plan, another world: in turns, and after a reload. A roster is its sender's."""
    one, two = visitors(), visitors()
    fingerprint = upload(one, server, "mine.csv", ROSTER)
    two.goto(f"{server}/?headcount=77")
    two.locator("div", has_text=re.compile("^77people$")).first.wait_for()
    one.goto(f"{server}/watch?uploaded={fingerprint}&replicates=8&plan=Ours|middling|levers.managers.inspection:0.9")
    two.goto(f"{server}/watch?headcount=77&replicates=8&plan=Theirs|well-run")
    for page in (one, two, one, two):
        chart(page)
        page.get_by_role("button", name="Next world").click()
        page.wait_for_url(re.compile("world="))
    for again in (False, True):
        for page, people, mine, other in ((one, 60, "Ours", "Theirs"), (two, 77, "Theirs", "Ours")):
            if again:
                page.reload()
                chart(page)
            page.get_by_text(f"Everyone: {people} people").wait_for()
            page.get_by_text("World 3 of 8").wait_for()
            expect(page.locator("main")).to_contain_text(mine)
            assert other not in page.locator("main").inner_text() + page.url
    assert fingerprint not in two.url
    for place in ("watch", "compare"):
        two.goto(f"{server}/{place}?uploaded={fingerprint}")
        two.get_by_text(f"fingerprint {fingerprint}").first.wait_for()
        expect(two.locator("[data-drawn]")).to_have_count(0)


LEVER = "plan=Ours|middling|levers.managers.inspection:0.9"


@pytest.mark.parametrize(
    ("place", "query", "shown"),
    [
        ("", "headcount=77&organisation_seed=4", "Everyone: 77 people"),
        ("programme", LEVER, "inspection 0.4 → 0.9"),
        ("watch", f"headcount=77&replicates=8&world=3&{LEVER}", "World 3 of 8"),
        ("compare", f"headcount=77&replicates=8&weeks=30&{LEVER}&plan=Other|well-run", "After 30 weeks"),
    ],
)
def test_a_reload_keeps_the_work(page, server, place, query, shown):
    page.goto(f"{server}/{place}?{query}")
    page.get_by_text(shown).first.wait_for()
    before = page.url
    page.reload()
    page.get_by_text(shown).first.wait_for()
    expect(page).to_have_url(before)
    for part in query.split("&"):
        assert part.replace("|", "%7C") in page.url.replace("|", "%7C")


def test_a_file_of_200_mb_is_refused_and_not_taken_in(page, explored, visitors, tmp_path):
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        os.truncate(file.fileno(), LARGE)
    with explored(tmp_path / "workshops") as (address, pid):
        page.goto(address)
        page.get_by_role("tab", name="Upload").click()
        page.get_by_text("Everyone: 300 people").wait_for()
        before = psutil.Process(pid).memory_info().rss
        page.locator("input[type=file]").first.set_input_files(large)
        page.get_by_text(f"large.csv has 200 MB; the most is {MOST_BYTES >> 20} MB").wait_for()
        assert psutil.Process(pid).memory_info().rss - before < LITTLE
        expect(page.get_by_role("button", name="Use these people")).to_be_disabled()
        visitors.close()


def test_formulas_and_html_in_a_roster_are_text(page, server):
    """Units are shown as they are written, on every page that names them; nothing of them runs."""
    page.on("dialog", lambda dialog: pytest.fail("a script of the file ran"))
    quoted = ['"' + each.replace('"', '""') + '"' for each in HARM]
    rows = [f"{n},{'' if n == 0 else (n - 1) // 5},{quoted[n % 3]},{quoted[2]}\n" for n in range(60)]
    name = "..<b>..%2fharm=1+1.csv"
    upload(page, server, name, "id,manager,unit,title\n" + "".join(rows))
    page.get_by_role("heading", name="as uploaded").wait_for()
    page.get_by_role("tab", name="Watch").click()
    chart(page)
    box = page.locator(".uptake-chart canvas").bounding_box()
    page.mouse.click(box["x"] + 30, box["y"] + box["height"] - 10)
    person = page.get_by_role("region", name="Person")
    person.get_by_text("gets access").wait_for()
    assert any(unit in person.inner_text() for unit in HARM)
    expect(page.locator("img[src=x], main b:text-is('..%2fharm=1+1')")).to_have_count(0)


LARGE_RUN = "headcount=5000&replicates=256&" + "&".join(
    f"plan={name}|{name}" for name in ("typical", "middling", "well-run", "crawl-walk-run")
)
SHARE = 0.25
"""Of the time that a large run takes, within which it makes room once its page is closed."""


def verdict(changed: dict[str, str]) -> str:
    """What the page must say of the small comparison."""
    scenarios = [plan("A", "typical", changed).scenario, plan("B", "middling").scenario]
    return words.verdicts(compare(scenarios, generate(60, 1), weeks=30, replicates=8))[0]


def test_a_large_run_whose_page_is_closed_holds_nobody_up(visitors, server, assert_pictured):
    """It tells how far it is; another visitor's small one waits for it, and says so, until nobody wants the large."""
    large, small = visitors(), visitors()
    small.goto(f"{server}/compare?headcount=60&replicates=8&weeks=30&plan=A|typical&plan=B|middling")
    status, waiting = large.get_by_role("status"), small.get_by_text("Waiting for another page's run")
    small.get_by_text(verdict({})).wait_for()
    begun = time.monotonic()
    large.goto(f"{server}/compare?{LARGE_RUN}&seed=1")
    expect(status.filter(has_text=re.compile(r"^[1-9]\d?\s%$"))).to_be_visible()
    assert_pictured(large, "holding-up-how-far")
    large.locator("[data-drawn]").wait_for()
    takes = time.monotonic() - begun
    expect(status).to_have_count(0)
    large.goto(f"{server}/compare?{LARGE_RUN}&seed=2")
    expect(status.filter(has_text=re.compile(r"^[1-9]\d?\s%$"))).to_be_visible()
    small.get_by_role("slider").press("End")
    waiting.wait_for()
    assert_pictured(small, "holding-up-waiting")
    closed = time.monotonic()
    large.close()
    small.get_by_text(verdict({"levers.managers.inspection": "1"})).wait_for()
    assert time.monotonic() - closed < SHARE * takes
    expect(waiting).to_have_count(0)
