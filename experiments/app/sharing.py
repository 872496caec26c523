"""What all pages of one server share: files on their way in, uploaded rosters, workshops, and one engine at a time."""

from __future__ import annotations

import tempfile
import threading
from collections import OrderedDict
from functools import cache, lru_cache
from pathlib import Path

from experiments.app.shelf import Shelf, home
from experiments.app.uploads import Uploads
from experiments.app.work import People
from sim.organisation import Organisation

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


@cache
def shelf() -> Shelf:
    """The workshops of this machine, read on first use."""
    return Shelf(home())


def people(session: str, wanted: People) -> Organisation:
    """The organisation that a page is about. Raises InputError and OrganisationError."""
    if wanted.uploaded and (kept := ROSTERS.get(session, wanted.uploaded)) is not None:
        return kept
    return _made(wanted)


@lru_cache(maxsize=16)
def _made(wanted: People) -> Organisation:
    return wanted.make()
