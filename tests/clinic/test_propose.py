"""Asking for proposals: a dermatologist may, what is wrong with the assessment is listed, nothing is half created."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses import actions
from mesoplan.clinic.courses.models import Assessment, Course, ProposalSet
from mesoplan.clinic.patients.models import Patient
from tests.clinic.case_documents import answered, melasma_case

BrowserOf = Callable[[str], Client]


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


def ask(browser: Client, assessment: Assessment) -> Any:
    return browser.post(reverse("courses:propose", args=[assessment.pk]))


def test_a_dermatologist_gets_proposals_and_they_are_kept_with_their_basis(
    browser_of: BrowserOf, assessment: Assessment
) -> None:
    answer = ask(browser_of("dermatologist"), assessment)

    kept = ProposalSet.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("courses:proposals", args=[kept.course_id])
    assert kept.assessment == assessment
    assert kept.assessment_version == assessment.version
    assert len(kept.proposals["proposals"]) > 1
    assert len(kept.knowledge_sha256) == 64
    assert set(AuditEntry.objects.values_list("act", flat=True)) >= {"open_course", "keep_proposals"}


@pytest.mark.parametrize("role", ["nurse", "front_desk", "manager", "auditor"])
def test_nobody_else_may_ask(role: str, browser_of: BrowserOf, assessment: Assessment) -> None:
    answer = ask(browser_of(role), assessment)

    assert answer.status_code == 403
    assert not Course.objects.exists()
    assert not ProposalSet.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"patient": {"sex": "female", "birth_date": "1985-05-04", "weight": "62 stone"}}, "stone"),
        ({"start": "2020-01-01"}, "before the assessment"),
        ({"goals": [{"aim": "melasma", "zones": ["malar-rigth"]}]}, "malar-rigth"),
        ({"goals": []}, "goals"),
    ],
)
def test_an_assessment_that_cannot_be_read_is_listed_and_nothing_is_created(
    changes: dict[str, Any], said: str, browser_of: BrowserOf, patient: Patient, dermatologist: User
) -> None:
    wrong = actions.start_assessment(patient=patient, case=melasma_case(**changes), by=dermatologist)

    answer = ask(browser_of("dermatologist"), wrong)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "to mend in the assessment" in answer.content.decode()
    assert not Course.objects.exists()


def test_what_was_not_asked_leads_to_declined_protocols_and_a_question(
    browser_of: BrowserOf, patient: Patient, dermatologist: User
) -> None:
    case = melasma_case(answers=answered(pregnancy=None))
    ask(browser_of("dermatologist"), actions.start_assessment(patient=patient, case=case, by=dermatologist))

    kept = ProposalSet.objects.get()
    page = browser_of("dermatologist").get(reverse("courses:proposals", args=[kept.course_id])).content.decode()

    assert kept.proposals["proposals"] == []
    assert "None, because:" in page
    assert "1 question to ask" in page
