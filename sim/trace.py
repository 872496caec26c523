"""One person's story: week by week, what spoke for and against using it, what happened, and what it did to them.

The terms come from the compiled rule that decides (``trying.utility_terms``), read within the weeks of the very run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.mechanisms.measuring import stage_of
from sim.mechanisms.trying import TERMS
from sim.organisation import Organisation
from sim.people import Stage, Status, Surroundings
from sim.programme import Programme
from sim.replay import played, set_up

FLAGS = {
    "access": Status.ACCESS,
    "trained": Status.TRAINED,
    "used": Status.ACTIVE,
    "complied": Status.COMPLIED,
    "succeeded": Status.SUCCEEDED,
    "champion": Status.CHAMPION,
}
STATES = ("trust", "resistance", "skill", "habit", "breadth", "enthusiasm", "peer_use", "peer_against", "help")


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
    block, near = set_up(organisation, programme, seed, replicate, worlds)
    terms = np.zeros((programme.weeks, len(TERMS) + 1), np.float32)
    facts: dict[str, list] = {name: [] for name in (*FLAGS, *STATES, "stage")}
    for week, spoke in played(block, programme, near, dict.fromkeys(range(programme.weeks), np.array([person]))):
        terms[week] = spoke[0]
        status = block.people.status[person]
        for name, flag in FLAGS.items():
            facts[name].append(bool(status & np.uint32(int(flag))))
        for name in STATES:
            facts[name].append(float(getattr(near if name in Surroundings._fields else block.people, name)[person]))
        facts["stage"].append(Stage(int(stage_of(status, block.people.history[person]))).name.lower())
    return Trace(
        str(organisation.ids[person]),
        np.arange(programme.weeks),
        {name: terms[:, k] for k, name in enumerate(TERMS)},
        {"chance": terms[:, -1]} | {name: np.array(values) for name, values in facts.items()},
    )
