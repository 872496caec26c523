"""What a lever takes, in words: money and people's hours, as the engine charges them."""

from __future__ import annotations

from functools import cache

from experiments.inputs import ORGANISATION_SEED
from sim.organisation import Organisation, generate
from sim.passports import COST_DRIVERS, levers
from sim.programme import prepare
from sim.scenario import Scenario, Track

PER = {
    "organisation": " in all",
    "executive": " for each executive",
    "manager": " for each manager",
    "champion": " for each champion",
    "champion-hour": " for each champion",
    "person": " for each person with access",
    "trainee": " for each person trained",
}
NOTE = "Money is in the currency of the wage (uptake parameters wage); hours and minutes are people's working time."
ANYONE = 50
"""People to prepare a programme for: what each of them is charged does not depend on how many there are."""


def charged(key: str, value: float) -> tuple[float, float]:
    """Money and hours that a lever at a value takes for each of its ``Cost.per``: a week, once for each trainee."""
    cost = levers()[key].cost
    alone = Scenario(key, key, "", "", levers={key: Track(value)})
    money, hours = prepare(alone, _anyone(), 1).costs[0, :, COST_DRIVERS.index(cost.per)].sum(axis=0).tolist()
    if cost.parameter and money:  # the hours of training differ from world to world
        hours = cost.hours
    return money, hours


def takes(key: str, value: float) -> str:
    """``75 of money and 30 minutes a week for each executive``; ``nothing``."""
    money, hours = charged(key, value)
    parts = [f"{money:.3g} of money"] if money else []
    if hours:
        parts.append(_time(hours))
    if not parts:
        return "nothing"
    per = levers()[key].cost.per
    return " and ".join(parts) + ("" if per == "trainee" else " a week") + PER[per]


def at_most(key: str) -> str:
    """What a lever can take: ``10 hours a week for each champion, at the most of it``; ``nothing of its own``."""
    lever = levers()[key]
    if free(key):
        return "nothing of its own"
    return f"{takes(key, lever.high)}, {'whenever it is used' if lever.cost.flat else 'at the most of it'}"


def free(key: str) -> bool:
    """Whether a lever takes nothing by itself, however it is set."""
    return not (levers()[key].cost.money or levers()[key].cost.hours)


def _time(hours: float) -> str:
    number, unit = (hours, "hour") if hours >= 1 else (hours * 60, "minute")
    said = f"{number:.3g}"
    return f"{said} {unit}" + ("" if said == "1" else "s")


@cache
def _anyone() -> Organisation:
    return generate(ANYONE, ORGANISATION_SEED)
