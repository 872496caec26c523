"""Text files that a browser sends."""

from __future__ import annotations

from typing import Any

from experiments.app import session
from experiments.app.server.uploads import UPLOADS
from sim.passports import InputError


def text_of(sent: dict[str, Any], most: int) -> str:
    """The text of the file that ``components.Upload`` says has arrived; the file is removed.

    Raises InputError where it has not, is larger than ``most`` bytes, or is no text.
    """
    name = sent["name"]
    path = UPLOADS.take(session.session_id(), sent["ticket"], name)
    if path is None:
        raise InputError(f"{name}: the file did not arrive; send it again")
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
