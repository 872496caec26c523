"""Sensitivity of a stored sweep, whatever its design."""

from __future__ import annotations

from dataclasses import replace

from experiments.analysis.sensitivity import Sensitivity, from_design
from experiments.analysis.sensitivity_given import from_table
from experiments.analysis.tables_of_sweeps import Stored, stored


def of_sweep(folder: str, scenario: str | None = None, organisation: str | None = None) -> tuple[Sensitivity, Stored]:
    """One sweep: its screening or indices if its design was made for them, else first orders from given data."""
    sweep = stored(folder, scenario, organisation)
    if sweep.study.design in ("morris", "saltelli"):
        found = from_design(sweep.study, sweep.table, sweep.outcomes)
    else:
        found = from_table(sweep.table, sweep.inputs, sweep.outcomes)
    notes = [*found.notes, *sweep.notes]
    if sweep.worlds:
        notes.append("Each replicate drew its world: parameters and chance are told apart by uptake sensitivity STUDY.")
        found = replace(found, apart="worlds and chance")
    return replace(found, notes=tuple(notes)), sweep
