"""Plans: outlines of zones, about which syringes of one zone may not disagree, and plans from before there were any."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mesoplan.domain.plan import MOST_CORNERS, OnMesh, OnPatch, Plan, ZonePlacement

WEIGHTS = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda ab: (ab[0] * ab[1], ab[0] * (1 - ab[1]), 1 - ab[0]))
CORNERS = st.lists(
    st.builds(OnMesh, triangle=st.integers(0, 897), weights=WEIGHTS), min_size=3, max_size=MOST_CORNERS
) | st.lists(
    st.builds(OnPatch, x_mm=st.floats(-1000, 1000), y_mm=st.floats(-1000, 1000)), min_size=3, max_size=MOST_CORNERS
)
FACE = [{"triangle": one, "weights": [0.2, 0.3, 0.5]} for one in (1, 2, 3)]
PATCH = [{"x_mm": x, "y_mm": y} for x, y in ((0, 0), (50, 0), (0, 40))]


def placement(preparation: str = "a", **changes: Any) -> dict[str, Any]:
    return {
        "zone": "abdomen", "preparation": preparation, "area": "10 cm2", "area_source": "measured",
        "technique": "point-by-point", "needle": "30g-4", "angle": "45 deg", "inserted": "2 mm",
        "volume_per_point": "0.02 mL", "spacing": "10 mm", "points": [], **changes,
    }  # fmt: skip


def plan(*placements: dict[str, Any]) -> dict[str, Any]:
    prepared = [
        {
            "id": name,
            "title": name,
            "draws": [{"presentation": "x", "volume": "1 mL"}],
            "syringe": "1 mL",
            "syringes": 1,
        }
        for name in ("a", "b")
    ]
    return {
        "case": "c", "goal": "g", "title": "t", "preparations": prepared, "placements": list(placements),
        "schedule": {"sessions": ["2026-12-01"]},
    }  # fmt: skip


def test_a_placement_from_before_outlines_has_that_of_the_template() -> None:
    found = ZonePlacement.model_validate(placement())
    assert found.outline is None
    assert "outline" in found.model_dump()


@given(CORNERS)
def test_an_outline_comes_back_from_json_exactly(corners: list[OnMesh] | list[OnPatch]) -> None:
    drawn = ZonePlacement.model_validate(placement(outline=corners, area_source="drawn"))
    assert ZonePlacement.model_validate_json(drawn.model_dump_json()) == drawn
    assert ZonePlacement.model_validate(json.loads(json.dumps(drawn.model_dump(mode="json")))) == drawn


@pytest.mark.parametrize(
    ("what", "outline", "source", "said"),
    [
        ("two corners", PATCH[:2], "drawn", "at least 3"),
        ("too many corners", PATCH * 22, "drawn", "at most 64"),
        ("both surfaces", [*PATCH[:2], FACE[0]], "drawn", "on one surface"),
        ("drawn, and said to be measured", PATCH, "measured", "“drawn” where an outline is given"),
        ("not drawn, and said to be", None, "drawn", "“drawn” where an outline is given"),
    ],
)
def test_an_outline_that_is_none_is_refused(what: str, outline: Any, source: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ZonePlacement.model_validate(placement(outline=outline, area_source=source))


def test_syringes_that_share_a_zone_cannot_disagree_about_its_outline() -> None:
    drawn = {"outline": PATCH, "area_source": "drawn"}
    assert Plan.model_validate(plan(placement("a", **drawn), placement("b", **drawn)))
    with pytest.raises(ValidationError, match="one zone has one outline, whichever syringe it takes: abdomen"):
        Plan.model_validate(plan(placement("a", **drawn), placement("b")))
    with pytest.raises(ValidationError, match="one zone has one outline"):
        Plan.model_validate(plan(placement("a", **drawn), placement("b", outline=PATCH[::-1], area_source="drawn")))
