"""One person's story."""

from __future__ import annotations

import numpy as np

from experiments.story.event import Event
from sim.people import Stage, Status
from sim.replay import Replay


def person(found: Replay, row: int) -> list[Event]:
    """One person's story by week: what happens to them, then what they do."""
    told = []
    facts = {
        Status.JOINER: ("leaves; a joiner takes the seat", None),
        Status.ACCESS: ("gets access", "loses access"),
        Status.TRAINED: ("is trained", None),
        Status.CHAMPION: ("becomes a champion", "stops being a champion"),
    }
    for flag, (gained, lost) in facts.items():
        has = np.concatenate([[False], found.status[:, row] & np.uint32(flag) != 0])
        for week in np.flatnonzero(has[1:] != has[:-1]).tolist():
            text = gained if has[week + 1] else lost
            if text:
                told.append(Event(week, text))
    stage = np.concatenate([[Stage.UNAWARE], found.stage[:, row]])
    for week in np.flatnonzero(stage[1:] != stage[:-1]).tolist():
        told.append(Event(week, BECOMES[Stage(int(stage[week + 1]))]))
    return sorted(told, key=lambda event: event.week)


BECOMES = {
    Stage.UNAWARE: "knows nothing of it",
    Stage.AWARE: "knows of it, has not tried it",
    Stage.TRIALLING: "tries it now and then",
    Stage.USING: "uses it in many weeks",
    Stage.HABITUAL: "uses it habitually",
    Stage.DORMANT: "tried it, leaves it alone",
    Stage.LAPSED: "lapses after regular use",
    Stage.REJECTED: "gives up after a failure",
}
