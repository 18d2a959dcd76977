"""Measure the face from a photo: areas on rendered faces of known size, repeatability, times. Run: make bench.

The rendered faces are the template, flatter and deeper ones, seen by a camera from known places; the truth is the
template's own shape, so this is the least that areas are off by on people.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
from machine import load_text, machine, middle

# The rendered faces are those of the tests; a script does not see the tests by itself.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from mesoplan.imaging.face_net import detect_faces, find_points, load_face_nets
from mesoplan.imaging.face_scale import template_interpupillary_mm
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, face_zone_ids, zone_triangles
from mesoplan.imaging.photo_face import find_face
from mesoplan.imaging.photo_overlay import overlay
from mesoplan.imaging.photo_zones import (
    MeasuredFace,
    NotAssessable,
    face_in_mm,
    measure_face,
    photo_zones,
    relative_error,
)
from mesoplan.imaging.picture_reading import Picture, jpeg_of, read_picture
from mesoplan.imaging.placement import place_on_face, place_on_measured_face
from mesoplan.kernels.mesh import triangle_areas_mm2
from tests.imaging.rendered_faces import CASES, case_face, case_photo, in_picture, portrait, true_scale

COPIES = 40
SPACING_MM = 10.0
SHORT = {"periorbital": "orbit", "lateral-cheek": "cheek", "nasolabial": "nasol."}


def areas_cm2(vertices: np.ndarray) -> dict[str, float]:
    """Area of every zone and of the whole mesh."""
    areas = triangle_areas_mm2(vertices, load_face_template().triangles) / 100
    return {zone: float(areas[zone_triangles(zone)].sum()) for zone in face_zone_ids()} | {"whole": float(areas.sum())}


def short(zone: str) -> str:
    """A zone's name for the head of a column."""
    base = zone.removesuffix("-right").removesuffix("-left")
    side = " R" if zone.endswith("-right") else " L" if zone.endswith("-left") else ""
    return SHORT.get(base, base)[:6] + side


def by_pupils(name: str) -> MeasuredFace:
    """The face of a case, with the distance of its pupils known."""
    return measure_face(case_photo(name), interpupillary_mm=template_interpupillary_mm())


def by_true_scale(name: str) -> MeasuredFace:
    """The face of a case at its true scale between the eyes, as a sticker there would give it."""
    return face_in_mm(find_face(case_photo(name)), true_scale(name))


def report_areas(title: str, measure: Callable[[str], MeasuredFace]) -> None:
    """Measured area by true area; what is out of the stated error is marked."""
    print(f"\nArea measured / true, along the skin; scale by {title}.")
    print("“!” off by more than stated; “–” not assessable, so never shown; the last row is the area in the picture.\n")
    zones = [*face_zone_ids(), "whole"]
    print(f"{'':22s}" + "".join(f"{short(zone):>9s}" for zone in zones))
    flat: dict[str, float] = {}
    for name in CASES:
        truth, face = areas_cm2(case_face(name)), measure(name)
        measured = areas_cm2(face.vertices_mm)
        marks = {zone.zone_id: _mark(zone.not_assessable) for zone in photo_zones(face)}
        cells = []
        for zone in zones:
            ratio = measured[zone] / truth[zone]
            mark = marks.get(zone, " ")
            # What is shown is the measured area and a share of it; the true one has to lie within.
            if zone in marks and mark == " " and abs(1 / ratio - 1) > relative_error(zone, face):
                mark = "!"
            cells.append(f"{ratio:8.2f}{mark}")
        print(f"{name:22s}" + "".join(cells))
        flat = flat or _flat_ratios(face, truth)
    print(f"{'2D, ' + next(iter(CASES)):22s}" + "".join(f"{flat[zone]:8.2f} " for zone in zones))


def _mark(reason: NotAssessable | None) -> str:
    return "–" if reason else " "


def _flat_ratios(face: MeasuredFace, truth: dict[str, float]) -> dict[str, float]:
    """What an area in the plane of the picture would give."""
    points = face.photo.points_px[:468] * face.scale.mm_per_px
    measured = areas_cm2(np.column_stack([points[:, :2], np.zeros(len(points))]))
    return {zone: measured[zone] / truth[zone] for zone in truth}


def report_places() -> None:
    """How far from the true skin points lie that are stored as triangle and weights, seen in the plane of the picture.

    An upper bound: on forehead and cheek the rendered faces have stretched skin without features.
    """
    zones = ("forehead", "glabella", "malar-right", "lateral-cheek-right", "nasolabial-right", "perioral", "chin")
    print("\nDistance of stored points from their true skin, mm, median / most:")
    print(f"{'':22s}" + "".join(f"{short(zone):>11s}" for zone in zones))
    for name in ("front, 1 m", "yaw 20", "yaw 45"):
        points_px = find_face(case_photo(name)).points_px[:468]
        cells = []
        for zone in zones:
            placed = place_on_face(zone, 1.0, spacing_mm=SPACING_MM).points
            truth = in_picture(placed.positions_on(case_face(name)), CASES[name])
            away = np.linalg.norm(placed.positions_on(points_px)[:, :2] - truth, axis=1) * true_scale(name).mm_per_px
            cells.append(f"{np.median(away):4.1f} / {away.max():4.1f}")
        print(f"{name:22s}" + "".join(f"{cell:>11s}" for cell in cells))


