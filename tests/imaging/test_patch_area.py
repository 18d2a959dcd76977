"""The area of a place of the body out of one photo with a sticker: what is stated covers what is true."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.imaging.face_scale import ImplausibleMeasure
from mesoplan.imaging.patch_area import PatchArea, PatchRefusal, PatchRefused, find_sticker, measure_patch
from mesoplan.imaging.patch_bend import BENDS, ROUNDEST, Bend, bend_of
from mesoplan.imaging.picture_reading import Pixels
from mesoplan.kernels.mesh import Floats
from mesoplan.knowledge.loader import load
from tests.imaging.rendered_patches import HEIGHT_PX, WIDTH_PX, Body, circle, circle_on_dome_cm2, rectangle

FLAT = Bend(1e5)


def measured(body: Body, outline: Floats, bend: Bend, hand_px: float = 0.0) -> PatchArea:
    places = [(x, y) for x, y in body.pixels(outline).tolist()]
    return measure_patch(find_sticker(body.photo()), body.sticker_mm, places, bend=bend, hand_px=hand_px)


# Body, outline, its true area in cm², how round it is taken to be, and the most that may be stated for it.
RENDERED: dict[str, tuple[Body, Floats, float, Bend, float]] = {
    "flat, sticker 15 mm at 40 cm": (Body(sticker_mm=15, distance_mm=400), rectangle(100, 140), 140.0, FLAT, 0.05),
    "flat, sticker 15 mm at 60 cm": (Body(sticker_mm=15), rectangle(100, 140), 140.0, FLAT, 0.05),
    "flat, sticker 30 mm at 1 m": (Body(sticker_mm=30, distance_mm=1000), rectangle(100, 140), 140.0, FLAT, 0.05),
    "flat, turned 30°": (Body(turn_deg=30), rectangle(100, 140), 140.0, FLAT, 0.05),
    "flat, turned and tilted": (Body(turn_deg=30, tilt_deg=20), rectangle(100, 140), 140.0, FLAT, 0.06),
    "flat, turned, sticker at the edge": (Body(turn_deg=30), rectangle(100, 140, shift=(60, 0)), 140.0, FLAT, 0.2),
    "arm 45 mm": (Body(45), rectangle(54, 70), 37.8, Bend(45), 0.17),
    "arm taken rounder than it is": (Body(60), rectangle(54, 70), 37.8, Bend(45), 0.17),
    "thigh 80 mm": (Body(80), rectangle(96, 125), 120.0, Bend(80), 0.17),
    "thigh 80 mm, turned": (Body(80, turn_deg=20), rectangle(80, 120), 96.0, Bend(80), 0.22),
    "thigh 80 mm, tilted": (Body(80, tilt_deg=20), rectangle(80, 120), 96.0, Bend(80), 0.15),
    "thigh 80 mm, sticker aside": (Body(80), rectangle(60, 120, shift=(20, 0)), 72.0, Bend(80), 0.2),
    "thigh 80 mm, turned, aside": (
        Body(80, distance_mm=500, turn_deg=20),
        rectangle(60, 120, shift=(20, 0)),
        72.0,
        Bend(80),
        0.3,
    ),
    "trunk 130 mm": (Body(130, sticker_mm=30), rectangle(150, 160), 240.0, Bend(130), 0.25),
    "buttock 110 mm": (Body(110, True), circle(55), circle_on_dome_cm2(55, 110), Bend(110, True), 0.18),
    "buttock, turned": (
        Body(110, True, turn_deg=20, tilt_deg=10),
        circle(50),
        circle_on_dome_cm2(50, 110),
        BENDS["buttock"],
        0.23,
    ),
}


@pytest.mark.parametrize("name", RENDERED)
def test_the_true_area_lies_within_what_is_stated(name: str) -> None:
    body, outline, true_cm2, bend, most = RENDERED[name]
    found = measured(body, outline, bend)
    assert abs(found.area_cm2 - true_cm2) <= found.area_cm2 * found.relative_error
    assert found.relative_error <= most


@pytest.mark.parametrize("radius", [45.0, 80.0, 130.0])
def test_skin_that_bends_away_reads_small_and_the_error_grows_with_it(radius: float) -> None:
    found = [measured(Body(radius), rectangle(w * radius, w * radius), Bend(radius)) for w in (0.4, 0.8, 1.2)]
    lost = [1 - each.area_cm2 * 100 / (w * radius) ** 2 for each, w in zip(found, (0.4, 0.8, 1.2), strict=True)]
    assert lost == sorted(lost)
    assert lost[2] > 0.04
    bends = [each.bend_error for each in found]
    assert bends == sorted(bends)


def test_a_sticker_at_the_edge_says_less_than_one_in_the_middle() -> None:
    middle = measured(Body(), rectangle(100, 100), FLAT)
    edge = measured(Body(), rectangle(100, 100, shift=(60, 0)), FLAT)
    assert edge.sticker_error > 1.3 * middle.sticker_error


def test_a_hand_that_is_less_sure_says_less() -> None:
    sure, unsure = (measured(Body(), rectangle(100, 140, 1), FLAT, hand_px=px) for px in (1.0, 5.0))
    assert unsure.hand_error == pytest.approx(5 * sure.hand_error)
    assert 0.001 < sure.hand_error < 0.02


@pytest.mark.parametrize(
    ("photo", "refusal"),
    [
        (lambda: np.full((HEIGHT_PX, WIDTH_PX, 3), 180, dtype=np.uint8), PatchRefusal.NO_STICKER),
        (lambda: np.concatenate([Body().photo(), Body().photo()], axis=1), PatchRefusal.SEVERAL_STICKERS),
        (lambda: Body(sticker_mm=10, distance_mm=700).photo(), PatchRefusal.STICKER_SMALL),
        (lambda: Body(sticker_mm=40, turn_deg=55).photo(), PatchRefusal.STICKER_TURNED),
    ],
)
def test_a_photo_whose_sticker_tells_nothing_is_refused(photo: Callable[[], Pixels], refusal: PatchRefusal) -> None:
    with pytest.raises(PatchRefused) as refused:
        find_sticker(photo())
    assert refused.value.code is refusal


SQUARE = np.array([[950.0, 700.0], [1050.0, 700.0], [1050.0, 800.0], [950.0, 800.0]])
TRAPEZE = np.array([[950.0, 700.0], [1050.0, 715.0], [1050.0, 785.0], [950.0, 800.0]])


@pytest.mark.parametrize(
    ("sticker", "corners", "bend", "refusal"),
    [
        (SQUARE, [(800, 600), (1200, 600)], FLAT, PatchRefusal.CORNERS),
        (SQUARE, [(800 + i, 600 + i * i) for i in range(25)], FLAT, PatchRefusal.CORNERS),
        (SQUARE, [(800, 600), (1200, float("nan")), (1000, 900)], FLAT, PatchRefusal.NOT_A_NUMBER),
        (SQUARE, [(800, 600), (1200, 900), (1200, 600), (800, 900)], FLAT, PatchRefusal.CROSSING),
        (SQUARE, [(800, 600), (800, 600), (1200, 600)], FLAT, PatchRefusal.CROSSING),
        (TRAPEZE, [(800, 600), (1900, 600), (1900, 900), (800, 900)], FLAT, PatchRefusal.TOO_FAR),
        (SQUARE, [(400, 300), (1600, 300), (1600, 1200), (400, 1200)], Bend(40), PatchRefusal.TOO_ROUND),
        (SQUARE, [(3600, 600), (3700, 600), (3700, 900), (3600, 900)], FLAT, PatchRefusal.UNSURE),
    ],
)
def test_an_outline_that_tells_nothing_is_refused(
    sticker: Floats, corners: list[tuple[float, float]], bend: Bend, refusal: PatchRefusal
) -> None:
    with pytest.raises(PatchRefused) as refused:
        measure_patch(sticker, 20.0, corners, bend=bend, hand_px=1.0)
    assert refused.value.code is refusal


@pytest.mark.parametrize("side", [4.9, 60.1, float("nan")])
def test_a_sticker_of_a_size_that_none_has_is_refused(side: float) -> None:
    with pytest.raises(ImplausibleMeasure):
        measure_patch(SQUARE, side, [(900, 650), (1100, 650), (1100, 850), (900, 850)], bend=FLAT, hand_px=1.0)


@given(
    angle=st.floats(0, 360), step=st.integers(0, 3), backwards=st.booleans(), side=st.sampled_from([10.0, 20.0, 50.0])
)
def test_neither_turn_nor_order_nor_first_corner_matter(angle: float, step: int, backwards: bool, side: float) -> None:
    turn = np.radians(angle)
    about = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    corners = np.roll((SQUARE - 1000) @ about.T * [[2.0]] + 1000, step, axis=0)
    outline = [(x, y) for x, y in (corners[::-1] if backwards else corners).tolist()]
    found = measure_patch((SQUARE - 1000) @ about.T + 1000, side, outline, bend=FLAT, hand_px=1.0)
    assert found.area_cm2 == pytest.approx(4 * side**2 / 100)
    assert found.corners_mm.shape == (4, 2)


def test_every_zone_that_is_a_flat_patch_and_takes_injection_says_how_round_it_is() -> None:
    knowledge = load()
    patches = {zone.id for zone in knowledge.zones.values() if zone.surface == "patch" and zone.blocked is None}
    assert {zone for zone in patches if bend_of(zone) is ROUNDEST} == set()
    assert bend_of("chin") is ROUNDEST
    named = {zone.removesuffix("-right").removesuffix("-left") for zone in patches}
    assert set(BENDS) == named
