"""The points of a patient's plan on the photos of any visit: places on the mesh, so on the same skin each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _

from mesoplan.clinic.courses.models import Plan as PlanRow
from mesoplan.clinic.courses.models import Revision
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos.measuring import MeshOnPhoto
from mesoplan.clinic.shell.writing import date_text
from mesoplan.domain.face import VERTEX_COUNT
from mesoplan.domain.plan import OnMesh, Plan
from mesoplan.imaging.face_pose import upright
from mesoplan.imaging.face_shape import FaceShape
from mesoplan.imaging.face_view import see_places
from mesoplan.imaging.forehead import with_forehead
from mesoplan.imaging.placement import FacePoints
from mesoplan.planning.point_numbers import NumberedPoint, numbered_points
from mesoplan.workflow import PlanState

_RIGHT_EAR, _LEFT_EAR, _FACE_WIDTH_MM = 234, 454, 140.0


@dataclass(frozen=True)
class PlannedPoint:
    """Where a point lies on a photo, in pixels."""

    label: str
    x: str
    y: str


@dataclass(frozen=True)
class PlannedPoints:
    """A plan whose points can be shown, and its points."""

    title: str
    points: Sequence[NumberedPoint]

    def on(self, mesh: MeshOnPhoto) -> list[PlannedPoint]:
        """The points that a photo shows; those on skin that is turned away or covered are left out."""
        places = FacePoints.of(
            (at.triangle, at.weights) for at in (p.point.at for p in self.points) if isinstance(at, OnMesh)
        )
        points = with_forehead(upright(mesh.points_px[:VERTEX_COUNT]))
        # About millimetres: enough to tell what covers what.
        mm_per_px = _FACE_WIDTH_MM / float(np.linalg.norm(points[_RIGHT_EAR] - points[_LEFT_EAR]))
        face = FaceShape(points * mm_per_px, None).as_seen(mesh.view)
        seen = see_places(mesh.view, places.triangles, places.weights, face)
        rows = zip(self.points, (seen.xy_mm / mm_per_px).tolist(), seen.hidden.tolist(), strict=True)
        return [PlannedPoint(one.label, f"{x:.0f}", f"{-y:.0f}") for one, (x, y), hidden in rows if not hidden]


def planned_points(patient: Patient) -> PlannedPoints | None:
    """Those of the plan that is signed, else of the draft that was changed last; none without points on the face."""
    signed = Revision.objects.filter(plan__course__patient=patient, plan__state=PlanState.SIGNED).order_by("-made_at")
    revision = signed.select_related("plan").first()
    if revision is not None:
        told = {"number": revision.number, "day": date_text(timezone.localdate(revision.made_at))}
        return _planned(_("Points of plan r%(number)s, signed %(day)s") % told, revision.content)
    drafts = PlanRow.objects.filter(course__patient=patient, state=PlanState.DRAFT).order_by("-changed_at")
    draft = drafts.first()
    return _planned(_("Points of the draft"), draft.plan) if draft else None


def _planned(title: str, content: object) -> PlannedPoints | None:
    found = [one for one in numbered_points(Plan.model_validate(content)) if isinstance(one.point.at, OnMesh)]
    return PlannedPoints(title, found) if found else None
