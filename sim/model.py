"""``AdoptionModel``: one replicate as a Mesa model, stepped week by week through the same compiled rules as ensembles.

The columns of a block with a single lane hold the state; agents are views on them. Ensembles (``engine.run``) make no
agents and give the same numbers, bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from mesa.agent import AgentSet

from sim.agents import BY_ROLE, TYPES, Champion, Person, Rep, stages
from sim.block import surroundings_of
from sim.engine import run_block
from sim.measures import HEADLINES, OUTCOMES
from sim.organisation import Organisation, Role, generate, to_networkx
from sim.passports import InputError, nearest
from sim.people import Stage, Status
from sim.population import populate_block
from sim.programme import prepare
from sim.scenario import Scenario, load

if TYPE_CHECKING:
    import networkx
    from mesa.discrete_space import Network

RNG = int | np.integer | Sequence[int] | np.random.SeedSequence | np.random.Generator | np.random.BitGenerator
LAST_WEEK = 32_767
"""Weeks are kept in 16 bits."""


class AdoptionModel(mesa.Model):
    """One organisation under one change programme, in one of its possible worlds.

    organisation   an ``Organisation``, or a headcount to generate one
    scenario       a ``Scenario``, the name of one in the library, or the path of a file
    rng            the seed of the common random numbers, as in ``engine.run`` (see ``seed_from``)
    weeks          the horizon: ``running`` ends there; stepping on is allowed
    worlds         draw the uncertain parameters, or hold them at their values
    replicate      which replicate of the ensemble with the same seed this is
    rule           behaviour rule: ``experience`` (ours), ``threshold`` or ``bass``

    ``seed`` is the number that repeats the run; ``week`` counts the weeks run; ``block`` holds the columns; ``by_row``
    the agents in the order of their rows. ``model.random`` and ``model.rng`` are Mesa's own generators, for what a
    modeller adds: the rules draw nothing from them. Bad input raises ``InputError`` or ``OrganisationError``.
    """

    def __init__(
        self,
        organisation: Organisation | int = 300,
        scenario: Scenario | str | Path = "typical",
        *,
        rng: RNG | None = 1,
        weeks: int = 104,
        worlds: bool = False,
        replicate: int = 0,
        rule: str = "experience",
    ) -> None:
        self.seed = seed_from(rng)
        super().__init__(rng=self.seed)
        if not 1 <= weeks <= LAST_WEEK:
            raise InputError(f"weeks must be from 1 to {LAST_WEEK}, not {weeks}")
        if replicate < 0:
            raise InputError(f"replicate must be 0 or more, not {replicate}")
        self.organisation = organisation if isinstance(organisation, Organisation) else generate(organisation)
        self.scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
        self.weeks = weeks
        self.week = 0
        self.time = 0.0
        self.programme = prepare(self.scenario, self.organisation, weeks, rule)
        self.block = populate_block(self.organisation, self.programme, np.array([replicate]), self.seed, worlds=worlds)
        self.surroundings = surroundings_of(self.block)
        for kind in TYPES:  # all four from the start, though nobody is a champion yet
            self.agents_by_type[kind] = AgentSet([], random=self.random)
        self.by_row: tuple[Person, ...] = tuple(
            BY_ROLE[role](self, row) for row, role in enumerate(self.organisation.role.tolist())
        )
        self._is_rep = self.organisation.role == Role.REP
        self._champions = np.zeros(self.organisation.headcount, bool)
        self._sync_champions()
        self.datacollector = mesa.DataCollector(
            model_reporters={name: partial(AdoptionModel.outcome, name=name) for name in HEADLINES}
        )

    def step(self) -> None:
        """Run one week. Past the horizon the programme goes on as its tracks say."""
        if self.week == self.programme.weeks:
            self._extend()
        run_block(self.block, self.programme.tracks, self.week, self.week + 1, near=self.surroundings)
        self.week += 1
        self.time = float(self.week)
        self._sync_champions()
        self.datacollector.collect(self)
        if self.week == self.weeks:
            self.running = False

    def curve(self, name: str) -> np.ndarray:
        """An outcome (``measures.OUTCOMES``) week by week: float [weeks run]."""
        if name not in OUTCOMES:
            raise InputError(f'unknown outcome "{name}"{nearest(name, OUTCOMES)} Outcomes are {", ".join(OUTCOMES)}.')
        if not self.week:
            return np.empty(0)
        return OUTCOMES[name].curve(self.block.series[: self.week])[:, 0]

    def outcome(self, name: str) -> float:
        """An outcome at the end of the latest week; NaN where it is undefined, and before the first week."""
        curve = self.curve(name)
        return float(curve[-1]) if len(curve) else float("nan")

    def person(self, person_id: str) -> Person:
        """The agent with this id in the roster; an unknown id raises ``OrganisationError``."""
        return self.by_row[self.organisation.index_of(person_id)]

    def agents_in(self, rows: Iterable[int]) -> AgentSet:
        """The agents of these rows."""
        return AgentSet([self.by_row[row] for row in rows], random=self.random)

    @property
    def stages(self) -> dict[str, int]:
        """How many people are in each adoption stage."""
        people, headcount = self.block.people, self.organisation.headcount
        found = np.empty(headcount, np.uint8)
        stages(people.status[:headcount], people.history[:headcount], found)
        counts = np.bincount(found, minlength=len(Stage))
        return {stage.name.lower(): int(counts[stage]) for stage in Stage}

    @cached_property
    def graph(self) -> networkx.MultiDiGraph:
        """Reporting line and ties as a networkx graph, nodes by ``person_id``. Made on first use."""
        return to_networkx(self.organisation)

    @cached_property
    def space(self) -> Network:
        """The same links, kind and direction apart, as a Mesa network: a cell for each person, by row. For drawing."""
        import networkx
        from mesa.discrete_space import Network

        links = networkx.Graph()
        links.add_nodes_from(range(self.organisation.headcount))
        manager, ties = self.organisation.manager, self.organisation.ties
        below = np.flatnonzero(manager >= 0)
        links.add_edges_from(zip(below.tolist(), manager[below].tolist(), strict=True))
        links.add_edges_from(zip(ties.egos.tolist(), ties.neighbours.tolist(), strict=True))
        network = Network(links, random=self.random)
        for agent, cell in zip(self.by_row, network.all_cells.cells, strict=True):
            agent.cell = cell
        return network

    def _sync_champions(self) -> None:
        """Let agents change type with their status: only those whose status changed are touched.

        The agent stays the same object under another class, so that references, agent sets, the order of
        ``model.agents`` and ``unique_id`` all hold; only Mesa's sets by type are told.
        """
        headcount = self.organisation.headcount
        champions = (self.block.people.status[:headcount] & np.uint32(int(Status.CHAMPION))) != 0
        champions &= self._is_rep
        for row in np.flatnonzero(champions != self._champions).tolist():
            agent = self.by_row[row]
            self.agents_by_type[type(agent)].remove(agent)
            agent.__class__ = Champion if champions[row] else Rep
            self.agents_by_type[type(agent)].add(agent)
        self._champions = champions

    def _extend(self) -> None:
        """Lay out the programme for twice the weeks, and make room for their results."""
        if self.week >= LAST_WEEK:
            raise InputError(f"a model runs for at most {LAST_WEEK} weeks")
        weeks = min(2 * self.programme.weeks, LAST_WEEK)
        self.programme = prepare(self.scenario, self.organisation, weeks, self.programme.rule)
        series = np.zeros((weeks, *self.block.series.shape[1:]), self.block.series.dtype)
        series[: self.week] = self.block.series
        self.block = self.block._replace(costs=self.programme.costs, series=series)


def seed_from(rng: Any) -> int:
    """The seed of the common random numbers behind whatever Mesa accepts as ``rng``.

    A whole number is the seed itself. None takes fresh entropy. A SeedSequence, or a sequence of numbers, always
    gives the same seed; a Generator or BitGenerator gives its next draw, and so another seed each time.
    """
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool):
        if not 0 <= rng < 2**64:
            raise InputError(f"rng must be from 0 to 2**64 - 1, not {rng}")
        return int(rng)
    if isinstance(rng, np.random.BitGenerator):
        rng = np.random.Generator(rng)
    if isinstance(rng, np.random.Generator):
        return int(rng.integers(2**53))
    if rng is None or (isinstance(rng, Sequence) and not isinstance(rng, str)):
        rng = np.random.SeedSequence(rng)
    if isinstance(rng, np.random.SeedSequence):
        return int(rng.generate_state(1, np.uint64)[0] >> np.uint64(11))  # 53 bits: exact in any JSON reader
    raise InputError(f"rng must be a whole number, None, a SeedSequence or a Generator, not {rng!r}")
