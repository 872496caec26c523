"""What a scenario is: levers over time, scopes, parameters and mechanisms, complete and frozen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import numpy as np

from sim.organisation.roles import Role
from sim.passports import levers

LAST_WEEK = 1040
"""The longest horizon: twenty years."""
RULES = ("experience", "threshold", "bass")
ROLES = tuple(role.name.lower() for role in Role)
UNIT_WORDS = ("largest", "smallest", "half")


@dataclass(frozen=True)
class Scope:
    """Whom a lever includes: roles, units (by name, or one of ``UNIT_WORDS``), waves (from 1). Empty means all."""

    roles: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    waves: tuple[int, ...] = ()


@dataclass(frozen=True)
class Track:
    """A lever over time: ``value`` from week ``start`` until ``end`` (None: always), fading out over ``fade`` weeks."""

    value: float
    start: int = 0
    end: int | None = None
    fade: int = 0
    scope: Scope = field(default_factory=Scope)


@dataclass(frozen=True)
class Scenario:
    """A change programme, complete: every lever it sets, with its texts."""

    name: str
    title: str
    question: str
    source: str
    claims: tuple[str, ...] = ()
    moves: str = "habitual"
    extends: str | None = None
    levers: Mapping[str, Track] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)
    mechanisms_off: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()

    def lever(self, key: str) -> Track:
        """The lever's track; its neutral value where the scenario does not set it."""
        return self.levers.get(key) or Track(levers()[key].neutral)

    @property
    def fingerprint(self) -> str:
        """What the programme does, whatever it is called (16 hex digits)."""
        does = {
            "levers": {k: asdict(t) for k, t in sorted(self.levers.items())},
            "parameters": dict(sorted(self.parameters.items())),
            "off": sorted(self.mechanisms_off),
        }
        return hashlib.sha256(json.dumps(does, sort_keys=True).encode()).hexdigest()[:16]


def weekly_values(track: Track, weeks: int, neutral: float) -> np.ndarray:
    """The lever week by week: neutral outside start and end, fading to neutral after ``end``; float64 [weeks]."""
    values = np.full(weeks, neutral, np.float64)
    end = weeks if track.end is None else track.end
    left = 1 - np.arange(1, track.fade + 1) / (track.fade + 1)
    faded = values[end : end + track.fade]
    faded += (track.value - neutral) * left[: len(faded)]
    values[:end] = track.value
    values[: track.start] = neutral
    return values
