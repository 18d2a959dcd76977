"""YAML and JSON text to plain data, strictly: no duplicate keys, no surprise types, errors with line numbers.

Data are built from the parser's events with a stack of our own. That takes half the time of the usual way over nodes,
which starts every command, and a text that nests without end meets a limit, not the end of the machine's stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import yaml

from mesoplan.domain.errors import InputError, Problem

MAX_CHARACTERS = 5_000_000
DEEPEST = 100
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_VALUES = (yaml.ScalarEvent, yaml.SequenceStartEvent, yaml.MappingStartEvent, yaml.AliasEvent)
_ENDS = (yaml.SequenceEndEvent, yaml.MappingEndEvent)

_MAY_BE_MORE_THAN_TEXT = frozenset("~nft-+.0123456789")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?")


def read_text(text: str, file: str) -> Any:
    """Return the plain data of a YAML or JSON text.

    Only null, true, false, integers and decimals are anything but text; `no`, `on` and dates stay as written.

    Raises
    ------
    InputError
        With the file's name, the line, and what is wrong: a duplicate key, a text cut short, a tab.
    """
    if len(text) > MAX_CHARACTERS:
        raise InputError(file, [Problem("", f"the file has {len(text)} characters; the most is {MAX_CHARACTERS}")])
    try:
        data = _built(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        raise InputError(file, [_problem(error)]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise InputError(file, [Problem("", f"cannot be read: {' '.join(str(error).split())}")]) from error
    if data is None:
        raise InputError(file, [Problem("", "the file is empty")])
    return data


def _problem(error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark
    where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    cut_short = isinstance(error, yaml.scanner.ScannerError | yaml.parser.ParserError)
    return Problem(where, f"{error.problem or error}{'; is the file complete?' if cut_short else ''}")


class _Wrong(yaml.MarkedYAMLError):
    """What YAML allows and a document here does not."""

    def __init__(self, problem: str, event: yaml.Event) -> None:
        mark: Any = event.start_mark  # two kinds of mark, of the parser in C and of the one in Python
        super().__init__(problem=problem, problem_mark=mark)


class _Open:
    """A list or mapping that is not complete yet."""

    __slots__ = ("key", "mapping", "values")

    def __init__(self, values: list[Any] | dict[str, Any]) -> None:
        self.values: Any = values
        self.mapping = isinstance(values, dict)
        self.key: str | None = None

    def take(self, event: Any) -> _Open | None:
        """Take the next entry, key or value; return it where it is a list or mapping that begins."""
        if self.mapping and self.key is None:
            self._take_key(event)
            return None
        if type(event) is yaml.ScalarEvent:
            self._add(_scalar(event))
            return None
        inner = _Open([] if type(event) is yaml.SequenceStartEvent else {})
        self._add(inner.values)
        return inner

    def _add(self, value: Any) -> None:
        if self.mapping:
            self.values[self.key] = value
            self.key = None
        else:
            self.values.append(value)

    def _take_key(self, event: Any) -> None:
        """Take the next key as it is written."""
        if type(event) is not yaml.ScalarEvent:
            raise _Wrong("a key must be text", event)
        if event.value in self.values:
            raise _Wrong(f"key “{event.value}” stands twice", event)
        self.key = event.value


def _built(events: Iterable[yaml.Event]) -> Any:
    """Return what the one document of a stream holds; None where there is none."""
    outside = _Open([])
    stack = [outside]
    for event in events:
        kind = type(event)
        if kind in _VALUES:
            _refuse_more_than_it_shows(event, len(stack))
            inner = stack[-1].take(event)
            if inner is not None:
                stack.append(inner)
        elif kind in _ENDS:
            stack.pop()
        elif kind is yaml.DocumentStartEvent and outside.values:
            raise _Wrong("a second document begins; a file holds one", event)
    return outside.values[0] if outside.values else None


def _refuse_more_than_it_shows(event: Any, depth: int) -> None:
    """Refuse tags, references and nesting without end."""
    if type(event) is yaml.AliasEvent:
        raise _Wrong(f"“*{event.anchor}” refers to another place; write it out", event)
    if event.tag is not None and event.tag != "!":
        raise _Wrong(f"the tag “{event.tag}” is not read; write text, numbers, lists and mappings", event)
    if depth > DEEPEST and type(event) is not yaml.ScalarEvent:
        raise _Wrong(f"nests deeper than {DEEPEST} levels", event)


def _scalar(event: yaml.ScalarEvent) -> Any:
    """Return the value of a plain scalar; a quoted one is text."""
    text = event.value
    if not event.implicit[0] or (text and text[0] not in _MAY_BE_MORE_THAN_TEXT):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text
