"""The patient's own face out of one to three photos: from the front, and from the right and the left oblique.

The mesh of the front is the base. Each oblique is laid on it by turn, size and shift, every vertex counting as far as
both views see it, and gives the zones at its side; between zones of two views the mesh passes over smoothly, so that
it stays whole. The size is that of the photo whose scale is trusted most.

Depth is what the net expects, in every view alike: three views see more of the skin but do not measure how deep a
head is (tried on rendered faces: the fit of the views to each other does not change with the depth). What areas are off
by was measured on rendered faces and is stated for each zone; on people it was not, and it will be more.
Whether the photos show the same person is not noticed here: a person has to look.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from mesoplan.domain.face import FaceSource, FaceTurn, FaceView, MeasuredZone, OwnFace, ScaleBasis
from mesoplan.imaging.face_pose import pose_of_turn, upright
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_zones import face_zone_ids, zone_triangles
from mesoplan.imaging.photo_face import PhotoFace
from mesoplan.imaging.photo_scale import PhotoScale, PhotoScaleSource
from mesoplan.imaging.photo_zones import MOST_RELATIVE_ERROR, MOST_SLANT_DEG, MOST_UNSEEN, MeasuredFace
from mesoplan.kernels.mesh import Floats, triangle_areas_mm2, vertex_normals
from mesoplan.kernels.similarity import Similarity, best_similarity, residual_rms

# Up to here a photo counts as from the front; turned further it shows one side.
FRONT_TO_DEG = 20.0
# How far the true area was from the one shown, as a share of that, with the scale of the front known: the most over
# rendered faces of the template's depth, 25 % flatter and 20 % deeper, from 0.4, 1 and 2 m, turned 0 and 10 degrees and
# 30 to 45 degrees to each side, rounded up; measured by us (benchmarks/photo.py). Perioral skin and lips: on a smiling
# face only. A zone that has no figure for a view is not taken from it.
FRONT_ERROR = {
    "forehead": 0.34,
    "glabella": 0.10,
    "periorbital": 0.22,
    "nose": 0.28,
    "malar": 0.21,
    "nasolabial": 0.20,
    "perioral": 0.36,
    "lips": 0.26,
    "chin": 0.19,
}
OBLIQUE_ERROR = {"temple": 0.28, "lateral-cheek": 0.22, "jaw": 0.22}
# Measured by us on the same faces: how much larger or smaller than the front an oblique of the same scale is laid.
SCALE_FROM_OBLIQUE = 0.08
# Measured by us: how far apart on the true skin a place of the mesh is drawn in the photos of two visits. So near, in
# mm, 95 of 100 places are found again, on rendered heads of three depths, the camera at 1 m and then at 0.4, 1 or 2 m,
# the yaw changed by up to 10 degrees (benchmarks/photo.py). Forehead and cheek of the rendered faces have no features:
# on skin that has some it may be less; after another expression it is more.
REFOUND_WITHIN_MM = {
    "forehead": 6.0,
    "glabella": 2.0,
    "temple": 3.0,
    "nose": 4.0,
    "malar": 7.0,
    "lateral-cheek": 3.5,
    "nasolabial": 3.5,
    "perioral": 2.5,
    "chin": 4.5,
    "jaw": 4.0,
}
# Measured by us: views of one rendered face differ by 5 mm at most and by 0.09 of the pupils' distance in the opening
# of the mouth. The limits are proposed in this project.
MOST_APART_MM, MOST_MOUTH_APART = 8.0, 0.15
_STORED_DECIMALS = 2
_TRUST = tuple(PhotoScaleSource)
# Rounds of averaging with the neighbours over which the mesh passes from one view to another: about three triangles.
_SMOOTHING_ROUNDS = 6


class ViewRefusal(StrEnum):
    """Why photos are not combined to one face."""

    NO_FRONT = "no-front"
    SAME_VIEW = "same-view"
    OTHER_MODEL = "other-model"
    DIFFERENT = "views-differ"
    MOUTH = "mouth-differs"


class ViewsRefused(ValueError):
    """Photos that do not make one face; the message says why and what to do."""

    def __init__(self, code: ViewRefusal, text: str) -> None:
        self.code = code
        super().__init__(text)


@dataclass(frozen=True, eq=False)
class ViewOfFace:
    """One of the photos of a face, as it was measured.

    Attributes
    ----------
    view : FaceView
    photo : PhotoFace
        Its points in pixels: places of the mesh are drawn on the photo by them.
    scale : PhotoScale
        Its own; that of the face may rest on another photo.
    """

    view: FaceView
    photo: PhotoFace
    scale: PhotoScale

    @property
    def points_px(self) -> Floats:
        """The 478 points in the photo."""
        return self.photo.points_px


@dataclass(frozen=True, eq=False)
class FaceMeasurement:
    """A face measured from photos: the record that is kept, and the photos' points in the order of the photos."""

    record: OwnFace
    views: tuple[ViewOfFace, ...]


