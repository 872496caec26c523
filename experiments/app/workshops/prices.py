"""What a plan is expected to take, counted beside the page that asks."""

from __future__ import annotations

from dataclasses import dataclass, replace

from experiments.app import locks, organisations, session
from experiments.app.background import Answer, use_latest
from experiments.app.plans import Plan
from experiments.app.workshops import rounds
from experiments.app.workshops.budget import Meter, meters
from experiments.app.workshops.rules import Terms
from experiments.app.workshops.shelf import shelf
from experiments.app.workshops.standings import price


@dataclass(frozen=True)
class Price:
    """Expected ``money`` and ``hours`` of a plan under ``terms``, for ``headcount`` people."""

    money: float
    hours: float
    terms: Terms
    headcount: int

    @property
    def meters(self) -> tuple[Meter, Meter]:
        """Money and hours, each beside its limit."""
        return meters(self.terms, self.money, self.hours)

    @property
    def over(self) -> list[Meter]:
        """Of these the ones beyond their limit."""
        return [meter for meter in self.meters if meter.over]


def use_price(made: Plan | None, terms: Terms, code: str = "") -> Answer[Price | None]:
    """What a plan takes under these terms, among the people of the workshop of that code, else those of the terms.

    Nothing for no plan. ``busy``: ``value`` is that of an earlier question.
    """
    asked = (session.session_id(), code, terms, made)
    answer = use_latest(_priced, *asked)
    return replace(answer, busy=answer.asked != asked)


def _priced(session_id: str, code: str, terms: Terms, made: Plan | None) -> Price | None:
    """Run it. Raises InputError and OrganisationError."""
    if made is None:
        return None
    people = rounds.people(shelf().get(code)) if code else organisations.of(session_id, terms.people)
    with locks.ENGINE:
        return Price(*price(made, terms, people), terms, people.headcount)
