"""Every bit of the face belongs to one zone."""

import json
from collections import Counter
from importlib import resources

import numpy as np
import pytest

from mesoplan.imaging.face_shape import template_face
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_zones import (
    NO_INJECTION_ZONES,
    UnknownZone,
    distance_to_border_mm,
    face_zone_ids,
    mirror_zone,
    zone_area_cm2,
    zone_of_triangles,
    zone_outlines,
    zone_triangles,
)

# Area in cm² of the template in its own size (63 mm between the pupils).
AREAS = {
    "forehead": 41.9,
    "glabella": 9.2,
    "temple-right": 13.3,
    "periorbital-right": 18.8,
    "nose": 29.4,
    "malar-right": 17.2,
    "lateral-cheek-right": 32.9,
    "nasolabial-right": 5.1,
    "perioral": 14.2,
    "lips": 10.9,
    "chin": 22.3,
    "jaw-right": 28.6,
}


def test_the_zones_are_these() -> None:
    sides = {zone for zone in AREAS if zone.endswith("-right")}
    assert set(face_zone_ids()) == set(AREAS) | {mirror_zone(zone) for zone in sides}


@pytest.mark.parametrize("zone", AREAS)
def test_area(zone: str) -> None:
    assert zone_area_cm2(zone, 1.0) == pytest.approx(AREAS[zone], abs=0.1)
    assert zone_area_cm2(mirror_zone(zone), 1.0) == zone_area_cm2(zone, 1.0)


def test_area_grows_with_the_square_of_the_scale() -> None:
    assert zone_area_cm2("chin", 0.9) == pytest.approx(zone_area_cm2("chin", 1.0) * 0.81)


def test_every_triangle_is_in_one_zone() -> None:
    times = Counter(triangle for zone in face_zone_ids() for triangle in zone_triangles(zone).tolist())
    assert set(times) == set(range(898))
    assert set(times.values()) == {1}
    assert "" not in zone_of_triangles()


def test_areas_sum_to_the_face() -> None:
    assert sum(zone_area_cm2(zone, 1.0) for zone in face_zone_ids()) == pytest.approx(359.57, abs=0.01)


def test_every_ring_runs_along_edges_of_the_mesh() -> None:
    triangles = load_face_template().triangles
    pairs = {frozenset(pair) for t in triangles.tolist() for pair in ((t[0], t[1]), (t[1], t[2]), (t[2], t[0]))}
    data = json.loads(resources.files("mesoplan.imaging").joinpath("data", "face_zones.json").read_text("utf-8"))
    astray = [
        (name, start, end)
        for name, zone in data["zones"].items()
        for start, end in zip(zone["ring"], zone["ring"][1:] + zone["ring"][:1], strict=True)
        if frozenset((start, end)) not in pairs
    ]
    assert astray == []


def test_a_zone_is_one_piece_and_only_the_skin_about_the_lips_has_a_hole() -> None:
    loops = {zone: len(zone_outlines(zone)) for zone in face_zone_ids()}
    assert {zone for zone, count in loops.items() if count != 1} == {"perioral"}
    assert loops["perioral"] == 2


def test_left_is_the_mirror_image_of_right() -> None:
    face = load_face_template()
    for zone in face_zone_ids():
        images = face.mirror_triangles[zone_triangles(zone)]
        assert sorted(images) == zone_triangles(mirror_zone(zone)).tolist()


@pytest.mark.parametrize(
    ("vertex", "what", "zone"),
    [
        (23, "right lower eyelid", "periorbital-right"),
        (159, "right upper eyelid", "periorbital-right"),
        (52, "right brow", "periorbital-right"),
        (362, "left inner canthus", "periorbital-left"),
        (4, "tip of the nose", "nose"),
        (9, "between the brows", "glabella"),
        (50, "right cheek", "malar-right"),
        (280, "left cheek", "malar-left"),
        (14, "lower lip", "lips"),
        (164, "philtrum", "perioral"),
        (199, "chin", "chin"),
        (139, "right temple", "temple-right"),
        (227, "before the right ear", "lateral-cheek-right"),
        (138, "right jaw", "jaw-right"),
        (69, "right half of the forehead", "forehead"),
    ],
)
def test_what_lies_where(vertex: int, what: str, zone: str) -> None:
    around = np.flatnonzero((load_face_template().triangles == vertex).any(axis=1))
    assert {zone_of_triangles()[triangle] for triangle in around} == {zone}, what


def test_orbits_and_lips_take_no_injection() -> None:
    assert set(NO_INJECTION_ZONES) == {"periorbital-right", "periorbital-left", "lips"}


def test_a_zone_of_the_body_is_not_on_the_face() -> None:
    with pytest.raises(UnknownZone, match=r"submental.*forehead, glabella"):
        zone_triangles("submental")


def test_distance_to_a_border_counts_from_its_edges() -> None:
    face = load_face_template()
    on_border = face.vertices_mm[zone_outlines("chin")[0]]
    assert distance_to_border_mm(on_border * 0.9, "chin", template_face(0.9).vertices_mm) == pytest.approx(
        0.0, abs=1e-6
    )
    assert distance_to_border_mm(face.vertices_mm[[10]], "chin", template_face(1.0).vertices_mm)[0] > 100