@dataclass(frozen=True, eq=False)
class _LaidView:
    """A view on the mesh of the front: vertices (468, 3) in its millimetres and axes, slants (898,) to its camera."""

    view: FaceView
    laid_by: Similarity
    vertices_mm: Floats
    slants_deg: Floats


def view_of(photo: PhotoFace) -> FaceView:
    """Which view a photo is, by the yaw of the head: up to 20 degrees it is from the front."""
    yaw = photo.pose.yaw_deg
    if abs(yaw) <= FRONT_TO_DEG:
        return FaceView.FRONT
    return FaceView.RIGHT_OBLIQUE if yaw > 0 else FaceView.LEFT_OBLIQUE


def own_face(photos: Sequence[MeasuredFace], *, on: date) -> FaceMeasurement:
    """One face out of one to three measured photos, one of them from the front.

    Without an oblique the zones at that side are not named: what no view sees is not assessable.

    Raises
    ------
    ViewsRefused
        If there is no front or two photos are of the same view, or they were read by different models, or the face
        is not the same on them.
    """
    views = tuple(ViewOfFace(view_of(one.photo), one.photo, one.scale) for one in photos)
    _check(views)
    laid = _laid_views(photos, views)
    size, error = _scale(laid, views)
    chosen = _chosen_views(laid, error)
    vertices = in_head_axes(_blended(laid, chosen) * size)
    record = OwnFace(
        on=on,
        source=FaceSource.PHOTOS,
        scale=ScaleBasis(_most_trusted(views).scale.source.value),
        scale_error=round(error, 4),
        model_sha256=views[0].photo.model_sha256,
        vertices_mm=stored_vertices(vertices),
        zones={zone: one for zone, one in chosen.items() if one.error <= MOST_RELATIVE_ERROR},
        turns={view.view: _turn(vertices, seen) for view, seen in zip(views, map(_seen_mm, photos), strict=True)},
    )
    return FaceMeasurement(record, views)


def in_head_axes(vertices_mm: Floats) -> Floats:
    """A face (468, 3) turned and moved as the template lies, in its own size."""
    template = load_face_template().vertices_mm
    turned = vertices_mm @ best_similarity(vertices_mm, template).turn.T
    return np.asarray(turned - turned.mean(axis=0) + template.mean(axis=0))


def stored_vertices(vertices_mm: Floats) -> tuple[tuple[float, float, float], ...]:
    """Vertices as a record keeps them, to a hundredth of a millimetre."""
    return tuple((x, y, z) for x, y, z in np.round(vertices_mm, _STORED_DECIMALS).tolist())


def _check(views: Sequence[ViewOfFace]) -> None:
    count = Counter(view.view for view in views)
    several = [view for view, number in count.items() if number > 1]
    if several:
        text = f"{count[several[0]]} photos are {_NAMES[several[0]]}: take one of each view"
        raise ViewsRefused(ViewRefusal.SAME_VIEW, text)
    if FaceView.FRONT not in count:
        text = "no photo is from the front: take one with the face turned to the camera"
        raise ViewsRefused(ViewRefusal.NO_FRONT, text)
    if len({view.photo.model_sha256 for view in views}) > 1:
        raise ViewsRefused(
            ViewRefusal.OTHER_MODEL, "the photos were read by different models: measure all of them again"
        )
    openings = [view.photo.expression.mouth_opening for view in views]
    if max(openings) - min(openings) > MOST_MOUTH_APART:
        text = "the mouth is open on one photo and not on another: take all with the same calm face"
        raise ViewsRefused(ViewRefusal.MOUTH, text)


_NAMES = {
    FaceView.FRONT: "from the front",
    FaceView.RIGHT_OBLIQUE: "from the right oblique",
    FaceView.LEFT_OBLIQUE: "from the left oblique",
}


def _laid_views(photos: Sequence[MeasuredFace], views: Sequence[ViewOfFace]) -> list[_LaidView]:
    """All views on the mesh of the front, the front first."""
    order = sorted(range(len(views)), key=lambda number: views[number].view is not FaceView.FRONT)
    front = _seen_mm(photos[order[0]])
    laid = []
    for number in order:
        seen = _seen_mm(photos[number])
        weights = _facing(front) * _facing(seen)
        by = best_similarity(seen, front, weights)
        apart = residual_rms(by(seen), front, weights)
        if apart > MOST_APART_MM:
            text = (
                f"the face {_NAMES[views[number].view]} is {apart:.0f} mm off the one from the front: "
                "take all photos of one person, one after the other, with the same calm face"
            )
            raise ViewsRefused(ViewRefusal.DIFFERENT, text)
        laid.append(_LaidView(views[number].view, by, by(seen), photos[number].slants_deg))
    return laid


