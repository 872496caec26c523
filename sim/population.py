"""Week zero: an organisation, a programme and some replicates made into a block of columns."""

from __future__ import annotations

import weakref
from collections.abc import Callable

import numpy as np

from sim.block import Block, Graph
from sim.compiled import TILE
from sim.mechanisms.measuring import STAGES, SUMS
from sim.mechanisms.reporting import SERIES
from sim.mechanisms.traits import populate
from sim.organisation import Organisation, Role
from sim.passports import parameters
from sim.people import FIRM, LEADERS, PEOPLE, UNITS, Firm, Leaders, People, Status, Units, empty
from sim.programme import Programme, field_of, people_in, world_dtype
from sim.rng import Slot, named_uniforms, replicate_keys, uniforms

BIG_BANG = 0
BY_UNIT, BY_LEVEL, BY_NETWORK, BY_PERSON = range(4)
RANDOM, VOLUNTEERS, CENTRAL, PER_UNIT = range(4)
CONVERTED_WEEKS = 0xFFFFFF  # a history of use in every week that counts
NEVER = np.float32(1e9)

_graphs: weakref.WeakKeyDictionary[Organisation, Graph] = weakref.WeakKeyDictionary()


def graph_of(organisation: Organisation) -> Graph:
    """The organisation as the arrays the rules read (made once for each organisation)."""
    if organisation not in _graphs:
        _graphs[organisation] = _graph(organisation)
    return _graphs[organisation]


def world_of(keys: np.ndarray, overrides: dict[str, float], drawn: bool) -> np.ndarray:
    """Parameters of each replicate as one record of rows [64], lanes repeated.

    A drawn world takes every parameter that is not measured from its full range, each by its own named draw, so that
    programmes with the same seed meet the same worlds. Overrides hold in every world.
    """
    world = np.zeros((), world_dtype(TILE))
    for key, parameter in parameters().items():
        if key in overrides:
            values = np.full(len(keys), overrides[key])
        elif drawn and parameter.drawn:
            values = parameter.low + (parameter.high - parameter.low) * named_uniforms(keys, key)
        else:
            values = np.full(len(keys), parameter.value)
        world[field_of(key)] = np.resize(values.astype(np.float32), TILE)
    return world


def populate_block(
    organisation: Organisation,
    programme: Programme,
    replicates: np.ndarray,
    seed: int,
    *,
    worlds: bool,
    parts: int = 1,
    by_unit: bool = False,
) -> Block:
    """A block of ``len(replicates)`` lanes (a power of two up to 64) ready for its first week."""
    graph = graph_of(organisation)
    headcount, lanes = organisation.headcount, len(replicates)
    keys = replicate_keys(seed, replicates)
    world = world_of(keys, dict(programme.scenario.parameters), worlds)
    people = empty(People, PEOPLE, _padded(headcount * lanes))
    leaders = empty(Leaders, LEADERS, _padded(len(graph.leader_person) * lanes))
    units = empty(Units, UNITS, _padded(organisation.n_units * lanes))
    firm = empty(Firm, FIRM, TILE)

    unit_draws = uniforms(keys, organisation.n_units, Slot.SCOPE)
    masks = [people_in(scope, organisation, unit_draws) for scope in programme.scopes]
    queue = _queue(organisation, programme, keys)
    waves = _waves(organisation, programme, keys, queue)
    for scope, mask in zip(programme.scopes, masks, strict=True):
        if scope.waves:
            wave = np.stack([np.searchsorted(waves[1:, k], queue[:, k], "right") + 1 for k in range(lanes)], axis=1)
            mask &= np.isin(wave, scope.waves)
    bits = np.zeros((headcount, lanes), np.uint32)
    for number, mask in enumerate(masks):
        bits |= mask.astype(np.uint32) << np.uint32(number)

    def included(key: str) -> np.ndarray:
        return masks[int(programme.scope[field_of(key)])]

    turn, wave_turns = _turns(queue, waves, included("training.capacity"))
    _view(people.queue, headcount, lanes)[:] = queue
    _view(people.turn, headcount, lanes)[:] = turn
    _view(people.scopes, headcount, lanes)[:] = bits
    status = np.zeros(headcount, np.uint32)
    status[organisation.role == Role.EXECUTIVE] = int(Status.EXECUTIVE)
    status[organisation.role == Role.MIDDLE_MANAGER] = int(Status.MANAGER)
    _view(people.status, headcount, lanes)[:] = status[:, None]
    if headcount * lanes < len(people.queue):
        people.queue[headcount * lanes :] = NEVER
        people.turn[headcount * lanes :] = NEVER

    block = Block(
        people,
        leaders,
        units,
        firm,
        graph,
        world[()],
        programme.scope[()],
        programme.once[()],
        keys,
        _repeated(waves, lanes),
        _repeated(wave_turns, lanes),
        _champion_order(organisation, programme, keys, included("champions.one_per"), people, lanes),
        programme.costs,
        np.zeros((parts, SUMS, lanes), np.int64),
        np.zeros((programme.weeks, SERIES, lanes), np.float32),
        np.zeros((programme.weeks if by_unit else 0, organisation.n_units, STAGES, lanes), np.int32),
    )
    populate(block)
    if int(programme.value("champions.chosen")) == VOLUNTEERS and programme.value("champions.one_per") >= 1:
        block.order[:] = _volunteers(block, included("champions.one_per"), organisation)
    _resist(block, programme, organisation, included)
    _convert(block, programme, organisation, included)
    firm.attention[:] = 1.0
    firm.governance[:] = np.maximum(block.world["enablement_governance_start"], firm.governance)
    leaders.fluency[: len(graph.leader_person) * lanes].reshape(-1, lanes)[graph.executive == 1] = block.world[
        "leadership_fluency_start"
    ][:lanes]
    stocked = units.library[: organisation.n_units * lanes].reshape(-1, lanes)
    stocked[:] = np.maximum(stocked, block.world["building_start"][:lanes])
    return block


