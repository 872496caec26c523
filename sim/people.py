"""The state: which columns there are, what each holds, and which mechanism writes it.

A block runs ``lanes`` replicates of one organisation side by side. A column is flat, element ``person * lanes + lane``,
padded to whole tiles of 64, so that the inner loop of every rule is 64 elements long however many lanes there are.
"""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Any

import numpy as np

NEVER = np.float32(1e9)
"""A place in a queue that is never reached."""
CACHE_LINE, PAGE = 64, 4096  # bytes
APART = 5 * CACHE_LINE
EVERYONE = 1
"""The scope bit that every person has, and no padding."""


@dataclass(frozen=True)
class Column:
    """A column's passport: type, bounds, unit, meaning, and the files of ``mechanisms`` that write it week by week.

    What is set before time starts is written by ``population`` and ``traits``, which also seats joiners.
    """

    name: str
    dtype: str
    low: float
    high: float
    unit: str
    meaning: str
    writer: str


class Status(IntFlag):
    """Facts about a person, one bit each."""

    ACCESS = 1
    REACHED = 2
    TRIED = 4
    REJECTED = 8
    REGULAR = 16  # has once been using or habitual
    CHAMPION = 32
    COMMITTED = 64
    TRAINED = 128
    ACTIVE = 256  # used it by choice this week
    COMPLIED = 512
    SUCCEEDED = 1024
    VOLUNTEER = 2048
    EXECUTIVE = 4096
    MANAGER = 8192
    JOINER = 16384  # sits in a leaver's seat


class Stage(IntEnum):
    """Adoption stage, the first that applies (see ``stage_of`` in mechanisms/measuring.py)."""

    UNAWARE = 0
    REJECTED = 1
    LAPSED = 2
    HABITUAL = 3
    USING = 4
    TRIALLING = 5
    DORMANT = 6
    AWARE = 7


_INF = float("inf")

PEOPLE = (
    # state
    Column(
        "trust",
        "f4",
        0,
        1,
        "belief",
        "what I believe AI does for my own work",
        "experience, influence, champions, rivals",
    ),
    Column(
        "resistance", "f4", 0, 1, "0 to 1", "motivated opposition: identity, authority, job", "enablement, managers"
    ),
    Column("skill", "f4", 0, 1, "0 to 1", "skill in working with AI", "enablement, learning, champions, managers"),
    Column("habit", "f4", 0, 1, "0 to 1", "latent habit strength (never reported as habitual)", "habit"),
    Column("breadth", "f4", 0, 1, "share of work", "for how much of my work I use it", "habit"),
    Column("enthusiasm", "f4", 0, 2, "0 to 2", "excitement, decaying within weeks", "rollout, enablement, habit"),
    Column("experiences", "f4", 0, _INF, "weeks", "number of own experiences", "experience"),
    Column("training", "f4", 0, 1, "0 to 1", "own training still remembered, by its worth", "enablement"),
    Column("satisfaction", "f4", -1, 1, "-1 to 1", "slow average of how the work feels", "measuring"),
    Column("actions", "f4", 0, _INF, "actions a week", "logged actions, smoothed over twelve weeks", "measuring"),
    Column("history", "u4", 0, 2**32 - 1, "bits", "used by choice, one bit a week, latest lowest", "measuring"),
    Column("logged", "u4", 0, 2**32 - 1, "bits", "used or complied, one bit a week, latest lowest", "measuring"),
    Column("status", "u4", 0, 2**15 - 1, "bits", "facts about a person (Status)", "several"),
    Column("access_week", "i2", -1, 32767, "week", "week of first access (-1: none)", "rollout"),
    Column("trained_week", "i2", -1, 32767, "week", "week of first training (-1: none)", "enablement"),
    Column("tried_week", "i2", -1, 32767, "week", "week of first use (-1: none)", "trying, rivals"),
    # traits, drawn before time starts
    Column("fit", "f4", -_INF, _INF, "logits", "how well AI suits my work", "traits"),
    Column("openness", "f4", -_INF, _INF, "sd", "openness to change", "traits"),
    Column("dread", "f4", 0, 1, "share of work", "how much of my work I dread", "traits"),
    Column("threshold", "f4", 0, 1, "share of contacts", "peers' evidence I need", "traits"),
    Column("rank", "f4", 0, 1, "share", "where my threshold stands among thresholds (rival rule)", "traits"),
    Column("queue", "f4", 0, _INF, "position", "place in the order of the rollout", "population"),
    Column("turn", "f4", 0, _INF, "position", "place of my next training in the order of training", "enablement"),
    Column("leaves", "f4", 0, _INF, "hazard", "the sum of weekly hazards at which I leave (firm.churn)", "traits"),
    Column("scopes", "u4", 0, 2**32 - 1, "bits", "which of the programme's scopes include me", "population"),
)

