"""How a lever meets a person: inside its scope or not, and what several mechanisms read in the same way."""

from __future__ import annotations

import numpy as np

from sim.compiled import rule

QUARTER, QUARTER_END = 13, 10  # weeks; the last three weeks of a quarter


@rule
def inside(scopes, bit):
    """1 where the person's scope bits include this one, else 0."""
    return np.float32((scopes >> bit) & np.uint32(1))


@rule
def within(value, neutral, scopes, bit):
    """The lever as this person meets it: its value inside its scope, its neutral value outside."""
    return neutral + (value - neutral) * inside(scopes, bit)


@rule
def has(status, flag):
    """1 where a status bit is set, else 0."""
    return np.float32(1.0) if status & np.uint32(flag) else np.float32(0.0)


@rule
def closing_time(quarter_end, week):
    """Quarter-end pressure this week: the circumstance's intensity in the last three weeks of a quarter, else none."""
    return quarter_end if week % QUARTER >= QUARTER_END else np.float32(0.0)


@rule
def speed_pressure(reward_quality, closing):
    """From none (0) to full (1): what is not rewarded as quality, and more of it when a quarter closes."""
    return 1.0 - reward_quality * (1.0 - closing)
