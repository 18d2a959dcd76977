"""Each operation on the melasma plan: what is sent, and what is answered.

The plan has the points 1–12 right malar, 13–24 left malar, 25–55 forehead, 56–72 chin; 10 mm apart, 0.05 mL each.
"""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from mesoplan.domain.plan import MAX_POINTS_IN_A_ZONE, Plan
from mesoplan.domain.quantities import Length, Volume
from mesoplan.imaging.face_zones import zone_triangles
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.operations.refusals import OperationRefused
from tests.planning.hand_made import melasma_case, melasma_plan, shipped
from tests.planning.operations.drafts import applied, clearance_mm, on_abdomen, point, points_of, two_syringes

Sent = dict[str, Any]
TXA = "tranexamic-acid-4"
STOCK = "tranexamic-acid-100"
IN_THE_LIPS = {"triangle": int(zone_triangles("lips")[0]), "weights": [0.3, 0.3, 0.4]}
ON_THE_NOSE = {"triangle": int(zone_triangles("nose")[0]), "weights": [0.3, 0.3, 0.4]}
ON_THE_FOREHEAD = {"triangle": int(zone_triangles("forehead")[16]), "weights": [0.3, 0.3, 0.4]}


def to_set(scope: str | Sent, field: str, value: Any, unit: str | None = None) -> Sent:
    where = {"kind": scope} if isinstance(scope, str) else scope
    return {"op": "set", "scope": where, "field": field, "value": value, "unit": unit}


def zone(name: str) -> Sent:
    return {"kind": "zone", "zone": name}


def the_points(first: int, last: int) -> Sent:
    return {"kind": "points", "points": [str(one) for one in range(first, last + 1)]}


def ids(first: int, last: int) -> list[str]:
    return [str(one) for one in range(first, last + 1)]


DONE: list[tuple[Sent, str]] = [
    ({"op": "shift", "points": ["30"], "right_mm": 2, "up_mm": 1}, "Moved 1 point."),
    ({"op": "shift", "points": ["30", "31", "30"], "right_mm": 2, "up_mm": 0, "along": "front"}, "Moved 2 points."),
    (
        {"op": "shift", "points": ["1", "2"], "right_mm": 0, "up_mm": 40},
        "Moved 2 points. Points 1, 2 stopped 5 mm from Periorbital, inside the orbital rim, right, which takes no "
        "injection.",
    ),
    ({"op": "move", "point": "30", "to": ON_THE_FOREHEAD}, "Moved 1 point."),
    ({"op": "move", "point": "60", "to": ON_THE_NOSE}, "Moved 1 point. Point 60 stopped at the edge of Chin."),
    ({"op": "add", "zone": "forehead", "points": [{"at": ON_THE_FOREHEAD}]}, "Added 1 point."),
    ({"op": "remove", "points": ["3", "4", "60"]}, "Removed 3 points."),
    ({"op": "lock", "points": ["3"]}, "Locked 1 point."),
    ({"op": "lock", "points": ["3"], "locked": False}, "Unlocked 1 point."),
    (to_set("plan", "volume_per_point", 0.04, "mL"), "Set volume per point of all zones to 0.04 mL."),
    (to_set("plan", "volume_per_point", "40 uL"), "Set volume per point of all zones to 0.04 mL."),
    (to_set("plan", "volume_per_point", "0,04", "mL"), "Set volume per point of all zones to 0.04 mL."),
    (to_set(zone("chin"), "angle", 15, "deg"), "Set angle of Chin to 15°."),
    (to_set(zone("chin"), "spacing", 8, "mm"), "Set spacing of Chin to 8.0 mm."),
    (to_set(the_points(56, 72), "inserted", 1.5, "mm"), "Set inserted length of Chin to 1.5 mm."),
    (to_set("plan", "needle", "32g-4"), "Set needle of all zones to 32 G, 4 mm."),
    (
        to_set({"kind": "preparation", "preparation": TXA}, "syringes", 6),
        "Set number of syringes of Tranexamic acid 4 mg/mL in saline to 6.",
    ),
    (to_set("plan", "note", "After the holidays."), "Set note of the plan."),
    (
        to_set("plan", "sessions", ["2027-01-05", "2026-12-01"]),
        "Set the sessions to 1 Dec 2026, 5 Jan 2027.",
    ),
    ({"op": "swap-date", "session": 2, "to": "2027-01-04"}, "Put session 2 on 4 Jan 2027."),
    (
        {"op": "swap-date", "session": 2, "to": "2027-01-04", "later_too": True},
        "Put session 2 and those after it on 4 Jan 2027.",
    ),
    ({"op": "add-zone", "zone": "nose"}, "Added Nose with 21 points."),
    ({"op": "remove-zone", "zone": "chin"}, "Removed Chin."),
]

