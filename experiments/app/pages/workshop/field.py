"""What a workshop's forms share: a line of text, a change of the workshop, and why it was refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reacton.ipyvuetify as rv
import solara

from experiments.app.background import BAD_INPUT
from experiments.app.workshops.rules import Workshop
from experiments.app.workshops.shelf import shelf

Rule = Callable[[Workshop], Workshop]
Apply = Callable[[Rule], None]


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


def use_apply(code: str, then: Callable[[Workshop], None] = lambda _: None) -> tuple[Apply, str]:
    """What changes the workshop by a rule, and why the last change was refused; ``then`` follows one that was not."""
    error = solara.use_reactive("")

    def apply(rule: Rule) -> None:
        try:
            after = shelf().change(code, rule)
        except (*BAD_INPUT, OSError) as problem:
            error.set(str(problem))
            return
        error.set("")
        then(after)

    return apply, error.value


@solara.component
def Refused(said: str) -> None:
    """Why something could not be done. Always in its place: one that came and went would begin its neighbours anew,
    with whatever was typed into them."""
    with rv.Html(tag="div"):
        if said:
            solara.Error(said[0].upper() + said[1:])
