"""The exposure sheet from the clinic: who may print it, what is on record, draft and signed, and where its link is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses.models import Assessment, Plan, Revision
from tests.clinic.case_documents import melasma_case
from tests.clinic.plans import started
from tests.clinic.test_plan_sheet_pdf import words_of
from tests.clinic.test_sign_plan import signed

BrowserOf = Callable[[str], Client]
AS_HTMX = {"HX-Request": "true"}
COVERED = re.compile(r'>(\d+) %</span></bdi> <bdi class="range"><span aria-hidden="true">\((\d+)–(\d+)\)')


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
    return browser.get(reverse("exposure:sheet", args=[plan.pk]))


def test_a_draft_has_the_figures_of_the_panel(alma: Client, plan: Plan) -> None:
    panel = alma.get(f"/plans/{plan.pk}/exposure", headers=AS_HTMX).content.decode()
    answer = sheet(alma, plan)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert re.search(r'"exposure-\S+-draft\.pdf"', answer["Content-Disposition"])
    words = words_of(answer.content).replace("\xa0", " ")
    figures = COVERED.findall(panel)
    assert len(figures) == 2
    for middle, low, high in figures:
        assert f"{middle} % ({low}–{high}) of the" in words
    assert "DRAFT" in words
    assert AuditEntry.objects.get(act="print_plan").after == {"version": 1, "paper": "exposure"}


def test_of_a_signed_plan_it_says_who_signed(alma: Client, plan: Plan) -> None:
    signed(alma, plan)
    words = words_of(sheet(alma, plan).content)
    assert "DRAFT" not in words
    assert "The plan was signed by Dr Alma Weiss" in words
    printed = AuditEntry.objects.get(act="print_plan").after
    revision = Revision.objects.get()
    assert printed == {"revision": 1, "bound_hash": revision.content_hash, "paper": "exposure"}


def test_a_nurse_prints(browser_of: BrowserOf, plan: Plan) -> None:
    assert sheet(browser_of("nurse"), plan).status_code == 200


@pytest.mark.parametrize("role", ["pharmacist", "front_desk", "manager", "auditor"])
def test_nobody_else_prints(role: str, browser_of: BrowserOf, plan: Plan) -> None:
    assert sheet(browser_of(role), plan).status_code == 403
    assert not AuditEntry.objects.filter(act="print_plan").exists()


@pytest.mark.parametrize("headers", [AS_HTMX, {}], ids=["panel", "page"])
def test_the_link_stands_where_the_exposure_is_read(alma: Client, plan: Plan, headers: dict[str, str]) -> None:
    page = alma.get(f"/plans/{plan.pk}/exposure", headers=headers).content.decode()
    assert f'href="{reverse("exposure:sheet", args=[plan.pk])}"' in page


def test_who_reads_and_may_not_print_has_no_link(browser_of: BrowserOf, plan: Plan) -> None:
    page = browser_of("pharmacist").get(f"/plans/{plan.pk}/exposure")
    assert b"exposure.pdf" not in page.content


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "Imprimer la feuille"), ("it", "Stampa il foglio"), ("es", "Imprimir la hoja")],
)
def test_the_link_is_in_the_language_of_the_reader(alma: Client, plan: Plan, language: str, words: str) -> None:
    User.objects.update(language=language)
    assert words in alma.get(f"/plans/{plan.pk}/exposure", headers=AS_HTMX).content.decode()
