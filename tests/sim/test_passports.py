"""Passports: every parameter, lever and column says what it is, in what unit, from where, and within what bounds."""

from __future__ import annotations

import itertools

import pytest

from sim.measures import OUTCOMES
from sim.passports import COST_DRIVERS, GRADES, InputError, Lever, Parameter, levers, nearest, parameters
from sim.people import FIRM, LEADERS, PEOPLE, SIGHT, SURROUNDINGS, UNITS, Column, Stage, Status

COLUMNS = [
    pytest.param(column, id=f"{table}.{column.name}")
    for table, columns in {
        "people": PEOPLE,
        "sight": SIGHT,
        "near": SURROUNDINGS,
        "leaders": LEADERS,
        "units": UNITS,
        "firm": FIRM,
    }.items()
    for column in columns
]
EVERY_PARAMETER = [pytest.param(p, id=key) for key, p in parameters().items()]
EVERY_LEVER = [pytest.param(lever, id=key) for key, lever in levers().items()]


@pytest.mark.parametrize("parameter", EVERY_PARAMETER)
def test_a_parameter_has_a_whole_passport(parameter: Parameter) -> None:
    for text in (parameter.unit, parameter.meaning, parameter.source):
        assert text.strip()
    assert len(parameter.meaning) > 10 and parameter.meaning[0].isupper()
    assert parameter.grade in GRADES
    assert parameter.low <= parameter.value <= parameter.high
    assert parameter.drawn == (parameter.grade != "measured" and not parameter.setting)


@pytest.mark.parametrize("parameter", [p for p in EVERY_PARAMETER if p.values[0].drawn])  # type: ignore[union-attr]
def test_a_drawn_parameter_has_a_range_worth_drawing(parameter: Parameter) -> None:
    """Assumed ones at least 30 % of the value either way (none for a value of nothing)."""
    assert parameter.low < parameter.high
    if parameter.grade == "assumed" and parameter.value != 0:
        least = 0.3 * abs(parameter.value) * (1 - 1e-9)
        assert parameter.value - parameter.low >= least
        assert parameter.high - parameter.value >= least


def test_a_published_measurement_alone_is_not_drawn() -> None:
    """Settings of the organisation apart, whatever is not measured differs between worlds."""
    for parameter in parameters().values():
        if not parameter.drawn:
            assert parameter.grade == "measured" or parameter.setting


def test_names_are_unique_and_never_meet() -> None:
    """Not even as fields of the compiled records, where a dot is an underscore."""
    fields = [key.replace(".", "_") for key in levers()]
    assert len(set(fields)) == len(fields)
    fields = [key.replace(".", "_") for key in parameters()]
    assert len(set(fields)) == len(fields)
    assert not {"rule"} & set(fields)


@pytest.mark.parametrize("lever", EVERY_LEVER)
def test_a_lever_has_a_whole_passport(lever: Lever) -> None:
    for text in (lever.unit, lever.meaning, lever.source):
        assert text.strip()
    assert len(lever.meaning) > 10
    assert lever.grade in GRADES
    assert lever.low < lever.high
    assert lever.low <= lever.neutral <= lever.high
    assert lever.moves in OUTCOMES
    assert len(lever.observable) == 3 and len(set(lever.observable)) == 3 and all(o.strip() for o in lever.observable)


@pytest.mark.parametrize("lever", EVERY_LEVER)
def test_choices_are_counted_from_nothing(lever: Lever) -> None:
    if lever.choices:
        assert (lever.low, lever.high) == (0, len(lever.choices) - 1)
        assert len(set(lever.choices)) == len(lever.choices)
        assert lever.neutral == int(lever.neutral)


@pytest.mark.parametrize("lever", EVERY_LEVER)
def test_the_contrast_of_a_lever_can_be_set_with_what_is_given(lever: Lever) -> None:
    def valid(target: Lever, value: float | str) -> bool:
        return value in target.choices if target.choices else target.low <= float(value) <= target.high

    first, second = lever.contrast
    assert first != second and valid(lever, first) and valid(lever, second)
    assert lever.key not in lever.given
    for key, value in lever.given.items():
        assert valid(levers()[key], value)


@pytest.mark.parametrize("lever", EVERY_LEVER)
def test_a_lever_states_its_cost(lever: Lever) -> None:
    assert lever.cost.per in COST_DRIVERS
    assert lever.cost.money >= 0 and lever.cost.hours >= 0
    if lever.cost.parameter:
        assert lever.cost.parameter in parameters()
        assert lever.cost.hours == parameters()[lever.cost.parameter].value


def test_observables_are_different_for_different_levers() -> None:
    """No two levers look the same to a visitor."""
    seen = [lever.observable for lever in levers().values()]
    assert len(set(seen)) == len(seen)
    assert len({lever.meaning for lever in levers().values()}) == len(seen)


def test_weekly_levers_follow_tracks_and_the_others_count_from_the_start() -> None:
    assert any(lever.weekly for lever in levers().values()) and any(not lever.weekly for lever in levers().values())


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_has_a_whole_passport(column: Column) -> None:
    assert column.low < column.high
    assert column.unit and column.meaning and column.writer
    assert column.dtype in {"f4", "u4", "i2", "i4", "i8"}


def test_columns_are_named_once_in_their_table() -> None:
    for table in (PEOPLE, SIGHT, SURROUNDINGS, LEADERS, UNITS, FIRM):
        assert len({c.name for c in table}) == len(table)


def test_status_bits_are_single_and_apart() -> None:
    bits = [int(s) for s in Status]
    assert all(bit & (bit - 1) == 0 for bit in bits) and len(set(bits)) == len(bits)
    assert sum(bits) <= next(c.high for c in PEOPLE if c.name == "status")
    assert [int(s) for s in Stage] == list(range(len(Stage)))


def test_passports_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        parameters()["trying.base"] = None  # type: ignore[index]
    with pytest.raises(TypeError):
        levers()["leaders.mandate"].given["x"] = 1  # type: ignore[index]
    with pytest.raises(AttributeError):
        levers()["leaders.mandate"].neutral = 1  # type: ignore[misc]
    assert parameters() is parameters()


def test_the_nearest_name_is_offered_where_there_is_one() -> None:
    keys = list(parameters())
    assert nearest("trying.bose", keys) == '; did you mean "trying.base"?'
    assert nearest("capture", keys) == '; did you mean "measuring.capture"?'
    assert nearest("qqqqqqqqqqqq", keys) == "."
    assert issubclass(InputError, ValueError)


def test_the_four_levers_named_first_are_there_and_distinct() -> None:
    """Champion density, leader modelling, rollout sequencing, resistant managers; and four that must not be merged."""
    first = {"champions.one_per", "leaders.modelling", "rollout.style", "managers.resistant_share"}
    apart = {"leaders.endorsement", "leaders.modelling", "leaders.mandate", "managers.inspection"}
    assert first | apart <= set(levers())
    for a, b in itertools.combinations(sorted(apart), 2):
        assert levers()[a].meaning != levers()[b].meaning
