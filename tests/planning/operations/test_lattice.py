"""A lattice renewed: what stays, what is left out, and how it is counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mesoplan.domain.plan import Plan
from mesoplan.domain.quantities import Length
from mesoplan.planning.operations.lattice import renewed
from mesoplan.planning.operations.refusals import OperationRefused
from mesoplan.planning.placement import positions_mm
from tests.planning.hand_made import melasma_case, melasma_plan, shipped
from tests.planning.operations.drafts import applied, on_abdomen, point, points_of, read, two_syringes

FACE_WIDTH_MM = 138.0


def renewal(plan: Plan, zone: str = "forehead", **values: Any) -> Any:
    (op,) = read({"op": "renew", "zone": zone, **values})
    return renewed(plan, op, melasma_case(), shipped())  # type: ignore[arg-type]


def text(sentence: str) -> str:
    return sentence.replace("\u00a0", " ")


def apart_mm(plan: Plan, zone: str, name: str) -> float:
    """Return the distance from one point of a zone to the nearest other one."""
    own = points_of(plan, zone)
    place = [one.id for one in own].index(name)
    distances = np.linalg.norm(positions_mm(own, melasma_case()) - positions_mm(own, melasma_case())[place], axis=1)
    return float(np.delete(distances, place).min())


@pytest.fixture(scope="module")
def edited() -> Plan:
    """The melasma plan with the forehead edited by hand: 30 taken away, 31 moved, 40 locked, 73 added."""
    beside = point(melasma_plan(), "45").at.model_dump()
    return applied(
        {"op": "remove", "points": ["30"]},
        {"op": "shift", "points": ["31"], "right_mm": 2, "up_mm": 2},
        {"op": "lock", "points": ["40"]},
        {"op": "add", "zone": "forehead", "points": [{"at": beside}]},
        {"op": "shift", "points": ["73"], "right_mm": 4, "up_mm": 1},
    ).plan


def test_without_hand_edits_a_renewal_gives_the_same_lattice_again() -> None:
    same = renewal(melasma_plan())
    assert same.plan == melasma_plan()
    assert text(same.sentence) == "31 → 31 points."


def test_a_change_of_spacing_alone_leaves_the_points(edited: Plan) -> None:
    spaced = applied(
        {"op": "set", "scope": {"kind": "zone", "zone": "forehead"}, "field": "spacing", "value": 8, "unit": "mm"},
        plan=edited,
    ).plan
    assert points_of(spaced, "forehead") == points_of(edited, "forehead")


def test_hand_edits_are_kept_and_counted(edited: Plan) -> None:
    found = renewal(edited, spacing="8 mm")
    assert text(found.sentence) == f"31 → {found.after} points. Keeps 3 hand edits; 1 removed place stays empty."
    assert {"31", "40", "73"} <= {one.id for one in points_of(found.plan, "forehead")}
    for name in ("31", "40", "73"):
        assert point(found.plan, name) == point(edited, name)
        assert apart_mm(found.plan, "forehead", name) >= 0.6 * 8
    assert len(points_of(found.plan, "forehead")) == found.after


def test_a_removed_place_stays_empty_for_half_of_its_spacing(edited: Plan) -> None:
    """The spacing was 10 mm when the point was taken away; it stays so however often the lattice is renewed."""
    once = renewal(edited, spacing="6 mm").plan
    twice = renewal(once, spacing="4 mm").plan
    gone = positions_mm([point(melasma_plan(), "30")], melasma_case())
    for plan in (once, twice):
        lattice = [one for one in points_of(plan, "forehead") if one.origin == "lattice"]
        assert np.linalg.norm(positions_mm(lattice, melasma_case()) - gone, axis=1).min() > 5.0


def test_hand_edits_are_dropped_but_a_locked_point_stays(edited: Plan) -> None:
    found = renewal(edited, hand_edits="drop")
    assert found.kept == ("40",)
    assert {one.origin for one in points_of(found.plan, "forehead")} == {"lattice"}
    assert not any(one.removed for one in found.plan.placements)
    assert found.after == 31


def test_other_zones_are_left_alone(edited: Plan) -> None:
    found = renewal(edited, spacing="8 mm").plan
    assert [one for one in found.placements if one.zone != "forehead"] == [
        one for one in edited.placements if one.zone != "forehead"
    ]


def test_no_number_names_two_points(edited: Plan) -> None:
    found = renewal(edited, spacing="5 mm").plan
    ids = [one.id for placement in found.placements for one in placement.points]
    assert len(set(ids)) == len(ids)
    assert "30" not in ids, "the number of a removed point stays with its marker"


def test_two_syringes_share_the_new_points() -> None:
    found = renewal(two_syringes(), spacing="8 mm").plan
    counts = [len(one.points) for one in found.placements if one.zone == "forehead"]
    assert abs(counts[0] - counts[1]) <= 1
    assert sum(counts) == renewal(melasma_plan(), spacing="8 mm").after


def test_a_hand_point_that_came_to_lie_in_an_excluded_area_is_named() -> None:
    """A smaller face brings a point that was 5 mm from the orbit nearer to it."""
    moved = applied({"op": "shift", "points": ["2"], "right_mm": 0, "up_mm": 40}).plan
    patient = melasma_case().patient.model_copy(update={"face_width": Length(0.9 * FACE_WIDTH_MM)})
    (op,) = read({"op": "renew", "zone": "malar-right"})
    found = renewed(moved, op, melasma_case().model_copy(update={"patient": patient}), shipped())  # type: ignore[arg-type]
    assert found.excluded == ("2",)
    assert text(found.sentence).endswith("Keeps 1 hand edit; 1 hand point now lies in an excluded area: 2.")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"spacing": "1 mm"}, "Forehead would take about"),
        ({"edge_margin": "40 mm"}, "leave no point"),
        ({"edge_margin": "60 mm"}, "Edge margin must be between 0 and 50"),
        ({"lattice_angle": "120 deg"}, "Turn of the rows must be between −90 and 90"),
    ],
)
def test_a_lattice_that_does_not_fit_is_refused(values: dict[str, str], said: str) -> None:
    with pytest.raises(OperationRefused) as refused:
        applied({"op": "renew", "zone": "forehead", **values})
    assert said in text(str(refused.value))


def test_a_flat_patch_is_renewed_from_its_own_area() -> None:
    case = melasma_case().model_copy(update={"areas": {"abdomen": on_abdomen().placements[0].area}})
    done = applied({"op": "renew", "zone": "abdomen", "spacing": "10 mm"}, plan=on_abdomen(), case=case)
    assert "10 → 1" in done.note
    with pytest.raises(OperationRefused, match="the area of zone abdomen is not known"):
        applied({"op": "renew", "zone": "abdomen"}, plan=on_abdomen())
