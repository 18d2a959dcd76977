"""Signing: what stands in the way, reasons, password, what is bound; afterwards nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses import actions
from mesoplan.clinic.courses.models import Assessment, OverrideReason, Plan, Revision, Signature
from mesoplan.clinic.courses.queries import hash_of
from tests.clinic.case_documents import answered, melasma_case
from tests.clinic.conftest import PASSWORD
from tests.clinic.plans import fields_of, plan_address, posted, started

BrowserOf = Callable[[str], Client]
WHY = "Seen at two visits; the dose stays as the trial gave it."


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


@pytest.fixture
def alma(browser_of: BrowserOf) -> Client:
    return browser_of("dermatologist")


@pytest.fixture
def plan(alma: Client, assessment: Assessment) -> Plan:
    return started(alma, assessment)


def sign_address(plan: Plan) -> str:
    return reverse("courses:sign", args=[plan.pk])


def opened(browser: Client, plan: Plan) -> dict[str, str]:
    answer = browser.get(sign_address(plan))
    assert answer.status_code == 200
    return fields_of(answer.content.decode(), sign_address(plan))


def signed(browser: Client, plan: Plan, **typed: str) -> Any:
    form = opened(browser, plan)
    reasons = {name: WHY for name in form if name.startswith("reason_")}
    return browser.post(sign_address(plan), {**form, **reasons, "password": PASSWORD, **typed})


def refused(answer: Any, status: int) -> str:
    assert answer.status_code == status
    assert not Signature.objects.exists()
    assert not Revision.objects.exists()
    return str(answer.content.decode())


def warned(alma: Client, plan: Plan) -> Plan:
    """The draft with a point volume over what a face takes: a finding that needs a reason."""
    posted(alma, plan, **{"volume_per_point_malar-right": "0.2", "volume_per_point_malar-left": "0.2"})
    posted(alma, plan, act="make_up")
    plan.refresh_from_db()
    return plan


def test_a_dermatologist_signs_and_everything_shown_is_bound(alma: Client, plan: Plan, dermatologist: User) -> None:
    answer = signed(alma, plan)

    signature = Signature.objects.get()
    revision, knowledge = signature.revision, knowledge_base.current()
    plan.refresh_from_db()
    assert answer["Location"] == plan_address(plan)
    assert (plan.state, revision.number) == ("signed", 1)
    assert (signature.signed_by, signature.printed_name) == (dermatologist, "Dr Alma Weiss")
    assert (revision.knowledge_release, revision.knowledge_sha256) == (knowledge.release, knowledge.sha256)
    assert revision.content == plan.plan
    assert revision.evaluation == plan.evaluation
    assert signature.bound_hash == hash_of(revision)
    assert AuditEntry.objects.filter(act="sign_plan").count() == 1


def test_the_signed_page_is_read_only_and_says_who_and_when(alma: Client, plan: Plan) -> None:
    signed(alma, plan)
    page = alma.get(plan_address(plan)).content.decode()

    assert "Signed revision 1, Dr Alma Weiss, " in page
    assert "New revision from this" in page
    assert "Save and check" not in page
    assert Signature.objects.get().bound_hash in page


@pytest.mark.parametrize("role", ["nurse", "front_desk", "manager", "auditor"])
def test_nobody_else_may_open_or_send_the_signing_page(role: str, browser_of: BrowserOf, plan: Plan) -> None:
    browser = browser_of(role)

    assert browser.get(sign_address(plan)).status_code == 403
    refused(browser.post(sign_address(plan), {"version": "1", "password": PASSWORD}), 403)


def test_a_wrong_password_keeps_the_rest_and_is_on_record(alma: Client, plan: Plan) -> None:
    warned(alma, plan)
    page = refused(signed(alma, plan, password="not this one"), 422)

    assert "This is not your password" in page
    assert page.count(WHY) >= 1
    assert not OverrideReason.objects.exists()
    assert AuditEntry.objects.filter(act="refused_signature").count() == 1


def test_after_five_wrong_passwords_even_the_right_one_waits(alma: Client, plan: Plan) -> None:
    for _ in range(5):
        signed(alma, plan, password="not this one")

    assert "Too many wrong tries" in refused(signed(alma, plan), 422)


def test_the_printed_name_must_be_ones_own(alma: Client, plan: Plan) -> None:
    page = refused(signed(alma, plan, printed_name="Dr Bruno Sala"), 422)

    assert "The name must be yours as printed: Dr Alma Weiss." in page
    assert fields_of(page, sign_address(plan))["printed_name"] == "Dr Bruno Sala"


def test_every_finding_that_weighs_needs_a_reason_in_own_words(alma: Client, plan: Plan) -> None:
    warned(alma, plan)
    form = opened(alma, plan)
    names = [name for name in form if name.startswith("reason_")]
    assert names

    page = refused(alma.post(sign_address(plan), {**form, "password": PASSWORD}), 422)
    assert "to mend. Nothing was signed" in page

    assert signed(alma, plan).status_code == 302
    assert OverrideReason.objects.filter(plan=plan).count() == len(names)


def test_the_reason_for_a_block_has_twenty_characters_or_more(alma: Client, plan: Plan) -> None:
    warned(alma, plan)
    blocks = [one for one in (plan.evaluation or {})["findings"] if one["severity"] == "block"]
    assert blocks, "0.2 mL in a point of the face is a block"

    page = refused(
        alma.post(
            sign_address(plan),
            {
                **dict.fromkeys(opened(alma, plan), "because"),
                "version": str(plan.version),
                "checked": opened(alma, plan)["checked"],
                "printed_name": "Dr Alma Weiss",
                "password": PASSWORD,
            },
        ),
        422,
    )
    assert "must have at least 20 characters. You wrote 7." in page


def test_nothing_is_signed_past_an_open_question(alma: Client, plan: Plan, dermatologist: User) -> None:
    case = melasma_case(answers=answered(pregnancy=None))
    actions.save_assessment(assessment=plan.assessment, version=1, case=case, by=dermatologist)

    page = alma.get(sign_address(plan)).content.decode()
    assert "What stands in the way" in page
    assert "1 question to ask" in page
    refused(signed(alma, plan), 422)


def test_nothing_is_signed_past_a_block_that_nobody_may_override(alma: Client, plan: Plan, dermatologist: User) -> None:
    case = melasma_case(answers=answered(pregnancy="yes"))
    actions.save_assessment(assessment=plan.assessment, version=1, case=case, by=dermatologist)

    assert "What stands in the way" in alma.get(sign_address(plan)).content.decode()
    refused(signed(alma, plan), 422)


def test_nothing_is_signed_past_a_wait(alma: Client, plan: Plan) -> None:
    first = timezone.localdate() + timedelta(days=1)
    posted(alma, plan, session_1=first.isoformat(), session_2=(first + timedelta(days=2)).isoformat())

    assert "What stands in the way" in alma.get(sign_address(plan)).content.decode()
    refused(signed(alma, plan), 422)


def test_a_page_opened_before_a_colleague_saved_signs_nothing(alma: Client, plan: Plan) -> None:
    form = opened(alma, plan)
    posted(alma, plan, **{"volume_per_point_malar-right": "0.03"})

    page = refused(alma.post(sign_address(plan), {**form, "password": PASSWORD}), 409)
    assert "Dr Alma Weiss saved at" in page


def test_a_page_opened_before_the_assessment_changed_signs_nothing(
    alma: Client, plan: Plan, dermatologist: User
) -> None:
    form = opened(alma, plan)
    heavier = melasma_case(patient={**plan.assessment.case["patient"], "weight": "20 kg"}, jurisdiction="fr")
    actions.save_assessment(assessment=plan.assessment, version=1, case=heavier, by=dermatologist)

    page = refused(alma.post(sign_address(plan), {**form, "password": PASSWORD}), 409)
    assert "changed after this page was opened" in page


def test_a_signed_plan_is_not_signed_again_nor_changed(alma: Client, plan: Plan) -> None:
    form = fields_of(alma.get(plan_address(plan)).content.decode())
    signed(alma, plan)
    content = Revision.objects.get().content

    assert alma.get(sign_address(plan)).status_code == 409
    assert alma.post(plan_address(plan), {**form, "volume_per_point_malar-right": "0.02"}).status_code == 409
    assert Revision.objects.get().content == content


def test_a_new_revision_follows_and_replaces_once_signed(alma: Client, plan: Plan) -> None:
    signed(alma, plan)
    alma.post(reverse("courses:revise", args=[plan.pk]))
    draft = Plan.objects.latest("pk")
    assert (draft.state, draft.follows) == ("draft", plan)

    posted(alma, draft, **{"volume_per_point_malar-right": "0.04"})
    plan.refresh_from_db()
    assert plan.state == "signed"

    signed(alma, draft)
    plan.refresh_from_db()
    draft.refresh_from_db()
    assert (plan.state, draft.state) == ("superseded", "signed")
    assert sorted(Revision.objects.values_list("number", flat=True)) == [1, 2]


def test_a_nurse_starts_no_revision(browser_of: BrowserOf, alma: Client, plan: Plan) -> None:
    signed(alma, plan)

    assert browser_of("nurse").post(reverse("courses:revise", args=[plan.pk])).status_code == 403
    assert Plan.objects.count() == 1


def test_a_change_of_the_assessment_after_signing_is_told(alma: Client, plan: Plan, dermatologist: User) -> None:
    signed(alma, plan)
    case = melasma_case(answers=answered(pregnancy="yes"))
    actions.save_assessment(assessment=plan.assessment, version=1, case=case, by=dermatologist)

    assert "after this was signed. Sign again." in alma.get(plan_address(plan)).content.decode()
