"""Measure how true the face from photos is: areas, spacing, places found again, six clicks. Run: make bench.

The rendered faces are the template, flatter and deeper ones, seen by a camera from known places; the truth is the
template's own shape, so this is the least that areas are off by on people. Spacing is the exact length of the shortest
way along the true skin (pygeodesic), beside a lattice set in the plane of the picture.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
from machine import load_text, machine
from photo_faces import INJECTED, SPACING_MM, areas_cm2, short

from mesoplan.imaging.clicked_face import LANDMARKS, Clicks, clicked_face
from mesoplan.imaging.face_landmarks import landmark_on
from mesoplan.imaging.face_scale import template_interpupillary_mm
from mesoplan.imaging.face_shape import own_face_shape
from mesoplan.imaging.face_zones import face_zone_ids
from mesoplan.imaging.own_face import own_face
from mesoplan.imaging.photo_face import find_face
from mesoplan.imaging.photo_zones import (
    MeasuredFace,
    face_in_mm,
    measure_face,
    outlines_px,
    photo_zones,
    relative_error,
)
from mesoplan.imaging.placement import Obstacles, place_on_measured_face
from mesoplan.kernels.polygons import inside_polygon
from mesoplan.kernels.surface_lattice import fullest_lattice
from tests.imaging.geodesics import geodesic_matrix_on
from tests.imaging.own_faces import (
    DEPTHS,
    HEADS,
    LATER_VISITS,
    VIEWS_DEG,
    by_pupils,
    by_sticker,
    drawn_px,
    moved_between_visits_mm,
    seen_face,
    true_places,
    view_of_zone,
)
from tests.imaging.rendered_faces import CASES, Case, case_face, case_photo, face_mm, in_picture, true_scale

ON = date(2026, 11, 23)
CLICKED_OFF_MM, CLICKS = 1.5, 40
PX_PER_MM = 240 / 63.0


def single_by_pupils(name: str) -> MeasuredFace:
    """The face of a case, with the distance of its pupils known."""
    return measure_face(case_photo(name), interpupillary_mm=template_interpupillary_mm())


def single_by_sticker(name: str) -> MeasuredFace:
    """The face of a case at its true scale between the eyes, as a sticker there would give it."""
    return face_in_mm(find_face(case_photo(name)), true_scale(name))


def report_areas(title: str, measure: Callable[[str], MeasuredFace]) -> None:
    """Measured area by true area; what is out of the stated error is marked."""
    print(f"\nArea measured / true, one photo, along the skin; scale by {title}.")
    print("“!” off by more than stated; “–” not assessable, so never shown; the last row is the area in the picture.\n")
    zones = [*face_zone_ids(), "whole"]
    _head(zones)
    flat: dict[str, float] = {}
    for name in CASES:
        truth, face = areas_cm2(case_face(name)), measure(name)
        measured = areas_cm2(face.vertices_mm)
        errors = {
            zone.zone_id: None if zone.not_assessable else relative_error(zone.zone_id, face)
            for zone in photo_zones(face)
        }
        print(f"{name:22s}" + "".join(_cell(measured[zone] / truth[zone], zone, errors) for zone in zones))
        flat = flat or _flat_ratios(face, truth)
    print(f"{'2D, ' + next(iter(CASES)):22s}" + "".join(f"{flat[zone]:8.2f} " for zone in zones))


def _head(zones: list[str]) -> None:
    print(f"{'':22s}" + "".join(f"{short(zone):>9s}" for zone in zones))


def _cell(ratio: float, zone: str, errors: dict[str, float | None]) -> str:
    """What is shown is the measured area and a share of it; the true one has to lie within."""
    error = errors.get(zone, np.inf)
    mark = "–" if error is None else "!" if abs(1 / ratio - 1) > error else " "
    return f"{ratio:8.2f}{mark}"


def _flat_ratios(face: MeasuredFace, truth: dict[str, float]) -> dict[str, float]:
    """What an area in the plane of the picture would give."""
    points = face.photo.points_px[:468] * face.scale.mm_per_px
    measured = areas_cm2(np.column_stack([points[:, :2], np.zeros(len(points))]))
    return {zone: measured[zone] / truth[zone] for zone in truth}


def report_three_views() -> None:
    """Areas of the face that three photos make, with the same marks."""
    zones = [*face_zone_ids(), "whole"]
    for title, measure in (("a sticker between the eyes", by_sticker), ("the measured pupils", by_pupils)):
        print(f"\nArea measured / true, three photos (yaw 0, 45, −45); scale by {title}.\n")
        _head(zones)
        for depth, distance in HEADS:
            faces = [measure(seen_face(depth, distance, yaw)) for yaw in VIEWS_DEG]
            record = own_face(faces, on=ON).record
            truth, measured = areas_cm2(face_mm(depth)), areas_cm2(own_face_shape(record).vertices_mm)
            errors = {zone: record.zones[zone].error if zone in record.zones else None for zone in face_zone_ids()}
            cells = "".join(_cell(measured[zone] / truth[zone], zone, errors) for zone in zones)
            print(f"{f'depth {depth:g}, {distance / 1000:g} m':22s}{cells}")
        stated = {zone: f"±{record.zones[zone].error * 100:.0f} %" if zone in record.zones else "–" for zone in zones}
        print(f"{'stated':22s}" + "".join(f"{stated[zone]:>8s} " for zone in zones))


def report_spacing() -> None:
    """Neighbours along the true skin: our lattice on the measured face, and one set in the picture."""
    print(f"\nNearest neighbour along the true skin / {SPACING_MM:g} mm: median (least–most), number of points.")
    print(
        "The whole zone without margins, three depths of head, camera at 1 m, the scale between the eyes known. Ours is"
    )
    print("drawn on the photo that shows the zone; “held”: points for which the true skin has room.\n")
    print(f"{'':22s}{'held':>6s}{'ours':>30s}{'2D, the same photo':>30s}{'2D, from the front':>30s}")
    for zone in INJECTED:
        held = 0.0
        rows: tuple[list[tuple[int, np.ndarray]], ...] = ([], [], [])
        for depth in DEPTHS:
            best, front = Case(depth, VIEWS_DEG[view_of_zone(zone)]), Case(depth)
            held += areas_cm2(face_mm(depth))[zone] * 100 / (SPACING_MM**2 * np.sqrt(3) / 2)
            drawn = ((_ours_px(zone, depth, best), best), (_flat_px(zone, best), best), (_flat_px(zone, front), front))
            for row, (at_px, case) in zip(rows, drawn, strict=True):
                row.append((len(at_px), _nearest_on_true_skin(at_px, case)))
        print(f"{zone:22s}{held:6.0f}" + "".join(_spread(row) for row in rows))


def _spread(row: list[tuple[int, np.ndarray]]) -> str:
    found = np.concatenate([nearest for _, nearest in row])
    text = f"{np.median(found):.2f} ({found.min():.2f}–{found.max():.2f})" if len(found) else "–"
    return f"{text:>24s}{sum(count for count, _ in row):6d}"


def _ours_px(zone: str, depth: float, case: Case) -> np.ndarray:
    faces = [by_sticker(seen_face(depth, 1000.0, yaw)) for yaw in VIEWS_DEG]
    return _placed_px(zone, own_face_shape(own_face(faces, on=ON).record).vertices_mm, case)


def _placed_px(zone: str, vertices: np.ndarray, case: Case) -> np.ndarray:
    placed = place_on_measured_face(zone, vertices, spacing_mm=SPACING_MM, margin_mm=0.0, obstacles=Obstacles({}))
    return np.asarray(drawn_px(placed.points, case))


def _flat_px(zone: str, case: Case) -> np.ndarray:
    """A hexagonal lattice in the outline of the zone as the photo shows it, by the scale between the eyes."""
    outline, *holes = outlines_px(zone, seen_face(case.depth, case.distance_mm, case.yaw_deg))

    def inside(points: np.ndarray) -> np.ndarray:
        out = ~inside_polygon(points, outline)
        for hole in holes:
            out |= inside_polygon(points, hole)
        return np.where(out, -1.0, 1.0)

    return np.asarray(fullest_lattice(outline.min(axis=0), outline.max(axis=0), SPACING_MM * PX_PER_MM, 0.0, inside))


def _nearest_on_true_skin(at_px: np.ndarray, case: Case) -> np.ndarray:
    _, places = true_places(at_px, case)
    if len(places) < 2:
        return np.zeros(0)
    ways = geodesic_matrix_on(places, face_mm(case.depth))
    np.fill_diagonal(ways, np.inf)
    return np.asarray(ways.min(axis=1) / SPACING_MM)


def report_spacing_by_photo() -> None:
    """The same for each photo alone, over the zones that it gives an area of."""
    print(
        f"\nNearest neighbour along the true skin / {SPACING_MM:g} mm, one photo, all zones with an area but the nose:"
    )
    print("median (5 to 95 of 100) of ours, and of a lattice in the same picture; points of both.\n")
    for name, case in CASES.items():
        face = single_by_sticker(name)
        zones = [zone.zone_id for zone in photo_zones(face) if zone.area_cm2 and zone.zone_id in INJECTED]
        cells = []
        for set_in in (_ours_of(face, case), _flat_of(case)):
            at_px = [set_in(zone) for zone in zones if zone != "nose"]
            nearest = np.concatenate([_nearest_on_true_skin(one, case) for one in at_px])
            low, high = np.percentile(nearest, [5, 95])
            cells.append(f"{np.median(nearest):.2f} ({low:.2f}–{high:.2f}) {sum(map(len, at_px)):5d}")
        print(f"{name:22s}{cells[0]:>28s}{cells[1]:>28s}")


def _ours_of(face: MeasuredFace, case: Case) -> Callable[[str], np.ndarray]:
    return lambda zone: _placed_px(zone, face.vertices_mm, case)


def _flat_of(case: Case) -> Callable[[str], np.ndarray]:
    return lambda zone: _flat_px(zone, case)


def report_found_again() -> None:
    """How far apart on the true skin stored places are drawn in the photos of two visits."""
    print(
        "\nStored places at a second visit, mm on the true skin: median, 95 of 100, most. Camera from 1 m to 0.4, 1 or"
    )
    print("2 m, yaw changed by 0 to 10°, three depths of head. Forehead and cheek of these faces have no features.\n")
    bases = dict.fromkeys(zone.removesuffix("-right").removesuffix("-left") for zone in INJECTED)
    for base in bases:
        apart = np.concatenate(
            [
                moved_between_visits_mm(zone, depth, later)
                for zone in INJECTED
                if zone.removesuffix("-right").removesuffix("-left") == base
                for depth in DEPTHS
                for later in LATER_VISITS
            ]
        )
        print(f"{base:16s}{np.median(apart):7.1f}{np.percentile(apart, 95):7.1f}{apart.max():7.1f}")


def report_clicks() -> None:
    """Where the mesh comes to lie by six clicks that are off, and how far off a face they are."""
    chance = np.random.default_rng(5)
    placed, residuals = [], []
    for depth in DEPTHS:
        for height in (0.92, 1.0, 1.08):
            face = face_mm(depth) * [1.0, height, 1.0]
            for _ in range(CLICKS):
                case = Case(depth, float(chance.uniform(-10, 10)), float(chance.choice([400, 1000, 2000])))
                places = in_picture(np.array([landmark_on(name, side, face) for name, side in LANDMARKS]), case)
                off = places + chance.normal(0, CLICKED_OFF_MM / np.sqrt(2) * PX_PER_MM, places.shape)
                found = clicked_face(Clicks(*((float(x), float(y)) for x, y in off)), on=ON)
                apart = np.linalg.norm(found.points_px[:, :2] - in_picture(face, case), axis=1)
                placed += (apart / PX_PER_MM).tolist()
                residuals.append(found.residual_mm)
    print(f"\nSix clicks, each {CLICKED_OFF_MM:g} mm off, heads flatter to deeper and 8 % shorter to longer, yaw ±10°:")
    print(f"mesh off by {np.median(placed):.1f} mm in the median, {np.percentile(placed, 95):.1f} mm in 95 of 100")
    print(f"residual of the six {np.median(residuals):.1f} mm in the median, {max(residuals):.1f} mm at most")


def report_pose() -> None:
    """What the pupils and the head's turn are read as."""
    print("\nPupils measured / true, and pose read.")
    for name, case in CASES.items():
        face = find_face(case_photo(name))
        pose = face.pose
        print(
            f"{name:22s} {face.eyes.pupils_px / case.pupils_px:5.3f}  yaw {pose.yaw_deg:6.1f}  "
            f"pitch {pose.pitch_deg:5.1f}  roll {pose.roll_deg:5.1f}  pupils per iris {face.eyes.pupils_per_iris:.2f}"
        )


def main() -> None:
    """Print all figures and the machine."""
    print(f"{machine()}; {load_text()}")
    report_areas("the sticker between the eyes (true scale)", single_by_sticker)
    report_areas("the measured distance of the pupils", single_by_pupils)
    report_three_views()
    report_spacing()
    report_spacing_by_photo()
    report_found_again()
    report_clicks()
    report_pose()


if __name__ == "__main__":
    main()
