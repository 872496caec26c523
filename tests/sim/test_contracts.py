"""Contracts over everything found: every mechanism, column, parameter, lever and scenario keeps what it promises."""

from __future__ import annotations

import ast
import inspect
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.block import Block
from sim.engine import Ensemble
from sim.measures import OUTCOMES
from sim.mechanisms import MECHANISMS
from sim.organisation import Organisation
from sim.passports import Lever, levers, parameters
from sim.people import FIRM, LEADERS, PEOPLE, SIGHT, SURROUNDINGS, UNITS
from sim.programme import field_of
from sim.scenario import RULES, Scenario, Track, library, load
from sim.sizing import Settings
from sim.tallies import SERIES, Series
from sim.week import WEEK

ROOT = Path(sim.__file__).parent
FILES = sorted(p for p in (ROOT / "mechanisms").glob("*.py") if p.stem != "__init__")


def steps_called(name: str) -> list[tuple[str, list[str]]]:
    """The rules that a function of week.py comes to, in order, with the names of their arguments."""
    tree = ast.parse((ROOT / "week.py").read_text(encoding="utf-8"))
    functions = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}
    calls = [n for n in ast.walk(functions[name]) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
    found: list[tuple[str, list[str]]] = []
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        inner = call.func.id  # type: ignore[attr-defined]
        if inner in functions:
            found += steps_called(inner)
        elif any(getattr(a, "id", "") == "now" for a in call.args):
            found.append((inner, [ast.unparse(a) for a in call.args]))
    return found


CALLED = steps_called("weeks")
NOT_STEPS = {"rival", "count_units"}
"""What stands in for a step, or only keeps records."""
TABLES = {"people": PEOPLE, "sight": SIGHT, "near": SURROUNDINGS, "leaders": LEADERS, "units": UNITS, "firm": FIRM}
BOUNDS = {f"{table}.{c.name}": (c.low, c.high) for table, columns in TABLES.items() for c in columns}
WEEKS = 60

# Everything at once, so that every equation has something to say. Two more for what excludes one another.
ON: dict[str, float | str] = {
    "leaders.endorsement": 0.6,
    "leaders.executive_training": "hands-on",
    "leaders.reverse_mentoring": 0.5,
    "leaders.modelling": 0.7,
    "leaders.presence": 0.4,
    "leaders.mandate": 0.6,
    "leaders.staying_power": 0.4,
    "managers.resistant_share": 0.5,
    "managers.covertness": 0.6,
    "managers.inspection": 0.6,
    "managers.coaching": 0.5,
    "managers.manager_training": 0.5,
    "managers.detection": 0.6,
    "managers.engagement": 0.6,
    "champions.one_per": 15,
    "champions.time": 3,
    "champions.voice": 0.7,
    "training.capacity": 0.05,
    "training.rounds": 2,
    "training.task_focus": 0.5,
    "training.specificity": 0.5,
    "training.drudgery_first": 0.5,
    "rollout.preparation": 0.5,
    "environment.permission": 0.6,
    "environment.sharing": 0.5,
    "environment.measure_outcomes": 0.5,
    "environment.clarity": 0.5,
    "people.converted_share": 0.1,
    "circumstances.turnover": 0.3,
    "circumstances.quarter_end": 0.6,
    "circumstances.incident_week": 20,
}
BRIEFED = {**ON, "leaders.executive_training": "briefing", "champions.chosen": "volunteers"}
CONVERTED = {**ON, "people.converted_share": 0.8, "rollout.style": "evidence-gated", "rollout.waves": 3}


def numbers_in(block: Block) -> list[np.ndarray]:
    return [block.series, block.sight, *block.people, *block.leaders, *block.units, *block.firm]


def same(one: Block, other: Block) -> bool:
    """Every column and every series, bit for bit."""
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(numbers_in(one), numbers_in(other), strict=True))


def broken(columns: Mapping[str, np.ndarray]) -> Iterator[str]:
    """Columns outside their bounds, or not numbers, with what they reached."""
    for name, values in columns.items():
        low, high = BOUNDS[name]
        if not (np.all(values >= low) and np.all(values <= high)):  # false for NaN as well
            yield f"{name}: {np.nanmin(values)} to {np.nanmax(values)}, not {low} to {high}"


def assert_held(block: Block, programme: Any, advance: Callable, columns: Callable) -> None:
    """Run to the end; after every week all columns are within bounds and all series are numbers, shares within 0..1."""
    shares = [*range(8), Series.ACTIVE, Series.LOGGED, Series.LICENSED, Series.TRIED, Series.TRUST, Series.SKILL]
    shares += [Series.ATTENTION, Series.GOVERNANCE, Series.LIBRARY, Series.FLUENCY, Series.SINKING, Series.CHAMPIONS]
    for week in advance(programme, block):
        assert not list(broken(columns(block))), f"week {week}"
        row = block.series[week]
        assert np.all(np.isfinite(row)), f"week {week}: {np.argwhere(~np.isfinite(row))}"
        assert np.all(row[shares] >= 0) and np.all(row[shares] <= 1), f"week {week}"


