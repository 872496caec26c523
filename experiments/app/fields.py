"""Lines of text that pages ask for, and why they were refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reacton.ipyvuetify as rv
import solara

from experiments.app.plans import LONGEST_NAME
from experiments.words import first_up


@solara.component
def Field(
    label: str, value: str, put: Callable[[str], None], enter: Callable[[], None] | None = None, **looks: Any
) -> None:
    """Text that counts once the field is left or Enter is pressed; ``enter`` is called then as well.

    What is typed letter by letter may still be on its way, on a slow line, when a button is clicked; this never is.
    The letters are kept all the same: else whatever changes on the page meanwhile would put the old text back.
    """
    typed, write = solara.use_state(value)
    solara.use_effect(lambda: write(value), [value])
    field = rv.TextField(label=label, v_model=typed, on_v_model=write, **looks)
    rv.use_event(field, "change", lambda *given: put(str(given[-1] or "")))
    rv.use_event(field, "keyup.enter", lambda *_: enter() if enter else None)


@solara.component
def NameField(
    label: str, value: str, put: Callable[[str], None], enter: Callable[[], None] | None = None, **looks: Any
) -> None:
    """A name, with the letters counted against what ``checked_name`` takes: what is too long is refused, never cut."""
    Field(label, value, put, enter, counter=LONGEST_NAME, **looks)


@solara.component
def Refused(said: str) -> None:
    """Why something could not be done. Always in its place: one that came and went would begin its neighbours anew,
    with whatever was typed into them."""
    with rv.Html(tag="div"):
        if said:
            solara.Error(first_up(said))
