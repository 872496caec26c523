"""Who goes first: the queue of the rollout, its waves, training turns, and in which order champions are asked.

Every order is by keyed draws, never by row, and every count is exact: the lowest draws first, so that a larger share
contains a smaller one.
"""

from __future__ import annotations

import numpy as np

from sim.block import Block
from sim.organisation import Organisation, Role
from sim.people import NEVER, Status, grid
from sim.programme import Programme
from sim.rng import Slot, uniforms

BIG_BANG = 0
BY_UNIT, BY_LEVEL, BY_NETWORK, BY_PERSON = range(4)
RANDOM, VOLUNTEERS, CENTRAL, PER_UNIT = range(4)


def ranks(keys: np.ndarray) -> np.ndarray:
    """Rank of each person in each lane, float32 [people, lanes], by keys of the same shape (ties by row)."""
    order = np.argsort(np.ascontiguousarray(keys.T), axis=1, kind="stable")
    ranks = np.empty(order.shape, np.float32)
    np.put_along_axis(ranks, order, np.arange(order.shape[1], dtype=np.float32)[None, :], axis=1)
    return ranks.T


def lowest(draws: np.ndarray, share: float, eligible: np.ndarray) -> np.ndarray:
    """Exactly ``round(share x eligible)`` people of each lane, lowest draws first: bool, the shape of ``draws``."""
    counts = np.floor(eligible.sum(axis=0) * share + 0.5)
    return (ranks(np.where(eligible, draws, np.inf)) < counts[None, :]) & eligible


def _groups(organisation: Organisation, programme: Programme) -> np.ndarray:
    """What waves are cut along: the group of each person; teams, then persons, where there are too few units."""
    by, waves = int(programme.value("rollout.by")), int(programme.value("rollout.waves"))
    if by == BY_LEVEL:
        return organisation.level.astype(np.int64)
    if by == BY_UNIT and int(programme.value("rollout.style")) != BIG_BANG:
        if organisation.n_units >= waves:
            return organisation.unit.astype(np.int64)
        teams = np.unique(organisation.manager, return_inverse=True)[1]
        if teams.max() + 1 >= waves:
            return teams.astype(np.int64)
    return np.arange(organisation.headcount)


def rollout_queue(organisation: Organisation, programme: Programme, keys: np.ndarray) -> np.ndarray:
    """Each person's place in the order of the rollout, by keyed draws: float32 [people, lanes]."""
    own = uniforms(keys, organisation.headcount, Slot.QUEUE).astype(np.float64)
    by, staged = int(programme.value("rollout.by")), int(programme.value("rollout.style")) != BIG_BANG
    if not staged or by == BY_PERSON:
        return ranks(own)
    if by == BY_NETWORK:
        return ranks(_distance_from_first(organisation, own) + own)
    groups = _groups(organisation, programme)
    if by == BY_LEVEL:
        return ranks(groups[:, None] + own)
    if len(np.unique(groups)) == organisation.headcount:
        return ranks(own)
    drawn = uniforms(keys, int(groups.max()) + 1, Slot.UNIT_ORDER)
    return ranks(ranks(drawn)[groups] + own)


