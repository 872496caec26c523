"""Workshops as pages see them: the one a page is in, told of every change; its people; its results, computed once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

import solara

from experiments.app import session, sharing
from experiments.app.standings import Cancelled, Progress, Results, play
from experiments.app.workshop import PLANNING, Workshop
from sim.organisation import Organisation
from sim.passports import InputError

MOST_RESULTS = 16
_results: OrderedDict[tuple[object, ...], Results] = OrderedDict()
_lock = threading.Lock()


def use_workshop(code: str) -> Workshop | None:
    """The workshop of a code as it stands, shown anew at every change of anyone; None where there is none."""
    found = solara.use_reactive(_there(code))

    def hear() -> Callable[[], None] | None:
        found.value = _there(code)
        if found.value is None:
            return None
        return sharing.shelf().listen(code, _on_this_page(lambda: found.set(_there(code))))

    solara.use_effect(hear, [code])
    return found.value


def _there(code: str) -> Workshop | None:
    try:
        return sharing.shelf().get(code) if code else None
    except InputError:
        return None


def _on_this_page(tell: Callable[[], None]) -> Callable[[], None]:
    """A call that reaches this page from anywhere, and holds nobody up."""
    from solara.server import kernel_context

    page, turn = kernel_context.get_current_context(), threading.Lock()

    def call() -> None:
        with turn:  # else the older of two changes could be shown last
            if not page.closed_event.is_set():
                with page:
                    tell()

    return lambda: threading.Thread(target=call, daemon=True).start()


def people(workshop: Workshop) -> Organisation:
    """The people a workshop is held on; this browser can then use them on its other pages too."""
    kept = sharing.shelf().organisation(workshop.code)
    if kept is None:
        return sharing.people(session.session_id(), workshop.terms.people)
    sharing.ROSTERS.keep(session.session_id(), kept)
    return kept


def results(
    workshop: Workshop,
    organisation: Organisation,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Results:
    """What came of the plans that were handed in: run once, whoever asks."""
    ready = tuple((team.name, team.plan, team.guess) for team in workshop.teams if team.ready)
    key = (workshop.code, workshop.terms, ready)
    with _lock:
        if key in _results:
            return _results[key]
    with sharing.ENGINE:
        found = play(workshop, organisation, progress=progress, cancelled=cancelled)
    with _lock:
        _results[key] = found
        while len(_results) > MOST_RESULTS:
            _results.popitem(last=False)
    return found


def is_played(workshop: Workshop) -> bool:
    return workshop.phase != PLANNING
