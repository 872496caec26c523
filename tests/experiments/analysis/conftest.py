"""Sweeps for analyses to read, run in this process."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def swept():
    """``swept(study, folder)``: sweep a study in this process."""
    from experiments.sweeps import sweep
    from experiments.sweeps.writing import with_text

    def carry_out(study, folder) -> None:
        plan = sweep.plan(with_text(study))
        counts = sweep.sweep(plan, Path(folder), lambda job: sweep.Threads(plan, job, 2, lambda: False))
        assert counts["done"] == sum(counts.values())

    return carry_out
