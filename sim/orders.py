"""Who goes first: the queue of the rollout, its waves, training turns, and in which order champions are asked.

Every order is by keyed draws, never by row, and every count is exact: the lowest draws first, so that a larger share
contains a smaller one.
"""

from __future__ import annotations

import numpy as np

from sim.block import Block
from sim.organisation import Organisation, Role
from sim.people import NEVER, Status, grid
from sim.programme import BIG_BANG, Programme, shares_open
from sim.rng import Slot, bits

BY_UNIT, BY_LEVEL, BY_NETWORK, BY_PERSON = range(4)
RANDOM, VOLUNTEERS, CENTRAL, PER_UNIT = range(4)


def in_order(*keys: np.ndarray) -> np.ndarray:
    """Rows in ascending order, for each lane: int64 [lanes, people].

    ``keys`` are whole numbers [people, lanes] (or [people, 1]), the most significant first; equals stand by row. They
    are packed side by side into 64 bits and sorted as one number; where they do not fit, one after the other.
    """
    people = len(keys[0])
    row_bits = max(people - 1, 1).bit_length()
    widths = [int(key.max(initial=0)).bit_length() for key in keys]
    if sum(widths) + row_bits > 64:
        keys = tuple(np.broadcast_arrays(*keys))
        return np.lexsort([key.T for key in reversed(keys)], axis=-1)
    packed = np.zeros((1, 1), np.uint64)
    for key, width in zip(keys, widths, strict=True):
        packed = (packed << np.uint64(width)) | key.T.astype(np.uint64)
    packed = (packed << np.uint64(row_bits)) | np.arange(people, dtype=np.uint64)
    packed = np.ascontiguousarray(packed)  # lane by lane: to sort along memory, and for one layout everywhere
    return (np.sort(packed, axis=1) & np.uint64((1 << row_bits) - 1)).astype(np.int64)


def places(order: np.ndarray) -> np.ndarray:
    """Where each row stands in an order: float32 [people, lanes]."""
    where = np.empty(order.shape, np.float32)
    np.put_along_axis(where, order, np.arange(order.shape[1], dtype=np.float32)[None, :], axis=1)
    return where.T


def lowest(draws: np.ndarray, share: float, eligible: np.ndarray) -> np.ndarray:
    """Exactly ``round(share x eligible)`` people of each lane, lowest draws (``rng.bits``) first: bool, their shape."""
    counts = np.floor(eligible.sum(axis=0) * share + 0.5)
    return (places(in_order(~eligible, draws)) < counts[None, :]) & eligible


def _groups(organisation: Organisation, programme: Programme) -> np.ndarray:
    """What several waves are cut along: the group of each person; teams, then persons, where units are too few."""
    by, waves = int(programme.value("rollout.by")), int(programme.value("rollout.waves"))
    if by == BY_LEVEL:
        return organisation.level.astype(np.int64)
    if by == BY_UNIT:
        if organisation.n_units >= waves:
            return organisation.unit.astype(np.int64)
        teams = np.unique(organisation.manager, return_inverse=True)[1]
        if teams.max() + 1 >= waves:
            return teams.astype(np.int64)
    return np.arange(organisation.headcount)


def rollout_queue(organisation: Organisation, programme: Programme, keys: np.ndarray) -> np.ndarray:
    """Each person's place in the order of the rollout, by keyed draws: float32 [people, lanes]."""
    own = bits(keys, organisation.headcount, Slot.QUEUE)
    by, staged = int(programme.value("rollout.by")), int(programme.value("rollout.style")) != BIG_BANG
    if not staged or by == BY_PERSON:
        return places(in_order(own))
    if by == BY_NETWORK:
        return places(in_order(_distance_from_first(organisation, own), own))
    groups = _groups(organisation, programme)
    if by == BY_LEVEL:
        return places(in_order(groups[:, None], own))
    if len(np.unique(groups)) == organisation.headcount:
        return places(in_order(own))
    return places(in_order(places(_group_order(groups, keys)).astype(np.int64)[groups], own))


