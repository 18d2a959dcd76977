"""A signed assessment: read-only, with who and when; amended with a reason; followed by the next visit."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses.models import Assessment
from mesoplan.clinic.patients.models import Patient

from .assessing import MELASMA, send, send_whole, stored

WHOLE = {"goal.0.aim": "melasma", "goal.0.zones": ["malar-right"], "weight": "62", "answer.keloid": "no"}


@pytest.fixture
def client(browser_of: Callable[[str], Client]) -> Client:
    return browser_of("dermatologist")


@pytest.fixture
def signed(client: Client, patient: Patient) -> Assessment:
    send(client, patient, **MELASMA, answer__peelXsuperficial="yes", score__masi__chin__a="2", phototype="III")
    send_whole(client, patient, {**WHOLE, "answer.peel-superficial": "yes", "phototype": "III"}, act="sign")
    return Assessment.objects.get(signed_at__isnull=False)


def test_signed_is_text_with_who_and_when(client: Client, signed: Assessment, patient: Patient) -> None:
    answer = client.get(f"/patients/{patient.ref}/assess", follow=True)
    page = unescape(answer.content.decode())
    assert answer.redirect_chain[-1][0] == f"/assessments/{signed.pk}"
    assert "Signed off by Dr Alma Weiss" in page
    assert 'name="answer.keloid"' not in page
    assert "Keloid or hypertrophic scars" in page
    assert "62 kg" in page


def test_nothing_to_sign_is_told(client: Client, patient: Patient) -> None:
    answer = send_whole(client, patient, {"weight": "62"}, act="sign")
    assert answer.status_code == 422
    assert "Choose an aim and its zones." in unescape(answer.content.decode())
    assert not Assessment.objects.filter(signed_at__isnull=False).exists()


def test_amend_asks_a_reason_and_keeps_the_signed_one(client: Client, signed: Assessment, patient: Patient) -> None:
    refused = client.post(f"/assessments/{signed.pk}/amend", {"reason": " "})
    assert refused.status_code == 422
    assert "Say what changed" in refused.content.decode()
    client.post(f"/assessments/{signed.pk}/amend", {"reason": "Weighed again"})
    send(client, patient, weight="64")
    signed.refresh_from_db()
    assert signed.case["patient"]["weight"] == "62 kg"
    amended = Assessment.objects.get(amends=signed)
    assert amended.case["patient"]["weight"] == "64 kg"
    assert amended.case["id"] == f"p{patient.pk}-a{amended.pk}"
    assert "Weighed again" in client.get(f"/patients/{patient.ref}/assess").content.decode()
    assert AuditEntry.objects.filter(act="amend_assessment").count() == 1
    again = client.post(f"/assessments/{signed.pk}/amend", {"reason": "Once more"})
    assert again.status_code == 409


def test_an_open_one_is_not_amended(client: Client, patient: Patient) -> None:
    send(client, patient, **MELASMA)
    assert client.post(f"/assessments/{Assessment.objects.get().pk}/amend", {"reason": "x"}).status_code == 409


@pytest.mark.parametrize("role", ["nurse", "front_desk"])
def test_who_may_not_amend(role: str, browser_of: Callable[[str], Client], signed: Assessment) -> None:
    assert browser_of(role).post(f"/assessments/{signed.pk}/amend", {"reason": "x"}).status_code == 403


def test_the_front_desk_may_not_read_it(browser_of: Callable[[str], Client], signed: Assessment) -> None:
    assert browser_of("front_desk").get(f"/assessments/{signed.pk}").status_code == 403
    assert browser_of("nurse").get(f"/assessments/{signed.pk}").status_code == 200


def test_the_next_visit_asks_again_what_may_have_changed(client: Client, signed: Assessment, patient: Patient) -> None:
    client.post(f"/patients/{patient.ref}/assess/new")
    case = stored(patient)
    assert case["goals"] == signed.case["goals"]
    assert case["procedures"] == [{"id": "peel-superficial"}]
    assert case["patient"]["phototype"] == "III"
    assert "weight" not in case["patient"]
    assert "answers" not in case
    assert "scores" not in case
    assert client.post(f"/patients/{patient.ref}/assess/new").status_code == 409
