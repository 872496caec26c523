"""What a person has built: people and plans; and the address that holds all of it.

The address is the whole memory of a page: reloading, sharing and going back restore from it. An uploaded roster is
never in it, only its fingerprint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import parse_qs, quote

from experiments.app.plans import Plan, checked_name, free_name, plan
from experiments.compare import MOST_SEED, REPLICATES, SEED, WEEKS
from experiments.inputs import HEADCOUNT, ORGANISATION_SEED, Source, samples
from sim.organisation import Organisation, generate
from sim.organisation.spans import MEAN_SPAN
from sim.passports import InputError, levers, nearest
from sim.scenario.nodes import LAST_WEEK

MOST_PEOPLE = 20_000
"""In an organisation that is explored; larger ones are for the command line."""
FEWEST_PEOPLE = 10
SPANS = (3.0, 40.0)
MOST_REPLICATES, MOST_WEEKS = 1_024, min(520, LAST_WEEK)
MOST_PLANS = 4
LONGEST_ADDRESS = 16_000
T = TypeVar("T")


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
        """The chosen plan replaced."""
        return replace(self, plans=(*self._before, made, *self._after))

    def adding(self, made: Plan) -> Work:
        """One more plan, chosen, under a name of its own. Raises InputError where there is no room."""
        if self.is_full:
            raise InputError(f"there is room for {MOST_PLANS} plans; remove one first")
        name = free_name([each.name for each in self.plans], made.name)
        return replace(self, plans=(*self.plans, replace(made, name=name)), chosen_place=len(self.plans))

    def renaming(self, wanted: str) -> Work:
        """The chosen plan under another name. Raises InputError for one that will not do or is taken."""
        name = checked_name(wanted)
        if any(each.name == name for each in (*self._before, *self._after)):
            raise InputError(f'another plan is called "{name}" already; give this one another name')
        return self.with_plan(replace(self.chosen, name=name))

    def removing(self) -> Work:
        """Without the chosen plan; the one that takes its place, else the last, is chosen."""
        plans = (*self._before, *self._after)
        return replace(self, plans=plans, chosen_place=min(self.chosen_place, len(plans) - 1))

    @property
    def _before(self) -> tuple[Plan, ...]:
        return self.plans[: self.chosen_place]

    @property
    def _after(self) -> tuple[Plan, ...]:
        return self.plans[self.chosen_place + 1 :]


def to_address(work: Work) -> str:
    """The query of an address, without its question mark: what differs from a new ``Work``."""
    parts = [f"{key}={quote(str(value))}" for key, value in _plain(work).items() if value != _plain(Work())[key]]
    if work.plans != Work().plans:
        parts += [f"plan={quote(_line(each), safe='|:')}" for each in work.plans]
    return "&".join(parts)


def from_address(query: str) -> Work:
    """The work an address holds. Raises InputError for anything that makes no sense."""
    if len(query) > LONGEST_ADDRESS:
        raise InputError(f"the address has {len(query):,} letters; the most is {LONGEST_ADDRESS:,}")
    given = parse_qs(query.removeprefix("?"), keep_blank_values=True, max_num_fields=64)
    found = {key: values[-1] for key, values in given.items() if key != "plan"}
    new = Work()
    number, real = _reader(found, int, "a whole number"), _reader(found, float, "a number")
    sample = found.get("sample", "")
    if sample and sample not in samples():
        raise InputError(f'address: no sample "{sample}"{nearest(sample, samples())}')
    uploaded = found.get("uploaded", "")
    if uploaded and not (len(uploaded) == 16 and all(letter in "0123456789abcdef" for letter in uploaded)):
        raise InputError("address: uploaded holds a fingerprint of sixteen hex digits")
    span = real("span", 0.0, 0.0, SPANS[1])
    if 0 < span < SPANS[0]:
        raise InputError(f"address: span must be 0 or from {SPANS[0]:g} to {SPANS[1]:g}, not {span:g}")
    plans = tuple(_read_line(line) for line in given["plan"][:MOST_PLANS]) if "plan" in given else new.plans
    return Work(
        People(
            sample,
            uploaded,
            number("headcount", new.people.headcount, FEWEST_PEOPLE, MOST_PEOPLE),
            number("organisation_seed", new.people.seed, 0, MOST_SEED),
            span,
            number("units", 0, 0, 200),
        ),
        plans,
        number("weeks", new.weeks, 1, MOST_WEEKS),
        number("replicates", new.replicates, 1, MOST_REPLICATES),
        number("seed", new.seed, 0, MOST_SEED),
        number("chosen", 0, 0, len(plans) - 1),
        _code(found.get("workshop", "")),
        number("world", 1, 1, MOST_REPLICATES) - 1,
        _word(found.get("view", "")),
        bool(number("present", 0, 0, 1)),
        _lever(found.get("lever", "")),
    )


def _plain(work: Work) -> dict[str, Any]:
    people = work.people
    return {
        "sample": people.sample,
        "uploaded": people.uploaded,
        "headcount": people.headcount,
        "organisation_seed": people.seed,
        "span": f"{people.span:g}",
        "units": people.units,
        "weeks": work.weeks,
        "replicates": work.replicates,
        "seed": work.seed,
        "chosen": work.chosen_place,
        "workshop": work.workshop,
        "world": work.world + 1,
        "view": work.view,
        "present": int(work.present),
        "lever": work.lever,
    }


def _code(text: str) -> str:
    """A workshop's code as it is said: a few letters and digits."""
    if len(text) > 12 or not ((text.isascii() and text.isalnum()) or not text):
        raise InputError(f"address: a workshop's code is a few letters and digits, not {text[:20]!r}")
    return text.upper()


def _word(text: str) -> str:
    """The key of a view: a short word."""
    if text and not (text.isascii() and text.isalpha() and len(text) <= 20):
        raise InputError(f"address: a view is one short word, not {text[:20]!r}")
    return text


def _lever(key: str) -> str:
    """The key of a lever, or none."""
    if key and key not in levers():
        raise InputError(f'address: no lever "{key[:60]}"{nearest(key, levers())}')
    return key


def _reader(found: Mapping[str, str], kind: Callable[[str], T], what: str) -> Callable[[str, T, Any, Any], T]:
    def read(key: str, usual: T, low: Any, high: Any) -> T:
        try:
            value = kind(found[key]) if key in found else usual
            fits = low <= value <= high
        except ValueError:
            fits = False
        if not fits:
            raise InputError(f"address: {key} must be {what} from {low:,} to {high:,}, not {found[key][:40]!r}")
        return value

    return read


def _line(made: Plan) -> str:
    """``name|base|key:value|...``; bars and colons within are escaped."""
    changes = [f"{_escaped(key)}:{_escaped(value)}" for key, value in made.changes.items()]
    return "|".join([_escaped(made.name), made.base, *changes])


def _read_line(line: str) -> Plan:
    name, bar, rest = line.partition("|")
    base, *changes = rest.split("|")
    if not bar:
        raise InputError(f"address: a plan is name|base|key:value, not {line[:60]!r}")
    pairs = [change.partition(":") for change in changes]
    return plan(_plainly(name), base, {_plainly(key): _plainly(value) for key, _, value in pairs})


def _escaped(text: str) -> str:
    return text.replace("\\", "\\0").replace("|", "\\1").replace(":", "\\2")


def _plainly(text: str) -> str:
    return text.replace("\\2", ":").replace("\\1", "|").replace("\\0", "\\")
