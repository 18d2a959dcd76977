"""A camera whose every fault is known, and scenes of a rendered face with skin of a known colour and a colour card."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import cv2
import numpy as np

from mesoplan.imaging.colour_card import chart_light
from mesoplan.imaging.colour_space import lab_of, linear_of, pixels_of
from mesoplan.imaging.photo_face import find_face
from mesoplan.imaging.photo_scale import choose_scale
from mesoplan.imaging.photo_zones import MeasuredFace, face_in_mm
from mesoplan.imaging.picture_reading import Picture, read_picture
from mesoplan.kernels.mesh import Floats, Ints
from tests.imaging.rendered_faces import BACKGROUND, face_mm, photo_of, rendered

# L*, a*, b* of six skins from very light to very dark (typology angles 57 to −46 degrees), and what they are called.
SKINS = {
    "very light": (70.0, 9.0, 13.0),
    "light": (66.0, 11.0, 15.5),
    "intermediate": (61.0, 12.0, 17.0),
    "tan": (54.0, 13.0, 18.5),
    "brown": (43.0, 12.0, 16.0),
    "dark": (33.0, 9.0, 11.0),
}
PUPILS_PX = 160.0
PATCH_PX, GAP_PX = 26, 5
ROOM_BELOW_PX, CHART_AT, GREY_AT = 160, (345, 890), (40, 600, 120, 120)
BOARD_LIGHT = 0.007


@dataclass(frozen=True)
class Camera:
    """What a camera and its light do to a scene.

    Attributes
    ----------
    gains : of red, green and blue: warm light and a wrong white balance
    mixing : share of each channel that comes from the two others
    exposure : of the whole picture
    falls : by how much the light falls from the left edge to the right one, and from the top down, as shares
    tone : exponent beside that of sRGB: a camera's curve that is not linear
    noise : standard deviation in levels of 255
    jpeg : quality; none for PNG
    """

    gains: tuple[float, float, float] = (1.0, 1.0, 1.0)
    mixing: float = 0.0
    exposure: float = 1.0
    falls: tuple[float, float] = (0.0, 0.0)
    tone: float = 1.0
    noise: float = 0.0
    jpeg: int | None = None


CAMERAS = {
    "as it is": Camera(),
    "warm light": Camera((1.18, 1.0, 0.68), exposure=0.8),
    "cold light": Camera((0.85, 1.0, 1.15), exposure=0.8),
    "half a stop under": Camera(exposure=0.7),
    "crosstalk": Camera((1.1, 1.0, 0.8), mixing=0.12, exposure=0.85),
    "noise, JPEG": Camera((1.12, 1.0, 0.75), 0.08, 0.8, noise=4.0, jpeg=85),
    "gradient": Camera((1.1, 1.0, 0.8), 0.05, 0.75, falls=(0.25, 0.15), noise=2.0, jpeg=90),
    "tone curve": Camera((1.1, 1.0, 0.8), 0.05, 0.85, tone=1.15, noise=2.0, jpeg=90),
    "white clipped": Camera((1.1, 1.0, 0.85), 0.05, exposure=1.25, noise=2.0, jpeg=90),
}


@functools.lru_cache(maxsize=4)
def _grain(seed: int, shape: tuple[int, ...]) -> Floats:
    return np.random.default_rng(seed).standard_normal(shape)


def shot(scene: Floats, camera: Camera, seed: int = 3) -> Picture:
    """A scene, in linear light, as the camera writes it."""
    height, width = scene.shape[:2]
    mixing = np.full((3, 3), camera.mixing / 2) + np.eye(3) * (1 - camera.mixing * 1.5)
    light = scene @ (np.diag(camera.gains) @ mixing).T * camera.exposure
    right, down = camera.falls
    light *= (1 - right * (np.arange(width) / width - 0.5))[None, :, None]
    light *= (1 - down * (np.arange(height) / height - 0.5))[:, None, None]
    levels = pixels_of(np.clip(light, 0, 1) ** camera.tone).astype(np.float64)
    levels += max(camera.noise, 1e-9) * _grain(seed, levels.shape)
    rgb = np.clip(np.round(levels), 0, 255).astype(np.uint8)
    if camera.jpeg is None:
        return photo_of(rgb)
    done, packed = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, camera.jpeg])
    assert done
    return read_picture(packed.tobytes())


@functools.cache
def plain_face() -> Picture:
    """The rendered face without a card, from the front."""
    seen = rendered(face_mm(), pupils_px=PUPILS_PX)
    below = np.full((ROOM_BELOW_PX, seen.shape[1], 3), BACKGROUND, dtype=np.uint8)
    return photo_of(np.concatenate([seen, below]))


@functools.cache
def plain_measured() -> MeasuredFace:
    """Where it is: read once, from light as it is, so that only colours differ between cameras."""
    face = find_face(plain_face())
    return face_in_mm(face, choose_scale(plain_face(), face, interpupillary_mm=63.0))


@functools.cache
def scene(skin: str, *, card: bool = True, grey: bool = False) -> Floats:
    """The face in linear light, its skin's median turned to a colour, with a chart below and a grey card beside it."""
    light = linear_of(plain_face().rgb)
    points = plain_measured().photo.points_px[:, :2]
    cheek = light[tuple(np.round(points[[50, 280, 205, 425, 151]]).astype(int).T[::-1])]
    wanted = light_of_lab(SKINS[skin])
    light = light * (wanted / np.median(cheek, axis=0))
    if card:
        laid = chart()
        left, top = CHART_AT
        light[top : top + laid.shape[0], left : left + laid.shape[1]] = laid
    if grey:
        left, top, width, height = GREY_AT
        light[top : top + height, left : left + width] = 0.18
    light.setflags(write=False)
    return np.asarray(light)


def light_of_lab(lab: tuple[float, float, float]) -> Floats:
    """Linear light of a colour under D65, by Newton's method on what the code under test says."""
    wanted, light = np.array(lab), np.full(3, 0.2)
    for _ in range(60):
        slopes = np.column_stack([(lab_of(light + row) - lab_of(light - row)) / 2e-5 for row in np.eye(3) * 1e-5])
        light = np.clip(light + np.linalg.solve(slopes, wanted - lab_of(light)) * 0.7, 1e-3, 1.2)
    return light


def chart(order: Ints | None = None) -> Floats:
    """A ColorChecker in linear light: black board, 24 patches; of cyan, which leaves sRGB, the camera cuts the red."""
    step = PATCH_PX + GAP_PX
    board = np.full((4 * step + GAP_PX, 6 * step + GAP_PX, 3), BOARD_LIGHT)
    for number, light in enumerate(chart_light()[order if order is not None else slice(None)]):
        row, column = divmod(number, 6)
        top, left = GAP_PX + row * step, GAP_PX + column * step
        board[top : top + PATCH_PX, left : left + PATCH_PX] = light
    return board


def chart_corners_px() -> Floats:
    """The corners of its field of patches in a scene, from dark skin clockwise."""
    half = GAP_PX / 2
    width, height = 6 * (PATCH_PX + GAP_PX), 4 * (PATCH_PX + GAP_PX)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float64)
    return np.asarray(corners + half + np.array(CHART_AT))
