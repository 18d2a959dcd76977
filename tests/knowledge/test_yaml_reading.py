"""Strict reading: what is written is what is read, and what is wrong is named with its line."""

from __future__ import annotations

import pytest

from mesoplan.domain.errors import InputError
from mesoplan.knowledge.yaml_reading import read_text


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("answer: no", {"answer": "no"}),
        ("answer: on", {"answer": "on"}),
        ("flag: true", {"flag": True}),
        ("day: 2026-11-23", {"day": "2026-11-23"}),
        ("time: 12:30:00", {"time": "12:30:00"}),
        ("n: 010", {"n": "010"}),
        ("n: 4", {"n": 4}),
        ("x: 0.05", {"x": 0.05}),
        ("x: 1e-3", {"x": 1e-3}),
        ("nothing: null", {"nothing": None}),
        ('{"a": [1, 2.5, "x"]}', {"a": [1, 2.5, "x"]}),
    ],
)
def test_plain_data(text: str, data: object) -> None:
    assert read_text(text, "f") == data


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        ("a: 1\na: 2", "key “a” stands twice"),
        ("a: {b: 1, b: 2}", "key “b” stands twice"),
        ('{"a": [1, 2', "is the file complete"),
        ("a: 'cut", "is the file complete"),
        ("a:\n\t- 1", "line 2"),
        ("a: !!python/object:os.system x", "line 1"),
        ("? [1, 2]\n: 3", "a key must be text"),
    ],
)
def test_what_is_refused(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read_text(text, "case.yaml")
    assert caught.value.file == "case.yaml"


def test_a_duplicate_key_names_its_line() -> None:
    with pytest.raises(InputError, match="line 3"):
        read_text("a: 1\nb: 2\na: 3\n", "case.yaml")
