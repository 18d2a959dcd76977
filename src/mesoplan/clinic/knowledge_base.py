"""The knowledge base of this process, read once."""

from __future__ import annotations

from functools import cache

from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.loader import load


@cache
def current() -> Knowledge:
    """Return the release that is in force: the one shipped with the package."""
    return load()
