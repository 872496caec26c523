"""A browser's half of HTTP and websockets, spoken to an ASGI application without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest


@dataclass(frozen=True)
class Heard:
    """What came back: of a websocket, ``status`` is 101 where it was let in, else the code it was closed with."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""


def ask(
    app: Any,
    path: str = "/",
    *,
    method: str = "GET",
    kind: str = "http",
    query: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    parts: Iterable[bytes | None] = (b"",),
    address: str = "127.0.0.1",
) -> Heard:
    """Ask and hear. ``parts``: the body as it comes; None where the sender is gone."""
    scope = {
        "type": kind, "method": method, "path": path, "raw_path": path.encode(), "root_path": "", "scheme": "http",
        "query_string": urlencode(query or {}).encode(), "client": (address, 1), "server": ("127.0.0.1", 8765),
        "http_version": "1.1", "subprotocols": [], "extensions": {},
        "headers": [(name.encode(), value.encode("latin1")) for name, value in
                    {"host": "127.0.0.1:8765", **(headers or {})}.items()],
    }  # fmt: skip
    bodies, sent = iter(parts), []

    async def receive() -> dict[str, Any]:
        if kind == "websocket":
            return {"type": "websocket.connect"}
        part = next(bodies, b"")
        if part is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": part, "more_body": part != b""}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    if kind == "websocket":
        return Heard(101 if sent[0]["type"] == "websocket.accept" else sent[0]["code"])
    found = {name.decode(): value.decode("latin1") for name, value in sent[0]["headers"]}
    return Heard(sent[0]["status"], found, b"".join(each.get("body", b"") for each in sent[1:]).decode())


@pytest.fixture(name="ask", scope="session")
def asking() -> Callable[..., Heard]:
    """See ``ask``."""
    return ask
