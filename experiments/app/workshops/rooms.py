"""Workshops as pages see them: the one a page is in, told of every change; its people; its results, computed once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import solara

from experiments.app import locks, organisations, session
from experiments.app.workshops.rules import Workshop
from experiments.app.workshops.shelf import shelf
from experiments.app.workshops.standings import Cancelled, Progress, Results, play
from sim.organisation import Organisation
from sim.passports import InputError

MOST_RESULTS = 16
_results: OrderedDict[tuple[object, ...], Results] = OrderedDict()


def use_workshop(code: str) -> Workshop | None:
    """The workshop of a code as it stands, shown anew at every change of anyone; None where there is none."""
    return _use_shelf(lambda: _there(code))


def use_guessing() -> Workshop | None:
    """The workshop in which this browser's team has yet to hand in its guess, whichever the page is in; None where
    there is none. Until then no page may tell it any results."""
    mine = session.session_id()
    return _use_shelf(lambda: shelf().guessing(mine))


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


def people(workshop: Workshop) -> Organisation:
    """The people a workshop is held on; this browser can then use them on its other pages too."""
    kept = shelf().organisation(workshop.code)
    if kept is None:
        return organisations.of(session.session_id(), workshop.terms.people)
    organisations.ROSTERS.keep(session.session_id(), kept)
    return kept


def results(
    workshop: Workshop,
    organisation: Organisation,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Results:
    """What came of the plans that were handed in: run once, whoever asks."""
    key = (workshop.code, workshop.terms, tuple(replace(team, key="") for team in workshop.ready))
    with locks.ENGINE:  # whoever asked meanwhile then finds them
        if key not in _results:
            _results[key] = play(workshop, organisation, progress=progress, cancelled=cancelled)
            while len(_results) > MOST_RESULTS:
                _results.popitem(last=False)
        return _results[key]
