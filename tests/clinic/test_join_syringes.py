"""Two syringes put into one by the dermatologist: saved, blocked until a reason is given, and undone again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mesoplan.clinic.courses.models import Assessment, OverrideReason, Plan, Revision
from tests.clinic.case_documents import melasma_case
from tests.clinic.conftest import PASSWORD
from tests.clinic.plans import fields_of, plan_address, posted, started

BrowserOf = Callable[[str], Client]
REASON = "Both trials injected them together; used at once, looked at for turbidity."


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


@pytest.fixture
def alma(browser_of: BrowserOf) -> Client:
    return browser_of("dermatologist")


@pytest.fixture
def plan(alma: Client, assessment: Assessment) -> Plan:
    return started(alma, assessment, "melasma-tranexamic-acid-ascorbic-acid")


def test_two_syringes_become_one_and_are_parted_again(alma: Client, plan: Plan) -> None:
    before = plan.plan
    assert len(before["preparations"]) == 2
    posted(alma, plan, act="join")
    plan.refresh_from_db()
    assert len(plan.plan["preparations"]) == 1
    assert "Separate syringes again" in alma.get(plan_address(plan)).content.decode()
    posted(alma, plan, act="part")
    plan.refresh_from_db()
    assert {one["id"] for one in plan.plan["preparations"]} == {one["id"] for one in before["preparations"]}


def test_joined_it_is_signed_only_with_a_reason(alma: Client, plan: Plan) -> None:
    posted(alma, plan, act="join")
    address = reverse("courses:sign", args=[plan.pk])
    form = fields_of(alma.get(address).content.decode(), form=address)
    reasons = [name for name in form if "reason" in name]
    assert reasons
    refused = alma.post(address, {**form, "password": PASSWORD})
    assert refused.status_code == 422
    assert not Revision.objects.exists()
    signed = alma.post(address, {**form, **dict.fromkeys(reasons, REASON), "password": PASSWORD})
    assert signed.status_code == 302
    assert Revision.objects.count() == 1
    assert OverrideReason.objects.filter(severity="block", reason=REASON).exists()


def test_a_nurse_joins_nothing(browser_of: BrowserOf, plan: Plan) -> None:
    answer = browser_of("nurse").post(plan_address(plan), {"act": "join", "version": plan.version})
    assert answer.status_code == 403
    plan.refresh_from_db()
    assert len(plan.plan["preparations"]) == 2


def test_a_plan_of_one_syringe_says_that_there_is_nothing_to_join(alma: Client, assessment: Assessment) -> None:
    single = started(alma, assessment)
    answer = posted(alma, single, act="join")
    assert answer.status_code == 422
    assert "several syringes" in answer.content.decode()
