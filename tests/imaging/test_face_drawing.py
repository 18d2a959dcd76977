"""The maps as SVG: well formed, to scale, complete, and readable without colour."""

import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from mesoplan.imaging.danger import region_on
from mesoplan.imaging.face_drawing import DangerMarks, FaceMap, MapWords, ZoneMarks, face_map_svg
from mesoplan.imaging.face_landmarks import Place
from mesoplan.imaging.face_shape import template_face
from mesoplan.imaging.face_view import View, see_places
from mesoplan.imaging.map_style import PAINTS, ZONE_STYLES, map_css, zone_dash
from mesoplan.imaging.patch_drawing import PatchMap, patch_map_svg
from mesoplan.imaging.patch_placement import place_on_patch
from mesoplan.imaging.placement import place_on_face

FACTOR = 138 / 153.28
SIZED_MM = template_face(FACTOR).vertices_mm
FACE = template_face(FACTOR)
SVG = "{http://www.w3.org/2000/svg}"
WORDS = MapWords("Map of 3 < 4 zones", "Points & zones", caption="Front")


def face_map() -> FaceMap:
    zones = []
    for style, zone in enumerate(("forehead", "malar-right", "malar-left"), start=1):
        points = place_on_face(zone, FACTOR, spacing_mm=12).points
        numbers = tuple(f"{zone[:2]}{zone[-1]}{number}" for number in range(len(points)))
        zones.append(ZoneMarks(zone, style, f"{zone} · {len(points)}", points, numbers))
    danger = [
        DangerMarks(region_on((Place("medial-canthus"),), "right", SIZED_MM, 10), "Medial canthus"),
        DangerMarks(region_on((Place("ala"), Place("cheilion", 10)), "left", SIZED_MM, 5), "Artery"),
    ]
    return FaceMap(FACE, zones, danger=danger)


