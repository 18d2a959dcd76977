"""Outlines that are refused, each in one sentence, and plans written by hand whose outline or area is wrong."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mesoplan.domain.plan import OnMesh, OnPatch, Place, Plan
from mesoplan.domain.quantities import Area, Length
from mesoplan.imaging.face_shape import template_face
from mesoplan.imaging.face_view import View
from mesoplan.imaging.picture_places import places_in_picture
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.outlines import outline_problems, outline_refusal, zone_corners
from mesoplan.planning.placement import area_of, template_scale, zones_of
from tests.imaging.outlines import stretched
from tests.planning.hand_made import changed, melasma_case, melasma_plan, of_code, shipped
from tests.planning.operations.drafts import applied, on_abdomen

FACTOR = template_scale(melasma_case()).factor
CHIN = stretched("chin", [1.0])


def refusal(zone: str, corners: Sequence[Place], margin_mm: float = 3.0) -> str | None:
    return outline_refusal(zone, corners, margin_mm, melasma_case(), shipped())


def at(x_mm: float, y_mm: float) -> OnMesh:
    """Return the skin at a place of the front view, x to the patient's left."""
    (found,) = places_in_picture(View.FRONT, [(x_mm, y_mm)], template_face(FACTOR))
    assert found is not None
    return OnMesh(triangle=found.triangle, weights=found.weights)


def on_patch(*corners: tuple[float, float]) -> list[OnPatch]:
    return [OnPatch(x_mm=x, y_mm=y) for x, y in corners]


@pytest.mark.parametrize(
    ("what", "zone", "corners", "said"),
    [
        ("two corners", "chin", CHIN[:2], "An outline has 3 to 64 corners; Chin was given 2 corners."),
        ("none", "chin", (), "An outline has 3 to 64 corners; Chin was given none."),
        ("too many corners", "chin", CHIN * 5, "An outline has 3 to 64 corners; Chin was given 80 corners."),
        ("corners on a patch", "chin", on_patch((0, 0), (9, 0), (0, 9)), "Chin lies on the face"),
        ("corners on the face", "abdomen", CHIN, "Abdomen lies on a flat patch"),
        ("one twice in a row", "chin", (*CHIN, CHIN[-1]), "Corners 16 and 17 of Chin lie on one place. Leave one out."),
        ("first and last one place", "chin", (*CHIN, CHIN[0]), "Corners 17 and 1 of Chin lie on one place."),
        ("two swapped", "chin", (CHIN[1], CHIN[0], *CHIN[2:]), "The outline of Chin crosses itself: the edge from"),
        ("in the lips", "chin", (at(0, -37), *CHIN[1:4]), "Corner 1 lies in Lips, which takes no injection."),
        ("far off", "chin", (at(10, 60), *CHIN[1:4]), "mm beyond Chin; an outline reaches 20 mm beyond at most."),
        ("a sliver", "chin", (at(0, -66), at(4, -66), at(2, -63)), "cm² to inject; a zone has 0.5 to 4"),
        ("too narrow", "forehead", (at(-40, 52), at(40, 52), at(0, 56)), "Forehead would hold no point: no place"),
        ("lips themselves", "lips", CHIN, "Lips takes no injection, so no outline is drawn of it."),
        ("a bow tie", "abdomen", on_patch((0, 0), (50, 50), (50, 0), (0, 50)), "corner 1 to 2 meets that from 3 to 4."),
        ("too small a patch", "abdomen", on_patch((0, 0), (6, 0), (0, 6)), "Abdomen would have 0.18 cm² to inject"),
        ("too large a patch", "abdomen", on_patch((-900, -900), (900, -900), (0, 900)), "Draw it smaller."),
        ("too narrow a patch", "abdomen", on_patch((0, 0), (99, 0), (99, 5), (0, 5)), "would hold no point"),
    ],
)  # fmt: skip
def test_corners_that_are_no_outline_are_refused_in_one_sentence(
    what: str, zone: str, corners: Sequence[Place], said: str
) -> None:
    found = refusal(zone, corners)
    assert found is not None
    assert said in found.replace("\N{NO-BREAK SPACE}", " "), what
    assert found.endswith(".")


