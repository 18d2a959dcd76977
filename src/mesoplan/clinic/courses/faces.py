"""The face as the pages draw it."""

from __future__ import annotations

from mesoplan.domain.case import Case
from mesoplan.imaging.face_shape import FaceShape
from mesoplan.planning.placement import face_of


def drawn_face(case: Case) -> FaceShape:
    """The face that a plan is on."""
    return face_of(case)
