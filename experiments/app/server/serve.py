"""The server of the explorer: Solara's pages behind our gate, with everything they need on this machine."""

from __future__ import annotations

import contextlib
import socket
import warnings
from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.app.server.reach import EVERYWHERE, is_local
from sim.passports import InputError

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from experiments.app.server.keys import Keys

NOWHERE = "http://127.0.0.1:9/"
"""Where Solara would look for assets that are not installed: nothing is ever fetched."""
LARGEST_MESSAGE = 4 << 20
"""Bytes of a websocket message; files come another way (``uploads``)."""
CULL = "10m"
"""How long a page that went without a word is kept, so that it finds itself again."""


def listening(host: str, port: int) -> list[socket.socket]:
    """The sockets of an address; beyond this machine also its own loopback, for whoever started it.

    Raises InputError where they cannot be had.
    """
    first = bound(host, port)
    if is_local(host) or host == EVERYWHERE[0]:
        return [first]
    try:
        return [first, bound("127.0.0.1", first.getsockname()[1])]
    except InputError:
        if host in EVERYWHERE:  # it has taken that as well
            return [first]
        first.close()
        raise


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


def application(keys: Keys | None) -> Starlette:
    """The whole application. ``keys``: None where it is open to this machine alone."""
    _settle()
    from solara.server import app as apps
    from solara.server.starlette import lifespan, middleware, root, routes
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.responses import PlainTextResponse, Response
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles

    from experiments.app.server.gate import Gate
    from experiments.app.server.scripts import Scripts
    from experiments.app.server.uploads import UPLOADS
    from experiments.app.workshops.shelf import shelf

    apps.apps["__default__"] = apps.AppScript("experiments.app.pages")

    async def here(_: Request) -> Response:
        return Response(status_code=204)

    own = [
        Route("/uptake/upload", UPLOADS.receive, methods=["POST"]),
        Route("/uptake/line", here),  # asked by pages that wonder whether they are still heard
        Mount("/uptake/plotly", StaticFiles(directory=plotly_folder())),
        Mount("/uptake/js", Scripts()),
        Mount("/_solara/cdn", StaticFiles(directory=assets())),  # in place of one that fetches
        Route("/resourcez", lambda _: PlainTextResponse("", 404)),
    ]
    gate = Middleware(Gate, keys=keys, codes=lambda: shelf().codes())
    framework = [route for route in routes if getattr(route, "endpoint", None) is not root]
    return Starlette(routes=[*own, *framework, *pages(root)], lifespan=lifespan, middleware=[gate, *middleware])


def pages(shown: Callable[[Request], Awaitable[Response]]) -> list[Route]:
    """The addresses at which a page is ``shown``; any other leads to one of them, with all that it holds."""
    from starlette.responses import RedirectResponse
    from starlette.routing import Route

    from experiments.app.pages.tabs import TABS, tab_at

    async def lost(request: Request) -> Response:
        return RedirectResponse(request.url.replace(path=f"/{tab_at(request.url.path).path}"))

    return [*(Route(f"/{tab.path}", shown) for tab in TABS), Route("/{path:path}", lost)]


def serve(opened: list[socket.socket], keys: Keys | None, ready: Callable[[], None]) -> None:
    """Serve until interrupted; ``ready`` is called once pages can be opened. Leaves no file behind."""
    import uvicorn

    from experiments.app.server.scratch import SCRATCH, remove_abandoned

    remove_abandoned()
    config = uvicorn.Config(
        application(keys), log_level="error", access_log=False, lifespan="on", loop="asyncio",
        timeout_graceful_shutdown=1,  # open pages would hold it
        ws_max_size=LARGEST_MESSAGE, ws_ping_interval=5, ws_ping_timeout=10,
    )  # fmt: skip
    server = uvicorn.Server(config)
    started, ended = server.startup, server.shutdown

    async def startup(sockets: Any = None) -> None:
        await started(sockets=sockets)
        if server.started:
            ready()

    async def shutdown(sockets: Any = None) -> None:
        await ended(sockets=sockets)
        SCRATCH.cleanup()  # here: a signal that ended it is raised again right after

    server.startup, server.shutdown = startup, shutdown  # type: ignore[method-assign]
    with contextlib.ExitStack() as sockets:
        for each in opened:
            sockets.enter_context(contextlib.closing(each))
        server.run(sockets=opened)


def assets() -> Path:
    """Where the installed scripts, styles and fonts of the pages lie."""
    _settle()
    import solara.server.settings as settings

    return Path(settings.assets.proxy_cache_dir)


def plotly_folder() -> Path:
    """Where the charts' script lies."""
    return Path(str(files("plotly").joinpath("package_data")))


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
