"""A zone drawn anew: what becomes of its points, its area and its lattice, and how it is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings

from mesoplan.domain.edit_log import EditLog
from mesoplan.domain.plan import OnMesh, OnPatch, Place, Plan, Point, ZonePlacement
from mesoplan.imaging.drawn_zone import drawn_zone
from mesoplan.imaging.placement import FacePoints
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.operations.differences import differences, taken_back
from mesoplan.planning.operations.ground import ground_of
from mesoplan.planning.operations.log import Draft
from mesoplan.planning.operations.refusals import ChangedSince, OperationRefused
from mesoplan.planning.placement import ZoneArea, area_of, outside_zone, template_scale
from tests.imaging.outlines import UNCROSSED, stretched
from tests.planning.hand_made import melasma_case, melasma_plan, of_code, shipped
from tests.planning.operations.drafts import applied, on_abdomen, points_of, taken, two_syringes

FACTOR = template_scale(melasma_case()).factor
SMALL, WIDE = stretched("chin", [0.7]), stretched("chin", [1.2])


def reshape(corners: Sequence[Place] | None, zone: str = "chin") -> dict[str, Any]:
    return {
        "op": "reshape-zone",
        "zone": zone,
        "corners": None if corners is None else [corner.model_dump() for corner in corners],
    }


def of_zone(plan: Plan, zone: str = "chin") -> ZonePlacement:
    return next(one for one in plan.placements if one.zone == zone)


def spoken(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def outer(plan: Plan, outline: tuple[OnMesh, ...], zone: str = "chin") -> list[Point]:
    """Return the points of a zone that lie outside of an outline."""
    points = points_of(plan, zone)
    places = FacePoints.of((one.at.triangle, one.at.weights) for one in points if isinstance(one.at, OnMesh))
    return [one for one, ok in zip(points, drawn_zone(outline).contains(places).tolist(), strict=True) if not ok]


def test_the_outline_gives_area_and_source_and_lattice_points_outside_go_without_a_marker() -> None:
    gone = {one.id for one in outer(melasma_plan(), SMALL)}
    found = applied(reshape(SMALL))
    chin, before = of_zone(found.plan), of_zone(melasma_plan())
    assert gone
    assert (chin.outline, chin.area_source) == (SMALL, "drawn")
    assert chin.area.value == pytest.approx(drawn_zone(SMALL).area_cm2(FACTOR), abs=0.006)
    assert {one.id for one in before.points} - {one.id for one in chin.points} == gone
    assert chin.removed == before.removed == ()
    assert found.name == "reshape Chin"
    areas = f"{before.area.value:.1f} → {chin.area.value:.1f} cm²"
    assert spoken(found.note) == f"Reshaped Chin. {areas}; {len(gone)} lattice points left out."


def test_what_hands_set_or_locked_stays_and_is_told_by_the_batch_and_as_a_finding() -> None:
    first, second, *_ = [one.id for one in outer(melasma_plan(), SMALL)]
    moved = {"op": "shift", "points": [first], "right_mm": 0.2, "up_mm": 0.0}
    by_hand = applied(moved, {"op": "lock", "points": [second]}).plan
    found = applied(reshape(SMALL), plan=by_hand)
    assert {first, second} <= {one.id for one in of_zone(found.plan).points}
    assert f"2 points set by hand now lie outside: {first}, {second}." in spoken(found.note)
    (finding,) = of_code(evaluate(melasma_case(), found.plan, shipped()).findings, "point-outside-zone")
    assert set(finding.subject.points) == {first, second}
    assert set(outside_zone(of_zone(found.plan), melasma_case(), shipped())) == {first, second}
    renewed = applied({"op": "renew", "zone": "chin"}, plan=found.plan)
    assert f"2 hand points lie outside of the zone: {first}, {second}." in spoken(renewed.note)


def test_new_room_is_filled_by_a_renewed_lattice_and_not_before() -> None:
    drawn = applied(reshape(WIDE))
    assert of_zone(drawn.plan).points == of_zone(melasma_plan()).points
    assert "New room takes points once the lattice is renewed." in drawn.note
    renewed = applied({"op": "renew", "zone": "chin"}, plan=drawn.plan).plan
    assert len(of_zone(renewed).points) > len(of_zone(drawn.plan).points)
    assert (of_zone(renewed).outline, of_zone(renewed).area) == (WIDE, of_zone(drawn.plan).area)
    assert outside_zone(of_zone(renewed), melasma_case(), shipped()) == ()


def test_the_note_names_the_zones_that_it_reaches() -> None:
    note = spoken(applied(reshape(WIDE)).note)
    assert "It reaches into" in note
    assert "skin thickness is taken as that of Chin." in note
    assert "It reaches into" not in spoken(applied(reshape(SMALL)).note)


def test_a_reset_gives_back_exactly_the_zone_of_the_template() -> None:
    found = applied(reshape(None), plan=applied(reshape(SMALL)).plan)
    chin, before = of_zone(found.plan), of_zone(melasma_plan())
    assert (chin.outline, chin.area, chin.area_source) == (None, before.area, before.area_source)
    assert found.name == "reset the outline of Chin"
    again = applied({"op": "renew", "zone": "chin"}, plan=found.plan).plan
    assert [one.at for one in of_zone(again).points] == [one.at for one in of_zone(melasma_plan()).points]


def test_a_reset_of_what_was_never_drawn_changes_nothing() -> None:
    assert applied(reshape(None)).changes == ()


def test_syringes_that_share_the_zone_are_reshaped_together() -> None:
    plan = two_syringes()
    zone = plan.placements[0].zone
    outline = stretched(zone, [0.8])
    found = applied(reshape(outline, zone), plan=plan).plan
    own = [one for one in found.placements if one.zone == zone]
    assert len(own) == 2
    assert {one.outline for one in own} == {outline}
    assert own[0].area == own[1].area


def test_hands_find_the_drawn_edge() -> None:
    """A point that is sent out stops at the edge, one that is set outside is refused, one in new room is taken."""
    small = applied(reshape(SMALL)).plan
    name, outside = of_zone(small).points[0].id, outer(melasma_plan(), SMALL)[0].at
    sent = applied({"op": "move", "point": name, "to": outside.model_dump()}, plan=small)
    assert [one.why for one in sent.stopped] == ["at the edge of Chin"]
    assert outer(sent.plan, SMALL) == []
    with pytest.raises(OperationRefused, match="The place lies outside Chin"):
        applied({"op": "add", "zone": "chin", "points": [{"at": outside.model_dump()}]}, plan=small)
    wide = applied(reshape(WIDE)).plan
    beyond = applied({"op": "renew", "zone": "chin"}, plan=wide).plan
    new = next(one for one in of_zone(beyond).points if outer_of_template(one, small))
    added = applied({"op": "add", "zone": "chin", "points": [{"at": new.at.model_dump()}]}, plan=wide)
    assert len(added.added) == 1


def outer_of_template(point: Point, plan: Plan) -> bool:
    template = of_zone(melasma_plan()).model_copy(update={"points": (point,)})
    return outside_zone(template, melasma_case(), shipped()) != ()


def test_a_zone_that_is_not_in_the_plan_is_refused_with_those_that_are() -> None:
    with pytest.raises(OperationRefused, match=r"“nose” is not a zone of this plan\. Zones: .*Chin"):
        applied(reshape(stretched("nose", [0.9]), "nose"))


def test_corners_that_are_no_outline_are_refused_and_nothing_is_done() -> None:
    with pytest.raises(OperationRefused, match=r"Change 2 of 2, so none was made: .* crosses itself"):
        applied({"op": "make-up"}, reshape((SMALL[1], SMALL[0], *SMALL[2:])))


def test_a_patch_is_drawn_in_its_own_millimetres_and_reset_where_its_area_was_entered() -> None:
    plan = on_abdomen()
    corners = [OnPatch(x_mm=x, y_mm=y) for x, y in ((-40, -30), (40, -30), (40, 30), (0, 10), (-40, 30))]
    found = applied(reshape(corners, "abdomen"), plan=plan)
    drawn = of_zone(found.plan, "abdomen")
    assert (drawn.area.value, drawn.area_source) == (40.0, "drawn")
    name = drawn.points[0].id
    moved = applied({"op": "move", "point": name, "to": {"x_mm": 0, "y_mm": 25}}, plan=found.plan)
    (stop,) = moved.stopped
    assert stop.why.startswith("at the edge of Abdomen")
    renewed = applied({"op": "renew", "zone": "abdomen", "spacing": "8 mm"}, plan=found.plan).plan
    assert outside_zone(of_zone(renewed, "abdomen"), melasma_case(), shipped()) == ()
    with pytest.raises(OperationRefused, match="The area of Abdomen is not known"):
        applied(reshape(None, "abdomen"), plan=found.plan)
    entered = melasma_case().model_copy(update={"areas": {"abdomen": plan.placements[0].area}})
    back = of_zone(applied(reshape(None, "abdomen"), plan=found.plan, case=entered).plan, "abdomen")
    assert (back.outline, back.area, back.area_source) == (None, plan.placements[0].area, "measured")


def test_a_zone_added_like_a_drawn_one_has_the_outline_of_the_template() -> None:
    by_hand = applied(reshape(SMALL)).plan.model_copy(update={"protocol": None})
    chin_first = tuple(sorted(by_hand.placements, key=lambda one: one.zone != "chin"))
    found = applied({"op": "add-zone", "zone": "nose"}, plan=by_hand.model_copy(update={"placements": chin_first}))
    nose = of_zone(found.plan, "nose")
    expected = area_of("nose", melasma_case(), shipped())
    assert nose.outline is None
    assert expected == ZoneArea(nose.area, nose.area_source)


def test_one_undo_takes_it_back_whole_and_a_reload_does_not_lose_it() -> None:
    draft = taken(Draft(melasma_plan()), "a", 1, reshape(SMALL)).draft
    log = EditLog.model_validate_json(draft.log.model_dump_json())
    assert [step.name for step in log.steps] == ["reshape Chin"]
    back = taken(Draft(draft.plan, log), "a", 2, {"op": "undo"}).draft
    assert back.plan == melasma_plan()
    assert taken(back, "a", 3, {"op": "redo"}).draft.plan == draft.plan
    again = taken(draft, "a", 1, reshape(SMALL))
    assert again.repeated
    assert again.draft == draft


def test_two_who_draw_one_zone_are_both_shown() -> None:
    draft = taken(Draft(melasma_plan()), "a", 1, reshape(SMALL), base=0).draft
    with pytest.raises(
        ChangedSince, match=r"Outline of Chin: yours drawn with 16\scorners, now drawn with 16\scorners"
    ):
        taken(draft, "b", 1, reshape(WIDE), base=0)
    newer = taken(draft, "b", 1, reshape(WIDE), base=1).draft
    with pytest.raises(ChangedSince, match="“reshape Chin” cannot be undone"):
        taken(newer, "a", 2, {"op": "undo"})


def test_a_comparison_tells_outline_and_area_in_one_row_and_takes_it_back() -> None:
    plan = applied(reshape(WIDE)).plan
    (row,) = differences(melasma_plan(), plan, melasma_case(), shipped())
    areas = [f"{of_zone(one).area.value:.1f} cm²" for one in (melasma_plan(), plan)]
    assert (row.kind, row.what, row.zone) == ("changed", "Outline of Chin", "chin")
    assert [spoken(one) for one in (row.before, row.now)] == [
        f"template, {areas[0]}", f"drawn with 16 corners, {areas[1]}",
    ]  # fmt: skip
    assert taken_back(plan, row) == melasma_plan()


@settings(max_examples=30)
@given(UNCROSSED)
def test_points_that_are_brought_onto_drawn_ground_lie_in_the_open(found: tuple[str, tuple[OnMesh, ...]]) -> None:
    zone, outline = found
    placement = of_zone(melasma_plan()).model_copy(update={"zone": zone, "outline": outline, "area_source": "drawn"})
    if not drawn_zone(outline).area_cm2(FACTOR) > 0.5:
        return
    ground = ground_of(placement, (), melasma_case(), shipped())
    everywhere = [OnMesh(triangle=number, weights=(0.2, 0.3, 0.5)) for number in range(0, 898, 45)]
    came_to = [one.at for one in ground.brought(everywhere)]
    assert ground.open_ones(came_to) == [True] * len(came_to)
    shifted = [one.at for one in ground.shifted(came_to, 3.0, -4.0, "skin")]
    assert ground.open_ones(shifted) == [True] * len(shifted)
