"""YAML and JSON text to plain data, strictly: no duplicate keys, no surprise types, errors with line numbers."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import yaml

from mesoplan.domain.errors import InputError, Problem

MAX_CHARACTERS = 5_000_000
DEEPEST = 100
_NEVER_DEEPER = 1000
"""Texts that cannot nest deeper than this are not measured first: the reader bears it."""

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Base):  # type: ignore[misc]
    """Only null, true/false, integers and decimals are anything but text; `no`, `on` and dates stay as written."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


_StrictLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_StrictLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_StrictLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789")
)
_StrictLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?$"),
    list("-+.0123456789"),
)


def _mapping_without_duplicates(loader: Any, node: yaml.MappingNode) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str | int | float):
            raise yaml.MarkedYAMLError(problem="a key must be text", problem_mark=key_node.start_mark)
        if str(key) in result:
            raise yaml.MarkedYAMLError(problem=f"key “{key}” stands twice", problem_mark=key_node.start_mark)
        result[str(key)] = loader.construct_object(value_node, deep=True)
    return result


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping_without_duplicates)


def read_text(text: str, file: str) -> Any:
    """Return the plain data of a YAML or JSON text.

    Raises
    ------
    InputError
        With the file's name, the line, and what is wrong: a duplicate key, a text cut short, a tab.
    """
    if len(text) > MAX_CHARACTERS:
        raise InputError(file, [Problem("", f"the file has {len(text)} characters; the most is {MAX_CHARACTERS}")])
    try:
        _refuse_deep_nesting(text)
        data = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a safe loader with fewer types
    except yaml.MarkedYAMLError as error:
        raise InputError(file, [_problem(error)]) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InputError(file, [Problem("", f"cannot be read: {' '.join(str(error).split())}")]) from error
    if data is None:
        raise InputError(file, [Problem("", "the file is empty")])
    return data


def _problem(error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark
    where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    cut_short = isinstance(error, yaml.scanner.ScannerError | yaml.parser.ParserError)
    return Problem(where, f"{error.problem or error}{'; is the file complete?' if cut_short else ''}")


def _refuse_deep_nesting(text: str) -> None:
    """Refuse what nests deeper than any document here: the parser in C calls itself and would end the process.

    A block needs a column more for each level and a flow a bracket, so most texts need no second look.
    """
    widest = max((len(line) for line in text.splitlines()), default=0)
    if widest + text.count("[") + text.count("{") <= _NEVER_DEEPER:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_StrictLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                mark: Any = event.start_mark  # two kinds of mark, of the parser in C and of the one in Python
                raise yaml.MarkedYAMLError(problem=f"nests deeper than {DEEPEST} levels", problem_mark=mark)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
