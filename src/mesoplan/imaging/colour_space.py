"""Colours of a picture as light and as CIELAB: sRGB (IEC 61966-2-1), CIE 1976 L*a*b* under D65 with the 2° observer.

Differences of colour and means are taken in linear light, where twice the number is twice the light.
"""

from __future__ import annotations

import numpy as np

from mesoplan.imaging.picture_reading import Pixels
from mesoplan.kernels.mesh import Floats

# White points and the primaries of sRGB as in IEC 61966-2-1; the adaptation is Bradford's (Lam 1985, as in ICC.1:2010).
WHITE_D65 = np.array([0.95047, 1.0, 1.08883])
WHITE_D50 = np.array([0.96422, 1.0, 0.82521])
XYZ_OF_LINEAR = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
LUMINANCE_OF_LINEAR = XYZ_OF_LINEAR[1]
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_EDGE, _SLOPE = (6 / 29) ** 3, (29 / 6) ** 2 / 3


def _light_of_levels() -> Floats:
    share = np.arange(256) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


_LIGHT = _light_of_levels()


def linear_of(rgb: Pixels) -> Floats:
    """Light (…, 3), 0 to 1, of the 8-bit levels of a picture."""
    return np.asarray(_LIGHT[rgb])


def pixels_of(linear: Floats) -> Pixels:
    """The 8-bit levels of light; what is outside of 0 to 1 is cut."""
    cut = np.clip(linear, 0.0, 1.0)
    share = np.where(cut <= 0.0031308, cut * 12.92, 1.055 * cut ** (1 / 2.4) - 0.055)
    return np.asarray(np.round(share * 255), dtype=np.uint8)


def lab_of(linear: Floats) -> Floats:
    """L*, a* and b* (…, 3) of light."""
    ratio = (linear @ XYZ_OF_LINEAR.T) / WHITE_D65
    root = np.where(ratio > _EDGE, np.cbrt(np.maximum(ratio, _EDGE)), ratio * _SLOPE + 4 / 29)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def linear_of_lab_d50(lab: Floats) -> Floats:
    """Light (…, 3) of colours given as L*a*b* under D50, adapted to D65; may leave 0 to 1 for strong colours."""
    y = (lab[..., 0] + 16) / 116
    root = np.stack([y + lab[..., 1] / 500, y, y - lab[..., 2] / 200], axis=-1)
    xyz = np.where(root > 6 / 29, root**3, (root - 4 / 29) / _SLOPE) * WHITE_D50
    gains = (_BRADFORD @ WHITE_D65) / (_BRADFORD @ WHITE_D50)
    adapted = xyz @ (np.linalg.inv(_BRADFORD) @ np.diag(gains) @ _BRADFORD).T
    return np.asarray(adapted @ np.linalg.inv(XYZ_OF_LINEAR).T)