def _seen_mm(face: MeasuredFace) -> Floats:
    """The mesh as the camera sees it, in millimetres of its own scale."""
    return upright(face.photo.points_px[: len(face.vertices_mm)]) * face.scale.mm_per_px


def _turn(vertices_mm: Floats, seen_mm: Floats) -> FaceTurn:
    """How the whole face is turned in a photo, by what the photo shows of it."""
    pose = pose_of_turn(best_similarity(vertices_mm, seen_mm, _facing(seen_mm)).turn)
    return FaceTurn(yaw_deg=pose.yaw_deg, pitch_deg=pose.pitch_deg, roll_deg=pose.roll_deg)


def _facing(seen_mm: Floats) -> Floats:
    """How far each vertex (468,) is turned to the camera: 1 is face on, 0 turned away."""
    return np.asarray(np.clip(vertex_normals(seen_mm, load_face_template().triangles)[:, 2], 0.0, 1.0))


def _most_trusted(views: Sequence[ViewOfFace]) -> ViewOfFace:
    """The view whose scale counts: by what it rests on, then the front, where the face is seen without a slant."""
    return min(views, key=lambda view: (_TRUST.index(view.scale.source), view.view is not FaceView.FRONT))


def _scale(laid: Sequence[_LaidView], views: Sequence[ViewOfFace]) -> tuple[float, float]:
    """What the front's millimetres are to be multiplied by, and what lengths may then be off by."""
    trusted = _most_trusted(views)
    by = next(one.laid_by for one in laid if one.view is trusted.view)
    from_oblique = 0.0 if trusted.view is FaceView.FRONT else SCALE_FROM_OBLIQUE
    return 1 / by.size, float(np.hypot(trusted.scale.relative_error, from_oblique))


def _chosen_views(laid: Sequence[_LaidView], scale_error: float) -> dict[str, MeasuredZone]:
    """For each zone that is seen the view with the least error."""
    chosen = {}
    for zone in face_zone_ids():
        errors = {one.view: shape_error(zone, one.view) for one in laid if _sees(one, zone)}
        known = {view: error for view, error in errors.items() if error is not None}
        if known:
            view = min(known, key=lambda one: known[one])
            error = round(2 * scale_error + known[view], 3)
            chosen[zone] = MeasuredZone(view=view, error=min(error, 0.999))
    return chosen


def shape_error(zone: str, view: FaceView) -> float | None:
    """What the area of a zone may be off by when taken from a view, its scale known; None if it is not taken."""
    base = zone.removesuffix("-right").removesuffix("-left")
    if view is FaceView.FRONT:
        return FRONT_ERROR.get(base)
    side = view.value.removesuffix("-oblique")
    return OBLIQUE_ERROR.get(base) if zone == f"{base}-{side}" else None


def _sees(one: _LaidView, zone: str) -> bool:
    """Whether at least half of a zone's area is turned to the camera of a view."""
    triangles = zone_triangles(zone)
    areas = triangle_areas_mm2(one.vertices_mm, load_face_template().triangles[triangles])
    seen = areas[one.slants_deg[triangles] <= MOST_SLANT_DEG].sum() / areas.sum()
    return bool(1 - seen <= MOST_UNSEEN)


def _blended(laid: Sequence[_LaidView], chosen: dict[str, MeasuredZone]) -> Floats:
    """The vertices of the views, each as far as its zones were taken from it; the front gives what nobody sees."""
    template = load_face_template()
    number = {one.view: place for place, one in enumerate(laid)}
    of_triangle = np.zeros(len(template.triangles), dtype=np.intp)
    for zone, measured in chosen.items():
        of_triangle[zone_triangles(zone)] = number[measured.view]
    shares = np.zeros((len(template.vertices_mm), len(laid)))
    areas = triangle_areas_mm2(template.vertices_mm, template.triangles)
    for corner in range(3):
        np.add.at(shares, (template.triangles[:, corner], of_triangle), areas)
    shares /= shares.sum(axis=1, keepdims=True)
    for _ in range(_SMOOTHING_ROUNDS):
        shares = _averaging() @ shares
    return np.asarray(np.einsum("vn,nvd->vd", shares, np.array([one.vertices_mm for one in laid])))


@functools.cache
def _averaging() -> Floats:
    """The matrix (468, 468) that takes half of a vertex and half of the mean of its neighbours."""
    template = load_face_template()
    beside = np.zeros((len(template.vertices_mm),) * 2)
    for first, second in ((0, 1), (1, 2), (2, 0)):
        beside[template.triangles[:, first], template.triangles[:, second]] = 1.0
        beside[template.triangles[:, second], template.triangles[:, first]] = 1.0
    return np.asarray((np.eye(len(beside)) + beside / beside.sum(axis=1, keepdims=True)) / 2)
