"""The day before: what a workshop needs of this machine, checked one by one, each with what to do where it fails."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from experiments.app.server import reach, serve
from experiments.app.workshops import shelf
from sim.passports import InputError
from sim.sizing import DEFAULT_MEMORY, Settings

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "firefox",
            "microsoft-edge", "msedge")  # fmt: skip
PATIENCE = 30.0
"""Seconds that a browser may take to say its version."""
VUETIFY_3 = "solara-vuetify3-app"
"""Files of the other Vuetify, which the template names for pages that use it."""
CORES = 2
"""Fewer, and five teams wait for each other."""


@dataclass(frozen=True)
class Check:
    """One thing: whether it is fine, what was seen, and else what to do."""

    name: str
    fine: bool
    said: str
    todo: str = ""

    @property
    def line(self) -> str:
        return f"{'ok  ' if self.fine else 'FAIL'}  {self.name}: {self.said}" + (f"; {self.todo}" if self.todo else "")


def examined(port: int) -> list[Check]:
    """Every check, in the order in which they are said; the compiled rules are warm afterwards."""
    return [
        listens(port), network(port), opens(), offline(serve.assets(), serve.plotly_folder()), compiled(),
        keeps(shelf.home()), room(),
    ]  # fmt: skip


def summary(found: Sequence[Check]) -> str:
    """What all of it comes to."""
    wrong = [check.name for check in found if not check.fine]
    if not wrong:
        return "This machine is ready for a workshop."
    return f"Not ready yet: see to {' and '.join(wrong)}, then run this again."


def as_document(found: Sequence[Check]) -> dict[str, Any]:
    """Plain values for ``--json``."""
    return {"fine": all(check.fine for check in found), "checks": [asdict(check) for check in found]}


def listens(port: int) -> Check:
    """Whether the explorer can listen there."""
    try:
        for each in serve.listening("127.0.0.1", port):
            each.close()
    except InputError as error:
        said = str(error).partition("; ")[0]
        return Check("port", False, said, "stop what uses it, or choose another with --port")
    return Check("port", True, f"{port} is free" if port else "a free one can be had")


def network(port: int, found: Sequence[str] | None = None) -> Check:
    """Where teams on other laptops would find it; a workshop on this machine alone needs none. ``found``: addresses."""
    reached = reach.Address(reach.EVERYWHERE[0], port, "").guests if found is None else found
    if not reached:
        return Check("network", True, "none, so only this machine can open it; connect it if teams have laptops")
    return Check("network", True, f"with --host {reach.EVERYWHERE[0]}, teams' laptops open {' or '.join(reached)}")


def opens(run: Callable[[str], str] | None = None) -> Check:
    """Whether a browser is installed and starts. ``run``: how one is asked for its version."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    todo = "install Chromium, Chrome, Edge or Firefox"
    if path is None:
        try:
            return Check("browser", True, f"the system opens {webbrowser.get().name}")
        except webbrowser.Error:
            return Check("browser", False, "none was found", todo)
    try:
        version = (run or _version)(path)
    except (OSError, subprocess.SubprocessError) as error:
        return Check("browser", False, f"{path} does not start ({type(error).__name__})", todo)
    shown = sys.platform != "linux" or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    return Check(
        "browser", True, f"{version} starts" + ("" if shown else "; no screen here, so open the address by hand")
    )


def _version(path: str) -> str:
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=PATIENCE, check=True)
    return answer.stdout.strip() or Path(path).name


def offline(assets: Path, plotly: Path) -> Check:
    """Whether scripts, styles and fonts of the pages lie on this machine."""
    missing = [str(path) for path in needed(assets, plotly) if not path.is_file() or not path.stat().st_size]
    if missing:
        others = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        return Check("offline", False, f"missing {missing[0]}{others}", "install again: pip install --force-reinstall "
                     "solara-assets plotly")  # fmt: skip
    return Check("offline", True, "needs no internet: scripts, styles and fonts are on this machine")


def needed(assets: Path, plotly: Path) -> list[Path]:
    """The files that a page asks for: what Solara's own template names, the fonts of its styles, and the charts'."""
    import solara.server
    import solara.server.settings as settings

    template = Path(str(solara.server.__file__)).parent / "templates" / "solara.html.j2"
    text = template.read_text("utf-8").replace("{{ipywidget_major_version}}", _widgets())
    named = [name for name in re.findall(r"\{\{cdn\}\}/([^\"'{}]+)", text) if VUETIFY_3 not in name]
    found = [assets / path for path in dict.fromkeys([*named, str(settings.assets.fontawesome_path).strip("/")])]
    styles = [path for path in found if path.name == "fonts.css" and path.is_file()]
    fonts = [
        style.parent / font
        for style in styles
        for font in re.findall(r"url\(['\"]?(?!data:|https?:)([^'\")?#]+)", style.read_text("utf-8"))
    ]
    return [*found, *fonts, plotly / "plotly.min.js"]


def _widgets() -> str:
    from ipywidgets import __version__

    return __version__.partition(".")[0]


def compiled() -> Check:
    """The compiled rules, made if they are not there, and loaded."""
    from sim.compiled import cache_folder, is_compiled

    before, began = is_compiled(), time.monotonic()
    warm()
    took = f"{time.monotonic() - began:.0f} s"
    if not is_compiled():
        return Check("model", False, f"compiled in {took}, but {cache_folder()} keeps nothing",
                     "name a folder that can be written in UPTAKE_CACHE")  # fmt: skip
    return Check("model", True, f"compiled; {'loaded' if before else 'made now, for the next time,'} in {took}")


def warm() -> None:
    """Load the compiled rules before anyone waits for them."""
    from experiments.compare import compare
    from experiments.inputs import Source
    from sim.scenario import load

    compare([load("typical")], Source(headcount=10).load(), weeks=1, replicates=1)


def keeps(folder: Path) -> Check:
    """Whether workshops can be kept."""
    todo = "name a folder that can be written in UPTAKE_WORKSHOPS"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"workshop")
    except OSError as error:
        return Check("workshops", False, f"{folder} cannot be written ({error.strerror})", todo)
    shelved = shelf.Shelf(folder)
    if shelved.damaged:
        return Check("workshops", False, f"{folder} holds a file that cannot be read: {shelved.damaged[0]}",
                     "move it away, or open its copy from another laptop")  # fmt: skip
    return Check("workshops", True, f"can be kept in {folder}; it holds {len(shelved.codes())}")


def room(free: int | None = None, cores: int | None = None) -> Check:
    """Whether memory and cores suffice for several teams; ``free`` in bytes."""
    import psutil

    free = psutil.virtual_memory().available if free is None else free
    cores = Settings().resolved_threads() if cores is None else cores
    said = f"{free / 1e9:.1f} GB of memory free, {cores} core{'' if cores == 1 else 's'}"
    if free < DEFAULT_MEMORY:
        return Check("machine", False, said, f"close other programs: {DEFAULT_MEMORY / 1e9:.1f} GB should be free")
    if cores < CORES:
        return Check("machine", False, said, f"{CORES} are needed, or teams wait for each other")
    return Check("machine", True, said)
