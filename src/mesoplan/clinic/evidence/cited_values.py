"""The cited values of an entry by their place in it, and the hash that tells whether one has changed."""

from __future__ import annotations

from typing import Any

from mesoplan.domain.case import Value
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.cross_references import walk
from mesoplan.knowledge.schema.citation import Cited
from mesoplan.knowledge.validation import field_path
from mesoplan.workflow import sha256_of


def cited_values(entry: Value) -> dict[str, Cited]:
    """Every cited value inside `entry` by its path, such as "limits.1"; the path of the whole entry is empty."""
    return {field_path(path): model for path, model in walk(entry) if isinstance(model, Cited)}


def values_of(kind: str, entry_id: str, knowledge: Knowledge) -> dict[str, Cited]:
    """As `cited_values`; nothing for an entry that this release does not hold."""
    shelf = knowledge.shelf(kind)
    return cited_values(shelf[entry_id]) if entry_id in shelf else {}


def value_content(cited: Cited) -> Any:
    """All that a value says, as JSON. Its released review is left out: being reviewed changes no value."""
    return _without_reviews(cited.model_dump(mode="json", exclude_none=True))


def value_sha256(cited: Cited) -> str:
    """Hex SHA-256 of the canonical JSON of what the value says."""
    return sha256_of(value_content(cited))


def _without_reviews(content: Any) -> Any:
    if isinstance(content, dict):
        return {name: _without_reviews(one) for name, one in content.items() if name != "review"}
    if isinstance(content, list):
        return [_without_reviews(one) for one in content]
    return content
