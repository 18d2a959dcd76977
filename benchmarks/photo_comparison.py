"""Before and after, and colours: how far the same skin lies apart after alignment, what a change map shows of skin that
changed and of skin that did not, how far corrected colours are off, and how long it takes. The faces are rendered.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import cv2
import numpy as np
from machine import load_text, machine, middle

# The rendered faces are those of the tests; a script does not see the tests by itself.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from mesoplan.imaging import photo_alignment
from mesoplan.imaging.change_colours import change_picture
from mesoplan.imaging.change_map import change_map
from mesoplan.imaging.colour_card import ColourCorrection, colour_checker_correction, grey_card_correction
from mesoplan.imaging.colour_space import pixels_of
from mesoplan.imaging.face_zones import zone_triangles
from mesoplan.imaging.photo_alignment import align
from mesoplan.imaging.photo_comparison import compare_photos
from mesoplan.imaging.photo_conditions import MOVED_BY_MESH, SeenFace, Verdict, compare_conditions, worst
from mesoplan.imaging.photo_face import FaceRefused
from mesoplan.imaging.photo_ghost import ghost
from mesoplan.imaging.photo_zones import measure_face
from mesoplan.imaging.picture_reading import Picture
from mesoplan.imaging.skin_colour import Measured, ZoneColour, zone_colours
from tests.imaging.photo_pairs import FIRST, Mark, Take, apart_mm, seen, true_px
from tests.imaging.rendered_faces import photo_of
from tests.imaging.synthetic_camera import CAMERAS, GREY_AT, SKINS, Camera, plain_measured, scene, shot
from tests.imaging.test_skin_colour import untouched

LATER = Take(zoom=1.06, roll_deg=4, shift_px=(12, -9), light=0.82, seed=5, jpeg=85)
TAKES = {
    "again": LATER,
    "nearer, leaning": Take(zoom=1.12, roll_deg=20, noise=3, jpeg=85, seed=4),
    **{f"yaw {deg}°": replace(LATER, yaw_deg=deg) for deg in (2, 4, 6, 8, 10, 12, 15)},
    **{f"pitch {deg}°": replace(LATER, pitch_deg=deg) for deg in (-8, -4, 4, 8)},
    **{f"mouth open {mm} mm": replace(LATER, opened_mm=mm) for mm in (2, 4, 8, 12)},
    **{f"smile {mm} mm": replace(LATER, smile_mm=mm) for mm in (1, 2, 4, 6)},
    **{f"brows up {mm} mm": replace(LATER, brow_mm=mm) for mm in (2, 4, 6)},
    **{f"camera {cm} cm": replace(LATER, distance_mm=cm * 10) for cm in (40, 60, 80, 140)},
    "smaller by a fifth": replace(LATER, pupils_px=170, zoom=0.95),
    "larger by half": replace(LATER, pupils_px=300),
    "twice as large": replace(LATER, pupils_px=390),
}
LIGHTS = {
    "noise, JPEG 70": replace(LATER, noise=8, jpeg=70),
    **{f"{stops} stops": replace(LATER, light=0.9 * 2**stops) for stops in (-1.5, -1, -0.5, 0.25)},
    **{f"side {share:.0%}": replace(LATER, side=share) for share in (0.1, 0.2, 0.3, 0.5, 0.7)},
    **{f"top {share:.0%}": replace(LATER, top=share) for share in (0.1, 0.3, 0.5, 0.7)},
    **{f"warmer {gain:g}": replace(LATER, light=0.65, tint=(gain, 1, 1 / gain)) for gain in (1.1, 1.2, 1.35)},
}
COPIES = 12
COLOUR_ZONES = ("forehead", "nose", "malar-right", "malar-left", "chin")


def taken(takes: dict[str, Take]) -> Iterable[tuple[str, Take, SeenFace]]:
    """The takes whose face can be measured."""
    for name, take in takes.items():
        try:
            yield name, take, seen(take)
        except FaceRefused as refused:
            print(f"{name:18s} refused: {refused}")


def report_alignment() -> None:
    """How far the same skin lies apart by each way of alignment, and the verdict that decides on it."""
    print("\nThe same skin apart after alignment, mm: mean / 95 % / most over the triangles that both photos see.")
    print("“moved” is what the mesh itself says; * marks the way that is taken.\n")
    first = seen(FIRST)
    print(f"{'':18s}{'similarity':>22s}{'affine':>24s}{'by the mesh':>24s}{'moved':>8s}  verdict")
    for name, take, second in taken(TAKES):
        findings = compare_conditions(first, second)
        by_mesh = any(one.condition in MOVED_BY_MESH and one.verdict is not Verdict.FINE for one in findings)
        cells = []
        with patch.object(photo_alignment, "_refined", lambda *_: None):
            cells.append(_apart(first, second, take, by_mesh=False)[0])
        affine, moved = _apart(first, second, take, by_mesh=False)
        meshed, _ = _apart(first, second, take, by_mesh=True)
        cells += [affine + (" " if by_mesh else "*"), meshed + ("*" if by_mesh else " ")]
        differs = [f"{one.condition} {one.difference:+g}" for one in findings if one.verdict is not Verdict.FINE]
        print(f"{name:18s}" + "".join(f"{cell:>23s}" for cell in cells), f"{moved:7.2f}  {worst(findings)}", *differs)


def _apart(first: SeenFace, second: SeenFace, take: Take, *, by_mesh: bool) -> tuple[str, float]:
    found = align(first.picture, first.face, second.picture, second.face, by_mesh=by_mesh)
    away = apart_mm(found, FIRST, take)
    return f"{away.mean():.2f} / {np.percentile(away, 95):.2f} / {away.max():.2f}", found.moved_mm


def report_unchanged() -> None:
    """What the map shows of skin that did not change."""
    print("\nSkin that did not change: units of a* and L*; 99 % of its pixels, median floor, share of skin coloured,")
    print("most of a zone’s mean, and zones called changed.\n")
    first = seen(FIRST)
    print(f"{'':18s}{'a* 99 %':>9s}{'floor':>7s}{'shown':>8s}{'zone':>6s}{'L* 99 %':>10s}{'floor':>7s}{'shown':>8s}"
          f"{'zone':>6s}{'changed':>9s}  verdict")  # fmt: skip
    for name, _, second in taken(TAKES | LIGHTS):
        findings = compare_conditions(first, second)
        by_mesh = any(one.condition in MOVED_BY_MESH and one.verdict is not Verdict.FINE for one in findings)
        aligned = align(first.picture, first.face, second.picture, second.face, by_mesh=by_mesh)
        changes = change_map(aligned)
        row = f"{name:18s}"
        for layer, width in ((changes.redness, 9), (changes.lightness, 10)):
            inside = np.isfinite(layer.change)
            values = [getattr(zone, layer.kind) for zone in changes.zones]
            most = max(abs(value) for value in values if value is not None)
            high = np.percentile(np.abs(layer.change[inside]), 99)
            shown = layer.shown.sum() / inside.sum()
            row += f"{high:{width}.2f}{np.median(layer.floor[inside]):7.2f}{shown:8.2%}{most:6.2f}"
        print(f"{row}{sum(zone.is_clear for zone in changes.zones):9d}  {worst(findings)}")


def report_changes() -> None:
    """Spots of known change on both cheeks: how much of it is found, where, and whether it is shown."""
    print(f"\nA round spot of 12 mm, {COPIES} pairs each (two cheeks; noise, light, zoom, roll and place anew):")
    print(f"{'put in':>14s}{'found':>8s}{'± SD':>7s}{'centre off, mm':>16s}{'pairs in which it is shown':>28s}")
    for kind, size in (("redness", 1.5), ("redness", 3.0), ("redness", 6.0), ("lightness", -3.0), ("lightness", -7.0)):
        found, off, shown = [], [], 0
        for copy in range(COPIES):
            value, away, is_shown = _found_spot(kind, size, np.random.default_rng(100 + copy))
            found.append(value)
            shown += is_shown
            off += [away] if is_shown else []
        place = f"{np.mean(off):.2f}" if off else "–"
        put = f"{'a*' if kind == 'redness' else 'L*'} {size:+g}"
        print(f"{put:>14s}{np.mean(found):8.2f}{np.std(found):7.2f}{place:>16s}{f'{shown} of {COPIES}':>28s}")


def _found_spot(kind: str, size: float, chance: np.random.Generator) -> tuple[float, float, bool]:
    side = ("right", "left")[int(chance.integers(2))]
    triangle = int(zone_triangles(f"malar-{side}")[20])
    take = replace(
        LATER,
        zoom=float(chance.uniform(0.95, 1.08)),
        roll_deg=float(chance.uniform(-6, 6)),
        light=float(chance.uniform(0.6, 0.95)),
        shift_px=(float(chance.uniform(-15, 15)), float(chance.uniform(-15, 15))),
        seed=int(chance.integers(1000)),
    )
    comparison = compare_photos(seen(FIRST), seen(take, (Mark(triangle, **{kind: size}),)))
    layer = getattr(comparison.changes, kind)
    away = np.linalg.norm(comparison.alignment.earlier_px - true_px(FIRST, np.array([triangle]))[0], axis=-1)
    row, column = np.unravel_index(int(away.argmin()), away.shape)
    rows, columns = np.nonzero(layer.shown & (away < away.min() + 40) & (np.sign(layer.change) == np.sign(size)))
    off = np.hypot(rows.mean() - row, columns.mean() - column) * comparison.alignment.mm_per_px if len(rows) else 0.0
    return float(layer.change[row, column]), float(off), bool(layer.shown[row, column])


def report_colour() -> None:
    """How far typology angle and indices are off, by camera and by card."""
    print("\nColours of six skins from very light to very dark in five zones: typology angle (°), melanin and erythema")
    print("index. |error| mean / most, and the mean of what is stated (±); “out” is how many of 90 are off by more.\n")
    ways: dict[str, Callable[[Picture], ColourCorrection]] = {
        "chart": colour_checker_correction,
        "grey card": lambda picture: grey_card_correction(picture, GREY_AT),
        "no card": lambda _: untouched(),
    }
    print(f"{'':30s}{'angle':>14s}{'±':>6s}{'melanin':>15s}{'±':>6s}{'erythema':>14s}{'±':>6s}"
          f"{'out':>5s}{'chart off':>11s}")  # fmt: skip
    for way, correct in ways.items():
        for name, camera in CAMERAS.items():
            _report_camera(f"{way}, {name}", camera, correct, is_shown=way != "no card")


def _report_camera(
    title: str, camera: Camera, correct: Callable[[Picture], ColourCorrection], *, is_shown: bool
) -> None:
    errors: dict[str, list[float]] = {"ita_deg": [], "melanin_index": [], "erythema_index": []}
    stated: dict[str, list[float]] = {name: [] for name in errors}
    residuals = []
    for skin in SKINS:
        light = scene(skin, grey=True)
        truth = _by_zone(zone_colours(photo_of(pixels_of(light)), plain_measured(), untouched()))
        seen_as = shot(light, camera)
        correction = correct(seen_as)
        residuals.append(correction.residual)
        found = _by_zone(zone_colours(seen_as, plain_measured(), correction))
        for zone in COLOUR_ZONES:
            for name in errors:
                one, other = getattr(found[zone], name), getattr(truth[zone], name)
                if isinstance(one, Measured) and isinstance(other, Measured):
                    errors[name].append(abs(one.value - other.value))
                    stated[name].append(one.error)
    out = sum(error > limit for name in errors for error, limit in zip(errors[name], stated[name], strict=True))
    row = f"{title:30s}"
    for name, width in (("ita_deg", 14), ("melanin_index", 15), ("erythema_index", 14)):
        cell = f"{np.mean(errors[name]):.1f} / {max(errors[name]):.1f}"
        row += f"{cell:>{width}s}{f'{np.mean(stated[name]):.1f}' if is_shown else '–':>6s}"
    print(f"{row}{out if is_shown else '–':>5}" + (f"{np.mean(residuals):11.2f}" if max(residuals) else ""))


def _by_zone(found: tuple[ZoneColour, ...]) -> dict[str, ZoneColour]:
    return {zone.zone_id: zone for zone in found}


def milliseconds(act: Callable[[], object], times: int = 5) -> float:
    """Median time of an act."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        spent.append((time.perf_counter() - start) * 1e3)
    return float(middle(spent))


