"""The reporting line as an array: known answers, cycles, and depths that no loop over levels could afford."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.organisation import OrganisationError, Role, assemble, tree
from sim.organisation.roles import roles_from_tree


@st.composite
def trees(draw: st.DrawFn) -> np.ndarray:
    count = draw(st.integers(1, 60))
    above = [draw(st.integers(-1, i - 1)) if i else -1 for i in range(count)]
    order = np.array(draw(st.permutations(range(count))))
    manager = np.empty(count, dtype=np.int64)
    manager[order] = [order[boss] if boss >= 0 else -1 for boss in above]
    return manager


def walk(manager: np.ndarray, person: int) -> list[int]:
    path = [person]
    while manager[path[-1]] >= 0:
        path.append(int(manager[path[-1]]))
    return path


@settings(max_examples=200, deadline=None)
@given(trees())
def test_depths_and_tops_are_those_of_a_walk(manager: np.ndarray) -> None:
    paths = [walk(manager, i) for i in range(len(manager))]
    assert tree.depths(manager).tolist() == [len(path) - 1 for path in paths]
    assert tree.tops_above(manager).tolist() == [path[-1] for path in paths]
    assert tree.cycles(manager) == []


@settings(max_examples=200, deadline=None)
@given(trees(), st.data())
def test_nearest_above_is_that_of_a_walk(manager: np.ndarray, data: st.DataObject) -> None:
    size = len(manager)
    stop = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    expected = [next((at for at in walk(manager, i) if stop[at]), -1) for i in range(size)]
    assert tree.nearest_above(manager, stop).tolist() == expected


@settings(max_examples=200, deadline=None)
@given(trees(), st.data())
def test_a_cycle_is_found_and_only_the_cycle(manager: np.ndarray, data: st.DataObject) -> None:
    person = data.draw(st.integers(0, len(manager) - 1))
    path = walk(manager, person)
    manager = manager.copy()
    manager[path[-1]] = person
    (cycle,) = tree.cycles(manager)
    assert sorted(cycle) == sorted(path)
    assert all(manager[a] == b for a, b in zip(cycle, cycle[1:] + cycle[:1], strict=True))
    inside = tree.depths(manager) < 0
    assert inside[path].all()


@settings(max_examples=100, deadline=None)
@given(trees())
def test_reports_list_everyone_once(manager: np.ndarray) -> None:
    offsets, members = tree.reports(manager)
    for boss in range(len(manager)):
        assert members[offsets[boss] : offsets[boss + 1]].tolist() == np.flatnonzero(manager == boss).tolist()


def test_a_chain_of_a_hundred_thousand() -> None:
    manager = np.arange(100_000) - 1
    assert tree.depths(manager)[-1] == 99_999
    manager[0] = 99_999
    assert len(tree.cycles(manager)[0]) == 100_000


def test_roles_by_the_tree() -> None:
    #      0
    #   1  2  3     1 leads a manager, 2 leads reps, 3 leads nobody
    #   4  5
    #   6
    role = roles_from_tree(np.array([-1, 0, 0, 0, 1, 2, 4]))
    assert role.tolist() == [
        Role.EXECUTIVE, Role.EXECUTIVE, Role.MIDDLE_MANAGER, Role.REP, Role.MIDDLE_MANAGER, Role.REP, Role.REP
    ]  # fmt: skip
    assert roles_from_tree(np.array([-1, 0, 0])).tolist() == [Role.EXECUTIVE, Role.REP, Role.REP]


def test_assemble_refuses_what_is_no_organisation() -> None:
    with pytest.raises(OrganisationError, match="no people"):
        assemble([], np.array([]))
    with pytest.raises(OrganisationError, match="repeated: 'a'"):
        assemble(["a", "a"], np.array([-1, 0]))
    with pytest.raises(OrganisationError, match="circle"):
        assemble(["a", "b"], np.array([1, 0]))
    with pytest.raises(OrganisationError, match="below 2"):
        assemble(["a", "b"], np.array([-1, 2]))


def test_index_of_knows_the_nearest() -> None:
    people = assemble(["M0001", "M0002"], np.array([-1, 0]))
    assert people.ids[people.index_of("M0002")] == "M0002"
    with pytest.raises(OrganisationError, match="'M0001'"):
        people.index_of("M001")
