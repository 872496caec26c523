"""The addresses of pages, and what a presentation walks through."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse

from experiments.app import session
from experiments.app.pages.compare.outcomes import reading
from experiments.app.pages.matters import page as matters
from experiments.app.pages.organisation.page import fewer_units, tiles
from experiments.app.pages.presenting import slides
from experiments.app.pages.tabs import TABS, tab_at
from experiments.app.plans import plan
from experiments.app.server import serve
from experiments.app.work import People, Work
from experiments.compare import compare
from sim.organisation import describe, generate

SHOWN = Starlette(routes=serve.pages(lambda _: PlainTextResponse("shown")))


@pytest.fixture
def work():
    """``work(**fields)``: the work of the page, with these fields."""
    yield lambda **fields: session.work.set(replace(Work(), **fields))
    session.work.set(Work())
    matters.maps.set(None)


@pytest.mark.parametrize(
    ("path", "page"), [("/nonsense", "/"), ("/a/b/c", "/"), ("/programme/x", "/programme"), ("/watch/", "/watch")]
)
def test_an_address_without_a_page_leads_to_one_and_keeps_the_work(ask, path, page):
    heard = ask(SHOWN, path, query={"headcount": "60"})
    assert heard.status == 307
    assert heard.headers["location"] == f"http://127.0.0.1:8765{page}?headcount=60"


def test_every_page_has_its_address(ask):
    assert {ask(SHOWN, f"/{tab.path}").text for tab in TABS} == {"shown"}


def test_a_presentation_leaves_out_what_has_nothing_to_show(work):
    def pages() -> list[str]:
        return [tab.path for tab, _ in slides((TABS[0], TABS[0].views[0]))]

    work(present=True)
    assert {"matters", "workshop"}.isdisjoint(pages())
    work(present=True, workshop="AB2CD")
    assert "matters" not in pages() and "workshop" in pages()
    matters.maps.set((None, None))
    assert pages().count("matters") == 1


def test_what_is_presented_is_among_the_slides_though_it_is_not_ready(work):
    work(present=True)
    here = tab_at("matters")
    assert (here, here.views[1]) in slides((here, here.views[1]))


def test_fewer_units_than_wanted_are_explained():
    few = People(headcount=10, units=200).make()
    assert fewer_units(200, few.n_units).startswith("There is 1 unit, not 200: ")
    assert fewer_units(3, 3) == fewer_units(0, 4) == ""


def test_what_is_one_is_counted_as_one():
    few = People(headcount=10, units=1).make()
    said = [what for _, what in tiles(few.n_units, describe(few))]
    assert said[:4] == ["people", "layers", "unit", "managers"]


def test_the_table_says_how_it_counts_worlds_that_are_equal():
    """Two plans that do the same are each better in half of the worlds, which nobody would guess."""
    c = compare([plan(name, "typical", {}).scenario for name in "ab"], generate(20, 1), weeks=2, replicates=2, seed=1)
    assert c.difference("b", "habitual").share_better == 0.5
    assert "equal counts half" in reading(c)
