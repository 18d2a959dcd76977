"""The maps of a plan: which there are, that every point stands on one of them with its number, and their scale."""

from __future__ import annotations

import functools
import re
from datetime import date
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from mesoplan.documents.citations import Citations
from mesoplan.documents.front_page import letters, placement_rows
from mesoplan.documents.plan_maps import plan_maps
from mesoplan.documents.sheet import SheetMap
from mesoplan.domain.case import Case
from mesoplan.domain.edits import Operation
from mesoplan.domain.plan import Plan
from mesoplan.domain.proposal import Proposals
from mesoplan.imaging.face_view import View
from mesoplan.imaging.zone_edges import edge_paths
from mesoplan.knowledge.case_reading import read_case
from mesoplan.knowledge.loader import load
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.operations.apply import apply
from mesoplan.planning.placement import face_of
from mesoplan.planning.propose import propose
from tests.imaging.outlines import stretched

EXAMPLES = Path(__file__).parents[2] / "examples"
knowledge = functools.cache(load)
POINT = re.compile(r'data-point="([^"]+)"')


@functools.cache
def answered(name: str) -> tuple[Case, Proposals]:
    file = EXAMPLES / f"{name}.yaml"
    case = read_case(file.read_text(encoding="utf-8"), file.name, knowledge(), today=date(2026, 11, 23))
    return case, propose(case, knowledge())


def with_zones(name: str, *zones: str) -> tuple[Case, Plan]:
    """Return the first plan for an example whose goal is moved to other zones."""
    case, _ = answered(name)
    goal = case.goals[0].model_copy(update={"zones": zones})
    moved = case.model_copy(update={"goals": (goal,)})
    return moved, propose(moved, knowledge(), top=1).proposals[0].plan


def maps_of(case: Case, plan: Plan) -> tuple[SheetMap, ...]:
    return plan_maps(plan, case, knowledge())


def numbers_of(plan: Plan) -> set[str]:
    by_letter = letters(plan) if len(plan.preparations) > 1 else {}
    return {f"{by_letter.get(one.preparation, '')}{point.id}" for one in plan.placements for point in one.points}


def edited(name: str, *operations: dict[str, object]) -> tuple[Case, Plan]:
    """Return the first plan for an example after some operations."""
    case, found = answered(name)
    ops = TypeAdapter(tuple[Operation, ...]).validate_python(operations)
    return case, apply(found.proposals[0].plan, ops, case, knowledge()).plan


@pytest.mark.parametrize("name", ["melasma", "cellulite"])
def test_a_place_kept_clear_is_a_hatched_circle_to_scale_and_the_title_says_so(name: str) -> None:
    case, plan = edited(name, {"op": "keep-clear", "points": ["5"], "radius": "8 mm"})
    first = next(one for one in maps_of(case, plan) if "Kept clear, 8.0\N{NO-BREAK SPACE}mm" in one.svg)
    assert first.title.endswith("hatched circles are kept clear")
    group = first.svg.split("data-kept=")[1].split("</g>")[0]
    heights = [-float(y) for y in re.findall(r"[-\d.]+,([-\d.]+)", re.findall(r' d="([^"]+)"', group)[-1])]
    assert 12 < max(heights) - min(heights) <= 16.01
    untouched = answered(name)[1].proposals[0].plan
    assert not any("hatched circles" in one.title for one in maps_of(case, untouched))


def test_parallel_lines_are_named_on_paper() -> None:
    case, found = answered("melasma")
    zone = found.proposals[0].plan.placements[0].zone
    _, plan = edited("melasma", {"op": "renew", "zone": zone, "pattern": "lines"})
    rows, _ = placement_rows(plan, evaluate(case, plan, knowledge()), knowledge(), Citations(knowledge()))
    assert [row["spacing"].endswith("mm on lines") for row in rows].count(True) == 1


@pytest.mark.parametrize("name", ["melasma", "texture", "cellulite", "submental-fat", "fine-lines"])
def test_every_point_stands_on_a_map_with_its_number(name: str) -> None:
    case, answer = answered(name)
    for proposal in answer.proposals:
        drawn = {number for one in maps_of(case, proposal.plan) for number in POINT.findall(one.svg)}
        assert drawn == numbers_of(proposal.plan)