# Mechanism files


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_mechanism_says_what_it_is(path: Path) -> None:
    """A module docstring, and one for every compiled rule and kernel."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert len(ast.get_docstring(tree) or "") > 80
    compiled = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.decorator_list]
    assert compiled
    for function in compiled:
        text = ast.get_docstring(function) or ""
        assert len(text) > 20, f"{path.stem}.{function.name}"
    assert not [n.name for n in tree.body if isinstance(n, ast.FunctionDef) and not n.decorator_list]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_constants_are_in_single_precision(path: Path) -> None:
    """A double at module level would turn the arithmetic of a whole loop into double precision."""
    module = import_module(f"sim.mechanisms.{path.stem}")
    for name, value in vars(module).items():
        if not name.startswith("__"):
            assert type(value) is not float and not isinstance(value, np.float64), f"{path.stem}.{name}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_kernels_take_block_levers_week_and_part(path: Path) -> None:
    """And what works tile by tile takes the tile."""
    module = import_module(f"sim.mechanisms.{path.stem}")
    for name, arguments in CALLED:
        if name in vars(module):
            assert list(inspect.signature(getattr(module, name).py_func).parameters) == arguments
            assert arguments in (["b", "now", "week", "part"], ["b", "now", "week", "part", "tile"])


def test_every_step_of_the_week_is_run_and_has_its_reason() -> None:
    steps = [(name, reason) for _, phase in WEEK for name, reason in phase]
    assert len(steps) == len(dict(steps))
    assert all(how in ("once", "shared") for how, _ in WEEK)
    assert all(len(reason) > 10 for _, reason in steps)
    called = dict.fromkeys(name for name, _ in CALLED if name not in NOT_STEPS)  # one stands in two places
    assert list(called) == [name for name, _ in steps]


def written() -> dict[str, set[str]]:
    """``table.column`` to the mechanism files that assign to its elements."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign):
                targets = [e for t in node.targets for e in (t.elts if isinstance(t, ast.Tuple) else [t])]
            elif isinstance(node, ast.AugAssign):
                targets = [node.target]
            else:
                continue
            for target in targets:
                if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Attribute):
                    table = target.value.value
                    name = table.attr if isinstance(table, ast.Attribute) else getattr(table, "id", "")
                    found[f"{name}.{target.value.attr}"].add(path.stem)
    return found


@pytest.mark.parametrize("name", [name for name in BOUNDS if not name.startswith("sight.")])
def test_a_column_is_written_by_the_mechanisms_it_names(name: str) -> None:
    """Read from the source. What week zero draws (population, traits) is apart, unless nothing else writes it."""
    table, column = name.split(".")
    stated = next(c.writer for c in TABLES[table] if c.name == column)
    writers = written()[name]
    if stated == "several":
        assert len(writers) > 4
    elif stated == "population":
        assert writers <= {"traits"}
    else:
        assert writers - {"traits"} == set(stated.split(", ")) - {"traits"}
        assert writers


# Bounds


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("scenario", ["typical", "well-run", "crawl-walk-run", "everything", "briefed", "converted"])
def test_every_column_stays_within_its_bounds(
    scenario: str,
    rule: str,
    small: Organisation,
    start: Callable,
    build: Callable,
    week_by_week: Callable,
    columns: Callable,
) -> None:
    """After each week, in drawn worlds."""
    made = {"everything": ON, "briefed": BRIEFED, "converted": CONVERTED}.get(scenario)
    programme, block = start(small, scenario if made is None else build(made), WEEKS, rule=rule, lanes=8)
    assert_held(block, programme, week_by_week, columns)


def ends(lever: Lever) -> st.SearchStrategy:
    if lever.choices:
        return st.integers(0, len(lever.choices) - 1).map(float)
    corners = [lever.low, lever.high, lever.neutral]
    if lever.whole:
        corners += [float(w) for w in (1, 2, 7, 30) if lever.low <= w <= lever.high]
    return st.sampled_from(corners)


CORNERS = st.fixed_dictionaries({key: ends(lever) for key, lever in levers().items()})


@settings(max_examples=25, deadline=None)
@given(CORNERS, st.sampled_from(RULES), st.integers(0, 2**32))
def test_extreme_programmes_stay_within_bounds(
    small: Organisation,
    start: Callable,
    build: Callable,
    week_by_week: Callable,
    columns: Callable,
    values: dict[str, float],
    rule: str,
    seed: int,
) -> None:
    """Any mixture of low, high and neutral ends of all levers, in drawn worlds."""
    programme, block = start(small, build(values), 40, rule=rule, lanes=2, seed=seed)
    assert_held(block, programme, week_by_week, columns)


