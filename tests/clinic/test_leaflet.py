"""The patient leaflet of a plan: who may print it, in which language, and that each print is on record."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses.models import Assessment, Plan
from tests.clinic.case_documents import melasma_case
from tests.clinic.plans import started

BrowserOf = Callable[[str], Client]


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


@pytest.fixture
def plan(browser_of: BrowserOf, assessment: Assessment) -> Plan:
    return started(browser_of("dermatologist"), assessment)


@pytest.mark.parametrize("role", ["dermatologist", "nurse"])
def test_who_prints_plans_reads_the_leaflet(browser_of: BrowserOf, plan: Plan, role: str) -> None:
    page = browser_of(role).get(f"/plans/{plan.pk}/leaflet")
    assert page.status_code == 200
    assert 'class="leaflet" lang="en"' in page.content.decode()


@pytest.mark.parametrize("role", ["front_desk", "auditor"])
def test_others_may_not(browser_of: BrowserOf, plan: Plan, role: str) -> None:
    assert browser_of(role).get(f"/plans/{plan.pk}/leaflet").status_code == 403
    assert browser_of(role).get(f"/plans/{plan.pk}/leaflet.pdf").status_code == 403
    assert not AuditEntry.objects.filter(act="print_plan").exists()


@pytest.mark.parametrize("language", ["en", "fr", "it", "es"])
def test_it_is_on_screen_in_four_languages(browser_of: BrowserOf, plan: Plan, language: str) -> None:
    page = browser_of("nurse").get(f"/plans/{plan.pk}/leaflet?language={language}").content.decode()
    assert f'class="leaflet" lang="{language}"' in page
    assert "not translated" not in page


def test_a_language_that_is_not_there_gives_english(browser_of: BrowserOf, plan: Plan) -> None:
    page = browser_of("nurse").get(f"/plans/{plan.pk}/leaflet?language=de").content.decode()
    assert 'class="leaflet" lang="en"' in page


def test_on_paper_it_names_the_patient_and_the_telephone_and_is_on_record(
    browser_of: BrowserOf, plan: Plan, settings: Any
) -> None:
    from pypdf import PdfReader

    settings.CLINIC_TELEPHONE = "+39 02 5550 1234"
    answer = browser_of("nurse").get(f"/plans/{plan.pk}/leaflet.pdf?language=it")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert answer["Content-Type"] == "application/pdf"
    assert "Lefèvre, Camille" in text
    assert "5550" in text
    assert AuditEntry.objects.filter(act="print_plan").count() == 1


def test_there_is_no_leaflet_of_a_plan_that_is_not_there(browser_of: BrowserOf) -> None:
    assert browser_of("nurse").get("/plans/999/leaflet").status_code == 404
