"""Pairs of points under the share of the spacing that a rule names: as the map draws them, and as the finding says."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.domain.plan import OnPatch, Plan, Point
from mesoplan.domain.quantities import Length
from mesoplan.planning.close_pairs import MOST_PAIRS, close_pairs
from mesoplan.planning.placement_findings import placement_findings
from tests.planning.hand_made import melasma_case, melasma_plan, of_code, plan_by_hand, rebuilt, shipped
from tests.planning.operations.drafts import applied, two_syringes

SALINE = {"sodium-chloride-0.9": 1.0}


def spots(*places: tuple[float, float]) -> tuple[Point, ...]:
    return tuple(Point(id=str(number), at=OnPatch(x_mm=x, y_mm=y)) for number, (x, y) in enumerate(places, start=1))


def pairs(plan: Plan) -> list[tuple[tuple[str, str], float]]:
    return [(one.points, one.distance_mm) for one in close_pairs(plan, melasma_case(), shipped())]


# Spacing 10 mm, so under 6.0 mm is too near: places -> pairs with their distance, the nearest first
PLACES = [
    (((0, 0), (10, 0)), []),
    (((0, 0), (6.0, 0)), []),
    (((0, 0), (5.9, 0)), [(("1", "2"), 5.9)]),
    (((0, 0), (3, 4)), [(("1", "2"), 5.0)]),
    (((0, 0), (0, 0)), [(("1", "2"), 0.0)]),
    (((0, 0), (5, 0), (5, 2)), [(("2", "3"), 2.0), (("1", "2"), 5.0), (("1", "3"), 5.4)]),
    (((0, 0), (5, 0), (20, 0), (24, 0)), [(("3", "4"), 4.0), (("1", "2"), 5.0)]),
    (((0, 0),), []),
]


@pytest.mark.parametrize(("places", "found"), PLACES)
def test_points_nearer_than_sixty_percent_of_the_spacing(
    places: tuple[tuple[float, float], ...], found: list[tuple[tuple[str, str], float]]
) -> None:
    assert pairs(plan_by_hand(SALINE, points=spots(*places), spacing=Length(10.0))) == found


def test_a_renewed_lattice_and_a_proposal_have_none() -> None:
    assert pairs(melasma_plan()) == []
    renewed = applied({"op": "renew", "zone": "malar-right", "spacing": "7 mm"}).plan
    assert pairs(renewed) == []


def test_on_the_face_the_distance_is_that_of_the_skin_in_millimetres() -> None:
    zone = melasma_plan().placements[0]
    moved = applied({"op": "shift", "points": [zone.points[4].id], "right_mm": -6, "up_mm": 0, "along": "front"}).plan
    found = pairs(moved)
    assert found
    assert all(zone.points[4].id in names for names, _ in found)
    assert all(0 < distance < 0.6 * zone.spacing.value for _, distance in found)


def test_two_syringes_that_share_a_zone_share_its_spacing() -> None:
    plan = two_syringes()
    assert pairs(plan) == []
    first = plan.placements[0].points[0].id
    moved = applied({"op": "shift", "points": [first], "right_mm": 6, "up_mm": 0, "along": "front"}, plan=plan).plan
    other = {point.id for one in plan.placements if one is not plan.placements[0] for point in one.points}
    assert any(other & set(names) for names, _ in pairs(moved)), "a neighbour from the other syringe counts"


def test_a_heap_of_points_shows_the_nearest_hundred() -> None:
    found = pairs(plan_by_hand(SALINE, points=spots(*[(one / 50, 0) for one in range(40)]), spacing=Length(10.0)))
    assert len(found) == MOST_PAIRS
    distances = [distance for _, distance in found]
    assert distances == sorted(distances)


@given(st.lists(st.tuples(st.integers(-40, 40), st.integers(-40, 40)), min_size=2, max_size=12))
def test_the_pairs_are_those_that_the_finding_counts(places: list[tuple[int, int]]) -> None:
    plan = plan_by_hand(SALINE, points=spots(*places), spacing=Length(10.0))
    named = {name for names, _ in pairs(plan) for name in names}
    findings = of_code(list(placement_findings(plan, melasma_case(), shipped())), "point-too-close")
    assert {name.rpartition(":")[2] for one in findings for name in one.subject.points} == named
    slow = [
        (one.id, two.id)
        for one, two in combinations(plan.placements[0].points, 2)
        if isinstance(one.at, OnPatch)
        and isinstance(two.at, OnPatch)
        and ((one.at.x_mm - two.at.x_mm) ** 2 + (one.at.y_mm - two.at.y_mm) ** 2) ** 0.5 < 6.0
    ]
    assert sorted(names for names, _ in pairs(plan)) == sorted(slow)


def test_a_smaller_spacing_lets_the_same_points_pass() -> None:
    plan = plan_by_hand(SALINE, points=spots((0, 0), (1, 0)), spacing=Length(10.0))
    apart = rebuilt(plan, placements=(plan.placements[0].model_copy(update={"spacing": Length(1.0)}),))
    assert pairs(plan)
    assert pairs(apart) == []
