"""The organisations that pages are about: generated, a sample, uploaded, or the one the explorer was opened with."""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import lru_cache

from experiments.app.anonymous import anonymous
from experiments.app.work import MOST_PEOPLE, People
from experiments.inputs import Source
from sim.organisation import Organisation
from sim.passports import InputError

MOST_ROSTERS = 64


class Rosters:
    """Uploaded people, without names, by the browser that sent them and their fingerprint; the oldest go first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Organisation] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, session: str, organisation: Organisation) -> None:
        with self._lock:
            self._kept[session, organisation.fingerprint] = organisation
            while len(self._kept) > MOST_ROSTERS:
                self._kept.popitem(last=False)

    def get(self, session: str, fingerprint: str) -> Organisation | None:
        with self._lock:
            return self._kept.get((session, fingerprint))


ROSTERS = Rosters()
_house: list[Organisation] = []
"""The roster that the explorer was opened with, without names."""
_first: list[People] = [People()]
"""Whom a page with a bare address is about."""


def open_with(source: Source) -> None:
    """Let every page begin with these people, without their names.

    Raises OrganisationError, and InputError where they are too many.
    """
    organisation = source.load()
    if organisation.headcount > MOST_PEOPLE:
        raise InputError(f"{organisation.headcount:,} people; the explorer takes {MOST_PEOPLE:,} at most")
    if source.org is None:
        _first[:] = [People(headcount=organisation.headcount)]
        return
    _house[:] = [anonymous(organisation)]
    _first[:] = [People(uploaded=_house[0].fingerprint)]


def first_people() -> People:
    """Whom a page with a bare address is about."""
    return _first[0]


def of(session: str, wanted: People) -> Organisation:
    """The organisation that a page is about. Raises InputError and OrganisationError."""
    if wanted.uploaded and (kept := ROSTERS.get(session, wanted.uploaded)) is not None:
        return kept
    if _house and wanted.uploaded == _house[0].fingerprint:
        return _house[0]
    return _made(wanted)


@lru_cache(maxsize=16)
def _made(wanted: People) -> Organisation:
    return wanted.make()
