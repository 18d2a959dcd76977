"""The face as the pages draw it: on the photos it was measured from, as long as those may be shown."""

from __future__ import annotations

import base64
from functools import lru_cache

from django.urls import reverse

from mesoplan.clinic.photos import keeping
from mesoplan.clinic.photos.consents import may_be_kept
from mesoplan.clinic.photos.measuring import MeshOnPhoto, mesh_on
from mesoplan.clinic.photos.models import Photo, PhotoFile, PhotoSet, Role
from mesoplan.domain.case import Case
from mesoplan.domain.face import VERTEX_COUNT
from mesoplan.imaging.face_pose import upright
from mesoplan.imaging.face_shape import FaceShape, PhotoGround
from mesoplan.imaging.forehead import with_forehead
from mesoplan.kernels.mesh import Floats
from mesoplan.planning.placement import face_of

Addresses = tuple[str, ...]


def drawn_face(case: Case) -> FaceShape:
    """The face that a plan is on, with the addresses of its photos."""
    return _on_photos(face_of(case), photos_of(case))


def printed_face(case: Case) -> FaceShape:
    """The same for paper: the photos themselves are in it."""
    return _with_photos(face_of(case), photos_of(case), inside=True)


def photos_of(case: Case) -> Addresses:
    """The address of each photo that the own face of a case was taken from and that may be shown."""
    own = case.patient.face
    if own is None or own.photos is None:
        return ()
    photo_set = PhotoSet.objects.select_related("patient").filter(address=own.photos).first()
    if photo_set is None or not may_be_kept(photo_set.patient):
        return ()
    return tuple(photo_set.photos.filter(deleted_at__isnull=True).order_by("view").values_list("address", flat=True))


@lru_cache(maxsize=64)
def _on_photos(face: FaceShape, photos: Addresses) -> FaceShape:
    """Remembered: what is drawn is remembered by the face that it is drawn on."""
    return _with_photos(face, photos, inside=False)


def _with_photos(face: FaceShape, photos: Addresses, *, inside: bool) -> FaceShape:
    if not photos:
        return face
    grounds = {}
    for photo in Photo.objects.filter(address__in=photos).select_related("photo_set"):
        if (mesh := mesh_on(photo)) is not None:
            href = _inside(photo) if inside else reverse("photos:file", args=[photo.address, Role.SHOWN.value])
            grounds[mesh.view] = photo_ground(mesh, (photo.width_px, photo.height_px), face, href)
    return face.on_photos(grounds)


def _inside(photo: Photo) -> str:
    row = PhotoFile.objects.get(photo=photo, role=Role.SHOWN)
    content = keeping.read(row.name, row.sha256)
    return f"data:{row.media_type};base64,{base64.b64encode(content).decode('ascii')}"


def photo_ground(mesh: MeshOnPhoto, size_px: tuple[int, int], face: FaceShape, href: str) -> PhotoGround:
    """Where a photo lies under the drawing of its view: as large as lays its points nearest to those of the face."""
    points = with_forehead(upright(mesh.points_px[:VERTEX_COUNT]))
    turned = face.vertices_mm @ face.turn(mesh.view).T
    middle, centre = points.mean(axis=0), turned.mean(axis=0)
    mm_per_px = _size(points[:, :2] - middle[:2], turned[:, :2] - centre[:2])
    left_mm, top_mm = (centre - mm_per_px * middle)[:2].tolist()
    return PhotoGround(
        seen_mm=(points - middle) * mm_per_px + centre,
        left_mm=left_mm,
        top_mm=top_mm,
        width_mm=size_px[0] * mm_per_px,
        height_mm=size_px[1] * mm_per_px,
        href=href,
    )


def _size(of: Floats, onto: Floats) -> float:
    return float((of * onto).sum() / (of * of).sum())
