"""What ``--out`` writes: tables, figures, the JSON document and the manifest; all of it or nothing.

A new folder is written beside its place and renamed. An earlier output is replaced file by file, each whole, with the
manifest last; a folder that holds anything else is refused.
"""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from experiments import manifest, words
from experiments.compare import Comparison
from experiments.requests import Request
from sim.passports import InputError

DOCUMENT, PAGE = "comparison.json", "figures.html"


def check_folder(path: str | Path) -> Path:
    """The folder to write to, refused (InputError) before any work is done if it cannot be had."""
    folder = Path(path).expanduser()
    try:
        if folder.is_symlink() and not folder.exists():
            raise InputError(f"--out {path}: is a link to nowhere")
        if folder.exists() and not folder.is_dir():
            raise InputError(f"--out {path}: is a file; name a folder")
        if folder.is_dir():
            _refuse_foreign(path, folder)
        nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    except OSError as error:
        raise InputError(f"--out {path}: {error.strerror}") from None
    if not nearest.is_dir():
        raise InputError(f"--out {path}: {nearest} is a file; name another folder")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise InputError(f"--out {path}: no permission to write in {nearest}")
    return folder


def _refuse_foreign(path: str | Path, folder: Path) -> None:
    """Only an empty folder or an earlier output, and nothing but it, may be replaced."""
    there = sorted(entry.name for entry in folder.iterdir() if not entry.name.endswith(".part"))
    if not there:
        return
    try:
        ours = set(map(str, manifest.read(folder).get("files") or ()))
    except InputError:
        raise InputError(
            f"--out {path}: the folder is not empty and not an earlier output of Uptake; name another, or empty it"
        ) from None
    foreign = [name for name in there if name not in ours]
    if foreign:
        shown = ", ".join(foreign[:5]) + (f" and {len(foreign) - 5} more" if len(foreign) > 5 else "")
        raise InputError(
            f"--out {path}: besides an earlier output the folder holds {shown}; name another folder, or move that away"
        )


def write(folder: Path, request: Request, comparison: Comparison) -> list[str]:
    """Write everything into ``folder`` (see ``check_folder``) and return the files' names. OSError where it fails."""
    with whole(folder) as work:
        names = list(_contents(work, comparison))
        record = manifest.manifest(request.command, request.plain(), comparison, names)
        from experiments.document import as_json

        (work / manifest.NAME).write_text(as_json(record), encoding="utf-8", newline="\n")
    return [*names, manifest.NAME]


def _contents(work: Path, comparison: Comparison) -> Iterator[str]:
    from experiments import tables
    from experiments.document import as_json, document
    from experiments.figures import draw_png, html_page
    from experiments.figures.comparison import gallery

    for name, table in tables.tables(comparison).items():
        yield from tables.write(table, work, name)
    (work / DOCUMENT).write_text(as_json(document(comparison)), encoding="utf-8", newline="\n")
    yield DOCUMENT
    figures = gallery(comparison)
    for figure in figures:
        draw_png.save_png(figure, work / f"{figure.name}.png")
        yield f"{figure.name}.png"
    others = comparison.names[1:]
    title = f"{comparison.base} against {', '.join(others)}" if others else comparison.scenario(comparison.base).title
    lead = [*words.verdicts(comparison), words.INSIGHT]
    (work / PAGE).write_text(html_page.page(figures, title, lead), encoding="utf-8", newline="\n")
    yield PAGE


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """A temporary folder whose files take their place when the block ends well, and go without trace otherwise."""
    folder = folder.absolute()
    made = _make_parents(folder.parent)
    exists = folder.is_dir()
    work = folder / f".uptake.{os.getpid()}.part" if exists else folder.with_name(f".{folder.name}.{os.getpid()}.part")
    done = False
    try:
        work.mkdir()
        yield work
        with _undisturbed():
            _settle(work, folder, exists)
            done = True
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if not done:
            for parent in made:
                if parent.is_dir() and not any(parent.iterdir()):
                    parent.rmdir()


def _settle(work: Path, folder: Path, exists: bool) -> None:
    if not exists:
        work.rename(folder)
        return
    try:
        stale = set(map(str, manifest.read(folder).get("files") or ()))
    except InputError:  # the folder was empty
        stale = set()
    for entry in sorted(work.iterdir(), key=lambda path: path.name == manifest.NAME):
        os.replace(entry, folder / entry.name)
        stale.discard(entry.name)
    for name in stale:  # files of the earlier output that this one has not
        (folder / name).unlink(missing_ok=True)


def _make_parents(parent: Path) -> list[Path]:
    """Make the missing folders above, and return them, the deepest first."""
    missing = []
    while not parent.exists():
        missing.append(parent)
        parent = parent.parent
    for place in reversed(missing):
        place.mkdir(exist_ok=True)
    return missing


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold Ctrl-C back for the moment in which files take their places."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: waiting.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if waiting:
        raise KeyboardInterrupt