REFUSED: list[tuple[Sent, str]] = [
    ({"op": "shift", "points": ["99"], "right_mm": 2, "up_mm": 1}, "Point 99 is not in the plan."),
    ({"op": "remove", "points": ["1", "98", "99"]}, "Points 98, 99 are not in the plan."),
    (
        {"op": "move", "point": "1", "to": {"x_mm": 0, "y_mm": 0}},
        "Malar, right lies on the face: a place there is a triangle with its weights.",
    ),
    (
        {"op": "add", "zone": "forehead", "points": [{"at": ON_THE_FOREHEAD}, {"at": IN_THE_LIPS}]},
        "1 of 2 places lie outside Forehead or in what is kept clear there. Nothing was added.",
    ),
    (
        {"op": "add", "zone": "nose", "points": [{"at": ON_THE_NOSE}]},
        "“nose” is not a zone of this plan. Zones: Malar, right; Malar, left; Forehead; Chin.",
    ),
    (
        {"op": "add", "zone": "forehead", "points": [{"at": ON_THE_FOREHEAD, "id": "5"}]},
        "Point 5: the number is taken. Leave it out and the next one is given.",
    ),
    (
        {"op": "add", "zone": "forehead", "points": [{"at": ON_THE_FOREHEAD}] * 1000},
        "Forehead has 31 points and takes 1000 at most, so 1000 more cannot be added. Add 969 at most.",
    ),
    (
        to_set("plan", "volume_per_point", 9, "mL"),
        "Volume per point must be between 0.001 and 5 mL. You wrote 9 mL.",
    ),
    (to_set("plan", "angle", -5, "deg"), "Angle must be between 0 and 90°. You wrote −5°."),
    (
        to_set("plan", "volume_per_point", 0.04),
        "Volume per point: 0.04 has no unit. Allowed: mL, ml, uL, µL, L.",
    ),
    (
        to_set("plan", "spacing", 3, "mL"),
        "Spacing: unit “mL” is not one of: mm, cm, um, µm.",
    ),
    (to_set("plan", "angle", float("nan"), "deg"), "Angle: a quantity in deg must be a finite number."),
    (
        to_set("plan", "inserted", 6, "mm"),
        "Malar, right: 6.0 mm are inserted and 30 G, 4 mm is 4 mm long. Set a shorter inserted length or a longer "
        "needle first.",
    ),
    (
        to_set(the_points(56, 60), "angle", 15, "deg"),
        "All 17 points of Chin share angle; 5 were named. Set it for the zone.",
    ),
    (
        to_set(zone("nose"), "angle", 15, "deg"),
        "“nose” is not a zone of this plan. Zones: Malar, right; Malar, left; Forehead; Chin.",
    ),
    (to_set("plan", "syringes", 2), "“Number of syringes” is set for a preparation."),
    (
        to_set({"kind": "preparation", "preparation": TXA}, "syringes", 2.5),
        "Number of syringes must be a whole number from 1 to 60. You wrote 2.5.",
    ),
    (
        to_set({"kind": "preparation", "preparation": "b"}, "syringes", 2),
        "“b” is not a preparation of this plan. Preparations: tranexamic-acid-4.",
    ),
    (to_set(zone("chin"), "sessions", ["2026-12-01"]), "“Sessions” is set for the plan."),
    (to_set("plan", "sessions", []), "A plan has at least one session. Enter its date."),
    (
        to_set("plan", "sessions", ["2026-12-01", "2026-12-01"]),
        "Two sessions fall on one day. Change one of them.",
    ),
    (
        to_set("plan", "sessions", ["1 December"]),
        "Sessions: “1 December” is not a date. Write it as 2026-11-30.",
    ),
    (
        {"op": "swap-date", "session": 3, "to": "2037-01-04"},
        "4 Jan 2037 is more than 10 years from the assessment of 20 Nov 2026. Choose a nearer day.",
    ),
    (to_set("plan", "title", " "), "A plan needs a title."),
    ({"op": "swap-date", "session": 9, "to": "2027-01-04"}, "There is no session 9; the plan has 3 sessions."),
    (
        {"op": "renew", "zone": "chin", "spacing": "0.5 mm"},
        "Spacing must be between 1 and 100 mm. You wrote 0.5 mm.",
    ),
    ({"op": "remove-zone", "zone": "nose"}, "“nose” is not a zone of this plan. Zones: Malar, right; Malar, left; "
     "Forehead; Chin."),
    ({"op": "undo"}, "Undo stands alone: send it as a batch of its own."),
]  # fmt: skip


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(("sent", "said"), DONE, ids=[said for _, said in DONE])
def test_an_operation_is_done_and_said(sent: Sent, said: str) -> None:
    assert spaced(applied(sent).note) == said


