"""What a photo says in millimetres, as it is stored, and what the photos of a set say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mesoplan.clinic.photos.models import Photo, PhotoSet, View
from mesoplan.domain.face import FaceView, OwnFace
from mesoplan.imaging.clicked_face import LANDMARKS, ClickedFace, Clicks, clicked_face
from mesoplan.imaging.face_pose import Expression, EyeMeasures, Pose
from mesoplan.imaging.face_shape import own_face_shape
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, face_zone_ids, zone_area_on_cm2
from mesoplan.imaging.own_face import OBLIQUE_ERROR, ViewRefusal, ViewsRefused, own_face, view_of
from mesoplan.imaging.photo_face import PhotoFace, PhotoQuality
from mesoplan.imaging.photo_scale import PhotoScale, PhotoScaleSource
from mesoplan.imaging.photo_zones import MeasuredFace, face_in_mm
from mesoplan.kernels.mesh import Floats

Document = dict[str, Any]
SIX = len(LANDMARKS)
_DECIMALS = 2


@dataclass(frozen=True, eq=False)
class SetFace:
    """The face that the photos of a set make together, or why they make none."""

    record: OwnFace | None = None
    refusal: ViewRefusal | None = None
    refusal_text: str = ""


@dataclass(frozen=True)
class ZoneOfFace:
    """A zone on the face of a set: its area with what it may be off by, and the view that tells it; or none."""

    zone_id: str
    area_cm2: float | None = None
    error_cm2: float | None = None
    view: View | None = None

    @property
    def takes_injection(self) -> bool:
        return self.zone_id not in NO_INJECTION_ZONES

    @property
    def shown_from(self) -> View | None:
        """The view that would tell a zone that lies at a side."""
        base, _, side = self.zone_id.rpartition("-")
        return View(f"{side}-oblique") if base in OBLIQUE_ERROR else None


def document_of(face: MeasuredFace) -> Document:
    """All that was measured of one photo, to be stored beside it."""
    photo = face.photo
    return {
        "points_px": np.round(photo.points_px, _DECIMALS).tolist(),
        "presence": photo.presence,
        "pose": asdict(photo.pose),
        "expression": asdict(photo.expression),
        "eyes": asdict(photo.eyes),
        "quality": asdict(photo.quality),
        "model_sha256": photo.model_sha256,
        "scale": {**asdict(face.scale), "source": face.scale.source.value},
    }


def face_of(document: Document) -> MeasuredFace:
    """The face as it was measured."""
    scale = {**document["scale"], "source": PhotoScaleSource(document["scale"]["source"])}
    photo = PhotoFace(
        points_px=np.array(document["points_px"], dtype=np.float64),
        presence=document["presence"],
        pose=Pose(**document["pose"]),
        expression=Expression(**document["expression"]),
        eyes=EyeMeasures(**document["eyes"]),
        quality=PhotoQuality(**document["quality"]),
        model_sha256=document["model_sha256"],
    )
    return face_in_mm(photo, PhotoScale(**scale))


def measured(photos: Sequence[Photo]) -> dict[View, MeasuredFace]:
    """The faces of those photos that could be measured, from the front first."""
    found = {View(photo.view): face_of(photo.measurement) for photo in photos if photo.measurement}
    return {view: found[view] for view in View if view in found}


def face_together(photo_set: PhotoSet, photos: Sequence[Photo]) -> SetFace:
    """One face out of the photos of a set: by what was found on them, or by six points on the front."""
    clicked = next((clicked_on(photo) for photo in photos if photo.view == View.FRONT), None)
    if clicked is not None:
        return SetFace(clicked.record.model_copy(update={"photos": photo_set.address}))
    faces = measured(photos)
    try:
        record = own_face(list(faces.values()), on=photo_set.taken_on).record
        return SetFace(record.model_copy(update={"photos": photo_set.address}))
    except ViewsRefused as refused:
        return SetFace(None, refused.code, str(refused))


@dataclass(frozen=True, eq=False)
class MeshOnPhoto:
    """Where the mesh lies on a photo (at least 468 points in pixels), and which view that photo shows."""

    view: FaceView
    points_px: Floats


def mesh_on(photo: Photo) -> MeshOnPhoto | None:
    """The mesh as it was found on a photo, or as six points lay it there."""
    if photo.measurement:
        found = face_of(photo.measurement).photo
        return MeshOnPhoto(view_of(found), found.points_px)
    clicked = clicked_on(photo)
    return MeshOnPhoto(FaceView.FRONT, clicked.points_px) if clicked else None


def clicked_on(photo: Photo) -> ClickedFace | None:
    """The template as six points lay it on a photo that could not be measured."""
    if photo.measurement or len(photo.clicks) != SIX:
        return None
    photo_set = photo.photo_set
    places = Clicks(*(tuple(place) for place in photo.clicks))
    return clicked_face(places, on=photo_set.taken_on, interpupillary_mm=photo_set.interpupillary_mm)


def zones_of(record: OwnFace) -> list[ZoneOfFace]:
    """All zones of the face, from the forehead down."""
    return [_zone(zone, record) for zone in face_zone_ids()]


def _zone(zone_id: str, record: OwnFace) -> ZoneOfFace:
    told = record.zones.get(zone_id)
    if told is None:
        return ZoneOfFace(zone_id)
    area = zone_area_on_cm2(zone_id, own_face_shape(record).vertices_mm)
    return ZoneOfFace(zone_id, area, area * told.error, View(told.view.value))
