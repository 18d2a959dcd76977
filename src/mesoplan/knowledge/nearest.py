"""Suggest the ids that are nearest to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, ids: Iterable[str], most: int = 3) -> list[str]:
    """Return up to `most` ids that look like `word`, the nearest first; never empty while there are ids."""
    known = sorted(ids)
    return get_close_matches(word, known, n=most, cutoff=0.4) or known[:most]


def allowed_text(word: str, ids: Iterable[str]) -> str:
    """Return the sentence that ends an error about an unknown id."""
    known = sorted(ids)
    if len(known) <= 12:
        return f"allowed: {', '.join(known)}"
    return f"nearest: {', '.join(nearest(word, known))}"
