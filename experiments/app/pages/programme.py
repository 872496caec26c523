"""Page: programme."""

from __future__ import annotations

import solara


@solara.component
def Page() -> None:
    """Under construction."""
    solara.Text("programme")
