"""Points of a plan on the template face or on a flat patch: where they go, and what lies under and beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesoplan.domain.case import Case
from mesoplan.domain.face import FaceSource, ScaleBasis
from mesoplan.domain.plan import KeptClear, OnMesh, OnPatch, Outline, Pattern, Point, ZonePlacement
from mesoplan.domain.quantities import Area
from mesoplan.domain.writing import date_text, number_text
from mesoplan.imaging.danger import Region, points_in_region, region_on
from mesoplan.imaging.drawn_patch import drawn_patch, place_in_drawn_patch
from mesoplan.imaging.drawn_placement import place_in_drawn_zone, place_in_drawn_zone_on
from mesoplan.imaging.drawn_zone import drawn_zone
from mesoplan.imaging.face_landmarks import Place, Side
from mesoplan.imaging.face_scale import FaceScale, scale_from_measures
from mesoplan.imaging.face_shape import FaceShape, own_face_shape, template_face
from mesoplan.imaging.face_zones import zone_area_on_cm2
from mesoplan.imaging.lesions import RoundLesion
from mesoplan.imaging.patch_placement import RoundPlace, patch_border_distance_mm, patch_of_area, place_on_patch
from mesoplan.imaging.placement import FacePoints, Obstacles, place_on_face, place_on_measured_face
from mesoplan.kernels.mesh import Floats
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.zones import DangerStructure

AreaSource = Literal["template", "template-scaled", "own-face", "measured", "drawn"]
ON_THE_BORDER_MM = 1e-3
NEXT_TO_NOTHING_CM2 = 0.1
LINES_APART = 2.0
"""Parallel lines lie so many times the spacing of their points apart: proposed in this project for lack of a source."""


def template_scale(case: Case) -> FaceScale:
    """Return the template's scale for this patient: by the measured width of the face, else the template's own."""
    width = case.patient.face_width
    return scale_from_measures(bizygomatic_mm=width.value if width else None)


def face_of(case: Case) -> FaceShape:
    """Return the face that plans of this patient are on: the patient's own where it was measured, else the template."""
    own = case.patient.face
    return template_face(template_scale(case).factor) if own is None else own_face_shape(own)


def face_text(case: Case) -> str:
    """Return in words where the millimetres of the face come from."""
    own = case.patient.face
    if own is None:
        return str(template_scale(case))
    by = {FaceSource.PHOTOS: "photos", FaceSource.CLICKS: "six places on a photo"}[own.source]
    scale = {
        ScaleBasis.STICKER: "a sticker of known size",
        ScaleBasis.INTERPUPILLARY: "the measured distance of the pupils",
        ScaleBasis.FACE_WIDTH: "the measured width of the face",
        ScaleBasis.IRIS: "the iris of adults",
        ScaleBasis.POPULATION: "the mean distance of the pupils of adults",
    }[own.scale]
    error = number_text(own.scale_error * 100, decimals=0)
    return f"own face by {by} of {date_text(own.on)}, scale by {scale} ± {error} %"


def is_assessable(zone_id: str, case: Case) -> bool:
    """Return whether the area of a zone of the face is known: on the patient's own face, whether a photo shows it."""
    return case.patient.face is None or zone_id in case.patient.face.zones


class ZoneArea(NamedTuple):
    """An area, where it comes from, and what it may be off by where that was measured."""

    area: Area
    source: AreaSource
    error: Area | None = None


def area_fields(measured: ZoneArea) -> dict[str, Any]:
    """An area as a placement of a plan keeps it."""
    return {"area": measured.area, "area_source": measured.source, "area_error": measured.error}


@dataclass(frozen=True)
class PlacedZone:
    """A lattice on one zone."""

    zone: str
    points: tuple[Point, ...]
    measured: ZoneArea

    @property
    def area(self) -> Area:
        """The area that it was set on."""
        return self.measured.area

    def area_fields(self) -> dict[str, Any]:
        """The same as a placement of a plan keeps it."""
        return area_fields(self.measured)


def area_of(zone_id: str, case: Case, knowledge: Knowledge, outline: Outline | None = None) -> ZoneArea | None:
    """Return a zone's area and where it comes from; None for a flat patch whose area nobody entered, and for a zone of
    the patient's own face that no photo shows."""
    if outline is None and zone_id in case.areas:
        return ZoneArea(case.areas[zone_id], "measured")
    if knowledge.zones[zone_id].surface == "patch":
        return None if outline is None else ZoneArea(Area(round(drawn_patch(outline).area_cm2, 2)), "drawn")
    face = face_of(case)
    if outline is not None:
        zone = drawn_zone(outline)
        drawn = Area(round(zone.area_on_cm2(face.vertices_mm), 2))
        is_measured = zone.area_above_mesh_cm2(face.vertices_mm) < NEXT_TO_NOTHING_CM2
        return ZoneArea(drawn, "drawn", _error(zone_id, drawn, case) if is_measured else None)
    if not is_assessable(zone_id, case):
        return None
    area = Area(round(zone_area_on_cm2(zone_id, face.vertices_mm), 2))
    return ZoneArea(area, _area_source(case), _error(zone_id, area, case))


