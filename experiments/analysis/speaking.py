"""Columns of a sweep in words: how levers and parameters are ordered, how values, limits and outcomes are said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments import lever_words, outcomes, words
from sim.passports import Lever, Parameter, levers, parameters

if TYPE_CHECKING:
    from pandas import Series

    from sim.measures import Outcome

PARAMETER = "parameters."
NEVER = {"leaders.withdraw_week": "leaders never turn elsewhere", "circumstances.incident_week": "no incident happens"}
"""Weeks of which 0 means never, and so is later than any other."""
DENSITY = "champions.one_per"

CLAUSES = {
    "leaders.endorsement": "endorsement by leaders is {}",
    "leaders.reverse_mentoring": "{} of executives have a reverse mentor",
    "leaders.modelling": "modelling by leaders is {}",
    "leaders.presence": "presence of leaders is {}",
    "leaders.mandate": "the mandate is {}",
    "leaders.staying_power": "the staying power of leaders is {}",
    "leaders.withdraw_week": "leaders turn elsewhere in a week {}",
    "managers.resistant_share": "{} of managers resist",
    "managers.covertness": "{} of resistant managers hide it",
    "managers.inspection": "inspection by managers is {}",
    "managers.coaching": "coaching by managers is {}",
    "managers.manager_training": "training for managers is {}",
    "managers.detection": "the search for covert resistance is {}",
    "managers.engagement": "work with resistant managers is {}",
    "champions.activation_week": "champions become active in a week {}",
    "champions.time": "a champion is given {} hours a week",
    "champions.voice": "the champions' voice is {}",
    "training.capacity": "{} of people can be trained in a week",
    "training.rounds": "each person is trained {} times",
    "training.task_focus": "{} of training is on people's own tasks",
    "training.specificity": "the specificity of training is {}",
    "training.drudgery_first": "starting with dreaded work is {}",
    "rollout.start_week": "access opens in a week {}",
    "rollout.waves": "access is cut into {} waves",
    "rollout.first_share": "{} of people are in the first wave",
    "rollout.gap": "waves are {} weeks apart",
    "rollout.gate": "the gate to the next wave is {}",
    "rollout.deadline": "the next wave opens after {} weeks at the latest",
    "rollout.preparation": "preparation of governance is {}",
    "rollout.seats": "licences reach {} of people",
    "environment.reward_quality": "reward for quality over speed is {}",
    "environment.measure_outcomes": "measuring outcomes over activity is {}",
    "environment.clarity": "strategy clarity is {}",
    "environment.permission": "permission to build is {}",
    "environment.sharing": "sharing between units is {}",
    "environment.reliability": "the tool's reliability is {}",
    "people.skill": "skill hired is {}",
    "people.openness": "openness hired is {} standard deviations",
    "people.committed_share": "{} of people start as committed users",
    "people.converted_share": "{} of people start converted",
    "circumstances.turnover": "turnover is {} a year",
    "circumstances.quarter_end": "quarter-end pressure is {}",
    "circumstances.incident_week": "an incident happens in a week {}",
}
"""What a limit says of each lever; {} is such as ``more than 35 %``."""
SHARES = frozenset(
    key for key, lever in levers().items() if key == "circumstances.turnover"
    or (lever.unit.startswith(("share of", "licences as share")) and key != "leaders.staying_power")
)  # fmt: skip


@dataclass(frozen=True)
class Speaker:
    """One column of a sweep: its name, and whether its numbers stand for something else than they say."""

    key: str

    @property
    def bare(self) -> str:
        return self.key.removeprefix(PARAMETER)

    @property
    def is_parameter(self) -> bool:
        return self.key.startswith(PARAMETER) and self.bare in parameters()

    @property
    def is_share(self) -> bool:
        """Whether its values are said in per cent."""
        return self.key in SHARES

    @property
    def choices(self) -> tuple[str, ...]:
        lever = None if self.is_parameter else levers().get(self.bare)
        return lever.choices if lever is not None else ()

    @property
    def meaning(self) -> str:
        """What the passport says it is; empty for what has none."""
        return self._passport.meaning if self._passport is not None else ""

    @property
    def unit(self) -> str:
        return self._passport.unit if self._passport is not None else ""

    @property
    def _passport(self) -> Lever | Parameter | None:
        return parameters()[self.bare] if self.is_parameter else levers().get(self.bare)

    @property
    def label(self) -> str:
        """For an axis or a row of a table."""
        if self.key == DENSITY:
            return "champions per 1,000 people"
        if self.is_parameter:
            return f"{self.bare.split('.')[0]}: {_plainly(self.meaning)}"
        return lever_words.named(self.bare)

    def ordered(self, column: Series | np.ndarray) -> np.ndarray:
        """The column as numbers that rise with what is meant: champions as a density, never as later than any week.

        Choices become their position in the passport. float64 [rows].
        """
        if self.choices and not np.issubdtype(np.asarray(column).dtype, np.number):
            return np.array([self.choices.index(str(value)) for value in column], float)
        values = np.asarray(column, float)
        if self.key == DENSITY:
            return np.divide(1000.0, values, out=np.zeros(len(values)), where=values > 0)
        if self.key in NEVER:
            return np.where(values == 0, np.inf if not values.any() else values.max() * 2 + 1, values)
        return values

    def value(self, ordered: float) -> str:
        """One value as people say it, with what makes it readable."""
        if self.choices:
            return self.choices[round(ordered)]
        if self.key == DENSITY:
            return f"one per {1000 / ordered:.3g}" if ordered > 0 else "none"
        if self.is_share:
            return f"{ordered * 100:.3g} %"
        return f"{ordered:.3g}".replace("-", "−")

    def spoken(self, stored: float) -> str:
        """A value as it is stored in words: ``one per 25``, ``35 %``."""
        if self.key == DENSITY:
            return f"one per {stored:g}" if stored else "none"
        if self.key in NEVER and stored == 0:
            return "never"
        return self.value(stored)

    def clause(self, low: float | None, high: float | None) -> str:
        """A limit in words: above ``low``, below ``high`` (in the order of ``ordered``; None: unlimited)."""
        if self.choices:
            return self._chosen(low, high)
        if self.key == DENSITY:
            return self._density(low, high)
        if self.key in NEVER and high is None and low is not None:
            return f"{NEVER[self.key]} or only after week {low:.0f}"
        quantity = self._quantity(low, high)
        if not self.is_parameter and self.bare in CLAUSES:
            return CLAUSES[self.bare].format(quantity)
        if self.is_parameter:
            unit = f" {self.unit}" if " to " not in self.unit else ""
            return f'"{self.label}" is {quantity}{unit}{self._part(low, high)}'
        return f"{self.key} is {quantity}"

    def _part(self, low: float | None, high: float | None) -> str:
        """Which part of a parameter's plausible range a limit from one side leaves."""
        passport = parameters()[self.bare]
        span = passport.high - passport.low
        if low is None and high is not None and span > 0:
            side, left = "lowest", (high - passport.low) / span
        elif low is not None and high is None and span > 0:
            side, left = "highest", (passport.high - low) / span
        else:
            return ""
        return f" (the {side} {left * 100:.0f} % of its plausible range)" if 0 < left < 1 else ""

    def _quantity(self, low: float | None, high: float | None) -> str:
        weeks = self.bare.endswith("_week")
        if low is not None and high is not None:
            return f"between {self.value(low)} and {self.value(high)}"
        if low is not None:
            return f"{'after' if weeks else 'more than'} {self.value(low)}"
        return f"{'before' if weeks else 'less than'} {self.value(high if high is not None else np.inf)}"

    def _density(self, low: float | None, high: float | None) -> str:
        many = None if high is None else f"less than one champion per {1000 / high:.3g}" if high > 0 else "no champion"
        if low is None:
            return f"there is {many}"
        some = f"more than one champion per {1000 / low:.3g}" if low > 0 else "at least one champion"
        return f"there is {some}" + ("" if many is None else f" but {many}")

    def _chosen(self, low: float | None, high: float | None) -> str:
        inside = [
            name
            for place, name in enumerate(self.choices)
            if (low is None or place > low) and (high is None or place < high)
        ]
        return f"{self.label} is {' or '.join(inside) or 'none of its choices'}"


def _plainly(meaning: str) -> str:
    """A passport's meaning without symbol, addition or capital at the beginning (but of an abbreviation)."""
    text = meaning.split(" (")[0].split(";")[0]
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def named(column: str) -> tuple[Outcome | None, str]:
    """The outcome of a column such as ``habitual@52``, and what it is called: ``habitual after 52 weeks``."""
    name, week = outcomes.parted(column)
    outcome = outcomes.ALL.get(name)
    label = words.label(name) if outcome is not None else name
    return outcome, f"{label} after {words.counted(week, 'week')}" if week is not None else label


def amount(value: float, column: str) -> str:
    """A value of an outcome's column in its unit."""
    outcome, _ = named(column)
    return words.number(value, outcome) if outcome is not None else f"{value:.3g}".replace("-", "−")


def change(value: float, column: str, *, unit: bool = True) -> str:
    """How far an outcome moves: ``12 points`` of a share, else in its unit."""
    outcome, _ = named(column)
    if outcome is None or not outcome.is_share:
        return amount(value, column)
    return words.number(value, outcome, unit=False) + (" points" if unit else "")
