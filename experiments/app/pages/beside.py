"""Controls, a picture, and what is said of it: beside each other where there is room, so that one is seen to move the
other; else below each other, the picture in between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reacton.ipyvuetify as rv
import solara

STYLE = """
    .uptake-beside { display: grid; gap: 12px; grid-template: "turned" "seen" "said" / minmax(0, 1fr); }
    .uptake-beside > * { min-width: 0; }
    @media (min-width: 960px) {
        .uptake-beside { grid-template: "turned seen" auto "said seen" 1fr / 22rem minmax(0, 1fr); }
    }
"""


@solara.component
def Beside(children: Sequence[Any] = ()) -> None:
    """Its children are ``turned``, ``seen`` and ``said``."""
    with rv.Html(tag="div"):
        solara.Style(STYLE)
        rv.Html(tag="div", class_="uptake-beside", children=list(children))


def turned() -> Any:
    """What is set."""
    return rv.Card(outlined=True, style_="grid-area: turned", class_="pa-3")


def seen() -> Any:
    """The picture."""
    return rv.Card(outlined=True, style_="grid-area: seen")


def said() -> Any:
    """The words."""
    return rv.Card(outlined=True, style_="grid-area: said", class_="pa-3")
