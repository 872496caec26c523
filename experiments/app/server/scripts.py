"""The explorer's own scripts, as they are in this version."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles


class Scripts(StaticFiles):
    """A browser asks each time whether its copy still holds: an old one would not fit the pages of a newer version."""

    def __init__(self) -> None:
        super().__init__(packages=[("experiments.app", "js")])

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        answer = super().file_response(*args, **kwargs)
        answer.headers["cache-control"] = "no-cache"
        return answer
