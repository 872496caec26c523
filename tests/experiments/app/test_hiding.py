"""Pages that tell results are shut to a team's browser until they are revealed, whatever its address says."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
import solara

from experiments.app import session
from experiments.app.pages.hiding import SHUT, UntilRevealed
from experiments.app.pages.tabs import TABS, tab_at
from experiments.app.plans import plan
from experiments.app.work import Work
from experiments.app.workshops import hooks
from experiments.app.workshops.rules import (
    Terms,
    another_round,
    drafted,
    guessed,
    handed_in,
    joined,
    opened,
    played,
    released,
    removed,
    shown,
    taken_back,
)
from experiments.app.workshops.shelf import Shelf

OPEN = "what comes of it"


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    found = Shelf(tmp_path)
    monkeypatch.setattr(hooks, "shelf", lambda: found)
    monkeypatch.setattr(hooks, "_on_this_page", lambda call: call)
    return found


@pytest.fixture
def code(shelf):
    """Of a workshop in which North is at its laptop, and South at another."""
    workshop = joined(joined(opened("Board day", Terms(), "leader"), "North", "north"), "South", "south")
    return shelf.add(workshop, None).code


@pytest.fixture
def visit(shelf, monkeypatch):
    """``visit(path, who)``: the page of that path as that browser sees it; ``texts()`` and ``press(label)``."""
    contexts = []

    def open_page(path: str, who: str, work: Work | None = None) -> SimpleNamespace:
        monkeypatch.setattr(session, "session_id", lambda: who)
        session.work.set(work or Work())
        pushed = []
        monkeypatch.setattr(solara, "use_router", lambda: SimpleNamespace(push=pushed.append))

        @solara.component
        def Page():
            UntilRevealed(tab_at(path), [solara.Text(OPEN)])

        box, context = solara.render(Page(), handle_error=False)
        contexts.append(context)

        def press(label: str) -> None:
            next(widget for widget in within(box) if label in getattr(widget, "children", ())).click()

        return SimpleNamespace(
            texts=lambda: " ".join(each for each in within(box) if isinstance(each, str)), press=press, pushed=pushed
        )

    yield open_page
    for context in contexts:
        context.close()
    session.work.set(Work())


def within(widget):
    """Everything that is drawn in a widget: widgets, and text."""
    for child in getattr(widget, "children", ()):
        yield child
        yield from within(child)


def hand_in(workshop, name):
    workshop = drafted(workshop, name, plan("x", "typical"))
    return handed_in(guessed(workshop, name, 0.4, ""), name, 1, 1)


@pytest.mark.parametrize("tab", [tab for tab in TABS if tab.tells_results], ids=lambda tab: tab.path)
def test_a_team_sees_no_hidden_results_though_the_address_names_no_workshop(code, visit, tab):
    page = visit(tab.path, "north", Work())
    assert SHUT in page.texts() and OPEN not in page.texts()
    assert "“Board day”" in page.texts() and "“North”" in page.texts()


@pytest.mark.parametrize("tab", [tab for tab in TABS if not tab.tells_results], ids=lambda tab: tab.path)
def test_pages_to_plan_on_are_open(code, visit, tab):
    assert OPEN in visit(tab.path, "north").texts()


@pytest.mark.parametrize("who", ["leader", "nobody", ""])
def test_who_is_no_team_is_never_shut_out(code, visit, who):
    assert OPEN in visit("compare", who, replace(Work(), workshop=code)).texts()


@pytest.mark.parametrize("rule", [
    lambda workshop: released(workshop, "North"),
    lambda workshop: removed(workshop, "North"),
    lambda workshop: shown(played(hand_in(workshop, "South")), True),
], ids=["left", "removed", "revealed"])  # fmt: skip
def test_an_open_page_opens_and_shuts_as_the_workshop_goes_on(shelf, code, visit, rule):
    page = visit("compare", "north")
    shelf.change(code, rule)
    assert OPEN in page.texts() and SHUT not in page.texts()
    shelf.change(code, lambda workshop: another_round(workshop))
    again = shelf.get(code).team_of("north") is not None
    assert (SHUT in page.texts()) == again


def test_a_page_that_was_open_shuts_when_its_browser_joins_as_a_team(shelf, code, visit):
    page = visit("watch", "west")
    assert OPEN in page.texts()
    shelf.change(code, lambda workshop: joined(workshop, "West", "west"))
    assert SHUT in page.texts() and OPEN not in page.texts()


def test_the_shut_page_leads_to_the_workshop(code, visit):
    page = visit("compare", "north", replace(Work(), present=True))
    page.press("Go to the workshop")
    assert (session.work.value.workshop, session.work.value.present, page.pushed) == (code, False, ["/workshop"])


def test_what_one_workshop_reveals_another_may_hide(shelf, code, visit):
    shelf.change(code, lambda workshop: shown(played(hand_in(workshop, "North")), True))
    shelf.add(joined(opened("Rehearsal", Terms(), "leader"), "North", "north"), None)
    assert "“Rehearsal”" in visit("compare", "north", replace(Work(), workshop=code)).texts()


def test_handing_in_to_look_and_taking_back_shows_nothing(shelf, code, visit):
    page = visit("compare", "north")
    rules = (lambda w: hand_in(w, "North"), lambda w: taken_back(w, "North"), lambda w: played(hand_in(w, "South")))
    for rule in rules:
        shelf.change(code, rule)
        assert SHUT in page.texts() and OPEN not in page.texts()


def test_a_guest_that_leaves_its_team_to_look_sees_nothing(shelf, code, visit, monkeypatch):
    monkeypatch.setattr(hooks.reach, "by_code", lambda cookies: True)
    page = visit("compare", "north")
    shelf.change(code, lambda workshop: released(workshop, "North"))
    assert SHUT in page.texts() and OPEN not in page.texts()
    assert SHUT in visit("compare", "another browser of theirs").texts()
    shelf.change(code, lambda workshop: shown(played(hand_in(workshop, "South")), True))
    assert OPEN in page.texts()
