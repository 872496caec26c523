"""Where success flips between two levers: the boundary, how wide it is over worlds, and where worlds split in two.

Every point of a grid has runs on the same replicates and worlds. The map holds the share of worlds in which the
outcome at the end passes the success level; ``flips`` finds the boundary along each lever, and where worlds split.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from experiments.analysis.flips import Flip, flip, sarle, success_shares, thirds, two_peaks
from experiments.analysis.ground import Ground, judged
from experiments.analysis.runs import Programme, Runs
from experiments.analysis.scales import FEWEST, Scale, of_values, pulled
from experiments.defaults import REPLICATES
from experiments.outcomes import PRIMARY, Outcome
from experiments.watch import Cancelled, Progress
from sim.passports import InputError, levers, nearest
from sim.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Tipping:
    """A map: ``values`` float64 [rows, columns, worlds], rows along ``y``, columns along ``x``; ``runs`` it is of."""

    x: Scale
    y: Scale
    outcome: Outcome
    success: float
    values: np.ndarray
    runs: Runs
    notes: tuple[str, ...] = ()

    @property
    def scenario(self) -> str:
        return self.runs.programmes[0].scenario

    @property
    def replicates(self) -> int:
        return self.values.shape[2]

    @cached_property
    def shares(self) -> np.ndarray:
        """Share of worlds that succeed: [rows, columns]."""
        return success_shares(self.values, self.success, self.outcome.good)

    @cached_property
    def along_x(self) -> list[Flip]:
        """The flip along ``x`` in each row."""
        return [flip(self.x.places, row) for row in self.shares]

    @cached_property
    def along_y(self) -> list[Flip]:
        """The flip along ``y`` in each column."""
        return [flip(self.y.places, column) for column in self.shares.T]

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The range of the outcome: 0 to 1 for shares, else the least and the greatest value in the map."""
        if self.outcome.is_share:
            return 0.0, 1.0
        return float(self.values.min()), float(self.values.max())

    @cached_property
    def thirds(self) -> np.ndarray:
        """Share of worlds in the lowest, middle and highest third of the range: [rows, columns, 3]."""
        return thirds(self.values, *self.ends)

    @cached_property
    def sarle(self) -> np.ndarray:
        """Sarle's bimodality coefficient: [rows, columns]."""
        return sarle(self.values)

    @cached_property
    def split(self) -> np.ndarray:
        """Where worlds fall into two camps: bool [rows, columns]."""
        return two_peaks(self.values, *self.ends)

    @cached_property
    def transect(self) -> int:
        """The row that is looked at closer: of those in which success flips, the one nearest the middle of the map."""
        middle = (len(self.y.values) - 1) / 2
        rows = [row for row, f in enumerate(self.along_x) if f.half is not None] or range(len(self.along_x))
        return min(rows, key=lambda row: (abs(row - middle), row))


