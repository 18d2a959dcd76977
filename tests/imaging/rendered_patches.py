"""Photos of a sticker on a body whose shape is known: a plane, a limb (cylinder) or a dome (sphere), by a pinhole."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mesoplan.imaging.picture_reading import Pixels
from mesoplan.kernels.mesh import Floats

WIDTH_PX, HEIGHT_PX = 2000, 1500
SKIN = (198, 160, 140)
# Of the black square of the marker, with its white border of an eighth.
_MARKER_PX, _BORDER = 480, 0.125
_FINER = 3


@dataclass(frozen=True)
class Body:
    """A place of the body with a sticker in its middle, and from where it is seen.

    Attributes
    ----------
    radius_mm : none for a plane
    is_dome : a sphere rather than a cylinder that stands upright in the photo
    turn_deg, tilt_deg : of the camera, to the side and up
    """

    radius_mm: float | None = None
    is_dome: bool = False
    sticker_mm: float = 20.0
    distance_mm: float = 600.0
    turn_deg: float = 0.0
    tilt_deg: float = 0.0
    focal_px: float = 2000.0

    def at_mm(self, along_skin: Floats) -> Floats:
        """Positions (n, 3) of places (n, 2) measured along the skin from the sticker; z comes to the camera."""
        u, v = along_skin.T
        radius = self.radius_mm
        if radius is None:
            return np.stack([u, v, np.zeros_like(u)], axis=1)
        if not self.is_dome:
            return np.stack([radius * np.sin(u / radius), v, radius * (np.cos(u / radius) - 1)], axis=1)
        far = np.hypot(u, v)
        out = radius * np.sin(far / radius) / np.maximum(far, 1e-9)
        return np.stack([u * out, v * out, radius * (np.cos(far / radius) - 1)], axis=1)

    @property
    def _turn(self) -> Floats:
        side, up = np.radians([self.turn_deg, self.tilt_deg])
        about_y = np.array([[np.cos(side), 0, np.sin(side)], [0, 1, 0], [-np.sin(side), 0, np.cos(side)]])
        about_x = np.array([[1, 0, 0], [0, np.cos(up), -np.sin(up)], [0, np.sin(up), np.cos(up)]])
        return np.asarray(about_x @ about_y)

    def pixels(self, along_skin: Floats) -> Floats:
        """Where places (n, 2) along the skin are seen in the photo, y down."""
        seen = self.at_mm(along_skin) @ self._turn.T
        depth = self.distance_mm - seen[:, 2]
        middle = [WIDTH_PX / 2, HEIGHT_PX / 2]
        return np.asarray(seen[:, :2] * [1, -1] * self.focal_px / depth[:, None] + middle)

    def photo(self) -> Pixels:
        """What the camera sees around the sticker, nine rays to a pixel; all else is plain skin."""
        reach = self.sticker_mm
        around = self.pixels(np.array([[-reach, -reach], [reach, -reach], [reach, reach], [-reach, reach]]))
        left, top = np.floor(around.min(axis=0)).astype(int)
        right, bottom = np.ceil(around.max(axis=0)).astype(int)
        step = (np.arange(_FINER) + 0.5) / _FINER - 0.5
        x = (np.arange(left, right)[:, None] + step).ravel() - WIDTH_PX / 2
        y = HEIGHT_PX / 2 - (np.arange(top, bottom)[:, None] + step).ravel()
        grid = np.stack(np.meshgrid(x, y), axis=-1)
        rays = np.dstack([grid / self.focal_px, np.full(grid.shape[:2], -1.0)]) @ self._turn
        start = np.array([0.0, 0.0, self.distance_mm]) @ self._turn
        fine = self._look(self._met(start, rays))
        photo = np.full((HEIGHT_PX, WIDTH_PX, 3), SKIN, dtype=np.uint8)
        photo[top:bottom, left:right] = cv2.resize(fine, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
        return photo

    def _met(self, start: Floats, rays: Floats) -> Floats:
        """Places along the skin that each ray meets."""
        radius = self.radius_mm
        if radius is None:
            hit = start + rays * (-start[2] / rays[..., 2])[..., None]
            return np.asarray(hit[..., :2])
        axes = np.array([1.0, 1.0 if self.is_dome else 0.0, 1.0])
        origin = start + np.array([0.0, 0.0, radius])
        a = (rays**2 * axes).sum(axis=-1)
        b = (rays * origin * axes).sum(axis=-1)
        under = b**2 - a * ((origin**2 * axes).sum() - radius**2)
        hit = origin + rays * ((-b - np.sqrt(np.maximum(under, 0))) / a)[..., None]
        if not self.is_dome:
            return np.stack([radius * np.arctan2(hit[..., 0], hit[..., 2]), hit[..., 1]], axis=-1)
        out = np.hypot(hit[..., 0], hit[..., 1])
        far = radius * np.arctan2(out, hit[..., 2]) / np.maximum(out, 1e-9)
        return np.asarray(hit[..., :2] * far[..., None])

    def _look(self, skin: Floats) -> Pixels:
        dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
        marker = np.asarray(cv2.aruco.generateImageMarker(dictionary, 3, _MARKER_PX))
        edge = round(_MARKER_PX * _BORDER)
        printed = np.pad(marker, edge, constant_values=255)
        size = self.sticker_mm * (1 + 2 * _BORDER)
        place = np.floor((skin * [1, -1] / size + 0.5) * len(printed)).astype(int)
        on = np.asarray(((place >= 0) & (place < len(printed))).all(axis=-1))
        place = np.clip(place, 0, len(printed) - 1)
        shade = printed[place[..., 1], place[..., 0]]
        return np.where(on[..., None], shade[..., None], np.array(SKIN, dtype=np.uint8)).astype(np.uint8)


def rectangle(width_mm: float, height_mm: float, on_a_side: int = 6, shift: tuple[float, float] = (0, 0)) -> Floats:
    """A rectangle along the skin around the sticker, with corners on its sides too."""
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [width_mm / 2, height_mm / 2]
    share = (np.arange(on_a_side) / on_a_side)[None, :, None]
    line = corners[:, None] * (1 - share) + np.roll(corners, -1, axis=0)[:, None] * share
    return np.asarray(line.reshape(-1, 2) + shift)


def circle(radius_mm: float, corners: int = 24) -> Floats:
    """A circle along the skin around the sticker."""
    angle = np.arange(corners) * 2 * np.pi / corners
    return np.asarray(radius_mm * np.stack([np.cos(angle), np.sin(angle)], axis=1))


def circle_on_dome_cm2(radius_mm: float, dome_mm: float, corners: int = 24) -> float:
    """The area of such a circle on a dome, less what straight sides between its corners leave out."""
    share = corners / (2 * np.pi) * np.sin(2 * np.pi / corners)
    return float(2 * np.pi * dome_mm**2 * (1 - np.cos(radius_mm / dome_mm)) * share / 100)
