"""Who may come in: on this machine its own pages only; over the network whoever has the key, or a workshop's code.

Plain ASGI, so that websockets pass the same door.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from importlib.resources import files
from urllib.parse import parse_qs, urlsplit

from starlette.responses import HTMLResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from experiments.app.server.keys import Keys

KEY, GUEST = "uptake-key", "uptake-guest"
"""Cookies: the facilitator's key, and a guest's (whose workshop's code opened the door)."""
PAUSE, TRIES = 60.0, 20
"""After so many wrong codes from one address, it waits so many seconds."""
REFUSED = 4403
FONTS = "/_solara/cdn/"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Names of this machine that no other machine can be reached by."""


class Gate:
    """Middleware. ``keys`` None: open to this machine. ``codes()``: codes of the workshops that guests may join.

    A request that names another host than it should is a page of another site in disguise.
    """

    def __init__(self, app: ASGIApp, keys: Keys | None, codes: Callable[[], list[str]]) -> None:
        self._app, self._keys, self._codes = app, keys, codes
        self._wrong: dict[str, list[float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin1"): value.decode("latin1") for name, value in scope["headers"]}
        if self._foreign(scope, headers):
            await _refuse(scope, receive, send)
        elif self._keys is None or self._known(self._keys, headers) or scope["path"].startswith(FONTS):
            await self._app(scope, receive, send)
        else:
            await self._ask(self._keys, scope, receive, send)

    def _foreign(self, scope: Scope, headers: dict[str, str]) -> bool:
        """Whether another site's page asks: by a foreign origin, or by a name that was bent to this machine."""
        host, origin = headers.get("host", ""), headers.get("origin")
        asks = scope["type"] == "websocket" or scope.get("method") not in ("GET", "HEAD")
        try:
            if asks and origin is not None and urlsplit(origin).netloc != host:
                return True
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:  # brackets that do not close
            return True
        return self._keys is None and name not in LOOPBACK

    def _known(self, keys: Keys, headers: dict[str, str]) -> bool:
        cookies = _cookies(headers)
        return _same(cookies.get(KEY, ""), keys.facilitator) or _same(cookies.get(GUEST, ""), keys.guest)

    async def _ask(self, keys: Keys, scope: Scope, receive: Receive, send: Send) -> None:
        """A key or a code in the address opens; else the page that asks for a code."""
        if scope["type"] == "websocket":
            await _refuse(scope, receive, send)
            return
        query = parse_qs(scope["query_string"].decode("latin1"))
        key, code = query.get("key", [""])[0], query.get("code", [""])[0].strip().upper()
        who = (scope.get("client") or ("", 0))[0]
        if (key or code) and self._must_wait(who):
            await HTMLResponse(_door("Too many wrong codes; wait a minute."), 429)(scope, receive, send)
            return
        if _same(key, keys.facilitator):
            await _let_in(KEY, key, "/")(scope, receive, send)
        elif code and code in self._codes():
            await _let_in(GUEST, keys.guest, f"/workshop?workshop={code}")(scope, receive, send)
        else:
            if key or code:
                self._wrong.setdefault(who, []).append(time.monotonic())
            said = "There is no workshop of that code." if code else ""
            await HTMLResponse(_door(said), 401)(scope, receive, send)

    def _must_wait(self, who: str) -> bool:
        now = time.monotonic()
        self._wrong = {asker: [at for at in tries if now - at < PAUSE] for asker, tries in self._wrong.items()
                       if now - tries[-1] < PAUSE}  # fmt: skip
        return len(self._wrong.get(who, [])) >= TRIES


def is_guest(cookies: dict[str, str] | None, key: str | None) -> bool:
    """Whether a browser came in by a workshop's code."""
    return key is not None and not _same((cookies or {}).get(KEY, ""), key)


def _same(offered: str, held: str) -> bool:
    """Compared in a time that tells nothing; whatever a browser may offer."""
    return hmac.compare_digest(offered.encode(errors="replace"), held.encode())


def _cookies(headers: dict[str, str]) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}


def _let_in(cookie: str, value: str, where: str) -> RedirectResponse:
    answer = RedirectResponse(where, 303)
    answer.set_cookie(cookie, value, httponly=True, samesite="lax")
    return answer


def _door(said: str) -> str:
    page = files("experiments.app.server").joinpath("door.html").read_text(encoding="utf-8")
    return page.replace("<!--said-->", said)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": REFUSED})
    else:
        await HTMLResponse("<!doctype html><title>Uptake</title>Not open to this page.", 403)(scope, receive, send)
