"""Studies by name: those that ship with the package, and files by their path."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from experiments.sweeps.reading import read
from experiments.sweeps.study import Study
from sim.passports import InputError, nearest


def shipped() -> list[str]:
    """Names of the studies that ship with the package."""
    folder = files("experiments").joinpath("studies")
    return sorted(p.name.removesuffix(".yaml") for p in folder.iterdir() if p.name.endswith(".yaml"))


def load(name: str | Path) -> Study:
    """A study by the name of one that ships, or by its path. Raises InputError for whatever is wrong in it."""
    text, label = _text(str(name))
    return read(text, label, Path(str(name)).expanduser().parent)


def _text(name: str) -> tuple[str, str]:
    path = Path(name).expanduser()
    if not path.suffix and "/" not in name and "\\" not in name:
        if name in shipped():
            return files("experiments").joinpath("studies", f"{name}.yaml").read_text(encoding="utf-8"), f"{name}.yaml"
        raise InputError(
            f'no study "{name}"{nearest(name, shipped())} Studies that ship: {", ".join(shipped())}. '
            "A file is named by its path, ending in .yaml."
        )
    try:
        return path.read_text(encoding="utf-8-sig"), path.name
    except FileNotFoundError:
        raise InputError(f"no study file {name}: check the path. Studies that ship: {', '.join(shipped())}.") from None
    except UnicodeDecodeError:
        raise InputError(f"{name}: not text in UTF-8; save it as UTF-8") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{name}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
