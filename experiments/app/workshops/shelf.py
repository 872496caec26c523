"""Where workshops are kept while the explorer runs: in memory for every session, and on disk at every change."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from experiments.app.workshops import file as workshop_file
from experiments.app.workshops.rules import Workshop, taken_over
from experiments.sweeps.disk import write_whole
from sim.organisation import Organisation, OrganisationError
from sim.passports import InputError

SUFFIX = ".workshop.json"


def home() -> Path:
    """The folder of workshops: ``UPTAKE_WORKSHOPS``, else where data of a user's programs belongs."""
    given = os.environ.get("UPTAKE_WORKSHOPS")
    if given:
        return Path(given).expanduser()
    data = os.environ.get("XDG_DATA_HOME") or (os.environ.get("LOCALAPPDATA") if os.name == "nt" else None)
    return (Path(data) if data else Path.home() / ".local" / "share") / "uptake" / "workshops"


@dataclass(frozen=True)
class Kept:
    """A workshop, and the uploaded people it is held on; None where its terms make them."""

    workshop: Workshop
    organisation: Organisation | None


class Shelf:
    """Workshops by code. Changes go one after another, are on disk before anyone hears of them, and reach everyone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.damaged: list[str] = []
        self._lock = threading.RLock()
        self._kept: dict[str, Kept] = {}
        self._listeners: list[Callable[[], None]] = []
        for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ():
            try:
                workshop, organisation = workshop_file.from_text(path.read_text(encoding="utf-8"))
            except (InputError, OrganisationError, OSError, UnicodeDecodeError) as error:
                self.damaged.append(f"{path.name}: {error}")  # left where it is, and told
                continue
            self._kept[workshop.code] = Kept(workshop, organisation)

    def codes(self) -> list[str]:
        return list(self._kept)

    def workshops(self) -> list[Workshop]:
        """All of them, as they stand."""
        with self._lock:
            return [kept.workshop for kept in self._kept.values()]

    def get(self, code: str) -> Workshop:
        """The workshop of a code. Raises InputError."""
        return self._found(code).workshop

    def hiding(self, key: str, guest: bool) -> Workshop | None:
        """The workshop that hides results from that browser, as one of its teams; None where there is none. A ``guest``
        that is no team anywhere, or not any more, is kept from them by every workshop."""
        every = self.workshops()
        own = [workshop for workshop in every if workshop.team_of(key)] or (every if guest else [])
        return next((workshop for workshop in own if workshop.hides_from(key)), None)

    def organisation(self, code: str) -> Organisation | None:
        """The uploaded people that a workshop is held on; None where its terms make them."""
        return self._found(code).organisation

    def add(self, workshop: Workshop, organisation: Organisation | None) -> Workshop:
        """Put a workshop on the shelf; one of the same code gives way."""
        with self._lock:
            self._keep(Kept(workshop, organisation))
        self._tell()
        return workshop

    def change(self, code: str, rule: Callable[[Workshop], Workshop]) -> Workshop:
        """Apply a rule of ``workshop`` to the workshop as it stands now. Raises what the rule raises, and OSError."""
        with self._lock:
            kept = self._found(code)
            after = rule(kept.workshop)
            self._keep(Kept(after, kept.organisation))
        self._tell()
        return after

    def text(self, code: str) -> str:
        """The workshop's file for elsewhere: without the keys, which prove who is who on this machine."""
        kept = self._found(code)
        return workshop_file.to_text(taken_over(kept.workshop, ""), kept.organisation)

    def listen(self, heard: Callable[[], None]) -> Callable[[], None]:
        """Call ``heard`` after every change of any workshop; returns what ends that."""
        with self._lock:
            self._listeners.append(heard)

        def end() -> None:
            with self._lock:
                if heard in self._listeners:
                    self._listeners.remove(heard)

        return end

    def _found(self, code: str) -> Kept:
        with self._lock:
            kept = self._kept.get(code.strip().upper())
        if kept is None:
            raise InputError(f'no workshop "{code.strip()[:20]}"; ask the facilitator for the code on the screen')
        return kept

    def _keep(self, kept: Kept) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        text = workshop_file.to_text(kept.workshop, kept.organisation)
        write_whole(self.folder / f"{kept.workshop.code}{SUFFIX}", text.encode("utf-8"))
        self._kept[kept.workshop.code] = kept

    def _tell(self) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for heard in listeners:
            heard()


@cache
def shelf() -> Shelf:
    """The workshops of this machine, read on first use."""
    return Shelf(home())