def _padded(length: int) -> int:
    return max(TILE, -(-length // TILE) * TILE)


def _view(column: np.ndarray, rows: int, lanes: int) -> np.ndarray:
    return column[: rows * lanes].reshape(rows, lanes)


def _repeated(values: np.ndarray, lanes: int) -> np.ndarray:
    return np.ascontiguousarray(np.tile(values.astype(np.float32), (1, TILE // lanes)))


def _graph(organisation: Organisation) -> Graph:
    headcount = organisation.headcount
    has_reports = np.diff(organisation.reports_offsets) > 0
    people = np.flatnonzero(has_reports)
    people = people[np.argsort(organisation.level[people], kind="stable")]  # bosses before their reports
    leader = np.full(headcount, -1, np.int32)
    leader[people] = np.arange(len(people), dtype=np.int32)
    manager = organisation.manager
    boss = np.where(manager >= 0, leader[np.maximum(manager, 0)], -1).astype(np.int32)
    report_counts = np.diff(organisation.reports_offsets)[people]
    report_start = np.concatenate([[0], np.cumsum(report_counts)]).astype(np.int64)
    reports = np.empty(report_start[-1], np.int32)
    inside = np.arange(report_start[-1]) - np.repeat(report_start[:-1], report_counts)
    reports[:] = organisation.reports[np.repeat(organisation.reports_offsets[:-1][people], report_counts) + inside]
    ties = organisation.ties
    counts = np.diff(ties.offsets)
    total = np.zeros(headcount)
    np.add.at(total, np.repeat(np.arange(headcount), counts), ties.weights.astype(np.float64))
    weight = ties.weights / np.repeat(np.where(total > 0, total, 1.0), counts)
    unit_start = np.searchsorted(organisation.unit, np.arange(organisation.n_units + 1)).astype(np.int64)
    return Graph(
        organisation.unit.astype(np.int32),
        unit_start,
        boss,
        leader,
        people.astype(np.int32),
        boss[people],
        (organisation.role[people] == Role.EXECUTIVE).astype(np.uint8),
        report_start,
        reports,
        ties.offsets.astype(np.int64),
        ties.neighbours.astype(np.int32),
        weight.astype(np.float32),
    )


def _ranks(keys: np.ndarray) -> np.ndarray:
    """Rank of each person in each lane, float32 [people, lanes], by keys of the same shape (ties by row)."""
    order = np.argsort(np.ascontiguousarray(keys.T), axis=1, kind="stable")
    ranks = np.empty(order.shape, np.float32)
    np.put_along_axis(ranks, order, np.arange(order.shape[1], dtype=np.float32)[None, :], axis=1)
    return ranks.T


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


def _queue(organisation: Organisation, programme: Programme, keys: np.ndarray) -> np.ndarray:
    """Each person's place in the order of the rollout, by keyed draws: float32 [people, lanes]."""
    own = uniforms(keys, organisation.headcount, Slot.QUEUE).astype(np.float64)
    by, staged = int(programme.value("rollout.by")), int(programme.value("rollout.style")) != BIG_BANG
    if not staged or by == BY_PERSON:
        return _ranks(own)
    if by == BY_NETWORK:
        return _ranks(_distance_from_first(organisation, own) + own)
    groups = _groups(organisation, programme)
    if by == BY_LEVEL:
        return _ranks(groups[:, None] + own)
    if len(np.unique(groups)) == organisation.headcount:
        return _ranks(own)
    drawn = uniforms(keys, int(groups.max()) + 1, Slot.UNIT_ORDER)
    return _ranks(_ranks(drawn)[groups] + own)


def _distance_from_first(organisation: Organisation, own: np.ndarray) -> np.ndarray:
    """Steps over ties (either way) from each lane's first person; people out of reach come last."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    n, ties = organisation.headcount, organisation.ties
    matrix = csr_array((np.ones(len(ties.neighbours), np.int8), ties.neighbours, ties.offsets), shape=(n, n))
    steps = dijkstra(matrix, directed=False, unweighted=True, indices=own.argmin(axis=0)).T
    return np.where(np.isfinite(steps), steps, n)


def _waves(organisation: Organisation, programme: Programme, keys: np.ndarray, queue: np.ndarray) -> np.ndarray:
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


def _turns(queue: np.ndarray, waves: np.ndarray, included: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Training turns of those in the training's scope, in the order of the rollout, and how many each wave holds."""
    if included.all():
        return queue, waves
    turn = _ranks(np.where(included, queue, np.inf))
    turn = np.where(included, turn, NEVER)
    held = [[np.count_nonzero(included[:, k] & (queue[:, k] < end)) for k, end in enumerate(row)] for row in waves]
    return turn, np.array(held, np.float64)


def _champion_order(
    organisation: Organisation,
    programme: Programme,
    keys: np.ndarray,
    included: np.ndarray,
    people: People,
    lanes: int,
) -> np.ndarray:
    """The order in which people are asked, int32 [lanes, people], -1 after the last; executives are not asked."""
    if programme.value("champions.one_per") < 1:
        return np.full((lanes, 1), -1, np.int32)
    draws = uniforms(keys, organisation.headcount, Slot.CHAMPION).astype(np.float64)
    how = int(programme.value("champions.chosen"))
    if how == CENTRAL:
        named = np.bincount(organisation.ties.neighbours, organisation.ties.weights, organisation.headcount)
        draws = draws - np.round(named, 6)[:, None] * 10
    elif how == PER_UNIT:
        sizes = np.bincount(organisation.unit, minlength=organisation.n_units)[organisation.unit]
        within = (
            _ranks(organisation.unit[:, None] + draws)
            - np.searchsorted(organisation.unit, organisation.unit).astype(np.float32)[:, None]
        )
        draws = (within + 0.5) / sizes[:, None] + 1e-6 * draws
    eligible = included & (organisation.role != Role.EXECUTIVE)[:, None]
    return _ordered(draws, eligible)


def _volunteers(block: Block, included: np.ndarray, organisation: Organisation) -> np.ndarray:
    """Those who come forward, the most open first."""
    openness = _view(block.people.openness, *included.shape)
    comes = (_view(block.people.status, *included.shape) & np.uint32(int(Status.VOLUNTEER))) > 0
    eligible = included & comes & (organisation.role != Role.EXECUTIVE)[:, None]
    return _ordered(-openness, eligible)


def _ordered(keys: np.ndarray, eligible: np.ndarray) -> np.ndarray:
    keys = np.where(eligible, keys, np.inf)
    order = np.argsort(np.ascontiguousarray(keys.T), axis=1, kind="stable").astype(np.int32)
    order[np.arange(order.shape[1])[None, :] >= eligible.sum(axis=0)[:, None]] = -1
    return order


def _lowest(draws: np.ndarray, share: float, eligible: np.ndarray) -> np.ndarray:
    """Exactly ``round(share x eligible)`` people of each lane, lowest draws first: bool, the shape of ``draws``."""
    counts = np.floor(eligible.sum(axis=0) * share + 0.5)
    return (_ranks(np.where(eligible, draws, np.inf)) < counts[None, :]) & eligible


def _resist(
    block: Block, programme: Programme, organisation: Organisation, included: Callable[[str], np.ndarray]
) -> None:
    """Give the resistant share of middle managers their resistance, and let some of them hide it."""
    graph, lanes = block.graph, len(block.keys)
    middle = (organisation.role[graph.leader_person] == Role.MIDDLE_MANAGER)[:, None]
    eligible = middle & included("managers.resistant_share")[graph.leader_person]
    draws = uniforms(block.keys, organisation.headcount, Slot.RESISTANT_COVERT)[graph.leader_person]
    resistant = _lowest(draws, programme.value("managers.resistant_share"), eligible)
    resistance = _view(block.people.resistance, organisation.headcount, lanes)
    level = np.broadcast_to(block.world["traits_resistance_resistant"][:lanes], resistant.shape)
    mine = resistance[graph.leader_person]
    resistance[graph.leader_person] = np.where(resistant, np.maximum(mine, level), mine)
    hidden = uniforms(block.keys, organisation.headcount, Slot.RESISTANT_COVERT, half="lower")[graph.leader_person]
    may_hide = resistant & included("managers.covertness")[graph.leader_person]
    covert = _lowest(hidden, programme.value("managers.covertness"), may_hide)
    count = len(graph.leader_person)
    _view(block.leaders.covert, count, lanes)[:] = covert
    _view(block.leaders.found, count, lanes)[:] = resistant & ~covert


def _convert(
    block: Block, programme: Programme, organisation: Organisation, included: Callable[[str], np.ndarray]
) -> None:
    """Let a share of people start in the state that a successful programme leaves behind, or committed to it."""
    committed, converted = programme.value("people.committed_share"), programme.value("people.converted_share")
    if committed <= 0 and converted <= 0:
        return
    people, world, lanes = block.people, block.world, len(block.keys)
    shape = (organisation.headcount, lanes)
    draws = uniforms(block.keys, organisation.headcount, Slot.CONVERTED)
    sworn = _lowest(draws, committed, included("people.committed_share"))
    changed = _lowest(draws, converted, included("people.converted_share")) | sworn
    trust = world["traits_committed_trust"][:lanes]
    for column, value in (("trust", trust), ("skill", 0.75), ("habit", 0.9), ("breadth", 0.7), ("experiences", 26.0)):
        state = _view(getattr(people, column), *shape)
        state[:] = np.where(changed, np.float32(1) * value, state)
    _view(people.shown, *shape)[:] = np.where(changed, 0.8, 0)
    _view(people.resistance, *shape)[:] *= np.where(changed, np.float32(0.5), np.float32(1))
    bits = int(Status.ACCESS | Status.TRIED | Status.REGULAR | Status.REACHED)
    status = _view(people.status, *shape)
    status |= np.where(changed, np.uint32(bits), np.uint32(0))
    status |= np.where(sworn, np.uint32(int(Status.COMMITTED)), np.uint32(0))
    for column in (people.history, people.logged):
        _view(column, *shape)[:] = np.where(changed, np.uint32(CONVERTED_WEEKS), np.uint32(0))
    _view(people.tried_week, *shape)[:] = np.where(changed, 0, -1)
    share = np.float32(converted)
    block.firm.governance[:] = share * 0.8
    block.firm.seen[:] = share
    block.firm.logging[:] = share
    graph = block.graph
    resists = _view(people.resistance, *shape)[graph.leader_person] > 0.3
    support = _view(block.leaders.support, len(graph.leader_person), lanes)
    support[:] = np.where(resists, support, 0.4 * share)
