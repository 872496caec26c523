"""The folder of whatever is only for now, and what became of it where an explorer was killed."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import tempfile
from pathlib import Path

PREFIX = f"uptake-explorer-{re.sub(r'[^A-Za-z0-9]', '', platform.node())}-"
"""Before the process id: ids of another machine, with which a folder may be shared, say nothing here."""
SCRATCH = tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-", ignore_cleanup_errors=True)
"""``serve`` removes it when it ends."""


def remove_abandoned() -> None:
    """Remove this user's folders of explorers that are no more: one that was killed could not do it itself."""
    import psutil

    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = re.fullmatch(r"([0-9]{1,9})-\w+", folder.name.removeprefix(PREFIX))
        with contextlib.suppress(OSError):  # another explorer may be removing it as well
            if owner and _is_ours(folder) and not psutil.pid_exists(int(owner[1])):
                shutil.rmtree(folder, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    return not hasattr(os, "getuid") or folder.lstat().st_uid == os.getuid()
