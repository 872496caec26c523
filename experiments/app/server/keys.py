"""What opens an explorer that others can reach: kept for a day, so that everyone is known after a restart."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import time
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "keys.json"
KEPT = 24 * 3600.0
"""Seconds since the last start: a workshop's day. Whoever came in on another day asks anew."""


@dataclass(frozen=True)
class Keys:
    """``facilitator``: carried by the address of whoever runs the explorer. ``guest``: given for a workshop's code."""

    facilitator: str
    guest: str


def made() -> Keys:
    """New ones, which nobody can guess."""
    return Keys(secrets.token_urlsafe(9), secrets.token_urlsafe(24))


def kept(folder: Path) -> Keys:
    """Those of an explorer that ran on this folder within a day, else new ones; readable by this user alone.

    Where nothing can be kept they are new at every start.
    """
    path = folder / FILE
    found = _read(path) or made()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # a file that was there would keep its own mode
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(asdict(found), file)
    return found


def _read(path: Path) -> Keys | None:
    try:
        if time.time() - path.stat().st_mtime > KEPT:
            return None
        found = Keys(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    fine = all(isinstance(each, str) and len(each) >= 12 for each in asdict(found).values())
    return found if fine else None