SIGHT = (
    Column("shown", "f4", 0, 4, "visibility", "visible success", "influence"),
    Column("warned", "f4", 0, 4, "visibility", "visible failure, rejection, lapse", "influence"),
)
"""What others see of a person. A person's two rows lie side by side, for a glance to find both: [people, 2, lanes]."""

SURROUNDINGS = (
    Column(
        "peer_use",
        "f4",
        0,
        1,
        "share",
        "weighted share of contacts who visibly use it with success",
        "influence",
    ),
    Column("peer_against", "f4", 0, 1, "share", "weighted share of contacts who failed or gave up", "influence"),
    Column("boss_support", "f4", -1, 1, "-1 to 1", "my manager's support", "leadership"),
    Column("coached", "f4", 0, 1, "0 to 1", "my manager's coaching time", "leadership"),
    Column("inspected", "f4", 0, 1, "0 to 1", "how much my manager asks about it", "leadership"),
    Column("modelling", "f4", 0, 1, "0 to 1", "modelling I see from above", "leadership"),
    Column("safety", "f4", 0, 1, "0 to 1", "psychological safety", "leadership"),
    Column("help", "f4", 0, 1, "0 to 1", "champion help at hand", "champions"),
    Column("library", "f4", 0, 1, "fullness", "my unit's library of use cases", "champions"),
)
"""What surrounds a person this week: made anew for every tile, and kept only where somebody looks (Mesa, a trace)."""

LEADERS = (
    Column("support", "f4", -1, 1, "-1 to 1", "from actively sinking (-1) to actively coaching (+1)", "managers"),
    Column("fluency", "f4", 0, 1, "0 to 1", "executives: from aware to immersed", "leadership"),
    Column("covert", "f4", 0, 1, "0 or 1", "reports upward what is not so", "traits"),
    Column("found", "f4", 0, 1, "0 or 1", "known to resist", "managers"),
    Column("relayed", "f4", 0, 1, "0 to 1", "modelling my reports see from me and above", "leadership"),
    Column("inspecting", "f4", 0, 1, "0 to 1", "how much I ask, weighted by what my asking is worth", "leadership"),
    Column("coaching", "f4", 0, 1, "0 to 1", "coaching time I give", "leadership"),
    Column("reports_use", "f4", 0, 1, "0 to 1", "mean habit of my direct reports", "managers"),
)

UNITS = (
    Column("library", "f4", 0, 1, "fullness", "use cases ready for this unit", "building"),
    Column("help", "f4", 0, 1, "0 to 1", "champion help for each who can use it", "champions"),
    Column("built", "i8", 0, _INF, "1/16384", "what was built this week, in fixed point", "building"),
    Column("seeking", "i4", 0, _INF, "people", "people who could be helped", "champions"),
    Column("helpers", "i4", 0, _INF, "people", "champions", "champions"),
)

