"""Any sequence of operations by two people: nothing lost, nothing twice, no point where it may not be."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.domain.edit_log import EditLog
from mesoplan.domain.edits import Batch
from mesoplan.domain.plan import MAX_POINTS_IN_A_ZONE, OnMesh, Plan
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, zone_of_triangles, zone_triangles
from mesoplan.imaging.placement import FacePoints
from mesoplan.knowledge.plan_reading import plan_problems
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.kept_clear import inside_of
from mesoplan.planning.operations.apply import apply
from mesoplan.planning.operations.changes import changes_between, out_of_step, reversed_changes, with_changes
from mesoplan.planning.operations.differences import differences
from mesoplan.planning.operations.log import Draft, take
from mesoplan.planning.operations.refusals import ChangedSince, OperationRefused
from mesoplan.planning.outlines import outline_problems
from mesoplan.planning.placement import outside_zone, template_scale
from tests.imaging.outlines import stretched
from tests.planning.hand_made import melasma_case, melasma_plan, shipped
from tests.planning.operations.drafts import clearance_mm, read, two_syringes

ZONES = ("malar-right", "malar-left", "forehead", "chin")
OTHER_ZONES = ("nose", "perioral", "glabella", "temple-left")
SCOPES = st.one_of(
    st.just({"kind": "plan"}),
    st.sampled_from([*ZONES, "nose"]).map(lambda zone: {"kind": "zone", "zone": zone}),
)
IDS = st.integers(1, 80).map(str)
SOME_IDS = st.lists(IDS, min_size=1, max_size=6)
MILLIMETRES = st.floats(-60, 60, allow_nan=False)
PLACES = st.builds(
    lambda triangle, a, b: {"triangle": triangle, "weights": [a * b, a * (1 - b), 1 - a]},
    st.integers(0, 897),
    st.floats(0, 1),
    st.floats(0, 1),
)
ADDED = st.sampled_from(ZONES).flatmap(
    lambda zone: st.tuples(
        st.just(zone),
        st.lists(st.sampled_from(zone_triangles(zone).tolist()), min_size=1, max_size=3),
        st.integers(0, 1),
    )
)
VALUES = st.one_of(
    st.tuples(st.just("volume_per_point"), st.floats(0.001, 0.2), st.just("mL")),
    st.tuples(st.just("angle"), st.floats(0, 90), st.just("deg")),
    st.tuples(st.just("inserted"), st.floats(0.1, 5), st.just("mm")),
    st.tuples(st.just("spacing"), st.floats(2, 30), st.just("mm")),
    st.tuples(st.just("needle"), st.sampled_from(["30g-4", "32g-4", "30g-13", "none"]), st.none()),
)
DAYS = st.one_of(st.dates(), st.dates(date(2026, 11, 20), date(2028, 1, 1))).map(lambda day: day.isoformat())
OUTLINES = st.tuples(st.sampled_from([*ZONES, "nose"]), st.lists(st.floats(0.5, 1.2), min_size=1, max_size=5))
OPERATIONS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(lambda name, to: {"op": "move", "point": name, "to": to}, IDS, PLACES),
    st.builds(
        lambda ids, x, y, along: {"op": "shift", "points": ids, "right_mm": x, "up_mm": y, "along": along},
        SOME_IDS, MILLIMETRES, MILLIMETRES, st.sampled_from(["skin", "front", "right-oblique", "left-oblique"]),
    ),
    ADDED.map(
        lambda found: {
            "op": "add",
            "zone": found[0],
            "preparation": melasma_plan().preparations[0].id if found[2] else None,
            "points": [{"at": {"triangle": one, "weights": [0.3, 0.3, 0.4]}} for one in found[1]],
        }
    ),
    st.builds(lambda ids: {"op": "remove", "points": ids}, SOME_IDS),
    st.builds(lambda ids, on: {"op": "lock", "points": ids, "locked": on}, SOME_IDS, st.booleans()),
    st.builds(
        lambda scope, value: {"op": "set", "scope": scope, "field": value[0], "value": value[1], "unit": value[2]},
        SCOPES, VALUES,
    ),
    st.builds(
        lambda zone, hand, spacing, pattern: {
            "op": "renew", "zone": zone, "hand_edits": hand, "spacing": f"{spacing} mm", "pattern": pattern
        },
        st.sampled_from([*ZONES, "nose"]), st.sampled_from(["keep", "drop"]), st.sampled_from([6, 7.5, 10, 14]),
        st.sampled_from([None, "hexagonal", "lines"]),
    ),
    st.builds(
        lambda ids, radius: {"op": "keep-clear", "points": ids, "radius": f"{radius} mm"},
        SOME_IDS, st.sampled_from([0.5, 5, 20, 50]),
    ),
    st.builds(lambda at: {"op": "keep-clear", "at": [at]}, PLACES),
    st.builds(
        lambda number, radius: {"op": "keep-clear", "places": [f"k{number}"], "radius": f"{radius} mm"},
        st.integers(1, 3), st.sampled_from([2, 9, 30]),
    ),
    st.lists(st.integers(1, 4).map("k{}".format), min_size=1, max_size=2).map(
        lambda places: {"op": "open-again", "places": places}
    ),
    st.sampled_from(OTHER_ZONES).map(lambda zone: {"op": "add-zone", "zone": zone}),
    st.sampled_from([*ZONES, "nose"]).map(lambda zone: {"op": "remove-zone", "zone": zone}),
    OUTLINES.map(
        lambda found: {
            "op": "reshape-zone", "zone": found[0], "corners": [one.model_dump() for one in stretched(*found)]
        }
    ),
    st.sampled_from(ZONES).map(lambda zone: {"op": "reshape-zone", "zone": zone, "corners": None}),
    st.just({"op": "make-up"}),
    st.builds(
        lambda number, to, later: {"op": "swap-date", "session": number, "to": to, "later_too": later},
        st.integers(1, 4), DAYS, st.booleans(),
    ),
)  # fmt: skip
TURNS: st.SearchStrategy[dict[str, Any]] = st.sampled_from([{"op": "undo"}, {"op": "redo"}])
BATCHES = st.lists(OPERATIONS, min_size=1, max_size=3)
PLANS = st.sampled_from([melasma_plan, two_syringes]).map(lambda plan: plan())


def done(draft: Draft, client: str, seq: int, ops: list[dict[str, Any]]) -> Draft | None:
    """Return the draft after a batch; None where it was refused."""
    batch = Batch.model_validate({"client": client, "seq": seq, "by": client, "ops": ops})
    try:
        return take(draft, batch, melasma_case(), shipped()).draft
    except (OperationRefused, ChangedSince):
        return None


def edited(plan: Plan, batches: list[list[dict[str, Any]]]) -> list[Plan]:
    """Return the plan after each batch that was not refused, the first one before any."""
    plans = [plan]
    for batch in batches:
        try:
            plans.append(apply(plans[-1], read(*batch), melasma_case(), shipped()).plan)
        except OperationRefused:
            continue
    return plans


def is_reshaped(batches: list[list[dict[str, Any]]]) -> bool:
    return any(op["op"] == "reshape-zone" for batch in batches for op in batch)


def check_points(plan: Plan, *, reshaped: bool) -> None:
    """No point where none may be, of another zone too; counts and volumes agree; a number names one point.

    A locked point may be in a place kept clear. Where a zone was reshaped, what hands set or locked may be left outside
    of it, and that is all.
    """
    points = [point for placement in plan.placements for point in placement.points]
    assert len({point.id for point in points}) == len(points) == plan.punctures()
    for placement in plan.placements:
        outside = outside_zone(placement, melasma_case(), shipped())
        lost = [one for one in placement.points if one.id in outside]
        assert not lost or (reshaped and all(one.locked or one.origin != "lattice" for one in lost))
        assert placement.volume().value == pytest.approx(placement.volume_per_point.value * len(placement.points))
    for zone in {placement.zone for placement in plan.placements}:
        assert sum(len(one.points) for one in plan.placements if one.zone == zone) <= MAX_POINTS_IN_A_ZONE
    zones = {zone_of_triangles()[point.at.triangle] for point in points if isinstance(point.at, OnMesh)}
    assert not zones & set(NO_INJECTION_ZONES)
    for marked in plan.kept_clear:
        for placement in plan.placements:
            inside = inside_of(marked, placement.zone, placement.points, melasma_case()).tolist()
            assert all(point.locked for point, one in zip(placement.points, inside, strict=True) if one)
    if points:
        assert clearance_mm(points, melasma_case()) >= -1e-5


@given(PLANS, st.lists(BATCHES, max_size=5))
def test_no_sequence_puts_a_point_where_it_may_not_be(plan: Plan, batches: list[list[dict[str, Any]]]) -> None:
    for after in edited(plan, batches):
        check_points(after, reshaped=is_reshaped(batches))
        assert list(outline_problems(after, melasma_case(), shipped())) == []
        assert list(plan_problems(after, melasma_case(), shipped())) == []
        assert Plan.model_validate_json(after.model_dump_json()) == after


@given(PLANS, st.lists(BATCHES, max_size=4))
def test_whatever_was_done_is_evaluated_and_told(plan: Plan, batches: list[list[dict[str, Any]]]) -> None:
    after = edited(plan, batches)[-1]
    found = evaluate(melasma_case(), after, shipped())
    injected = sum(placement.volume().value for placement in after.placements)
    assert found.burden.punctures_per_session == after.punctures()
    assert found.burden.injected_ml_per_session == pytest.approx(injected, abs=1e-3)
    assert bool(differences(plan, after, melasma_case(), shipped())) == (plan != after)


@given(PLANS, st.lists(BATCHES, max_size=6))
def test_undoing_all_gives_the_plan_back_and_redoing_all_repeats_it(
    plan: Plan, batches: list[list[dict[str, Any]]]
) -> None:
    draft, seq = Draft(plan), 0
    for ops in batches:
        after = done(draft, "a", seq + 1, ops)
        if after is not None:
            draft, seq = after, seq + 1
    last = draft.plan
    for turn, wanted in (("undo", plan), ("redo", last), ("undo", plan)):
        while (after := done(draft, "a", seq + 1, [{"op": turn}])) is not None:
            draft, seq = after, seq + 1
        assert draft.plan == wanted


@given(PLANS, st.lists(st.tuples(st.sampled_from("ab"), BATCHES | TURNS.map(lambda turn: [turn])), max_size=8))
def test_two_people_never_lose_or_repeat_anything(plan: Plan, sent: list[tuple[str, list[dict[str, Any]]]]) -> None:
    draft, seqs = Draft(plan), {"a": 0, "b": 0}
    for client, ops in sent:
        after = done(draft, client, seqs[client] + 1, ops)
        if after is None:
            continue
        seqs[client] += 1
        check_points(after.plan, reshaped=is_reshaped([ops for _, ops in sent]))
        assert done(after, client, seqs[client], ops) == after, "sent twice, done once"
        assert EditLog.model_validate_json(after.log.model_dump_json()) == after.log
        steps = after.log.steps[len(draft.log.steps) :]
        assert (after.plan == draft.plan) == (steps == ())
        draft = after
    replayed = plan
    for step in draft.log.steps:
        assert out_of_step(replayed, step.changes) == []
        replayed = with_changes(replayed, step.changes)
    assert replayed == draft.plan, "the log tells all that was done"


@given(PLANS, st.lists(BATCHES, max_size=3))
def test_changes_lead_from_one_plan_to_the_other_and_back(plan: Plan, batches: list[list[dict[str, Any]]]) -> None:
    after = edited(plan, batches)[-1]
    changes = changes_between(plan, after)
    assert with_changes(plan, changes) == after
    assert with_changes(after, reversed_changes(changes)) == plan


@given(SOME_IDS, MILLIMETRES, MILLIMETRES)
def test_there_and_back_along_the_skin_comes_home(ids: list[str], right: float, up: float) -> None:
    """Where no point stopped, the way back ends within a twentieth of a millimetre of the start: less than a hair."""
    there: dict[str, Any] = {"op": "shift", "points": ids, "right_mm": right / 10, "up_mm": up / 10}
    back = {**there, "right_mm": -right / 10, "up_mm": -up / 10}
    try:
        found = apply(melasma_plan(), read(there, back), melasma_case(), shipped())
    except OperationRefused:
        return
    stopped = {one.point for one in apply(melasma_plan(), read(there), melasma_case(), shipped()).stopped}
    for before, after in zip(melasma_plan().placements, found.plan.placements, strict=True):
        for was, now in zip(before.points, after.points, strict=True):
            if was.id not in stopped:
                assert isinstance(was.at, OnMesh)
                assert isinstance(now.at, OnMesh)
                assert apart_mm(was.at, now.at) < 0.05


def apart_mm(one: OnMesh, other: OnMesh) -> float:
    places = FacePoints.of((place.triangle, place.weights) for place in (one, other))
    first, second = places.positions_mm(template_scale(melasma_case()).factor)
    return float(((first - second) ** 2).sum() ** 0.5)
