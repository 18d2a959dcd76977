"""A signature binds five things; each of them alone changes the hash."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.workflow.binding import bound_hash, canonical_json, sha256_of

BOUND: dict[str, Any] = {
    "case": {"patient": "P1", "weight_kg": 62},
    "plan": {"spacing_mm": 10.0},
    "evaluation": {"findings": []},
    "knowledge_release": "2026.11",
    "knowledge_sha256": "ab" * 32,
    "engine": "0.1.0",
}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        ("case", {"patient": "P1", "weight_kg": 63}),
        ("plan", {"spacing_mm": 10.5}),
        ("evaluation", {"findings": ["one"]}),
        ("knowledge_release", "2026.12"),
        ("knowledge_sha256", "ac" * 32),
        ("engine", "0.1.1"),
    ],
)
def test_a_change_of_any_input_changes_the_hash(what: str, instead: object) -> None:
    assert bound_hash(**BOUND) != bound_hash(**{**BOUND, what: instead})


def test_the_order_of_keys_does_not_matter() -> None:
    assert sha256_of({"a": 1, "b": 2}) == sha256_of({"b": 2, "a": 1})


@given(json_values)
def test_canonical_json_survives_a_round_trip_through_storage(value: object) -> None:
    import json

    assert sha256_of(json.loads(json.dumps(value))) == sha256_of(json.loads(canonical_json(value)))


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"dose_mg": float("nan")})
