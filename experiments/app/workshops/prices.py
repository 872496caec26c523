"""What a plan is expected to take."""

from __future__ import annotations

from dataclasses import dataclass

from experiments.app import locks, organisations
from experiments.app.plans import Plan
from experiments.app.workshops import rounds
from experiments.app.workshops.budget import Meter, meters
from experiments.app.workshops.rules import Terms
from experiments.app.workshops.shelf import shelf
from experiments.app.workshops.standings import price
from experiments.watch import Cancelled


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


def priced(
    session_id: str, code: str, terms: Terms, made: Plan | None,
    progress: locks.Report | None = None, cancelled: Cancelled | None = None,
) -> Price | None:  # fmt: skip
    """What a plan takes under these terms, among the people of the workshop of that code, else those of the terms.

    Nothing for no plan. Raises InputError and OrganisationError; KeyboardInterrupt when cancelled.
    """
    if made is None:
        return None
    people = rounds.people(shelf().get(code), session_id) if code else organisations.of(session_id, terms.people)
    with locks.turn(locks.ENGINE, cancelled, progress):
        return Price(*price(made, terms, people, cancelled), terms, people.headcount)
