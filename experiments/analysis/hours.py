"""People's hours that a programme takes: what its cost holds beside money, by the model's own rule of costs.

The model's series keep each week's cost but not its hours, nor who was trained. Both follow from the cost, which is
linear in trainees: what licences and the other drivers leave of it was spent on them.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from experiments.worlds import drawn
from sim.engine import Ensemble
from sim.graph import graph_of
from sim.mechanisms.reporting import lever_costs
from sim.passports import COST_DRIVERS, parameters
from sim.tallies import Series

HOURS = "hours"
"""The name under which hours stand beside the model's outcomes."""
WAGE, LICENCE, TRAINING = "measuring.wage", "measuring.licence", "measuring.training_hours"
TRAINEE = COST_DRIVERS.index("trainee")


def people_hours(ensemble: Ensemble) -> np.ndarray:
    """Hours of people's time that levers and trainings took, cumulated to the end: float64 [replicates]."""
    return hours_by_week(ensemble).sum(axis=0)


def hours_by_week(ensemble: Ensemble) -> np.ndarray:
    """Hours a week: float64 [weeks, replicates]."""
    series = ensemble.series.astype(np.float64)
    trained = trainees(ensemble)
    per = _drivers(ensemble, trained)
    by_levers = _levers(ensemble, series[:, Series.ATTENTION], per, money=0.0, wage=1.0)
    return by_levers + trained * _world(ensemble, TRAINING)


def trainees(ensemble: Ensemble) -> np.ndarray:
    """People trained in each week, from the cost: float64 [weeks, replicates], 0 where training costs nothing."""
    series = ensemble.series.astype(np.float64)
    wage, licence, each = (_world(ensemble, key) for key in (WAGE, LICENCE, TRAINING))
    attention = series[:, Series.ATTENTION]
    nobody = _levers(ensemble, attention, _drivers(ensemble, np.zeros_like(attention)), money=1.0, wage=wage)
    access = series[:, Series.LICENSED] * ensemble.organisation.headcount
    spent = series[:, Series.COST] - access * licence - nobody
    alone = [np.zeros(()) for _ in COST_DRIVERS]
    alone[TRAINEE] = np.ones(())
    price = each * wage + _levers(ensemble, attention, alone, money=1.0, wage=wage)
    counted = np.where(price > 0, spent / np.where(price > 0, price, 1.0), 0.0)
    return np.maximum(np.round(counted), 0.0)


def _levers(
    ensemble: Ensemble, attention: np.ndarray, per: list[np.ndarray], money: float, wage: np.ndarray | float
) -> np.ndarray:
    """The model's rule of lever costs over all weeks at once: [weeks, replicates]; ``money`` 0 leaves the money out."""
    costs = ensemble.programme.costs.astype(np.float64) * np.array([money, 1.0])
    laid_out = np.moveaxis(costs, 0, -1)[None, ..., None]  # [1, 2, drivers, 2, weeks, 1]: one "week" that holds all
    return lever_costs.py_func(laid_out, 0, attention, wage, per)


def _drivers(ensemble: Ensemble, trained: np.ndarray) -> list[np.ndarray]:
    """How many of each cost driver there are, in the order of ``COST_DRIVERS``."""
    graph, headcount = graph_of(ensemble.organisation), ensemble.organisation.headcount
    executives = int(np.sum(graph.executive))
    champions = ensemble.series[:, Series.CHAMPIONS].astype(np.float64) * headcount
    access = ensemble.series[:, Series.LICENSED].astype(np.float64) * headcount
    many = {
        "organisation": np.ones(()),
        "executive": np.array(float(executives)),
        "manager": np.array(float(len(graph.executive) - executives)),
        "champion": champions,
        "person": access,
        "trainee": trained,
        "champion-hour": champions,
    }
    return [many[name] for name in COST_DRIVERS]


def _world(ensemble: Ensemble, key: str) -> np.ndarray:
    """A parameter in the world of each replicate: float64 [replicates]."""
    overrides = dict(ensemble.programme.scenario.parameters)
    if key in overrides:
        return np.full(len(ensemble.replicates), overrides[key])
    return _drawn(ensemble.seed, tuple(ensemble.replicates.tolist()), ensemble.worlds)[key]


@lru_cache(maxsize=4)
def _drawn(seed: int, replicates: tuple[int, ...], worlds: bool) -> dict[str, np.ndarray]:
    """What the hours need of the world of each replicate: many programmes share them."""
    keys = (WAGE, LICENCE, TRAINING)
    if not worlds:
        return {key: np.full(len(replicates), parameters()[key].value) for key in keys}
    return dict(zip(keys, drawn(seed, np.array(replicates), keys).astype(np.float64), strict=True))
