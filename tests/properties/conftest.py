"""The shipped knowledge base for all properties."""

from __future__ import annotations

import pytest

from mesoplan.knowledge.base import Knowledge
from tests.planning.hand_made import shipped


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """Return the knowledge base as shipped."""
    return shipped()