def _group_order(groups: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """In which order groups have their turn, drawn for each lane: int64 [lanes, groups]."""
    return in_order(bits(keys, int(groups.max()) + 1, Slot.UNIT_ORDER))


def _distance_from_first(organisation: Organisation, own: np.ndarray) -> np.ndarray:
    """Steps over ties (either way) from each lane's first person; people out of reach come last."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    n, ties = organisation.headcount, organisation.ties
    matrix = csr_array((np.ones(len(ties.neighbours), np.int8), ties.neighbours, ties.offsets), shape=(n, n))
    steps = dijkstra(matrix, directed=False, unweighted=True, indices=own.argmin(axis=0)).T
    return np.where(np.isfinite(steps), steps, n).astype(np.int64)


def wave_ends(organisation: Organisation, programme: Programme, keys: np.ndarray) -> np.ndarray:
    """Queue positions at which waves end, float64 [waves + 1, lanes]: the first share, then even, at group borders."""
    headcount, lanes = organisation.headcount, len(keys)
    opened = shares_open(programme.value, headcount)
    if (count := len(opened)) == 1:
        return np.stack([np.zeros(lanes), np.full(lanes, headcount)])
    wanted = np.maximum(np.round(np.concatenate([[0.0], opened]) * headcount), np.arange(count + 1))
    wanted[-1] = headcount
    groups = _groups(organisation, programme)
    sizes = np.bincount(groups)
    if len(sizes) == headcount or int(programme.value("rollout.by")) in (BY_NETWORK, BY_LEVEL):
        return np.repeat(np.minimum(wanted, headcount)[:, None], lanes, axis=1)
    borders = np.zeros((lanes, len(sizes) + 1))
    np.cumsum(sizes[_group_order(groups, keys)], axis=1, out=borders[:, 1:])
    nearest = np.abs(borders[:, None, :] - wanted[None, :, None]).argmin(axis=2)
    for k in range(1, count):  # every wave has at least one group
        nearest[:, k] = np.minimum(np.maximum(nearest[:, k], nearest[:, k - 1] + 1), len(sizes) - (count - k))
    return np.take_along_axis(borders, nearest, axis=1).T


def training_turns(queue: np.ndarray, waves: np.ndarray, included: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Training turns of those in the training's scope, in the order of the rollout, and how many each wave holds."""
    if included.all():
        return queue, waves
    turn = places(in_order(~included, queue.astype(np.int64)))
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
    how = int(programme.value("champions.chosen"))
    if programme.value("champions.one_per") < 1 or how == VOLUNTEERS:
        return np.full((len(keys), organisation.headcount if how == VOLUNTEERS else 1), -1, np.int32)
    draws = bits(keys, organisation.headcount, Slot.CHAMPION)
    before: list[np.ndarray] = []
    if how == CENTRAL:  # a draw decides between equals alone
        named = np.bincount(organisation.ties.neighbours, organisation.ties.weights, organisation.headcount)
        before = [np.unique(-np.round(named, 6), return_inverse=True)[1][:, None]]
    elif how == PER_UNIT:  # even shares of each unit: by the place within it, as a share of its people
        start = np.searchsorted(organisation.unit, organisation.unit)[:, None]
        sizes = np.bincount(organisation.unit, minlength=organisation.n_units)[organisation.unit][:, None]
        within = places(in_order(organisation.unit[:, None], draws)) - start
        before = [np.floor((within + 0.5) / sizes * 2**18).astype(np.int64)]  # so that a million fit into 64 bits
    eligible = included & (organisation.role != Role.EXECUTIVE)[:, None]
    return _asked(eligible, *before, draws)


def volunteer_order(block: Block, included: np.ndarray, organisation: Organisation) -> np.ndarray:
    """Those who come forward, the most open first."""
    openness = grid(block.people.openness, *included.shape)
    comes = (grid(block.people.status, *included.shape) & np.uint32(int(Status.VOLUNTEER))) > 0
    eligible = included & comes & (organisation.role != Role.EXECUTIVE)[:, None]
    descending = ~np.maximum(openness, 0).view(np.uint32)  # of numbers that are not negative the bits are in order
    return _asked(eligible, descending)


def _asked(eligible: np.ndarray, *keys: np.ndarray) -> np.ndarray:
    order = np.ascontiguousarray(in_order(~eligible, *keys), np.int32)
    order[np.arange(order.shape[1])[None, :] >= eligible.sum(axis=0)[:, None]] = -1
    return order
