"""Week zero: an organisation, a programme and some replicates made into a block of columns."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from sim.block import Block, parts_of
from sim.compiled import TILE
from sim.graph import graph_of
from sim.mechanisms.managers import RESISTS
from sim.mechanisms.traits import populate
from sim.orders import (
    VOLUNTEERS,
    champion_order,
    lowest,
    rollout_queue,
    training_turns,
    volunteer_order,
    wave_ends,
)
from sim.organisation import Organisation, Role
from sim.passports import parameters
from sim.people import (
    FIRM,
    LEADERS,
    NEVER,
    PEOPLE,
    SIGHT,
    UNITS,
    Firm,
    Leaders,
    People,
    Status,
    Units,
    empty,
    grid,
    seen,
    zeros,
)
from sim.programme import Programme, field_of, people_in, world_dtype
from sim.rng import Slot, bits, named_uniforms, replicate_keys, uniforms
from sim.tallies import SERIES, STAGES, SUMS

CONVERTED_WEEKS = 0xFFFFFF  # a history of use in every week that counts


def world_of(keys: np.ndarray, overrides: dict[str, float], drawn: bool) -> np.ndarray:
    """Parameters of each replicate as one record of rows [64], lanes repeated.

    A drawn world takes every parameter that is not measured from its full range, each by its own named draw, so that
    programmes with the same seed meet the same worlds. Overrides hold in every world.
    """
    world = zeros((), world_dtype(TILE))
    world[()] = _own_world(keys.tobytes(), drawn)
    for key, value in overrides.items():
        world[field_of(key)] = np.float32(value)
    return world


@lru_cache(maxsize=128)
def _own_world(keys: bytes, drawn: bool) -> np.ndarray:
    """The world of these replicates with nothing overridden: the same for every programme of an ensemble."""
    lanes = np.frombuffer(keys, np.uint64)
    world = np.zeros((), world_dtype(TILE))
    known = parameters()
    draws = named_uniforms(lanes, list(known)) if drawn else np.zeros((len(known), len(lanes)))
    for (key, parameter), share in zip(known.items(), draws, strict=True):
        low, high = (parameter.low, parameter.high) if drawn and parameter.drawn else (parameter.value, parameter.value)
        world[field_of(key)] = np.tile((low + (high - low) * share).astype(np.float32), TILE // len(lanes))
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
    queue = rollout_queue(organisation, programme, keys)
    waves = wave_ends(organisation, programme, keys)
    for scope, mask in zip(programme.scopes, masks, strict=True):
        if scope.waves:
            wave = np.stack([np.searchsorted(waves[1:, k], queue[:, k], "right") + 1 for k in range(lanes)], axis=1)
            mask &= np.isin(wave, scope.waves)
    scopes = np.zeros((headcount, lanes), np.uint32)
    for number, mask in enumerate(masks):
        scopes |= mask.astype(np.uint32) << np.uint32(number)

    def included(key: str) -> np.ndarray:
        return masks[int(programme.scope[field_of(key)]).bit_length() - 1]

    turn, wave_turns = training_turns(queue, waves, included("training.capacity"))
    grid(people.queue, headcount, lanes)[:] = queue
    grid(people.turn, headcount, lanes)[:] = turn
    grid(people.scopes, headcount, lanes)[:] = scopes
    status = np.zeros(headcount, np.uint32)
    status[organisation.role == Role.EXECUTIVE] = int(Status.EXECUTIVE)
    status[organisation.role == Role.MIDDLE_MANAGER] = int(Status.MANAGER)
    grid(people.status, headcount, lanes)[:] = status[:, None]

    block = Block(
        people,
        zeros(headcount * len(SIGHT) * lanes),
        leaders,
        units,
        firm,
        graph,
        world[()],
        programme.scope[()],
        programme.once[()],
        keys,
        np.resize(keys, TILE),
        _repeated(waves, lanes),
        _repeated(wave_turns, lanes),
        champion_order(organisation, programme, keys, included("champions.one_per")),
        programme.costs,
        np.zeros((parts, SUMS, lanes), np.int64),
        np.zeros((programme.weeks, SERIES, lanes), np.float32),
        np.zeros((programme.weeks if by_unit else 0, organisation.n_units, STAGES, lanes), np.int32),
    )
    populate(block, parts_of(block, 1)[0], zeros((10, TILE)))
    for column in people:  # nobody sits in the padding of the last tile
        column[headcount * lanes :] = NEVER if column is people.queue or column is people.turn else 0
    people.leaves[headcount * lanes :] = NEVER
    if int(programme.value("champions.chosen")) == VOLUNTEERS and programme.value("champions.one_per") >= 1:
        block.order[:] = volunteer_order(block, included("champions.one_per"), organisation)
    _resist(block, programme, organisation, included)
    _convert(block, programme, organisation, included)
    firm.attention[:] = 1.0
    firm.training_kept[:] = weekly_share_left(block.world["enablement_memory"])
    firm.enthusiasm_kept[:] = weekly_share_left(block.world["trying_half_life"])
    firm.governance[:] = np.maximum(block.world["enablement_governance_start"], firm.governance)
    leaders.fluency[: len(graph.leader_person) * lanes].reshape(-1, lanes)[graph.executive == 1] = block.world[
        "leadership_fluency_start"
    ][:lanes]
    stocked = units.library[: organisation.n_units * lanes].reshape(-1, lanes)
    stocked[:] = np.maximum(stocked, block.world["building_start"][:lanes])
    firm.library[:] = np.maximum(firm.library, block.world["building_start"])
    return block


def weekly_share_left(half_life: np.ndarray) -> np.ndarray:
    """What is left of something a week later, by its half-life in weeks."""
    return np.exp2(-1.0 / half_life.astype(np.float64)).astype(np.float32)


def _padded(length: int) -> int:
    return max(TILE, -(-length // TILE) * TILE)


def _repeated(values: np.ndarray, lanes: int) -> np.ndarray:
    return np.ascontiguousarray(np.tile(values.astype(np.float32), (1, TILE // lanes)))


def _resist(
    block: Block, programme: Programme, organisation: Organisation, included: Callable[[str], np.ndarray]
) -> None:
    """Give the resistant share of middle managers their resistance, and let some of them hide it."""
    graph, lanes = block.graph, len(block.keys)
    middle = (organisation.role[graph.leader_person] == Role.MIDDLE_MANAGER)[:, None]
    eligible = middle & included("managers.resistant_share")[graph.leader_person]
    draws = bits(block.keys, organisation.headcount, Slot.RESISTANT_COVERT)[graph.leader_person]
    resistant = lowest(draws, programme.value("managers.resistant_share"), eligible)
    resistance = grid(block.people.resistance, organisation.headcount, lanes)
    level = np.broadcast_to(block.world["traits_resistance_resistant"][:lanes], resistant.shape)
    mine = resistance[graph.leader_person]
    resistance[graph.leader_person] = np.where(resistant, np.maximum(mine, level), mine)
    hidden = bits(block.keys, organisation.headcount, Slot.RESISTANT_COVERT, half="lower")[graph.leader_person]
    may_hide = resistant & included("managers.covertness")[graph.leader_person]
    covert = lowest(hidden, programme.value("managers.covertness"), may_hide)
    count = len(graph.leader_person)
    grid(block.leaders.covert, count, lanes)[:] = covert
    grid(block.leaders.found, count, lanes)[:] = resistant & ~covert


def _convert(
    block: Block, programme: Programme, organisation: Organisation, included: Callable[[str], np.ndarray]
) -> None:
    """Let a share of people start in the state that a successful programme leaves behind, or committed to it."""
    committed, converted = programme.value("people.committed_share"), programme.value("people.converted_share")
    if committed <= 0 and converted <= 0:
        return
    people, world, lanes = block.people, block.world, len(block.keys)
    shape = (organisation.headcount, lanes)
    draws = bits(block.keys, organisation.headcount, Slot.CONVERTED)
    sworn = lowest(draws, committed, included("people.committed_share"))
    changed = lowest(draws, converted, included("people.converted_share")) | sworn
    for column in ("trust", "skill", "habit", "breadth", "experiences"):
        state = grid(getattr(people, column), *shape)
        state[:] = np.where(changed, world[f"traits_converted_{column}"][:lanes], state)
    seen(block.sight, lanes)["shown"][:] = np.where(changed, grid(people.habit, *shape), 0)
    grid(people.resistance, *shape)[:] *= np.where(changed, world["traits_converted_resistance"][:lanes], np.float32(1))
    usual = int(Status.ACCESS | Status.TRIED | Status.REGULAR | Status.REACHED)
    status = grid(people.status, *shape)
    status |= np.where(changed, np.uint32(usual), np.uint32(0))
    status |= np.where(sworn, np.uint32(int(Status.COMMITTED)), np.uint32(0))
    leaves = grid(people.leaves, *shape)
    leaves[:] = np.where(sworn, NEVER, leaves)
    for column in (people.history, people.logged):
        grid(column, *shape)[:] = np.where(changed, np.uint32(CONVERTED_WEEKS), np.uint32(0))
    grid(people.tried_week, *shape)[:] = np.where(changed, 0, -1)
    grid(people.access_week, *shape)[:] = np.where(changed, 0, -1)
    share = np.float32(converted)
    block.firm.governance[:] = share * world["traits_converted_governance"]
    block.firm.seen[:] = share
    block.firm.logging[:] = share
    graph = block.graph
    resists = grid(people.resistance, *shape)[graph.leader_person] > RESISTS
    support = grid(block.leaders.support, len(graph.leader_person), lanes)
    support[:] = np.where(resists, support, share * world["traits_converted_support"][:lanes])
