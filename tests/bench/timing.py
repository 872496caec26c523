"""Taking the time, fitting how it grows, and what machine it was taken on."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Effort:
    """How often to measure, and whether at sizes that only show that it works."""

    repeats: int = 5
    quick: bool = False


def seconds_of(work: Callable[[], object]) -> float:
    """How long it takes, once."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median_seconds(work: Callable[[], object], repeats: int) -> float:
    """The median of ``repeats`` runs after one that warms up."""
    work()
    return statistics.median(seconds_of(work) for _ in range(repeats))


def slope(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """The power with which time grows with size: least squares on logarithms. 1 is linear."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def upper_half(values: Sequence[float]) -> Sequence[float]:
    """The larger sizes, where what is paid once a run no longer flattens the slope: at least two."""
    return values[min(len(values) // 2, len(values) - 2) :]


def environment() -> dict[str, str]:
    """For child processes: they find this checkout, wherever they start."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(":;")}


def child(arguments: Sequence[str], changes: dict[str, str] | None = None) -> str:
    """What a Python process prints; its complaints are shown if it fails."""
    done = subprocess.run(
        [sys.executable, *arguments], env={**environment(), **(changes or {})}, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr}")
    return done.stdout


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def machine() -> str:
    """What matters of the machine and the libraries, in a line."""
    import numba

    features = [name for name, flag in (("AVX2", "avx2"), ("AVX-512", "avx512f")) if flag in _flags()]
    parts = [f"{cores()} cores", platform.machine(), *features[-1:], f"{_caches()}", f"Python {sys.version.split()[0]}"]
    return ", ".join(filter(None, [*parts, f"numpy {np.__version__}", f"numba {numba.__version__}"]))


def _flags() -> set[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return set()
    return set(next((line for line in lines if line.startswith("flags")), "").split())


def _caches() -> str:
    """Sizes of the first core's data caches, where the system tells."""
    found = []
    for folder in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        kind, level, size = ((folder / name).read_text().strip() for name in ("type", "level", "size"))
        if kind != "Instruction":
            found.append(f"L{level} {size}")
    return " ".join(found)