@pytest.mark.parametrize(
    ("zones", "titles"),
    [
        (("forehead",), ["Face from the front"]),
        (("lateral-cheek-right",), ["Face from the front", "Face from the right"]),
        (("lateral-cheek-left",), ["Face from the front", "Face from the left"]),
        (
            ("lateral-cheek-right", "lateral-cheek-left"),
            ["Face from the front", "Face from the right", "Face from the left"],
        ),
    ],
)
def test_a_side_is_shown_where_points_are_not_read_from_the_front(zones: tuple[str, ...], titles: list[str]) -> None:
    case, plan = with_zones("melasma", *zones)
    assert [one.title for one in maps_of(case, plan)] == titles


def test_a_body_zone_is_a_patch_with_its_area_and_no_face() -> None:
    case, answer = answered("cellulite")
    maps = maps_of(case, answer.proposals[0].plan)
    assert [one.title for one in maps] == ["Thigh, outer side, right", "Thigh, outer side, left"]
    assert "320" in maps[0].svg
    assert "not the outline of this patient" in maps[0].svg


def test_the_scale_is_that_of_the_patient() -> None:
    case, plan = with_zones("melasma", "forehead")
    wide = case.model_copy(update={"patient": case.patient.model_copy(update={"face_width": None})})
    ours, (template,) = maps_of(case, plan), maps_of(wide, plan)
    assert ours[0].width_mm is not None
    assert template.width_mm is not None
    # 138 mm were measured; the template is 153.3 mm wide.
    assert ours[0].width_mm / template.width_mm == pytest.approx(138 / 153.3, rel=0.002)


def test_several_syringes_in_a_zone_are_told_apart_by_letter_and_the_zone_is_named_once() -> None:
    case, answer = answered("melasma")
    plan = next(one.plan for one in answer.proposals if len(one.plan.preparations) == 3)
    (front, *_) = maps_of(case, plan)
    assert {number[0] for number in POINT.findall(front.svg)} == {"A", "B", "C"}
    assert front.svg.count(">Forehead · ") == 1


def test_structures_under_the_points_are_drawn_and_others_are_not() -> None:
    case, plan = with_zones("melasma", "forehead")
    (front,) = maps_of(case, plan)
    assert "Supraorbital artery" in front.svg
    assert "Mental foramen" not in front.svg


def test_the_same_plan_gives_the_same_maps() -> None:
    case, plan = with_zones("melasma", "forehead", "chin")
    assert maps_of(case, plan) == maps_of(case, plan)


def test_an_outline_that_was_drawn_is_what_is_drawn_and_its_area_is_said_to_be() -> None:
    case, plan = with_zones("melasma", "chin")
    outline = stretched("chin", [0.7])
    corners = [corner.model_dump() for corner in outline]
    op = TypeAdapter(Operation).validate_python({"op": "reshape-zone", "zone": "chin", "corners": corners})
    drawn = apply(plan, [op], case, knowledge()).plan
    edge = edge_paths(View.FRONT, "chin", outline, face_of(case)).line
    assert edge in maps_of(case, drawn)[0].svg
    assert edge not in maps_of(case, plan)[0].svg
    rows, _ = placement_rows(drawn, evaluate(case, drawn, knowledge()), knowledge(), Citations(knowledge()))
    assert [row["area_source"] for row in rows] == ["drawn by hand"]


def test_an_outline_of_a_patch_is_said_to_be_drawn() -> None:
    case, answer = answered("cellulite")
    plan = answer.proposals[0].plan
    first = plan.placements[0]
    corners = [{"x_mm": x, "y_mm": y} for x, y in ((-60, -80), (60, -80), (0, 90))]
    op = TypeAdapter(Operation).validate_python({"op": "reshape-zone", "zone": first.zone, "corners": corners})
    (svg, *others) = [one.svg for one in maps_of(case, apply(plan, [op], case, knowledge()).plan)]
    assert "M-60,80 60,80 0,-90Z" in svg
    assert "102\N{NO-BREAK SPACE}cm², outline drawn by hand" in svg
    assert all("outline drawn by hand" not in one for one in others)
