"""What a plan takes, money and hours, beside what a workshop's terms allow."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isfinite
from typing import Protocol

from experiments import outcomes, words
from experiments.outcomes import COST, HOURS

WHAT = {COST: "money", HOURS: "hours of people's time"}
"""What a plan takes, as one says it after a number."""


class Limits(Protocol):
    """The most that may be spent; ``inf``: no limit."""

    @property
    def budget(self) -> float: ...
    @property
    def hours(self) -> float: ...


@dataclass(frozen=True)
class Meter:
    """One thing that a plan takes, ``takes`` of at most ``most``, both in the unit of the outcome ``name``."""

    name: str
    takes: float
    most: float

    @property
    def limited(self) -> bool:
        return isfinite(self.most)

    @property
    def over(self) -> bool:
        return self.takes > self.most

    @property
    def share(self) -> float:
        """Of the limit that is spent, from 0 to 1 (all of it, or more)."""
        return min(self.takes / self.most, 1.0) if self.limited else 0.0

    @property
    def spent(self) -> str:
        """``95.2k of 120k``, ``826 of 1,000``; the amount alone without a limit."""
        return self._said(self.takes) + (f" of {self._said(self.most)}" if self.limited else "")

    @property
    def rest(self) -> str:
        """``24.8k left``; else the excess."""
        if not self.limited:
            return "no limit"
        return self.excess if self.over else f"{self._said(self.most - self.takes)} left"

    @property
    def what(self) -> str:
        return WHAT[self.name]

    @property
    def excess(self) -> str:
        """``30.0k more money than there is``; for what is over its limit, so never said to be nothing."""
        return f"{self._said(ceil(self.takes - self.most))} more {self.what} than there is"

    def _said(self, amount: float) -> str:
        return words.number(amount, outcomes.ALL[self.name])


def meters(limits: Limits, cost: float, hours: float) -> tuple[Meter, Meter]:
    """Money and hours, each beside its limit."""
    return Meter(COST, cost, limits.budget), Meter(HOURS, hours, limits.hours)


def fits(limits: Limits, cost: float, hours: float) -> bool:
    """Whether a plan keeps to both limits."""
    return not any(meter.over for meter in meters(limits, cost, hours))
