"""Counter-based draws: every draw is a pure function of (seed, replicate, person, week, decision).

A (person, week, slot) packs injectively into one 64-bit counter; the counter is mixed, joined with the replicate's
key and mixed again (the finaliser of SplitMix64 with Stafford's constants, "mix13"; Steele, Lea & Flood 2014,
doi:10.1145/2660193.2660195). A 64-bit word serves two decisions, one from each half, 24 bits each. Nothing is drawn
in sequence, so an added decision shifts no other, and two scenarios with one seed share every draw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from enum import IntEnum
from functools import cache

import numpy as np

from sim.compiled import TILE, cell, entry, rule, tilewise

PERSON_BITS, WEEK_BITS, SLOT_BITS = 32, 16, 16
BEFORE = (1 << WEEK_BITS) - 1
"""The week under which traits are drawn: before time starts."""


class Slot(IntEnum):
    """The fixed place of every pair of decisions: (upper half, lower half)."""

    TRY_SUCCEED = 0
    COMPLY_ACT = 1
    LEAVE = 2
    FOUND = 3
    OPENNESS_THRESHOLD = 4
    FIT_DREAD = 5
    TRUST_SKILL = 6
    RESISTANCE = 7
    QUEUE = 8
    RESISTANT_COVERT = 9
    CHAMPION = 10
    UNIT_ORDER = 11
    SCOPE = 12
    CONVERTED = 13


@rule
def mix(z):
    """A bijection of 64-bit words that leaves no visible trace of its argument's structure."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@rule
def pack(person, week, slot):
    """Person (32 bits), week (16) and slot (16) side by side: different triples never meet."""
    return (np.uint64(person) << np.uint64(32)) | (np.uint64(week) << np.uint64(16)) | np.uint64(slot)


@rule
def counter(person, week, slot):
    """The mixed counter of a decision: what is the same in every replicate."""
    return mix(pack(person, week, slot) + np.uint64(0x9E3779B97F4A7C15))


@rule
def upper(word):
    """The upper 24 bits as a number in [0, 1)."""
    return np.float32(np.int32(word >> np.uint64(40))) * np.float32(2.0**-24)


@rule
def lower(word):
    """The lower 24 bits as a number in [0, 1)."""
    return np.float32(np.int32(word & np.uint64(0xFFFFFF))) * np.float32(2.0**-24)


@tilewise
def draw(upper_half, lower_half, b, part, tile, week, slot):
    """The two draws of a slot for each element of a tile: float32 [64] each, in [0, 1)."""
    lanes = b.keys.shape[0]
    per_tile = TILE // lanes
    first = tile * per_tile
    for i in range(per_tile):
        c = counter(first + i, week, slot)
        for lane in range(lanes):
            part.counters[cell(i, lanes, lane)] = c
    for j in range(TILE):
        word = mix(part.counters[j] ^ b.tile_keys[j])
        upper_half[j] = upper(word)
        lower_half[j] = lower(word)


@entry
def fill_words(words, keys, week, slot):
    """The words of ``words.shape[0]`` people and ``keys`` at a week and slot: ``words`` uint64 [people, keys]."""
    for i in range(words.shape[0]):
        c = counter(i, week, slot)
        for lane in range(keys.shape[0]):
            words[i, lane] = mix(c ^ keys[lane])


def replicate_keys(seed: int, replicates: np.ndarray) -> np.ndarray:
    """The 64-bit key of each replicate, mixed from (seed, replicate); different seeds share no replicate.

    Two rounds with the seed entering at both, so that neither a shifted seed nor a shifted replicate lines up.
    """
    with np.errstate(over="ignore"):
        s = _mix_array(np.uint64(seed) * np.uint64(0xD1342543DE82EF95) + np.uint64(0x2545F4914F6CDD1D))
        return _mix_array(_mix_array(replicates.astype(np.uint64) + s) ^ (s * np.uint64(0x9E3779B97F4A7C15)))


@cache
def _stamp(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")


def named_uniforms(keys: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """One draw in [0, 1) for each name and key: adding a name moves no other. float64 [names, keys]."""
    stamps = np.array([_stamp(name) for name in names], np.uint64)[:, None]
    return (_mix_array(_mix_array(keys ^ stamps)) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def bits(keys: np.ndarray, people: int, slot: Slot, *, half: str = "upper") -> np.ndarray:
    """Draws made before time starts, as whole numbers of 24 bits: uint64 [people, keys]."""
    words = np.empty((people, len(keys)), np.uint64)
    fill_words(words, keys, BEFORE, int(slot))
    return words >> np.uint64(40) if half == "upper" else words & np.uint64(0xFFFFFF)


def uniforms(keys: np.ndarray, people: int, slot: Slot, *, half: str = "upper") -> np.ndarray:
    """Draws made before time starts: float32 [people, keys] in [0, 1)."""
    return bits(keys, people, slot, half=half).astype(np.float32) * np.float32(2.0**-24)


def _mix_array(words: np.ndarray | np.uint64) -> np.ndarray:
    with np.errstate(over="ignore"):
        return mix.py_func(np.asarray(words, np.uint64))
