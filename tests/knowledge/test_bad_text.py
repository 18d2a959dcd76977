"""Texts that must not end the process, and what a value of the wrong kind is answered with."""

from __future__ import annotations

import pytest

from mesoplan.domain.case import Case
from mesoplan.domain.errors import InputError
from mesoplan.knowledge.validation import build
from mesoplan.knowledge.yaml_reading import read_text


@pytest.mark.parametrize(
    "text",
    ["[" * 200_000, "- " * 3000 + "a", "[{a: " * 2000, "{a: " * 5000, "[" * 150 + "]" * 150],
)
def test_a_text_that_nests_without_end_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="nests deeper than 100 levels"):
        read_text(text, "case.yaml")


def test_a_long_flat_text_is_read() -> None:
    assert len(read_text("[" + ", ".join("[1]" for _ in range(3000)) + "]", "points.json")) == 3000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x [1]\nb: *x", "line 2, column 4: “\\*x” refers to another place; write it out"),
        ("a: !!timestamp 2026-11-30", "line 1, column 4: the tag “tag:yaml.org,2002:timestamp” is not read"),
        ("a: 1\n---\nb: 2", "line 2, column 1: a second document begins; a file holds one"),
        ("? " * 3000 + "a", "line 1, column 3: a key must be text"),
        ("<<: {a: 1}\n<<: {b: 1}", "key “<<” stands twice"),
    ],
)
def test_what_would_mean_more_than_it_shows_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_text(text, "case.yaml")


def test_a_large_value_is_cut_short_in_an_error() -> None:
    with pytest.raises(InputError) as refused:
        build(Case, {"note": [["x"] * 1000] * 1000}, "x")
    (problem,) = (one for one in refused.value.problems if one.field == "note")
    assert problem.text.startswith("must be text (given: [[")
    assert len(problem.text) < 100


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("id", "A b", "must be an id: small letters, digits, hyphens and dots (given: 'A b')"),
        ("as_of", "20 Nov 2026", "must be a date such as 2026-11-30 (given: '20 Nov 2026')"),
        ("goals", "melasma", "must be a list (given: 'melasma')"),
        ("goals", [], "must have 1 or more entries (given: [])"),
        ("patient", "Ms A", "must be a mapping of field to value (given: 'Ms A')"),
        ("answers", {"pregnancy": "perhaps"}, "is not one of: 'yes' or 'no' (given: 'perhaps')"),
        ("note", 3, "must be text (given: 3)"),
    ],
)
def test_what_is_allowed_is_said_in_plain_words(field: str, given: object, said: str) -> None:
    with pytest.raises(InputError) as refused:
        build(Case, {field: given}, "case.yaml")
    assert said in [problem.text for problem in refused.value.problems]


def test_a_list_is_not_called_too_short_for_an_entry_that_was_refused() -> None:
    with pytest.raises(InputError) as refused:
        build(Case, {"goals": [{"aim": "melasma", "zones": ["chin", "chin"]}]}, "case.yaml")
    texts = {problem.field: problem.text for problem in refused.value.problems}
    assert texts["goals.1"].startswith("zone named twice: chin")
    assert "goals" not in texts
