"""Workshops as pages see them, told of every change: the one a page is in, and the one that hides results from it.
And what a plan takes there, counted beside the page."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import solara
from solara.lab.utils.cookies import cookies

from experiments.app import session
from experiments.app.background import Answer, use_latest
from experiments.app.plans import Plan
from experiments.app.server import reach
from experiments.app.workshops.prices import Price, priced
from experiments.app.workshops.rules import Terms, Workshop
from experiments.app.workshops.shelf import shelf
from sim.passports import InputError


def use_workshop(code: str) -> Workshop | None:
    """The workshop of a code as it stands, shown anew at every change of anyone; None where there is none."""
    return _use_shelf(lambda: _there(code))


def use_hiding() -> Workshop | None:
    """The workshop that has yet to reveal its results to this browser, whichever the page is in; None where there is
    none. Until then no page may tell it any."""
    mine, guest = session.session_id(), reach.by_code(cookies.value)
    return _use_shelf(lambda: shelf().hiding(mine, guest))


def use_price(made: Plan | None, terms: Terms, code: str = "") -> Answer[Price | None]:
    """What a plan takes: see ``priced``. ``busy``: ``value`` is that of an earlier question."""
    asked = (session.session_id(), code, terms, made)
    answer = use_latest(priced, *asked, stops=True)
    return replace(answer, busy=answer.asked != asked)


def _there(code: str) -> Workshop | None:
    try:
        return shelf().get(code) if code else None
    except InputError:
        return None


def _use_shelf(read: Callable[[], Workshop | None]) -> Workshop | None:
    """What is read from the shelf, shown anew whenever a change of anyone makes that something else."""
    _, draw = solara.use_state(cast(object, None))
    now: Any = solara.use_ref(None)
    found = read()
    now.current = (read, found)

    def hear() -> Callable[[], None]:
        draw_anew = _on_this_page(lambda: draw(object()))

        def look() -> None:
            read, shown = now.current
            if read() != shown:
                draw_anew()

        end = shelf().listen(look)
        look()  # it may have changed before anyone listened
        return end

    solara.use_effect(hear, [])
    return found


def _on_this_page(call: Callable[[], None]) -> Callable[[], None]:
    """A call that reaches this page from anywhere, and holds nobody up."""
    from solara.server import kernel_context

    page = kernel_context.get_current_context()

    def reach() -> None:
        if not page.closed_event.is_set():
            with page:
                call()

    return lambda: threading.Thread(target=reach, daemon=True).start()
