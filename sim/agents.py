"""People as Mesa agents: each a thin view on one row of the columns, where the compiled rules keep the state.

Every column of ``people.py`` is a property: reading it reads the row, writing it writes the row, so that a modeller can
intervene between weeks and the next week follows from it. Columns of people with reports (``support``, ``covert``, ...)
are attributes of those who have reports; on anyone else they are missing, as any unknown attribute is.

The four types are disjoint: a rep who is a champion is a ``Champion`` and not a ``Rep``. An executive or a manager who
is a champion keeps the type and has ``is_champion``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from mesa.discrete_space.cell_agent import HasCell

from sim.compiled import entry
from sim.mechanisms.measuring import stage_of
from sim.organisation import Role
from sim.people import LEADERS, PEOPLE, SIGHT, SURROUNDINGS, Column, Stage, Status, seen

if TYPE_CHECKING:
    from sim.model import AdoptionModel

FACTS = {
    "has_access": Status.ACCESS,
    "was_reached": Status.REACHED,
    "has_tried": Status.TRIED,
    "has_rejected": Status.REJECTED,
    "is_champion": Status.CHAMPION,
    "is_committed": Status.COMMITTED,
    "is_trained": Status.TRAINED,
    "is_volunteer": Status.VOLUNTEER,
    "used_this_week": Status.ACTIVE,
    "complied_this_week": Status.COMPLIED,
    "logged_this_week": Status.ACTIVE | Status.COMPLIED,
    "succeeded_this_week": Status.SUCCEEDED,
}
"""What the bits of ``status`` say of a person, as read-only attributes."""


@entry
def stages(status, history, out):
    """Adoption stages (``people.Stage``) of people by their ``status`` and ``history``, into ``out`` uint8."""
    for i in range(out.shape[0]):
        out[i] = stage_of(status[i], history[i])


class Person(HasCell, mesa.Agent):
    """One seat in the organisation, and who sits there: with turnover a joiner takes the leaver's seat.

    ``row`` is the place in every column; ``unique_id`` is ``row + 1`` for as long as the model lives; ``person_id`` is
    the id of the roster.
    """

    model: AdoptionModel

    def __init__(self, model: AdoptionModel, row: int) -> None:
        # Not through Mesa's constructor: up to 3.3 it keeps every model it has met alive. It counts ids from 1, too.
        self.model = model
        self.row = row
        self.unique_id = row + 1
        self.pos = None
        model.register_agent(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.unique_id}>"

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """The columns and facts, which are made from their tables below."""

    @property
    def person_id(self) -> str:
        """The id in the roster."""
        return str(self.model.organisation.ids[self.row])

    @property
    def role(self) -> str:
        """``executive``, ``middle_manager`` or ``rep``: the place in the line, whether champion or not."""
        return Role(self.model.organisation.role[self.row]).label

    @property
    def unit(self) -> str:
        """Name of the unit."""
        organisation = self.model.organisation
        return organisation.unit_names[organisation.unit[self.row]]

    @property
    def level(self) -> int:
        """Steps below the top of the reporting line."""
        return int(self.model.organisation.level[self.row])

    @property
    def title(self) -> str:
        """Job title, '' where not known."""
        titles = self.model.organisation.title
        return "" if titles is None else str(titles[self.row])

    @property
    def manager(self) -> Person | None:
        """Whom I report to, None at the top."""
        boss = int(self.model.organisation.manager[self.row])
        return None if boss < 0 else self.model.by_row[boss]

    @property
    def reports(self) -> mesa.agent.AgentSet:
        """My direct reports."""
        organisation = self.model.organisation
        start, stop = organisation.reports_offsets[self.row : self.row + 2]
        return self.model.agents_in(organisation.reports[start:stop])

    @property
    def contacts(self) -> mesa.agent.AgentSet:
        """Whom I name as a tie: their example is what I see."""
        ties = self.model.organisation.ties
        start, stop = ties.offsets[self.row : self.row + 2]
        return self.model.agents_in(ties.neighbours[start:stop])

    @property
    def stage(self) -> str:
        """Adoption stage by its name in results: ``unaware``, ``aware``, ``trialling``, ... (``people.Stage``)."""
        people, one = self.model.block.people, slice(self.row, self.row + 1)
        found = np.empty(1, np.uint8)
        stages(people.status[one], people.history[one], found)
        return Stage(int(found[0])).name.lower()

    def remove(self) -> None:
        """Refused: the rules would go on with the person, unseen."""
        raise TypeError("nobody is removed from an organisation: people leave by circumstances.turnover")


class Executive(Person):
    """At the top of the line, or directly below it and a manager of managers."""


class MiddleManager(Person):
    """Anyone else with reports."""


class Rep(Person):
    """Without reports, and not a champion."""


class Champion(Person):
    """A rep who is a champion, from the week of activation on."""


TYPES: tuple[type[Person], ...] = (Executive, MiddleManager, Rep, Champion)
BY_ROLE: dict[int, type[Person]] = {Role.EXECUTIVE: Executive, Role.MIDDLE_MANAGER: MiddleManager, Role.REP: Rep}


def _checked(column: Column, value: Any) -> Any:
    if not column.low <= value <= column.high:
        raise ValueError(f"{column.name} must be from {column.low:g} to {column.high:g} ({column.unit}), not {value}")
    return value


def _personal(column: Column) -> property:
    """A column of everyone."""

    def read(self: Person) -> Any:
        return getattr(self.model.block.people, column.name)[self.row].item()

    def write(self: Person, value: Any) -> None:
        getattr(self.model.block.people, column.name)[self.row] = _checked(column, value)

    return property(read, write, doc=f"{column.meaning} ({column.unit})")


def _around(column: Column) -> property:
    """What surrounded a person in the latest week: made anew each week, so that writing it would change nothing."""

    def read(self: Person) -> Any:
        return getattr(self.model.surroundings, column.name)[self.row].item()

    return property(read, doc=f"{column.meaning} ({column.unit}), in the latest week")


def _seen(column: Column) -> property:
    """What others see of a person."""

    def read(self: Person) -> Any:
        return seen(self.model.block.sight, 1)[column.name][self.row, 0].item()

    def write(self: Person, value: Any) -> None:
        seen(self.model.block.sight, 1)[column.name][self.row, 0] = _checked(column, value)

    return property(read, write, doc=f"{column.meaning} ({column.unit})")


def _leading(column: Column) -> property:
    """A column of those with reports."""

    def place(self: Person) -> int:
        leader = int(self.model.block.graph.leader[self.row])
        if leader < 0:
            raise AttributeError(f"{self!r} has no '{column.name}': nobody reports to them")
        return leader

    def read(self: Person) -> Any:
        return getattr(self.model.block.leaders, column.name)[place(self)].item()

    def write(self: Person, value: Any) -> None:
        getattr(self.model.block.leaders, column.name)[place(self)] = _checked(column, value)

    return property(read, write, doc=f"{column.meaning} ({column.unit}); only of people with reports")


def _fact(name: str, bits: Status) -> property:
    """A bit of ``status``."""
    mask = int(bits)

    def read(self: Person) -> bool:
        return bool(self.model.block.people.status[self.row] & mask)

    return property(read, doc=name.replace("_", " "))


for _column in PEOPLE:
    setattr(Person, _column.name, _personal(_column))
for _column in SURROUNDINGS:
    setattr(Person, _column.name, _around(_column))
for _column in SIGHT:
    setattr(Person, _column.name, _seen(_column))
for _column in LEADERS:
    setattr(Person, _column.name, _leading(_column))
for _name, _bits in FACTS.items():
    setattr(Person, _name, _fact(_name, _bits))
