"""Places kept clear: points inside are taken away, lattices and hands stay off, and undo gives back what was there."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesoplan.domain.case import Case
from mesoplan.domain.edits import KEPT_CLEAR_MM
from mesoplan.domain.plan import KeptClear, OnMesh, Pattern, Place, Plan, Point
from mesoplan.domain.quantities import Length
from mesoplan.imaging.face_zones import zone_triangles
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.operations.differences import differences
from mesoplan.planning.operations.log import Draft
from mesoplan.planning.operations.refusals import OperationRefused
from mesoplan.planning.placement import place_in_zone, positions_mm
from tests.planning.hand_made import melasma_case, melasma_plan, of_code, shipped
from tests.planning.operations.drafts import applied, on_abdomen, point, points_of, taken, two_syringes
from tests.planning.test_own_face import SEEN, own_case

ZONE = "malar-right"


def nearest_mm(plan: Plan, marked: KeptClear) -> float:
    """Return how near the nearest point of the plan is to a place kept clear, in a straight line."""
    points = [one for placement in plan.placements for one in placement.points]
    at = points[0].model_copy(update={"at": marked.at})
    apart = positions_mm(points, melasma_case()) - positions_mm([at], melasma_case())
    return float(np.linalg.norm(apart, axis=1).min())


def middle_of(plan: Plan, zone: str = ZONE) -> str:
    """Return the number of the point nearest to the middle of a zone."""
    points = points_of(plan, zone)
    at = positions_mm(points, melasma_case())
    return points[int(np.linalg.norm(at - at.mean(axis=0), axis=1).argmin())].id


def spoken(text: str) -> str:
    """Return a sentence with plain spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def places_of(plan: Plan) -> list[Place]:
    return [one.at for one in points_of(plan, ZONE)]


def with_abdomen() -> Case:
    """Return the case with the area of the abdomen entered."""
    return melasma_case().model_copy(update={"areas": {"abdomen": on_abdomen().placements[0].area}})


def keeping(plan: Plan, radius: str = "12 mm", **more: Any) -> dict[str, Any]:
    return {"op": "keep-clear", "points": [middle_of(plan)], "radius": radius, **more}


def test_the_points_inside_are_taken_away_and_leave_no_marker() -> None:
    before = melasma_plan()
    found = applied(keeping(before))
    (marked,) = found.plan.kept_clear
    assert (marked.id, marked.zone, marked.at) == ("k1", ZONE, point(before, middle_of(before)).at)
    assert nearest_mm(found.plan, marked) >= 12
    gone = before.punctures() - found.plan.punctures()
    assert gone > 1
    assert all(not placement.removed for placement in found.plan.placements)
    assert spoken(found.note) == f"Kept 1 place clear within 12.0 mm. {gone} points taken away."


def test_without_a_radius_five_millimetres_are_kept() -> None:
    found = applied({"op": "keep-clear", "points": [middle_of(melasma_plan())]})
    assert [one.radius.value for one in found.plan.kept_clear] == [KEPT_CLEAR_MM]


def test_points_of_every_syringe_are_taken_away() -> None:
    before = two_syringes()
    found = applied(keeping(before, "20 mm"), plan=before)
    assert nearest_mm(found.plan, found.plan.kept_clear[0]) >= 20
    was, now = ([len(one.points) for one in plan.placements if one.zone == ZONE] for plan in (before, found.plan))
    assert all(less < many for less, many in zip(now, was, strict=True))


def test_a_lattice_renewed_keeps_off_and_fills_the_place_once_it_is_opened() -> None:
    kept = applied(keeping(melasma_plan())).plan
    renew = {"op": "renew", "zone": ZONE, "spacing": "6 mm"}
    renewed = applied(renew, plan=kept).plan
    assert nearest_mm(renewed, kept.kept_clear[0]) >= 12 - 1e-3
    opened = applied({"op": "open-again", "places": ["k1"]}, renew, plan=kept).plan
    assert nearest_mm(opened, kept.kept_clear[0]) < 6
    assert places_of(opened) == places_of(applied(renew).plan)


