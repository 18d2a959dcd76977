"""A pharmacist holds values against their sources. Patients and what is written of them stay closed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.models import Plan
from mesoplan.clinic.evidence.cited_values import value_sha256, values_of
from mesoplan.clinic.evidence.links import entry_link
from mesoplan.clinic.evidence.models import ValueReview, Verdict
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.shell.reviewed import in_all, reviewed_by_kind

BrowserOf = Callable[[str], Client]
ENTRY, PATH = ("compounds", "tranexamic-acid"), "limits.1"
REASON = "The label says 10 mg/mL, not what stands here."


def review(browser: Client, **said: str) -> Any:
    shown = value_sha256(values_of(*ENTRY, knowledge_base.current())[PATH])
    form = {"path": PATH, "shown": shown, "verdict": "confirm", "reason": "", **said}
    return browser.post(reverse("evidence:review", args=ENTRY), form)


def lapsed(by: User) -> ValueReview:
    """A review of a value that read differently then."""
    return ValueReview.objects.create(
        kind=ENTRY[0], entry_id=ENTRY[1], path=PATH, value_sha256="0" * 64, knowledge_release="2026.10",
        verdict=Verdict.CONFIRM, reviewed_by=by,
    )  # fmt: skip


@pytest.fixture
def pharmacist(people: dict[Any, User]) -> User:
    return User.objects.get(role="pharmacist")


def today(browser_of: BrowserOf) -> str:
    return browser_of("pharmacist").get("/today").content.decode()


def test_a_pharmacist_reviews_a_value_and_takes_it_back(browser_of: BrowserOf) -> None:
    browser = browser_of("pharmacist")
    opened = browser.get(entry_link(*ENTRY), {"review": PATH}).content.decode()
    assert "I have read the source" in opened
    assert review(browser, verdict="disagree", reason=REASON).status_code == 302
    row = ValueReview.objects.get()
    assert "disagreed in this clinic by Falk Apotheker" in browser.get(entry_link(*ENTRY)).content.decode()
    assert browser.post(reverse("evidence:take_back", args=[row.pk])).status_code == 302
    assert ValueReview.objects.latest("pk").takes_back == row


@pytest.mark.parametrize(
    "address",
    [
        "/patients", "/patients?q=lef", "/patients/new", "/patients/{ref}", "/patients/{ref}/edit",
        "/patients/{ref}/assess", "/plans/{plan}", "/plans/{plan}/sign", "/audit", "/settings/people",
    ],
)  # fmt: skip
def test_what_is_closed_to_a_pharmacist(browser_of: BrowserOf, patient: Patient, draft: Plan, address: str) -> None:
    answer = browser_of("pharmacist").get(address.format(ref=patient.ref, plan=draft.pk))
    assert answer.status_code == 403
    assert "Lefèvre" not in answer.content.decode()


def test_nothing_of_the_frame_leads_to_patients(browser_of: BrowserOf, patient: Patient) -> None:
    page = today(browser_of)
    assert "/patients" not in page
    assert "Lefèvre" not in page
    assert "g p" not in page


def test_today_counts_what_waits_for_review_each_with_its_list(browser_of: BrowserOf, pharmacist: User) -> None:
    values = in_all(reviewed_by_kind()).values
    review(browser_of("pharmacist"))
    page = today(browser_of)
    assert f'<a href="/evidence?review=open">{values - 1} values not yet reviewed</a>' in page
    assert f"of {values} values in release {knowledge_base.current().release}" in page
    assert "lapsed</a>" not in page


def test_today_says_which_reviews_lapsed(browser_of: BrowserOf, pharmacist: User) -> None:
    lapsed(pharmacist)
    page = today(browser_of)
    assert '<a href="/evidence?review=lapsed">1 review lapsed</a>' in page
    row = page[page.index("kind=compounds&amp;review=lapsed") :].split("</tr>")[0]
    assert re.findall(r'class="number">(\d+)<', row)[-1] == "1"
    assert "tranexamic-acid" in browser_of("pharmacist").get("/evidence?review=lapsed").content.decode()


def test_counts_agree_with_the_reviews(browser_of: BrowserOf, pharmacist: User, dermatologist: User) -> None:
    review(browser_of("pharmacist"), verdict="disagree", reason=REASON)
    review(browser_of("dermatologist"))
    compounds = next(one for one in reviewed_by_kind() if one.kind == "compounds")
    assert (compounds.confirmed, compounds.disagreed, compounds.lapsed) == (0, 1, 0)
    assert compounds.open == compounds.values - 1


@pytest.mark.parametrize("role", ["nurse", "front_desk", "manager", "auditor"])
def test_who_may_not_review_is_not_asked_to(browser_of: BrowserOf, role: str) -> None:
    assert "Values to review" not in browser_of(role).get("/today").content.decode()
