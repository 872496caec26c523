"""Whose turn it is to compute: all pages of one server share its cores."""

from __future__ import annotations

import threading

ENGINE = threading.Lock()
"""One comparison after another: each then has all cores, and five teams wait less than side by side."""
LONG = threading.Lock()
"""One map or tornado after another, beside the comparisons."""
