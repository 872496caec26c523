"""Outcomes: what is read from a run, with unit, meaning, good direction and formula, and the weekly curves of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from sim.engine import Ensemble
from sim.people import Stage
from sim.tallies import Series

WEEKS_IN_MEAN = 4


@dataclass(frozen=True)
class Outcome:
    """One outcome: ``curve`` maps series [weeks, Series, replicates] to [weeks, replicates]; good is 1, -1 or 0."""

    name: str
    unit: str
    good: int
    meaning: str
    curve: Callable[[np.ndarray], np.ndarray]

    @property
    def is_share(self) -> bool:
        return self.unit.startswith("share")


def four_week_mean(values: np.ndarray) -> np.ndarray:
    """Mean of this and the three weeks before (of what there is, at the start); [weeks, ...]."""
    total = np.cumsum(values, axis=0, dtype=np.float64)
    total[WEEKS_IN_MEAN:] = total[WEEKS_IN_MEAN:] - total[:-WEEKS_IN_MEAN].copy()
    counts = np.minimum(np.arange(1, len(values) + 1), WEEKS_IN_MEAN)
    return total / counts.reshape(-1, *[1] * (values.ndim - 1))


def payback_week(net: np.ndarray) -> np.ndarray:
    """First week from which cumulated value less cost stays above zero, NaN where none; ``net`` [weeks, replicates]."""
    cumulated = np.cumsum(net, axis=0, dtype=np.float64)
    weeks = len(cumulated)
    below = cumulated <= 0
    last_below = np.where(below.any(axis=0), weeks - 1 - below[::-1].argmax(axis=0), -1)
    return np.where(last_below == weeks - 1, np.nan, (last_below + 1).astype(float))


def _series(which: int) -> Callable[[np.ndarray], np.ndarray]:
    return lambda series: series[:, which]


def _mean(which: int) -> Callable[[np.ndarray], np.ndarray]:
    return lambda series: four_week_mean(series[:, which])


def _sum(which: int) -> Callable[[np.ndarray], np.ndarray]:
    return lambda series: np.cumsum(series[:, which], axis=0, dtype=np.float64)


def _payback(series: np.ndarray) -> np.ndarray:
    """The run's payback week, known only at its end and so repeated in every week."""
    week = payback_week(series[:, Series.VALUE] - series[:, Series.COST])
    return np.broadcast_to(week, (len(series), len(week)))


PEOPLE_SHARE = "share of all people"

_ALL = (
    Outcome("habitual", PEOPLE_SHARE, 1, "used by choice in 9 or more of the last 12 weeks", _series(Stage.HABITUAL)),
    Outcome("weekly_active", PEOPLE_SHARE, 1, "used it by choice in a week, mean of four weeks", _mean(Series.ACTIVE)),
    Outcome("logged_active", PEOPLE_SHARE, 0, "logged any action, complying included, mean of four weeks",
            _mean(Series.LOGGED)),
    Outcome("using", PEOPLE_SHARE, 1, "used it in 4 to 8 of the last 12 weeks", _series(Stage.USING)),
    Outcome("trialling", PEOPLE_SHARE, 0, "used it in 1 to 3 of the last 12 weeks", _series(Stage.TRIALLING)),
    Outcome("lapsed", PEOPLE_SHARE, -1, "once regular, unused for four weeks", _series(Stage.LAPSED)),
    Outcome("rejected", PEOPLE_SHARE, -1, "gave up and has not used it since", _series(Stage.REJECTED)),
    Outcome("dormant", PEOPLE_SHARE, -1, "tried, none in the last 12 weeks", _series(Stage.DORMANT)),
    Outcome("aware", PEOPLE_SHARE, 0, "has access or was reached, never tried", _series(Stage.AWARE)),
    Outcome("unaware", PEOPLE_SHARE, 0, "no access and not reached", _series(Stage.UNAWARE)),
    Outcome("tried", PEOPLE_SHARE, 1, "ever used it by choice (cumulative)", _series(Series.TRIED)),
    Outcome("licensed", PEOPLE_SHARE, 0, "has access", _series(Series.LICENSED)),
    Outcome("dashboard_habit", PEOPLE_SHARE, 0, "a dashboard's habit: any logged action in 9 of 12 weeks",
            _series(Series.DASHBOARD_HABIT)),
    Outcome("dashboard_power", PEOPLE_SHARE, 0, "a dashboard's power user: also 15 actions a week",
            _series(Series.DASHBOARD_POWER)),
    Outcome("trust", "belief, 0 to 1", 1, "mean belief of people with access that AI helps their own work",
            _series(Series.TRUST)),
    Outcome("skill", "0 to 1", 1, "mean skill of all people", _series(Series.SKILL)),
    Outcome("capacity_gain", "share of working time", 1, "working time won, mean of four weeks",
            _mean(Series.CAPACITY)),
    Outcome("satisfaction", "-1 to 1", 1, "slow average of how the work feels", _series(Series.SATISFACTION)),
    Outcome("cost", "money", -1, "licences, people's hours and levers, cumulated", _sum(Series.COST)),
    Outcome("hours", "hours", -1, "people's time that levers and training take (in the cost, at the wage), cumulated",
            _sum(Series.HOURS)),
    Outcome("value", "money", 1, "capacity won that becomes value, cumulated", _sum(Series.VALUE)),
    Outcome("payback_week", "week", -1, "first week from which value less cost stays above zero", _payback),
    Outcome("attention", "0 to 1", 1, "leadership attention", _series(Series.ATTENTION)),
    Outcome("governance", "0 to 1", 1, "governance maturity", _series(Series.GOVERNANCE)),
    Outcome("library", "0 to 1", 1, "use cases ready, mean over people", _series(Series.LIBRARY)),
    Outcome("fluency", "0 to 1", 1, "executives' fluency", _series(Series.FLUENCY)),
    Outcome("support", "-1 to 1", 1, "mean support of people with reports", _series(Series.SUPPORT)),
    Outcome("sinking", "share of managers", -1, "managers who actively sink it", _series(Series.SINKING)),
    Outcome("perception_gap", PEOPLE_SHARE, -1, "use reported upward beyond meaningful use",
            _series(Series.PERCEPTION_GAP)),
)  # fmt: skip

OUTCOMES: Mapping[str, Outcome] = MappingProxyType({outcome.name: outcome for outcome in _ALL})
HEADLINES = ("habitual", "weekly_active", "logged_active", "lapsed", "rejected", "trust", "capacity_gain",
             "satisfaction", "cost", "payback_week")  # fmt: skip


def curves(ensemble: Ensemble, name: str) -> np.ndarray:
    """The outcome week by week: [weeks, replicates]."""
    return OUTCOMES[name].curve(ensemble.series)


def final(ensemble: Ensemble, name: str, week: int | None = None) -> np.ndarray:
    """The outcome of each replicate at the end, or at the end of ``week`` (0 is the first)."""
    return curves(ensemble, name)[-1 if week is None else week]
