"""From draft to signature at the door of the server: state, role, version and open findings, in one table each."""

from collections.abc import Callable
from typing import Any

import pytest

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses import actions
from mesoplan.clinic.courses.models import Assessment, Plan, Revision
from mesoplan.workflow import NotPermitted, Overtaken, Refused, Role, WrongState

BASIS = actions.Basis(knowledge_release="2026.11", knowledge_sha256="ab" * 32, engine="0.1.0")
BLOCK = {
    "code": "clot",
    "rule": "clot-history",
    "severity": "block",
    "text": "A clot in 2019.",
    "subject": {"compound": "txa"},
}
WAIT = {"code": "peel", "rule": "peel-14-days", "severity": "wait", "text": "Peel on 16 Nov.", "subject": {}}
WARN = {"code": "pill", "rule": "combined-pill", "severity": "warn", "text": "Combined pill.", "subject": {}}
INFO = {"code": "trials", "rule": "trials", "severity": "info", "text": "Trials conflict.", "subject": {}}
LONG = "Stopped the pill six months ago"


def sign(plan: Plan, by: User, version: int = 1) -> Plan:
    actions.sign_plan(plan=plan, version=version, basis=BASIS, printed_name="Dr Alma Weiss", meaning="I approve", by=by)
    plan.refresh_from_db()
    return plan


def with_findings(plan: Plan, by: User, *findings: dict[str, Any]) -> Plan:
    return actions.save_draft(plan=plan, version=1, content=plan.plan, evaluation={"findings": list(findings)}, by=by)


def test_signing_freezes_a_revision_and_says_what_was_bound(draft: Plan, dermatologist: User) -> None:
    sign(draft, dermatologist)
    revision = Revision.objects.get()
    assert draft.state == "signed"
    assert (revision.number, revision.case, revision.content) == (1, draft.assessment.case, {"spacing_mm": 10.0})
    assert revision.signature.bound_hash == revision.content_hash
    assert (revision.signature.printed_name, revision.signature.role) == ("Dr Alma Weiss", "dermatologist")
    entry = AuditEntry.objects.get(act="sign_plan")
    assert entry.before == {"state": "draft"}
    assert entry.after is not None
    assert entry.after["bound_hash"] == revision.content_hash


@pytest.mark.parametrize(
    ("findings", "told"),
    [
        ([WAIT], "Peel on 16 Nov. Change the date before signing."),
        ([BLOCK], "A clot in 2019. Change the plan or give a reason before signing."),
        ([WARN], "Combined pill. Change the plan or give a reason before signing."),
        ([INFO, WARN], "Combined pill. Change the plan or give a reason before signing."),
    ],
)
def test_nothing_is_signed_past_an_open_finding(
    draft: Plan, dermatologist: User, findings: list[dict[str, Any]], told: str
) -> None:
    with_findings(draft, dermatologist, *findings)
    with pytest.raises(WrongState) as refusal:
        sign(draft, dermatologist, version=2)
    assert str(refusal.value) == told
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert not Revision.objects.exists()


def test_notes_do_not_stand_in_the_way(draft: Plan, dermatologist: User) -> None:
    with_findings(draft, dermatologist, INFO)
    assert sign(draft, dermatologist, version=2).state == "signed"


def test_a_warning_with_a_reason_is_settled(draft: Plan, dermatologist: User) -> None:
    with_findings(draft, dermatologist, WARN)
    actions.override_finding(plan=draft, finding=WARN, reason="Seen", by=dermatologist)
    assert sign(draft, dermatologist, version=2).state == "signed"


def test_a_reason_for_one_compound_does_not_settle_another(draft: Plan, dermatologist: User) -> None:
    block = BLOCK | {"override": "dermatologist"}
    with_findings(draft, dermatologist, block | {"subject": {"compound": "glutathione"}})
    actions.override_finding(plan=draft, finding=block, reason=LONG, by=dermatologist)
    with pytest.raises(WrongState):
        sign(draft, dermatologist, version=2)


@pytest.mark.parametrize(
    ("finding", "reason", "told"),
    [
        (BLOCK, LONG, "A clot in 2019. This block cannot be overridden. Change the plan."),
        (BLOCK | {"override": "never"}, LONG, "A clot in 2019. This block cannot be overridden. Change the plan."),
        (BLOCK | {"override": "dermatologist"}, "because", "must have at least 20 characters. You wrote 7."),
        (BLOCK | {"override": "dermatologist"}, " " * 30, "Write the reason in your own words."),
        (WARN, "  ", "Write the reason in your own words."),
        (WAIT, LONG, "This takes no reason."),
    ],
)
def test_what_cannot_be_overridden_and_how_much_must_be_said(
    draft: Plan, dermatologist: User, finding: dict[str, Any], reason: str, told: str
) -> None:
    with pytest.raises(Refused) as refusal:
        actions.override_finding(plan=draft, finding=finding, reason=reason, by=dermatologist)
    assert told in str(refusal.value)
    assert not draft.override_reasons.exists()


