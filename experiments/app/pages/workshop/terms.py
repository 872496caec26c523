"""What all teams of a workshop are given: as a form, and in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf, isfinite, isnan, nan

import reacton.ipyvuetify as rv
import solara

from experiments import outcomes, words
from experiments.app.fields import Field
from experiments.app.workshops.budget import WHAT
from experiments.app.workshops.rules import COUNTED, Terms
from experiments.inputs import amount
from experiments.outcomes import COST, HOURS
from sim.passports import InputError
from sim.scenario import library, load


@solara.component
def TermsForm(terms: Terms, on_change: Callable[[Terms], None]) -> None:
    """Outcome, starting point, budget and hours."""
    with rv.Row(dense=True):
        with rv.Col(cols=12, sm=6):
            counted = [{"text": words.label(name), "value": name} for name in COUNTED]
            rv.Select(label="What counts", items=counted, v_model=terms.outcome, persistent_hint=True,
                      hint=outcomes.ALL[terms.outcome].meaning,
                      on_v_model=lambda name: on_change(replace(terms, outcome=name)))  # fmt: skip
        with rv.Col(cols=12, sm=6):
            rv.Select(label="Compared with", items=library(), v_model=terms.base, persistent_hint=True,
                      hint=load(terms.base).question,
                      on_v_model=lambda name: on_change(replace(terms, base=name)))  # fmt: skip
        with rv.Col(cols=12, sm=6):
            _Amount("Budget (money)", "budget", terms.budget, lambda most: on_change(replace(terms, budget=most)))
        with rv.Col(cols=12, sm=6):
            _Amount("People's hours", "hours", terms.hours, lambda most: on_change(replace(terms, hours=most)))


@solara.component
def _Amount(label: str, name: str, value: float, on_change: Callable[[float], None]) -> None:
    """An amount such as 700k; empty is no limit."""
    text, error = solara.use_reactive(_typed(value)), solara.use_reactive("")
    solara.use_effect(lambda: None if isnan(value) else text.set(_typed(value)), [value])

    def take(given: str) -> None:
        text.set(given)
        try:
            most = amount(name, given) if given.strip() else inf
            error.set("")
        except InputError:
            most = nan  # which no workshop takes
            error.set("an amount such as 250000, 700k or 1.2M")
        on_change(most)

    Field(label, text.value, take, placeholder="no limit",
          error_messages=[error.value] if error.value else [])  # fmt: skip


def _typed(value: float) -> str:
    """An amount as one would type it; empty where there is no limit."""
    return f"{value:,.0f}" if isfinite(value) else ""


@solara.component
def TermsInWords(terms: Terms) -> None:
    """What counts, and what may be spent."""
    outcome = outcomes.ALL[terms.outcome]
    with rv.Html(tag="div", class_="text-body-1"):
        rv.Html(tag="b", children=[words.after(terms.outcome, terms.weeks).capitalize()])
        rv.Html(tag="span", children=[f" is what counts: {outcome.meaning}."])
    rv.Html(tag="div", class_="text-body-1", children=[_limits(terms)])


def _limits(terms: Terms) -> str:
    """``You may spend at most 700k of money and 12,000 hours of people's time until then.``"""
    limits = [f"{words.money(terms.budget)} of {WHAT[COST]}"] if isfinite(terms.budget) else []
    limits += [f"{terms.hours:,.0f} {WHAT[HOURS]}"] if isfinite(terms.hours) else []
    if not limits:
        return "There is no limit to what you spend."
    return f"You may spend at most {' and '.join(limits)} until then."
