"""Rollout, training and champions: who has what when, counted exactly, against plain Python."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.mechanisms.enablement import end_of_queue, next_turn
from sim.mechanisms.rollout import next_wave_opens
from sim.organisation import Organisation, Role, assemble, generate
from sim.passports import COST_DRIVERS
from sim.people import Status
from sim.programme import prepare
from sim.scenario import Scope, Track
from sim.tallies import Series

STYLES = {"fixed-waves": 1, "evidence-gated": 2}
LANES = 4
F = np.float32


def by_person(block: Any, name: str) -> np.ndarray:
    """A column of people as [people, lanes]."""
    n, lanes = len(block.graph.unit), len(block.keys)
    return getattr(block.people, name)[: n * lanes].reshape(n, lanes)


def has(block: Any, flag: Status) -> np.ndarray:
    return (by_person(block, "status") & np.uint32(int(flag))) > 0


def staged(style: str = "fixed-waves", **more: Any) -> dict[str, Any]:
    return {"rollout.style": style, **{f"rollout.{k}": v for k, v in more.items()}}


# When a wave opens


def test_the_gate_follows_its_definition() -> None:
    """By date after the gap; by evidence with ten people, four weeks and use; by deadline whatever the evidence."""
    opened = 0
    for style, age, gap, use, gate, deadline, people in itertools.product(
        (0, 1, 2), (0, 3, 4, 7, 8, 20), (1, 8), (0.0, 0.39, 0.4, 1.0), (0.0, 0.4), (6, 20), (9, 10, 300)
    ):
        if style == 1:
            wanted = age >= gap
        elif style == 2:
            wanted = (people >= 10 and age >= 4 and age >= gap and F(use) >= F(gate)) or age >= deadline
        else:
            wanted = False
        got = next_wave_opens(style, F(age), F(gap), F(use), F(gate), F(deadline), F(people))
        assert bool(got) == wanted, (style, age, gap, use, gate, deadline, people)
        opened += wanted
    assert opened > 100


@pytest.mark.parametrize(("gap", "start_week"), [(1, 0), (5, 0), (8, 3), (13, 10)])
def test_fixed_waves_open_every_gap_weeks(
    gap: int, start_week: int, medium: Organisation, finish: Callable, build: Callable
) -> None:
    block = finish(medium, build(staged(waves=4, gap=gap, start_week=start_week)), start_week + 4 * gap)
    weeks = np.unique(by_person(block, "access_week"))
    assert list(weeks) == [start_week + k * gap for k in range(4)]


@pytest.mark.parametrize("gap", [1, 4, 6])
def test_open_evidence_opens_with_the_fourth_week_or_the_gap(
    gap: int, medium: Organisation, finish: Callable, build: Callable
) -> None:
    """A gate of nothing is passed as soon as a wave is old enough to be evidence."""
    block = finish(medium, build(staged("evidence-gated", waves=3, gap=gap, gate=0.0, deadline=200)), 30)
    pace = max(gap, 4)
    assert list(np.unique(by_person(block, "access_week"))) == [0, pace, 2 * pace]


def test_fewer_than_ten_people_are_no_evidence(medium: Organisation, finish: Callable, build: Callable) -> None:
    """A first wave of nine waits for the deadline, one of ten for the evidence alone."""
    for people, week in ((9, 17), (10, 4)):
        share = people / medium.headcount
        gated = staged("evidence-gated", waves=2, by="person", gap=1, gate=0.0, deadline=17, first_share=share)
        opened = by_person(finish(medium, build(gated), 30), "access_week")
        assert np.all((opened == 0).sum(axis=0) == people)
        assert list(np.unique(opened)) == [0, week]


@pytest.mark.parametrize("deadline", [4, 9, 26])
def test_a_deadline_overrides_a_gate_that_cannot_be_passed(
    deadline: int, medium: Organisation, finish: Callable, build: Callable
) -> None:
    gated = staged("evidence-gated", waves=3, gap=1, gate=1.0, deadline=deadline)
    opened = by_person(finish(medium, build(gated, off=("trying",)), 60), "access_week")
    assert list(np.unique(opened)) == [0, deadline, 2 * deadline]


@pytest.mark.parametrize(("gate", "deadline"), [(0.05, 30), (0.35, 12), (0.95, 7)])
def test_the_gate_reads_the_use_of_the_latest_wave(
    gate: float, deadline: int, medium: Organisation, start: Callable, build: Callable, week_by_week: Callable
) -> None:
    """Followed week by week: a wave opens if and only if the one before was old, large and in use enough."""
    gap, waves = 3, 5
    levers = {**staged("evidence-gated", waves=waves, gap=gap, gate=gate, deadline=deadline), "training.capacity": 0.1}
    programme, block = start(medium, build(levers, extends="well-run"), 100, lanes=8)
    queue = by_person(block, "queue")
    wave, opened_at, held = np.zeros(8, int), np.zeros(8, int), np.zeros(8, np.float32)
    use: list[list[float]] = [[] for _ in range(8)]
    by_evidence = by_date = 0
    for week in week_by_week(programme, block):
        active = has(block, Status.ACTIVE)
        for lane in range(8):
            now = int(block.firm.wave[lane])
            ends = block.waves[:, lane]
            if week and wave[lane] < waves:
                age = week - opened_at[lane]
                large = ends[wave[lane]] - ends[wave[lane] - 1] >= 10
                seen = bool(large and age >= max(gap, 4) and held[lane] >= F(gate))
                assert (now > wave[lane]) == (seen or age >= deadline), (week, lane)
                by_evidence += seen
                by_date += now > wave[lane] and not seen
            if now > wave[lane]:
                assert now == wave[lane] + 1
                wave[lane], opened_at[lane], use[lane] = now, week, []
            members = (queue[:, lane] >= ends[now - 1]) & (queue[:, lane] < ends[now])
            use[lane].append(active[members, lane].mean())
            if len(use[lane]) <= 4:
                assert block.firm.wave_use[lane] == pytest.approx(np.mean(use[lane]), abs=1e-6)
            assert min(use[lane]) - 1e-6 <= block.firm.wave_use[lane] <= max(use[lane]) + 1e-6
        held = block.firm.wave_use[:8].copy()
    assert by_evidence or gate > 0.05
    assert by_date or gate < 0.95


# How waves are cut


def members_of(block: Any, waves: int) -> np.ndarray:
    """Wave of each person (from 1) by queue position, [people, lanes]."""
    queue, ends = by_person(block, "queue"), block.waves
    lanes = queue.shape[1]
    assert len(ends) == waves + 1 and np.all(ends[0] == 0) and np.all(np.diff(ends[:, :lanes], axis=0) >= 0)
    return np.stack([np.searchsorted(ends[1:, k], queue[:, k], "right") + 1 for k in range(lanes)], axis=1)


@pytest.mark.parametrize(("waves", "first"), [(2, 0.1), (3, 0.3), (4, 0.1), (5, 0.5)])
def test_waves_are_cut_at_unit_borders_nearest_to_the_shares(
    waves: int, first: float, start: Callable, build: Callable
) -> None:
    organisation = generate(2000, 4)
    _, block = start(organisation, build(staged(waves=waves, first_share=first)), 4)
    wave = members_of(block, waves)
    wanted = [round((first + (1 - first) * k / (waves - 1)) * 2000) for k in range(waves)]
    sizes = np.bincount(organisation.unit)
    for lane in range(LANES):
        for unit in range(organisation.n_units):
            assert len(set(wave[organisation.unit == unit, lane])) == 1
        order = np.argsort([by_person(block, "queue")[organisation.unit == u, lane].min() for u in range(len(sizes))])
        borders = np.concatenate([[0], np.cumsum(sizes[order])])
        for k in range(waves):
            end = block.waves[k + 1, lane]
            assert end in borders
            assert abs(end - wanted[k]) == np.abs(borders - wanted[k]).min()
    orders = {tuple(by_person(block, "queue")[:, lane].astype(int)) for lane in range(LANES)}
    assert len(orders) == LANES  # units go in an order of their own in every replicate


def test_every_wave_has_someone_even_with_as_many_waves_as_units(
    medium: Organisation, start: Callable, build: Callable
) -> None:
    waves = min(medium.n_units, 12)
    for first in (0.02, 0.5, 1.0):
        _, block = start(medium, build(staged(waves=waves, first_share=first)), 4)
        wave = members_of(block, waves)
        for lane in range(LANES):
            assert set(wave[:, lane]) == set(range(1, waves + 1))


@pytest.mark.parametrize(
    ("style", "off", "shares"),
    [("fixed-waves", (), [0.1, 0.3, 0.3, 0.3, 0.0]), ("big-bang", (), [1, 0, 0, 0, 0]),
     ("fixed-waves", ("rollout",), [1, 0, 0, 0, 0])],
)  # fmt: skip
def test_a_lever_for_a_wave_costs_as_much_as_the_wave_holds(
    style: str, off: tuple[str, ...], shares: list[float], medium: Organisation, start: Callable, build: Callable
) -> None:
    """Of what it costs for everyone; and the wave holds that share of all people."""
    everyone = prepare(build({"leaders.endorsement": 1.0}, off=off), medium, 1).costs
    for wave, share in enumerate(shares, 1):
        levers = {"leaders.endorsement": Track(1.0, scope=Scope(waves=(wave,))),
                  **staged(style, waves=4, by="person", first_share=0.1)}  # fmt: skip
        programme, block = start(medium, build(levers, off=off), 4)
        driver = COST_DRIVERS.index("person")
        assert programme.costs[0, :, driver] == pytest.approx(everyone[0, :, driver] * share, rel=1e-6)
        held = (by_person(block, "scopes") & programme.scope["leaders_endorsement"]) > 0
        assert held.mean(axis=0) == pytest.approx(np.full(LANES, share), abs=1 / medium.headcount)


def in_teams(teams: int, size: int) -> Organisation:
    """One unit: a root, ``teams`` managers, ``size`` reps below each."""
    ids = ["root", *(f"m{k:03d}" for k in range(teams)), *(f"r{k:04d}" for k in range(teams * size))]
    manager = np.array([-1] + [0] * teams + [1 + k // size for k in range(teams * size)])
    return assemble(ids, manager, unit=["One"] * len(ids))


def test_with_too_few_units_waves_cut_teams(start: Callable, build: Callable) -> None:
    organisation = in_teams(8, 9)
    _, block = start(organisation, build(staged(waves=4, first_share=0.25)), 4)
    wave = members_of(block, 4)
    for lane in range(LANES):
        for boss in np.unique(organisation.manager):
            assert len(set(wave[organisation.manager == boss, lane])) == 1
        assert set(wave[:, lane]) == {1, 2, 3, 4}


def test_with_too_few_teams_waves_cut_persons(start: Callable, build: Callable, flat: Callable) -> None:
    organisation = flat(79)  # the root's own team is the only other one
    _, block = start(organisation, build(staged(waves=4, first_share=0.1)), 4)
    wave = members_of(block, 4)
    assert np.array_equal(np.stack([np.bincount(w, minlength=5)[1:] for w in wave.T]), [[8, 24, 24, 24]] * LANES)


def test_waves_by_person_have_exactly_their_shares(medium: Organisation, start: Callable, build: Callable) -> None:
    _, block = start(medium, build(staged(waves=3, first_share=0.2, by="person")), 4)
    wave = members_of(block, 3)
    assert np.array_equal(np.stack([np.bincount(w, minlength=4)[1:] for w in wave.T]), [[100, 200, 200]] * LANES)
    assert len({tuple(w) for w in wave.T}) == LANES


def test_waves_by_level_go_from_the_top_down(medium: Organisation, start: Callable, build: Callable) -> None:
    _, block = start(medium, build(staged(waves=3, by="level")), 4)
    queue = by_person(block, "queue")
    for lane in range(LANES):
        assert np.all(np.diff(medium.level[np.argsort(queue[:, lane])]) >= 0)


def test_waves_by_network_go_outward_from_one_person(medium: Organisation, start: Callable, build: Callable) -> None:
    """Nobody comes before someone who stands fewer steps from the first; breadth-first search as the reference."""
    _, block = start(medium, build(staged(waves=3, by="network")), 4)
    ties = medium.ties
    near: list[set[int]] = [set() for _ in range(medium.headcount)]
    for one, other in zip(ties.egos.tolist(), ties.neighbours.tolist(), strict=True):
        near[one].add(other)
        near[other].add(one)
    for lane in range(LANES):
        order = np.argsort(by_person(block, "queue")[:, lane])
        steps = {int(order[0]): 0}
        waiting = deque(steps)
        while waiting:
            person = waiting.popleft()
            for other in near[person] - set(steps):
                steps[other] = steps[person] + 1
                waiting.append(other)
        walked = [steps.get(int(person), medium.headcount) for person in order]
        assert walked == sorted(walked) and max(walked) > 1


def test_the_queue_is_a_permutation_whatever_it_is_cut_along(
    medium: Organisation, start: Callable, build: Callable
) -> None:
    for by in ("unit", "level", "network", "person"):
        for style in ("big-bang", "fixed-waves"):
            _, block = start(medium, build({"rollout.style": style, "rollout.by": by, "rollout.waves": 3}), 4)
            for lane in by_person(block, "queue").T:
                assert np.array_equal(np.sort(lane), np.arange(medium.headcount))


# Access and seats


@pytest.mark.parametrize("share", [0.01, 0.1, 0.25, 0.999, 1.0])
@pytest.mark.parametrize("headcount", [47, 300])
def test_seats_are_counted_exactly(headcount: int, share: float, finish: Callable, build: Callable) -> None:
    """round(N x share) people have access, the first of the queue."""
    organisation = generate(headcount, 1)
    block = finish(organisation, build({"rollout.seats": share}), 6)
    seats = int(np.floor(F(share) * F(headcount) + F(0.5)))
    assert seats == round(share * headcount)
    access = has(block, Status.ACCESS)
    assert np.all(access.sum(axis=0) == seats)
    assert np.array_equal(access, by_person(block, "queue") < seats)
    assert np.all(block.series[:, Series.LICENSED] == F(seats / headcount))


def test_more_seats_contain_fewer(medium: Organisation, finish: Callable, build: Callable) -> None:
    few, many = (has(finish(medium, build({"rollout.seats": s}), 4), Status.ACCESS) for s in (0.1, 0.4))
    assert np.all(many[few]) and many.sum() > few.sum()


def test_seats_taken_away_take_access_away(medium: Organisation, finish: Callable, build: Callable) -> None:
    block = finish(medium, build({"rollout.seats": Track(0.2, start=10)}, extends="well-run"), 12)
    assert np.all(has(block, Status.ACCESS).sum(axis=0) <= 100)
    assert not (has(block, Status.ACTIVE) & ~has(block, Status.ACCESS)).any()


@pytest.mark.parametrize("rule", ["experience", "threshold", "bass"])
@pytest.mark.parametrize("scenario", ["crawl-walk-run", "fixed-waves", "well-run"])
def test_nobody_uses_it_or_complies_before_access(
    scenario: str, rule: str, medium: Organisation, start: Callable, build: Callable, week_by_week: Callable
) -> None:
    made = build({"leaders.mandate": 0.8, "rollout.start_week": 3, "rollout.seats": 0.7}, extends=scenario)
    programme, block = start(medium, made, 60, rule=rule)
    met = False
    for week in week_by_week(programme, block):
        opened, access = by_person(block, "access_week"), has(block, Status.ACCESS)
        acted = has(block, Status.ACTIVE) | has(block, Status.COMPLIED)
        assert not (acted & ~access).any()
        assert not (access & (opened < 0)).any() and opened.max() <= week
        tried = by_person(block, "tried_week")
        assert np.all((tried < 0) | (tried >= opened))
        assert week >= 3 or not access.any()
        met |= bool(acted.any())
    assert met


def test_access_brings_curiosity_in_proportion_to_endorsement(
    medium: Organisation, finish: Callable, build: Callable
) -> None:
    """Exactly what the parameters say, in the week of first access."""
    numbers = {"trying.curiosity": 0.8, "trying.curiosity_base": 0.2}
    for loud in (0.0, 0.5, 1.0):
        off = ("habit", "trying", "enablement", "managers", "leadership")
        block = finish(medium, build({"leaders.endorsement": loud}, numbers, off), 1, worlds=False)
        assert np.allclose(by_person(block, "enthusiasm"), 0.2 + 0.8 * loud, atol=1e-6)


# Training


def test_no_capacity_trains_nobody(medium: Organisation, finish: Callable, build: Callable) -> None:
    block = finish(medium, build({"training.capacity": 0.0}, extends="well-run"), 60)
    assert not has(block, Status.TRAINED).any()
    assert np.all(by_person(block, "trained_week") == -1) and np.all(by_person(block, "training") == 0)
    assert np.all(block.series[:, Series.TRAINED] == 0)


@pytest.mark.parametrize(("headcount", "share"), [(50, 0.01), (50, 0.003), (37, 0.02), (120, 0.25), (500, 0.0131)])
def test_fractions_of_a_trainee_carry_over(
    headcount: int, share: float, start: Callable, build: Callable, week_by_week: Callable
) -> None:
    """After w weeks, w x capacity people are trained, a begun one counted whole; below one person a week as well."""
    organisation = generate(headcount, 1)
    programme, block = start(organisation, build({"training.capacity": share}), 80)
    for week in week_by_week(programme, block):
        due = min((week + 1) * share * headcount, headcount)
        trained = has(block, Status.TRAINED).sum(axis=0)
        assert np.all(trained >= np.ceil(due - 1e-3)) and np.all(trained <= np.ceil(due + 1e-3)), week
        assert np.allclose(block.series[week, Series.TRAINED] * headcount, due, atol=0.01)


def test_training_follows_the_rollout(medium: Organisation, finish: Callable, build: Callable) -> None:
    """Nobody is trained before access, and the queue is served in its order."""
    levers = {**staged(waves=4, gap=9), "training.capacity": 0.04}
    block = finish(medium, build(levers), 60)
    trained, opened = by_person(block, "trained_week"), by_person(block, "access_week")
    assert np.all(trained >= opened) and (trained > opened).any()
    queue = by_person(block, "queue")
    for lane in range(LANES):
        assert np.all(np.diff(trained[np.argsort(queue[:, lane]), lane]) >= 0)


@pytest.mark.parametrize("seats", [0.253, 0.1, 0.5])
def test_nobody_without_a_seat_is_trained(
    seats: float, medium: Organisation, finish: Callable, build: Callable
) -> None:
    block = finish(medium, build({"training.capacity": 0.03, "rollout.seats": seats}), 60)
    assert np.array_equal(has(block, Status.TRAINED), has(block, Status.ACCESS))


def test_training_in_a_scope_trains_all_of_it_and_nobody_else(
    medium: Organisation, finish: Callable, build: Callable
) -> None:
    block = finish(medium, build({"training.capacity": Track(0.05, scope=Scope(roles=("rep",)))}), 40)
    assert np.array_equal(has(block, Status.TRAINED), np.repeat((medium.role == Role.REP)[:, None], LANES, axis=1))


def test_rounds_train_everyone_again_before_anyone_a_third_time(
    small: Organisation, finish: Callable, build: Callable
) -> None:
    """Three rounds cost three trainings a head, no more."""
    block = finish(small, build({"training.capacity": 0.1, "training.rounds": 3}), 60)
    assert np.allclose(block.series[-1, Series.TRAINED], 3)
    assert np.allclose(block.series[9, Series.TRAINED], 1, atol=1e-5)


def test_turns_recur_and_are_counted() -> None:
    """How often turn k has come up once so many were served: every ``total``, at most ``rounds`` times."""
    for served, first, rounds in itertools.product((0, 0.4, 1, 7, 9.5, 10, 23, 31), range(10), (1, 2, 3)):
        turn, had = F(first), 0
        while turn < served:
            turn, had = next_turn(turn, F(10), F(rounds)), had + 1
        assert had == min(sum(1 for r in range(50) if served > first + r * 10), rounds)
    assert end_of_queue(F(4), F(10), F(3), F(2)) == 4
    assert end_of_queue(F(10), F(10), F(3), F(2)) == 32


def test_only_seat_holders_are_trained_and_charged(small, build, finish) -> None:
    """With seats for 60 %, in three rounds and a scope, nobody without access is trained, nor charged for."""
    levers = {"training.capacity": 0.1, "training.rounds": 3, "rollout.seats": 0.6}
    block = finish(small, build(levers), 40)
    seats = round(0.6 * small.headcount)
    people = small.headcount * len(block.keys)
    trained = block.people.trained_week[:people].reshape(small.headcount, -1) >= 0
    access = block.people.access_week[:people].reshape(small.headcount, -1) >= 0
    assert (trained <= access).all()
    assert (trained.sum(axis=0) == seats).all()


# Champions


@pytest.mark.parametrize("chosen", ["random", "central", "per-unit"])
@pytest.mark.parametrize("one_per", [1000, 100, 25, 10, 7])
def test_champions_are_counted_exactly(
    one_per: int, chosen: str, medium: Organisation, finish: Callable, build: Callable
) -> None:
    """round(N / one_per), none of them an executive, from the week of activation."""
    levers = {"champions.one_per": one_per, "champions.chosen": chosen, "champions.activation_week": 5}
    block = finish(medium, build(levers), 8)
    wanted = int(np.floor(F(500) / F(one_per) + F(0.5)))
    champions = has(block, Status.CHAMPION)
    assert np.all(champions.sum(axis=0) == wanted)
    assert not champions[medium.role == Role.EXECUTIVE].any()
    assert np.all(block.series[:5, Series.CHAMPIONS] == 0)
    assert np.allclose(block.series[5:, Series.CHAMPIONS] * 500, wanted)


@pytest.mark.parametrize("chosen", ["random", "central", "per-unit"])
def test_one_in_25_contains_one_in_100(chosen: str, medium: Organisation, finish: Callable, build: Callable) -> None:
    few, many = (
        has(finish(medium, build({"champions.one_per": n, "champions.chosen": chosen}), 2), Status.CHAMPION)
        for n in (100, 25)
    )
    assert np.all(many[few]) and few.sum() == 5 * LANES and many.sum() == 20 * LANES


def test_central_champions_are_the_most_named(medium: Organisation, finish: Callable, build: Callable) -> None:
    block = finish(medium, build({"champions.one_per": 20, "champions.chosen": "central"}), 2)
    named = np.bincount(medium.ties.neighbours, medium.ties.weights, medium.headcount).round(5)
    asked = medium.role != Role.EXECUTIVE
    for champions in has(block, Status.CHAMPION).T:
        assert named[champions].min() >= named[asked & ~champions].max()


def test_champions_per_unit_are_spread(medium: Organisation, finish: Callable, build: Callable) -> None:
    """Every unit has its share of them, to within one and one more for its executives, who are not asked."""
    block = finish(medium, build({"champions.one_per": 20, "champions.chosen": "per-unit"}), 2)
    sizes = np.bincount(medium.unit)
    executives = np.bincount(medium.unit, medium.role == Role.EXECUTIVE)
    for champions in has(block, Status.CHAMPION).T:
        counts = np.bincount(medium.unit[champions], minlength=len(sizes))
        assert np.all(np.abs(counts - sizes / 20) <= 1 + np.minimum(executives, 1))


def test_volunteers_are_found_at_their_training(
    medium: Organisation, start: Callable, build: Callable, week_by_week: Callable
) -> None:
    """None without training; then trained and open people only, never more than asked for."""
    levers = {"champions.one_per": 10, "champions.chosen": "volunteers", "training.capacity": Track(0.02, start=6)}
    programme, block = start(medium, build(levers), 50)
    counts = []
    for week in week_by_week(programme, block):
        champions = has(block, Status.CHAMPION)
        assert not (champions & ~has(block, Status.TRAINED)).any()
        assert not (champions & ~has(block, Status.VOLUNTEER)).any()
        counts.append(champions.sum(axis=0))
        assert week >= 6 or not champions.any()
    assert np.all(np.diff(counts, axis=0) >= 0) and np.all(counts[-1] == 50)


def test_champions_in_one_unit_stay_in_it(medium: Organisation, finish: Callable, build: Callable) -> None:
    scope = Scope(units=("largest",))
    block = finish(medium, build({"champions.one_per": Track(25, scope=scope)}), 2)
    largest = medium.unit == np.bincount(medium.unit).argmax()
    assert has(block, Status.CHAMPION)[largest].any() and not has(block, Status.CHAMPION)[~largest].any()


def test_turnover_keeps_the_number_of_champions(medium: Organisation, finish: Callable, build: Callable) -> None:
    block = finish(medium, build({"champions.one_per": 25, "circumstances.turnover": 0.5}), 60)
    champions = has(block, Status.CHAMPION).sum(axis=0)
    assert np.all(champions == 20) and np.all(block.firm.champions[:LANES] == 20)
    assert np.all(block.firm.joined[:LANES] > 50)


def test_as_many_leave_as_the_yearly_share_says(build: Callable, finish: Callable) -> None:
    """Half of those who can leave have left once or more after a year at one half, within four standard errors."""
    organisation = generate(2000, 1)
    block = finish(organisation, build({"circumstances.turnover": 0.5}), 52, lanes=16)
    opened = by_person(block, "access_week")
    can = organisation.role != Role.EXECUTIVE
    share = (opened[can] > 0).mean()
    error = np.sqrt(0.25 / (can.sum() * 16))
    assert abs(share - (1 - 0.5 ** (51 / 52))) < 4 * error
    assert np.all(opened[~can] == 0)


# Managers


@pytest.mark.parametrize(("share", "hidden"), [(0.0, 1.0), (0.3, 0.6), (0.6, 0.0), (1.0, 0.5)])
def test_resistant_managers_are_counted_exactly(
    share: float, hidden: float, medium: Organisation, start: Callable, build: Callable
) -> None:
    """round(share x middle managers) resist, round(covertness x those) hide it, and the others are known."""
    _, block = start(medium, build({"managers.resistant_share": share, "managers.covertness": hidden}), 2)
    middle = medium.role[block.graph.leader_person] == Role.MIDDLE_MANAGER
    lanes = len(block.keys)
    covert, found = (getattr(block.leaders, n)[: len(middle) * lanes].reshape(-1, lanes) for n in ("covert", "found"))
    resistant = (covert + found) > 0
    wanted = int(np.floor(middle.sum() * share + 0.5))
    assert np.all(resistant.sum(axis=0) == wanted) and not resistant[~middle].any()
    assert np.all(covert.sum(axis=0) == np.floor(wanted * hidden + 0.5)) and not (covert * found).any()
    level = block.world["traits_resistance_resistant"][:lanes]
    mine = by_person(block, "resistance")[block.graph.leader_person]
    assert np.all(mine[resistant] >= np.broadcast_to(level, mine.shape)[resistant])


def test_more_resistant_managers_contain_fewer(medium: Organisation, start: Callable, build: Callable) -> None:
    few, many = (
        start(medium, build({"managers.resistant_share": s, "managers.covertness": 0.0}), 2)[1].leaders.found > 0
        for s in (0.3, 0.6)
    )
    assert np.all(many[few]) and many.sum() > few.sum()


@pytest.mark.parametrize("share", [0.05, 0.33, 1.0])
def test_committed_people_are_counted_exactly_and_never_stop(
    share: float, medium: Organisation, start: Callable, build: Callable, week_by_week: Callable
) -> None:
    """In the worst of surroundings as well; they are never counted as having given up."""
    bleak = {"people.committed_share": share, "environment.reliability": 0.0, "environment.reward_quality": 0.0}
    programme, block = start(medium, build(bleak), 50)
    committed = has(block, Status.COMMITTED)
    assert np.all(committed.sum(axis=0) == np.floor(500 * share + 0.5))
    for _ in week_by_week(programme, block):
        assert np.all(has(block, Status.ACTIVE)[committed])
        assert not has(block, Status.REJECTED)[committed].any()