def tree(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314


def drawn_numbers(svg: str) -> set[str]:
    return {found.attrib["data-point"] for found in tree(svg).iter(f"{SVG}g") if "data-point" in found.attrib}


@pytest.mark.parametrize("view", list(View))
def test_it_is_well_formed_and_says_what_it_shows(view: View) -> None:
    root = tree(face_map_svg(view, face_map(), WORDS, labels=view is View.FRONT, uid="a"))
    assert root.findtext(f"{SVG}title") == "Map of 3 < 4 zones"
    assert root.findtext(f"{SVG}desc") == "Points & zones"
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "a-title a-desc"


@pytest.mark.parametrize("view", list(View))
def test_the_points_drawn_are_those_that_can_be_seen(view: View) -> None:
    drawing = face_map()
    seen = set()
    for marks in drawing.zones:
        assert marks.points is not None
        hidden = see_places(view, marks.points.triangles, marks.points.weights, FACE).hidden
        seen |= {number for number, away in zip(marks.numbers, hidden, strict=True) if not away}
    assert drawn_numbers(face_map_svg(view, drawing, WORDS)) == seen


def test_all_points_are_in_one_of_the_views() -> None:
    drawing = face_map()
    drawn = set().union(*(drawn_numbers(face_map_svg(view, drawing, WORDS)) for view in View))
    assert drawn == {number for marks in drawing.zones for number in marks.numbers}


def test_a_point_stands_at_its_millimetres() -> None:
    drawing = face_map()
    root = tree(face_map_svg(View.FRONT, drawing, WORDS))
    marks = drawing.zones[0]
    assert marks.points is not None
    x, y, _ = marks.points.positions_mm(FACTOR)[10]
    group = next(g for g in root.iter(f"{SVG}g") if g.attrib.get("data-point") == marks.numbers[10])
    circle = group.find(f"{SVG}circle")
    assert circle is not None
    assert float(circle.attrib["cx"]) == pytest.approx(x, abs=0.006)
    assert float(circle.attrib["cy"]) == pytest.approx(-y, abs=0.006)


def test_the_scale_bar_is_20_mm_of_the_view_box() -> None:
    svg = face_map_svg(View.FRONT, face_map(), WORDS)
    bar = re.search(r'mp-map-scale-bar"><path d="M[-\d.]+,[-\d.]+v3M([-\d.]+),[-\d.]+H([-\d.]+)', svg)
    assert bar is not None
    assert float(bar[2]) - float(bar[1]) == pytest.approx(20.0)
    assert "20 mm" in svg


def test_a_larger_face_has_a_larger_picture_and_the_same_bar() -> None:
    small, large = (face_map_svg(View.FRONT, FaceMap(template_face(factor)), WORDS) for factor in (0.8, 1.0))
    widths = [float(tree(svg).attrib["viewBox"].split()[2]) for svg in (small, large)]
    assert widths[0] == pytest.approx(0.8 * widths[1])


def test_right_stands_on_the_left_and_excluded_skin_is_hatched() -> None:
    root = tree(face_map_svg(View.FRONT, face_map(), WORDS, uid="b"))
    letters = {t.text: float(t.attrib["x"]) for t in root.iter(f"{SVG}text") if t.text in ("R", "L")}
    assert letters["R"] < 0 < letters["L"]
    excluded = {g.attrib["data-excluded"] for g in root.iter(f"{SVG}g") if "data-excluded" in g.attrib}
    assert excluded == {"periorbital-right", "periorbital-left", "lips"}
    assert "url(#b-hatch)" in {p.attrib.get("fill") for p in root.iter(f"{SVG}path")}


def test_danger_is_named_and_dashed() -> None:
    root = tree(face_map_svg(View.FRONT, face_map(), WORDS))
    groups = [g for g in root.iter(f"{SVG}g") if g.find(f"{SVG}title") is not None]
    assert {g.findtext(f"{SVG}title") for g in groups} == {"Medial canthus", "Artery"}
    assert all(any("stroke-dasharray" in p.attrib for p in g.iter(f"{SVG}path")) for g in groups)


def test_ids_do_not_meet_on_one_page() -> None:
    both = [face_map_svg(View.FRONT, face_map(), WORDS, uid=uid) for uid in ("one", "two")]
    first, second = (set(re.findall(r' id="([^"]+)"', svg)) for svg in both)
    assert first
    assert not first & second
    for svg, ids in zip(both, (first, second), strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= ids


def test_labels_do_not_lie_over_one_another() -> None:
    root = tree(face_map_svg(View.FRONT, face_map(), WORDS))
    boxes = [
        (float(r.attrib["x"]), float(r.attrib["y"]), float(r.attrib["width"]), float(r.attrib["height"]))
        for r in root.iter(f"{SVG}rect")
        if "mp-map-label-box" in r.attrib.get("class", "")
    ]
    assert len(boxes) == 3
    for number, (x, y, width, height) in enumerate(boxes):
        for other_x, other_y, other_width, _ in boxes[:number]:
            apart = x + width <= other_x or other_x + other_width <= x or abs(y - other_y) >= height
            assert apart


def test_the_shading_can_come_from_an_address() -> None:
    inside = face_map_svg(View.FRONT, FaceMap(FACE), WORDS)
    outside = face_map_svg(View.FRONT, FaceMap(FACE), WORDS, shading_href="/static/front.png")
    assert 'href="data:image/png;base64,' in inside
    assert "data:" not in outside
    assert 'href="/static/front.png"' in outside


def test_every_class_that_is_drawn_has_a_colour_of_the_theme() -> None:
    svg = face_map_svg(View.FRONT, face_map(), WORDS) + face_map_svg(View.RIGHT_OBLIQUE, face_map(), WORDS)
    css = map_css()
    coloured = set(re.findall(r"\.(mp-map-[\w-]+)", css))
    for classes, attributes in re.findall(r'class="(mp-map-[^"]+)"([^>]*)', svg):
        if "fill=" in attributes or "stroke=" in attributes:
            assert set(classes.split()) & coloured, classes
    assert all(f".{name}{{" in css for name in PAINTS)
    assert "var(--mp-danger,#B4212B)" in css


def test_a_style_outside_of_the_eight_is_refused() -> None:
    with pytest.raises(ValueError, match="style 9 is not 1 to 8"):
        face_map_svg(View.FRONT, FaceMap(FACE, [ZoneMarks("chin", ZONE_STYLES + 1)]), WORDS)


def test_neighbouring_styles_differ_without_colour() -> None:
    dashes = [zone_dash(style) for style in range(1, ZONE_STYLES + 1)]
    assert all(one != other for one, other in itertools.pairwise(dashes))


def test_a_patch_shows_its_points_margin_and_scale() -> None:
    placement = place_on_patch(60, spacing_mm=10, shape="ellipse")
    numbers = tuple(f"n{number}" for number in range(len(placement.positions_mm)))
    svg = patch_map_svg(PatchMap(placement.patch, placement.positions_mm, numbers, 3, 3.0), WORDS)
    assert drawn_numbers(svg) == set(numbers)
    assert "mp-map-margin" in svg
    assert "20 mm" in svg
    width = float(tree(svg).attrib["viewBox"].split()[2])
    assert width > placement.patch.width_mm


def test_a_patch_without_points_is_drawn_too() -> None:
    placement = place_on_patch(0.2, spacing_mm=10)
    svg = patch_map_svg(PatchMap(placement.patch, np.zeros((0, 2))), WORDS)
    assert drawn_numbers(svg) == set()
