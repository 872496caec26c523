"""What all pages of one server share: files on their way in, uploaded rosters, workshops, and one engine at a time."""

from __future__ import annotations

import tempfile
import threading
from collections import OrderedDict
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.app.anonymous import anonymous
from experiments.app.server.gate import is_guest
from experiments.app.server.uploads import Uploads
from experiments.app.work import MOST_PEOPLE, People
from experiments.app.workshops.shelf import Shelf, home
from experiments.inputs import Source
from sim.organisation import Organisation
from sim.passports import InputError

if TYPE_CHECKING:
    from experiments.app.server.serve import Address

SCRATCH = tempfile.TemporaryDirectory(prefix="uptake-", ignore_cleanup_errors=True)
"""The folder of whatever is only for now: ``serve`` removes it when it ends."""
UPLOADS = Uploads(Path(SCRATCH.name))
ENGINE = threading.Lock()
"""One comparison after another: each then has all cores, and five teams wait less than side by side."""
LONG = threading.Lock()
"""One map or tornado after another, beside the comparisons."""
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
_address: list[Address] = []
"""Where the explorer listens, once it does."""


def open_at(address: Address) -> None:
    """Let pages know where others find them."""
    _address[:] = [address]


def for_others() -> list[str]:
    """The addresses that other machines open; none where only this one can, or where there is no network."""
    return [each for address in _address for each in address.guests]


def open_to_others() -> bool:
    """Whether the explorer was started for more than this machine."""
    return any(address.open_to_others for address in _address)


def by_code(cookies: dict[str, str] | None) -> bool:
    """Whether the browser with these cookies came in by a workshop's code: as a team, not as who runs the explorer."""
    return any(is_guest(cookies, address.key) for address in _address)


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


@cache
def shelf() -> Shelf:
    """The workshops of this machine, read on first use."""
    return Shelf(home())


def people(session: str, wanted: People) -> Organisation:
    """The organisation that a page is about. Raises InputError and OrganisationError."""
    if wanted.uploaded and (kept := ROSTERS.get(session, wanted.uploaded)) is not None:
        return kept
    if _house and wanted.uploaded == _house[0].fingerprint:
        return _house[0]
    return _made(wanted)


@lru_cache(maxsize=16)
def _made(wanted: People) -> Organisation:
    return wanted.make()
