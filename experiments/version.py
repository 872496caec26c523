"""The version of this copy of Uptake."""

from __future__ import annotations


def version() -> str:
    """As installed; where it runs from a source folder without being installed, as written in ``pyproject.toml``."""
    from importlib import metadata
    from pathlib import Path

    try:
        return metadata.version("uptake")
    except metadata.PackageNotFoundError:
        import tomllib

        source = Path(__file__).parents[1] / "pyproject.toml"
        try:
            return str(tomllib.loads(source.read_text(encoding="utf-8"))["project"]["version"])
        except (OSError, KeyError, tomllib.TOMLDecodeError):
            return "unknown"
