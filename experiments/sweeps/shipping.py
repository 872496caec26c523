"""Code shipped to workers that have none: this file goes to them by value, and imports nothing of the package."""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

SUFFIXES = (".py", ".toml", ".yaml")


def packed(root: Path, packages: tuple[str, ...]) -> bytes:
    """The packages below ``root`` as a zip: sources, passports and scenarios."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for package in packages:
            for path in sorted((root / package).rglob("*")):
                if path.suffix in SUFFIXES:
                    archive.write(path, path.relative_to(root).as_posix())
    return buffer.getvalue()


class Shipment:
    """A plugin of a worker (its interface is dask's): unpacks the code where the worker does not find its own."""

    name = "uptake-code"
    idempotent = True

    def __init__(self, content: bytes, probe: str) -> None:
        self.content, self.probe = content, probe
        self.folder: str | None = None

    def setup(self, worker: object) -> None:
        import importlib.util

        with contextlib.suppress(ModuleNotFoundError):
            if importlib.util.find_spec(self.probe) is not None:
                return
        self.folder = tempfile.mkdtemp(prefix="uptake-code-")
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            archive.extractall(self.folder)
        for name in [name for name in sys.modules if name.split(".")[0] in ("sim", "experiments", "scenarios")]:
            del sys.modules[name]
        sys.path.insert(0, self.folder)
        importlib.invalidate_caches()

    def teardown(self, worker: object) -> None:
        if self.folder is not None:
            with contextlib.suppress(ValueError):
                sys.path.remove(self.folder)
            shutil.rmtree(self.folder, ignore_errors=True)
