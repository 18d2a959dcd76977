"""The one write of the editor: a batch of operations is taken in, evaluated and saved with its step, or none of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.actions import save_draft
from mesoplan.clinic.courses.documents import as_json, case_of, evaluation_now, planned
from mesoplan.clinic.courses.models import Plan
from mesoplan.clinic.courses.plan_page import Shown
from mesoplan.clinic.editor.draft_log import is_covered, keep_log, read_log
from mesoplan.domain.edit_log import EditLog
from mesoplan.domain.edits import Answer, Batch
from mesoplan.domain.plan import Plan as PlannedCourse
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.operations.log import Draft, take
from mesoplan.workflow import Act, Move, Overtaken, check_may, check_transition

_WITH = ("course__patient", "assessment__patient", "assessment__changed_by", "proposal_set", "changed_by", "follows")


@dataclass(frozen=True)
class Accepted:
    """A draft after a batch: its row, the plan before it, what is shown of it now, its log, and what is said.

    A batch that was heard before has no plan before it: the page may have missed what it did.
    """

    row: Plan
    before: PlannedCourse | None
    seen: Shown
    log: EditLog
    answer: Answer


@transaction.atomic
def take_in(*, plan_id: int, version: int, batch: Batch, by: User) -> Accepted:
    """Take in a batch of operations.

    Raises
    ------
    Overtaken
        If the draft was saved by a form since the page was shown `version`.
    OperationRefused, BatchRefused, ChangedSince
        As `mesoplan.planning.operations.log.take`.
    """
    check_may(Act.EDIT_PLAN, by.workflow_role)
    row = Plan.objects.select_for_update(of=("self",)).select_related(*_WITH).get(pk=plan_id)
    check_transition(row.plan_state, Move.EDIT)
    knowledge, log, case = knowledge_base.current(), read_log(row), case_of(row.assessment)
    kept = planned(row.plan, case)
    taken = take(Draft(kept, log), batch, case, knowledge)
    if not taken.repeated and not is_covered(row, version):
        raise Overtaken(str(row.changed_by), timezone.localtime(row.changed_at))
    content = taken.draft.plan
    if content == kept:
        evaluation = evaluation_now(row, kept, case)
    else:
        evaluation = evaluate(case, content, knowledge)
        saved = save_draft(
            plan=row, version=row.version, content=as_json(content), evaluation=as_json(evaluation), by=by
        )
        row.plan, row.evaluation, row.version = saved.plan, saved.evaluation, saved.version
        row.changed_at, row.changed_by = saved.changed_at, saved.changed_by
    if not taken.repeated:
        keep_log(row, log, taken.draft.log, batch.client)
    return Accepted(
        row, None if taken.repeated else kept, Shown(content, case, evaluation, None), taken.draft.log, taken.answer
    )
