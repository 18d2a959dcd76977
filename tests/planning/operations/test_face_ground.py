"""Points on the face: where they stop, and how far they come."""

from __future__ import annotations

import numpy as np
import pytest

from mesoplan.domain.plan import OnMesh
from mesoplan.imaging.face_shape import template_face
from mesoplan.imaging.face_view import View, turn
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, face_zone_ids, zone_of_triangles, zone_triangles
from mesoplan.imaging.placement import (
    DEFAULT_CLEARANCES_MM,
    FacePoints,
    Obstacles,
    obstacle_clearance_on_mm,
    place_on_face,
)
from mesoplan.kernels.mesh import Floats
from mesoplan.planning.operations.face_ground import FaceGround, face_ground

FACTOR = 0.95
SIZED_MM = template_face(FACTOR).vertices_mm
ZONES = [zone for zone in face_zone_ids() if zone not in NO_INJECTION_ZONES]


def lattice(zone: str, spacing_mm: float = 12.0) -> list[OnMesh]:
    points = place_on_face(zone, FACTOR, spacing_mm=spacing_mm, margin_mm=1.0).points
    return [OnMesh(triangle=triangle, weights=weights) for triangle, weights in points.stored()]


def everywhere(step: int = 7) -> list[OnMesh]:
    return [OnMesh(triangle=number, weights=(0.2, 0.3, 0.5)) for number in range(0, 898, step)]


def positions_mm(places: list[OnMesh]) -> Floats:
    return FacePoints.of((place.triangle, place.weights) for place in places).positions_mm(FACTOR)


def clearance_mm(places: list[OnMesh]) -> Floats:
    return obstacle_clearance_on_mm(positions_mm(places), SIZED_MM, Obstacles())


def open_samples(ground: FaceGround) -> list[OnMesh]:
    """Every open place of a zone on a fine grid of weights."""
    steps = np.arange(0.02, 1.0, 0.06)
    grid = [(float(a), float(b), float(1 - a - b)) for a in steps for b in steps if a + b <= 1]
    places = [OnMesh(triangle=int(one), weights=weights) for one in ground.triangles for weights in grid]
    return [place for place, clear in zip(places, clearance_mm(places), strict=True) if clear >= 0]


@pytest.mark.parametrize("zone", ZONES)
def test_wherever_a_point_is_sent_it_comes_to_an_open_place_of_its_zone(zone: str) -> None:
    ground = face_ground(zone, template_face(FACTOR))
    came_to = ground.brought(everywhere())
    assert {zone_of_triangles()[place.triangle] for place in came_to} == {zone}
    assert clearance_mm(came_to).min() >= -1e-6


@pytest.mark.parametrize("along", ["skin", "front", "right-oblique", "left-oblique"])
@pytest.mark.parametrize("zone", ZONES)
def test_wherever_points_are_shifted_they_stay_in_the_open(zone: str, along: str) -> None:
    ground = face_ground(zone, template_face(FACTOR))
    for right, up in ((25.0, 0.0), (-25.0, 3.0), (0.0, 40.0), (1.0, -40.0)):
        came_to = [place for place, _ in ground.shifted(lattice(zone), right, up, along)]  # type: ignore[arg-type]
        assert ground.is_open(came_to).all()
        assert clearance_mm(came_to).min() >= -1e-6


@pytest.mark.parametrize("zone", ["malar-right", "malar-left", "perioral", "glabella", "nose", "temple-right"])
def test_a_point_stops_at_the_nearest_open_place(zone: str) -> None:
    """Against all open places of the zone: none is nearer by more than a millimetre, seen from inside the zone.

    The search goes by the zone laid flat, which is true to a few percent, and on the nose to less.
    """
    ground = face_ground(zone, template_face(FACTOR))
    closed = [
        OnMesh(triangle=int(triangle), weights=weights)
        for triangle in zone_triangles(zone)
        for weights in ((0.6, 0.2, 0.2), (0.2, 0.6, 0.2), (0.2, 0.2, 0.6))
    ]
    closed = [place for place, clear in zip(closed, clearance_mm(closed), strict=True) if clear < 0]
    came_to = positions_mm(ground.brought(closed))
    samples = positions_mm(open_samples(ground))
    sent = positions_mm(closed)
    nearest = np.linalg.norm(sent[:, None] - samples, axis=2).min(axis=1)
    assert (np.linalg.norm(came_to - sent, axis=1) - nearest).max() < 1.0


def test_a_point_in_the_open_goes_exactly_where_it_is_sent() -> None:
    places = lattice("forehead")
    assert face_ground("forehead", template_face(FACTOR)).brought(places) == places


@pytest.mark.parametrize("zone", ["forehead", "malar-right", "lateral-cheek-left", "jaw-right"])
def test_a_millimetre_along_the_skin_is_a_millimetre(zone: str) -> None:
    start = lattice(zone)
    found = face_ground(zone, template_face(FACTOR)).shifted(start, 0.8, 0.6, "skin")
    came, free = positions_mm([place for place, _ in found]), np.array([got_there for _, got_there in found])
    way = np.linalg.norm(came - positions_mm(start), axis=1)[free]
    assert free.sum() > 3
    assert way == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("view", list(View))
def test_a_millimetre_in_a_view_is_a_millimetre_of_the_picture(view: View) -> None:
    start = lattice("forehead")
    found = face_ground("forehead", template_face(FACTOR)).shifted(start, 0.8, -0.6, view.value)
    seen = turn(view, positions_mm([place for place, _ in found])) - turn(view, positions_mm(start))
    free = np.array([got_there for _, got_there in found])
    assert free.sum() > 10
    assert seen[free, :2] == pytest.approx(np.tile([0.8, -0.6], (free.sum(), 1)), abs=1e-3)


def test_what_holds_a_point_back_is_named() -> None:
    malar, jaw = face_ground("malar-right", template_face(FACTOR)), face_ground("jaw-right", template_face(FACTOR))
    orbit, chin = (
        OnMesh(triangle=int(zone_triangles(zone)[0]), weights=(0.3, 0.3, 0.4)) for zone in ("periorbital-right", "chin")
    )
    (at_orbit,), (at_chin,) = malar.brought([orbit]), jaw.brought([chin])
    assert malar.held_by(at_orbit) == "periorbital-right"
    assert clearance_mm([at_orbit])[0] == pytest.approx(0.0, abs=0.05)
    assert DEFAULT_CLEARANCES_MM["periorbital-right"] == 5.0
    assert jaw.held_by(at_chin) is None
