"""Where a place lies, in words: from the midline and the pupils, or from the centre of a flat patch."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mesoplan.clinic.shell.writing import quantity_text
from mesoplan.domain.case import Case
from mesoplan.imaging.face_landmarks import landmark_on
from mesoplan.planning.placement import face_of


def pupils_mm(case: Case) -> float:
    """The height of the pupils, from which heights on the face are told."""
    vertices_mm = face_of(case).vertices_mm
    return sum(float(landmark_on("mid-pupil", side, vertices_mm)[1]) for side in ("right", "left")) / 2


def across_text(x_mm: float, *, flat: bool) -> str:
    """The patient's own side of the midline; on a flat patch the side of the drawing."""
    distance = {"distance": quantity_text(abs(x_mm), "mm", decimals=0)}
    if flat and x_mm > 0:
        return _("%(distance)s right of the centre") % distance
    if flat:
        return _("%(distance)s left of the centre") % distance
    if x_mm < 0:
        return _("%(distance)s right of the midline") % distance
    return _("%(distance)s left of the midline") % distance


def height_text(y_mm: float, *, flat: bool) -> str:
    """How far above or below the pupils; on a flat patch, its centre."""
    distance = {"distance": quantity_text(abs(y_mm), "mm", decimals=0)}
    if flat:
        return (_("%(distance)s above the centre") if y_mm >= 0 else _("%(distance)s below the centre")) % distance
    return (_("%(distance)s above the pupils") if y_mm >= 0 else _("%(distance)s below the pupils")) % distance
