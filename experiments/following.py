"""One person followed through a programme: what pulled them towards using it each week, and what held them back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments import words
from experiments.compare import MOST_REPLICATES, MOST_SEED, whole
from experiments.inputs import Source, scenarios
from experiments.watch import say_if_compiling, watched
from sim.programme import prepare
from sim.scenario import Scenario
from sim.scenario.nodes import LAST_WEEK

if TYPE_CHECKING:
    from rich.console import Console

    from sim.trace import Trace

SAID = 3
"""Terms named each way in a week."""
SMALLEST = 0.05
"""Logits: a smaller term is not worth naming."""


@dataclass(frozen=True, eq=False)
class Followed:
    """Whom, through what, and every week of it."""

    person: str
    scenario: Scenario
    replicate: int
    trace: Trace


def follow(
    scenario: str,
    person: str,
    source: Source,
    *,
    replicate: int,
    weeks: int,
    seed: int,
    worlds: bool,
    overrides: tuple[str, ...],
    rule: str,
) -> Followed:
    """Run one replicate of a scenario with one person in view. Raises InputError and OrganisationError."""
    from sim.trace import trace

    whole("weeks", weeks, 1, LAST_WEEK)
    whole("replicate", replicate, 0, MOST_REPLICATES)
    whole("seed", seed, 0, MOST_SEED)
    (programme,) = scenarios([scenario], overrides)
    organisation = watched(lambda *_: source.load(), "Reading the organisation")
    index = organisation.index_of(person)
    prepared = prepare(programme, organisation, weeks, rule)
    say_if_compiling()
    found = watched(
        lambda *_: trace(organisation, prepared, index, seed=seed, replicate=replicate, worlds=worlds),
        f"Following {person}",
    )
    return Followed(str(organisation.ids[index]), programme, replicate, found)


def plain(f: Followed) -> dict[str, Any]:
    """As one JSON document; a term is in logits, positive where it speaks for using it that week."""
    return {
        "person": f.person,
        "scenario": f.scenario.name,
        "replicate": f.replicate,
        "week": _values(f.trace.weeks),
        "terms": {name: _values(values) for name, values in f.trace.terms.items()},
        "facts": {name: _values(values) for name, values in f.trace.facts.items()},
        "caution": words.INSIGHT,
    }


def show(f: Followed, out: Console) -> None:
    """A line a week: stage, chance, what happened, and the largest terms for and against."""
    from rich.text import Text

    from experiments.terminal import listing

    facts = f.trace.facts
    out.print(Text.assemble((f.person, "bold"), f"  {f.scenario.title}, replicate {f.replicate}"))
    out.print(
        Text(
            "+ speaks for using it that week, − against (logits; the chance follows from their sum and the occasions)",
            style="dim",
        )
    )
    rows = []
    for i, week in enumerate(f.trace.weeks.tolist()):
        rows.append((str(week), _stage(facts, i), _chance(facts, i), happened(facts, i), reasons(f.trace.terms, i)))
    out.print(listing(("week", "stage", "chance", "did", "why"), rows))
    out.print(Text(words.INSIGHT, style="italic"))


def reasons(terms: dict[str, np.ndarray], week: int) -> str:
    """The largest terms of a week's choice in words: those for it, those against, and what all others come to."""
    values = {name: float(column[week]) for name, column in terms.items() if name != "base"}
    pull = sorted((n for n, v in values.items() if v >= SMALLEST), key=lambda n: -values[n])[:SAID]
    hold = sorted((n for n, v in values.items() if v <= -SMALLEST), key=lambda n: values[n])[:SAID]
    rest = sum(float(column[week]) for column in terms.values()) - sum(values[name] for name in (*pull, *hold))
    parts = [f"+{values[name]:.1f} {name}" for name in pull] + [f"−{-values[name]:.1f} {name}" for name in hold]
    return ", ".join([*parts, f"{'−' if rest < 0 else '+'}{abs(rest):.1f} all else"])


def happened(facts: dict[str, np.ndarray], week: int) -> str:
    """What the person did in a week: used it (and whether it worked), only complied, or neither."""
    if _truth(facts, "used", week):
        return "used, worked" if _truth(facts, "succeeded", week) else "used, failed"
    return "complied" if _truth(facts, "complied", week) else ""


def _truth(facts: dict[str, np.ndarray], name: str, week: int) -> bool:
    return name in facts and bool(facts[name][week])


def _stage(facts: dict[str, np.ndarray], week: int) -> str:
    return str(facts["stage"][week]) if "stage" in facts else ""


def _chance(facts: dict[str, np.ndarray], week: int) -> str:
    if "chance" not in facts or not math.isfinite(float(facts["chance"][week])):
        return ""
    return words.percent(float(facts["chance"][week]))


def _values(column: np.ndarray) -> list[Any]:
    return [
        (round(value, 6) if math.isfinite(value) else None) if isinstance(value, float) else value
        for value in np.asarray(column).tolist()
    ]
