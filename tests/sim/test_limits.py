"""Limits with known answers: independence, the Bass curve, Granovetter's cascade, Centola's clustering, scale."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import pytest
from scipy import stats

from sim.mechanisms.rivals import follows
from sim.organisation import Organisation, assemble, generate, no_ties, ties_from_pairs
from sim.people import Stage, Status
from sim.scenario import Scope, Track
from sim.tallies import Series

ALONE = ("influence", "leadership", "managers", "champions", "enablement", "building")
"""Everything by which one person's week enters another's."""
UNLED = ("leadership", "managers", "champions", "enablement")
"""Everything by which levers enter a rival rule."""


def by_person(block: Any, name: str) -> np.ndarray:
    n, lanes = len(block.graph.unit), len(block.keys)
    return getattr(block.people, name)[: n * lanes].reshape(n, lanes)


def active(block: Any) -> np.ndarray:
    return (by_person(block, "status") & np.uint32(int(Status.ACTIVE))) > 0


def rows_of(organisation: Organisation, people: int) -> np.ndarray:
    """Rows of the people below the root of a flat organisation, in their own order."""
    return np.array([organisation.index[f"{k:06d}"] for k in range(people)])


def tied(organisation: Organisation, graph: nx.Graph) -> Organisation:
    """The same people, tied (both ways, with equal weights) as the graph of their numbers says."""
    rows = rows_of(organisation, graph.number_of_nodes())
    pairs = np.array(graph.edges)
    ego, other = rows[np.concatenate([pairs[:, 0], pairs[:, 1]])], rows[np.concatenate([pairs[:, 1], pairs[:, 0]])]
    return organisation.with_ties(ties_from_pairs(organisation.headcount, ego, other, np.ones(len(ego))))


# Nobody to learn from: independent adoption


@pytest.mark.parametrize("rule", ["experience", "bass"])
def test_without_others_each_decides_alone(
    rule: str, medium: Organisation, finish: Callable, build: Callable, columns: Callable
) -> None:
    """Half of the people committed from the start: nobody else's trajectory changes, bit for bit."""
    levers = {"training.specificity": 0.5, "environment.clarity": 0.6, "leaders.mandate": 0.3}
    runs = [
        finish(medium, build({**levers, "people.committed_share": share}, off=ALONE), 60, rule=rule)
        for share in (0.0, 0.5)
    ]
    others = ~((by_person(runs[1], "status") & np.uint32(int(Status.COMMITTED))) > 0)
    assert np.all(others.sum(axis=0) == 250)
    one, other = (columns(block) for block in runs)
    for name in one:
        if name.startswith("people."):
            assert np.array_equal(one[name][others], other[name][others]), name
    assert active(runs[1])[~others].all()
    assert (by_person(runs[0], "tried_week")[others] >= 0).any()


def test_with_others_the_same_change_is_felt(
    medium: Organisation, finish: Callable, build: Callable, columns: Callable
) -> None:
    """The control: with ties, the half that is committed moves the others."""
    off = tuple(set(ALONE) - {"influence"})
    runs = [finish(medium, build({"people.committed_share": s}, off=off), 60) for s in (0.0, 0.5)]
    others = ~((by_person(runs[1], "status") & np.uint32(int(Status.COMMITTED))) > 0)
    trust = [columns(block)["people.trust"][others].mean() for block in runs]
    assert trust[1] > trust[0]


def test_without_ties_there_is_no_influence(
    medium: Organisation, finish: Callable, build: Callable, columns: Callable
) -> None:
    """An organisation in which nobody names anybody runs as one in which influence is switched off."""
    untied = medium.with_ties(no_ties(medium.headcount))
    on, off = (finish(untied, build(extends="well-run", off=o), 60) for o in ((), ("influence",)))
    one, other = columns(on), columns(off)
    for name in one:
        if name not in ("people.status",):  # reached or not
            assert np.array_equal(one[name], other[name]), name
    assert np.array_equal(on.series, off.series)


# Full mixing and imitation: Bass 1969


@pytest.fixture(scope="module")
def mixed(flat: Callable) -> tuple[Organisation, int]:
    """A thousand people who all name one another with equal weight (the root above them stays apart)."""
    n = 1000
    return tied(flat(n), nx.complete_graph(n)), n


def bass_numbers(p: float, q: float) -> dict[str, float]:
    return {"rivals.innovation": p, "rivals.imitation": q, "rivals.stopping": 0.0}


