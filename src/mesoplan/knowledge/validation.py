"""Pydantic's complaints as problems that name the field, what was given and what is allowed."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from mesoplan.domain.errors import InputError, Problem
from mesoplan.knowledge.nearest import nearest

M = TypeVar("M", bound=BaseModel)


def field_path(location: tuple[int | str, ...]) -> str:
    """Return "goals.1.zones" style path; list positions count from 1 as people do."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in location)


def _known_keys(model: type[BaseModel], location: tuple[int | str, ...], data: Any) -> list[str]:
    """Return the keys allowed beside the last one of `location`, as far as the model tells."""
    current: Any = model
    for part in location[:-1]:
        if not (isinstance(current, type) and issubclass(current, BaseModel)) or not isinstance(part, str):
            return []
        field = current.model_fields.get(part)
        current = field.annotation if field else None
    if isinstance(current, type) and issubclass(current, BaseModel):
        return sorted(current.model_fields)
    return []


def _given(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def problems_of(error: ValidationError, model: type[BaseModel], data: Any) -> list[Problem]:
    """Translate a validation error into problems."""
    found = []
    for item in error.errors(include_url=False):
        location, kind = item["loc"], item["type"]
        path = field_path(location)
        if kind == "extra_forbidden":
            key = str(location[-1])
            keys = _known_keys(model, location, data)
            text = f"unknown key “{key}”" + (f"; nearest: {', '.join(nearest(key, keys))}" if keys else "")
        elif kind == "missing":
            text = "is missing"
        else:
            text = f"{item['msg'].removeprefix('Value error, ')} (given: {_given(item['input'])})"
        found.append(Problem(path, text))
    return found


def build(model: type[M], data: Any, file: str, error: type[InputError] = InputError) -> M:
    """Build a model from plain data.

    Raises
    ------
    InputError
        Or the given subclass, with every problem found.
    """
    try:
        return model.model_validate(data)
    except ValidationError as failed:
        raise error(file, problems_of(failed, model, data)) from failed