def tipping(
    ground: Ground,
    scenario: Scenario,
    x: Scale,
    y: Scale,
    *,
    outcome: str = PRIMARY,
    success: float | None = None,
    replicates: int = REPLICATES,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Tipping:
    """Run and map success over two levers. Raises InputError for an outcome or level that makes no sense.

    ``success``: the level that counts as success, in the outcome's unit; one half of the people for shares of them.
    """
    level_of(judged(outcome), success)
    _different(x.key, y.key)
    places = [{x.key: across, y.key: up} for up in y.values for across in x.values]
    points = [pulled(scenario, place, keep_tracks=True) for place in places]
    programmes = [Programme(scenario.name, place) for place in places]
    return mapped(ground.runs(programmes, points, replicates, [outcome], progress, cancelled), x.key, y.key, success)


def mapped(runs: Runs, x: str | None = None, y: str | None = None, success: float | None = None) -> Tipping:
    """Map success over two levers of runs: those that they vary, or the two named. Raises InputError.

    Where more levers vary, every point takes the worlds of all their values together: their distribution is kept.
    Places that the runs do not hold (a sweep that is not whole) cost the map their row or column.
    """
    outcome = judged(next(iter(runs.outcomes)))
    level = level_of(outcome, runs.facts.get("success") if success is None else success)
    x, y = _two_levers(runs, x, y)
    across, up = (of_values(key, [p.levers[key] for p in runs.programmes]) for key in (x, y))
    cells: dict[tuple[int, int], list[np.ndarray]] = {}
    for programme, values in zip(runs.programmes, runs.outcomes[outcome.name], strict=True):
        place = up.values.index(float(programme.levers[y])), across.values.index(float(programme.levers[x]))
        cells.setdefault(place, []).append(values)
    held = max(len(parts) for parts in cells.values())
    whole = np.zeros((len(up.values), len(across.values)), bool)
    for place, parts in cells.items():
        whole[place] = len(parts) == held
    rows, columns = _full(whole)
    if min(len(rows), len(columns)) < FEWEST:
        raise InputError(f"{x} and {y} make no grid in these runs: a map needs at least two values of each, and runs "
                         "at every pair of them")  # fmt: skip
    values = np.array([[np.concatenate(cells[row, column]) for column in columns] for row in rows])
    notes = list(runs.notes)
    others = [key for key in runs.varied if key not in (x, y)]
    if held > 1:
        notes.append(f"At every point the worlds of all {held} values of {' and '.join(others)} are taken together; "
                     "--only KEY=VALUE holds them.")  # fmt: skip
    if whole.size > len(rows) * len(columns):
        notes.append("Rows or columns of the grid that are not whole yet are left out of the map.")
    across = replace(across, values=tuple(across.values[i] for i in columns))
    up = replace(up, values=tuple(up.values[i] for i in rows))
    facts = {**runs.facts, "success": level}
    return Tipping(across, up, outcome, level, values, replace(runs, facts=facts), tuple(notes))


def _different(x: str, y: str) -> None:
    if x == y:
        raise InputError(f"{x} twice: a map needs two different levers")


def _two_levers(runs: Runs, x: str | None, y: str | None) -> tuple[str, str]:
    """The levers of the map: as named, else the first of those that vary."""
    keys = runs.varied
    for option, key in (("--x", x), ("--y", y)):
        if key is not None and key not in keys:
            raise InputError(f'{option} {key}: not varied in these runs{nearest(key, keys)} They vary '
                             f"{', '.join(keys) or 'nothing'}.")  # fmt: skip
    rest = [key for key in keys if key not in (x, y) and key in levers() and not levers()[key].choices]
    first = x if x is not None else next(iter(rest), None)
    second = y if y is not None else next((key for key in rest if key != first), None)
    if first is None or second is None:
        vary = ", ".join(keys) or "nothing"
        raise InputError(" ".join([f"a map needs two levers that are numbers; these runs vary {vary}.", *runs.notes]))
    _different(first, second)
    return first, second


def _full(whole: np.ndarray) -> tuple[list[int], list[int]]:
    """Rows and columns of a map with no hole in it: the emptiest go first."""
    rows, columns = list(range(whole.shape[0])), list(range(whole.shape[1]))
    while rows and columns and not whole[np.ix_(rows, columns)].all():
        here = whole[np.ix_(rows, columns)]
        by_row, by_column = here.mean(axis=1), here.mean(axis=0)
        if by_row.min() <= by_column.min():
            del rows[int(by_row.argmin())]
        else:
            del columns[int(by_column.argmin())]
    return rows, columns


def level_of(outcome: Outcome, success: float | None) -> float:
    """The level of success, checked. Raises InputError where one must be named or cannot be reached."""
    if success is None:
        if outcome.unit != "share of all people":
            raise InputError(f"say what success is: --success LEVEL, in the unit of {outcome.name} ({outcome.unit})")
        return 0.5
    if not np.isfinite(success):
        raise InputError(f"--success must be a number in the unit of {outcome.name} ({outcome.unit}), not {success:g}")
    if outcome.is_share and not 0 <= success <= 1:
        raise InputError(f"--success {success:g}: {outcome.name} is a share, from 0 to 1; write half as 0.5")
    return float(success)