@pytest.fixture(scope="module")
def bass_runs(mixed: tuple, start: Callable, build: Callable, week_by_week: Callable) -> Callable:
    def users(p: float, q: float, weeks: int, lanes: int) -> np.ndarray:
        """Share of the thousand using it, [weeks, lanes]."""
        organisation, n = mixed
        scenario = build(parameters=bass_numbers(p, q), off=UNLED)
        programme, block = start(organisation, scenario, weeks, rule="bass", lanes=lanes, worlds=False)
        rows = rows_of(organisation, n)
        return np.array([active(block)[rows].mean(axis=0) for _ in week_by_week(programme, block)])

    return users


def test_full_mixing_gives_the_exact_chain_of_bass(bass_runs: Callable, mixed: tuple) -> None:
    """Mean and spread over replicates against the exact distribution of users, week by week.

    With n users, each of the others starts with chance p + q n / (N - 1): a Markov chain of binomial steps. The mean
    of 32 replicates must lie within four of its standard errors in every week.
    """
    p, q, weeks, lanes = 0.01, 0.4, 40, 32
    n = mixed[1]
    have = np.arange(n + 1)
    hazard = np.minimum(p + q * have / (n - 1), 1.0)
    step = stats.binom.pmf(have[None, :] - have[:, None], (n - have)[:, None], hazard[:, None])
    chance = np.zeros(n + 1)
    chance[0] = 1
    got = bass_runs(p, q, weeks, lanes)
    for week in range(weeks):
        chance = chance @ step
        mean = chance @ have / n
        sd = np.sqrt(max(chance @ (have / n) ** 2 - mean**2, 0))
        assert abs(got[week].mean() - mean) <= 4 * sd / np.sqrt(lanes) + 1e-6, week
        if sd > 0.005:
            assert 0.5 * sd < got[week].std() < 1.7 * sd, week
    assert got[-1].min() > 0.99 and 0.2 < got[12].mean() < 0.9


def test_small_weekly_rates_give_the_closed_form(bass_runs: Callable) -> None:
    """F(t) = (1 - exp(-(p + q) t)) / (1 + q / p exp(-(p + q) t)), within 3 points: weeks are steps, people 1,000."""
    p, q, weeks = 0.004, 0.04, 150
    got = bass_runs(p, q, weeks, 16).mean(axis=1)
    t = np.arange(1, weeks + 1)
    decay = np.exp(-(p + q) * t)
    closed = (1 - decay) / (1 + q / p * decay)
    assert np.max(np.abs(got - closed)) < 0.03
    assert abs(got[-1] - 1) < 0.05


def test_without_imitation_starting_is_geometric(bass_runs: Callable) -> None:
    """Share of 1,000 x 16 people who started by week t: 1 - (1 - p)^t, within four standard errors."""
    p, weeks = 0.05, 30
    got = bass_runs(p, 0.0, weeks, 16).mean(axis=1)
    wanted = 1 - (1 - p) ** np.arange(1, weeks + 1)
    assert np.all(np.abs(got - wanted) < 4 * np.sqrt(wanted * (1 - wanted) / 16_000))


def test_nobody_starts_without_innovation_and_example(bass_runs: Callable) -> None:
    assert not bass_runs(0.0, 0.9, 20, 4).any()


# Thresholds and full mixing: Granovetter 1978


def cascade(thresholds: list[float], seeds: set[int]) -> set[int]:
    """Granovetter's cascade on a complete graph, person by person: who uses it when nobody else will join."""
    others = len(thresholds) - 1
    users = set(seeds)
    while True:
        joined = {
            person
            for person, theta in enumerate(thresholds)
            if person not in users and len(users - {person}) / others >= theta
        }
        if not joined:
            return users
        users |= joined


def test_thresholds_and_full_mixing_give_granovetters_cascade(
    flat: Callable, finish: Callable, build: Callable
) -> None:
    """The very people, in sixteen replicates of every seed, from each person's own threshold.

    Cascades that reach everyone, that stop half-way and that never start are all among them.
    """
    n, lanes = 200, 16
    organisation = tied(flat(n), nx.complete_graph(n))
    rows = rows_of(organisation, n)
    ends = set()
    for seed, low, high, committed in (
        (1, 0.0, 0.8, 0.05),
        (2, 0.0, 1.0, 0.1),
        (3, 0.02, 0.9, 0.12),
        (4, 0.05, 0.6, 0.2),
        (5, 0.1, 1.3, 0.15),
        (6, 0.3, 0.9, 0.1),
    ):
        numbers = {
            "rivals.theta_low": low,
            "rivals.theta_high": high,
            "rivals.hysteresis": 0.0,
            "rivals.lever_shift": 0.0,
        }
        seeds = Track(committed, scope=Scope(units=("Everyone",)))
        scenario = build({"people.committed_share": seeds}, numbers, UNLED)
        block = finish(organisation, scenario, 150, rule="threshold", lanes=lanes, seed=seed, worlds=False)
        sworn = (by_person(block, "status") & np.uint32(int(Status.COMMITTED))) > 0
        spread = np.float32(high) - np.float32(low)
        for lane in range(lanes):
            theta = np.float32(low) + spread * by_person(block, "rank")[rows, lane]
            first = set(np.flatnonzero(sworn[rows, lane]).tolist())
            wanted = cascade(theta.tolist(), first)
            assert set(np.flatnonzero(active(block)[rows, lane]).tolist()) == wanted
            ends.add("all" if len(wanted) == n else "none" if wanted == first else "some")
    assert ends == {"all", "some", "none"}