def _distance_from_first(organisation: Organisation, own: np.ndarray) -> np.ndarray:
    """Steps over ties (either way) from each lane's first person; people out of reach come last."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    n, ties = organisation.headcount, organisation.ties
    matrix = csr_array((np.ones(len(ties.neighbours), np.int8), ties.neighbours, ties.offsets), shape=(n, n))
    steps = dijkstra(matrix, directed=False, unweighted=True, indices=own.argmin(axis=0)).T
    return np.where(np.isfinite(steps), steps, n)


def wave_ends(organisation: Organisation, programme: Programme, keys: np.ndarray, queue: np.ndarray) -> np.ndarray:
    """Queue positions at which waves end, float64 [waves + 1, lanes]: the first share, then even, at group borders."""
    headcount, lanes = queue.shape
    count = min(int(programme.value("rollout.waves")), headcount)
    if int(programme.value("rollout.style")) == BIG_BANG or count <= 1:
        return np.stack([np.zeros(lanes), np.full(lanes, headcount)])
    first = programme.value("rollout.first_share")
    wanted = np.concatenate([[0.0], first + (1 - first) * np.arange(count) / (count - 1)]) * headcount
    wanted = np.maximum(np.round(wanted), np.arange(count + 1))
    wanted[-1] = headcount
    groups = _groups(organisation, programme)
    sizes = np.bincount(groups)
    if len(sizes) == headcount or int(programme.value("rollout.by")) in (BY_NETWORK, BY_LEVEL):
        return np.repeat(np.minimum(wanted, headcount)[:, None], lanes, axis=1)
    waves = np.empty((count + 1, lanes))
    for lane in range(lanes):
        first_place = np.full(len(sizes), np.inf)
        np.minimum.at(first_place, groups, queue[:, lane])
        borders = np.concatenate([[0], np.cumsum(sizes[np.argsort(first_place)])])
        nearest = np.abs(borders[None, :] - wanted[:, None]).argmin(axis=1)
        for k in range(1, count):  # every wave has at least one group
            nearest[k] = min(max(nearest[k], nearest[k - 1] + 1), len(borders) - 1 - (count - k))
        waves[:, lane] = borders[nearest]
    return waves


def training_turns(queue: np.ndarray, waves: np.ndarray, included: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Training turns of those in the training's scope, in the order of the rollout, and how many each wave holds."""
    if included.all():
        return queue, waves
    turn = ranks(np.where(included, queue, np.inf))
    turn = np.where(included, turn, NEVER)
    held = [[np.count_nonzero(included[:, k] & (queue[:, k] < end)) for k, end in enumerate(row)] for row in waves]
    return turn, np.array(held, np.float64)


def champion_order(
    organisation: Organisation,
    programme: Programme,
    keys: np.ndarray,
    included: np.ndarray,
) -> np.ndarray:
    """The order in which people are asked, int32 [lanes, people], -1 after the last; executives are not asked."""
    if programme.value("champions.one_per") < 1:
        return np.full((len(keys), 1), -1, np.int32)
    draws = uniforms(keys, organisation.headcount, Slot.CHAMPION).astype(np.float64)
    how = int(programme.value("champions.chosen"))
    if how == CENTRAL:
        named = np.bincount(organisation.ties.neighbours, organisation.ties.weights, organisation.headcount)
        draws = draws - np.round(named, 6)[:, None] * 1e6  # a draw decides between equals alone
    elif how == PER_UNIT:
        sizes = np.bincount(organisation.unit, minlength=organisation.n_units)[organisation.unit]
        within = (
            ranks(organisation.unit[:, None] + draws)
            - np.searchsorted(organisation.unit, organisation.unit).astype(np.float32)[:, None]
        )
        draws = (within + 0.5) / sizes[:, None] + 1e-6 * draws
    eligible = included & (organisation.role != Role.EXECUTIVE)[:, None]
    return _ordered(draws, eligible)


def volunteer_order(block: Block, included: np.ndarray, organisation: Organisation) -> np.ndarray:
    """Those who come forward, the most open first."""
    openness = grid(block.people.openness, *included.shape)
    comes = (grid(block.people.status, *included.shape) & np.uint32(int(Status.VOLUNTEER))) > 0
    eligible = included & comes & (organisation.role != Role.EXECUTIVE)[:, None]
    return _ordered(-openness, eligible)


def _ordered(keys: np.ndarray, eligible: np.ndarray) -> np.ndarray:
    keys = np.where(eligible, keys, np.inf)
    order = np.argsort(np.ascontiguousarray(keys.T), axis=1, kind="stable").astype(np.int32)
    order[np.arange(order.shape[1])[None, :] >= eligible.sum(axis=0)[:, None]] = -1
    return order
