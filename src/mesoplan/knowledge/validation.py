"""Pydantic's complaints as problems that name the field, what was given and what is allowed."""

from __future__ import annotations

import reprlib
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mesoplan.domain.errors import InputError, Problem
from mesoplan.knowledge.nearest import nearest

M = TypeVar("M", bound=BaseModel)

_MOST_SHOWN = 60
_SHORT = reprlib.Repr()
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxdict = 3
_SHORT.maxlevel = 2
_SHORT.maxstring = _SHORT.maxother = _MOST_SHOWN

_IN_WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "string_type": lambda _: "must be text",
    "string_too_short": lambda c: f"must have {c['min_length']} or more characters",
    "string_too_long": lambda c: f"must have {c['max_length']} characters or fewer",
    "model_type": lambda _: "must be a mapping of field to value",
    "model_attributes_type": lambda _: "must be a mapping of field to value",
    "dict_type": lambda _: "must be a mapping of field to value",
    "tuple_type": lambda _: "must be a list",
    "too_short": lambda c: f"must have {c['min_length']} or more entries",
    "too_long": lambda c: f"must have {c['max_length']} entries or fewer",
    "enum": lambda c: f"is not one of: {c['expected']}",
    "literal_error": lambda c: f"is not one of: {c['expected']}",
    "int_type": lambda _: "must be a whole number",
    "int_parsing": lambda _: "must be a whole number",
    "int_from_float": lambda _: "must be a whole number",
    "float_type": lambda _: "must be a number",
    "float_parsing": lambda _: "must be a number",
    "finite_number": lambda _: "must be a finite number",
    "bool_type": lambda _: "must be true or false",
    "bool_parsing": lambda _: "must be true or false",
    "date_type": lambda _: "must be a date such as 2026-11-30",
    "date_parsing": lambda _: "must be a date such as 2026-11-30",
    "date_from_datetime_parsing": lambda _: "must be a date such as 2026-11-30",
    "date_from_datetime_inexact": lambda _: "must be a date without a time, such as 2026-11-30",
    "greater_than": lambda c: f"must be more than {c['gt']:g}",
    "greater_than_equal": lambda c: f"must be {c['ge']:g} or more",
    "less_than": lambda c: f"must be less than {c['lt']:g}",
    "less_than_equal": lambda c: f"must be {c['le']:g} or less",
}
"""What is allowed, by kind of complaint; pydantic's own sentence stands for the others."""

_ID_PATTERN = r"^[a-z0-9][a-z0-9.\-]*$"


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
    """Return what was given, cut short: a value may be as large as the file, or larger where it repeats itself."""
    text = _SHORT.repr(value) if not isinstance(value, bool) else str(value).lower()
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"


def _text(item: ErrorDetails) -> str:
    context = item.get("ctx", {})
    if item["type"] == "string_pattern_mismatch" and context.get("pattern") == _ID_PATTERN:
        words = "must be an id: small letters, digits, hyphens and dots"
    elif item["type"] in _IN_WORDS:
        words = _IN_WORDS[item["type"]](context)
    else:
        words = item["msg"].removeprefix("Value error, ")
    return f"{words} (given: {_given(item['input'])})"


def _is_echo(item: ErrorDetails, all_items: list[ErrorDetails]) -> bool:
    """Return whether a list counts as too short only because an entry inside it was refused."""
    location = item["loc"]
    return item["type"] == "too_short" and any(
        other["loc"][: len(location)] == location and len(other["loc"]) > len(location) for other in all_items
    )


def problems_of(error: ValidationError, model: type[BaseModel], data: Any) -> list[Problem]:
    """Translate a validation error into problems."""
    found = []
    items = error.errors(include_url=False)
    for item in items:
        location, kind = item["loc"], item["type"]
        if _is_echo(item, items):
            continue
        if kind == "extra_forbidden":
            key = str(location[-1])
            keys = _known_keys(model, location, data)
            text = f"unknown key “{key}”" + (f"; nearest: {', '.join(nearest(key, keys))}" if keys else "")
        elif kind == "missing":
            text = "is missing"
        else:
            text = _text(item)
        found.append(Problem(field_path(location), text))
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
