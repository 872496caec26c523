"""The worlds of an ensemble: what each replicate draws for every uncertain parameter."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from sim.compiled import TILE
from sim.passports import parameters
from sim.population import world_of
from sim.programme import field_of
from sim.rng import replicate_keys


def uncertain(held: Collection[str] = ()) -> list[str]:
    """Keys of the parameters that worlds differ in, but those ``held`` by a programme."""
    return [key for key, parameter in parameters().items() if parameter.drawn and key not in held]


def drawn(seed: int, replicates: np.ndarray, keys: Sequence[str]) -> np.ndarray:
    """Parameters by key in the worlds that the replicates [n] of a seed draw: float32 [keys, n]."""
    padded = np.resize(replicates, -(-len(replicates) // TILE) * TILE)
    values = np.empty((len(keys), len(padded)), np.float32)
    for start in range(0, len(padded), TILE):
        world = world_of(replicate_keys(seed, padded[start : start + TILE]), {}, True)
        for row, key in enumerate(keys):
            values[row, start : start + TILE] = world[field_of(key)]
    return values[:, : len(replicates)]