FIRM = (
    Column("attention", "f4", 0, 1, "0 to 1", "leadership attention", "leadership"),
    Column("modelled", "f4", 0, 1, "0 to 1", "modelling at the top", "leadership"),
    Column("fluency", "f4", 0, 1, "0 to 1", "mean fluency of executives", "leadership"),
    Column("governance", "f4", 0, 1, "0 to 1", "governance maturity", "enablement"),
    Column("library", "f4", 0, 1, "0 to 1", "mean library over people", "building"),
    Column("opened", "f4", 0, _INF, "people", "how many of the queue have access", "rollout"),
    Column("wave", "f4", 0, _INF, "waves", "waves opened", "rollout"),
    Column("wave_from", "f4", 0, _INF, "people", "where in the queue the latest wave begins", "rollout"),
    Column("wave_age", "f4", 0, _INF, "weeks", "age of the latest wave", "rollout"),
    Column("wave_use", "f4", 0, 1, "share", "four-week mean use of the latest wave", "rollout, reporting"),
    Column("served", "f4", 0, _INF, "trainings", "trainings given so far along the queue", "enablement"),
    Column("training_kept", "f4", 0, 1, "a week", "share of training still remembered a week later", "population"),
    Column("enthusiasm_kept", "f4", 0, 1, "a week", "share of enthusiasm left a week later", "population"),
    Column("churn", "f4", 0, _INF, "hazard", "weekly hazards of leaving, summed since the start", "traits"),
    Column("using", "f4", 0, 1, "share", "share of people who used it by choice last week", "reporting"),
    Column("using_mean", "f4", 0, 1, "share", "four-week running mean of the same", "reporting"),
    Column("capacity", "f4", -1, 1, "share", "four-week mean of capacity gained", "reporting"),
    Column("logging", "f4", 0, 1, "share", "four-week mean of the share who logged an action", "reporting"),
    Column("hidden", "f4", 0, 1, "share", "people whose manager covertly resists", "managers"),
    Column("seen", "f4", 0, _INF, "share", "what leaders see", "reporting"),
    Column("joined", "f4", 0, _INF, "people", "joiners so far", "traits"),
    Column("champions", "f4", 0, _INF, "people", "active champions", "champions"),
)

People = namedtuple("People", [c.name for c in PEOPLE])  # type: ignore[misc]
Surroundings = namedtuple("Surroundings", [c.name for c in SURROUNDINGS])  # type: ignore[misc]
Leaders = namedtuple("Leaders", [c.name for c in LEADERS])  # type: ignore[misc]
Units = namedtuple("Units", [c.name for c in UNITS])  # type: ignore[misc]
Firm = namedtuple("Firm", [c.name for c in FIRM])  # type: ignore[misc]


def zeros(shape: int | tuple[int, ...], dtype: Any = np.float32) -> np.ndarray:
    """``np.zeros`` that begins on a cache line, so that no vector straddles two."""
    wanted = np.dtype(dtype)
    size = int(np.prod(shape)) * wanted.itemsize
    raw = np.zeros(size + CACHE_LINE, np.uint8)
    start = -raw.ctypes.data % CACHE_LINE
    return raw[start : start + size].view(wanted).reshape(shape)


def empty(kind: type, columns: tuple[Column, ...], length: int) -> Any:
    """Zeroed columns of ``length`` elements as one named tuple.

    They lie in one stretch of memory (large pages, where the system has them), each a few cache lines past a round
    distance from the one before: else the same row of every column would fall into the same few places of the cache.
    """
    sizes = [length * np.dtype(c.dtype).itemsize for c in columns]
    starts = np.cumsum([0, *(-(-size // PAGE) * PAGE + APART for size in sizes)])
    raw = zeros(int(starts[-1]), np.uint8)
    made = [raw[at : at + size].view(c.dtype) for c, at, size in zip(columns, starts, sizes, strict=False)]
    return kind(*made)


def grid(column: np.ndarray, rows: int, lanes: int) -> np.ndarray:
    """A column as [rows, lanes], without its padding: a view, to read and write."""
    return column[: rows * lanes].reshape(rows, lanes)


def seen(sight: np.ndarray, lanes: int) -> dict[str, np.ndarray]:
    """What others see of people, by the names of ``SIGHT``, each [people, lanes]: views, to read and write."""
    rows = sight.reshape(-1, len(SIGHT), lanes)
    return {column.name: rows[:, k] for k, column in enumerate(SIGHT)}
