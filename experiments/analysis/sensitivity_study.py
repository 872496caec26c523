"""Sensitivity of a study: the model as a function of its levers and uncertainties, many points to a call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from experiments import outcomes
from experiments.analysis.sensitivity import BASE, KEEP, TRAJECTORIES, Factor, Sensitivity, sensitivity
from experiments.analysis.speaking import Speaker
from sim.sizing import Settings

if TYPE_CHECKING:
    from experiments.sweeps.study import Factor as Varied
    from experiments.sweeps.study import Study
    from sim.organisation import Organisation
    from sim.programme import Programme
    from sim.scenario import Scenario

BATCH = 64
"""Programmes to one call of the engine: enough to fill the threads, few enough to stop and to show progress."""


def from_study(
    study: Study,
    *,
    trajectories: int = TRAJECTORIES,
    base: int = BASE,
    keep: int = KEEP,
    replicates: int | None = None,
    settings: Settings | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Sensitivity:
    """Screening and indices of a study's levers and uncertainties, for each of its outcomes and weeks.

    Where a study's uncertainties are drawn, every uncertain parameter is a factor over its full range; else those that
    the study samples are. Worlds are not drawn beside them: what is left between replicates is chance alone. Of several
    scenarios, organisations or seeds the first is taken, and noted.
    """
    from experiments.sweeps.study import organisations, scenarios

    scenario_name, scenario = next(iter(scenarios(study).items()))
    place, organisation = next(iter(organisations(replace(study, organisations=study.organisations[:1])).items()))
    factors, values = factors_of(study, scenario)
    rough = trajectories * (len(factors) + 1) + base * (min(keep, len(factors)) + 2)
    model = Model(
        study, scenario, organisation, factors, values, replicates or study.replicates, settings or Settings()
    )
    model.show(rough, progress, cancelled)
    found = sensitivity(
        factors, model, study.columns, trajectories=trajectories, base=base, keep=keep, seed=study.seeds[0]
    )
    notes = list(found.notes)
    for what, taken, count in (
        ("scenario", scenario_name, len(study.scenarios)),
        ("organisation", place, len(study.organisations)),
        ("seed", str(study.seeds[0]), len(study.seeds)),
    ):
        if count > 1:
            notes.append(f"Of {count} {what}s of the study the first was taken: {taken}.")
    return replace(found, notes=tuple(notes))


def factors_of(study: Study, scenario: Scenario) -> tuple[list[Factor], list[tuple[float | str, ...]]]:
    """The study's factors, then the parameters left open; and for those over values, what each position stands for."""
    from sim.passports import parameters

    factors: list[Factor] = []
    values: list[tuple[float | str, ...]] = []
    for varied in study.factors:
        factors.append(_factor(varied, scenario))
        values.append(in_order(varied))
    if study.worlds:
        for key, passport in parameters().items():
            name = f"parameters.{key}"
            unused = key.startswith("rivals.") and study.rule == "experience"
            held = name in study.inputs or key in scenario.parameters
            if passport.drawn and not held and not unused:
                factors.append(Factor(name, passport.low, passport.high, middle=passport.value))
                values.append(())
    return factors, values


def in_order(varied: Varied) -> tuple[float | str, ...]:
    """The values of a factor from the least to the most of what is meant; choices as they are listed."""
    if not varied.values or isinstance(varied.values[0], str):
        return varied.values
    order = np.argsort(Speaker(varied.key).ordered(np.array(varied.values, float)), kind="stable")
    return tuple(varied.values[place] for place in order)


def _factor(varied: Varied, scenario: Scenario) -> Factor:
    if varied.values:
        names = tuple(v if isinstance(v, str) else Speaker(varied.key).spoken(v) for v in in_order(varied))
        return Factor(varied.key, values=tuple(float(n) for n in range(len(varied.values))), names=names, first=True)
    middle = float("nan")
    bare = varied.key.removeprefix("parameters.")
    if bare in scenario.levers:
        middle = scenario.levers[bare].value
    elif bare != varied.key:
        from sim.passports import parameters

        middle = scenario.parameters.get(bare, parameters()[bare].value)
    within = varied.low <= middle <= varied.high
    middle = middle if within else float("nan")
    return Factor(varied.key, varied.low, varied.high, whole=varied.whole, middle=middle, first=True)


class Model:
    """The model as ``sensitivity`` calls it: points [points, factors] -> [points, replicates, outcomes]."""

    def __init__(
        self,
        study: Study,
        scenario: Scenario,
        organisation: Organisation,
        factors: Sequence[Factor],
        values: Sequence[tuple[float | str, ...]],
        replicates: int,
        settings: Settings,
    ) -> None:
        self.study, self.scenario, self.organisation = study, scenario, organisation
        self.factors, self.values = list(factors), list(values)
        self.settings_keys = [f.key if f.key.startswith("parameters.") else f"levers.{f.key}" for f in factors]
        self.replicates, self.settings = replicates, settings
        self._prepared: dict[tuple[str, ...], Programme] = {}
        self.show(1, None, None)

    def show(
        self, expected: int, progress: Callable[[float], None] | None, cancelled: Callable[[], bool] | None
    ) -> None:
        """Report the share of ``expected`` points done; stop once ``cancelled``."""
        self._expected, self._done, self._progress, self._cancelled = expected, 0, progress, cancelled

    def __call__(self, points: np.ndarray) -> np.ndarray:
        different, place = np.unique(points, axis=0, return_inverse=True)
        found = np.empty((len(different), self.replicates, len(self.study.columns)))
        for start in range(0, len(different), BATCH):
            chunk = slice(start, min(start + BATCH, len(different)))
            found[chunk] = self._run([self.programme(point) for point in different[chunk]])
            self._done += round((chunk.stop - start) * len(points) / len(different))
            if self._progress is not None:
                self._progress(min(self._done / self._expected, 1.0))
        return found[place.reshape(-1)]

    def programme(self, point: np.ndarray) -> Programme:
        """The programme at a point: prepared once for its levers, with the point's parameters."""
        from sim.programme import prepare
        from sim.scenario import override

        levers, parameters = [], dict(self.scenario.parameters)
        for key, values, at in zip(self.settings_keys, self.values, point.tolist(), strict=True):
            value = values[int(at)] if values else at
            if key.startswith("parameters."):
                parameters[key.removeprefix("parameters.")] = float(value)
            else:
                levers.append(f"{key}={value if isinstance(value, str) else f'{value:.9g}'}")
        known = tuple(levers)
        if known not in self._prepared:
            scenario = self.scenario
            for text in levers:
                scenario = override(scenario, text)
            self._prepared[known] = prepare(scenario, self.organisation, self.study.weeks, self.study.rule)
        programme = self._prepared[known]
        return replace(programme, scenario=replace(programme.scenario, parameters=parameters))

    def _run(self, programmes: list[Programme]) -> np.ndarray:
        from sim import engine

        study = self.study
        ensembles = engine.run(
            self.organisation, programmes, self.replicates, study.seeds[0], worlds=False, settings=self.settings,
            cancelled=self._cancelled,
        )  # fmt: skip
        weeks = [week - 1 for week in study.at]  # kept after so many weeks
        return np.stack(
            [
                np.concatenate([outcomes.ALL[name].curve(e.series)[weeks] for name in study.outcomes]).T
                for e in ensembles
            ]
        )