def test_a_zone_that_is_added_keeps_off_too() -> None:
    plan = applied({"op": "add-zone", "zone": "glabella"}).plan
    place = points_of(plan, "glabella")[0].at
    assert isinstance(place, OnMesh)
    marked = applied({"op": "keep-clear", "at": [place.model_dump()]}).plan
    assert marked.kept_clear[0].zone == "glabella"
    found = applied({"op": "add-zone", "zone": "glabella"}, plan=marked).plan
    assert points_of(found, "glabella")
    assert nearest_mm(found, marked.kept_clear[0]) >= KEPT_CLEAR_MM - 1e-3


def test_a_moved_point_stops_at_its_edge() -> None:
    before = melasma_plan()
    marked = applied(keeping(before)).plan
    other = points_of(marked, ZONE)[0].id
    place = marked.kept_clear[0]
    found = applied({"op": "move", "point": other, "to": place.at.model_dump()}, plan=marked)
    (stopped,) = found.stopped
    assert stopped.why == "at the edge of a place that is kept clear"
    assert nearest_mm(found.plan, place) == pytest.approx(12, abs=0.1)
    assert nearest_mm(found.plan, place) >= 12 - 1e-3


def test_no_point_is_added_in_it() -> None:
    marked = applied(keeping(melasma_plan())).plan
    at = marked.kept_clear[0].at.model_dump()
    with pytest.raises(OperationRefused, match="in what is kept clear there"):
        applied({"op": "add", "zone": ZONE, "points": [{"at": at}]}, plan=marked)


def test_a_locked_point_inside_stays_and_a_finding_says_so() -> None:
    before = melasma_plan()
    middle = middle_of(before)
    other = next(one.id for one in points_of(before, ZONE) if one.id != middle and is_near(before, middle, one.id))
    found = applied({"op": "lock", "points": [other]}, keeping(before))
    assert f"Point {other} inside stayed: locked." in found.note
    (finding,) = of_code(list(evaluate(melasma_case(), found.plan, shipped()).findings), "point-in-kept-clear")
    assert finding.subject.points == (other,)
    assert finding.sources


def is_near(plan: Plan, one: str, other: str) -> bool:
    at = positions_mm([point(plan, one), point(plan, other)], melasma_case())
    return bool(np.linalg.norm(at[0] - at[1]) < 11.9)


def test_a_place_gets_another_radius_and_undo_gives_the_first_one_back() -> None:
    kept = taken(Draft(melasma_plan()), "a", 1, keeping(melasma_plan(), "5 mm")).draft
    wider = taken(kept, "a", 2, {"op": "keep-clear", "places": ["k1"], "radius": "12 mm"}).draft
    assert [(one.id, one.radius.value) for one in wider.plan.kept_clear] == [("k1", 12)]
    assert nearest_mm(wider.plan, wider.plan.kept_clear[0]) >= 12
    assert taken(wider, "a", 3, {"op": "undo"}).draft.plan == kept.plan


