"""Faces that are not the template: uneven ones in millimetres, and rendered photos of flatter and deeper heads."""

from __future__ import annotations

import functools
from datetime import date

import numpy as np
from hypothesis import strategies as st

from mesoplan.imaging.face_scale import template_interpupillary_mm
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_zones import face_zone_ids, zone_area_on_cm2
from mesoplan.imaging.forehead import with_forehead
from mesoplan.imaging.photo_face import PhotoFace, find_face
from mesoplan.imaging.photo_scale import STICKER_DEPTH, PhotoScale, PhotoScaleSource, choose_scale
from mesoplan.imaging.photo_zones import MeasuredFace, face_in_mm
from mesoplan.imaging.placement import FacePoints, place_on_face
from mesoplan.kernels.mesh import Floats, Ints
from mesoplan.kernels.mesh_location import locate_in_plane
from tests.imaging.rendered_faces import DEEP, FLAT, Case, face_mm, in_picture, in_picture_depth_mm, photo_of, rendered

WAVE_MM, PUPILS_PX = 90.0, 240.0
NO_PICTURE = photo_of(np.zeros((8, 8, 3), dtype=np.uint8))


def uneven_face(stretch: tuple[float, float, float], waves_mm: tuple[float, float, float], phase: float) -> Floats:
    """The template stretched along its axes, and each axis bent by a wave along the two others: its sides differ."""
    vertices = load_face_template().vertices_mm
    along = vertices @ np.array([[0.0, 0.7, 0.7], [0.8, 0.0, 0.6], [0.6, 0.8, 0.0]]) * 2 * np.pi / WAVE_MM
    return np.asarray(vertices * stretch + np.sin(along + phase) * waves_mm)


# With the forehead above their mesh, as plans are on them.
UNEVEN = with_forehead(uneven_face((0.92, 0.95, 0.85), (1.5, -1.0, 2.0), 0.7))
OWN_FACES = st.builds(
    uneven_face,
    st.tuples(st.floats(0.8, 1.05), st.floats(0.8, 1.1), st.floats(0.7, 1.2)),
    st.tuples(st.floats(-2, 2), st.floats(-2, 2), st.floats(-2.5, 2.5)),
    st.floats(0, 6.2),
).map(with_forehead)


ON = date(2026, 11, 23)
DEPTHS, DISTANCES_MM = (FLAT, 1.0, DEEP), (400.0, 1000.0, 2000.0)
HEADS = [(depth, distance) for depth in DEPTHS for distance in DISTANCES_MM]
VIEWS_DEG = (0.0, 45.0, -45.0)


@functools.cache
def seen_face(depth: float, distance_mm: float, yaw_deg: float) -> PhotoFace:
    """The face of one rendered photo."""
    return find_face(photo_of(rendered(face_mm(depth), yaw_deg=yaw_deg, distance_mm=distance_mm)))


def by_sticker(face: PhotoFace) -> MeasuredFace:
    """At the true scale between the eyes, known as well as a sticker makes it known."""
    known = template_interpupillary_mm()
    return face_in_mm(face, PhotoScale(known / PUPILS_PX, PhotoScaleSource.STICKER, known, STICKER_DEPTH))


def by_pupils(face: PhotoFace) -> MeasuredFace:
    """With the distance of the pupils measured on the patient."""
    known = template_interpupillary_mm()
    return face_in_mm(face, choose_scale(NO_PICTURE, face, interpupillary_mm=known))


def true_areas_cm2(depth: float) -> dict[str, float]:
    """Area of each zone of a rendered head."""
    return {zone: zone_area_on_cm2(zone, face_mm(depth)) for zone in face_zone_ids()}


def drawn_px(points: FacePoints, case: Case) -> Floats:
    """Where places of the mesh are drawn in a rendered photo, (n, 2) in its pixels."""
    photo = seen_face(case.depth, case.distance_mm, case.yaw_deg)
    return points.positions_on(photo.points_px[: len(face_mm())])[:, :2]


def true_places(at_px: Floats, case: Case) -> tuple[Ints, FacePoints]:
    """The true skin under places (n, 2) of a rendered photo: which of them lie on the head, and where."""
    face = face_mm(case.depth)
    # Of skin before other skin the one that shows is the nearest to the camera.
    nearness = in_picture_depth_mm(face, case)
    found, weights = locate_in_plane(at_px, in_picture(face, case), load_face_template().triangles, nearness)
    hit = np.flatnonzero(found >= 0)
    return hit, FacePoints(found[hit], weights[hit])


def true_skin_mm(points: FacePoints, case: Case) -> Floats:
    """The true skin (n, 3) that places are drawn on in a rendered photo; nan where they are drawn beside the head."""
    hit, places = true_places(drawn_px(points, case), case)
    skin = np.full((len(points), 3), np.nan)
    skin[hit] = places.positions_on(face_mm(case.depth))
    return skin


# Pairs of visits: distance of the camera, and yaw from the front and from the right and left oblique.
Visit = tuple[float, tuple[float, float, float]]
FIRST_VISIT: Visit = (1000.0, VIEWS_DEG)
LATER_VISITS: tuple[Visit, ...] = (
    (1000.0, (10.0, 40.0, -40.0)),
    (400.0, (0.0, 45.0, -45.0)),
    (2000.0, (-10.0, 40.0, -40.0)),
    (400.0, (10.0, 40.0, -40.0)),
)


def moved_between_visits_mm(zone: str, depth: float, later: Visit) -> Floats:
    """How far on the true skin the places of a lattice on a zone lie apart in the photos of two visits, (n,)."""
    points, view = place_on_face(zone, 1.0, spacing_mm=9.0).points, view_of_zone(zone)
    first, then = (true_skin_mm(points, Case(depth, yaws[view], distance)) for distance, yaws in (FIRST_VISIT, later))
    apart = np.linalg.norm(first - then, axis=1)
    return np.asarray(apart[np.isfinite(apart)])


def view_of_zone(zone: str) -> int:
    """Which of the three views a zone is taken from: 0 the front, 1 the right, 2 the left oblique."""
    at_the_side = zone.startswith(("temple", "lateral-cheek", "jaw"))
    return (1 if zone.endswith("-right") else 2) if at_the_side else 0
