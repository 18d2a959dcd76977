"""Points on face and patch: area, lattice, distances, and what lies under them."""

from __future__ import annotations

import pytest

from mesoplan.domain.plan import OnMesh, OnPatch, Point
from mesoplan.domain.quantities import Area, Length
from mesoplan.imaging.placement import NoInjectionZone
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.placement import (
    ZoneArea,
    area_of,
    nearest_mm,
    outside_zone,
    place_in_zone,
    points_over,
    positions_mm,
    structures_under,
)
from tests.planning.hand_made import changed, melasma_case, melasma_plan, patch_points, plan_by_hand

OPEN_FACE = ["forehead", "glabella", "temple-right", "nose", "malar-left", "chin", "jaw-right", "perioral"]


def test_where_an_area_comes_from(knowledge: Knowledge) -> None:
    measured = changed(melasma_case(), areas={"chin": Area(12.5), "abdomen": Area(300.0)})
    template = changed(melasma_case(), face_width=None)
    assert area_of("chin", measured, knowledge) == ZoneArea(Area(12.5), "measured")
    assert area_of("abdomen", measured, knowledge) == ZoneArea(Area(300.0), "measured")
    assert area_of("abdomen", template, knowledge) is None
    scaled, own = area_of("chin", melasma_case(), knowledge), area_of("chin", template, knowledge)
    assert scaled
    assert own
    assert (scaled[1], own[1]) == ("template-scaled", "template")


def test_the_area_of_a_face_grows_with_the_square_of_its_width(knowledge: Knowledge) -> None:
    narrow, wide = (
        area_of("forehead", changed(melasma_case(), face_width=Length(mm)), knowledge) for mm in (100.0, 150.0)
    )
    assert narrow
    assert wide
    assert wide[0].value == pytest.approx(narrow[0].value * 2.25, rel=1e-3)


@pytest.mark.parametrize("zone", OPEN_FACE)
def test_a_lattice_on_the_face_lies_in_its_zone_at_its_spacing(knowledge: Knowledge, zone: str) -> None:
    case = melasma_case()
    placed = place_in_zone(zone, case, knowledge, spacing_mm=10, edge_margin_mm=3)
    placement = melasma_plan().placements[0].model_copy(update={"zone": zone, "points": placed.points})
    assert placed.points
    assert all(isinstance(point.at, OnMesh) for point in placed.points)
    assert outside_zone(placement, case, knowledge) == ()
    assert min(nearest_mm([placement], case, knowledge).values(), default=10.0) > 7.5


def test_a_lattice_on_a_patch_holds_as_many_points_as_its_area(knowledge: Knowledge) -> None:
    case = changed(melasma_case(), areas={"abdomen": Area(400.0)})
    placed = place_in_zone("abdomen", case, knowledge, spacing_mm=20, edge_margin_mm=3)
    cell_cm2 = 2.0 * 2.0 * 3**0.5 / 2
    assert len(placed.points) == pytest.approx(400 / cell_cm2, rel=0.12)
    assert all(isinstance(point.at, OnPatch) for point in placed.points)
    assert len({point.id for point in placed.points}) == len(placed.points)


def test_what_cannot_be_placed_is_refused(knowledge: Knowledge) -> None:
    with pytest.raises(ValueError, match="area of zone abdomen is not known"):
        place_in_zone("abdomen", melasma_case(), knowledge, spacing_mm=10, edge_margin_mm=3)
    with pytest.raises(NoInjectionZone, match="lips"):
        place_in_zone("lips", melasma_case(), knowledge, spacing_mm=10, edge_margin_mm=3)


def test_distances_run_over_all_syringes_of_a_zone(knowledge: Knowledge) -> None:
    first = plan_by_hand({"tranexamic-acid-10": 10.0}, points=patch_points(4, 10.0)).placements[0]
    moved = tuple(Point(id=one.id, at=OnPatch(x_mm=one.at.x_mm + 2, y_mm=one.at.y_mm)) for one in first.points
                  if isinstance(one.at, OnPatch))  # fmt: skip
    second = first.model_copy(update={"preparation": "b", "points": moved})
    assert set(nearest_mm([first], melasma_case(), knowledge).values()) == {10.0}
    both = nearest_mm([first, second], melasma_case(), knowledge)
    assert len(both) == 8
    assert set(both.values()) == {2.0}


def test_one_point_has_no_neighbour_and_no_points_have_no_positions(knowledge: Knowledge) -> None:
    one = plan_by_hand({"tranexamic-acid-10": 10.0}, points=1).placements[0]
    assert nearest_mm([one], melasma_case(), knowledge) == {}
    assert positions_mm((), melasma_case()).shape == (0, 3)


def test_points_beyond_the_edge_of_a_patch_are_outside(knowledge: Knowledge) -> None:
    """100 cm² at 3 to 2 is 122 by 82 mm."""
    places = {"in": (60.0, 40.0), "right": (62.0, 0.0), "up": (0.0, 42.0)}
    points = [Point(id=name, at=OnPatch(x_mm=x, y_mm=y)) for name, (x, y) in places.items()]
    plan = plan_by_hand({"tranexamic-acid-10": 10.0}, points=points, area_cm2=100.0)
    assert knowledge.zones["abdomen"].patch_aspect == 1.5
    assert outside_zone(plan.placements[0], melasma_case(), knowledge) == ("right", "up")


def test_the_mental_foramen_lies_under_the_chin_and_nothing_under_a_patch(knowledge: Knowledge) -> None:
    placed = place_in_zone("chin", melasma_case(), knowledge, spacing_mm=5, edge_margin_mm=3)
    assert "mental-foramen" in points_over(placed, melasma_case(), knowledge)
    plan = plan_by_hand({"tranexamic-acid-10": 10.0})
    assert structures_under(plan.placements[0], melasma_case(), knowledge) == {}


ON_NO_OPEN_ZONE = {"medial-canthus", "neck-midline"}
"""The first lies in the ring of the orbit, which takes no injection; the neck is a patch, where nothing is drawn."""


def test_every_structure_lies_under_some_zone_of_the_face(knowledge: Knowledge) -> None:
    found: set[str] = set()
    for zone in knowledge.zones.values():
        if zone.surface == "mesh" and zone.blocked is None:
            placed = place_in_zone(zone.id, melasma_case(), knowledge, spacing_mm=4, edge_margin_mm=0.5)
            found |= set(points_over(placed, melasma_case(), knowledge))
    assert set(knowledge.danger_structures) - found == ON_NO_OPEN_ZONE
