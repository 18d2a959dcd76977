"""Every write on the way from an assessment to a signed plan. Each leaves its audit entry in the same
transaction.

The documents (`case`, `proposals`, `plan`, `evaluation`) are JSON made by the planning room; nothing here
computes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.chain import record
from mesoplan.clinic.courses.checks import check_overridable, check_reason, check_settled, check_unsigned, check_version
from mesoplan.clinic.courses.differences import differing, without_mesh
from mesoplan.clinic.courses.models import (
    Assessment,
    Course,
    OverrideReason,
    Plan,
    PlannedDay,
    ProposalSet,
    Revision,
    Signature,
)
from mesoplan.clinic.courses.planned_days import days_of
from mesoplan.clinic.patients.models import Patient
from mesoplan.workflow import Act, Move, PlanState, bound_hash, check_may, check_transition, sha256_of

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Basis:
    """What a computation rests on beside its input: the release of the knowledge base and the engine."""

    knowledge_release: str
    knowledge_sha256: str
    engine: str


@transaction.atomic
def start_assessment(*, patient: Patient, case: Json, by: User) -> Assessment:
    check_may(Act.PREFILL_ASSESSMENT, by.workflow_role)
    assessment = Assessment.objects.create(patient=patient, case=case, recorded_by=by, changed_by=by)
    _name_case(assessment)
    _record(by, "start_assessment", assessment, patient, after={"case": without_mesh(assessment.case)})
    return assessment


@transaction.atomic
def save_assessment(*, assessment: Assessment, version: int, case: Json, by: User) -> Assessment:
    """Keep a changed case; the audit holds what differs, value by value."""
    return _keep_case(assessment, version, case, by, "save_assessment")


@transaction.atomic
def answer_open_questions(*, assessment: Assessment, version: int, case: Json, by: User) -> Assessment:
    """Somebody asked every question of a group that was still open, and every answer was no: one act, named so."""
    return _keep_case(assessment, version, case, by, "answer_open_questions")


@transaction.atomic
def take_back_answers(*, assessment: Assessment, version: int, case: Json, by: User) -> Assessment:
    """Undo of `answer_open_questions`: the questions are open again."""
    return _keep_case(assessment, version, case, by, "take_back_answers")


@transaction.atomic
def choose_face(*, assessment: Assessment, version: int, case: Json, by: User) -> Assessment:
    """The face on which plans are made is another one: measured on this patient, or the template."""
    return _keep_case(assessment, version, case, by, "choose_face")


@transaction.atomic
def sign_assessment(*, assessment: Assessment, version: int, by: User) -> Assessment:
    """Sign off what was found. Afterwards it is amended, not changed."""
    check_may(Act.RECORD_ASSESSMENT, by.workflow_role)
    stored = _locked_assessment(assessment)
    check_unsigned(stored)
    check_version(stored, version)
    stored.signed_at, stored.signed_by = timezone.now(), by
    stored.save()
    _record(by, "sign_assessment", stored, stored.patient, after={"case_sha256": sha256_of(stored.case)})
    return stored


@transaction.atomic
def amend_assessment(*, assessment: Assessment, reason: str, by: User) -> Assessment:
    """A new assessment that starts from a signed one and says why."""
    check_may(Act.RECORD_ASSESSMENT, by.workflow_role)
    reason = check_reason(reason, gettext_noop("Say what changed since this assessment was signed."))
    amended = Assessment.objects.create(
        patient=assessment.patient,
        case=assessment.case,
        recorded_by=by,
        changed_by=by,
        amends=assessment,
        amend_reason=reason,
    )
    _name_case(amended)
    _record(by, "amend_assessment", amended, assessment.patient, after={"amends": assessment.pk, "reason": reason})
    return amended


@transaction.atomic
def open_course(*, patient: Patient, goal: str, by: User) -> Course:
    check_may(Act.PROPOSE, by.workflow_role)
    course = Course.objects.create(patient=patient, goal=goal, opened_by=by)
    _record(by, "open_course", course, patient, after={"goal": goal})
    return course


@transaction.atomic
def keep_proposals(*, course: Course, assessment: Assessment, proposals: Json, basis: Basis, by: User) -> ProposalSet:
    check_may(Act.PROPOSE, by.workflow_role)
    kept = ProposalSet.objects.create(
        course=course,
        assessment=assessment,
        assessment_version=assessment.version,
        proposals=proposals,
        knowledge_release=basis.knowledge_release,
        knowledge_sha256=basis.knowledge_sha256,
        engine=basis.engine,
        proposed_by=by,
    )
    after = {"proposals_sha256": sha256_of(proposals), "knowledge_release": basis.knowledge_release}
    _record(by, "keep_proposals", kept, course.patient, after=after)
    return kept


@transaction.atomic
def start_plan(
    *,
    course: Course,
    assessment: Assessment,
    plan: Json,
    evaluation: Json | None,
    by: User,
    proposal_set: ProposalSet | None = None,
    proposal_id: str | None = None,
) -> Plan:
    """A draft, from a proposal or by hand."""
    check_may(Act.EDIT_PLAN, by.workflow_role)
    draft = Plan.objects.create(
        course=course,
        assessment=assessment,
        proposal_set=proposal_set,
        proposal_id=proposal_id,
        plan=plan,
        evaluation=evaluation,
        started_by=by,
        changed_by=by,
    )
    _record(by, "start_plan", draft, course.patient, after={"plan": plan, "proposal": proposal_id})
    return draft


@transaction.atomic
def save_draft(*, plan: Plan, version: int, content: Json, evaluation: Json | None, by: User) -> Plan:
    """Keep a changed draft. Raises `Overtaken` when somebody saved since `version` was read."""
    check_may(Act.EDIT_PLAN, by.workflow_role)
    stored = _locked_plan(plan)
    check_transition(stored.plan_state, Move.EDIT)
    check_version(stored, version)
    before = stored.plan
    stored.plan, stored.evaluation = dict(content), None if evaluation is None else dict(evaluation)
    _touch(stored, by)
    _record(by, "save_draft", stored, stored.course.patient, before={"plan": before}, after={"plan": content})
    return stored


@transaction.atomic
def override_finding(*, plan: Plan, finding: Json, reason: str, by: User) -> OverrideReason:
    """Give the reason for going on in spite of a warning, or of a block that its rule allows to override."""
    check_may(Act.OVERRIDE_BLOCK, by.workflow_role)
    stored = _locked_plan(plan)
    check_transition(stored.plan_state, Move.OVERRIDE)
    check_overridable(finding)
    severity = str(finding["severity"])
    reason = check_reason(reason, gettext_noop("Write the reason in your own words."), of_a_block=severity == "block")
    given = OverrideReason.objects.create(
        plan=stored,
        rule=finding["rule"],
        code=finding["code"],
        subject=finding.get("subject", {}),
        severity=severity,
        reason=reason,
        given_by=by,
    )
    _record(by, "override_finding", given, stored.course.patient, after={"rule": given.rule, "reason": reason})
    return given


@transaction.atomic
def sign_plan(*, plan: Plan, version: int, basis: Basis, printed_name: str, meaning: str, by: User) -> Signature:
    """Freeze the draft as a revision and put a name under it; the plan that was in force is superseded.

    The caller has asked for the password again and has evaluated the draft with `basis`.
    """
    check_may(Act.SIGN_PLAN, by.workflow_role)
    stored = _locked_plan(plan)
    after = check_transition(stored.plan_state, Move.SIGN)
    check_version(stored, version)
    check_settled(stored)
    _supersede_plan_in_force(stored, by)
    revision = _freeze(stored, basis, by)
    PlannedDay.objects.bulk_create(days_of(revision))
    signature = Signature.objects.create(
        revision=revision,
        signed_by=by,
        printed_name=printed_name,
        role=by.role,
        meaning=meaning,
        bound_hash=revision.content_hash,
    )
    stored.state = after
    stored.save()
    said = {"revision": revision.number, "bound_hash": revision.content_hash, "printed_name": printed_name}
    _record(by, "sign_plan", stored, stored.course.patient, before={"state": PlanState.DRAFT.value}, after=said)
    return signature


@transaction.atomic
def start_revision(*, plan: Plan, by: User) -> Plan:
    """A new draft from a signed plan, which stays in force until the draft is signed."""
    check_may(Act.EDIT_PLAN, by.workflow_role)
    check_transition(plan.plan_state, Move.REPLACE)
    latest = Assessment.objects.filter(patient=plan.course.patient).first() or plan.assessment
    draft = Plan.objects.create(
        course=plan.course,
        assessment=latest,
        proposal_set=plan.proposal_set,
        proposal_id=plan.proposal_id,
        follows=plan,
        plan=plan.plan,
        evaluation=plan.evaluation if latest == plan.assessment else None,
        started_by=by,
        changed_by=by,
    )
    _record(by, "start_revision", draft, plan.course.patient, after={"follows": plan.pk})
    return draft


@transaction.atomic
def void_plan(*, plan: Plan, reason: str, by: User) -> Plan:
    check_may(Act.VOID_PLAN, by.workflow_role)
    stored = _locked_plan(plan)
    before = stored.plan_state
    stored.state = check_transition(before, Move.VOID)
    stored.void_reason = check_reason(reason, gettext_noop("Say why this plan is void."))
    stored.voided_at, stored.voided_by = timezone.now(), by
    _touch(stored, by)
    said = {"state": stored.state, "reason": stored.void_reason}
    _record(by, "void_plan", stored, stored.course.patient, before={"state": before.value}, after=said)
    return stored


@transaction.atomic
def note_printed(*, plan: Plan, revision: Revision | None, by: User, paper: str = "") -> None:
    """A plan left the screen as paper: who printed what; `paper` names what is not the plan sheet."""
    check_may(Act.PRINT_PLAN, by.workflow_role)
    said = {"revision": revision.number, "bound_hash": revision.content_hash} if revision else {"version": plan.version}
    more = {"paper": paper} if paper else {}
    _record(by, "print_plan", plan, plan.course.patient, after=said | more)


@transaction.atomic
def note_refused_signature(*, plan: Plan, by: User) -> None:
    """A wrong password at signing counts as a wrong log-in: too many of either make everyone wait."""
    _record(by, "refused_signature", plan, plan.course.patient)


def _supersede_plan_in_force(signed_now: Plan, by: User) -> None:
    for earlier in Plan.objects.select_for_update().filter(course=signed_now.course, state=PlanState.SIGNED):
        earlier.state = check_transition(earlier.plan_state, Move.REPLACE)
        earlier.save()
        said = {"state": earlier.state, "replaced_by": signed_now.pk}
        _record(by, "supersede_plan", earlier, signed_now.course.patient, before={"state": "signed"}, after=said)


def _freeze(plan: Plan, basis: Basis, by: User) -> Revision:
    earlier = Revision.objects.filter(plan__course=plan.course).order_by("-number").first()
    evaluation = plan.evaluation or {}
    return Revision.objects.create(
        plan=plan,
        number=earlier.number + 1 if earlier else 1,
        case=plan.assessment.case,
        content=plan.plan,
        evaluation=evaluation,
        knowledge_release=basis.knowledge_release,
        knowledge_sha256=basis.knowledge_sha256,
        engine=basis.engine,
        content_hash=bound_hash(
            case=plan.assessment.case,
            plan=plan.plan,
            evaluation=evaluation,
            knowledge_release=basis.knowledge_release,
            knowledge_sha256=basis.knowledge_sha256,
            engine=basis.engine,
        ),
        made_by=by,
    )


def _locked_plan(plan: Plan) -> Plan:
    return Plan.objects.select_for_update(of=("self",)).select_related("course__patient", "changed_by").get(pk=plan.pk)


def _keep_case(assessment: Assessment, version: int, case: Json, by: User, act: str) -> Assessment:
    check_may(Act.PREFILL_ASSESSMENT, by.workflow_role)
    stored = _locked_assessment(assessment)
    check_unsigned(stored)
    check_version(stored, version)
    before, after = differing(without_mesh(stored.case), without_mesh(case))
    stored.case, stored.version = dict(case), version + 1
    stored.changed_at, stored.changed_by = timezone.now(), by
    stored.save()
    _record(by, act, stored, stored.patient, before=before, after=after)
    return stored


def _name_case(assessment: Assessment) -> None:
    """A case is named after its patient and assessment; the names are numbers, so they say nothing of the person."""
    assessment.case = {**assessment.case, "id": f"p{assessment.patient_id}-a{assessment.pk}"}
    assessment.save()


def _locked_assessment(assessment: Assessment) -> Assessment:
    rows = Assessment.objects.select_for_update(of=("self",)).select_related("patient", "changed_by")
    return rows.get(pk=assessment.pk)


def _touch(plan: Plan, by: User) -> None:
    plan.version += 1
    plan.changed_at, plan.changed_by = timezone.now(), by
    plan.save()


def _record(
    by: User,
    act: str,
    thing: Assessment | Course | ProposalSet | Plan | OverrideReason,
    patient: Patient,
    *,
    before: Json | None = None,
    after: Json | None = None,
) -> None:
    name = f"{type(thing).__name__.lower()} {thing.pk}"
    record(by=by, act=act, thing=name, patient=patient.ref, before=before, after=after)
