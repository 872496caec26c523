"""The address that holds a page's work.

It is the whole memory of a page: reloading, sharing and going back restore from it. An uploaded roster is never in it,
only its fingerprint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qs, quote

from experiments.app.plans import Plan, plan
from experiments.app.work import FEWEST_PEOPLE, MOST_PEOPLE, MOST_PLANS, MOST_UNITS, SPANS, People, Work
from experiments.compare import MOST_SEED
from experiments.inputs import samples
from sim.passports import InputError, levers, nearest
from sim.scenario.nodes import LAST_WEEK

MOST_REPLICATES, MOST_WEEKS = 1_024, min(520, LAST_WEEK)
"""Of a page, which answers while one waits; the command line takes more."""
LONGEST = 16_000
MOST_SAID = 400
"""Letters of a refusal, which may quote the address."""
T = TypeVar("T")


def to_address(work: Work) -> str:
    """The query of an address, without its question mark: what differs from a new ``Work``."""
    parts = [f"{key}={quote(str(value))}" for key, value in _plain(work).items() if value != _plain(Work())[key]]
    if work.plans != Work().plans:
        parts += [f"plan={quote(_line(each), safe='|:')}" for each in work.plans]
    return "&".join(parts)


def from_address(query: str) -> Work:
    """The work an address holds. Raises InputError for anything that makes no sense."""
    try:
        return _read(query)
    except InputError as error:
        raise InputError(_brief(str(error))) from None


def _brief(text: str) -> str:
    """The beginning and the end of a long text."""
    half = MOST_SAID // 2
    return text if len(text) <= MOST_SAID else f"{text[: half - 3]} … {text[-half:]}"


def _read(query: str) -> Work:
    if len(query) > LONGEST:
        raise InputError(f"the address has {len(query):,} letters; the most is {LONGEST:,}")
    given = parse_qs(query.removeprefix("?"), keep_blank_values=True)
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
            number("units", 0, 0, MOST_UNITS),
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
