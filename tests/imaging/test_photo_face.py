"""One face is found where there is one, its pose is read, and what cannot be measured is refused with a reason."""

import dataclasses
from collections.abc import Callable
from importlib import resources

import cv2
import numpy as np
import pytest

from mesoplan.imaging.face_net import detect_faces, find_points, load_face_nets
from mesoplan.imaging.face_pose import expression_of, eye_measures, pose_of
from mesoplan.imaging.face_template import MODEL_SHA256
from mesoplan.imaging.photo_face import FaceRefusal, FaceRefused, PhotoFace, find_face
from mesoplan.imaging.picture_reading import Pixels, read_picture
from tests.imaging.rendered_faces import case_photo, face_mm, photo_of, portrait, rendered

PORTRAIT_PUPILS_MM = 63.0


@pytest.fixture(scope="module")
def face() -> PhotoFace:
    return find_face(photo_of(portrait()))


def other_picture(name: str) -> Pixels:
    return read_picture(resources.files("skimage").joinpath("data", name).read_bytes()).rgb


def scaled(share: float) -> Pixels:
    return np.asarray(cv2.resize(portrait(), None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)


def lit(factor: float) -> Pixels:
    return np.asarray(np.clip(portrait() * factor, 0, 255), dtype=np.uint8)


def test_the_face_of_the_portrait(face: PhotoFace) -> None:
    assert face.points_px.shape == (478, 3)
    assert face.presence > 0.99
    assert face.model_sha256 == MODEL_SHA256
    assert face.is_front
    assert face.eyes_are_plausible


def test_the_points_lie_where_a_person_sees_them(face: PhotoFace) -> None:
    """Pupils, tip of the nose, corners of the mouth and chin of the portrait, set by hand."""
    by_hand = {468: (614, 514), 473: (829, 524), 4: (715, 636), 61: (615, 697), 291: (818, 699), 152: (715, 893)}
    for number, place in by_hand.items():
        assert np.linalg.norm(face.points_px[number, :2] - place) < 15, number


@pytest.mark.parametrize(("name", "yaw"), [("front, 1 m", 0), ("yaw 20", 20), ("yaw 30", 30), ("yaw −45", -45)])
def test_yaw_is_read(name: str, yaw: float) -> None:
    pose = find_face(case_photo(name)).pose
    assert pose.yaw_deg == pytest.approx(yaw, abs=8)
    assert abs(pose.pitch_deg) < 8
    assert abs(pose.roll_deg) < 6


@pytest.mark.parametrize("pitch", [-15.0, 15.0])
def test_pitch_is_read(pitch: float) -> None:
    level = find_face(case_photo("front, 1 m")).pose.pitch_deg
    found = find_face(photo_of(rendered(face_mm(), pitch_deg=pitch))).pose.pitch_deg
    assert found - level == pytest.approx(pitch, abs=6)


@pytest.mark.parametrize("degrees", [-30.0, 20.0])
def test_roll_is_read(degrees: float, face: PhotoFace) -> None:
    height, width = portrait().shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.8)
    turned = cv2.warpAffine(portrait(), turn, (width, height))
    assert find_face(photo_of(np.asarray(turned, np.uint8))).pose.roll_deg == pytest.approx(
        face.pose.roll_deg + degrees, abs=2
    )


def test_the_same_face_on_a_smaller_photo_has_the_same_points(face: PhotoFace) -> None:
    smaller = find_face(photo_of(scaled(0.9)))
    away = (smaller.points_px[:, :2] / 0.9 - face.points_px[:, :2]) * PORTRAIT_PUPILS_MM / face.eyes.pupils_px
    assert np.linalg.norm(away, axis=1).mean() < 0.3


def test_ratios_do_not_depend_on_size_or_place(face: PhotoFace) -> None:
    moved = face.points_px * 1.7 + [40.0, -20.0, 5.0]
    assert expression_of(moved) == face.expression
    assert pose_of(moved) == face.pose
    assert eye_measures(moved).pupils_per_iris == pytest.approx(face.eyes.pupils_per_iris)


