"""What a person has built: people and plans. The address (``address``) holds all of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from experiments.app.plans import Plan, checked_name, free_name
from experiments.compare import REPLICATES, SEED, WEEKS
from experiments.inputs import HEADCOUNT, ORGANISATION_SEED, Source
from sim.organisation import Organisation, generate
from sim.organisation.spans import MEAN_SPAN
from sim.passports import InputError

MOST_PEOPLE = 20_000
"""In an organisation that is explored; larger ones are for the command line."""
FEWEST_PEOPLE = 10
SPANS = (3.0, 40.0)
MOST_UNITS = 200
MOST_PLANS = 4


@dataclass(frozen=True)
class People:
    """Whom programmes are tried on: generated, a sample by name, or an uploaded roster by its fingerprint."""

    sample: str = ""
    uploaded: str = ""
    headcount: int = HEADCOUNT
    seed: int = ORGANISATION_SEED
    span: float = 0.0  # 0: the distribution of real firms as it stands
    units: int = 0  # 0: one to about fifty people

    def make(self) -> Organisation:
        """Generate it, or read the sample. Raises InputError for an uploaded roster, which only the session holds."""
        if self.uploaded:
            raise InputError(
                f"this address was made on an uploaded roster (fingerprint {self.uploaded}), which it does not carry; "
                "upload that roster again on the page Organisation"
            )
        if self.sample:
            return Source(self.sample).load()
        return generate(self.headcount, self.seed, mean_span=self.span or MEAN_SPAN, units=self.units or None)


@dataclass(frozen=True)
class Work:
    """Everything a page shows, but for what is played and pointed at."""

    people: People = People()
    plans: tuple[Plan, ...] = (Plan("typical", "typical"), Plan("middling", "middling"))
    weeks: int = WEEKS
    replicates: int = REPLICATES
    seed: int = SEED
    chosen_place: int = 0  # in ``plans``
    workshop: str = ""
    world: int = 0  # the one that is watched, from 0
    view: str = ""  # of the page, by its key; the first where the page has none of that name
    present: bool = False  # one thing large, for a room
    lever: str = ""  # the one that is turned while plans are compared

    @property
    def chosen(self) -> Plan:
        """The plan that is edited, watched and studied."""
        return self.plans[self.chosen_place]

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another plan."""
        return len(self.plans) >= MOST_PLANS

    def choosing(self, place: int) -> Work:
        """Another plan chosen."""
        return replace(self, chosen_place=place)

    def with_plan(self, made: Plan) -> Work:
        """The chosen plan replaced; its name stays apart from the others'."""
        name = free_name([each.name for each in self._others], made.name)
        return replace(self, plans=(*self._before, replace(made, name=name), *self._after))

    def adding(self, made: Plan) -> Work:
        """One more plan, chosen, under a name of its own. Raises InputError where there is no room."""
        if self.is_full:
            raise InputError(f"there is room for {MOST_PLANS} plans; remove one first")
        name = free_name([each.name for each in self.plans], made.name)
        return replace(self, plans=(*self.plans, replace(made, name=name)), chosen_place=len(self.plans))

    def renaming(self, wanted: str) -> Work:
        """The chosen plan under another name. Raises InputError for one that will not do or is taken."""
        name = checked_name(wanted)
        if any(each.name == name for each in self._others):
            raise InputError(f'another plan is called "{name}" already; give this one another name')
        return self.with_plan(replace(self.chosen, name=name))

    def removing(self) -> Work:
        """Without the chosen plan; the one that takes its place, else the last, is chosen."""
        return replace(self, plans=self._others, chosen_place=min(self.chosen_place, len(self._others) - 1))

    @property
    def _others(self) -> tuple[Plan, ...]:
        return (*self._before, *self._after)

    @property
    def _before(self) -> tuple[Plan, ...]:
        return self.plans[: self.chosen_place]

    @property
    def _after(self) -> tuple[Plan, ...]:
        return self.plans[self.chosen_place + 1 :]
