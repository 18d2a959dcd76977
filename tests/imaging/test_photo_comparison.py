"""What differs between two photos is found and named; what changed on the skin is shown, and what did not is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mesoplan.imaging.change_colours import HUES, change_picture, legend
from mesoplan.imaging.change_map import FULL, WHOLE_FACE_NOT_SEEN, Change, ChangeMap, Matching, ZoneChange
from mesoplan.imaging.colour_card import grey_card_correction
from mesoplan.imaging.colour_space import lab_of, linear_of
from mesoplan.imaging.face_zones import zone_triangles
from mesoplan.imaging.photo_comparison import ComparisonRefused, PhotoComparison, compare_photos
from mesoplan.imaging.photo_conditions import LIMITS, Condition, ConditionFinding, SeenFace, Verdict, compare_conditions
from mesoplan.imaging.photo_ghost import LINE, capture_target, ghost
from mesoplan.kernels.mesh import Floats
from tests.imaging.photo_pairs import FIRST, Mark, Take, seen, true_px
from tests.imaging.rendered_faces import photo_of

LATER = Take(zoom=1.05, roll_deg=3, shift_px=(10, -8), light=0.82, seed=5)
CHEEK, OTHER_CHEEK = int(zone_triangles("malar-right")[20]), int(zone_triangles("malar-left")[20])


def found_in(take: Take) -> dict[Condition, ConditionFinding]:
    return {one.condition: one for one in compare_conditions(seen(FIRST), seen(take))}


# What was changed, what is found, with which verdict, and what is said.
DIFFERENCES: dict[str, tuple[Take, Condition, float, float, Verdict, str]] = {
    "yaw": (replace(LATER, yaw_deg=7), Condition.YAW, 7, 1.5, Verdict.WARNED, "° to the patient’s right"),
    "yaw back": (replace(LATER, yaw_deg=-7), Condition.YAW, -7, 1.5, Verdict.WARNED, "° to the patient’s left"),
    "yaw too far": (replace(LATER, yaw_deg=16), Condition.YAW, 16, 2, Verdict.REFUSED, "turn the face 1"),
    "pitch": (replace(LATER, pitch_deg=5), Condition.PITCH, 5, 2, Verdict.WARNED, "lower the chin"),
    "pitch too far": (replace(LATER, pitch_deg=-11), Condition.PITCH, -11, 2.5, Verdict.REFUSED, "raise the chin"),
    "roll": (replace(LATER, roll_deg=20), Condition.ROLL, 20, 1, Verdict.WARNED, "left shoulder"),
    "mouth": (replace(LATER, opened_mm=4), Condition.MOUTH_OPENING, 0.055, 0.02, Verdict.WARNED, "close it"),
    "mouth too far": (replace(LATER, opened_mm=12), Condition.MOUTH_OPENING, 0.16, 0.03, Verdict.REFUSED, "close it"),
    "smile": (replace(LATER, smile_mm=3), Condition.MOUTH_WIDTH, 0.07, 0.02, Verdict.WARNED, "relax it"),
    "smile too far": (replace(LATER, smile_mm=6), Condition.MOUTH_WIDTH, 0.14, 0.03, Verdict.REFUSED, "relax it"),
    "brow": (replace(LATER, brow_mm=5), Condition.BROW, 0.025, 0.01, Verdict.WARNED, "relax them"),
    "near": (replace(LATER, distance_mm=550), Condition.DISTANCE, -0.035, 0.01, Verdict.WARNED, "go back"),
    "too near": (replace(LATER, distance_mm=350), Condition.DISTANCE, -0.075, 0.02, Verdict.REFUSED, "go back"),
    "darker": (replace(LATER, light=0.4), Condition.LIGHT_LEVEL, -1.17, 0.15, Verdict.WARNED, "more light"),
    "light from the left": (replace(LATER, side=0.5), Condition.LIGHT_SIDE, 0.21, 0.05, Verdict.WARNED, "left by 2"),
    "light from below": (replace(LATER, top=0.5), Condition.LIGHT_TOP, -0.19, 0.05, Verdict.WARNED, "below by"),
    "warmer": (replace(LATER, light=0.6, tint=(1.3, 1, 1)), Condition.WARMTH, 0.26, 0.07, Verdict.WARNED, "warmer by"),
    "colder": (replace(LATER, light=0.6, tint=(1, 1, 1.3)), Condition.WARMTH, -0.26, 0.07, Verdict.WARNED, "colder by"),
}  # fmt: skip


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_difference_is_measured_and_named(name: str) -> None:
    take, condition, difference, within, verdict, words = DIFFERENCES[name]
    found = found_in(take)[condition]
    assert found.difference == pytest.approx(difference, abs=within)
    assert found.verdict is verdict
    assert found.text.startswith("take it again: " if verdict is Verdict.REFUSED else "next time: ")
    assert words in found.text


def test_every_condition_is_given_even_where_it_is_fine() -> None:
    found = compare_conditions(seen(FIRST), seen(LATER))
    assert [one.condition for one in found] == list(Condition)
    for one in found:
        assert one.verdict is Verdict.FINE, one
        assert one.difference is not None
        assert abs(one.difference) <= LIMITS[one.condition].fine
        assert not one.text


def test_a_photo_beside_itself_differs_in_nothing() -> None:
    assert {one.difference for one in compare_conditions(seen(FIRST), seen(FIRST))} == {0.0}


def test_light_that_could_not_be_compared_is_said() -> None:
    first, second = seen(FIRST), seen(LATER)
    blind = replace(second, face=replace(second.face, slants_deg=np.full(898, 80.0)))
    found = {one.condition: one for one in compare_conditions(first, blind)}
    assert found[Condition.LIGHT_SIDE].verdict is Verdict.NOT_MEASURED
    assert found[Condition.LIGHT_SIDE].text


def test_what_differs_too_much_is_refused_with_what_to_do() -> None:
    with pytest.raises(ComparisonRefused, match=r"turn the face 1.° to the patient’s right") as refused:
        compare_photos(seen(FIRST), seen(replace(LATER, yaw_deg=16)))
    assert len(refused.value.findings) == len(Condition)


def test_faces_of_two_models_are_not_compared() -> None:
    second = seen(LATER)
    other = replace(second.face, photo=replace(second.face.photo, model_sha256="1" * 64))
    with pytest.raises(ComparisonRefused, match="different models"):
        compare_photos(seen(FIRST), replace(second, face=other))


def compared(take: Take, *marks: Mark) -> PhotoComparison:
    return compare_photos(seen(FIRST), seen(take, marks))


def at(comparison: PhotoComparison, triangle: int) -> tuple[int, int]:
    """Row and column of the middle of a triangle in the crop."""
    px = true_px(FIRST, np.array([triangle]))[0]
    away = np.linalg.norm(comparison.alignment.earlier_px - px, axis=-1)
    row, column = np.unravel_index(int(away.argmin()), away.shape)
    return int(row), int(column)


def share_shown(changes: ChangeMap) -> float:
    layers = (changes.redness, changes.lightness)
    return max(float(layer.shown.sum() / np.isfinite(layer.change).sum()) for layer in layers)


def zone(changes: ChangeMap, zone_id: str) -> ZoneChange:
    return next(one for one in changes.zones if one.zone_id == zone_id)


@pytest.mark.parametrize(
    "take",
    [
        LATER,
        replace(LATER, noise=8, jpeg=70),
        replace(LATER, light=0.4),
        replace(LATER, side=0.5),
        replace(LATER, tint=(1.2, 1, 0.85), light=0.6),
        replace(LATER, yaw_deg=4),
        replace(LATER, smile_mm=3),
    ],
    ids=["again", "noise", "darker", "light from the left", "warmer", "turned", "smiling"],
)
def test_skin_that_did_not_change_has_no_colour(take: Take) -> None:
    found = compared(take)
    assert share_shown(found.changes) < 0.008
    assert not [one.zone_id for one in found.changes.zones if one.is_clear]


@pytest.mark.parametrize("take", [LATER, replace(LATER, light=0.5), replace(LATER, yaw_deg=4)])
def test_a_red_spot_is_found_where_it_is(take: Take) -> None:
    found = compared(take, Mark(CHEEK, redness=6.0))
    layer, (row, column) = found.changes.redness, at(compared(take), CHEEK)
    assert layer.shown[row, column]
    assert layer.change[row, column] == pytest.approx(6.0, abs=1.2)
    rows, columns = np.nonzero(layer.shown & (layer.change > 3))
    away = np.hypot(rows.mean() - row, columns.mean() - column) * found.alignment.mm_per_px
    assert away < 1.5
    assert np.hypot(rows - row, columns - column).max() * found.alignment.mm_per_px < 10
    assert not found.changes.lightness.shown[row, column]


def test_a_spot_that_faded_is_lighter_and_less_red() -> None:
    found = compared(LATER, Mark(CHEEK, lightness=7.0), Mark(OTHER_CHEEK, redness=-6.0, radius_mm=12))
    here, there = at(found, CHEEK), at(found, OTHER_CHEEK)
    assert found.changes.lightness.change[here] == pytest.approx(7.0, abs=1.5)
    assert found.changes.redness.change[there] == pytest.approx(-6.0, abs=1.2)
    assert zone(found.changes, "malar-left").is_clear


def test_a_small_change_is_below_the_floor() -> None:
    found = compared(LATER, Mark(CHEEK, redness=0.8))
    assert not found.changes.redness.shown[at(found, CHEEK)]


def test_matched_on_skin_a_change_of_the_whole_face_is_not_seen_and_that_is_said() -> None:
    found = compared(LATER, Mark(None, redness=5.0))
    assert found.changes.matching is Matching.SKIN
    assert share_shown(found.changes) < 0.06
    assert found.changes.caution == WHOLE_FACE_NOT_SEEN
    assert WHOLE_FACE_NOT_SEEN in found.warnings


def with_grey(one: SeenFace) -> SeenFace:
    """The background of the rendered photos, taken as a card: even, and the same in each."""
    level = float(linear_of(np.array([122], dtype=np.uint8))[0])
    return replace(one, card=grey_card_correction(one.picture, (20, 500, 60, 60), reflectance=level))


def test_with_cards_a_change_of_the_whole_face_is_seen() -> None:
    first, second = with_grey(seen(FIRST)), seen(LATER)
    marked = seen(LATER, (Mark(None, redness=14.0),))
    # The mark colours the background too: the card is that of the photo without it.
    card = with_grey(second).card
    found = compare_photos(first, replace(marked, card=card))
    assert found.changes.matching is Matching.CARD
    assert found.changes.caution == ""
    assert np.nanmedian(found.changes.redness.change) == pytest.approx(14.0, abs=2.5)
    assert share_shown(found.changes) > 0.6
    assert zone(found.changes, "malar-left").is_clear
    unchanged = compare_photos(first, replace(second, card=card))
    assert share_shown(unchanged.changes) < 0.01


def test_zones_that_are_hardly_seen_have_no_change() -> None:
    for one in compared(LATER).changes.zones:
        assert (one.redness is None) == (one.lightness is None) == (one.redness_error is None)
        if one.zone_id in ("lips", "periorbital-left"):
            assert one.redness is None


# Machado, Oliveira and Fernandes 2009 (doi:10.1109/TVCG.2009.113), severity 1, in linear light.
NO_RED = np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]])
NO_GREEN = np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]])


@pytest.mark.parametrize("kind", Change)
@pytest.mark.parametrize("sight", [np.eye(3), NO_RED, NO_GREEN], ids=["all", "no red", "no green"])
def test_both_ends_of_the_scale_are_told_apart_by_any_colour_vision(kind: Change, sight: Floats) -> None:
    less, more = (lab_of(np.clip(linear_of(np.array(hue, np.uint8)) @ sight.T, 0, 1)) for hue in HUES[kind])
    assert np.linalg.norm(less - more) > 40


@pytest.mark.parametrize("kind", Change)
def test_the_legend_grows_evenly_from_none_to_both_ends(kind: Change) -> None:
    steps = legend(kind)
    middle = len(steps) // 2
    assert steps[0].change == -FULL[kind]
    assert steps[-1].change == FULL[kind]
    assert steps[middle].rgba[3] == 0
    opacities = [step.rgba[3] for step in steps]
    assert opacities == opacities[::-1]
    assert opacities[middle:] == sorted(opacities[middle:])
    assert np.ptp(np.diff(opacities[middle + 1 :])) <= 1


def test_below_the_floor_nothing_is_painted() -> None:
    layer = compared(LATER, Mark(CHEEK, redness=6.0)).changes.redness
    painted = change_picture(layer)
    assert painted.shape == (*layer.change.shape, 4)
    assert ((painted[..., 3] > 0) == layer.shown).all()


def test_the_ghost_has_the_shape_of_the_photo_and_lines_on_its_face() -> None:
    first = seen(FIRST)
    drawn = ghost(first.picture, first.face)
    height, width = first.picture.rgb.shape[:2]
    assert drawn.shape[0] / drawn.shape[1] == pytest.approx(height / width, rel=0.01)
    scale = drawn.shape[1] / width
    x, y = np.round(first.face.photo.points_px[33, :2] * scale).astype(int)
    assert (drawn[y - 2 : y + 3, x - 2 : x + 3, :3] == LINE).all(axis=-1).any()
    assert (drawn[..., 3] > 0).mean() < 0.1
    assert drawn[0, 0, 3] == 0
    faded = ghost(first.picture, first.face, with_face=True)
    assert 0.1 < (faded[..., 3] > 0).mean() < 0.6
    assert (faded[..., 3] > 0).sum() > 3 * (drawn[..., 3] > 0).sum()


def test_the_target_has_the_numbers_of_the_earlier_photo() -> None:
    first = seen(FIRST)
    target = capture_target(first.picture, first.face)
    assert (target.yaw_deg, target.pitch_deg) == (first.face.photo.pose.yaw_deg, first.face.photo.pose.pitch_deg)
    assert target.width_mm == pytest.approx(first.picture.rgb.shape[1] * 63 / 200, rel=0.03)
    assert target.centre[0] == pytest.approx(0.5, abs=0.05)


def test_the_ghost_of_a_large_photo_is_small() -> None:
    first = seen(FIRST)
    large = photo_of(np.repeat(np.repeat(first.picture.rgb, 2, axis=0), 2, axis=1))
    photo = replace(first.face.photo, points_px=first.face.photo.points_px * 2)
    assert max(ghost(large, replace(first.face, photo=photo)).shape) == 1000
