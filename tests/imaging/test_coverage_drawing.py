"""Coverage as colours on the maps: what is drawn where, in which colour, and what is said of it."""

from __future__ import annotations

import base64
import re
import struct
import zlib

import numpy as np
import pytest

from mesoplan.domain.plan import OnMesh, OnPatch
from mesoplan.imaging.coverage_drawing import (
    MOST_SHARE,
    CoveredZone,
    colour_of,
    covered_on_face_svg,
    covered_on_patch_svg,
)
from mesoplan.imaging.face_shape import template_face
from mesoplan.imaging.face_view import View
from mesoplan.imaging.patch_placement import patch_of_area
from mesoplan.imaging.png import encode_palette
from mesoplan.imaging.unfolded_zone import unfolded_face_zone, unfolded_patch


def _lightness(colour: str) -> float:
    """Relative luminance as WCAG 2 has it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _pixels(svg: str) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """The numbers of the colours in the one picture of a drawing."""
    found = re.search(r"base64,([^\"]+)", svg)
    assert found is not None
    return _decoded(base64.b64decode(found.group(1)))


def _decoded(png: bytes) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    width, height = struct.unpack(">II", png[16:24])
    at = png.index(b"IDAT")
    size = struct.unpack(">I", png[at - 4 : at])[0]
    lines = np.frombuffer(zlib.decompress(png[at + 4 : at + 4 + size]), dtype=np.uint8)
    return lines.reshape(height, width + 1)[:, 1:]


def test_a_picture_of_few_colours_is_read_back() -> None:
    numbers = np.array([[0, 1, 2], [2, 1, 0]], dtype=np.uint8)
    colours = np.array([[0, 0, 0, 0], [9, 8, 7, 255], [1, 2, 3, 255]], dtype=np.uint8)
    png = encode_palette(numbers, colours)
    assert (_decoded(png) == numbers).all()
    assert bytes([0, 0, 0, 9, 8, 7, 1, 2, 3]) in png


def test_more_is_always_brighter_so_that_grey_paper_shows_it() -> None:
    shares = np.linspace(0, MOST_SHARE, 30).tolist()
    light = [_lightness(colour_of(share)) for share in shares]
    assert light == sorted(light)
    assert light[-1] / light[0] > 20
    assert colour_of(MOST_SHARE) == colour_of(5.0)


@pytest.fixture(scope="module")
def patch() -> CoveredZone:
    plane = unfolded_patch(patch_of_area(24.0), None)
    x = plane.grid.places()[:, 0].reshape(plane.grid.rows, plane.grid.columns)
    shares = np.where(plane.inside, np.where(x < 0, 0.0, 2.0), np.nan)
    return CoveredZone("abdomen", plane, shares, 0.5, ((OnPatch(x_mm=-5, y_mm=2), "gets 3 % & less"),))


def test_a_patch_is_drawn_where_it_lies_with_its_line_and_its_cold_places(patch: CoveredZone) -> None:
    svg = covered_on_patch_svg(patch)
    pixels = _pixels(svg)
    assert pixels.shape == (patch.plane.grid.rows, patch.plane.grid.columns)
    assert len(np.unique(pixels[:, : pixels.shape[1] // 2 - 1])) == 1
    assert pixels[:, 0].max() < pixels[:, -1].min()
    left = float(re.search(r' x="([^"]+)"', svg).group(1))  # type: ignore[union-attr]
    assert left == pytest.approx(-30.0, abs=0.01)
    assert svg.count('class="mp-map-covered"') == 1
    assert "gets 3 % &amp; less" in svg


def test_up_on_the_skin_is_up_in_the_picture(patch: CoveredZone) -> None:
    y = patch.plane.grid.places()[:, 1].reshape(patch.shares.shape)
    risen = CoveredZone("abdomen", patch.plane, np.where(y > 0, 2.0, 0.0), 0.5)
    pixels = _pixels(covered_on_patch_svg(risen))
    assert pixels[0].min() > pixels[-1].max()


def test_a_zone_of_the_face_is_drawn_in_the_views_that_show_it() -> None:
    face = template_face(1.0)
    plane = unfolded_face_zone("lateral-cheek-right", None, face)
    zone = CoveredZone("lateral-cheek-right", plane, np.where(plane.inside, 1.0, np.nan), 0.5)
    drawn = {view: covered_on_face_svg(view, [zone], face) for view in View}
    assert 'data-covered="lateral-cheek-right"' in drawn[View.RIGHT_OBLIQUE]
    seen, beyond = (_pixels(drawn[view]) for view in (View.RIGHT_OBLIQUE, View.LEFT_OBLIQUE))
    assert (beyond > 0).sum() < 0.3 * (seen > 0).sum()
    # All that is shown has the one colour of the mean: nothing is made up at the edge.
    assert len(np.unique(seen[seen > 0])) == 1


def test_a_cold_place_on_the_face_is_marked_where_it_is_seen() -> None:
    face = template_face(1.0)
    plane = unfolded_face_zone("malar-right", None, face)
    at = plane.place_at(*plane.grid.places()[plane.inside.ravel()][200].tolist())
    assert isinstance(at, OnMesh)
    zone = CoveredZone("malar-right", plane, np.where(plane.inside, 1.0, np.nan), 0.5, ((at, "cold"),))
    assert covered_on_face_svg(View.FRONT, [zone], face).count("mp-map-cold") == 1
    assert "mp-map-cold" not in covered_on_face_svg(View.LEFT_OBLIQUE, [zone], face)
    hot = CoveredZone("malar-right", plane, zone.shares, 0.5, hot=((at, "hot"),))
    assert covered_on_face_svg(View.FRONT, [hot], face).count("mp-map-hot") == 1