def test_a_user_stops_below_the_threshold_less_the_hysteresis() -> None:
    f = np.float32
    for share, theta, h in ((0.3, 0.3, 0.1), (0.29, 0.3, 0.1), (0.2, 0.3, 0.1), (0.19, 0.3, 0.1)):
        assert follows(f(share), False, f(theta), f(h)) == (f(share) >= f(theta))
        assert follows(f(share), True, f(theta), f(h)) == (f(share) >= f(theta) - f(h))


# Clustering: Centola & Macy 2007, Centola 2010

RING, DEGREE, SEEDS = 400, 6, 4


@pytest.fixture(scope="module")
def lattice_and_random(flat: Callable) -> tuple[Organisation, list[Organisation]]:
    """A ring in which everyone names the three next to them on each side, and rewirings that keep all degrees.

    The first four on the ring are a unit of their own: neighbours on the lattice, strangers after rewiring.
    """
    organisation = flat(RING, ["Seeds" if k < SEEDS else "Others" for k in range(RING)])
    lattice = nx.circulant_graph(RING, range(1, DEGREE // 2 + 1))
    rewired = []
    for seed in range(3):
        graph = lattice.copy()
        nx.double_edge_swap(graph, nswap=RING * DEGREE, max_tries=10**6, seed=seed)
        assert sorted(dict(graph.degree).values()) == [DEGREE] * RING
        assert nx.average_clustering(graph) < 0.1 < 0.5 < nx.average_clustering(lattice)
        rewired.append(tied(organisation, graph))
    return tied(organisation, lattice), rewired


@pytest.mark.parametrize("theta", [1.2 / DEGREE, 1.5 / DEGREE, 1.9 / DEGREE])
def test_clustering_carries_what_needs_two_examples(
    theta: float, lattice_and_random: tuple, finish: Callable, build: Callable
) -> None:
    """With everyone's threshold between one and two of six neighbours, the ring is filled, the random graph is not."""
    numbers = {"rivals.theta_low": theta, "rivals.theta_high": theta, "rivals.hysteresis": 0.0}
    seeds = Track(1.0, scope=Scope(units=("Seeds",)))
    scenario = build({"people.committed_share": seeds}, numbers, UNLED)
    lattice, rewired = lattice_and_random
    rows = rows_of(lattice, RING)
    ring = active(finish(lattice, scenario, 150, rule="threshold", lanes=2))[rows]
    assert ring.all()
    for graph in rewired:
        assert active(finish(graph, scenario, 150, rule="threshold", lanes=2))[rows].mean() < 0.1


def test_a_single_example_is_enough_anywhere(lattice_and_random: tuple, finish: Callable, build: Callable) -> None:
    """The control: below one of six neighbours, both graphs are filled, the random one in far fewer weeks."""
    theta = 0.8 / DEGREE
    numbers = {"rivals.theta_low": theta, "rivals.theta_high": theta, "rivals.hysteresis": 0.0}
    scenario = build({"people.committed_share": Track(1.0, scope=Scope(units=("Seeds",)))}, numbers, UNLED)
    lattice, rewired = lattice_and_random
    rows = rows_of(lattice, RING)
    for graph in (lattice, *rewired):
        assert active(finish(graph, scenario, 150, rule="threshold", lanes=2))[rows].all()
    assert not active(finish(lattice, scenario, 12, rule="threshold", lanes=2))[rows].all()
    for graph in rewired:
        assert active(finish(graph, scenario, 12, rule="threshold", lanes=2))[rows].all()


def test_clustering_slows_what_needs_one_example(
    lattice_and_random: tuple, ensemble: Callable, build: Callable
) -> None:
    """Imitation without innovation reaches most of the random graph while it creeps around the ring."""
    scenario = build({"people.committed_share": Track(1.0, scope=Scope(units=("Seeds",)))}, bass_numbers(0, 0.5), UNLED)
    lattice, rewired = lattice_and_random
    slow = ensemble(lattice, scenario, 40, 16, rule="bass", worlds=False).series[:, Series.ACTIVE]
    for graph in rewired:
        fast = ensemble(graph, scenario, 40, 16, rule="bass", worlds=False).series[:, Series.ACTIVE]
        assert fast[25].min() > slow[25].max() + 0.2
        assert np.all(fast[20:].mean(axis=1) > slow[20:].mean(axis=1))


# Scale


SIZES = ((300, 12, 32), (3_000, 3, 16), (30_000, 1, 8))
"""Headcount, organisations, replicates of each: small ones differ among themselves, so several stand for their size."""


def habitual_at_every_size(ensemble: Callable, scenario: Any, organisations: dict[int, list[Organisation]]) -> list:
    """Mean final share at each size, worlds held."""
    return [
        np.mean(
            [
                ensemble(organisation, scenario, 104, replicates, worlds=False).series[-1, Stage.HABITUAL]
                for organisation in organisations[headcount]
            ]
        )
        for headcount, _, replicates in SIZES
    ]


def side_by_side(parts: list[Organisation]) -> Organisation:
    """Organisations put side by side as one: more people, the same structure about each."""
    ids = [f"{k:03d}-{person}" for k, part in enumerate(parts) for person in part.ids]
    unit = [f"{k:03d} {part.unit_names[u]}" for k, part in enumerate(parts) for u in part.unit]
    starts = np.concatenate([[0], np.cumsum([part.headcount for part in parts])])
    moved = list(zip(parts, starts[:-1], strict=True))
    manager = np.concatenate([np.where(part.manager < 0, -1, part.manager + at) for part, at in moved])
    whole = assemble(ids, manager, unit=unit)
    row = np.array([whole.index[person] for person in ids])
    ego, other = (np.concatenate([getattr(p.ties, end) + at for p, at in moved]) for end in ("egos", "neighbours"))
    contacts = np.concatenate([part.ties.contacts for part in parts])
    return whole.with_ties(ties_from_pairs(len(ids), row[ego], row[other], contacts))


@pytest.fixture(scope="module")
def alike() -> dict[int, list[Organisation]]:
    """300 people, and ten and a hundred such organisations side by side."""
    parts = [generate(300, seed) for seed in range(1, 101)]
    return {
        300: parts[:12],
        3_000: [side_by_side(parts[k : k + 10]) for k in (0, 10, 20)],
        30_000: [side_by_side(parts)],
    }


@pytest.fixture(scope="module")
def grown() -> dict[int, list[Organisation]]:
    """Generated organisations: the same spans at every size, and so a longer line the larger they are."""
    return {n: [generate(n, seed) for seed in range(1, count + 1)] for n, count, _ in SIZES}


@pytest.mark.parametrize("scenario", ["typical", "middling", "well-run"])
def test_with_the_same_structure_about_each_size_does_not_matter(
    scenario: str, alike: dict[int, list[Organisation]], ensemble: Callable
) -> None:
    """The same programme per head ends within five points at 300, 3,000 and 30,000 people: nothing counts heads."""
    shares = habitual_at_every_size(ensemble, scenario, alike)
    assert max(shares) - min(shares) < 0.05, shares


@pytest.mark.parametrize("scenario", ["typical", "well-run"])
def test_generated_organisations_end_alike_at_every_size(
    scenario: str, grown: dict[int, list[Organisation]], ensemble: Callable
) -> None:
    """The same programme and spans per head: within five points at 300, 3,000 and 30,000 people."""
    shares = habitual_at_every_size(ensemble, scenario, grown)
    assert max(shares) - min(shares) < 0.05, shares


@pytest.mark.parametrize("converted", [0.0, 0.5])
def test_what_size_changes_it_changes_through_the_layers_of_managers(
    converted: float, grown: dict[int, list[Organisation]], ensemble: Callable, build: Callable
) -> None:
    """Between the attractors the length of the line matters; with managers out of the line, size does not.

    In 300 people every middle manager reports to an executive; in 30,000 there are three or four layers of middle
    managers in between, each of whom may resist and pass on less. Spans being the same, a larger organisation has a
    longer line. Without managers' stances, and with everyone seeing the top alike, the sizes end within five points.
    """
    scenario = build(
        {"people.converted_share": converted}, {"leadership.from_the_top": 1.0}, ("managers",), extends="middling"
    )
    shares = habitual_at_every_size(ensemble, scenario, grown)
    assert max(shares) - min(shares) < 0.05, shares
