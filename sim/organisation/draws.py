"""Random numbers that are the same on every machine: a 64-bit mixer over (seed, stream, index).

A generated organisation must not depend on a library's version or a processor, so nothing here uses a library's
generator: each draw is a pure function of its place, in integer arithmetic. The mixer is the finaliser of SplitMix64
(Steele, Lea & Flood 2014).
"""

from __future__ import annotations

import numpy as np

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15


def _key(seed: int, stream: str) -> int:
    """One 64-bit word from a seed and the name of a stream (FNV-1a over the name, then mixed with the seed)."""
    word = 0xCBF29CE484222325
    for byte in stream.encode():
        word = ((word ^ byte) * 0x100000001B3) & _MASK
    return int(_mix(np.array([(word + _GOLDEN * ((seed & _MASK) + 1)) & _MASK], dtype=np.uint64))[0])


def _mix(z: np.ndarray) -> np.ndarray:
    """Mix 64-bit words in place: millions of them cost more in memory fetched than in arithmetic."""
    shifted = z >> np.uint64(30)
    z ^= shifted
    z *= np.uint64(0xBF58476D1CE4E5B9)
    z ^= np.right_shift(z, np.uint64(27), out=shifted)
    z *= np.uint64(0x94D049BB133111EB)
    z ^= np.right_shift(z, np.uint64(31), out=shifted)
    return z


def bits(seed: int, stream: str, index: np.ndarray) -> np.ndarray:
    """64 random bits for each index, uint64."""
    words = index.astype(np.uint64)
    words *= np.uint64(_GOLDEN)
    words += np.uint64(_key(seed, stream))
    return _mix(_mix(words))


def uniform(seed: int, stream: str, index: np.ndarray) -> np.ndarray:
    """A number in [0, 1) for each index, float64 with 53 random bits."""
    return (bits(seed, stream, index) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def below(limit: np.ndarray | int, seed: int, stream: str, index: np.ndarray) -> np.ndarray:
    """A whole number in 0 .. limit - 1 for each index, int64; limit at most 2^31."""
    high = bits(seed, stream, index) >> np.uint64(32)
    return ((high * np.asarray(limit, dtype=np.uint64)) >> np.uint64(32)).astype(np.int64)


def shuffled(count: int, seed: int, stream: str) -> np.ndarray:
    """0 .. count - 1 in random order, int64."""
    return np.argsort(bits(seed, stream, np.arange(count)), kind="stable")
