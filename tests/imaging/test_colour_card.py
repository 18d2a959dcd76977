"""A card in the picture sets its colours right, or is refused with what to do."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.color import lab2xyz, rgb2lab

from mesoplan.imaging.card_finding import CardRefusal, CardRefused, patches_in_quad
from mesoplan.imaging.colour_card import (
    MOST_RESIDUAL,
    CardKind,
    chart_light,
    colour_checker_correction,
    grey_card_correction,
)
from mesoplan.imaging.colour_space import XYZ_OF_LINEAR, lab_of, linear_of, linear_of_lab_d50, pixels_of
from mesoplan.kernels.mesh import Floats
from tests.imaging.rendered_faces import photo_of
from tests.imaging.synthetic_camera import CAMERAS, CHART_AT, GREY_AT, Camera, chart, chart_corners_px, scene, shot


def test_colours_are_those_of_scikit_image() -> None:
    rgb = np.random.default_rng(5).integers(0, 256, (500, 3), dtype=np.uint8)
    assert lab_of(linear_of(rgb)) == pytest.approx(rgb2lab(rgb / 255), abs=0.01)


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_levels_come_back_from_light(levels: tuple[int, int, int]) -> None:
    rgb = np.array(levels, dtype=np.uint8)
    assert (pixels_of(linear_of(rgb)) == rgb).all()


# Bradford's adaptation from D50 to D65, as B. Lindbloom prints it.
D65_OF_D50 = np.array(
    [[0.9555766, -0.0230393, 0.0631636], [-0.0282895, 1.0099416, 0.0210077], [0.0122982, -0.0204830, 1.3299098]]
)


@given(st.floats(20, 95), st.floats(-30, 50), st.floats(-40, 60))
def test_colours_under_d50_are_those_of_scikit_image_adapted(lightness: float, red: float, yellow: float) -> None:
    lab = np.array([lightness, red, yellow])
    xyz = lab2xyz(lab, illuminant="D50") @ D65_OF_D50.T
    assert linear_of_lab_d50(lab) @ XYZ_OF_LINEAR.T == pytest.approx(xyz, abs=5e-4)


def test_the_chart_goes_from_dark_skin_to_black() -> None:
    levels = pixels_of(chart_light()).astype(int)
    neutrals = levels[18:]
    assert (np.ptp(neutrals[1:], axis=1) <= 3).all()
    assert (np.diff(neutrals.mean(axis=1)) < -25).all()
    strongest = {12: 2, 13: 1, 14: 0}
    assert {number: int(levels[number].argmax()) for number in strongest} == strongest


@pytest.mark.parametrize("name", CAMERAS)
def test_the_chart_is_found_and_sets_colours_right(name: str) -> None:
    found = colour_checker_correction(shot(scene("tan"), CAMERAS[name]))
    assert found.kind is CardKind.COLOUR_CHECKER
    assert found.residual < 1.0
    marked = colour_checker_correction(shot(scene("tan"), CAMERAS[name]), chart_corners_px())
    assert lab_of(marked.corrected(np.array([0.3, 0.2, 0.15]))) == pytest.approx(
        lab_of(found.corrected(np.array([0.3, 0.2, 0.15]))), abs=0.7
    )


@pytest.mark.parametrize("first", range(4))
def test_which_corner_comes_first_does_not_matter(first: int) -> None:
    picture = shot(scene("tan"), CAMERAS["warm light"])
    turned = colour_checker_correction(picture, np.roll(chart_corners_px(), first, axis=0))
    assert turned.matrix == pytest.approx(colour_checker_correction(picture, chart_corners_px()).matrix)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_the_chart_may_lie_on_its_side_or_head(quarters: int) -> None:
    upright = scene("tan").copy()
    left, top = CHART_AT
    turned = np.rot90(chart(), quarters)
    upright[top : top + 140, left - 10 : left + 210] = 0.2
    height, width = turned.shape[:2]
    upright[1030 - height : 1030, left : left + width] = turned
    assert colour_checker_correction(shot(upright, CAMERAS["crosstalk"])).residual < 1.0


def test_what_the_camera_did_is_undone() -> None:
    """Crosstalk, warm light and a curve of its own: the light of skin comes back within 2 %."""
    camera = Camera((1.1, 1.0, 0.8), mixing=0.1, exposure=0.8, tone=1.12)
    seen = shot(scene("tan"), camera)
    correction = colour_checker_correction(seen)
    assert correction.exponent == pytest.approx(1 / 1.12, abs=0.03)
    skin = (slice(500, 540), slice(300, 340))
    truth = scene("tan")[skin].mean(axis=(0, 1))
    assert correction.corrected(linear_of(seen.rgb[skin])).mean(axis=(0, 1)) == pytest.approx(truth, rel=0.03)


def test_clipped_patches_are_left_out() -> None:
    bright = colour_checker_correction(shot(scene("tan"), Camera(exposure=1.25)))
    assert "white" in bright.clipped
    assert bright.used <= 24 - len(bright.clipped)
    assert bright.residual < 1.0


def test_too_many_clipped_patches_are_refused() -> None:
    with pytest.raises(CardRefused, match="less light") as refused:
        colour_checker_correction(shot(scene("tan"), Camera(exposure=4.0)), chart_corners_px())
    assert refused.value.code is CardRefusal.CLIPPED


def test_glare_on_a_patch_leaves_it_out() -> None:
    glaring = scene("tan").copy()
    left, top = CHART_AT
    glaring[top + 8 : top + 20, left + 8 : left + 20] = 0.9
    found = colour_checker_correction(shot(glaring, Camera(exposure=0.8)), chart_corners_px())
    assert not found.patches[0].is_usable
    assert found.residual < 1.0


def test_no_card() -> None:
    with pytest.raises(CardRefused) as refused:
        colour_checker_correction(shot(scene("tan", card=False), Camera()))
    assert refused.value.code is CardRefusal.NOT_FOUND


def test_what_is_no_chart_is_refused() -> None:
    other = scene("tan").copy()
    left, top = CHART_AT
    other[top : top + chart().shape[0], left : left + chart().shape[1]] = chart(
        np.random.default_rng(2).permutation(24)
    )
    with pytest.raises(CardRefused) as refused:
        colour_checker_correction(shot(other, Camera(exposure=0.8)), chart_corners_px())
    assert refused.value.code is CardRefusal.NOT_A_CARD
    assert f"{MOST_RESIDUAL:.0f}" not in str(refused.value)


def test_corners_outside_of_the_picture_are_refused() -> None:
    with pytest.raises(CardRefused) as refused:
        colour_checker_correction(shot(scene("tan"), Camera()), chart_corners_px() + np.array([0.0, 100.0]))
    assert refused.value.code is CardRefusal.OUTSIDE


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (8, 8), (199, 900), (300, 2000)])
def test_pictures_of_any_shape_have_no_card_and_take_no_time(shape: tuple[int, int]) -> None:
    """The search for a chart in a picture of one row did not end when this was built."""
    with pytest.raises(CardRefused) as refused:
        colour_checker_correction(photo_of(np.full((*shape, 3), 90, dtype=np.uint8)))
    assert refused.value.code is CardRefusal.NOT_FOUND


@pytest.mark.parametrize("corners", [chart_corners_px()[:3], np.full((4, 2), np.nan)])
def test_corners_that_are_no_four_places(corners: Floats) -> None:
    with pytest.raises(ValueError, match="four places"):
        patches_in_quad(shot(scene("tan"), Camera()), corners, [])


@pytest.mark.parametrize("rectangle", [(0, 0, 0, 0), (50, 50, -20, 20), (float("nan"), 0, 5, 5)])
def test_a_rectangle_without_area_is_none(rectangle: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="rectangle"):
        grey_card_correction(shot(scene("tan", grey=True), Camera()), rectangle)


GREY_REFUSED: dict[str, tuple[tuple[float, float, float, float], float, CardRefusal]] = {
    "half of it beside the card": ((100, 560, 120, 120), 1.0, CardRefusal.UNEVEN),
    "out of the picture": ((-10, 600, 50, 50), 1.0, CardRefusal.OUTSIDE),
    "five pixels": ((50, 610, 5, 1), 1.0, CardRefusal.NOT_FOUND),
    "clipped": (GREY_AT, 6.0, CardRefusal.CLIPPED),
}


@pytest.mark.parametrize("name", GREY_REFUSED)
def test_a_grey_card_that_cannot_be_used(name: str) -> None:
    rectangle, exposure, code = GREY_REFUSED[name]
    with pytest.raises(CardRefused) as refused:
        grey_card_correction(shot(scene("tan", grey=True), Camera(exposure=exposure)), rectangle)
    assert refused.value.code is code


def test_reflectance_is_a_share() -> None:
    with pytest.raises(ValueError, match="reflectance"):
        grey_card_correction(shot(scene("tan", grey=True), Camera()), GREY_AT, reflectance=18)


@settings(max_examples=25, deadline=None)
@given(
    st.tuples(*[st.floats(0.6, 1.4)] * 3),
    st.floats(0.4, 0.9),
    st.tuples(*[st.floats(0.05, 0.5)] * 3),
)
def test_gains_are_undone_by_a_grey_card(
    gains: tuple[float, float, float], exposure: float, skin: tuple[float, float, float]
) -> None:
    light: Floats = np.full((60, 60, 3), 0.18)
    light[:, 30:] = skin
    seen = shot(light, Camera(gains, exposure=exposure))
    found = grey_card_correction(seen, (2, 2, 24, 50))
    corrected = found.corrected(linear_of(seen.rgb[30, 40]))
    assert corrected == pytest.approx(np.array(skin), rel=0.05)


def test_a_large_picture_is_searched_small_and_read_whole() -> None:
    seen = shot(scene("tan"), CAMERAS["warm light"])
    large = photo_of(np.asarray(cv2.resize(seen.rgb, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), np.uint8))
    found = colour_checker_correction(large)
    assert found.centre_px == pytest.approx(colour_checker_correction(seen).centre_px * 3, abs=20)
    assert found.residual < 1.0
