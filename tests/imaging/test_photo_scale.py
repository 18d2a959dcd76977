"""The scale of a photo: the most trusted source that there is, and how far off it may be."""

import dataclasses

import cv2
import numpy as np
import pytest

from mesoplan.imaging.face_scale import ImplausibleMeasure
from mesoplan.imaging.photo_face import FaceRefusal, FaceRefused, PhotoFace, find_face
from mesoplan.imaging.photo_scale import PhotoScaleSource, choose_scale, find_stickers, sticker_size
from mesoplan.imaging.picture_reading import Pixels
from mesoplan.kernels.mesh import Floats
from tests.imaging.rendered_faces import photo_of, portrait

PICTURE = photo_of(portrait())


@pytest.fixture(scope="module")
def face() -> PhotoFace:
    return find_face(PICTURE)


def with_sticker(rgb: Pixels, side_px: int, turn_deg: float = 0.0, slant_deg: float = 0.0, x: float = 640.0) -> Pixels:
    """A picture with a marker on the right cheek: turned in its plane, then slanted away about the upright."""
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    marker = cv2.aruco.generateImageMarker(dictionary, 7, 240)
    printed = np.pad(np.asarray(marker), 60, constant_values=255)
    turn = np.radians(turn_deg)
    shape = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * side_px / 240
    shape[0] *= np.cos(np.radians(slant_deg))
    matrix = np.column_stack([shape, np.array([x, 610.0]) - shape @ [180.0, 180.0]])
    size = (rgb.shape[1], rgb.shape[0])
    laid = cv2.warpAffine(printed, matrix, size, flags=cv2.INTER_AREA)
    covered = cv2.warpAffine(np.full_like(printed, 255), matrix, size) > 127
    return np.where(covered[..., None], np.asarray(laid)[..., None], rgb).astype(np.uint8)


@pytest.mark.parametrize(("side", "turn", "slant"), [(60, 0, 0), (60, 13, 0), (90, 40, 30), (90, 0, 50)])
def test_a_sticker_gives_its_true_size_however_it_lies(side: int, turn: float, slant: float) -> None:
    (corners,) = find_stickers(with_sticker(portrait(), side, turn, slant))
    found, away = sticker_size(corners)
    assert found == pytest.approx(side, rel=0.02)
    assert away == pytest.approx(slant, abs=12 if slant == 0 else 4)


def test_a_square_on_paper_has_the_size_it_has() -> None:
    square: Floats = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]])
    side, away = sticker_size(square + 100.0)
    assert [side, away] == pytest.approx([10.0, 0.0], abs=1e-4)
    assert list(sticker_size(square * [0.5, 1.0])) == pytest.approx([10.0, 60.0])


def test_the_most_trusted_source_is_taken(face: PhotoFace) -> None:
    marked = photo_of(with_sticker(portrait(), 60))
    scales = [
        choose_scale(marked, face, sticker_mm=15.0, interpupillary_mm=61.0),
        choose_scale(PICTURE, face, interpupillary_mm=61.0),
        choose_scale(PICTURE, face),
        choose_scale(PICTURE, few_iris_pixels(face)),
    ]
    assert [scale.source for scale in scales] == list(PhotoScaleSource)
    assert [scale.is_measured for scale in scales] == [True, True, False, False]
    errors = [scale.relative_error for scale in scales]
    assert errors[0] == pytest.approx(0.026, abs=0.001)
    assert errors[1:] == sorted(errors[1:])
    assert scales[0].mm_per_px == pytest.approx(15.0 / 60, rel=0.02)
    assert scales[1].mm_per_px * face.eyes.pupils_px == pytest.approx(61.0)
    assert scales[2].mm_per_px * face.eyes.iris_px == pytest.approx(11.7)
    assert all(str(scale) for scale in scales)


def few_iris_pixels(face: PhotoFace) -> PhotoFace:
    eyes = face.eyes
    share = 30.0 / eyes.iris_px
    few = dataclasses.replace(
        eyes,
        pupils_px=eyes.pupils_px * share,
        right_iris_px=eyes.right_iris_px * share,
        left_iris_px=eyes.left_iris_px * share,
    )
    return dataclasses.replace(face, eyes=few)


def turned(face: PhotoFace, yaw_deg: float) -> PhotoFace:
    return dataclasses.replace(face, pose=dataclasses.replace(face.pose, yaw_deg=yaw_deg))


def test_the_iris_is_no_scale_from_the_side_and_the_pupils_are_a_worse_one(face: PhotoFace) -> None:
    assert choose_scale(PICTURE, turned(face, 20.0)).source is PhotoScaleSource.POPULATION
    yaws = (0.0, -20.0, 40.0)
    errors = [choose_scale(PICTURE, turned(face, yaw), interpupillary_mm=61.0).relative_error for yaw in yaws]
    assert errors == [pytest.approx(0.026, abs=1e-3), pytest.approx(0.091, abs=1e-3), pytest.approx(0.141, abs=1e-3)]


def test_eyes_of_no_adult_need_a_measure(face: PhotoFace) -> None:
    painted = dataclasses.replace(face, eyes=dataclasses.replace(face.eyes, pupils_px=face.eyes.iris_px * 4.46))
    with pytest.raises(FaceRefused) as refused:
        choose_scale(PICTURE, painted)
    assert refused.value.code is FaceRefusal.EYES
    assert choose_scale(PICTURE, painted, interpupillary_mm=58.0).source is PhotoScaleSource.INTERPUPILLARY


@pytest.mark.parametrize(
    "rgb",
    [portrait(), with_sticker(with_sticker(portrait(), 60), 60, x=760.0), with_sticker(portrait(), 30)],
    ids=["none", "two", "too small"],
)
def test_a_sticker_that_is_named_has_to_be_there_once(face: PhotoFace, rgb: Pixels) -> None:
    with pytest.raises(FaceRefused) as refused:
        choose_scale(photo_of(rgb), face, sticker_mm=15.0)
    assert refused.value.code is FaceRefusal.NO_STICKER


@pytest.mark.parametrize("measure", [{"sticker_mm": 4.0}, {"sticker_mm": 150.0}, {"interpupillary_mm": 6.1}])
def test_measures_that_there_are_not(face: PhotoFace, measure: dict[str, float]) -> None:
    with pytest.raises(ImplausibleMeasure, match="is not between"):
        choose_scale(PICTURE, face, **measure)