def report_pose() -> None:
    """What the pupils and the head's turn are read as."""
    print("\nPupils measured / true, and pose read.")
    for name, case in CASES.items():
        face = find_face(case_photo(name))
        true_px = case.pupils_px
        pose = face.pose
        print(
            f"{name:22s} {face.eyes.pupils_px / true_px:5.3f}  yaw {pose.yaw_deg:6.1f}  pitch {pose.pitch_deg:5.1f}  "
            f"roll {pose.roll_deg:5.1f}  pupils per iris {face.eyes.pupils_per_iris:.2f}"
        )


def report_repeatability() -> None:
    """Scatter of points and areas over copies of one photo: turned, moved, enlarged, lit and compressed anew."""
    chance, source = np.random.default_rng(11), portrait()
    points, areas = [], []
    for _ in range(COPIES):
        photo, back, zoom = _jittered(source, chance)
        face = measure_face(photo, interpupillary_mm=63.0)
        flat = face.photo.points_px[:, :2] @ back[:, :2].T + back[:, 2]
        points.append(np.column_stack([flat, face.photo.points_px[:, 2] / zoom]))
        areas.append(list(areas_cm2(face.vertices_mm).values()))
    stacked = np.array(points)
    mm = 63.0 / float(np.linalg.norm(stacked[:, 468] - stacked[:, 473], axis=1).mean())
    scatter = np.sqrt(stacked[:, :, :2].var(axis=0).sum(axis=1)) * mm
    variation = np.std(areas, axis=0) / np.mean(areas, axis=0) * 100
    print(f"\n{COPIES} copies of one photo (turn ±8°, zoom ±10 %, shift, light ±20 %, noise, JPEG 85):")
    axes = stacked[:, :, :2].std(axis=0).mean() * mm
    print(
        f"landmark SD {scatter.mean():.2f} mm in the plane ({axes:.2f} mm on each axis), worst {scatter.max():.2f} mm"
    )
    low, high = min(variation[:-1]), max(variation[:-1])
    print(f"zone area CV {low:.1f} to {high:.1f} %, whole face {variation[-1]:.1f} % (scale by the pupils)")


def _jittered(source: np.ndarray, chance: np.random.Generator) -> tuple[Picture, np.ndarray, float]:
    height, width = source.shape[:2]
    zoom = float(chance.uniform(0.9, 1.1))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), float(chance.uniform(-8, 8)), zoom)
    matrix[:, 2] += chance.uniform(-40, 40, 2)
    turned = cv2.warpAffine(source, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    lit = turned * chance.uniform(0.8, 1.2) + chance.normal(0, 3, turned.shape)
    done, packed = cv2.imencode(".jpg", np.clip(lit, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 85])
    assert done
    return read_picture(packed.tobytes()), cv2.invertAffineTransform(matrix), zoom


def milliseconds(act: Callable[[], object], times: int = 5) -> float:
    """Median time of an act."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1e3)
    return middle(taken)


def report_times() -> None:
    """From the bytes of a photo of 12 megapixels to zones, overlay and lattice."""
    whole = cv2.resize(portrait(), (4000, 3000), interpolation=cv2.INTER_CUBIC)
    content = jpeg_of(np.asarray(whole, dtype=np.uint8))
    start = time.perf_counter()
    nets = load_face_nets()
    loading = (time.perf_counter() - start) * 1e3
    picture = read_picture(content)
    face = measure_face(picture)
    zones = photo_zones(face)
    crop = detect_faces(picture.rgb, nets)[0]
    rows: Sequence[tuple[str, Callable[[], object]]] = (
        ("read JPEG, 12 megapixels", lambda: read_picture(content)),
        ("detect", lambda: detect_faces(picture.rgb, nets)),
        ("478 points, two passes", lambda: find_points(picture.rgb, crop, nets)),
        ("face with all checks and scale", lambda: measure_face(picture)),
        ("areas of all zones", lambda: photo_zones(face)),
        ("overlay", lambda: overlay(picture, face.photo, zones)),
        ("lattice of the whole face", lambda: _lattice(face)),
    )
    print(f"\nTimes, ms. Load of both nets (already read above: {loading:.0f}).")
    for name, act in rows:
        print(f"{name:32s} {milliseconds(act):7.0f}")
    print(f"Most memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _lattice(face: MeasuredFace) -> int:
    zones = [zone for zone in face_zone_ids() if zone not in NO_INJECTION_ZONES]
    return sum(len(place_on_measured_face(one, face.vertices_mm, spacing_mm=SPACING_MM).points) for one in zones)


def main() -> None:
    """Print all figures and the machine."""
    print(f"{machine()}; {load_text()}")
    assert abs(template_interpupillary_mm() - 63.0) < 0.1
    report_areas("the sticker between the eyes (true scale)", by_true_scale)
    report_areas("the measured distance of the pupils", by_pupils)
    report_pose()
    report_places()
    report_repeatability()
    report_times()


if __name__ == "__main__":
    main()
