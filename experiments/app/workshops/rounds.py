"""A round of a workshop: the people it is held on, and its results, computed once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from experiments.app import locks, organisations
from experiments.app.workshops.rules import Workshop
from experiments.app.workshops.shelf import shelf
from experiments.app.workshops.standings import Results, play
from experiments.watch import Cancelled, Progress
from sim.organisation import Organisation

MOST_RESULTS = 16
_results: OrderedDict[tuple[object, ...], Results] = OrderedDict()


def people(workshop: Workshop, session_id: str) -> Organisation:
    """The people a workshop is held on; the browser that asks can then use them on its other pages too."""
    kept = shelf().organisation(workshop.code)
    if kept is None:
        return organisations.of(session_id, workshop.terms.people)
    organisations.ROSTERS.keep(session_id, kept)
    return kept


def results(
    workshop: Workshop,
    organisation: Organisation,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Results:
    """What came of the plans that were handed in: run once, whoever asks. KeyboardInterrupt when cancelled."""
    key = (workshop.code, workshop.terms, tuple(replace(team, key="") for team in workshop.ready))
    with locks.turn(locks.ENGINE, cancelled):  # whoever asked meanwhile then finds them
        if key not in _results:
            _results[key] = play(workshop, organisation, progress=progress, cancelled=cancelled)
            while len(_results) > MOST_RESULTS:
                _results.popitem(last=False)
        return _results[key]
