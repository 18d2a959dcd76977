"""What is said of points over a structure: by depth, by compound, in one note where the tip stays above."""

from __future__ import annotations

import pytest

from mesoplan.domain.finding import Finding, Severity
from mesoplan.domain.plan import OnMesh, OnPatch, Plan, Point
from mesoplan.domain.quantities import Angle, Length
from mesoplan.imaging.face_zones import zone_triangles
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.zones import DangerStructure, Zone
from mesoplan.planning.placement import place_in_zone, structures_under_points
from mesoplan.planning.placement_findings import placement_findings
from tests.planning.hand_made import melasma_case, of_code, plan_by_hand, rebuilt, shipped, weight

STOCKS = {"cytolytic": "deoxycholic-acid-10", "suspension": "hyaluronic-acid-10", "autologous": "platelet-rich-plasma"}


def spots(zone: Zone) -> tuple[Point, ...]:
    """Return a close lattice on a zone of the face; on one that takes no injection the middle of each triangle."""
    if zone.blocked is None:
        return place_in_zone(zone.id, melasma_case(), shipped(), spacing_mm=4, edge_margin_mm=0.5).points
    middle = (1 / 3, 1 / 3, 1 / 3)
    return tuple(
        Point(id=f"{one}", at=OnMesh(triangle=one, weights=middle)) for one in zone_triangles(zone.id).tolist()
    )


def over(structure: DangerStructure, stock: str, depth_mm: float) -> Plan:
    """Return a plan with its points over one structure, needle straight in."""
    for zone in shipped().zones.values():
        if zone.surface == "mesh":
            points = spots(zone)
            under = structures_under_points(points, melasma_case(), shipped()).get(structure.id, ())
            if under:
                return plan_by_hand(
                    {stock: 10.0},
                    zone=zone.id,
                    goal="melasma",
                    points=[point for point in points if point.id in under],
                    angle=Angle(90.0),
                    inserted=Length(depth_mm),
                )
    pytest.fail(f"no zone of the face lies over {structure.id}")


def said(plan: Plan, structure: DangerStructure) -> list[Finding]:
    found = of_code(list(placement_findings(plan, melasma_case(), shipped())), "point-in-danger-zone")
    return [one for one in found if structure.title in one.text]


ON_NO_FACE = {"neck-midline"}
"""The neck is a flat patch, on which no structure is drawn; its caps of depth stand for it."""
STRUCTURES = sorted(set(shipped().danger_structures) - ON_NO_FACE)


@pytest.mark.parametrize("name", STRUCTURES)
def test_at_its_ceiling_a_structure_is_a_note_and_past_it_an_objection(knowledge: Knowledge, name: str) -> None:
    structure = knowledge.danger_structures[name]
    if structure.ceiling is None:
        assert said(over(structure, "tranexamic-acid-10", 3.0), structure) == []
        return
    ceiling = structure.ceiling.high
    at, past = (over(structure, "tranexamic-acid-10", depth) for depth in (ceiling, ceiling + 0.1))
    (note,) = said(at, structure)
    (objection,) = said(past, structure)
    assert note.severity is Severity.INFO
    assert weight(objection) == ("warn" if structure.over == "warn" else "block dermatologist")
    assert f"ceiling of {ceiling:g} mm" in objection.text
    assert set(structure.ceiling.sources) <= set(objection.sources)
    assert objection.subject.points


@pytest.mark.parametrize(
    ("name", "family"),
    [("marginal-mandibular-band", "cytolytic"), ("medial-canthus", "suspension"), ("medial-canthus", "autologous")],
)
def test_some_compounds_are_not_injected_over_a_structure_at_any_depth(
    knowledge: Knowledge, name: str, family: str
) -> None:
    structure = knowledge.danger_structures[name]
    plan = over(structure, STOCKS[family], 0.3)
    (found,) = said(plan, structure)
    assert weight(found) == "block dermatologist"
    assert family in found.text


def test_all_that_lies_deeper_is_one_note_for_a_zone(knowledge: Knowledge) -> None:
    plan = over(knowledge.danger_structures["supratrochlear-artery"], "tranexamic-acid-10", 0.5)
    (found,) = of_code(list(placement_findings(plan, melasma_case(), knowledge)), "point-in-danger-zone")
    assert found.severity is Severity.INFO


@pytest.mark.parametrize(("shift_mm", "close"), [(4.2, True), (4.3, False)])
def test_syringes_that_share_a_zone_share_its_spacing(knowledge: Knowledge, shift_mm: float, close: bool) -> None:
    """Two syringes at 10 mm in one zone may lie 7.1 mm apart; 60 % of that is 4.2 mm."""
    rows = [(x, y) for x in (-5.0, 5.0) for y in (-5.0, 5.0)]
    plan = plan_by_hand({"tranexamic-acid-10": 10.0}, points=at_places(rows), spacing=Length(10.0))
    placed, made = plan.placements[0], plan.preparations[0]
    beside = at_places([(x + shift_mm, y) for x, y in rows])
    both = rebuilt(
        plan,
        preparations=(made, made.model_copy(update={"id": "b"})),
        placements=(placed, placed.model_copy(update={"preparation": "b", "points": beside})),
    )
    found = of_code(list(placement_findings(both, melasma_case(), knowledge)), "point-too-close")
    assert bool(found) is close


def at_places(places: list[tuple[float, float]]) -> tuple[Point, ...]:
    return tuple(Point(id=f"{number}", at=OnPatch(x_mm=x, y_mm=y)) for number, (x, y) in enumerate(places, 1))
