"""The server of the explorer: Solara's pages behind our gate, with everything they need on this machine."""

from __future__ import annotations

import contextlib
import secrets
import socket
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.passports import InputError

if TYPE_CHECKING:
    from starlette.applications import Starlette

LOOPBACK = ("127.0.0.1", "localhost", "::1")
NOWHERE = "http://127.0.0.1:9/"
"""Where Solara would look for assets that are not installed: nothing is ever fetched."""
LARGEST_MESSAGE = 4 << 20
"""Bytes of a websocket message; files come another way (``uploads``)."""
CULL = "10m"
"""How long a page that went without a word is kept, so that it finds itself again."""


@dataclass(frozen=True)
class Address:
    """Where the explorer listens. ``key``: what the facilitator's address carries beyond this machine."""

    host: str
    port: int
    key: str | None

    @property
    def url(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else "127.0.0.1" if self.host == "0.0.0.0" else self.host
        return f"http://{name}:{self.port}/" + (f"?key={self.key}" if self.key else "")


def is_local(host: str) -> bool:
    """Whether only this machine can reach it."""
    return host in LOOPBACK


def bound(host: str, port: int) -> socket.socket:
    """A socket bound to an address; port 0 is any free one. Raises InputError where that cannot be had."""
    if not 0 <= port <= 65535:
        raise InputError(f"--port must be a whole number from 0 (any free one) to 65,535, not {port}")
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        opened = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        raise InputError(f"--host {host}: no such address of this machine; 127.0.0.1 is this machine alone") from None
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
        opened.listen(128)
    except OSError as error:
        opened.close()
        raise InputError(f"cannot listen on {host}, port {port} ({error.strerror}); name another with --port") from None
    return opened


def application(key: str | None) -> Starlette:
    """The whole application. ``key``: None where it is open to this machine alone."""
    _settle()
    import plotly
    import solara.server.settings as settings
    from solara.server import app as apps
    from solara.server.starlette import lifespan, middleware, routes
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.responses import PlainTextResponse
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles

    from experiments.app import sharing
    from experiments.app.gate import Gate
    from experiments.app.scripts import Scripts

    apps.apps["__default__"] = apps.AppScript("experiments.app.pages")
    plots = Path(str(plotly.__file__)).parent / "package_data"
    own = [
        Route("/uptake/upload", sharing.UPLOADS.receive, methods=["POST"]),
        Mount("/uptake/plotly", StaticFiles(directory=plots)),
        Mount("/uptake/js", Scripts()),
        Mount("/_solara/cdn", StaticFiles(directory=settings.assets.proxy_cache_dir)),  # in place of one that fetches
        Route("/resourcez", lambda _: PlainTextResponse("", 404)),
    ]
    gate = Middleware(Gate, key=key, guest=secrets.token_urlsafe(24), codes=lambda: sharing.shelf().codes())
    return Starlette(routes=[*own, *routes], lifespan=lifespan, middleware=[gate, *middleware])


def serve(opened: socket.socket, key: str | None, ready: Callable[[], None]) -> None:
    """Serve until interrupted; ``ready`` is called once pages can be opened."""
    import uvicorn

    config = uvicorn.Config(
        application(key), log_level="error", access_log=False, lifespan="on", loop="asyncio",
        timeout_graceful_shutdown=1,  # open pages would hold it
        ws_max_size=LARGEST_MESSAGE, ws_ping_interval=5, ws_ping_timeout=10,
    )  # fmt: skip
    server = uvicorn.Server(config)
    started = server.startup

    async def startup(sockets: Any = None) -> None:
        await started(sockets=sockets)
        if server.started:
            ready()

    server.startup = startup  # type: ignore[method-assign]
    with contextlib.closing(opened):
        server.run(sockets=[opened])


def assets() -> Path:
    """Where the installed scripts, styles and fonts of the pages lie."""
    _settle()
    import solara.server.settings as settings

    return Path(settings.assets.proxy_cache_dir)


def _settle() -> None:
    """Solara as it should be here: no telemetry, nothing fetched, no banner, pages that find themselves again."""
    import solara.server.settings as settings
    import solara.settings

    settings.telemetry.mixpanel_enable = False
    settings.theme.title = "Uptake"
    settings.theme.loader = "plain"
    settings.theme.show_banner = False
    settings.theme.force_refresh = True
    settings.kernel.cull_timeout = CULL
    solara.settings.assets.cdn = NOWHERE
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
