"""Checks that span entries: every id that an entry names exists."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from pydantic import BaseModel

from mesoplan.domain.case import Value
from mesoplan.domain.errors import Problem
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.nearest import allowed_text
from mesoplan.knowledge.schema.citation import Cited
from mesoplan.knowledge.schema.rules import Condition
from mesoplan.knowledge.validation import field_path


def walk(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], BaseModel]]:
    """Yield every model inside a value, with its path."""
    if isinstance(value, BaseModel):
        yield path, value
        for name in type(value).model_fields:
            yield from walk(getattr(value, name), (*path, name))
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            yield from walk(item, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from walk(item, (*path, key))


def references(knowledge: Knowledge, entry: Value) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield (path, kind, id) for everything that one entry names."""
    kinds_by_field = {
        "compound": "compounds", "compounds": "compounds", "aim": "aims", "aims": "aims", "zones": "zones",
        "technique": "techniques", "techniques": "techniques", "needle": "needles", "needles": "needles",
        "score_with": "scales", "items_of": "scales", "scale": "scales", "term": "terms", "under": "leaflets",
        "jurisdictions": "jurisdictions", "only_in": "jurisdictions",
        "presentation": "presentations", "diluent": "presentations",
        "families": "families", "except_families": "families", "blocks_families": "families",
    }  # fmt: skip
    for path, model in walk(entry):
        if isinstance(model, Cited):
            for source in model.sources:
                yield (*path, "sources"), "sources", source
        for name in type(model).model_fields:
            kind = kinds_by_field.get(name)
            if kind is None:
                continue
            value = getattr(model, name)
            for one in (value,) if isinstance(value, str) else value or ():
                yield (*path, name), kind, one


def _known(knowledge: Knowledge, kind: str) -> Collection[str]:
    if kind == "families":
        return knowledge.families
    if kind == "presentations":
        return knowledge.presentations
    return knowledge.shelf(kind)


def dangling(knowledge: Knowledge, entry: Value) -> list[Problem]:
    """Return a problem for each id that `entry` names and nobody defines."""
    problems = []
    for path, kind, name in references(knowledge, entry):
        known = _known(knowledge, kind)
        if name not in known:
            problems.append(Problem(field_path(path), f"“{name}” is not in {kind}; {allowed_text(name, known)}"))
    return problems


def pair_problems(knowledge: Knowledge) -> list[tuple[str, Problem]]:
    """Return (pair id, problem) for pairs that name neither a compound, a family nor `any`."""
    known = set(knowledge.compounds) | knowledge.families | {"any"}
    return [
        (pair.id, Problem(side, f"“{name}” is neither a compound nor a family; {allowed_text(name, known)}"))
        for pair in knowledge.pairs.values()
        for side, name in (("a", pair.a), ("b", pair.b))
        if name not in known
    ]


def terms_of(condition: Condition) -> set[str]:
    """Return the ids of all terms that a condition reads."""
    inner = [*(condition.all or ()), *(condition.any or ()), *([condition.no] if condition.no else [])]
    found = set().union(*(terms_of(one) for one in inner)) if inner else set()
    if condition.term:
        found.add(condition.term)
    if condition.within_days:
        found.add(condition.within_days.term)
    return found
