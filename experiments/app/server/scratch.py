"""The folder of whatever is only for now."""

from __future__ import annotations

import tempfile

SCRATCH = tempfile.TemporaryDirectory(prefix="uptake-", ignore_cleanup_errors=True)
"""``serve`` removes it when it ends."""
