"""Over the local network: by this machine's own address, with the key that is printed or a workshop's code."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from experiments.app.server import keys
from experiments.app.server.reach import Address
from experiments.app.work import People
from experiments.app.workshops.rules import Terms, opened
from experiments.app.workshops.shelf import Shelf


@pytest.fixture(scope="module")
def network(explorer, tmp_path_factory):
    """The key's address on loopback, the guests' address, and a workshop's code."""
    folder = tmp_path_factory.mktemp("network") / "workshops"
    workshop = Shelf(folder).add(opened("Strategy day", Terms(People(headcount=60), weeks=26), "somebody"), None)
    with explorer(folder, "--host", "0.0.0.0") as address:
        mine, key = address.split("?key=")
        port = int(re.search(r":(\d+)/", mine)[1])
        yield address, Address("0.0.0.0", port, key).guests[0], workshop.code


@pytest.fixture
def visit(browser):
    """A page in a browser of its own that keeps the hosts it asked in ``hosts``."""
    contexts = []

    def visit(address: str):
        context = browser.new_context()
        contexts.append(context)
        page, page_hosts = context.new_page(), set()
        page.on("request", lambda request: page_hosts.add(re.sub(r"^\w+://([^/]*)/.*$", r"\1", request.url)))
        page.goto(address)
        return page, page_hosts

    yield visit
    for context in contexts:
        context.close()


def test_the_facilitator_comes_in_by_the_key_which_leaves_the_address(network, visit):
    page, _ = visit(network[0])
    page.get_by_role("tab", name="Organisation").wait_for()
    assert "key" not in page.url
    assert "uptake-key" not in page.evaluate("document.cookie")


def test_a_guest_joins_by_the_code_through_the_machines_own_address(network, visit):
    _, guests, code = network
    page, hosts = visit(guests)
    page.get_by_label("The workshop's code").fill("WRONG")
    page.get_by_role("button", name="Join").click()
    page.get_by_text("There is no workshop of that code.").wait_for()
    page.get_by_label("The workshop's code").fill(code.lower())
    page.get_by_role("button", name="Join").click()
    page.get_by_role("tab", name="Workshop").wait_for()  # its websocket came through as well
    page.get_by_text("Strategy day").first.wait_for()
    assert hosts == {re.sub(r"^http://([^/]*)/.*$", r"\1", guests)}


def test_a_stranger_gets_the_question_and_nothing_else(network, visit):
    page, hosts = visit(f"{network[1]}workshop?workshop={network[2]}")
    page.get_by_role("button", name="Join").wait_for()
    expect(page.get_by_role("tab")).to_have_count(0)
    assert len(hosts) == 1


def test_the_command_names_a_host_that_is_not_this_machines():
    told = subprocess.run(
        [sys.executable, "-m", "experiments.cli", "explore", "--no-browser", "--host", "203.0.113.9", "--port", "0"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 2
    assert "cannot listen on 203.0.113.9" in told.stderr


def test_everyone_is_back_after_a_restart_and_on_another_day_at_the_door(explorer, visitors, tmp_path):
    """Facilitator and guest, without a click; with other keys the page asks for the code."""
    folder = tmp_path / "workshops"
    workshop = Shelf(folder).add(opened("Strategy day", Terms(People(headcount=60), weeks=26), "somebody"), None)
    facilitator, guest = visitors(), visitors()
    with explorer(folder, "--host", "0.0.0.0") as printed:
        address, _ = printed.split("/?key=")
        port = address.rpartition(":")[2]
        facilitator.goto(printed)
        guest.goto(f"{address}/?code={workshop.code}")
        guest.get_by_label("Your team's name").fill("North")
        guest.get_by_role("button", name="Join", exact=True).click()
        guest.get_by_text("1. Your plan").wait_for()
    for page in (facilitator, guest):
        page.get_by_text("The connection is lost").wait_for()
    with explorer(folder, "--host", "0.0.0.0", "--port", port) as again:
        assert again == printed
        for page in (facilitator, guest):
            page.get_by_text("The connection is lost").wait_for(state="hidden")
        guest.get_by_text("1. Your plan").wait_for()
        facilitator.get_by_role("tab", name="Workshop").click()
        facilitator.get_by_text("Open a workshop").first.wait_for()
    (folder / keys.FILE).unlink()
    with explorer(folder, "--host", "0.0.0.0", "--port", port):
        for page in (facilitator, guest):
            page.get_by_label("The workshop's code").wait_for()
        visitors.close()
    visitors.errors.clear()  # browsers remark on every try that fails
