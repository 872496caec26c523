"""Sensitivity of a study: a screening and then indices, swept into a folder and read from it.

    study.yaml    the study that was asked about
    screening/    the sweep of a morris design
    indices/      the sweep of a saltelli design
    report/       what the two say

Both are sweeps like any other, and each can be read by itself: see ``sensitivity_derived`` for what they vary.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from experiments.analysis.sensitivity import Sensitivity, together
from experiments.analysis.sensitivity_derived import Asked, first_of, indices_of, kept, screening_of
from experiments.analysis.sensitivity_stored import of_sweep
from experiments.sweeps import estimate
from experiments.sweeps import sweep as sweeps
from experiments.sweeps.design import size
from experiments.sweeps.disk import full_disk_said, write_whole
from experiments.sweeps.reading import read
from experiments.sweeps.store import LEDGER
from experiments.sweeps.study import Study, scenarios
from experiments.sweeps.work import Job
from experiments.sweeps.writing import as_yaml
from sim.organisation import Organisation
from sim.passports import InputError
from sim.scenario import Scenario
from sim.sizing import DEFAULT_MEMORY

STUDY, SCREENING, INDICES, REPORT = "study.yaml", "screening", "indices", "report"
OURS = frozenset({STUDY, SCREENING, INDICES, REPORT})
Workers = Callable[[sweeps.Plan, Job], AbstractContextManager[sweeps.Workers]]
"""Who runs a plan: ``Threads``, or a cluster."""


def check_folder(path: str | Path, resume: bool) -> Path:
    """The folder to analyse into, refused (InputError) before any work is done if it cannot be had."""
    folder = Path(path).expanduser()
    if folder.exists() and not folder.is_dir():
        raise InputError(f"--out {path}: is a file; name a folder")
    there = (
        sorted(entry.name for entry in folder.iterdir() if not entry.name.endswith(".part")) if folder.exists() else []
    )
    foreign = [name for name in there if name not in OURS]
    if foreign:
        raise InputError(f"--out {path}: the folder holds {foreign[0]}, which is not of a sensitivity analysis; "
                         "name another folder")  # fmt: skip
    if there and not resume:
        raise InputError(f"--out {path}: holds an analysis; go on with it with --resume, or name another folder")
    return folder


def asked_in(folder: Path) -> Study:
    """The study that a folder's analysis is of."""
    return read((folder / STUDY).read_text(encoding="utf-8"), str(folder / STUDY), folder)


def is_analysis(folder: str | Path) -> bool:
    """Whether a folder holds such an analysis rather than one sweep."""
    return (Path(folder).expanduser() / STUDY).is_file()


def carry_out(
    asked: Asked,
    folder: Path,
    workers: Workers,
    *,
    memory: int = DEFAULT_MEMORY,
    progress: Callable[[float], None] | None = None,
    people: Mapping[str, Organisation] | None = None,
) -> None:
    """Sweep the screening, then the indices of what it keeps; what an earlier try has done is not done again.

    ``people``: the study's organisations by label, where they are in hand. Raises as ``sweeps.sweep`` does, and
    InputError where nothing that varies moves any outcome.
    """
    first, scenario, screening, share = _ahead(asked)

    def swept(study: Study, name: str, start: float, part: float) -> None:
        plan = sweeps.plan(study, people)
        sweeps.sweep(
            plan, sweeps.check_folder(folder / name, True), lambda job: workers(plan, job), memory=memory,
            progress=progress and (lambda done: progress(start + part * done)),
        )  # fmt: skip

    with full_disk_said(folder):
        folder.mkdir(parents=True, exist_ok=True)
    if not is_analysis(folder):
        write_whole(folder / STUDY, as_yaml(asked.study).encode())
    swept(screening, SCREENING, 0.0, share)
    found, _ = of_sweep(str(folder / SCREENING))
    own = set(first.inputs)
    keep = kept(found.screening, own, asked.keep)
    swept(indices_of(screening, keep, own, scenario, first.base), INDICES, share, 1 - share)


def seconds(asked: Asked, jobs: int, people: Mapping[str, Organisation] | None = None) -> float:
    """Expected time of both sweeps, from a few points run now; ``people`` as above."""
    _, _, screening, share = _ahead(asked)
    return estimate.seconds(sweeps.plan(screening, people), jobs) / share


def _ahead(asked: Asked) -> tuple[Study, Scenario, Study, float]:
    """The study with one of each, its scenario, the screening, and the share of all points that it is at least."""
    first = first_of(asked)
    scenario = next(iter(scenarios(first).values()))
    screening = screening_of(first, scenario)
    rough = first.base * (min(asked.keep, len(screening.factors)) + 2)
    return first, scenario, screening, size(screening) / (size(screening) + rough)


@dataclass(frozen=True, eq=False)
class Told:
    """An analysis with the title and setting it is shown under."""

    found: Sensitivity
    title: str
    setting: str


def of_folder(folder: str, scenario: str | None = None, organisation: str | None = None) -> Told:
    """What the folder's tables say, of one scenario and organisation: the first, unless one is named.

    Raises InputError where the folder holds nothing to analyse, or not yet.
    """
    if not is_analysis(folder):
        found, sweep = of_sweep(folder, scenario, organisation)
        return Told(found, sweep.title, sweep.setting)
    place = Path(folder).expanduser()
    for name in (SCREENING, INDICES):
        if not (place / name / LEDGER).is_file():
            raise InputError(f"{folder}: the analysis has no {name} yet; go on with: uptake sensitivity STUDY "
                             f"--out {folder} --resume")  # fmt: skip
    screened, _ = of_sweep(str(place / SCREENING), scenario, organisation)
    indexed, sweep = of_sweep(str(place / INDICES), scenario, organisation)
    found = together(screened, indexed)
    first = sweep.table.iloc[0]
    setting = (
        f"{first['scenario']} in {first['organisation']}: {screened.points:,} points to screen {len(found.factors)} "
        f"factors, {indexed.points:,} for the {len(found.kept)} kept, {found.replicates:,} replicates each, "
        f"{sweep.study.weeks} weeks, seed {sweep.study.seeds[0]}"
    )
    asked = asked_in(place)
    several = [
        ("scenario", len(asked.scenarios), first["scenario"]),
        ("organisation", len(asked.organisations), first["organisation"]),
        ("seed", len(asked.seeds), first["seed"]),
    ]
    notes = [f"Of {count} {what}s of the study this is of {taken}." for what, count, taken in several if count > 1]
    return Told(replace(found, notes=(*found.notes, *notes)), sweep.title, setting)
