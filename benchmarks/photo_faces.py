"""What the benchmarks of photos share: names of zones for narrow columns, areas, and the portrait as a large photo."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

# The rendered faces are those of the tests; a script does not see the tests by itself.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, face_zone_ids, zone_triangles
from mesoplan.imaging.picture_reading import jpeg_of
from mesoplan.kernels.mesh import triangle_areas_mm2
from tests.imaging.rendered_faces import portrait

SPACING_MM = 10.0
INJECTED = tuple(zone for zone in face_zone_ids() if zone not in NO_INJECTION_ZONES)
_SHORT = {"periorbital": "orbit", "lateral-cheek": "cheek", "nasolabial": "nasol."}


def areas_cm2(vertices: np.ndarray) -> dict[str, float]:
    """Area of every zone and of the whole mesh."""
    areas = triangle_areas_mm2(vertices, load_face_template().triangles) / 100
    return {zone: float(areas[zone_triangles(zone)].sum()) for zone in face_zone_ids()} | {"whole": float(areas.sum())}


def short(zone: str) -> str:
    """A zone's name for the head of a column."""
    base = zone.removesuffix("-right").removesuffix("-left")
    side = " R" if zone.endswith("-right") else " L" if zone.endswith("-left") else ""
    return _SHORT.get(base, base)[:6] + side


def large_photo() -> bytes:
    """The portrait as a JPEG file of 12 megapixels."""
    whole = cv2.resize(portrait(), (4000, 3000), interpolation=cv2.INTER_CUBIC)
    return jpeg_of(np.asarray(whole, dtype=np.uint8))


if __name__ == "__main__":
    print("no figures of its own: see photo.py and photo_speed.py")
