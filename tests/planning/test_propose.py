"""Proposals: what is declined and why, in which order, from which day, and that no readable case is too much."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mesoplan.domain.case import Case, Goal, MeasuredThickness
from mesoplan.domain.finding import Finding, Severity
from mesoplan.domain.plan import MAX_POINTS_IN_A_ZONE
from mesoplan.domain.proposal import Direction, Proposals
from mesoplan.domain.quantities import Area, Length
from mesoplan.knowledge.base import Knowledge, Shelf
from mesoplan.planning.propose import propose
from tests.planning.hand_made import START, answering, changed, melasma_case, weight, with_event

ALL_FACE = "melasma-tranexamic-acid-ascorbic-acid-glutathione"


def wanting(aim: str, *zones: str, area_cm2: float = 30.0) -> Case:
    """Return the example with another goal, and the same typed area for each patch."""
    return changed(
        melasma_case(), goals=(Goal(aim=aim, zones=zones),), areas=dict.fromkeys(zones, Area(area_cm2)), procedures=()
    )


def declined(found: Proposals) -> dict[str, list[Finding]]:
    return {one.protocol: list(one.findings) for one in found.declined}


def test_all_zones_of_the_face_from_three_syringes_are_planned(knowledge: Knowledge) -> None:
    zones = knowledge.protocols[ALL_FACE].zones
    assert len(zones) == 15
    case = changed(melasma_case(), goals=(Goal(aim="melasma", zones=zones),))
    plans = {one.protocol: one.plan for one in propose(case, knowledge).proposals}
    assert len(plans[ALL_FACE].placements) == 45


@pytest.mark.parametrize(
    ("aim", "zone"), [("cellulite", "thigh-outer-right"), ("hydration", "hand-right"), ("submental-fat", "submental")]
)
def test_an_area_that_takes_more_points_than_a_zone_may_have_is_declined_with_the_number(
    knowledge: Knowledge, aim: str, zone: str
) -> None:
    found = propose(wanting(aim, zone, area_cm2=4000), knowledge)
    assert found.proposals == ()
    said = [one for findings in declined(found).values() for one in findings if one.subject.zone == zone]
    assert said
    assert all(one.code == "points-many" for one in said)
    assert all("4000 cm²" in one.text and f"{MAX_POINTS_IN_A_ZONE}" in one.text for one in said)


def test_a_zone_that_nobody_may_open_is_declined_as_such(knowledge: Knowledge) -> None:
    """No protocol names such a zone, so the finding is that the protocol is not for it."""
    for zone in ("periorbital-right", "lips", "palms"):
        found = propose(wanting("melasma", zone), knowledge)
        assert found.proposals == ()
        assert {one.code for findings in declined(found).values() for one in findings} == {"zone-not-in-protocol"}
        assert found.goals[0].none_because


@pytest.mark.parametrize(("zone", "said"), [("periorbital-right", "block never"), ("lips", "block dermatologist")])
def test_who_may_open_a_zone_is_said_by_the_zone(knowledge: Knowledge, zone: str, said: str) -> None:
    protocol = knowledge.protocols["melasma-tranexamic-acid-monthly"].model_copy(update={"zones": ()})
    wide = replace(knowledge, protocols=Shelf("protocols", {protocol.id: protocol}))
    (findings,) = declined(propose(wanting("melasma", zone), wide)).values()
    assert [(one.code, weight(one)) for one in findings] == [("zone-blocked", said)]


def test_an_area_too_small_for_a_point_is_declined(knowledge: Knowledge) -> None:
    found = propose(wanting("cellulite", "abdomen", area_cm2=0.5), knowledge)
    assert "No point is left" in declined(found)["cellulite-caffeine"][0].text


def test_an_area_that_nobody_entered_is_asked_for_not_assumed(knowledge: Knowledge) -> None:
    found = propose(changed(wanting("cellulite", "abdomen"), areas={}), knowledge)
    assert [weight(one) for one in declined(found)["cellulite-caffeine"]] == ["block never"]
    assert "Enter the area" in str(found.goals[0].none_because)


def test_an_aim_without_a_protocol_says_so(knowledge: Knowledge) -> None:
    found = propose(wanting("hair-loss", "scalp-vertex"), knowledge)
    assert (found.proposals, found.declined) == ((), ())
    assert "no protocol" in str(found.goals[0].none_because)


@pytest.mark.parametrize("thickness_mm", [0.3, 0.5, 1.0, 3.0, 8.0])
def test_whatever_skin_was_measured_a_needle_position_is_found(knowledge: Knowledge, thickness_mm: float) -> None:
    for aim, zone in (("hydration", "nose"), ("fine-lines", "infraorbital-right"), ("submental-fat", "submental")):
        measured = MeasuredThickness(zone=zone, thickness=Length(thickness_mm), method="ultrasound", on=START)
        found = propose(changed(wanting(aim, zone), thickness=(measured,)), knowledge)
        assert found.proposals or found.declined


def test_the_first_session_moves_to_the_first_day_that_a_wait_allows(knowledge: Knowledge) -> None:
    for days_ago, first in ((20, START), (8, date(2026, 12, 7))):
        case = with_event(melasma_case(), "peel-superficial", START - timedelta(days=days_ago))
        found = propose(case, knowledge)
        assert {one.plan.schedule.sessions[0] for one in found.proposals} == {first}


def test_a_wait_that_ends_beyond_four_hundred_days_is_not_planned_for(knowledge: Knowledge) -> None:
    found = propose(with_event(melasma_case(), "cancer-history", date(2026, 1, 1)), knowledge)
    assert found.proposals == ()
    assert all("screen-cancer-history" in {one.code for one in said} for said in declined(found).values())


def test_top_keeps_the_first_of_each_goal_and_declines_no_more(knowledge: Knowledge) -> None:
    every, first = propose(melasma_case(), knowledge), propose(melasma_case(), knowledge, top=1)
    assert first.proposals == every.proposals[:1]
    assert first.declined == every.declined


def test_the_order_is_the_one_that_is_stated(knowledge: Knowledge) -> None:
    found = propose(melasma_case(), knowledge)
    directions = list(Direction)
    keys = [
        (
            sum(finding.severity is Severity.WAIT for finding in one.evaluation.findings),
            sum(finding.severity is Severity.WARN for finding in one.evaluation.findings),
            directions.index(one.evidence.direction),
            one.evidence.level,
            one.evaluation.burden.punctures_in_course,
        )
        for one in found.proposals
    ]
    assert keys == sorted(keys)
    assert len(keys) > 3


def test_one_unasked_question_declines_and_is_named(knowledge: Knowledge) -> None:
    found = propose(answering(melasma_case(), pregnancy=None), knowledge)
    assert found.proposals == ()
    assert [one.code for one in found.screening if one.asks == ("pregnancy",)] == ["screen-pregnancy"]


def test_a_protocol_bound_to_its_label_is_declined_where_that_label_is_not(knowledge: Knowledge) -> None:
    for place, proposed in (("us", True), ("ca", True), ("fr", False), ("uk", False), ("unknown", False)):
        found = propose(changed(wanting("submental-fat", "submental"), jurisdiction=place), knowledge)
        assert bool(found.proposals) is proposed, place