def test_an_open_smiling_mouth_is_read(face: PhotoFace) -> None:
    """The portrait shows teeth; with the lips of its mesh closed the opening is none."""
    assert face.expression.mouth_opening > 0.1
    closed = face.points_px.copy()
    closed[13] = closed[14]
    assert expression_of(closed).mouth_opening == 0.0


def test_a_face_that_is_small_in_its_picture_is_found_in_a_part_of_it() -> None:
    wide = np.full((3600, 7000, 3), 120, np.uint8)
    wide[100:1500, 200:1700] = portrait()
    nets = load_face_nets()
    whole = [find_points(wide, crop, nets).presence for crop in detect_faces(wide, nets)]
    assert not any(presence > 0.5 for presence in whole)
    assert find_face(photo_of(wide)).eyes.pupils_px == pytest.approx(215, rel=0.03)


def two_faces() -> Pixels:
    return np.concatenate([portrait(), portrait()], axis=1)


REFUSED: dict[str, tuple[Callable[[], Pixels], FaceRefusal]] = {
    "nothing": (lambda: np.full((600, 800, 3), 127, np.uint8), FaceRefusal.NO_FACE),
    "one pixel": (lambda: np.zeros((1, 1, 3), np.uint8), FaceRefusal.NO_FACE),
    "a line": (lambda: np.zeros((1, 5000, 3), np.uint8), FaceRefusal.NO_FACE),
    "a cup of coffee": (lambda: other_picture("coffee.png"), FaceRefusal.NO_FACE),
    "a cat": (lambda: other_picture("chelsea.png"), FaceRefusal.NO_FACE),
    "a rocket": (lambda: other_picture("rocket.jpg"), FaceRefusal.NO_FACE),
    "two people": (two_faces, FaceRefusal.SEVERAL_FACES),
    "from far away": (lambda: scaled(0.5), FaceRefusal.TOO_SMALL),
    "without its chin": (lambda: portrait()[:800].copy(), FaceRefusal.CUT_OFF),
    "lying on the side": (lambda: np.rot90(portrait()).copy(), FaceRefusal.LYING),
    "upside down": (lambda: portrait()[::-1, ::-1].copy(), FaceRefusal.LYING),
    "from the side": (lambda: rendered(face_mm(), yaw_deg=70), FaceRefusal.TURNED),
    "from above": (lambda: rendered(face_mm(), pitch_deg=-50), FaceRefusal.TURNED),
    "in the dark": (lambda: lit(0.12), FaceRefusal.DARK),
    "in glaring light": (lambda: lit(2.0), FaceRefusal.BRIGHT),
    "out of focus": (lambda: np.asarray(cv2.GaussianBlur(portrait(), (0, 0), 8), np.uint8), FaceRefusal.BLURRED),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_measured_is_refused(name: str) -> None:
    make, code = REFUSED[name]
    with pytest.raises(FaceRefused) as refused:
        find_face(photo_of(make()))
    assert refused.value.code is code
    assert str(refused.value)


@pytest.mark.parametrize(
    ("pupils_px", "right_px", "left_px", "plausible"),
    [(63, 11.7, 11.7, True), (63, 14.1, 14.1, False), (63, 10.5, 10.5, False), (60, 11.0, 13.2, False)],
)
def test_eyes_that_no_adult_has(
    face: PhotoFace, pupils_px: float, right_px: float, left_px: float, plausible: bool
) -> None:
    eyes = dataclasses.replace(face.eyes, pupils_px=pupils_px, right_iris_px=right_px, left_iris_px=left_px)
    assert dataclasses.replace(face, eyes=eyes).eyes_are_plausible is plausible
    turned = dataclasses.replace(face.pose, yaw_deg=30.0)
    assert dataclasses.replace(face, eyes=eyes, pose=turned).eyes_are_plausible