def test_what_was_never_checked_is_not_signed(draft: Plan, dermatologist: User) -> None:
    actions.save_draft(plan=draft, version=1, content={"spacing_mm": 9.0}, evaluation=None, by=dermatologist)
    with pytest.raises(WrongState, match=r"not been checked since its last change"):
        sign(draft, dermatologist, version=2)


ACTS: dict[str, Callable[[Plan, User], object]] = {
    "save": lambda plan, by: actions.save_draft(plan=plan, version=1, content={}, evaluation=None, by=by),
    "override": lambda plan, by: actions.override_finding(plan=plan, finding=WARN, reason="x", by=by),
    "sign": lambda plan, by: sign(plan, by),
    "void": lambda plan, by: actions.void_plan(plan=plan, reason="twice", by=by),
    "assess": lambda plan, by: actions.sign_assessment(assessment=plan.assessment, version=1, by=by),
    "amend": lambda plan, by: actions.amend_assessment(assessment=plan.assessment, reason="x", by=by),
    "open": lambda plan, by: actions.open_course(patient=plan.course.patient, goal="g", by=by),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DERMATOLOGIST])
def test_only_a_dermatologist(draft: Plan, people: dict[Role, User], act: str, role: Role) -> None:
    entries = AuditEntry.objects.count()
    with pytest.raises(NotPermitted, match=r"^Only a dermatologist can "):
        ACTS[act](draft, people[role])
    draft.refresh_from_db()
    assert (draft.state, draft.version) == ("draft", 1)
    assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize("act", ["save", "override", "sign"])
def test_a_signed_plan_is_not_changed(draft: Plan, dermatologist: User, act: str) -> None:
    sign(draft, dermatologist)
    with pytest.raises(WrongState, match=r"^A signed plan cannot be .+ Start a new revision from it.$"):
        ACTS[act](draft, dermatologist)


@pytest.mark.parametrize("act", ["save", "override", "sign", "void"])
def test_a_void_plan_is_the_end(draft: Plan, dermatologist: User, act: str) -> None:
    actions.void_plan(plan=draft, reason="Started twice", by=dermatologist)
    with pytest.raises(WrongState, match=r"^A void plan cannot be "):
        ACTS[act](draft, dermatologist)


def test_a_new_revision_replaces_the_old_one_only_when_signed(draft: Plan, dermatologist: User) -> None:
    first = sign(draft, dermatologist)
    second = actions.start_revision(plan=first, by=dermatologist)
    first.refresh_from_db()
    assert (first.state, second.state, second.follows) == ("signed", "draft", first)
    sign(second, dermatologist)
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "signed")
    assert list(Revision.objects.order_by("number").values_list("number", "plan")) == [(1, first.pk), (2, second.pk)]


def test_two_people_on_one_draft(draft: Plan, dermatologist: User) -> None:
    actions.save_draft(plan=draft, version=1, content={"spacing_mm": 9.0}, evaluation=None, by=dermatologist)
    for late in (ACTS["save"], ACTS["sign"]):
        with pytest.raises(Overtaken, match=r"^Dr Alma Weiss saved at "):
            late(draft, dermatologist)
    draft.refresh_from_db()
    assert draft.plan == {"spacing_mm": 9.0}


def test_two_people_on_one_assessment(assessment: Assessment, nurse: User) -> None:
    actions.save_assessment(assessment=assessment, version=1, case={"a": 1}, by=nurse)
    with pytest.raises(Overtaken, match=r"^Bruno Sala saved at "):
        actions.save_assessment(assessment=assessment, version=1, case={"a": 2}, by=nurse)


def test_a_signed_assessment_is_amended_not_changed(assessment: Assessment, dermatologist: User) -> None:
    actions.sign_assessment(assessment=assessment, version=1, by=dermatologist)
    with pytest.raises(WrongState, match=r"Amend it, with a reason."):
        actions.save_assessment(assessment=assessment, version=1, case={}, by=dermatologist)
    with pytest.raises(Refused, match=r"Say what changed"):
        actions.amend_assessment(assessment=assessment, reason=" ", by=dermatologist)
    amended = actions.amend_assessment(assessment=assessment, reason="New weight", by=dermatologist)
    assert (amended.amends, amended.signed_at) == (assessment, None)
    assert amended.case == {**assessment.case, "id": f"p{assessment.patient_id}-a{amended.pk}"}
