"""Drafts to edit: the melasma plan on the face, one by hand on the abdomen, and operations as a browser sends them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from mesoplan.domain.case import Case
from mesoplan.domain.edits import Batch, Operation
from mesoplan.domain.plan import OnMesh, Plan, Point
from mesoplan.imaging.face_shape import template_face
from mesoplan.imaging.placement import FacePoints, Obstacles, obstacle_clearance_on_mm
from mesoplan.planning.operations.apply import Applied, apply
from mesoplan.planning.operations.log import Draft, Taken, take
from mesoplan.planning.placement import template_scale
from mesoplan.planning.propose import propose
from tests.planning.hand_made import melasma_case, melasma_plan, plan_by_hand, shipped

ABDOMEN_AREA_CM2 = 150.0
SALINE = {"sodium-chloride-0.9": 1.0}
_OPERATIONS = TypeAdapter(tuple[Operation, ...])


def read(*operations: dict[str, Any]) -> tuple[Operation, ...]:
    """Return operations from what a browser sends."""
    return _OPERATIONS.validate_python(operations)


def applied(*operations: dict[str, Any], plan: Plan | None = None, case: Case | None = None) -> Applied:
    """Return what operations come to on the melasma plan, or another one."""
    return apply(plan or melasma_plan(), read(*operations), case or melasma_case(), shipped())


def taken(
    draft: Draft, client: str, seq: int, *operations: dict[str, Any], by: str = "", base: int | None = None
) -> Taken:
    """Return a draft after a batch; without a name the client is the person."""
    batch = Batch.model_validate(
        {"client": client, "seq": seq, "by": by or f"Dr {client}", "base": base, "ops": operations}
    )
    return take(draft, batch, melasma_case(), shipped())


@cache
def two_syringes() -> Plan:
    """Return the plan proposed for the melasma case whose points two syringes take in turn."""
    found = propose(melasma_case(), shipped())
    (plan,) = (one.plan for one in found.proposals if one.protocol == "melasma-glutathione-ascorbic-acid")
    return plan


def points_of(plan: Plan, zone: str) -> list[Point]:
    """Return the points of a zone, over all its syringes."""
    return [point for placement in plan.placements if placement.zone == zone for point in placement.points]


def point(plan: Plan, name: str) -> Point:
    """Return the point of that number."""
    (found,) = (one for placement in plan.placements for one in placement.points if one.id == name)
    return found


def clearance_mm(points: Sequence[Point], case: Case) -> float:
    """Return how far the nearest of some points on the face stays outside of what is kept clear."""
    factor = template_scale(case).factor
    places = FacePoints.of((one.at.triangle, one.at.weights) for one in points if isinstance(one.at, OnMesh))
    return float(
        obstacle_clearance_on_mm(places.positions_mm(factor), template_face(factor).vertices_mm, Obstacles()).min()
    )


def on_abdomen(**changes: Any) -> Plan:
    """Return a plan of ten points on a flat patch of 150 cm², 150 mm wide and 100 mm high."""
    return plan_by_hand(SALINE, area_cm2=ABDOMEN_AREA_CM2, **changes)
