"""The JSON that is kept, as values of the core, and back. A document that cannot be read is refused with its fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.courses.actions import Basis
from mesoplan.clinic.courses.models import Assessment, Plan, ProposalSet
from mesoplan.domain.case import Case
from mesoplan.domain.errors import InputError
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.plan import Plan as PlannedCourse
from mesoplan.domain.proposal import Proposal, Proposals
from mesoplan.knowledge.case_reading import case_problems
from mesoplan.knowledge.validation import build
from mesoplan.planning.engine import ENGINE
from mesoplan.planning.evaluate import evaluate

Json = Mapping[str, Any]


def case_of(assessment: Assessment, today: date | None = None) -> Case:
    """The case of an assessment.

    Raises
    ------
    InputError
        With every problem of its document.
    """
    name = f"assessment {assessment.pk}"
    document = {"id": f"assessment-{assessment.pk}", **assessment.case}
    case = build(Case, document, name)
    problems = list(case_problems(case, knowledge_base.current(), today))
    if problems:
        raise InputError(name, problems)
    return case


def planned(content: Json, case: Case) -> PlannedCourse:
    """A kept plan. One that followed another assessment is read as a plan for this case."""
    return PlannedCourse.model_validate({**content, "case": case.id})


def as_json(value: PlannedCourse | Evaluation | Proposals) -> dict[str, Any]:
    return value.model_dump(mode="json")


def basis() -> Basis:
    """What a computation of this process rests on."""
    knowledge = knowledge_base.current()
    return Basis(knowledge_release=knowledge.release, knowledge_sha256=knowledge.sha256, engine=ENGINE)


def proposals_of(kept: ProposalSet) -> Proposals:
    return Proposals.model_validate(kept.proposals)


def proposal_behind(plan: Plan) -> Proposal | None:
    """The proposal that a plan started from, as it was proposed; read once for each row in hand."""
    if plan.proposal_set is None:
        return None
    read: dict[str | None, Proposal | None] = plan.__dict__.setdefault("_proposal_behind", {})
    if plan.proposal_id not in read:
        found = (one for one in plan.proposal_set.proposals["proposals"] if one["id"] == plan.proposal_id)
        read[plan.proposal_id] = next((Proposal.model_validate(one) for one in found), None)
    return read[plan.proposal_id]


def is_fresh(plan: Plan) -> bool:
    """Whether the kept evaluation still speaks of this draft, its assessment and this release."""
    kept, now = plan.evaluation, basis()
    if kept is None or plan.assessment.changed_at > plan.changed_at:
        return False
    return (kept.get("knowledge_sha256"), kept.get("engine")) == (now.knowledge_sha256, now.engine)


def evaluation_now(plan: Plan, content: PlannedCourse, case: Case) -> Evaluation:
    """The kept evaluation while it is fresh, else one made now."""
    if plan.evaluation is not None and is_fresh(plan):
        return Evaluation.model_validate(plan.evaluation)
    return evaluate(case, content, knowledge_base.current())