def test_an_edge_margin_that_leaves_no_room_is_what_is_refused() -> None:
    assert refusal("chin", CHIN, 3.0) is None
    assert "30 mm from its edge" in str(refusal("chin", CHIN, 30.0)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("zone", ["malar-right", "malar-left", "forehead", "chin", "nose", "perioral", "jaw-left"])
def test_the_corners_that_are_offered_are_an_outline(zone: str) -> None:
    assert refusal(zone, stretched(zone, [1.0])) is None


def drawn_plan(area_cm2: float | None = None, zone: str = "chin", outline: Sequence[Place] = CHIN) -> Plan:
    """Return the melasma plan with an outline of one zone as somebody writes it into a file."""
    found = area_of(zone, melasma_case(), shipped(), tuple(outline))
    assert found is not None
    drawn = {"outline": tuple(outline), "area_source": "drawn", "area": Area(area_cm2) if area_cm2 else found[0]}
    placements = tuple(one.model_copy(update=drawn) if one.zone == zone else one for one in melasma_plan().placements)
    return melasma_plan().model_copy(update={"placements": placements})


def test_a_plan_file_is_told_which_outline_is_wrong_and_which_area() -> None:
    def told(plan: Plan) -> list[str]:
        return [f"{one.field}: {one.text}" for one in outline_problems(plan, melasma_case(), shipped())]

    number = [one.zone for one in melasma_plan().placements].index("chin") + 1
    crossed = (CHIN[1], CHIN[0], *CHIN[2:])
    assert told(drawn_plan()) == []
    assert told(drawn_plan(18.0)) == [], "rounded"
    assert [one.split(":")[0] for one in told(drawn_plan(outline=crossed))] == [f"placements.{number}.outline"]
    assert told(drawn_plan(25.0)) == [
        f"placements.{number}.area: the outline encloses {drawn_plan().placements[number - 1].area.value:g} cm2 "
        "on this face (given: 25 cm2)"
    ]


def test_area_and_lattice_follow_the_scale_of_the_face() -> None:
    wide = changed(melasma_case(), face_width=Length(150.0))
    small = changed(melasma_case(), face_width=Length(120.0))
    areas = [area_of("chin", case, shipped(), CHIN) for case in (wide, small)]
    assert [one[1] for one in areas if one] == ["drawn", "drawn"]
    assert areas[0] is not None
    assert areas[1] is not None
    assert areas[0][0].value / areas[1][0].value == pytest.approx((150 / 120) ** 2, rel=1e-3)


def test_the_dose_on_each_square_centimetre_follows_the_drawn_area() -> None:
    def per_area(plan: Plan) -> float | None:
        doses = evaluate(melasma_case(), plan, shipped()).doses
        return next(one.value for one in doses if one.measure.value == "area")

    small = drawn_plan(outline=stretched("chin", [0.6]))
    before, after = per_area(melasma_plan()), per_area(small)
    assert before is not None
    assert after is not None
    assert after > before


def drawn_into_the_glabella() -> Plan:
    """Return the plan with a forehead that reaches between the brows, its lattice set anew."""
    outline = [at(x, y).model_dump() for x, y in ((-30, 65), (-30, 55), (0, 32), (30, 55), (30, 65))]
    reshape = {"op": "reshape-zone", "zone": "forehead", "corners": outline}
    return applied(reshape, {"op": "renew", "zone": "forehead"}).plan


def test_points_that_reach_another_zone_are_held_to_its_limits() -> None:
    deep = {"op": "set", "scope": {"kind": "zone", "zone": "forehead"}, "field": "angle", "value": 90, "unit": "deg"}
    for plan, capped in ((melasma_plan(), False), (drawn_into_the_glabella(), True)):
        deeper = applied(deep, {**deep, "field": "inserted", "value": 2.5, "unit": "mm"}, plan=plan).plan
        found = of_code(evaluate(melasma_case(), deeper, shipped()).findings, "depth-cap-zone")
        assert any(one.text.startswith("Glabella: ") for one in found) == capped
        forehead = next(one for one in deeper.placements if one.zone == "forehead")
        assert ("glabella" in zones_of(forehead)) == capped


def test_points_of_two_zones_that_a_drawn_edge_brings_together_are_told() -> None:
    lateral = applied({"op": "add-zone", "zone": "lateral-cheek-right"}).plan
    beyond = ((-20, 0), (-20, 12), (-45, 14), (-64, 8), (-64, -5), (-62, -17), (-45, -18))
    corners = [at(x, y).model_dump() for x, y in beyond]
    reshape = {"op": "reshape-zone", "zone": "malar-right", "corners": corners}
    drawn = applied(reshape, {"op": "renew", "zone": "malar-right"}, plan=lateral)
    found = of_code(evaluate(melasma_case(), drawn.plan, shipped()).findings, "point-too-close")
    assert any("nearer to points of Lateral cheek, right than 60% of the spacing" in one.text for one in found)
    assert "belong to Lateral cheek, right too, which is in this plan." in drawn.note
    assert of_code(evaluate(melasma_case(), lateral, shipped()).findings, "point-too-close") == []


def test_the_corners_of_a_patch_are_those_of_its_rectangle_until_it_is_drawn() -> None:
    placement = on_abdomen().placements[0]
    assert zone_corners(placement, shipped()) == tuple(on_patch((-75, -50), (75, -50), (75, 50), (-75, 50)))