@pytest.mark.parametrize("end", ["low", "high", "neutral"])
def test_all_levers_at_one_end_stay_within_bounds(
    end: str, small: Organisation, start: Callable, build: Callable, week_by_week: Callable, columns: Callable
) -> None:
    values = {key: getattr(lever, end) for key, lever in levers().items() if lever.unit.split(" ")[0] != "week"}
    programme, block = start(small, build(values), WEEKS, lanes=8)
    assert_held(block, programme, week_by_week, columns)


# Parameters


@pytest.fixture(scope="module")
def programmes(build: Callable) -> list[tuple[Scenario, str]]:
    """Programmes and rules between which every parameter has something to say."""
    made = [(build(levers_set), "experience") for levers_set in (ON, BRIEFED, CONVERTED)]
    return [*made, (build(ON), "threshold"), (build(ON), "bass")]


SOURCE = "\n".join(p.read_text(encoding="utf-8") for p in [*FILES, ROOT / "exposure.py", ROOT / "population.py"])


WEEK_ZERO = {f"traits_converted_{c.name}" for c in PEOPLE if "traits_converted_{" in SOURCE}
"""Read under a name made of a column's."""


@pytest.mark.parametrize("key", list(parameters()))
def test_a_parameter_enters_an_equation(
    key: str, programmes: list[tuple[Scenario, str]], small: Organisation, finish: Callable, build: Callable
) -> None:
    """Read by name, and its low end runs differently from its high end somewhere, bit for bit."""
    field = field_of(key)
    assert re.search(rf"\b(w|world)\.{field}\b", SOURCE) or f'"{field}"' in SOURCE or field in WEEK_ZERO
    parameter = parameters()[key]
    low, high = parameter.low, parameter.high
    if low == high:  # a setting
        low, high = parameter.value / 2, parameter.value + 0.1
    for scenario, rule in programmes:
        ran = [
            finish(small, build(parameters={key: value}, extends=scenario), WEEKS, rule=rule, worlds=False)
            for value in (low, high)
        ]
        if not same(*ran):
            return
    pytest.fail(f"{key} changes nothing between {low} and {high}")


def test_parameters_meet_the_rules_they_belong_to(
    small: Organisation, finish: Callable, build: Callable, programmes: list[tuple[Scenario, str]]
) -> None:
    """The rivals' own numbers do not touch our rule, nor does our rule's base touch theirs."""
    ours, theirs = programmes[0][0], programmes[-1][0]
    for key in (k for k in parameters() if k.startswith("rivals.")):
        changed = build(parameters={key: parameters()[key].value + 0.07}, extends=ours)
        assert same(finish(small, ours, 20, worlds=False), finish(small, changed, 20, worlds=False))
    changed = build(parameters={"trying.base": 3.0}, extends=theirs)
    assert same(finish(small, theirs, 20, rule="bass"), finish(small, changed, 20, rule="bass"))


def test_drawn_worlds_fill_their_ranges_and_leave_what_is_measured(small: Organisation, start: Callable) -> None:
    _, block = start(small, "typical", 2, lanes=64)
    for key, parameter in parameters().items():
        values = block.world[field_of(key)][:64].astype(float)
        if parameter.drawn:
            span = parameter.high - parameter.low
            assert np.all(values >= np.float32(parameter.low)) and np.all(values <= np.float32(parameter.high))
            assert values.max() - values.min() > 0.8 * span
            assert len(np.unique(values)) == 64
        else:
            assert np.all(values == np.float32(parameter.value))
    _, block = start(small, "typical", 2, lanes=4, worlds=False)
    for key, parameter in parameters().items():
        assert np.all(block.world[field_of(key)] == np.float32(parameter.value))


# Levers


@pytest.mark.parametrize("key", list(levers()))
def test_a_lever_enters_an_equation(key: str, medium: Organisation, finish: Callable, build: Callable) -> None:
    """Its contrast changes the run of a middling programme, bit for bit; a weekly one is read week by week."""
    lever = levers()[key]
    name = field_of(key)
    if lever.weekly:
        assert re.search(rf"\bnow\.{name}\b", SOURCE)
    if lever.scoped:
        assert re.search(rf'\bscope\.{name}\b|included\("{key}"\)', SOURCE), f"{key} takes a scope that nothing reads"
    runs = [
        finish(medium, build({**lever.given, key: value}, extends="middling"), 104, lanes=2) for value in lever.contrast
    ]
    assert not np.array_equal(runs[0].series[:, : Series.COST], runs[1].series[:, : Series.COST]), key


