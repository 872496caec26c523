"""Informal ties as compressed neighbour lists: who names whom, and how much contact they have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

CONTACT_CAP = 100.0
"""Contact above this counts no further: mailing lists and assistants would otherwise drown everyone else."""


@dataclass(frozen=True, eq=False)
class Ties:
    """Row i lists those whom person i names. Influence runs from the named to the namer, so row i is who influences i.

    offsets     int64 [N+1]   row i is ``neighbours[offsets[i]:offsets[i+1]]``
    neighbours  int32 [E]     ascending within a row; nobody names themselves or anyone twice
    weights     float32 [E]   log(1 + contact), contact capped at ``CONTACT_CAP``
    """

    offsets: np.ndarray
    neighbours: np.ndarray
    weights: np.ndarray

    @property
    def count(self) -> int:
        """Number of directed ties."""
        return len(self.neighbours)

    @property
    def egos(self) -> np.ndarray:
        """The namer of each tie, int32 [E]."""
        return np.repeat(np.arange(len(self.offsets) - 1, dtype=np.int32), np.diff(self.offsets))

    @property
    def contacts(self) -> np.ndarray:
        """Contact behind each weight, float64 [E]: to four decimals where these give the weight back."""
        exact = np.expm1(self.weights.astype(np.float64))
        short = np.round(exact, 4)
        return np.where(contact_weights(short) == self.weights, short, exact)


def contact_weights(contact: np.ndarray) -> np.ndarray:
    """log(1 + contact), capped, float32. Worked in float64: rounding hides a last bit that differs between machines."""
    return np.log1p(np.minimum(contact, CONTACT_CAP)).astype(np.float32)


def no_ties(headcount: int) -> Ties:
    """Nobody names anybody."""
    return Ties(np.zeros(headcount + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))


def ties_from_pairs(headcount: int, ego: np.ndarray, alter: np.ndarray, contact: np.ndarray) -> Ties:
    """Compress pairs of indices: self-ties and zero contact fall away, repeated pairs are summed before the log."""
    contact = np.minimum(np.asarray(contact, dtype=np.float64), CONTACT_CAP)
    keep = (ego != alter) & (contact > 0)
    key, contact = _sorted_pairs(ego[keep].astype(np.int64) * headcount + alter[keep], contact[keep])
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if key.size else np.zeros(0, np.int64)
    total = np.add.reduceat(contact, first) if key.size else contact
    pair = key[first]
    offsets = np.zeros(headcount + 1, dtype=np.int64)
    np.cumsum(np.bincount(pair // headcount, minlength=headcount), out=offsets[1:])
    return Ties(offsets, (pair % headcount).astype(np.int32), contact_weights(total))


def _sorted_pairs(key: np.ndarray, contact: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs in the order of their key, and contacts of one pair from the least: the order of a file leaves no trace.

    Fractions need that, because their sum depends on the order in its last bit. Whole contacts, at most the cap, fit
    beside the key in one word, and sorting words is many times faster than sorting an index.
    """
    if np.all(contact == np.rint(contact)):
        packed = (key << 7) + contact.astype(np.int64)
        packed.sort()
        return packed >> 7, (packed & 127).astype(np.float64)
    order = np.lexsort((contact, key))
    return key[order], contact[order]
