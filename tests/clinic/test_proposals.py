"""Proposals side by side: who may read them, what stands in them, and starting a plan from one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses import actions
from mesoplan.clinic.courses.models import Assessment, Plan, ProposalSet
from mesoplan.clinic.patients.models import Patient
from tests.clinic.case_documents import melasma_case

BrowserOf = Callable[[str], Client]


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


@pytest.fixture
def kept(browser_of: BrowserOf, assessment: Assessment) -> ProposalSet:
    browser_of("dermatologist").post(reverse("courses:propose", args=[assessment.pk]))
    return ProposalSet.objects.get()


def page_of(browser: Client, kept: ProposalSet, query: str = "") -> str:
    answer = browser.get(reverse("courses:proposals", args=[kept.course_id]) + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_every_proposal_has_its_column_with_findings_evidence_recipe_and_reasons(
    browser_of: BrowserOf, kept: ProposalSet
) -> None:
    page = page_of(browser_of("dermatologist"), kept)

    for proposal in kept.proposals["proposals"]:
        assert proposal["title"] in page
    assert "Order: " in page
    for row in ("Findings", "Evidence", "For", "Against, or no benefit", "Recipe", "Punctures", "Doses", "Why"):
        assert f">{row}<" in page
    assert "recommended" not in page.lower()


def test_every_column_gives_for_and_against_a_box_of_the_same_kind(browser_of: BrowserOf, kept: ProposalSet) -> None:
    page = page_of(browser_of("dermatologist"), kept)

    count = len(kept.proposals["proposals"])
    assert page.count('class="trialbox"') == 2 * count


def test_the_trade_offs_are_a_table_and_the_page_says_once_that_they_predict_no_effect(
    browser_of: BrowserOf, kept: ProposalSet
) -> None:
    page = page_of(browser_of("dermatologist"), kept)

    searched = [one for one in kept.proposals["proposals"] if one["front"]]
    assert page.count('class="front"') == len(searched) > 1
    assert page.count('<tbody class="planned">') == len(searched)
    assert page.count("It predicts no effect") == 1 + sum("predicts no effect" in str(one["why"]) for one in searched)
    for row in searched[0]["front"]:
        assert f"{row['volume_ml']:.2f}\N{NO-BREAK SPACE}mL, {row['spacing_mm']:g}\N{NO-BREAK SPACE}mm apart" in page


def test_a_draft_starts_with_another_regimen_of_the_trade_offs(browser_of: BrowserOf, kept: ProposalSet) -> None:
    proposal = kept.proposals["proposals"][0]
    number, other = next((n, row) for n, row in enumerate(proposal["front"]) if not row["is_planned"])
    start = reverse("courses:start", args=[kept.course_id, proposal["id"]])
    browser_of("dermatologist").post(start, {"regimen": str(number)})

    placements = Plan.objects.get().plan["placements"]
    assert {one["spacing"]["value"] for one in placements} == {other["spacing_mm"]}
    assert {one["volume_per_point"]["value"] for one in placements} == {other["volume_ml"]}
    points = sum(len(one["points"]) for one in placements)
    assert abs(points - other["punctures"]) < 0.15 * other["punctures"]
    assert Plan.objects.get().plan["schedule"] == proposal["plan"]["schedule"]


@pytest.mark.parametrize("number", ["99", "-1", "", "first", "1.0"])
def test_a_regimen_that_is_not_there_starts_nothing(number: str, browser_of: BrowserOf, kept: ProposalSet) -> None:
    proposal = kept.proposals["proposals"][0]
    start = reverse("courses:start", args=[kept.course_id, proposal["id"]])

    assert browser_of("dermatologist").post(start, {"regimen": number}).status_code == 422
    assert not Plan.objects.exists()


def test_equal_rows_can_be_hidden(browser_of: BrowserOf, kept: ProposalSet) -> None:
    browser = browser_of("dermatologist")

    assert page_of(browser, kept).count("row-landing") > 0
    assert page_of(browser, kept, "?equal=hidden").count("row-landing") == 0
    assert page_of(browser, kept, "?equal=hidden").count("row-dates") > 0


def test_sources_are_two_clicks_away(browser_of: BrowserOf, kept: ProposalSet) -> None:
    browser = browser_of("dermatologist")
    source = kept.proposals["proposals"][0]["why"][0]["sources"][0]
    first = reverse("evidence:entry", args=["sources", source])

    assert first in page_of(browser, kept)
    assert browser.get(first).status_code == 200


def test_the_reviews_of_the_clinic_are_asked_for_once(browser_of: BrowserOf, kept: ProposalSet) -> None:
    browser = browser_of("dermatologist")
    with CaptureQueriesContext(connection) as asked:
        page = page_of(browser, kept)
    assert page.count("plain-finding") > 3
    assert sum('FROM "evidence_valuereview"' in query["sql"] for query in asked.captured_queries) == 1


def test_a_nurse_reads_but_starts_nothing(browser_of: BrowserOf, kept: ProposalSet) -> None:
    nurse = browser_of("nurse")
    start = reverse("courses:start", args=[kept.course_id, kept.proposals["proposals"][0]["id"]])

    assert "Start a plan from this" not in page_of(nurse, kept)
    assert "Start a plan with" not in page_of(nurse, kept)
    assert nurse.post(start).status_code == 403
    assert nurse.post(start, {"regimen": "0"}).status_code == 403
    assert not Plan.objects.exists()


@pytest.mark.parametrize("role", ["pharmacist", "front_desk", "manager", "auditor"])
def test_who_may_not_read_clinical_records_may_not_read_proposals(
    role: str, browser_of: BrowserOf, kept: ProposalSet
) -> None:
    assert browser_of(role).get(reverse("courses:proposals", args=[kept.course_id])).status_code == 403


def test_a_draft_starts_from_a_proposal_checked_and_numbered(browser_of: BrowserOf, kept: ProposalSet) -> None:
    proposal = kept.proposals["proposals"][0]
    answer = browser_of("dermatologist").post(reverse("courses:start", args=[kept.course_id, proposal["id"]]))

    draft = Plan.objects.get()
    numbers = [point["id"] for placement in draft.plan["placements"] for point in placement["points"]]
    assert answer["Location"] == reverse("courses:plan", args=[draft.pk])
    assert (draft.proposal_set, draft.proposal_id) == (kept, proposal["id"])
    assert sorted(map(int, numbers)) == list(range(1, len(numbers) + 1))
    assert draft.evaluation is not None
    assert draft.evaluation["case"] == draft.plan["case"]


def test_a_proposal_that_is_not_there_starts_nothing(browser_of: BrowserOf, kept: ProposalSet) -> None:
    answer = browser_of("dermatologist").post(reverse("courses:start", args=[kept.course_id, "made-up.1"]))

    assert answer.status_code == 422
    assert not Plan.objects.exists()


def test_a_change_of_the_assessment_is_told(
    browser_of: BrowserOf, kept: ProposalSet, assessment: Assessment, dermatologist: User
) -> None:
    heavier = melasma_case(patient={**assessment.case["patient"], "weight": "64 kg"})
    actions.save_assessment(assessment=assessment, version=assessment.version, case=heavier, by=dermatologist)

    assert "The assessment changed after these were proposed" in page_of(browser_of("dermatologist"), kept)


def test_a_goal_that_nothing_serves_says_why(browser_of: BrowserOf, patient: Patient, dermatologist: User) -> None:
    case = melasma_case(goals=[{"aim": "hair-loss", "zones": ["scalp-vertex"]}])
    none = actions.start_assessment(patient=patient, case=case, by=dermatologist)
    browser = browser_of("dermatologist")
    browser.post(reverse("courses:propose", args=[none.pk]))

    assert "None, because:" in page_of(browser, ProposalSet.objects.get())
