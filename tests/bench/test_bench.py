"""The benchmarks work and measure what they say. No test here asserts how long anything takes."""

from __future__ import annotations

import ast
import json
import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from by_step import measure, tables, tile_calls
from ensembles import Size, everything_on, setting
from growth import SWEEPS, Sweep, draw, measured, random_ties, rows_of
from million import median_of
from printing import number, table
from reading import FEW, Touched, always, functions, touched_by, touched_in_phase
from table import BENCHMARKS, NOT_QUICK
from timing import Effort, child, slope, upper_half

from sim.engine import run, run_block
from sim.mechanisms import MECHANISMS
from sim.people import FIRM, LEADERS, PEOPLE, SIGHT, UNITS, Column, seen
from sim.population import populate_block
from sim.programme import prepare
from sim.scenario import load
from sim.week import LIVING, PHASES

QUICK = Effort(repeats=1, quick=True)
PROMISED = {
    "ensemble_1000": {"person_weeks_per_second"},
    "ensemble_10000": {"person_weeks_per_second"},
    "against_mesa": {"ratio"},
    "against_numpy": {"ratio"},
    "million": {"simulate_s", "generate_s", "import_s", "peak_mb"},
    "interactive": {"warm_100_s", "cold_compare_s", "help_s"},
}
BESIDE_MECHANISMS = ("turnover=0", "quarter_end=0", "incident_week=0")
"""What the benchmark's programme also runs, and no mechanism is named after."""


@cache
def series_with(*changes: str) -> np.ndarray:
    """The series of the benchmark's programme, changed."""
    organisation, _ = setting(Size(300, 8))
    name, overrides = everything_on()
    programme = prepare(load(name, [*overrides, *changes]), organisation, 104)
    return run(organisation, [programme], 8, seed=1, worlds=True)[0].series


@pytest.mark.parametrize(
    "change",
    [*(f"mechanisms.{name}=off" for name in MECHANISMS), *(f"levers.circumstances.{c}" for c in BESIDE_MECHANISMS)],
)
def test_everything_that_is_timed_matters(change: str) -> None:
    assert not np.array_equal(series_with(), series_with(change))


def test_every_column_of_state_changes_in_what_is_timed() -> None:
    """All but those that are written before time starts and never again."""
    organisation, programme = setting(Size(1000, 8))
    block = populate_block(organisation, programme, np.arange(8), 1, worlds=True)
    kinds = {"people": PEOPLE, "leaders": LEADERS, "units": UNITS, "firm": FIRM}

    def columns() -> dict[tuple[str, Column], np.ndarray]:
        tables = {
            (kind, column): getattr(getattr(block, kind), column.name) for kind in kinds for column in kinds[kind]
        }
        return tables | {("sight", column): seen(block.sight, 8)[column.name] for column in SIGHT}

    start = {key: values.copy() for key, values in columns().items()}
    changed = set()
    for week in range(programme.weeks):
        run_block(block, programme.tracks, week, week + 1)
        changed |= {key for key, values in columns().items() if not np.array_equal(values, start[key])}
    fixed = {key for key in start if key[1].writer == "population"}
    assert {(kind, column.name) for kind, column in set(start) - changed} == {(kind, c.name) for kind, c in fixed}


@cache
def printed() -> dict[str, dict[str, float]]:
    """What the table prints of everything at tiny sizes."""
    script = str(Path(__file__).parent / "table.py")
    return json.loads(child([script, "--json", "--quick", "--repeats", "1"]))


@pytest.mark.parametrize("name", [name for name in BENCHMARKS if name not in NOT_QUICK])
def test_benchmark_gives_its_figures(name: str) -> None:
    figures = printed()[name]
    assert PROMISED.get(name, set()) <= set(figures)
    assert all(math.isfinite(value) and value > 0 for value in figures.values()), figures


def test_every_promised_benchmark_is_there() -> None:
    assert set(PROMISED) <= set(BENCHMARKS)


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_slope_is_the_power(power: float) -> None:
    sizes = [10.0, 100.0, 1000.0, 5000.0]
    assert slope(sizes, [3 * size**power for size in sizes]) == pytest.approx(power)


def test_what_is_paid_once_flattens_only_the_lower_half() -> None:
    sizes = [1.0, 10.0, 1e4, 1e6]
    sweep = Sweep("people", "", sizes, [1 + 0.01 * size for size in sizes])
    assert sweep.slope < 0.9
    assert sweep.slope_of_upper_half == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(("values", "upper"), [([1, 2], [1, 2]), ([1, 2, 3], [2, 3]), ([1, 2, 3, 4], [3, 4])])
def test_upper_half_keeps_at_least_two(values: list[float], upper: list[float]) -> None:
    assert upper_half(values) == upper


def test_growth_is_measured_and_drawn(tmp_path: Path) -> None:
    sweeps = [measured(varied, QUICK) for varied in SWEEPS]
    draw(sweeps, tmp_path / "growth.png")
    assert (tmp_path / "growth.png").read_bytes().startswith(b"\x89PNG")
    for row in rows_of(sweeps):
        assert all(math.isfinite(value) for value in row if not isinstance(value, str))
    assert all(seconds > 0 for sweep in sweeps for seconds in sweep.seconds)


def test_random_ties_have_the_degree_asked_for() -> None:
    assert random_ties(1000, 24).count / 1000 == pytest.approx(24, rel=0.03)


def test_time_is_told_by_step() -> None:
    found = measure(QUICK)
    assert set(found) == {"steps", "phases", "bandwidth", "floor"}
    assert all(value > 0 for value in found["bandwidth"].values())
    assert all(len(phases) == PHASES + 1 and phases["populate"] > 0 for phases in found["phases"].values())
    for markdown in (False, True):
        assert "the week" in tables(found, markdown)
    assert json.loads(json.dumps(found)) == found


def test_steps_are_read_from_the_week() -> None:
    steps = {"gather", "choose", "experience", "sway", "learn", "forget", "settle", "log_actions", "feel", "show"}
    assert steps <= set(tile_calls())


def test_columns_are_read_from_the_rules() -> None:
    """Through what a step calls; a step that only looks whether anything happens counts no more than that."""
    assert set(FEW) <= set(functions())
    assert {"trust", "fit", "resistance", "breadth"} <= touched_by("choose").read
    assert touched_by("forget") == Touched({"training"}, {"training"})
    assert touched_by("turn_over").read == {"leaves"}
    living = touched_in_phase(LIVING)
    assert {"trust", "skill", "habit", "status", "history"} <= living.read & living.written
    assert living.bytes > 100


def test_what_few_tiles_do_is_left_out() -> None:
    source = "for tile in tiles:\n    looks()\n    if turns == 0:\n        continue\n    works()"
    assert [ast.unparse(statement) for statement in always(ast.parse(source).body)] == ["looks()", "turns == 0"]


def test_tables_line_up() -> None:
    rows = [("one", 1234.5), ("two", 0.01234)]
    assert table(("what", "value"), rows, False) == "what   value\none    1,234\ntwo   0.0123"
    assert table(("what", "value"), rows, True).splitlines()[1:3] == ["| --- | ---: |", "| one | 1,234 |"]


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (9.876, "9.88"), (98.76, "98.8"), (-0.5, "-0.500")])
def test_numbers_show_three_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_medians_are_taken_figure_by_figure() -> None:
    assert median_of([{"a": 1.0, "b": 9.0}, {"a": 3.0, "b": 5.0}, {"a": 2.0, "b": 7.0}]) == {"a": 2.0, "b": 7.0}
