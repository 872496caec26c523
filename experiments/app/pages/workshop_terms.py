"""What all teams of a workshop are given: as a form, and in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf, isfinite

import reacton.ipyvuetify as rv
import solara

from experiments import outcomes, words
from experiments.app.workshop import Terms
from experiments.inputs import amount
from sim.passports import InputError
from sim.scenario import library


@solara.component
def TermsForm(terms: Terms, on_change: Callable[[Terms], None]) -> None:
    """Outcome, starting point, budget and hours."""
    with rv.Row(dense=True):
        with rv.Col(cols=12, sm=6):
            judged = [{"text": words.label(name), "value": name} for name, o in outcomes.ALL.items() if o.good]
            rv.Select(label="What counts", items=judged, v_model=terms.outcome,
                      on_v_model=lambda name: on_change(replace(terms, outcome=name)))  # fmt: skip
        with rv.Col(cols=12, sm=6):
            rv.Select(label="Compared with", items=library(), v_model=terms.base,
                      on_v_model=lambda name: on_change(replace(terms, base=name)))  # fmt: skip
        with rv.Col(cols=12, sm=6):
            _Amount("Budget (money)", "budget", terms.budget, lambda most: on_change(replace(terms, budget=most)))
        with rv.Col(cols=12, sm=6):
            _Amount("People's hours", "hours", terms.hours, lambda most: on_change(replace(terms, hours=most)))


@solara.component
def _Amount(label: str, name: str, value: float, on_change: Callable[[float], None]) -> None:
    """An amount such as 700k; empty is no limit."""
    text = solara.use_reactive(words.money(value) if isfinite(value) else "")
    error = solara.use_reactive("")

    def take(given: str) -> None:
        text.set(given)
        try:
            on_change(amount(name, given) if given.strip() else inf)
            error.set("")
        except InputError:
            error.set("an amount such as 250000, 700k or 1.2M")

    rv.TextField(label=label, v_model=text.value, on_v_model=take, placeholder="no limit",
                 error_messages=[error.value] if error.value else [])  # fmt: skip


def terms_in_words(terms: Terms) -> str:
    """``What counts: habitual after 104 weeks. You may spend at most 700k of money.``"""
    limits = [f"{words.money(terms.budget)} of money"] if isfinite(terms.budget) else []
    limits += [f"{terms.hours:,.0f} of people's hours"] if isfinite(terms.hours) else []
    most = f" You may spend at most {' and '.join(limits)}." if limits else " There is no limit to what you spend."
    return f"What counts: {words.label(terms.outcome)} after {words.counted(terms.weeks, 'week')}.{most}"
