"""The course under way of the demo clinic, entered late as a clinic enters what happened before it had the program.

The days of the course lie in the past, the times of recording do not: every row and every audit entry says when it was
written, which is the day on which the demo was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.accounts.proof import PASSWORD
from mesoplan.clinic.courses.actions import keep_proposals, open_course, sign_assessment, start_assessment, start_plan
from mesoplan.clinic.courses.documents import as_json, basis, case_of, planned
from mesoplan.clinic.courses.models import Assessment, Course, Plan
from mesoplan.clinic.courses.signing import SigningForm, check_again, sign_with_reasons
from mesoplan.clinic.forecasts.actions import record_score
from mesoplan.clinic.forecasts.models import Score
from mesoplan.clinic.patients.models import Patient
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.point_numbers import renumbered
from mesoplan.planning.propose import propose

ASSESSED: Final = timedelta(weeks=12)
"""How long before today she was assessed; her case sets the first session two weeks later."""
PROTOCOL: Final = "melasma-tranexamic-acid-monthly"
SCALE: Final = "masi"
REASONS: Final = {
    "screen-phototype": "Sun plan agreed, tinted sunscreen every day; the fewest punctures of all that fits."
}
"""What the dermatologist wrote to go on in spite of a finding, by its rule."""

Items = Mapping[str, Mapping[str, int]]


def _masi(**regions: tuple[int, int, int]) -> Items:
    """Area, darkness and homogeneity of each region."""
    return {region: dict(zip("adh", grades, strict=True)) for region, grades in regions.items()}


# By the week after the first session. Of mMASI: 9.6 in the assessment, then 7.3 and 6.2, a fall such as trials print.
SCORED: Final[Mapping[int, Items]] = {
    4: _masi(forehead=(3, 2, 2), malar_right=(3, 3, 2), malar_left=(4, 2, 2), chin=(2, 2, 1)),
    8: _masi(forehead=(3, 2, 1), malar_right=(3, 2, 2), malar_left=(4, 2, 1), chin=(2, 1, 1)),
}


def enter_course(*, patient: Patient, case: Mapping[str, Any], password: str, by: User) -> Course:
    """Assess, propose, sign and score as the pages do, for a case whose days lie in the past."""
    started = start_assessment(patient=patient, case=case, by=by)
    assessment = sign_assessment(assessment=started, version=started.version, by=by)
    plan = _draft(assessment, by)
    _sign(plan, password, by)
    first = date.fromisoformat(plan.plan["schedule"]["sessions"][0])
    for week, items in SCORED.items():
        record_score(
            course=plan.course,
            scale=SCALE,
            items=items,
            day=first + timedelta(weeks=week),
            mode=Score.Mode.LIVE,
            rater=by.printed_name,
            rater_person=by,
            by=by,
        )
    return plan.course


def _draft(assessment: Assessment, by: User) -> Plan:
    """The plan of the protocol as it was proposed."""
    knowledge, case = knowledge_base.current(), case_of(assessment)
    answer = propose(case, knowledge)
    chosen = next(one for one in answer.proposals if one.plan.protocol == PROTOCOL)
    content = renumbered(planned(chosen.plan.model_dump(mode="json"), case))
    course = open_course(patient=assessment.patient, goal=knowledge.aims[content.goal].title, by=by)
    kept = keep_proposals(course=course, assessment=assessment, proposals=as_json(answer), basis=basis(), by=by)
    return start_plan(
        course=course,
        assessment=assessment,
        plan=as_json(content),
        evaluation=as_json(evaluate(case, content, knowledge)),
        by=by,
        proposal_set=kept,
        proposal_id=chosen.id,
    )


def _sign(plan: Plan, password: str, by: User) -> None:
    """Sign past the findings that the dermatologist gave a reason for; any other one stops the demo from being made."""
    checked = check_again(plan)
    reasons = {one.name: REASONS.get(one.finding.rule, "") for one in SigningForm(plan, checked, by).reasons}
    form = SigningForm(plan, checked, by, {PASSWORD: password, **reasons})
    if not form.is_valid():
        raise RuntimeError(f"the plan of the demo cannot be signed: {form.to_mend}")
    sign_with_reasons(form, plan.version)
