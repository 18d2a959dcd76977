"""Lattices and lines on the patient's own face: spacing and margins along the skin, measured by exact geodesics."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mesoplan.domain.plan import OnMesh
from mesoplan.imaging.danger import distance_to_region_mm, region_on
from mesoplan.imaging.drawn_placement import place_in_drawn_zone_on
from mesoplan.imaging.drawn_zone import drawn_zone
from mesoplan.imaging.face_landmarks import Place
from mesoplan.imaging.face_shape import own_face_shape
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_zones import mirror_zone, zone_border
from mesoplan.imaging.lesions import NoSuchLesion, OutlinedLesion, RoundLesion
from mesoplan.imaging.own_face import own_face
from mesoplan.imaging.placement import (
    DEFAULT_CLEARANCES_MM,
    FacePoints,
    Marked,
    Obstacles,
    place_on_face,
    place_on_measured_face,
    points_clearance_mm,
)
from mesoplan.imaging.zone_corners import corners_of
from mesoplan.kernels.mesh import Floats, triangle_areas_mm2
from tests.imaging.geodesics import geodesic_between_on, geodesic_matrix_on
from tests.imaging.outlines import INJECTABLE, stretched
from tests.imaging.own_faces import HEADS, ON, OWN_FACES, UNEVEN, VIEWS_DEG, by_sticker, seen_face

# Weights are stored to six decimals, and the reference lifts points off edges by a share of 1e-4 of a triangle.
STORED_MM = 5e-3
# Least way along the skin to the nearest neighbour, and the least and greatest median, as a share of the spacing: on 12
# uneven faces and on the three-view faces of three rendered heads none was out of them.
SPACING_BANDS = {
    "forehead": (0.97, 0.99, 1.01),
    "glabella": (0.97, 0.98, 1.01),
    "temple": (0.97, 0.99, 1.01),
    "malar": (0.96, 0.98, 1.01),
    "lateral-cheek": (0.97, 0.99, 1.01),
    "nasolabial": (0.97, 0.99, 1.02),
    "jaw": (0.97, 0.99, 1.01),
    "chin": (0.88, 0.96, 1.01),
    "perioral": (0.90, 0.94, np.inf),
    "nose": (0.55, 0.85, 1.05),
}
zones = st.sampled_from(INJECTABLE)
spacings, angles = st.floats(6, 14), st.floats(-45, 45)


def band(zone: str) -> tuple[float, float, float]:
    return SPACING_BANDS[zone.removesuffix("-right").removesuffix("-left")]


def along_the_border(zone: str, shares: int = 5) -> FacePoints:
    """Places close together along the border of a zone."""
    triangles = load_face_template().triangles
    rows = []
    for start, end in zone_border(zone).tolist():
        holder = int(np.flatnonzero((triangles == start).any(axis=1) & (triangles == end).any(axis=1))[0])
        corners = triangles[holder].tolist()
        for share in np.linspace(0, 1, shares, endpoint=False):
            weights = [0.0, 0.0, 0.0]
            weights[corners.index(start)], weights[corners.index(end)] = 1 - share, share
            rows.append((holder, (weights[0], weights[1], weights[2])))
    return FacePoints.of(rows)


def three_view_face(depth: float, distance_mm: float) -> Floats:
    record = own_face([by_sticker(seen_face(depth, distance_mm, yaw)) for yaw in VIEWS_DEG], on=ON).record
    return own_face_shape(record).vertices_mm


@settings(max_examples=25)
@given(zones, OWN_FACES, spacings, angles)
def test_neighbours_are_one_spacing_apart_along_the_skin(zone: str, face: Floats, spacing: float, angle: float) -> None:
    points = place_on_measured_face(zone, face, spacing_mm=spacing, angle_deg=angle, obstacles=Obstacles({})).points
    assume(len(points) > 3)
    ways = geodesic_matrix_on(points, face) / spacing
    np.fill_diagonal(ways, np.inf)
    nearest, (least, low, high) = ways.min(axis=1), band(zone)
    assert nearest.min() >= least
    assert low <= np.median(nearest) <= high


@pytest.mark.parametrize(("depth", "distance_mm"), HEADS[::4])
@pytest.mark.parametrize("zone", ["forehead", "malar-right", "lateral-cheek-left", "chin", "nose"])
def test_and_so_they_are_on_a_face_from_photos(zone: str, depth: float, distance_mm: float) -> None:
    face = three_view_face(depth, distance_mm)
    points = place_on_measured_face(zone, face, spacing_mm=9.0).points
    ways = geodesic_matrix_on(points, face) / 9.0
    np.fill_diagonal(ways, np.inf)
    nearest, (least, low, high) = ways.min(axis=1), band(zone)
    assert nearest.min() >= least
    assert low <= np.median(nearest) <= high


@settings(max_examples=15)
@given(zones, OWN_FACES, spacings, st.floats(0, 6))
def test_no_point_is_nearer_along_the_skin_to_what_is_excluded_than_its_margin(
    zone: str, face: Floats, spacing: float, margin: float
) -> None:
    points = place_on_measured_face(zone, face, spacing_mm=spacing, margin_mm=margin).points
    assume(len(points) > 0)
    for excluded, distance in {**DEFAULT_CLEARANCES_MM, zone: margin}.items():
        assert geodesic_between_on(points, along_the_border(excluded), face).min() >= distance - STORED_MM


@settings(max_examples=20)
@given(zones, OWN_FACES, spacings, angles)
def test_points_stay_out_of_the_danger_of_this_face(zone: str, face: Floats, spacing: float, angle: float) -> None:
    places = (Place("infraorbital-rim", -3, -5), Place("cheilion"))
    regions = (region_on(places, "right", face, 9.0), region_on(places, "left", face, 9.0))
    obstacles = Obstacles(regions=regions)
    points = place_on_measured_face(zone, face, spacing_mm=spacing, angle_deg=angle, obstacles=obstacles).points
    for region in regions:
        assert (distance_to_region_mm(points.positions_on(face), region) >= 9.0 - STORED_MM).all()


def middle_of(zone: str) -> OnMesh:
    """The place in the middle of a lattice on a zone."""
    points = place_on_face(zone, 1.0, spacing_mm=6.0).points
    at = points.positions_mm(1.0)
    triangle, weights = points.stored()[int(np.linalg.norm(at - at.mean(axis=0), axis=1).argmin())]
    return OnMesh(triangle=triangle, weights=weights)


@settings(max_examples=20)
@given(st.sampled_from(["forehead", "malar-right", "lateral-cheek-left", "chin", "jaw-right"]), OWN_FACES, spacings,
       st.floats(1, 12), st.floats(0, 5))  # fmt: skip
def test_no_point_is_nearer_to_a_round_lesion_than_its_margin(
    zone: str, face: Floats, spacing: float, radius: float, margin: float
) -> None:
    lesion = RoundLesion(middle_of(zone), radius, margin)
    points = place_on_measured_face(zone, face, spacing_mm=spacing, obstacles=Obstacles(marked=(lesion,))).points
    assume(len(points) > 0)
    centre = FacePoints.of([(lesion.at.triangle, lesion.at.weights)])
    assert geodesic_between_on(points, centre, face).min() >= radius + margin - STORED_MM
    assert points_clearance_mm(points, face, Obstacles({}, marked=(lesion,))).min() >= -STORED_MM


@settings(max_examples=12)
@given(st.sampled_from(["forehead", "malar-right", "lateral-cheek-left", "jaw-right"]), OWN_FACES, spacings,
       st.floats(0.2, 0.6), st.floats(0, 4))  # fmt: skip
def test_no_point_lies_in_an_outlined_lesion_or_nearer_than_its_margin(
    zone: str, face: Floats, spacing: float, size: float, margin: float
) -> None:
    lesion = OutlinedLesion(stretched(zone, [size]), margin)
    points = place_on_measured_face(zone, face, spacing_mm=spacing, obstacles=Obstacles(marked=(lesion,))).points
    assume(len(points) > 0)
    drawn = drawn_zone(lesion.outline)
    assert not drawn.contains(points).any()
    assert geodesic_between_on(points, drawn.edge(1.0), face).min() >= margin - STORED_MM


def test_a_lesion_takes_points_away_and_only_near_it() -> None:
    free = place_on_measured_face("forehead", UNEVEN, spacing_mm=9.0)
    marked: tuple[Marked, ...] = (RoundLesion(middle_of("forehead"), 12.0),)
    kept = place_on_measured_face("forehead", UNEVEN, spacing_mm=9.0, obstacles=Obstacles(marked=marked))
    drawn = place_in_drawn_zone_on(
        "forehead", corners_of("forehead", None), UNEVEN, spacing_mm=9.0, obstacles=Obstacles(marked=marked)
    )
    assert 0 < len(kept.points) < len(free.points) < len(kept.points) + 10
    assert points_clearance_mm(drawn.points, UNEVEN, Obstacles({}, marked=marked)).min() >= -STORED_MM


@pytest.mark.parametrize("zone", ["malar-right", "jaw-left"])
def test_a_mirrored_lesion_keeps_the_mirrored_points_clear(zone: str) -> None:
    for lesion in (RoundLesion(middle_of(zone), 6.0, 1.0), OutlinedLesion(stretched(zone, [0.4]), 1.0)):
        here = place_on_face(zone, 0.9, spacing_mm=8.0, obstacles=Obstacles(marked=(lesion,))).points
        there = place_on_face(
            mirror_zone(zone), 0.9, spacing_mm=8.0, obstacles=Obstacles(marked=(lesion.mirrored(),))
        ).points
        assert there.positions_mm(0.9) == pytest.approx(here.positions_mm(0.9) * [-1, 1, 1], abs=1e-3)


CORNER = OnMesh(triangle=1, weights=(1.0, 0.0, 0.0))


def test_a_lesion_that_cannot_be_is_refused() -> None:
    corners = stretched("malar-right", [0.5])
    crossed = (*corners[:1], corners[3], corners[1], *corners[4:])
    refused: dict[str, Callable[[], Marked]] = {
        "radius_mm: 0": lambda: RoundLesion(CORNER, 0.0),
        "radius_mm: nan": lambda: RoundLesion(CORNER, float("nan")),
        "margin_mm: -1": lambda: RoundLesion(CORNER, 3.0, -1.0),
        "has 2 corners": lambda: OutlinedLesion((CORNER, CORNER)),
        "crosses itself": lambda: OutlinedLesion(crossed),
        "margin_mm: inf": lambda: OutlinedLesion(corners, float("inf")),
    }
    for name, make in refused.items():
        with pytest.raises(NoSuchLesion, match=name):
            make()


@settings(max_examples=12)
@given(st.sampled_from(["forehead", "malar-right", "lateral-cheek-left", "jaw-right"]), OWN_FACES,
       st.floats(4, 8), st.floats(8, 14), angles)  # fmt: skip
def test_lines_are_parallel_and_their_points_evenly_spaced(
    zone: str, face: Floats, spacing: float, between: float, angle: float
) -> None:
    points = place_on_measured_face(
        zone, face, spacing_mm=spacing, angle_deg=angle, line_spacing_mm=between, obstacles=Obstacles({})
    ).points
    assume(len(points) > 6)
    ways = geodesic_matrix_on(points, face)
    np.fill_diagonal(ways, np.inf)
    neighbours = (ways < 1.2 * spacing).sum(axis=1)
    assert ways.min() >= 0.94 * spacing
    assert neighbours.max() <= (2 if between > 1.25 * spacing else 4), "only those before and after on the line"
    steps = np.sort(ways, axis=1)[:, 0] / spacing
    assert np.median(steps) == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize("zone", ["forehead", "malar-right", "malar-left", "chin", "jaw-right"])
def test_a_point_on_lines_stands_for_spacing_by_line_spacing(zone: str) -> None:
    placed = place_on_measured_face(
        zone, UNEVEN, spacing_mm=3.0, line_spacing_mm=4.0, margin_mm=0, obstacles=Obstacles({})
    )
    assert len(placed.points) * 3.0 * 4.0 / 100 == pytest.approx(placed.area_cm2, rel=0.12)


def test_lines_on_the_template_are_mirror_images() -> None:
    right, left = (
        place_on_face(f"malar-{side}", 0.9, spacing_mm=5.0, line_spacing_mm=9.0, angle_deg=15.0).points
        for side in ("right", "left")
    )
    assert left.positions_mm(0.9) == pytest.approx(right.positions_mm(0.9) * [-1, 1, 1], abs=1e-9)
    assert len(right) > 10


@pytest.mark.parametrize("between", [0.0, -2.0, 0.05])
def test_a_line_spacing_that_does_not_fit_is_refused(between: float) -> None:
    with pytest.raises(ValueError, match="spacing"):
        place_on_measured_face("chin", UNEVEN, spacing_mm=5.0, line_spacing_mm=between)


@given(OWN_FACES)
def test_the_area_of_a_placement_is_that_of_the_zone_on_this_face(face: Floats) -> None:
    placed = place_on_measured_face("temple-left", face, spacing_mm=10.0)
    triangles = load_face_template().triangles
    inside = [
        number
        for number, zone in enumerate(FacePoints(np.arange(898), np.zeros((898, 3))).zones())
        if zone == "temple-left"
    ]
    assert placed.area_cm2 == pytest.approx(triangle_areas_mm2(face, triangles[inside]).sum() / 100)
