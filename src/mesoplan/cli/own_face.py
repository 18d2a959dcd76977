"""The face that several photos make together: read, written for a case, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mesoplan.cli.photo_zones import HEADING, LEAST_COLUMN
from mesoplan.cli.reading import picture_of, today, write_whole
from mesoplan.domain.face import OwnFace
from mesoplan.domain.quantities import Area
from mesoplan.domain.writing import area_text
from mesoplan.imaging.face_shape import own_face_shape
from mesoplan.imaging.face_zones import face_zone_ids, zone_area_on_cm2
from mesoplan.imaging.own_face import own_face
from mesoplan.imaging.photo_zones import MeasuredFace, measure_face
from mesoplan.knowledge.base import Knowledge


def face_record(first: MeasuredFace, others: Sequence[str], measures: Mapping[str, float | None]) -> OwnFace:
    """Return the face of a photo and of others of the same face.

    Raises
    ------
    FaceRefused, ViewsRefused
        If one of them shows no face that can be measured, or they do not make one face.
    """
    faces = [first, *(measure_face(picture_of(name), **measures) for name in others)]
    return own_face(faces, on=today()).record


def write_face(name: str, face: OwnFace) -> None:
    """Write the face as a case has it under “patient.face”."""
    write_whole(name, f"{face.model_dump_json()}\n".encode())


def together_text(face: OwnFace, knowledge: Knowledge) -> str:
    """Return the area of each zone on the whole face, and the view that told it."""
    vertices_mm = own_face_shape(face).vertices_mm
    titles = {zone: knowledge.zones[zone].title for zone in face_zone_ids()}
    column = max(LEAST_COLUMN, *map(len, titles.values())) + 2
    rows = []
    for zone, title in titles.items():
        told = face.zones.get(zone)
        text = "not assessable from these photos"
        if told is not None:
            area = Area(zone_area_on_cm2(zone, vertices_mm))
            text = f"{area_text(area, area * told.error)}, from the {told.view.value.replace('-', ' ')}"
        rows.append(f"{title:{column}}{text}")
    return "\n".join([f"{HEADING:{column}}Area on the face of all photos", *rows])
