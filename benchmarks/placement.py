"""Measure placement on the template face: areas, spacing along the skin, margins, times. Run: make bench.

Spacing is the exact length of the shortest way along the skin (pygeodesic) from each point to its nearest
neighbour, beside the classical way of laying a zone flat: multidimensional scaling of exact geodesics.
"""

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pygeodesic.geodesic import PyGeodesicAlgorithmExact

from mesoplan.imaging import placement as placing
from mesoplan.imaging.face_drawing import FaceMap, MapWords, ZoneMarks, face_map_svg
from mesoplan.imaging.face_scale import scale_from_measures
from mesoplan.imaging.face_shape import template_face
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_view import View
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, face_zone_ids, zone_area_cm2, zone_triangles
from mesoplan.imaging.placement import Obstacles, place_on_face
from mesoplan.kernels.flattening import flatten_patch, stretch_factors
from mesoplan.kernels.mesh import extract_submesh, nearest_distance_mm

# The exact lengths are those that the tests compare with; a script does not see the tests by itself.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.imaging.geodesics import geodesic_matrix_mm

WIDTH_MM, SPACING_MM = 138.0, 10.0
FOUR_ZONES = ("forehead", "malar-right", "malar-left", "chin")
COLD = f"""
import time; start = time.perf_counter()
import numpy; after_numpy = time.perf_counter()
from mesoplan.imaging.placement import place_on_face; imported = time.perf_counter()
for zone in {FOUR_ZONES!r}: place_on_face(zone, 0.9, spacing_mm=10.0)
done = time.perf_counter()
print((after_numpy - start) * 1e3, (imported - after_numpy) * 1e3, (done - imported) * 1e3)
"""


def milliseconds(act: Callable[[], object], times: int = 7) -> float:
    """Median time of an act."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1e3)
    return statistics.median(taken)


def scaled_geodesics(vertices: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """The classical way: a matrix of exact geodesics within the zone, and its two main axes."""
    exact = PyGeodesicAlgorithmExact(vertices, triangles.astype(np.int32))
    rows = [exact.geodesicDistances(np.array([number]), None)[0] for number in range(len(vertices))]
    squared = ((np.array(rows) + np.array(rows).T) / 2) ** 2
    centre = np.eye(len(vertices)) - 1 / len(vertices)
    values, vectors = np.linalg.eigh(-0.5 * centre @ squared @ centre)
    return vectors[:, -2:] * np.sqrt(values[-2:])


def range_of(values: np.ndarray) -> str:
    """Least, 5th percentile, median, 95th percentile and most."""
    return " ".join(f"{value:5.2f}" for value in np.percentile(values, [0, 5, 50, 95, 100]))


def machine() -> str:
    """What this runs on, and how busy it is."""
    load = os.getloadavg()[0]
    versions = f"Python {platform.python_version()}, numpy {np.__version__}"
    return f"{platform.machine()}, {os.cpu_count()} cores, {versions}, load {load:.1f}"


def report_zones(factor: float) -> None:
    """One line for each zone of one side and the midline."""
    print(f"\nFace {WIDTH_MM:g} mm wide, spacing {SPACING_MM:g} mm, margins of the program.")
    print("zone                 cm2   n | nearest neighbour along the skin, mm | straight, least | ms cold warm")
    for zone in face_zone_ids():
        if zone in NO_INJECTION_ZONES or zone.endswith("-left"):
            continue
        placing._flat_zone.cache_clear()
        cold = milliseconds(lambda zone=zone: place_on_face(zone, factor, spacing_mm=SPACING_MM), 1)
        warm = milliseconds(lambda zone=zone: place_on_face(zone, factor, spacing_mm=SPACING_MM))
        points = place_on_face(zone, factor, spacing_mm=SPACING_MM).points
        ways = geodesic_matrix_mm(points, factor)
        np.fill_diagonal(ways, np.inf)
        straight = nearest_distance_mm(points.positions_mm(factor)).min()
        print(
            f"{zone:19s} {zone_area_cm2(zone, factor):5.1f} {len(points):3d} | {range_of(ways.min(axis=1))}        "
            f"| {straight:5.2f}           | {cold:5.1f} {warm:5.1f}"
        )


def report_flattening() -> None:
    """Stretch and time of laying flat, beside the classical way."""
    face = load_face_template()
    print(
        "\nStretch of laying flat (1 = true to scale): least 5 % median 95 % most, and ms; geodesic scaling beside it."
    )
    for zone in ("forehead", "malar-right", "lateral-cheek-right", "chin", "jaw-right", "nose"):
        ids, local = extract_submesh(face.triangles, zone_triangles(zone))
        skin = face.vertices_mm[ids]
        flat = flatten_patch(skin, local, face.texture[ids])
        own = milliseconds(lambda s=skin, t=local, i=ids: flatten_patch(s, t, face.texture[i]), 3)
        other = scaled_geodesics(skin, local)
        theirs = milliseconds(lambda s=skin, t=local: scaled_geodesics(s, t), 3)
        print(
            f"{zone:19s} {range_of(stretch_factors(skin, local, flat))} {own:6.1f} ms | "
            f"{range_of(np.abs(stretch_factors(skin, local, other)))} {theirs:6.1f} ms"
        )


def report_margins(factor: float) -> None:
    """How much a straight margin asks beyond the way along the skin."""
    points = place_on_face("malar-right", factor, spacing_mm=3.0, obstacles=Obstacles({}), margin_mm=0.0).points
    ways, positions = geodesic_matrix_mm(points, factor), points.positions_mm(factor)
    straight = np.linalg.norm(positions[:, None] - positions, axis=2)
    near = (straight > 2) & (straight < 6)
    print(f"\nWay along the skin / straight line, cheek, 2 to 6 mm: {range_of(ways[near] / straight[near])}")


def report_times(factor: float) -> None:
    """Cold start of a program that places points in four zones, and drawing."""
    runs = []
    for _ in range(5):
        done = subprocess.run([sys.executable, "-c", COLD], capture_output=True, text=True, check=True)
        runs.append([float(value) for value in done.stdout.split()])
    numpy_ms, import_ms, place_ms = np.median(runs, axis=0)
    print(
        f"\nCold process: numpy {numpy_ms:.0f} ms, imaging {import_ms:.0f} ms, model and four zones {place_ms:.0f} ms."
    )
    zones = []
    for style, zone in enumerate(FOUR_ZONES, start=1):
        points = place_on_face(zone, factor, spacing_mm=SPACING_MM).points
        zones.append(ZoneMarks(zone, style, zone, points, tuple(str(n) for n in range(len(points)))))
    drawing, words = FaceMap(template_face(factor), zones), MapWords("benchmark")
    first = milliseconds(lambda: [face_map_svg(view, drawing, words) for view in View], 1)
    again = milliseconds(lambda: [face_map_svg(view, drawing, words) for view in View])
    print(f"Three views as SVG: first {first:.0f} ms, then {again:.0f} ms.")


def main() -> None:
    """Print all figures and the machine."""
    factor = scale_from_measures(bizygomatic_mm=WIDTH_MM).factor
    print(machine())
    report_zones(factor)
    report_flattening()
    report_margins(factor)
    report_times(factor)


if __name__ == "__main__":
    main()