@pytest.mark.parametrize("key", [k for k, lever in levers().items() if lever.cost.money or lever.cost.hours])
def test_a_lever_that_states_a_cost_is_paid_for(
    key: str, medium: Organisation, start: Callable, build: Callable
) -> None:
    """Its weekly rates are due when it is used and not when it is neutral."""
    lever = levers()[key]
    used = max(lever.contrast, key=lambda v: abs((lever.choices.index(v) if lever.choices else v) - lever.neutral))
    idle, _ = start(medium, build({key: lever.neutral}), 4)
    busy, _ = start(medium, build({key: used}), 4)
    assert np.all(idle.costs == 0)
    if lever.cost.parameter and not lever.cost.money:
        return
    if used == lever.low and not lever.cost.flat:  # the other direction costs nothing
        used_up, _ = start(medium, build({key: lever.high}), 4)
        busy = used_up
    assert busy.costs.sum() > 0


# Mechanisms off


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_mechanism_can_be_switched_off(
    name: str,
    small: Organisation,
    start: Callable,
    finish: Callable,
    build: Callable,
    week_by_week: Callable,
    columns: Callable,
) -> None:
    """Nothing breaks, something changes, and the rollout switched off is access for all from the start."""
    staged = {**ON, "rollout.style": "fixed-waves", "rollout.waves": 4}
    programme, block = start(small, build(staged, off=(name,)), WEEKS)
    assert_held(block, programme, week_by_week, columns)
    assert not same(block, finish(small, build(staged), WEEKS))
    if name == "rollout":
        assert np.all(block.series[:, Series.LICENSED] == 1)
    if name == "trying":
        assert np.all(block.series[:, Series.ACTIVE] == 0)


@pytest.mark.parametrize("rule", RULES)
def test_all_mechanisms_off_leaves_an_organisation_at_rest(
    rule: str, small: Organisation, finish: Callable, build: Callable
) -> None:
    block = finish(small, build(ON, off=MECHANISMS), WEEKS, rule=rule)
    assert np.all(block.series[:, Series.ACTIVE] == 0)


# Scenarios

REQUIRED = set(
    """
    typical middling well-run training-only top-down-only bottom-up-only mandate-only hype go-play tools-not-tasks
    tasks-not-tools drudgery-first big-bang fixed-waves crawl-walk-run champions-none champions-1-in-100
    champions-1-in-25 champions-1-in-10 champions-late champions-one-department managers-0-resistant
    managers-30-resistant managers-60-resistant find-and-engage-resistance leaders-briefed leaders-hands-on
    reverse-mentoring leader-modelling leaders-in-the-room managers-inspect measure-activity measure-outcomes
    reward-speed reward-quality citizen-builders attention-withdrawn attention-kept better-tool-only smarter-reps-only
    """.split()  # noqa: SIM905
)


def test_the_library_holds_what_it_should() -> None:
    assert set(library()) >= REQUIRED


@pytest.mark.parametrize("name", library())
def test_a_scenario_says_what_it_asks_and_moves(name: str) -> None:
    scenario = load(name)
    assert scenario.name == name
    assert len(scenario.title) > 3 and scenario.question.endswith("?") and len(scenario.source) > 10
    assert scenario.moves in OUTCOMES
    assert all(re.fullmatch(r"[ABC]\d{1,2}", claim) for claim in scenario.claims)
    assert load(name) == scenario and load(name).fingerprint == scenario.fingerprint
    assert scenario.changes
    if scenario.extends:
        assert load(scenario.extends).fingerprint != scenario.fingerprint
    else:
        assert name == "typical"


def test_no_two_scenarios_do_the_same() -> None:
    prints = {name: load(name).fingerprint for name in library()}
    assert len(set(prints.values())) == len(prints)
    assert len({load(name).title for name in prints}) == len(prints)


@pytest.mark.parametrize("name", library())
def test_a_scenario_runs_the_same_twice_and_unlike_its_parent(
    name: str, medium: Organisation, ensemble: Callable[..., Ensemble]
) -> None:
    one_thread = Settings(threads=1)
    first = ensemble(medium, name, 60, 4)
    assert np.array_equal(first.series, ensemble(medium, name, 60, 4, settings=one_thread).series)
    assert first.series.shape == (60, SERIES, 4) and np.all(np.isfinite(first.series))
    parent = load(name).extends
    if parent:
        assert not np.array_equal(first.series, ensemble(medium, parent, 60, 4).series)


def test_running_changes_nothing_it_was_given(medium: Organisation, ensemble: Callable) -> None:
    scenario = load("well-run")
    print_before, organisation_before = scenario.fingerprint, medium.fingerprint
    ensemble(medium, scenario, 30, 2)
    assert (scenario.fingerprint, medium.fingerprint) == (print_before, organisation_before)
    assert all(isinstance(t, Track) for t in scenario.levers.values())
