"""Results as lines of text or as a Markdown table, from the same rows."""

from __future__ import annotations

from collections.abc import Sequence


def number(value: float | str) -> str:
    """Three digits that count; thousands grouped."""
    if isinstance(value, str):
        return value
    if value != 0 and abs(value) < 100:
        return f"{value:.{max(0, 2 - _magnitude(abs(value)))}f}"
    return f"{value:,.0f}"


def _magnitude(value: float) -> int:
    return int(f"{value:.2e}".partition("e")[2])


def table(heads: Sequence[str], rows: Sequence[Sequence[float | str]], markdown: bool) -> str:
    """A table: texts to the left, numbers to the right."""
    cells = [[number(value) for value in row] for row in rows]
    right = [bool(rows) and not isinstance(rows[0][k], str) for k in range(len(heads))]
    if markdown:
        lines = [heads, ["---:" if r else "---" for r in right], *cells]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)
    widths = [max(len(row[k]) for row in [list(heads), *cells]) for k in range(len(heads))]
    lines = [
        [text.rjust(width) if r else text.ljust(width) for text, width, r in zip(row, widths, right, strict=True)]
        for row in [list(heads), *cells]
    ]
    return "\n".join("  ".join(line).rstrip() for line in lines)
