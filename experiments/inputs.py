"""What a user names on the command line, found: scenarios, organisations, column maps, sizes of memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from sim.organisation import Organisation, OrganisationError, generate, read_organisation
from sim.passports import InputError, nearest
from sim.scenario import Scenario, load

HEADCOUNT = 300
ORGANISATION_SEED = 1
"""An organisation stays the same whatever ``--seed`` is: that one draws replicates and worlds."""


@dataclass(frozen=True)
class Source:
    """Where an organisation comes from, as the user said it: a file or a sample's name, else generated."""

    org: str | None = None
    ties: str | None = None
    map: tuple[str, ...] = ()
    orphans: str | None = None
    relation: str | None = None
    headcount: int | None = None

    def load(self) -> Organisation:
        """Read or generate it. Raises OrganisationError or InputError."""
        if self.org is None:
            given = [f"--{name}" for name in ("ties", "map", "orphans", "relation") if getattr(self, name)]
            if given:
                raise InputError(f"{given[0]} goes with a roster: name it with --org FILE")
            return generate(HEADCOUNT if self.headcount is None else self.headcount, ORGANISATION_SEED)
        if self.headcount is not None:
            raise InputError("--headcount is for a generated organisation; leave it out, or leave out --org")
        with _located(self.org, self.ties) as (roster, ties):
            return read_organisation(
                roster,
                ties_path=ties,
                mapping=mapping(self.map),
                orphans=self.orphans,
                relation=self.relation,
                seed=ORGANISATION_SEED,
            )

    def plain(self) -> dict[str, Any]:
        """As plain values, for the manifest."""
        return {**asdict(self), "map": list(self.map)}


def samples() -> list[str]:
    """Names of the rosters that ship with the package."""
    names = [
        p.name.removesuffix(".csv") for p in files("scenarios").joinpath("orgs").iterdir() if p.name.endswith(".csv")
    ]
    return sorted(name for name in names if not name.endswith("_ties"))


@contextmanager
def _located(org: str, ties: str | None) -> Iterator[tuple[Path, Path | None]]:
    """The files meant: a sample by its name (with its own ties unless others are given), else paths as given."""
    with ExitStack() as stack:
        given = None if ties is None else Path(ties).expanduser()
        bare = "/" not in org and "\\" not in org and not Path(org).suffix
        if bare and org in samples() and not Path(org).exists():
            folder = files("scenarios").joinpath("orgs")
            roster = stack.enter_context(as_file(folder.joinpath(f"{org}.csv")))
            own = folder.joinpath(f"{org}_ties.csv")
            if given is None and own.is_file():
                given = stack.enter_context(as_file(own))
            yield roster, given
            return
        if bare and not Path(org).expanduser().exists():
            raise OrganisationError(
                f'no roster file "{org}" and no sample of that name{nearest(org, samples())} '
                f"Samples: {', '.join(samples())}. A file is named by its path, such as people.csv."
            )
        yield Path(org).expanduser(), given


def mapping(texts: Sequence[str]) -> dict[str, str]:
    """``field=Column`` texts as a mapping of field to column header."""
    found: dict[str, str] = {}
    for text in texts:
        field, equals, column = text.partition("=")
        field, column = field.strip(), column.strip()
        if not equals or not field or not column:
            raise InputError(f'--map {text}: expected field=Column, for example --map manager_id="Reports To"')
        if found.get(field, column) != column:
            raise InputError(f"--map {field} is given twice, as '{found[field]}' and '{column}'; keep one")
        found[field] = column
    return found


def scenarios(names: Sequence[str], overrides: Sequence[str]) -> list[Scenario]:
    """The scenarios by library name or path, each with all overrides applied. Raises InputError."""
    return [load(name, overrides) for name in names]


_SIZES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
SMALLEST_MEMORY = 64 << 20


def memory(text: str) -> int:
    """Bytes of a size such as ``2GB``, ``512MB`` or ``1.5GiB`` (always in powers of 1,024)."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*([kmgt]?)i?b?\s*", text.lower())
    if not match:
        raise InputError(f'--memory "{text}": expected a size such as 2GB or 512MB')
    size = float(match[1]) * _SIZES[match[2]]
    if not SMALLEST_MEMORY <= size <= 2**60:
        raise InputError(f'--memory "{text}": must be at least 64MB')
    return int(size)


_MULTIPLES = {"": 1.0, "k": 1e3, "m": 1e6, "b": 1e9}


def amount(option: str, text: str) -> float:
    """A number such as ``700k``, ``1.2M`` or ``250,000``, above nought. Raises InputError."""
    match = re.fullmatch(r"\s*(\d+|\d{1,3}(?:[,_]\d{3})+|\d+\.\d+)\s*(k|m|bn?)?\s*", text.lower())
    value = float(re.sub("[,_]", "", match[1])) * _MULTIPLES[(match[2] or "")[:1]] if match else 0.0
    if not 0 < value < 1e15:
        raise InputError(f'--{option} "{text}": expected an amount above nought, such as 250000, 700k or 1.2M')
    return value
