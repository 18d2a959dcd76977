"""Lines for a terminal of 100 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

WIDTH = 100
INDENT = "  "


def wrapped(text: str, level: int = 0, hang: int = 1) -> list[str]:
    """Return `text` as lines, indented by `level` steps; lines after the first by `hang` steps more."""
    first, later = INDENT * level, INDENT * (level + hang)
    lines = textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=later, break_long_words=False, break_on_hyphens=False
    )
    return lines or [first.rstrip()]


def keyed(key: str, text: str, level: int = 0) -> list[str]:
    """Return “key  text” with the later lines under the text."""
    first = f"{INDENT * level}{key} "
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )


def section(title: str, lines: Iterable[str], level: int = 0) -> list[str]:
    """Return a title and its lines; nothing where there are no lines."""
    rows = list(lines)
    return [f"{INDENT * level}{title}", *rows] if rows else []
