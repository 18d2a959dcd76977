"""The shipped knowledge base, read once for all tests of planning."""

from __future__ import annotations

import pytest

from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.loader import load


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """Return the knowledge base as shipped."""
    return load()
