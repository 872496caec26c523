"""How a lever meets a person: inside its scope or not, and what several mechanisms read in the same way."""

from __future__ import annotations

import numpy as np

from sim.compiled import rule
from sim.people import Status

QUARTER, QUARTER_END = 13, 10  # weeks; the last three weeks of a quarter
REGULAR, FOUR_WEEKS = int(Status.REGULAR), 0b1111


@rule
def scoped(value, scopes, mask):
    """The lever as this person meets it: its value inside its scope, nothing outside."""
    return value if scopes & mask else np.float32(0.0)


@rule
def within(value, neutral, scopes, mask):
    """The same for a lever that is not neutral at zero."""
    return value if scopes & mask else neutral


@rule
def has(status, flag):
    """1 where a status bit is set, else 0."""
    return np.float32(1.0) if status & np.uint32(flag) else np.float32(0.0)


@rule
def quality_rewarded(now, once, scope, scopes):
    """How far quality rather than speed is rewarded where this person works."""
    return within(
        now.environment_reward_quality, once.environment_reward_quality, scopes, scope.environment_reward_quality
    )


@rule
def speed_pressure(now, once, scope, scopes, week):
    """From none (0) to full (1): what is not rewarded as quality, and more of it in the last weeks of a quarter."""
    closing = scoped(now.circumstances_quarter_end, scopes, scope.circumstances_quarter_end)
    closing = closing if week % QUARTER >= QUARTER_END else np.float32(0.0)
    return 1.0 - quality_rewarded(now, once, scope, scopes) * (1.0 - closing)


@rule
def mandate_felt(now, scopes, scope, attention):
    """The mandate as far as leaders attend to it."""
    return scoped(now.leaders_mandate, scopes, scope.leaders_mandate) * attention


@rule
def lapsed(status, history):
    """Once regular, unused for four weeks."""
    return ((status & np.uint32(REGULAR)) != 0) & ((history & np.uint32(FOUR_WEEKS)) == 0)


@rule
def dread_relief(now, scope, scopes, dread, breadth):
    """Relief within reach: dreaded work, where the programme starts with it or use has spread that far."""
    first = scoped(now.training_drudgery_first, scopes, scope.training_drudgery_first)
    return dread * max(first, breadth)