def _area_source(case: Case) -> AreaSource:
    if case.patient.face is not None:
        return "own-face"
    return "template-scaled" if template_scale(case).is_measured else "template"


def _error(zone_id: str, area: Area, case: Case) -> Area | None:
    """Of the template nobody measured how far it is from this patient."""
    measured = case.patient.face.zones.get(zone_id) if case.patient.face else None
    return Area(round(area.value * measured.error, 2)) if measured else None


def place_in_zone(
    zone_id: str,
    case: Case,
    knowledge: Knowledge,
    *,
    spacing_mm: float,
    edge_margin_mm: float,
    lattice_angle_deg: float = 0.0,
    pattern: Pattern = "hexagonal",
    outline: Outline | None = None,
    kept_clear: Sequence[KeptClear] = (),
) -> PlacedZone:
    """Return a lattice on a zone, or in the outline drawn of it, clear of its edges, of what takes no injection and of
    places that were marked on this patient.

    Raises
    ------
    ValueError
        If the area of a patch is not known, or the zone takes no injection, or the spacing does not fit.
    """
    found = area_of(zone_id, case, knowledge, outline)
    if found is None:
        raise ValueError(f"the area of zone {zone_id} is not known")
    apart = LINES_APART * spacing_mm if pattern == "lines" else None
    zone, rows = knowledge.zones[zone_id], Rows(spacing_mm, lattice_angle_deg, edge_margin_mm, apart)
    if zone.surface == "mesh":
        points = _face_lattice(zone_id, outline, face_of(case), rows, lesions_on_face(kept_clear))
    else:
        places = places_on_patch(zone_id, kept_clear)
        points = _patch_lattice(found.area.value, zone.patch_aspect, outline, rows, places)
    return PlacedZone(zone_id, points, found)


class Rows(NamedTuple):
    """How the rows of a lattice are set; without `line_spacing_mm` it is hexagonal."""

    spacing_mm: float
    angle_deg: float
    margin_mm: float
    line_spacing_mm: float | None


def lesions_on_face(kept_clear: Iterable[KeptClear]) -> tuple[RoundLesion, ...]:
    """Return the places of the face that are kept clear, whichever zone they were marked in."""
    return tuple(RoundLesion(one.at, one.radius.value) for one in kept_clear if isinstance(one.at, OnMesh))


def places_on_patch(zone_id: str, kept_clear: Iterable[KeptClear]) -> tuple[RoundPlace, ...]:
    """Return the places of one flat patch that are kept clear."""
    return tuple(
        RoundPlace(one.at.x_mm, one.at.y_mm, one.radius.value)
        for one in kept_clear
        if one.zone == zone_id and isinstance(one.at, OnPatch)
    )


@lru_cache(maxsize=512)
def _face_lattice(
    zone_id: str, outline: Outline | None, face: FaceShape, rows: Rows, lesions: tuple[RoundLesion, ...]
) -> tuple[Point, ...]:
    """Remembered, because the protocols of one aim share zones and spacing."""
    points = _lattice(zone_id, outline, face, rows, Obstacles(marked=lesions))
    return _numbered([OnMesh(triangle=one, weights=weights) for one, weights in points.stored()])


def _lattice(zone_id: str, outline: Outline | None, face: FaceShape, rows: Rows, obstacles: Obstacles) -> FacePoints:
    """Both sides of the template are alike, so their lattices mirror each other; those of a patient's own do not."""
    asked: dict[str, Any] = {**rows._asdict(), "obstacles": obstacles}
    if outline is None and face.factor is not None:
        placed = place_on_face(zone_id, face.factor, **asked)
    elif outline is None:
        placed = place_on_measured_face(zone_id, face.vertices_mm, **asked)
    elif face.factor is not None:
        placed = place_in_drawn_zone(zone_id, outline, face.factor, **asked)
    else:
        placed = place_in_drawn_zone_on(zone_id, outline, face.vertices_mm, **asked)
    return placed.points


@lru_cache(maxsize=512)
def _patch_lattice(
    area_cm2: float, aspect: float, outline: Outline | None, rows: Rows, kept_clear: tuple[RoundPlace, ...]
) -> tuple[Point, ...]:
    asked: dict[str, Any] = {**rows._asdict(), "kept_clear": kept_clear}
    if outline is None:
        positions = place_on_patch(area_cm2, aspect=aspect, **asked).positions_mm
    else:
        positions = place_in_drawn_patch(drawn_patch(outline), **asked)
    return _numbered([OnPatch(x_mm=x, y_mm=y) for x, y in positions.tolist()])


def _numbered(places: Sequence[OnMesh | OnPatch]) -> tuple[Point, ...]:
    return tuple(Point(id=f"{number}", at=place) for number, place in enumerate(places, start=1))


