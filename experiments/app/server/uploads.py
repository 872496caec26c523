"""Files that browsers send: counted as they come, kept on disk, handed once to the session that sent them."""

from __future__ import annotations

import secrets
import threading
from pathlib import Path

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse

from experiments.app.server.scratch import SCRATCH

MOST_BYTES = 32 << 20
MOST_WAITING = 64
"""Files that nobody has taken up; the oldest goes first."""
SESSION_COOKIES = ("solara-session-id", "solara-session-id-lax")


class Uploads:
    """What has been sent and not yet taken, in a folder that is there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: dict[tuple[str, str], Path] = {}
        self._lock = threading.Lock()

    async def receive(self, request: Request) -> JSONResponse:
        """The route: the file's bytes as the body; a ticket back."""
        session = next((request.cookies[name] for name in SESSION_COOKIES if name in request.cookies), None)
        if session is None:
            return _refused("open the page anew, then send the file again", 403)
        said = request.headers.get("content-length", "")
        if said.isdecimal() and int(said) > MOST_BYTES:
            return _too_large()
        ticket = secrets.token_urlsafe(12)
        path = self._folder / ticket
        received = 0
        try:
            with path.open("wb") as file:
                async for part in request.stream():
                    received += len(part)
                    if received > MOST_BYTES:
                        break
                    file.write(part)
        except (ClientDisconnect, OSError):
            path.unlink(missing_ok=True)
            return _refused("the file did not arrive whole; send it again", 400)
        if received > MOST_BYTES:
            path.unlink()
            return _too_large()
        with self._lock:
            self._waiting[session, ticket] = path
            oldest = list(self._waiting)[:-MOST_WAITING]
            gone = [self._waiting.pop(key) for key in oldest]
        for stale in gone:
            stale.unlink(missing_ok=True)
        return JSONResponse({"ticket": ticket, "bytes": received})

    def take(self, session: str, ticket: str, name: str) -> Path | None:
        """The file behind a ticket, under a name with the same ending as on the sender's machine; None if not theirs.

        The caller removes it.
        """
        with self._lock:
            path = self._waiting.pop((session, ticket), None)
        if path is None:
            return None
        ending = "".join(letter for letter in Path(name).suffix.lower()[:12] if letter.isascii() and letter.isalnum())
        named = path.with_name(f"{path.name}.{ending}" if ending else path.name)
        path.rename(named)
        return named


UPLOADS = Uploads(Path(SCRATCH.name))
"""What browsers send to this explorer."""


def _too_large() -> JSONResponse:
    return _refused(f"the file is larger than {MOST_BYTES >> 20} MB", 413)


def _refused(said: str, status: int) -> JSONResponse:
    return JSONResponse({"error": said}, status)
