"""The exposure of a plan: the real points on the real face, intervals, reasons, comparisons; the slow way beside."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mesoplan.domain.exposure import Exposure, ZoneExposure, ZoneFigures
from mesoplan.domain.plan import OnPatch, Outline, Plan, Point, ZonePlacement
from mesoplan.domain.quantities import Angle, Area, Length, Volume
from mesoplan.imaging.face_zones import zone_area_on_cm2
from mesoplan.imaging.patch_placement import patch_of_area
from mesoplan.imaging.unfolded_zone import unfolded_face_zone, unfolded_patch
from mesoplan.kernels.depot import ball_exposure
from mesoplan.kernels.solutes import SkinLayers, Solute
from mesoplan.kernels.uptake import depot_uptake
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.blood_levels import peak_in_blood
from mesoplan.planning.drop import COVERAGE_SHARE, DEPTH_SLICES, depot_of
from mesoplan.planning.exposure_drops import Drop, Ground
from mesoplan.planning.exposure_figures import DECAYS, HISTOGRAM_SHARES, POROSITIES, Sources, at_nodes, nodes_of
from mesoplan.planning.placement import face_of, place_in_zone
from mesoplan.planning.plan_exposure import compare_exposures, coverage_map, plan_exposure, transport
from tests.planning.hand_made import MELASMA_PROTOCOL, melasma_case, plan_by_hand, rebuilt, shipped

Floats = NDArray[np.floating[Any]]
SMALL = transport("small-molecule")
CAFFEINE = {"caffeine-25": 5.0, "sodium-chloride-0.9": 5.0}
PATCH_CM2 = 40.0


def on_face(zone: str) -> Plan:
    """Return a plan for melasma with a lattice of 10 mm in one zone of the face."""
    points = place_in_zone(zone, melasma_case(), shipped(), spacing_mm=10.0, edge_margin_mm=3.0).points
    plan = plan_by_hand(
        {"tranexamic-acid-100": 0.4, "sodium-chloride-0.9": 9.6},
        zone=zone,
        goal="melasma",
        points=points,
        volume_ml=0.05,
    )
    return rebuilt(plan, protocol=MELASMA_PROTOCOL)


def with_points(plan: Plan, points: tuple[Point, ...]) -> Plan:
    """Return the plan of one zone with other points."""
    (placement,) = plan.placements
    return rebuilt(plan, placements=(placement.model_copy(update={"points": points}),))


@pytest.fixture(scope="module")
def malar() -> Plan:
    return on_face("malar-right")


def of(plan: Plan, knowledge: Knowledge) -> Exposure:
    return plan_exposure(plan, melasma_case(), knowledge, None)


def figures(one: ZoneExposure) -> ZoneFigures:
    assert one.figures is not None, one.not_computed
    return one.figures


# The slow way ---------------------------------------------------------------------------------------------------------

UNIFORM = SkinLayers(
    0.1, 12.0, 15.0, relative_spread=(1.0, 1.0, 1.0, 1.0), relative_clearance=(1.0, 1.0, 1.0, 1.0)
)  # fmt: skip


def test_a_flat_patch_of_uniform_skin_is_the_sum_of_closed_forms() -> None:
    """Balls and their images above the surface, added up column by column and slice by slice."""
    rng = np.random.default_rng(7)
    x, y = rng.uniform(-25, 25, 14), rng.uniform(-18, 18, 14)
    plane = unfolded_patch(patch_of_area(PATCH_CM2), None)
    ground = Ground(UNIFORM, (3.0, 7.0), plane, 3.0)
    drop = Drop(5.0, 0.02)
    sources = Sources((drop,), tuple(x.tolist()), tuple(y.tolist()), (0,) * 14, (1.0,) * 14)
    found = at_nodes(sources, ground, SMALL, None)
    nodes = nodes_of(SMALL)
    a, b = DECAYS // 2 + 1, POROSITIES // 2
    values = _sum_of_balls(x, y, ground, drop, float(nodes.decay_per_mm2[a]), float(nodes.porosity[b]))
    inside = values[plane.inside]
    assert found.mean[a, b] == pytest.approx(inside.mean(), rel=1e-3)
    for index, share in enumerate(HISTOGRAM_SHARES):
        assert found.reached[a, b, index] == pytest.approx((inside >= share * inside.mean()).mean(), abs=1e-3)


def _sum_of_balls(x: Floats, y: Floats, ground: Ground, drop: Drop, decay: float, porosity: float) -> Floats:
    """Exposure at D = 1 in each column and slice, (rows, columns, slices)."""
    grid, depot = ground.plane.grid, depot_of(ground.layers, drop.depth_mm, drop.volume_ml, porosity)
    assert depot.is_ball
    top, bottom = ground.window
    places = grid.places()
    slices = []
    for number in range(DEPTH_SLICES):
        z = top + (number + 0.5) * (bottom - top) / DEPTH_SLICES
        across2 = (places[:, :1] - x) ** 2 + (places[:, 1:] - y) ** 2
        whole = np.zeros(len(places))
        for centre in (drop.depth_mm, -drop.depth_mm):
            distance = np.sqrt(across2 + (z - centre) ** 2)
            whole += ball_exposure(distance, depot.radius_mm, 1.0, decay).sum(axis=1)
        slices.append(whole.reshape(grid.rows, grid.columns))
    return np.stack(slices, axis=2)


def test_the_peak_in_blood_is_that_of_the_exponentials() -> None:
    layers, decay, diffusivity = SkinLayers(0.15, 1.6, 15.0), 2.0, 0.3
    uptake = depot_uptake(layers.layers(1.0, decay), depot_of(layers, 0.8, 0.05, 0.4))
    scaled = np.concatenate([[0.0], np.geomspace(1e-4, 1e3, 140)])
    taken = 1.0 - uptake.amount_left(scaled)[None, :]
    peak, at = peak_in_blood(taken, scaled[None, :] / diffusivity, np.array([10.0]), np.array([0.65]))
    real = depot_uptake(layers.layers(diffusivity, decay * diffusivity), depot_of(layers, 0.8, 0.05, 0.4))
    hours = np.linspace(0.0, 20.0, 4001)
    told = real.in_blood_per_l(hours, 10.0, 0.65)
    assert peak[0] == pytest.approx(told.max(), rel=3e-3)
    assert at[0] == pytest.approx(hours[told.argmax()], rel=0.12)


# Zones ----------------------------------------------------------------------------------------------------------------


def test_an_unfolded_zone_keeps_its_area() -> None:
    face = face_of(melasma_case())
    for zone in ("malar-right", "forehead", "chin", "jaw-left"):
        plane = unfolded_face_zone(zone, None, face)
        area = plane.inside.sum() * plane.grid.spacing_mm**2 / 100
        assert area == pytest.approx(zone_area_on_cm2(zone, face.vertices_mm), rel=0.04)


def test_a_zone_that_does_not_lie_flat_says_so() -> None:
    face = face_of(melasma_case())
    stretch = {zone: unfolded_face_zone(zone, None, face).stretch for zone in ("malar-right", "nose")}
    assert all(abs(one - 1) < 0.02 for one in stretch["malar-right"])
    assert stretch["nose"][1] > 1.3


def test_every_point_of_a_zone_lies_on_its_plane_and_comes_back(malar: Plan) -> None:
    face, (placement,) = face_of(melasma_case()), malar.placements
    plane = unfolded_face_zone("malar-right", None, face)
    at, counts = plane.plane_of([point.at for point in placement.points], face)
    assert counts.all()
    for (x, y), point in zip(at.tolist(), placement.points, strict=True):
        back = plane.place_at(x, y)
        assert back is not None
        there, _ = plane.plane_of([back], face)
        assert math.dist(there[0].tolist(), (x, y)) < 0.01
        assert back == point.at or math.dist((x, y), there[0].tolist()) < 0.01


def test_a_point_beside_a_zone_lies_as_far_from_its_edge_as_on_the_face() -> None:
    face = face_of(melasma_case())
    plane = unfolded_face_zone("malar-right", None, face)
    beside = on_face("malar-left").placements[0].points
    assert not plane.plane_of([point.at for point in beside], face)[1].any()
    here = unfolded_face_zone("lateral-cheek-right", None, face)
    near = [point.at for point in on_face("malar-right").placements[0].points]
    at, counts = here.plane_of(near, face)
    assert 0 < counts.sum() < len(near)
    straight = _distances(near, face)
    flat = np.linalg.norm(at[:, None] - at[None], axis=2)
    pairs = np.argwhere(np.triu(np.outer(counts, counts), 1))
    assert all(abs(flat[i, j] - straight[i, j]) < 0.25 * straight[i, j] + 1.0 for i, j in pairs)


def _distances(places: list[Any], face: Any) -> Floats:
    from mesoplan.imaging.placement import FacePoints

    at = FacePoints.of((one.triangle, one.weights) for one in places).positions_on(face.vertices_mm)
    return np.asarray(np.linalg.norm(at[:, None] - at[None], axis=2))


# Plans ----------------------------------------------------------------------------------------------------------------


def test_a_plan_has_an_entry_for_each_zone_with_figures_in_order(malar: Plan, knowledge: Knowledge) -> None:
    exposure = of(malar, knowledge)
    (zone,) = exposure.zones
    found = figures(zone)
    assert (zone.zone, zone.compound, zone.solute, zone.layer) == (
        "malar-right", "tranexamic-acid", "tranexamic-acid", "upper-dermis",
    )  # fmt: skip
    assert 0 < found.coverage.low < found.coverage.middle < found.coverage.high < 1
    assert found.coverage.high - found.coverage.low > 0.1  # what is not known is not hidden
    assert 0.1 < found.hours_half.low < found.hours_half.middle < found.hours_half.high < 24
    middles = [step.reached.middle for step in found.histogram]
    assert middles == sorted(middles, reverse=True)
    assert all(one.share < COVERAGE_SHARE for one in found.cold)
    assert found.hot == ()  # points at 10 mm leave no place with twice the mean
    assert [one.what for one in exposure.ranges] == ["diffusion", "clearance", "porosity"]


def test_the_coverage_on_the_map_is_that_of_the_figures(malar: Plan, knowledge: Knowledge) -> None:
    drawn = coverage_map("malar-right", "tranexamic-acid", malar, melasma_case(), knowledge, None)
    assert np.nanmean(drawn.shares) == pytest.approx(1.0, abs=1e-6)
    assert (np.isfinite(drawn.shares) == drawn.plane.inside).all()


def test_fewer_points_cover_less_and_are_told_apart(malar: Plan, knowledge: Knowledge) -> None:
    (placement,) = malar.placements
    half = with_points(malar, placement.points[::2])
    before, after = of(malar, knowledge), of(half, knowledge)
    (difference,) = compare_exposures(before, after)
    assert difference.gained.high < 0
    assert difference.differs
    (same,) = compare_exposures(before, before)
    assert (same.gained.low, same.gained.high, same.differs) == (0.0, 0.0, False)
    assert figures(after.zones[0]).mean_exposure.middle < figures(before.zones[0]).mean_exposure.middle  # type: ignore[union-attr]


def test_points_that_crowd_make_hot_places(malar: Plan, knowledge: Knowledge) -> None:
    (placement,) = malar.placements
    same = tuple(Point(id=f"x{i}", at=placement.points[0].at) for i in range(4))
    found = figures(of(with_points(malar, (*placement.points, *same)), knowledge).zones[0])
    assert found.hot[0].share > 2


def test_the_order_of_points_says_nothing(malar: Plan, knowledge: Knowledge) -> None:
    (placement,) = malar.placements
    turned = with_points(malar, placement.points[::-1])
    one, other = figures(of(malar, knowledge).zones[0]), figures(of(turned, knowledge).zones[0])
    assert other.coverage.middle == pytest.approx(one.coverage.middle, abs=1e-3)


def test_twice_the_volume_in_each_point_brings_twice_as_much_into_the_blood(malar: Plan, knowledge: Knowledge) -> None:
    (placement,) = malar.placements
    double = placement.model_copy(update={"volume_per_point": Volume(2 * placement.volume_per_point.value)})
    (one,), (other,) = of(malar, knowledge).blood, of(rebuilt(malar, placements=(double,)), knowledge).blood
    assert one.peak_mg_l is not None
    assert other.peak_mg_l is not None
    assert other.dose_mg == pytest.approx(2 * one.dose_mg)  # type: ignore[operator]
    # A larger drop leaves a little more slowly, so the peak is a little less than twice as high.
    assert 1.7 < other.peak_mg_l.middle / one.peak_mg_l.middle <= 2.001
    assert one.peak_mg_l.high < one.dose_mg / 9.0  # type: ignore[operator]


def test_points_of_an_adjoining_zone_count(knowledge: Knowledge) -> None:
    malar = on_face("malar-right")
    (own,) = malar.placements
    empty = {"zone": "lateral-cheek-right", "points": own.points[:1]}
    both = rebuilt(malar, placements=(own, own.model_copy(update=empty)))
    cheek = of(both, knowledge).zones[1]
    assert cheek.zone == "lateral-cheek-right"
    assert cheek.points_beside > 0


def test_two_syringes_that_take_the_points_in_turn_have_their_own_points(malar: Plan, knowledge: Knowledge) -> None:
    (placement,) = malar.placements
    (first,) = malar.preparations
    second = first.model_copy(update={"id": "other"})
    parts = (
        placement.model_copy(update={"points": placement.points[::2]}),
        placement.model_copy(update={"points": placement.points[1::2], "preparation": "other"}),
    )
    together = of(rebuilt(malar, preparations=(first, second), placements=parts), knowledge)
    (zone,) = together.zones
    assert zone.preparations == (first.id, "other")
    assert figures(zone).coverage == figures(of(malar, knowledge).zones[0]).coverage


OUT_OF_PATCH = (Point(id="1", at=OnPatch(x_mm=900, y_mm=900)),)
REASONS: list[tuple[str, dict[str, Any], str]] = [
    ("no volume", {"volume_ml": 0.0}, "0 mL"),
    ("flat on the skin", {"angle": Angle(0.0)}, "not in the skin"),
    ("too deep for the model", {"angle": Angle(90.0), "inserted": Length(40.0)}, "below the"),
    ("no point", {"points": 0}, "no point of the zone carries it"),
    ("no area", {"area_cm2": 0.0}, "not above 0"),
]


@pytest.mark.parametrize(("name", "changes", "reason"), REASONS, ids=[one[0] for one in REASONS])
def test_what_cannot_be_computed_says_why(
    knowledge: Knowledge, name: str, changes: dict[str, Any], reason: str
) -> None:
    plan = plan_by_hand(CAFFEINE, **({"points": 6} | changes))
    exposure = of(plan, knowledge)
    assert exposure.zones[0].figures is None
    assert reason in (exposure.zones[0].not_computed or "")
    assert "NaN" not in exposure.model_dump_json()


def test_a_compound_that_nobody_can_tell_says_so_and_hides_no_other(knowledge: Knowledge) -> None:
    stock = next(one.id for one in knowledge.compounds["platelet-rich-plasma"].presentations)
    exposure = of(plan_by_hand({stock: 2.0}, points=4), knowledge)
    assert "platelets" in (exposure.zones[0].not_computed or "")
    assert exposure.blood[0].not_computed
    assert exposure.ranges == ()


@pytest.fixture(scope="module")
def thigh(knowledge: Knowledge) -> Exposure:
    return of(plan_by_hand(CAFFEINE, points=30, volume_ml=0.05, area_cm2=60.0), knowledge)


def test_caffeine_in_blood_stands_beside_its_toxic_level_with_the_source(thigh: Exposure) -> None:
    (level,) = thigh.blood
    assert (level.toxic_mg_l, level.sources) == (25.0, ("S133",))
    assert level.dose_mg == pytest.approx(30 * 0.05 * 12.5)
    assert level.peak_mg_l is not None
    assert level.peak_mg_l.high < 1.0


def test_a_plan_by_hand_counts_the_dermis_and_says_so(thigh: Exposure) -> None:
    assert thigh.layer_by_hand
    assert thigh.zones[0].layer == "dermis"


@settings(max_examples=8, deadline=None)
@given(
    places=st.lists(st.tuples(st.floats(-60, 60), st.floats(-60, 60)), min_size=1, max_size=40),
    twice=st.booleans(),
)
def test_whatever_the_points_the_figures_are_numbers_in_their_range(
    knowledge: Knowledge, places: list[tuple[float, float]], twice: bool
) -> None:
    """Overlapping depots and points off the patch among them."""
    taken = places * 2 if twice else places
    points = tuple(Point(id=f"{i}", at=OnPatch(x_mm=x, y_mm=y)) for i, (x, y) in enumerate(taken, start=1))
    exposure = of(plan_by_hand(CAFFEINE, points=points, volume_ml=0.05, area_cm2=60.0), knowledge)
    assert "NaN" not in exposure.model_dump_json()
    found = figures(exposure.zones[0])
    for step in found.histogram:
        assert 0 <= step.reached.low <= step.reached.middle <= step.reached.high <= 1


def test_a_thousand_depots_are_computed(knowledge: Knowledge) -> None:
    exposure = of(plan_by_hand(CAFFEINE, points=1000, volume_ml=0.05, area_cm2=400.0), knowledge)
    assert figures(exposure.zones[0]).coverage.middle > 0.5


def test_a_drawn_outline_is_the_zone(knowledge: Knowledge) -> None:
    plan = plan_by_hand(CAFFEINE, points=16, volume_ml=0.05, area_cm2=60.0)
    (placement,) = plan.placements
    corners: Outline = tuple(OnPatch(x_mm=x, y_mm=y) for x, y in ((-13, -13), (10, -13), (10, 10), (-13, 10)))
    drawn = {name: getattr(placement, name) for name in ZonePlacement.model_fields} | {
        "outline": corners, "area_source": "drawn", "area": Area(5.3),
    }  # fmt: skip
    small = of(rebuilt(plan, placements=(ZonePlacement(**drawn),)), knowledge)
    whole = of(plan, knowledge)
    # The same points on less skin: more of it is reached.
    assert figures(small.zones[0]).coverage.middle > figures(whole.zones[0]).coverage.middle + 0.2


def test_kernels_are_kept_in_the_folder_and_give_the_same(tmp_path: Path, knowledge: Knowledge) -> None:
    plan = plan_by_hand(CAFFEINE, points=5, volume_ml=0.031, area_cm2=20.0)
    kept = plan_exposure(plan, melasma_case(), knowledge, tmp_path)
    assert len(list(tmp_path.glob("*.npy"))) == DECAYS * POROSITIES
    assert figures(kept.zones[0]).coverage == figures(of(plan, knowledge).zones[0]).coverage


def test_solutes_that_spread_alike_are_worked_out_once() -> None:
    assert transport("ascorbic-acid") == transport("caffeine") == Solute(*list(vars(SMALL).values())[:2])
    assert transport("hyaluronic-acid") != SMALL
