"""A draft on its page: read by nurse and dermatologist, changed by a dermatologist, checked at each save."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses.models import Assessment, Plan
from tests.clinic.case_documents import melasma_case
from tests.clinic.plans import fields_of, plan_address, posted, started

BrowserOf = Callable[[str], Client]


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


@pytest.fixture
def alma(browser_of: BrowserOf) -> Client:
    return browser_of("dermatologist")


@pytest.fixture
def plan(alma: Client, assessment: Assessment) -> Plan:
    return started(alma, assessment)


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def zone(plan: Plan, name: str) -> dict[str, Any]:
    plan.refresh_from_db()
    found: dict[str, Any] = next(one for one in plan.plan["placements"] if one["zone"] == name)
    return found


def test_the_page_shows_map_findings_doses_mixture_landing_and_points(alma: Client, plan: Plan) -> None:
    page = alma.get(plan_address(plan)).content.decode()

    for view in ("front", "right-oblique", "left-oblique"):
        assert f'data-view="{view}"' in page
    for heading in ("Check", "Doses", "Recipe", "Sessions", "Why it was proposed so", "Burden", "Points as table"):
        assert f">{heading}<" in page
    assert page.count("Where a drop lands") == 2 * len({one["zone"] for one in plan.plan["placements"]})
    assert "Osmolarity" in page
    assert 'role="meter"' in page
    assert 'class="section"' in page
    assert "As proposed: nothing was changed." in page
    assert page.count('<tr data-id="') == len(
        [point for placement in plan.plan["placements"] for point in placement["points"]]
    )


def test_a_volume_typed_in_microlitres_with_a_comma_is_saved_and_checked(alma: Client, plan: Plan) -> None:
    before = plan.evaluation
    answer = posted(alma, plan, **{"volume_per_point_malar-right": "40 uL"})

    assert answer.status_code == 302
    assert zone(plan, "malar-right")["volume_per_point"] == {"value": 0.04, "unit": "mL"}
    assert zone(plan, "malar-left")["volume_per_point"] == {"value": 0.05, "unit": "mL"}
    assert plan.version == 2
    assert plan.evaluation != before
    assert AuditEntry.objects.filter(act="save_draft").count() == 1


def test_what_was_changed_from_the_proposal_is_marked(alma: Client, plan: Plan) -> None:
    posted(alma, plan, **{"volume_per_point_malar-right": "0,04"})
    page = alma.get(plan_address(plan)).content.decode()

    assert "Draft · 1 change" in page
    assert "<s>0.05\xa0mL</s>" in page
    assert "<b>0.04\xa0mL</b>" in page


def test_a_new_spacing_sets_the_points_anew_and_only_in_its_zone(alma: Client, plan: Plan) -> None:
    right, left = (len(zone(plan, name)["points"]) for name in ("malar-right", "malar-left"))
    posted(alma, plan, **{"spacing_malar-right": "7"})

    assert len(zone(plan, "malar-right")["points"]) > right
    assert len(zone(plan, "malar-left")["points"]) == left


def test_volume_needle_and_angle_never_move_points(alma: Client, plan: Plan) -> None:
    before = [point["at"] for point in zone(plan, "malar-right")["points"]]
    posted(
        alma, plan, **{"angle_malar-right": "15", "needle_malar-right": "32g-4", "volume_per_point_malar-right": "0.03"}
    )

    assert [point["at"] for point in zone(plan, "malar-right")["points"]] == before
    assert zone(plan, "malar-right")["needle"] == "32g-4"


def test_more_points_than_the_syringes_hold_are_found_and_the_recipe_is_made_up_again(alma: Client, plan: Plan) -> None:
    made = sum(draw["volume"]["value"] for draw in plan.plan["preparations"][0]["draws"])
    posted(alma, plan, **{"spacing_malar-right": "6", "spacing_malar-left": "6"})
    plan.refresh_from_db()
    assert plan.evaluation is not None
    injected = plan.evaluation["mixtures"][0]["injected_ml"]
    assert injected > made

    posted(alma, plan, act="make_up")
    plan.refresh_from_db()
    assert sum(draw["volume"]["value"] for draw in plan.plan["preparations"][0]["draws"]) > injected


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("volume_per_point_malar-right", "12", "Volume / point must be within 0.001–5.000\xa0mL. You wrote 12."),
        ("volume_per_point_malar-right", "-0.05", "You wrote -0.05."),
        ("spacing_malar-left", "ten", "Spacing must be one number in mm"),
        ("inserted_malar-right", "6", "Inserted length must be within 0.1–4.0\xa0mm. You wrote 6."),
        ("angle_malar-right", "120", "Angle must be within 0–90°. You wrote 120."),
        ("syringes_1", "0", "Syringes must be a whole number from 1 to 60. You wrote 0."),
        ("session_1", "2026-02-30", "A session needs a day of the calendar. You wrote 2026-02-30."),
        ("session_1", "2001-01-01", "You wrote 1 Jan 2001."),
    ],
)
def test_what_cannot_be_is_kept_in_the_field_marked_and_not_saved(
    field: str, typed: str, said: str, alma: Client, plan: Plan
) -> None:
    before = plan.plan
    answer = posted(alma, plan, **{field: typed, "edge_margin_malar-left": "4"})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "<title>Error:" in page
    assert said in page
    assert fields_of(page)[field] == typed
    assert fields_of(page)["edge_margin_malar-left"] == "4"
    plan.refresh_from_db()
    assert (plan.plan, plan.version) == (before, 1)


def test_a_spacing_that_leaves_no_point_is_refused_in_words(alma: Client, plan: Plan) -> None:
    answer = posted(alma, plan, **{"edge_margin_malar-right": "40"})

    assert answer.status_code == 422
    assert "leave no point" in answer.content.decode()


def test_zones_are_removed_and_added(alma: Client, plan: Plan) -> None:
    posted(alma, plan, act="remove:malar-left")
    plan.refresh_from_db()
    assert {one["zone"] for one in plan.plan["placements"]} == {"malar-right"}

    posted(alma, plan, act="add", add_zone="chin")
    plan.refresh_from_db()
    assert {one["zone"] for one in plan.plan["placements"]} == {"malar-right", "chin"}
    assert "added, " in alma.get(plan_address(plan)).content.decode()


def test_the_last_zone_stays(alma: Client, plan: Plan) -> None:
    posted(alma, plan, act="remove:malar-left")
    answer = posted(alma, plan, act="remove:malar-right")

    assert answer.status_code == 422
    assert "is the last zone of the plan" in answer.content.decode()


def test_all_days_move_with_the_first(alma: Client, plan: Plan) -> None:
    days = plan.plan["schedule"]["sessions"]
    first = in_days(100)
    posted(alma, plan, act="shift", session_1=first)
    plan.refresh_from_db()

    moved = plan.plan["schedule"]["sessions"]
    assert moved[0] == first
    assert len(moved) == len(days)


def test_an_emptied_day_is_taken_out_and_another_is_added(alma: Client, plan: Plan) -> None:
    added = in_days(190)
    posted(alma, plan, session_3="", session_new=added)
    plan.refresh_from_db()

    assert len(plan.plan["schedule"]["sessions"]) == 3
    assert plan.plan["schedule"]["sessions"][-1] == added


def test_saving_nothing_changed_saves_nothing(alma: Client, plan: Plan) -> None:
    posted(alma, plan)
    plan.refresh_from_db()

    assert plan.version == 1
    assert not AuditEntry.objects.filter(act="save_draft").exists()


def test_a_nurse_reads_the_plan_and_changes_nothing(browser_of: BrowserOf, plan: Plan) -> None:
    nurse = browser_of("nurse")
    page = nurse.get(plan_address(plan)).content.decode()

    assert "Save and check" not in page
    assert reverse("courses:sign", args=[plan.pk]) not in page
    assert "0.05\xa0mL" in page
    assert nurse.post(plan_address(plan), {"version": "1", "spacing_malar-right": "7"}).status_code == 403
    plan.refresh_from_db()
    assert plan.version == 1


@pytest.mark.parametrize("role", ["pharmacist", "front_desk", "manager", "auditor"])
def test_who_may_not_read_clinical_records_may_not_see_a_plan(role: str, browser_of: BrowserOf, plan: Plan) -> None:
    assert browser_of(role).get(plan_address(plan)).status_code == 403


def test_two_people_on_one_draft_the_second_is_told_and_nothing_is_overwritten(alma: Client, plan: Plan) -> None:
    opened = fields_of(alma.get(plan_address(plan)).content.decode())
    posted(alma, plan, **{"volume_per_point_malar-right": "0.03"})

    answer = alma.post(plan_address(plan), {**opened, "act": "save", "volume_per_point_malar-right": "0.02"})
    page = answer.content.decode()

    assert answer.status_code == 409
    assert "Dr Alma Weiss saved at" in page
    assert '<td>Malar, right: Volume / point</td><td dir="auto">0.03</td><td dir="auto">0.02</td>' in page
    assert fields_of(page)["volume_per_point_malar-right"] == "0.02"
    assert zone(plan, "malar-right")["volume_per_point"]["value"] == 0.03


def test_the_second_may_save_theirs_over_it_once_they_have_seen_both(alma: Client, plan: Plan) -> None:
    opened = fields_of(alma.get(plan_address(plan)).content.decode())
    posted(alma, plan, **{"volume_per_point_malar-right": "0.03"})
    page = alma.post(plan_address(plan), {**opened, "volume_per_point_malar-right": "0.02"}).content.decode()

    answer = alma.post(plan_address(plan), {**fields_of(page), "version": "2"})

    assert answer.status_code == 302
    assert zone(plan, "malar-right")["volume_per_point"]["value"] == 0.02


def test_a_void_plan_says_why_and_cannot_be_changed(alma: Client, plan: Plan) -> None:
    opened = fields_of(alma.get(plan_address(plan)).content.decode())
    alma.post(reverse("courses:void", args=[plan.pk]), {"reason": "started twice"})

    page = alma.get(plan_address(plan)).content.decode()
    assert "started twice" in page
    assert "Save and check" not in page
    assert alma.post(plan_address(plan), opened).status_code == 409


def test_voiding_asks_why(alma: Client, plan: Plan) -> None:
    assert alma.post(reverse("courses:void", args=[plan.pk]), {"reason": " "}).status_code == 422
    plan.refresh_from_db()
    assert plan.state == "draft"
