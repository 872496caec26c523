"""What holds where a user says nothing, and the most that may be asked: light, so that ``--help`` is quick."""

from __future__ import annotations

WEEKS, REPLICATES, SEED, RULE = 104, 64, 1, "experience"
MEMORY = "2GB"
MOST_REPLICATES = 100_000
MOST_SEED = 2**63 - 1
MOST_THREADS = 256
TRIALS, SEARCHED = 1000, 32
"""Programmes that a search for the best one tries, and the worlds of each."""
COMPARED = 256
"""Worlds over which regret is held."""
LARGEST = 1024
"""Replicates from which a need for them is estimated."""