def report_times() -> None:
    """Each step on photos of 12 megapixels."""
    first, second = (_large(seen(take).picture) for take in (FIRST, LATER))
    aligned = align(first.picture, first.face, second.picture, second.face)
    changes = change_map(aligned)
    chart = photo_of(np.asarray(cv2.resize(shot(scene("tan"), CAMERAS["noise, JPEG"]).rgb, (3000, 3545)), np.uint8))
    face = measure_face(chart, interpupillary_mm=63.0)
    correction = colour_checker_correction(chart)
    rows: tuple[tuple[str, Callable[[], object]], ...] = (
        ("conditions of two photos", lambda: compare_conditions(first, second)),
        ("align", lambda: align(first.picture, first.face, second.picture, second.face)),
        ("align by the mesh", lambda: align(first.picture, first.face, second.picture, second.face, by_mesh=True)),
        ("change map", lambda: change_map(aligned)),
        ("colours of both layers", lambda: (change_picture(changes.redness), change_picture(changes.lightness))),
        ("all of it", lambda: compare_photos(first, second)),
        ("ghost", lambda: ghost(first.picture, first.face, with_face=True)),
        ("find chart and correction", lambda: colour_checker_correction(chart)),
        ("colours of all zones", lambda: zone_colours(chart, face, correction)),
    )
    print(f"\nTimes, ms: photos of {first.picture.rgb.size / 3e6:.0f} megapixels, crop {aligned.earlier.shape[:2]}.")
    for name, act in rows:
        print(f"{name:32s} {milliseconds(act):7.0f}")


def _large(picture: Picture) -> SeenFace:
    large = cv2.resize(picture.rgb, (3464, 3464), interpolation=cv2.INTER_CUBIC)
    enlarged = photo_of(np.asarray(large, dtype=np.uint8))
    return SeenFace(enlarged, measure_face(enlarged, interpupillary_mm=63.0))


def main() -> None:
    """Print all figures and the machine."""
    print(f"{machine()}; {load_text()}")
    report_alignment()
    report_unchanged()
    report_changes()
    report_colour()
    report_times()


if __name__ == "__main__":
    main()