def positions_mm(points: Sequence[Point], case: Case) -> Floats:
    """Return positions (n, 3) of points of one zone; on a flat patch the third coordinate is 0."""
    if not points:
        return np.zeros((0, 3))
    if isinstance(points[0].at, OnPatch):
        return np.array([[p.at.x_mm, p.at.y_mm, 0.0] for p in points if isinstance(p.at, OnPatch)])
    face = FacePoints.of((p.at.triangle, p.at.weights) for p in points if isinstance(p.at, OnMesh))
    return face.positions_on(face_of(case).vertices_mm)


def outside_zone(placement: ZonePlacement, case: Case, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the ids of the points that lie in another zone of the face, off the flat patch, or outside of the outline
    that was drawn."""
    zone = knowledge.zones[placement.zone]
    if zone.surface == "mesh":
        face = _on_face(placement)
        if placement.outline is not None:
            inside = drawn_zone(placement.outline).contains(face)
            return _ids_without(placement.points, inside)
        owners = face.zones()
        return tuple(p.id for p, owner in zip(placement.points, owners, strict=True) if owner != placement.zone)
    at = positions_mm(placement.points, case)[:, :2]
    if placement.outline is not None:
        return _ids_without(placement.points, drawn_patch(placement.outline).clearance_mm(at) >= -ON_THE_BORDER_MM)
    patch = patch_of_area(placement.area.value, aspect=zone.patch_aspect)
    return _ids_without(placement.points, patch_border_distance_mm(at, patch) >= -ON_THE_BORDER_MM)


def zones_of(placement: ZonePlacement) -> tuple[str, ...]:
    """Return the zone of a placement, and those of the template that points of a drawn outline lie in.

    What holds of a zone holds of the skin that it names, whoever drew a line around it.
    """
    if placement.outline is None or isinstance(placement.outline[0], OnPatch):
        return (placement.zone,)
    return tuple(dict.fromkeys((placement.zone, *_on_face(placement).zones())))


def _on_face(placement: ZonePlacement) -> FacePoints:
    return FacePoints.of((p.at.triangle, p.at.weights) for p in placement.points if isinstance(p.at, OnMesh))


def _ids_without(points: Sequence[Point], fine: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(point.id for point, ok in zip(points, fine.tolist(), strict=True) if not ok)


def nearest_mm(placements: Sequence[ZonePlacement], case: Case, knowledge: Knowledge) -> dict[str, float]:
    """Return the distance to the nearest neighbour of each point of one zone, over all its syringes.

    Straight lines in 3-D: never longer than along the skin. Points are named "preparation:id" where several syringes
    share the zone.
    """
    named = [(one.preparation, point) for one in placements for point in one.points]
    if len(named) < 2:
        return {}
    positions = positions_mm([point for _, point in named], case)
    squared = ((positions[:, None, :] - positions[None, :, :]) ** 2).sum(axis=2)
    np.fill_diagonal(squared, np.inf)
    nearest = np.sqrt(squared.min(axis=1))
    several = len(placements) > 1
    names = [f"{preparation}:{point.id}" if several else point.id for preparation, point in named]
    return dict(zip(names, nearest.tolist(), strict=True))


def _sides(structure: DangerStructure) -> tuple[Side, ...]:
    return ("right", "left") if structure.sides == "both" else ("middle",)


def regions_of(structure: DangerStructure, face: FaceShape) -> list[Region]:
    """Return the regions that a structure takes on a face, from its own landmarks."""
    places = tuple(Place(one.landmark, one.lateral_mm, one.up_mm, one.forward_mm) for one in structure.path)
    return [region_on(places, side, face.vertices_mm, structure.reach.high) for side in _sides(structure)]


def _may_touch(region: Region, low: Floats, high: Floats) -> bool:
    """Return whether the box of some points comes within reach of a region's box; most regions are far away."""
    line = region.line_mm
    reach = region.reach_mm
    return bool((line.min(axis=0) - reach <= high).all() and (line.max(axis=0) + reach >= low).all())


Over = Mapping[str, tuple[str, ...]]
"""Danger structures, and the ids of the points that lie over each."""


def structures_under_points(points: Sequence[Point], case: Case, knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """Return the ids of the points of one zone that lie over each danger structure of the face."""
    if not points or not isinstance(points[0].at, OnMesh):
        return {}
    positions = positions_mm(points, case)
    face = face_of(case)
    low, high = positions.min(axis=0), positions.max(axis=0)
    found = {}
    for structure in knowledge.danger_structures.values():
        hit = np.zeros(len(points), dtype=bool)
        for region in regions_of(structure, face):
            if _may_touch(region, low, high):
                hit |= points_in_region(positions, region)
        if hit.any():
            found[structure.id] = tuple(point.id for point, one in zip(points, hit.tolist(), strict=True) if one)
    return found


def structures_under(placement: ZonePlacement, case: Case, knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """Return the ids of a placement's points that lie over each danger structure."""
    return structures_under_points(placement.points, case, knowledge)


def points_over(placed: PlacedZone, case: Case, knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """Return the ids of a lattice's points that lie over each danger structure."""
    return structures_under_points(placed.points, case, knowledge)
