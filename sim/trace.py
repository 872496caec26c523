"""One person's story: week by week, what spoke for and against using it, what happened, and what it did to them.

The terms come from the compiled rule that decides (``trying.utility_terms``), read between the steps of the very run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.engine import parts_of
from sim.mechanisms.measuring import stage_of
from sim.mechanisms.trying import TERMS, explain
from sim.organisation import Organisation
from sim.people import Stage, Status
from sim.population import populate_block
from sim.programme import Programme
from sim.week import N_STEPS, STEPS, step

STATES = ("trust", "resistance", "skill", "habit", "breadth", "enthusiasm", "peer_use", "peer_against", "help")
CHOOSING = next(number for number, (name, _, _) in enumerate(STEPS) if name == "choose")


@dataclass(frozen=True, eq=False)
class Trace:
    """``terms`` in logits and ``facts``, each a name to an array [weeks]; "chance" is of use by choice, with access."""

    person: str
    weeks: np.ndarray
    terms: dict[str, np.ndarray]
    facts: dict[str, np.ndarray]


def trace(
    organisation: Organisation,
    programme: Programme,
    person: int,
    *,
    seed: int = 1,
    replicate: int = 0,
    worlds: bool = True,
) -> Trace:
    """Follow one person (by row) through one replicate of a programme, exactly as an ensemble runs it."""
    block = populate_block(organisation, programme, np.array([replicate]), seed, worlds=worlds)
    part = parts_of(block, 1)[0]
    terms = np.zeros((programme.weeks, len(TERMS) + 1), np.float32)
    facts: dict[str, list] = {name: [] for name in ("access", "trained", "used", "complied", "succeeded", "champion")}
    facts |= {name: [] for name in (*STATES, "stage")}
    flags = {
        "access": Status.ACCESS,
        "trained": Status.TRAINED,
        "used": Status.ACTIVE,
        "complied": Status.COMPLIED,
        "succeeded": Status.SUCCEEDED,
        "champion": Status.CHAMPION,
    }
    for week in range(programme.weeks):
        now = programme.tracks[week]
        for number in range(N_STEPS):
            if number == CHOOSING:
                explain(block, now, week, person, terms[week])
            step(number, block, now, week, part)
        status = block.people.status[person]
        for name, flag in flags.items():
            facts[name].append(bool(status & np.uint32(int(flag))))
        for name in STATES:
            facts[name].append(float(getattr(block.people, name)[person]))
        facts["stage"].append(Stage(int(stage_of(status, block.people.history[person]))).name.lower())
    return Trace(
        str(organisation.ids[person]),
        np.arange(programme.weeks),
        {name: terms[:, k] for k, name in enumerate(TERMS)},
        {"chance": terms[:, -1]} | {name: np.array(values) for name, values in facts.items()},
    )
