"""A change of the workshop by one of its rules, and why it was refused."""

from __future__ import annotations

from collections.abc import Callable

import solara

from experiments.app.background import BAD_INPUT
from experiments.app.workshops.rules import Workshop
from experiments.app.workshops.shelf import shelf

Rule = Callable[[Workshop], Workshop]
Apply = Callable[[Rule], None]


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
