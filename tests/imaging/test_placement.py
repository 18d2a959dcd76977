"""Lattices on the face: margins, spacing, symmetry, and what is stored."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesoplan.imaging.danger import distance_to_region_mm, region_on
from mesoplan.imaging.face_landmarks import Place
from mesoplan.imaging.face_scale import scale_from_measures
from mesoplan.imaging.face_shape import template_face
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_zones import (
    NO_INJECTION_ZONES,
    UnknownZone,
    face_zone_ids,
    mirror_zone,
    zone_area_cm2,
    zone_triangles,
)
from mesoplan.imaging.placement import (
    DEFAULT_CLEARANCES_MM,
    FacePoints,
    NoInjectionZone,
    Obstacles,
    place_on_face,
)
from mesoplan.kernels.mesh import border_edges, nearest_distance_mm
from tests.imaging.geodesics import geodesic_matrix_mm, geodesic_to_vertices_mm

INJECTABLE = tuple(zone for zone in face_zone_ids() if zone not in NO_INJECTION_ZONES)
FACTOR = scale_from_measures(bizygomatic_mm=138).factor
# Weights are stored to six decimals, so a margin holds to a few 10 nm.
STORED_MM = 1e-4

zones = st.sampled_from(INJECTABLE)
factors = st.floats(115, 165).map(lambda width: scale_from_measures(bizygomatic_mm=width).factor)
spacings, angles, margins = st.floats(5, 20), st.floats(-45, 45), st.floats(0, 8)

# Shortest and longest way along the skin to the nearest neighbour, as a share of the spacing.
SPACING_BANDS = {
    "forehead": (0.97, 1.03),
    "glabella": (0.96, 1.04),
    "temple-right": (0.97, 1.03),
    "malar-right": (0.96, 1.04),
    "lateral-cheek-right": (0.97, 1.03),
    "jaw-right": (0.96, 1.04),
    "chin": (0.92, 1.08),
    "nose": (0.65, 1.40),
}


def border_samples_mm(zone: str, factor: float, step_mm: float = 0.5) -> np.ndarray:
    """Places close together all along the border of a zone: the slow way to measure a distance to it."""
    face = load_face_template()
    vertices = face.vertices_mm * factor
    samples = []
    for start, end in border_edges(face.triangles[zone_triangles(zone)]):
        count = int(np.ceil(np.linalg.norm(vertices[end] - vertices[start]) / step_mm)) + 1
        samples.append(vertices[start] + np.linspace(0, 1, count)[:, None] * (vertices[end] - vertices[start]))
    return np.concatenate(samples)


def least_distance_mm(points: np.ndarray, others: np.ndarray) -> float:
    if len(points) == 0:
        return np.inf
    return float(np.linalg.norm(points[:, None] - others, axis=2).min())


@given(zones, factors, spacings, angles, margins)
def test_no_point_is_nearer_to_the_border_than_its_margin(
    zone: str, factor: float, spacing: float, angle: float, margin: float
) -> None:
    placement = place_on_face(zone, factor, spacing_mm=spacing, angle_deg=angle, margin_mm=margin)
    assert set(placement.points.zones()) <= {zone}
    positions = placement.points.positions_mm(factor)
    assert least_distance_mm(positions, border_samples_mm(zone, factor)) >= margin - STORED_MM


@given(zones, factors, spacings, st.floats(0, 12), st.floats(0, 12))
def test_no_point_is_nearer_to_excluded_skin_than_its_clearance(
    zone: str, factor: float, spacing: float, orbit: float, lips: float
) -> None:
    clearances = {"periorbital-right": orbit, "periorbital-left": orbit, "lips": lips}
    obstacles = Obstacles(clearances)
    placement = place_on_face(zone, factor, spacing_mm=spacing, obstacles=obstacles)
    positions = placement.points.positions_mm(factor)
    for excluded, clearance in clearances.items():
        assert least_distance_mm(positions, border_samples_mm(excluded, factor)) >= clearance - STORED_MM


@pytest.mark.parametrize("zone", ["malar-right", "forehead", "glabella"])
def test_the_exact_way_along_the_skin_keeps_the_clearance_too(zone: str) -> None:
    points = place_on_face(zone, FACTOR, spacing_mm=10).points
    for excluded in ("periorbital-right", "periorbital-left"):
        face = load_face_template()
        border = np.unique(border_edges(face.triangles[zone_triangles(excluded)]))
        along = geodesic_to_vertices_mm(points, border, FACTOR)
        straight = np.linalg.norm(points.positions_mm(FACTOR)[:, None] - face.vertices_mm[border] * FACTOR, axis=2).min(
            axis=1
        )
        assert along.min() >= DEFAULT_CLEARANCES_MM[excluded]
        assert (along >= straight - 1e-2).all()


@settings(max_examples=25)
@given(zones, factors, spacings, angles)
def test_points_stay_out_of_a_region(zone: str, factor: float, spacing: float, angle: float) -> None:
    regions = tuple(
        region_on((Place("infraorbital-rim", -3, -5), Place("cheilion")), side, template_face(factor).vertices_mm, 9.0)
        for side in ("right", "left")
    )
    obstacles = Obstacles(regions=regions)
    placement = place_on_face(zone, factor, spacing_mm=spacing, angle_deg=angle, obstacles=obstacles)
    positions = placement.points.positions_mm(factor)
    for region in regions:
        assert (distance_to_region_mm(positions, region) >= region.reach_mm - STORED_MM).all()


def test_points_keep_off_those_that_are_there_already() -> None:
    malar = place_on_face("malar-right", FACTOR, spacing_mm=10).points.positions_mm(FACTOR)
    beside = place_on_face("lateral-cheek-right", FACTOR, spacing_mm=10)
    assert least_distance_mm(beside.points.positions_mm(FACTOR), malar) < 13
    obstacles = Obstacles(occupied_mm=malar, gap_mm=13)
    apart = place_on_face("lateral-cheek-right", FACTOR, spacing_mm=10, obstacles=obstacles)
    assert len(apart.points) > 0
    assert least_distance_mm(apart.points.positions_mm(FACTOR), malar) >= 13 - STORED_MM


@pytest.mark.parametrize("spacing", [6.0, 8.0, 10.0])
@pytest.mark.parametrize("zone", SPACING_BANDS)
def test_neighbours_are_one_spacing_apart_along_the_skin(zone: str, spacing: float) -> None:
    points = place_on_face(zone, FACTOR, spacing_mm=spacing, obstacles=Obstacles({})).points
    ways = geodesic_matrix_mm(points, FACTOR)
    np.fill_diagonal(ways, np.inf)
    low, high = SPACING_BANDS[zone]
    assert (ways.min(axis=1) / spacing >= low).all()
    assert (np.median(ways.min(axis=1)) / spacing) <= high


@given(st.sampled_from([zone for zone in INJECTABLE if zone != "nose"]), factors, spacings, angles)
def test_no_two_points_are_crowded(zone: str, factor: float, spacing: float, angle: float) -> None:
    points = place_on_face(zone, factor, spacing_mm=spacing, angle_deg=angle).points
    assert (nearest_distance_mm(points.positions_mm(factor)) >= 0.88 * spacing).all()


@pytest.mark.parametrize("zone", [zone for zone in INJECTABLE if not zone.endswith("-left")])
def test_the_number_of_points_goes_with_the_area_over_the_square_of_the_spacing(zone: str) -> None:
    for spacing in (3.0, 4.0):
        points = place_on_face(zone, FACTOR, spacing_mm=spacing, margin_mm=0, obstacles=Obstacles({})).points
        stands_for = len(points) * spacing**2 * np.sqrt(3) / 2 / 100
        assert stands_for == pytest.approx(zone_area_cm2(zone, FACTOR), rel=0.12)


# zone, spacing -> points at a face width of 138 mm with the margins of the program
COUNTS = [
    ("forehead", 10.0, 31),
    ("forehead", 15.0, 15),
    ("malar-right", 10.0, 12),
    ("malar-left", 10.0, 12),
    ("chin", 10.0, 17),
    ("chin", 40.0, 2),
    ("nasolabial-right", 10.0, 3),
]


@pytest.mark.parametrize(("zone", "spacing", "count"), COUNTS)
def test_count(zone: str, spacing: float, count: int) -> None:
    assert len(place_on_face(zone, FACTOR, spacing_mm=spacing).points) == count


@given(st.sampled_from([z for z in INJECTABLE if z.endswith("-right")]), factors, spacings, angles, margins)
def test_left_and_right_are_mirror_images(
    zone: str, factor: float, spacing: float, angle: float, margin: float
) -> None:
    def positions(zone_id: str) -> np.ndarray:
        placement = place_on_face(zone_id, factor, spacing_mm=spacing, angle_deg=angle, margin_mm=margin)
        return placement.points.positions_mm(factor)

    assert positions(mirror_zone(zone)) == pytest.approx(positions(zone) * [-1, 1, 1], abs=1e-9)


@given(st.sampled_from(["forehead", "glabella", "nose", "perioral", "chin"]), factors, spacings)
def test_level_rows_in_the_midline_are_their_own_mirror_image(zone: str, factor: float, spacing: float) -> None:
    positions = place_on_face(zone, factor, spacing_mm=spacing).points.positions_mm(factor)
    images = positions * [-1, 1, 1]
    for image in images:
        assert np.linalg.norm(positions - image, axis=1).min() < 0.01


def test_the_angle_lifts_the_lateral_end_of_the_rows() -> None:
    positions = place_on_face("malar-right", FACTOR, spacing_mm=8, angle_deg=20).points.positions_mm(FACTOR)
    level = place_on_face("malar-right", FACTOR, spacing_mm=8).points.positions_mm(FACTOR)

    def rise(points: np.ndarray) -> float:
        apart = points[1] - points[0]
        return float(apart[1] / -apart[0])

    assert rise(positions) > rise(level) + 0.2


def test_a_zone_too_narrow_for_its_margin_takes_no_point() -> None:
    assert len(place_on_face("nasolabial-right", FACTOR, spacing_mm=10, margin_mm=15).points) == 0


def test_what_is_stored_comes_back() -> None:
    points = place_on_face("chin", FACTOR, spacing_mm=10).points
    back = FacePoints.of(points.stored())
    assert back.stored() == points.stored()
    assert (back.positions_mm(FACTOR) == points.positions_mm(FACTOR)).all()
    assert all(abs(sum(weights) - 1) < 5e-6 for _, weights in points.stored())
    assert len(FacePoints.of([])) == 0


def test_mirrored_twice_is_the_same() -> None:
    points = place_on_face("malar-right", FACTOR, spacing_mm=10).points
    assert points.mirrored().zones() == ["malar-left"] * len(points)
    assert points.mirrored().mirrored().stored() == points.stored()


@pytest.mark.parametrize("triangle", [-1, 964])
def test_a_triangle_that_the_face_does_not_have_is_refused(triangle: int) -> None:
    with pytest.raises(ValueError, match="is not one of 0 to 963"):
        FacePoints.of([(triangle, (1.0, 0.0, 0.0))])


@pytest.mark.parametrize("zone", NO_INJECTION_ZONES)
def test_zones_that_take_no_injection_take_no_lattice(zone: str) -> None:
    with pytest.raises(NoInjectionZone, match=zone):
        place_on_face(zone, FACTOR, spacing_mm=10)


def test_a_zone_of_the_body_is_not_on_the_face() -> None:
    with pytest.raises(UnknownZone, match="neck-front"):
        place_on_face("neck-front", FACTOR, spacing_mm=10)


@pytest.mark.parametrize("spacing", [0.0, -5.0, 0.1])
def test_a_spacing_that_does_not_fit_is_refused(spacing: float) -> None:
    with pytest.raises(ValueError, match="spacing"):
        place_on_face("chin", FACTOR, spacing_mm=spacing)
