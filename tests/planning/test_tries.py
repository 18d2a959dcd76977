"""What may be tried about a finding: the change that is offered settles it, or nothing is offered."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesoplan.domain.case import Case
from mesoplan.domain.finding import Finding, Severity
from mesoplan.domain.plan import Plan
from mesoplan.domain.quantities import Angle, Length, Volume
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.landing import landing_of
from mesoplan.planning.operations.apply import apply
from mesoplan.planning.placement import place_in_zone
from mesoplan.planning.propose import propose
from mesoplan.planning.tries import DEPTH_CODES, VOLUME_CODES, Try, tries
from tests.planning.hand_made import (
    START,
    asked_everything,
    at_first_zone,
    changed,
    melasma_case,
    melasma_plan,
    plan_by_hand,
    rebuilt,
    shipped,
    with_event,
)

ABOUT_ONE_ZONE = sorted(DEPTH_CODES | VOLUME_CODES)


@cache
def proposed(aim: str, *zones: str) -> tuple[Case, tuple[Plan, ...]]:
    """A case with that aim, and every plan that is proposed for it."""
    goal = melasma_case().goals[0].model_copy(update={"aim": aim, "zones": zones or melasma_case().goals[0].zones})
    case = asked_everything(changed(melasma_case(), goals=(goal,)))
    return case, tuple(one.plan for one in propose(case, shipped()).proposals)


def objections(plan: Plan, case: Case) -> list[Finding]:
    """What has a card with acts: everything but notes."""
    return [one for one in evaluate(case, plan, shipped()).findings if one.severity is not Severity.INFO]


def same(finding: Finding, findings: list[Finding]) -> list[Finding]:
    about = finding.subject
    return [
        one
        for one in findings
        if one.code == finding.code and (one.subject.zone, one.subject.preparation) == (about.zone, about.preparation)
    ]


def tried(one: Try, plan: Plan, case: Case) -> Plan:
    return apply(plan, one.ops, case, shipped()).plan


def offered(plan: Plan, case: Case, *codes: str) -> list[tuple[Finding, Try]]:
    found = [one for one in objections(plan, case) if not codes or one.code in codes]
    return [(finding, one) for finding in found for one in tries(finding, plan, case, shipped())]


# degrees and mm inserted of the first zone -> whether a position is offered
POSITIONS = [
    (45, 4.0, "depth-outside-target", True),
    (90, 2.0, "depth-outside-target", True),
    (90, 4.0, "depth-face-deep", True),
    (10, 2.0, "depth-outside-target", False),  # as proposed: there is no such finding
]


@pytest.mark.parametrize(("degrees", "mm", "code", "is_offered"), POSITIONS)
def test_a_depth_that_is_too_deep_offers_the_position_for_this_skin(
    degrees: float, mm: float, code: str, is_offered: bool
) -> None:
    plan, case = at_first_zone(melasma_plan(), angle=Angle(degrees), inserted=Length(mm)), melasma_case()
    found = offered(plan, case, code)
    assert bool(found) is is_offered
    for finding, one in found:
        assert one.position is not None
        assert one.volume is None
        assert one.day is None
        assert same(finding, objections(tried(one, plan, case), case)) == []


def test_the_figure_that_is_shown_is_the_one_that_comes() -> None:
    case = melasma_case()
    plan = at_first_zone(melasma_plan(), angle=Angle(90.0), inserted=Length(3.0))
    _finding, one = offered(plan, case, "depth-outside-target")[0]
    assert one.position is not None
    now = tried(one, plan, case)
    placement = now.placements[0]
    target = shipped().protocols[plan.protocol or ""].target
    landing = landing_of(placement, case, shipped(), target, now.schedule.sessions[0])
    assert (placement.angle, placement.inserted) == (one.position.angle, one.position.inserted)
    assert landing.depth_mm == pytest.approx(one.position.depth_mm, abs=1e-3)
    assert landing.depth_range_mm == pytest.approx(one.position.depth_range_mm, abs=1e-3)
    assert now.placements[1:] == plan.placements[1:], "other zones stay"


@pytest.mark.parametrize("ml", [0.11, 0.2, 1.0])
def test_too_much_in_a_point_offers_the_most_that_the_zone_takes(ml: float) -> None:
    plan, case = at_first_zone(melasma_plan(), volume_per_point=Volume(ml)), melasma_case()
    found = offered(plan, case, *VOLUME_CODES)
    assert found
    for finding, one in found:
        assert one.volume is not None
        assert one.volume.value < ml
        assert same(finding, objections(tried(one, plan, case), case)) == []


@pytest.mark.parametrize("days_ago", [0, 1, 9])
def test_a_wait_offers_the_day_on_which_it_is_over_and_all_sessions_keep_their_distance(days_ago: int) -> None:
    plan = melasma_plan()
    case = with_event(
        melasma_case(), "peel-superficial", START - timedelta(days=days_ago), melasma_case().goals[0].zones
    )
    waits = [(finding, one) for finding, one in offered(plan, case) if finding.until is not None]
    assert waits
    for finding, one in waits:
        now = tried(one, plan, case)
        assert now.schedule.sessions[0] == one.day == finding.until
        assert _gaps(now) == _gaps(plan)
    (latest,) = (one for finding, one in waits if finding.until == max(f.until or START for f, _ in waits))
    assert [one for one in objections(tried(latest, plan, case), case) if one.until] == []


def _gaps(plan: Plan) -> list[int]:
    days = plan.schedule.sessions
    return [(later - earlier).days for earlier, later in pairwise(days)]


def test_a_wait_of_years_offers_no_day() -> None:
    finding = next(one for one in _waiting() if one.until is not None)
    far = finding.model_copy(update={"until": melasma_plan().schedule.sessions[0] + timedelta(days=366)})
    assert tries(far, melasma_plan(), melasma_case(), shipped()) == ()
    year = finding.model_copy(update={"until": melasma_plan().schedule.sessions[0] + timedelta(days=365)})
    assert len(tries(year, melasma_plan(), melasma_case(), shipped())) == 1


def _waiting() -> list[Finding]:
    case = with_event(melasma_case(), "peel-superficial", START, melasma_case().goals[0].zones)
    return objections(melasma_plan(), case)


def test_a_note_offers_nothing() -> None:
    deep = at_first_zone(melasma_plan(), angle=Angle(90.0), inserted=Length(3.0))
    (finding, _one), *_ = offered(deep, melasma_case(), "depth-outside-target")
    note = finding.model_copy(update={"severity": Severity.INFO})
    assert tries(note, deep, melasma_case(), shipped()) == ()


def test_a_plan_without_a_protocol_has_no_target_so_no_position_is_offered() -> None:
    plan = rebuilt(at_first_zone(melasma_plan(), angle=Angle(90.0), inserted=Length(4.0)), protocol=None)
    depths = [one for one in objections(plan, melasma_case()) if one.code in DEPTH_CODES]
    assert depths
    assert offered(plan, melasma_case(), *DEPTH_CODES) == []


def test_a_compound_that_is_not_injected_over_a_structure_is_no_question_of_depth() -> None:
    """The finding is about what is drawn, so no other angle settles it."""
    case = melasma_case()
    points = place_in_zone("jaw-right", case, shipped(), spacing_mm=8, edge_margin_mm=1).points
    plan = plan_by_hand({"deoxycholic-acid-10": 5.0}, zone="jaw-right", goal="melasma", points=points)
    plan = rebuilt(plan, protocol=melasma_plan().protocol)
    (finding,) = (one for one in objections(plan, case) if one.code == "point-in-danger-zone")
    assert "No cytolytic compound is injected there" in finding.text
    assert tries(finding, plan, case, shipped()) == ()


AIMS = [
    ("melasma", ("malar-right", "malar-left", "forehead")),
    ("melasma", ("chin", "nose")),
    ("fine-lines", ("periorbital-right", "forehead")),
    ("texture", ("temple-right", "glabella", "jaw-left")),
]


def everywhere(plan: Plan, case: Case) -> Plan:
    """The plan with points over all of each zone, structures under them or not."""
    placements, number = [], 1
    for zone in dict.fromkeys(one.zone for one in plan.placements):
        own = [one for one in plan.placements if one.zone == zone]
        placed = place_in_zone(zone, case, shipped(), spacing_mm=own[0].spacing.value, edge_margin_mm=1)
        points = [one.model_copy(update={"id": str(number + index)}) for index, one in enumerate(placed.points)]
        number += len(points)
        placements += [
            one.model_copy(update={"points": tuple(points[turn :: len(own)])}) for turn, one in enumerate(own)
        ]
    return rebuilt(plan, placements=tuple(placements))


@st.composite
def edited_plans(draw: st.DrawFn) -> tuple[Case, Plan]:
    """A proposed plan with needle, angle, length and volume of each zone as a hand may set them."""
    aim, zones = draw(st.sampled_from(AIMS))
    case, plans = proposed(aim, *zones)
    plan = draw(st.sampled_from(plans))
    plan = everywhere(plan, case) if draw(st.booleans()) else plan
    placements = []
    for placement in plan.placements:
        needle = draw(st.sampled_from(sorted(shipped().needles)))
        longest = shipped().needles[needle].length.high
        placements.append(
            placement.model_copy(
                update={
                    "needle": needle,
                    "angle": Angle(float(draw(st.integers(1, 18)) * 5)),
                    "inserted": Length(min(draw(st.integers(1, 26)) / 2, longest)),
                    "volume_per_point": Volume(draw(st.integers(1, 20)) / 100),
                }
            )
        )
    return case, rebuilt(plan, placements=tuple(placements))


@settings(max_examples=30)
@given(edited_plans())
def test_what_is_tried_about_a_zone_settles_the_finding_there(drafted: tuple[Case, Plan]) -> None:
    case, plan = drafted
    for finding, one in offered(plan, case, *ABOUT_ONE_ZONE)[:3]:  # each costs an evaluation
        left = same(finding, objections(tried(one, plan, case), case))
        assert left == [], (finding.text, one.ops)