def test_points_set_by_hand_are_taken_away_too_and_undo_brings_them_back() -> None:
    before = melasma_plan()
    middle = middle_of(before)
    moved = taken(Draft(before), "a", 1, {"op": "shift", "points": [middle], "right_mm": 1.0, "up_mm": 0.0}).draft
    kept = taken(moved, "a", 2, keeping(moved.plan)).draft
    assert middle not in [one.id for one in points_of(kept.plan, ZONE)]
    back = taken(kept, "a", 3, {"op": "undo"}).draft
    assert back.plan == moved.plan
    assert taken(back, "a", 4, {"op": "redo"}).draft.plan == kept.plan


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ({"op": "keep-clear"}, "Say which place"),
        ({"op": "keep-clear", "points": ["999"]}, "Point 999 is not in the plan"),
        ({"op": "keep-clear", "points": ["1"], "radius": "0.1 mm"}, r"must be between 0\.5 and 50"),
        ({"op": "keep-clear", "at": [{"x_mm": 0, "y_mm": 0}]}, "Name the zone"),
        ({"op": "keep-clear", "zone": "chin", "at": [{"x_mm": 0, "y_mm": 0}]}, "Name the zone"),
        ({"op": "open-again", "places": ["k1"]}, "k1: not kept clear any more"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_cannot_be_is_refused_with_a_sentence(operation: dict[str, Any], said: str) -> None:
    with pytest.raises(OperationRefused, match=said):
        applied(operation)


def test_a_selected_point_that_is_locked_is_unlocked_first() -> None:
    with pytest.raises(OperationRefused, match="Unlock it first"):
        applied({"op": "lock", "points": ["1"]}, {"op": "keep-clear", "points": ["1"]})


def test_where_all_of_a_zone_is_kept_clear_nothing_moves_and_no_lattice_is_set() -> None:
    plan = applied({"op": "lock", "points": ["1"]}, keeping(melasma_plan(), "50 mm")).plan
    plan = applied({"op": "lock", "points": ["1"], "locked": False}, plan=plan).plan
    with pytest.raises(OperationRefused, match="kept clear"):
        applied({"op": "shift", "points": ["1"], "right_mm": 1.0, "up_mm": 0.0}, plan=plan)
    with pytest.raises(OperationRefused, match="off the places kept clear, leave no point"):
        applied({"op": "renew", "zone": ZONE}, plan=plan)


class TestOnAFlatPatch:
    def test_distances_are_plain(self) -> None:
        before = on_abdomen()
        op = {"op": "keep-clear", "zone": "abdomen", "at": [{"x_mm": 0, "y_mm": 0}], "radius": "15 mm"}
        plan = self.done(before, op, {"op": "renew", "zone": "abdomen", "spacing": "8 mm"})
        apart = np.linalg.norm(positions_mm(points_of(plan, "abdomen"), melasma_case()), axis=1)
        assert 15 - 1e-2 <= apart.min() <= 18

    @pytest.mark.parametrize("to", [(3.0, 0.0), (0.0, 0.0), (-1.0, 14.0)])
    def test_a_moved_point_stops_at_the_nearest_edge(self, to: tuple[float, float]) -> None:
        op = {"op": "keep-clear", "zone": "abdomen", "at": [{"x_mm": 0, "y_mm": 0}], "radius": "15 mm"}
        plan = self.done(on_abdomen(points=40), op)
        outer = max(points_of(plan, "abdomen"), key=lambda one: int(one.id)).id
        move = {"op": "move", "point": outer, "to": {"x_mm": to[0], "y_mm": to[1]}}
        at = point(self.done(plan, move), outer).at.model_dump()
        assert np.hypot(at["x_mm"], at["y_mm"]) == pytest.approx(15, abs=0.01)
        if any(to):
            assert np.hypot(at["x_mm"] - to[0], at["y_mm"] - to[1]) == pytest.approx(15 - np.hypot(*to), abs=0.05)

    @staticmethod
    def done(plan: Plan, *ops: dict[str, Any]) -> Plan:
        return applied(*ops, plan=plan, case=with_abdomen()).plan


CASES = {"template": melasma_case(), "own face": own_case((1.08, 0.95, 1.1))}


@given(
    st.sampled_from(sorted(CASES)),
    st.sampled_from(SEEN),
    st.floats(0.5, 15),
    st.floats(5, 14),
    st.sampled_from(["hexagonal", "lines"]),
    st.floats(-90, 90),
    st.randoms(use_true_random=False),
)
@settings(max_examples=40)
def test_no_lattice_comes_nearer_than_the_radius(
    face: str, zone: str, radius: float, spacing: float, pattern: Pattern, turn: float, chance: Random
) -> None:
    case = CASES[face]
    place = OnMesh(triangle=chance.choice(zone_triangles(zone).tolist()), weights=(0.5, 0.2, 0.3))
    marked = KeptClear(id="k1", zone=zone, at=place, radius=Length(radius))
    points = place_in_zone(
        zone, case, shipped(),
        spacing_mm=spacing, edge_margin_mm=3.0, lattice_angle_deg=turn, pattern=pattern, kept_clear=[marked],
    ).points  # fmt: skip
    at = Point(id="at", at=place)
    apart = np.linalg.norm(positions_mm(points, case) - positions_mm([at], case), axis=1)
    assert (apart >= radius - 1e-5).all()


def test_the_comparison_names_each_place() -> None:
    after = applied({"op": "keep-clear", "points": [middle_of(melasma_plan())]}).plan
    rows = [one for one in differences(melasma_plan(), after, melasma_case(), shipped()) if "kept clear" in one.what]
    assert [(row.kind, row.zone, row.before) for row in rows] == [("added", ZONE, "not in it")]
    assert spoken(rows[0].now).startswith("5 mm around ")


def test_a_plan_from_before_reads_as_one_that_keeps_nothing_clear() -> None:
    old = melasma_plan().model_dump(mode="json")
    del old["kept_clear"]
    for placement in old["placements"]:
        del placement["pattern"]
    assert Plan.model_validate(old) == melasma_plan()


class TestLines:
    def test_points_stand_on_lines_twice_the_spacing_apart(self) -> None:
        plan = applied({"op": "renew", "zone": "malar-right", "spacing": "5 mm", "pattern": "lines"}).plan
        at = positions_mm(points_of(plan, "malar-right"), melasma_case())
        apart = np.linalg.norm(at[:, None] - at[None], axis=2)
        np.fill_diagonal(apart, np.inf)
        assert apart.min(axis=1) == pytest.approx(5, rel=0.03)
        # A point has its neighbours of the line within 5 mm, and the next ones lie one line or two points away.
        assert not ((apart > 5.5) & (apart < 9.4)).any()

    def test_the_turn_of_the_rows_turns_them(self) -> None:
        lines = {"op": "renew", "zone": "forehead", "spacing": "8 mm", "pattern": "lines"}
        level, upright = (applied({**lines, "lattice_angle": f"{one} deg"}).plan for one in (0, 90))
        heights = [
            len({round(float(y)) for _, y, _ in positions_mm(points_of(one, "forehead"), melasma_case())})
            for one in (level, upright)
        ]
        assert heights[0] != heights[1]

    def test_the_pattern_stays_until_another_is_asked_for(self) -> None:
        lines = applied({"op": "renew", "zone": ZONE, "pattern": "lines"}).plan
        again = applied({"op": "renew", "zone": ZONE, "spacing": "9 mm"}, plan=lines).plan
        assert {one.pattern for one in again.placements if one.zone == ZONE} == {"lines"}
        back = applied({"op": "renew", "zone": ZONE, "pattern": "hexagonal"}, plan=lines).plan
        assert places_of(back) == places_of(applied({"op": "renew", "zone": ZONE}).plan)

    def test_hand_edits_stay(self) -> None:
        middle = middle_of(melasma_plan())
        lock = {"op": "lock", "points": [middle]}
        plan = applied(lock, {"op": "renew", "zone": ZONE, "pattern": "lines"}).plan
        assert point(plan, middle).at == point(melasma_plan(), middle).at

    def test_on_a_flat_patch_too(self) -> None:
        renew = {"op": "renew", "zone": "abdomen", "spacing": "10 mm", "pattern": "lines"}
        plan = applied(renew, plan=on_abdomen(), case=with_abdomen()).plan
        at = positions_mm(points_of(plan, "abdomen"), melasma_case())
        heights = sorted({round(float(y), 2) for _, y, _ in at})
        assert np.diff(heights) == pytest.approx(20)

    def test_the_comparison_names_it(self) -> None:
        plan = applied({"op": "renew", "zone": ZONE, "pattern": "lines"}).plan
        told = [(one.what, one.before, one.now) for one in differences(melasma_plan(), plan, melasma_case(), shipped())]
        title = shipped().zones[ZONE].title
        assert (f"Pattern of {title}", "hexagonal lattice", "parallel lines") in told
