"""Files that a browser sends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.app import session
from experiments.app.server.uploads import UPLOADS
from sim.passports import InputError


def taken(sent: dict[str, Any]) -> Path:
    """The file that ``components.Upload`` says has arrived, which the caller removes. Raises InputError where it has
    not."""
    path = UPLOADS.take(session.session_id(), sent["ticket"], sent["name"])
    if path is None:
        raise InputError(f"{sent['name']}: the file did not arrive; send it again")
    return path


def text_of(sent: dict[str, Any], most: int) -> str:
    """The text of a file that has arrived; the file is removed.

    Raises InputError where it has not, is larger than ``most`` bytes, or is no text.
    """
    name, path = sent["name"], taken(sent)
    try:
        data = path.read_bytes()
    finally:
        path.unlink(missing_ok=True)
    if len(data) > most:
        raise InputError(f"{name}: the file is too large ({len(data):,} bytes; the most is {most:,})")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{name}: not text in UTF-8; save it as UTF-8") from None