@pytest.mark.parametrize(("sent", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_an_operation_is_refused_with_what_is_allowed(sent: Sent, said: str) -> None:
    with pytest.raises(OperationRefused) as refused:
        applied(sent)
    assert spaced(str(refused.value)) == said


def test_a_zone_that_cannot_be_added_is_refused_with_those_that_can() -> None:
    with pytest.raises(OperationRefused, match=r"“lips” cannot be added\. Allowed: Glabella; ") as refused:
        applied({"op": "add-zone", "zone": "lips"})
    assert "nose" in refused.value.allowed
    assert "lips" not in refused.value.allowed


UNREADABLE: list[Sent] = [
    {"op": "explode"},
    {"op": "shift", "points": [], "right_mm": 1, "up_mm": 1},
    {"op": "shift", "points": ["1"], "right_mm": float("nan"), "up_mm": 1},
    {"op": "shift", "points": ["1"], "right_mm": 1e9, "up_mm": 1},
    {"op": "move", "point": "1", "to": {"triangle": 964, "weights": [1, 0, 0]}},
    {"op": "move", "point": "1", "to": {"triangle": 1, "weights": [1, 1, 1]}},
    {"op": "move", "point": "1", "to": {"triangle": 1, "weights": [1, 0, 0]}, "force": True},
    to_set("plan", "zone", "chin"),
    to_set("plan", "volume_per_point", True, "mL"),
]


@pytest.mark.parametrize("sent", UNREADABLE, ids=repr)
def test_what_is_no_operation_is_not_read(sent: Sent) -> None:
    with pytest.raises(ValidationError):
        applied(sent)


def test_all_or_none_and_the_refused_one_is_named() -> None:
    good = {"op": "remove", "points": ["1"]}
    with pytest.raises(OperationRefused) as refused:
        applied(good, good, {"op": "remove", "points": ["2"]})
    assert (refused.value.index, refused.value.op, refused.value.points) == (1, "remove", ("1",))
    assert str(refused.value) == "Change 2 of 3, so none was made: Point 1 is not in the plan any more: removed."


def test_a_batch_is_named_by_all_that_it_does() -> None:
    done = applied(
        {"op": "move", "point": "30", "to": ON_THE_FOREHEAD},
        {"op": "shift", "points": ["31"], "right_mm": 1, "up_mm": 0},
        {"op": "remove", "points": ["1"]},
        to_set(zone("chin"), "angle", 15, "deg"),
    )
    assert spaced(done.name) == "move 2 points, remove 1 point and set angle of Chin"
    assert spaced(done.note) == "Moved 2 points, removed 1 point and set angle of Chin to 15°."


def test_what_is_moved_added_and_removed_is_known_by_its_origin() -> None:
    done = applied(
        {"op": "shift", "points": ["30"], "right_mm": 1, "up_mm": 0},
        {"op": "add", "zone": "forehead", "points": [{"at": ON_THE_FOREHEAD}]},
        {"op": "shift", "points": ["73"], "right_mm": 1, "up_mm": 0},
        {"op": "remove", "points": ["31"]},
    )
    assert point(done.plan, "30").origin == "moved"
    assert point(done.plan, "73").origin == "added", "an added point that is moved stays an added one"
    assert done.added == ("73",)
    (marker,) = done.plan.placements[2].removed
    assert (marker.id, marker.at, marker.spacing) == ("31", point(melasma_plan(), "31").at, Length(10.0))


def test_an_added_point_leaves_no_marker_and_a_number_is_not_given_twice() -> None:
    done = applied(
        {"op": "remove", "points": ["72"]},
        {"op": "add", "zone": "forehead", "points": [{"at": ON_THE_FOREHEAD}, {"at": ON_THE_FOREHEAD}]},
        {"op": "remove", "points": ["73"]},
    )
    assert [one.id for one in points_of(done.plan, "forehead")][-1] == "74"
    assert [one.id for placement in done.plan.placements for one in placement.removed] == ["72"]


def test_a_locked_point_is_neither_moved_nor_removed() -> None:
    locked = applied({"op": "lock", "points": ["30"]}).plan
    for op in (
        {"op": "shift", "points": ["30", "31"], "right_mm": 1, "up_mm": 0},
        {"op": "move", "point": "30", "to": ON_THE_FOREHEAD},
        {"op": "remove", "points": ["30"]},
    ):
        with pytest.raises(OperationRefused, match=r"Point 30 is locked\. Unlock it first\."):
            applied(op, plan=locked)
    freed = applied({"op": "lock", "points": ["30"], "locked": False}, {"op": "remove", "points": ["30"]}, plan=locked)
    assert freed.plan.punctures() == melasma_plan().punctures() - 1


def test_a_point_stops_at_the_edge_and_the_place_is_told() -> None:
    done = applied({"op": "move", "point": "8", "to": IN_THE_LIPS})
    (stopped,) = done.stopped
    assert (stopped.point, stopped.at) == ("8", point(done.plan, "8").at)
    assert clearance_mm([point(done.plan, "8")], melasma_case()) >= -1e-6


def test_values_never_move_points() -> None:
    done = applied(
        to_set("plan", "volume_per_point", 0.02, "mL"),
        to_set("plan", "angle", 10, "deg"),
        to_set("plan", "spacing", 6, "mm"),
        to_set("plan", "edge_margin", 6, "mm"),
    ).plan
    assert [one.points for one in done.placements] == [one.points for one in melasma_plan().placements]
    assert {one.volume_per_point for one in done.placements} == {Volume(0.02)}


def test_the_recipe_follows_when_it_is_made_up_again() -> None:
    fewer = applied({"op": "remove-zone", "zone": "forehead"})
    again = applied({"op": "make-up"}, plan=fewer.plan)
    assert fewer.plan.preparations == melasma_plan().preparations
    assert again.plan.preparations[0].volume() < melasma_plan().preparations[0].volume()
    assert spaced(again.note) == (
        "Made up the recipe again. Tranexamic acid 4 mg/mL in saline: 2.25 mL in 3 syringes of 1.00 mL."
    )


def test_with_two_syringes_a_new_point_says_from_which() -> None:
    new = {"op": "add", "zone": "forehead", "points": [{"at": ON_THE_FOREHEAD}]}
    with pytest.raises(OperationRefused, match="Say from which syringe: Glutathione, reduced; Ascorbic acid"):
        applied(new, plan=two_syringes())
    name = two_syringes().preparations[1].id
    done = applied({**new, "preparation": name}, plan=two_syringes())
    counts = {one.preparation: len(one.points) for one in done.plan.placements if one.zone == "forehead"}
    assert counts == {two_syringes().preparations[0].id: 16, name: 16}


def test_the_last_zone_stays() -> None:
    with pytest.raises(OperationRefused, match="is the last zone of the plan"):
        applied({"op": "remove-zone", "zone": "abdomen"}, plan=on_abdomen())


@pytest.mark.parametrize(
    ("right_mm", "up_mm", "comes_to", "stops"),
    [(3, -2, (3, -2), False), (400, 0, (75, 0), True), (-400, 400, (-75, 50), True)],
)
def test_a_flat_patch_ends_at_its_border(
    right_mm: float, up_mm: float, comes_to: tuple[float, float], stops: bool
) -> None:
    plan = applied({"op": "move", "point": "1", "to": {"x_mm": 0, "y_mm": 0}}, plan=on_abdomen()).plan
    done = applied({"op": "shift", "points": ["1"], "right_mm": right_mm, "up_mm": up_mm}, plan=plan)
    at = point(done.plan, "1").at
    assert (at.model_dump()["x_mm"], at.model_dump()["y_mm"]) == pytest.approx(comes_to, abs=0.001)
    assert ["Abdomen" in one.why for one in done.stopped] == [True] * stops


def test_a_thousand_points_fit_and_one_more_does_not() -> None:
    empty = applied({"op": "remove", "points": ids(2, 10)}, plan=on_abdomen()).plan
    pasted = [{"at": {"x_mm": -70 + 4 * (n % 36), "y_mm": -40 + 2.5 * (n // 36)}} for n in range(1000)]
    full = applied({"op": "add", "zone": "abdomen", "points": pasted[:999]}, plan=empty).plan
    assert full.punctures() == MAX_POINTS_IN_A_ZONE
    with pytest.raises(OperationRefused, match="takes 1000 at most, so 1000 more cannot be added"):
        applied({"op": "add", "zone": "abdomen", "points": pasted}, plan=empty)


def test_a_plan_without_any_point_is_still_evaluated() -> None:
    empty = applied({"op": "remove", "points": ids(1, 72)}).plan
    assert evaluate(melasma_case(), empty, shipped()).burden.punctures_per_session == 0


def test_a_plan_stored_before_locks_and_markers_still_loads() -> None:
    stored = melasma_plan().model_dump(mode="json")
    for placement in stored["placements"]:
        del placement["removed"]
        for one in placement["points"]:
            del one["locked"]
    assert Plan.model_validate(stored) == melasma_plan()
