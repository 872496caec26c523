"""What is counted: sums over people in a week, and the series that outcomes are read from.

Sums are whole numbers, values in 1/16384ths, so that no order of people, lanes or threads can change a digit.
"""

from __future__ import annotations

from enum import IntEnum, auto

import numpy as np

from sim.people import Stage

STAGES = len(Stage)
FIXED = np.float32(16384.0)


class Sum(IntEnum):
    """What is summed over people each week; the first eight count stages (``people.Stage``)."""

    ACTIVE = STAGES
    LOGGED = auto()
    ACCESS = auto()
    TRIED = auto()
    WAVE_PEOPLE = auto()
    WAVE_ACTIVE = auto()
    DASHBOARD_HABIT = auto()
    DASHBOARD_POWER = auto()
    OFTEN = auto()
    SOMETIMES = auto()
    TRUST = auto()
    SKILL = auto()
    CAPACITY = auto()
    SATISFACTION = auto()
    TRAINEES = auto()


class Series(IntEnum):
    """What is kept of every week, in this order; the first eight are shares of people by stage."""

    ACTIVE = STAGES
    LOGGED = auto()
    LICENSED = auto()
    TRIED = auto()
    DASHBOARD_HABIT = auto()
    DASHBOARD_POWER = auto()
    OFTEN = auto()
    SOMETIMES = auto()
    TRUST = auto()
    SKILL = auto()
    CAPACITY = auto()
    SATISFACTION = auto()
    COST = auto()
    HOURS = auto()
    VALUE = auto()
    ATTENTION = auto()
    GOVERNANCE = auto()
    LIBRARY = auto()
    FLUENCY = auto()
    PERCEPTION_GAP = auto()
    SUPPORT = auto()
    SINKING = auto()
    TRAINED = auto()
    CHAMPIONS = auto()


SUMS = STAGES + len(Sum)
SERIES = STAGES + len(Series)
