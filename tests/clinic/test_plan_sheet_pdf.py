"""The plan on paper, from the clinic: a draft says so, a signed one carries its signature, each print is on record."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses.models import Assessment, Plan, Revision
from mesoplan.clinic.courses.plan_page import shown
from mesoplan.clinic.courses.views.sheet import header_of
from tests.clinic.case_documents import melasma_case
from tests.clinic.plans import posted, started
from tests.clinic.test_sign_plan import signed

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


def sheet(browser: Client, plan: Plan) -> Any:
    return browser.get(reverse("courses:sheet", args=[plan.pk]))


def words_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_draft_prints_as_a_draft(alma: Client, plan: Plan) -> None:
    answer = sheet(alma, plan)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert header_of(plan, shown(plan)).status == "draft"
    assert AuditEntry.objects.get(act="print_plan").after == {"version": 1}


def test_a_signed_plan_prints_what_was_signed(alma: Client, plan: Plan) -> None:
    posted(alma, plan, **{"volume_per_point_malar-right": "0.03"})
    signed(alma, plan)
    plan.refresh_from_db()

    revision, header = Revision.objects.get(), header_of(plan, shown(plan))
    assert header.signature is not None
    assert (header.status, header.revision, header.content_sha256) == ("signed", 1, revision.content_hash)
    assert header.signature.printed_name == "Dr Alma Weiss"
    words = words_of(sheet(alma, plan).content)
    assert "Dr Alma Weiss" in words
    assert "Lefèvre, Camille" in words
    assert "0.03 mL" in words.replace("\xa0", " ")
    assert "DRAFT" not in words
    printed = AuditEntry.objects.get(act="print_plan").after
    assert printed == {"revision": 1, "bound_hash": revision.content_hash}


def test_a_nurse_prints(browser_of: BrowserOf, plan: Plan) -> None:
    assert sheet(browser_of("nurse"), plan).status_code == 200


@pytest.mark.parametrize("role", ["pharmacist", "front_desk", "manager", "auditor"])
def test_nobody_else_prints(role: str, browser_of: BrowserOf, plan: Plan) -> None:
    assert sheet(browser_of(role), plan).status_code == 403
    assert not AuditEntry.objects.filter(act="print_plan").exists()
