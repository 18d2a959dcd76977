"""What the page of a plan shows: fields on the left, maps in the middle, what follows on the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.addresses import assessment_address
from mesoplan.clinic.courses.changes import changes_between
from mesoplan.clinic.courses.comparison import questions_in, reasons
from mesoplan.clinic.courses.documents import case_of, evaluation_now, is_fresh, planned, proposal_behind
from mesoplan.clinic.courses.figures import counts, dose_lines, reasons_by_finding
from mesoplan.clinic.courses.kept_clear import kept_rows
from mesoplan.clinic.courses.maps import drawn
from mesoplan.clinic.courses.models import Plan, Revision
from mesoplan.clinic.courses.panels import (
    all_zones_panel,
    placement_panel,
    point_rows,
    recipe_panel,
    schedule_panel,
)
from mesoplan.clinic.courses.plan_findings import plan_findings
from mesoplan.clinic.courses.plan_form import PlanForm
from mesoplan.clinic.courses.plan_words import LAYERS, SCRIPTS, plan_words
from mesoplan.clinic.courses.queries import why_not_standing
from mesoplan.clinic.evidence.titles import title_of
from mesoplan.clinic.exposure.legend import coverage_colours
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.shell.writing import date_text, number_text, quantity_text
from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.plan import Plan as PlannedCourse
from mesoplan.domain.proposal import Proposal
from mesoplan.imaging.face_scale import DEFAULT_INTERPUPILLARY_MM, ScaleSource
from mesoplan.imaging.face_view import View
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.editing import zones_to_add
from mesoplan.planning.placement import template_scale
from mesoplan.planning.sharing import joined_mixtures, parts_of
from mesoplan.workflow import Act, Move, PlanState, may, may_move

Context = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """The plan as it is shown: a draft as it stands, a signed one as it was frozen."""

    content: PlannedCourse
    case: Case
    evaluation: Evaluation
    revision: Revision | None


def shown(row: Plan) -> Shown:
    revision = row.revisions.select_related("signature__signed_by", "plan__course__patient").first()
    if revision is not None:
        case = Case.model_validate({"id": revision.content["case"], **revision.case})
        evaluation = Evaluation.model_validate(revision.evaluation)
        return Shown(PlannedCourse.model_validate(revision.content), case, evaluation, revision)
    case = case_of(row.assessment)
    content = planned(row.plan, case)
    return Shown(content, case, evaluation_now(row, content, case), None)


def page_of(
    row: Plan,
    person: User,
    *,
    form: PlanForm | None = None,
    overtaken: Context | None = None,
    seen: Shown | None = None,
    maps: bool = True,
    table: bool = True,
    left: bool = True,
) -> Context:
    """Everything on the page, for a person who may change the plan or only read it; without the maps, the table of
    points or what stands on the left, where a page has them already."""
    knowledge, seen = knowledge_base.current(), seen or shown(row)
    editable = may(Act.EDIT_PLAN, person.workflow_role) and may_move(row.plan_state, Move.EDIT)
    proposal = proposal_behind(row)
    changes = changes_between(proposal.plan, seen.content, knowledge) if proposal else []
    return {
        "plan": row,
        "content": seen.content,
        "strip": strip_of(row.course.patient, person),
        "editable": editable,
        "overtaken": overtaken,
        "form": form,
        "errors": form.errors if form else [],
        "changes": changes,
        "change_count": len(changes),
        "from_proposal": proposal,
        "fresh": seen.revision is not None or is_fresh(row),
        **_state(row, seen, person),
        **(_left(seen, form, proposal, editable, knowledge) if left else {}),
        **_middle(seen, knowledge, maps=maps, table=table),
        **_right(row, seen, editable, knowledge),
    }


def _state(row: Plan, seen: Shown, person: User) -> Context:
    signature = getattr(seen.revision, "signature", None)
    in_force = row.plan_state is PlanState.SIGNED
    role = person.workflow_role
    return {
        "revision": seen.revision,
        "signature": signature,
        "not_standing": why_not_standing(signature) if signature and in_force else None,
        "newer_draft": Plan.objects.filter(follows=row, state=PlanState.DRAFT).first(),
        "may_revise": in_force and may(Act.EDIT_PLAN, role),
        "may_void": may(Act.VOID_PLAN, role) and may_move(row.plan_state, Move.VOID),
        "assessment_href": assessment_address(row.assessment),
    }


def _left(
    seen: Shown, form: PlanForm | None, proposal: Proposal | None, editable: bool, knowledge: Knowledge
) -> Context:
    proposed = proposal.plan if proposal else None
    addable = zones_to_add(seen.content, seen.case, knowledge) if editable else ()
    return {
        "all_zones": all_zones_panel(seen.content, form) if editable else None,
        "zones": placement_panel(seen.content, seen.case, seen.evaluation, proposed, form, knowledge),
        "may_join": bool(parts_of(seen.content, seen.case, knowledge)),
        "may_part": bool(joined_mixtures(seen.content, seen.case, knowledge)),
        "recipe": recipe_panel(seen.content, seen.evaluation, proposed, form, knowledge),
        "schedule": schedule_panel(seen.content, form),
        "addable": [(zone, title_of("zones", zone, knowledge)) for zone in addable],
        "scale_words": _scale_words(seen, knowledge),
        "why": reasons(proposal.why, knowledge) if proposal else [],
        "protocol": knowledge.protocols[seen.content.protocol] if seen.content.protocol else None,
        "aim": knowledge.aims[seen.content.goal],
    }


def _middle(seen: Shown, knowledge: Knowledge, *, maps: bool, table: bool) -> Context:
    found = drawn(seen.content.model_dump_json(), seen.case.model_dump_json()) if maps else ()
    views = [one for one in found if one.name in {view.value for view in View}]
    return {
        "front": views[0] if views else None,
        "obliques": views[1:],
        "patches": found[len(views) :],
        "points": point_rows(seen.content, seen.case, knowledge) if table else [],
        "kept_clear": kept_rows(seen.content, seen.case, knowledge),
        "layers": LAYERS,
        "legend": coverage_colours(),
        "words": plan_words() if maps else {},
        "scripts": SCRIPTS,
    }


def _right(row: Plan, seen: Shown, editable: bool, knowledge: Knowledge) -> Context:
    evaluation, given = seen.evaluation, reasons_by_finding(list(row.override_reasons.select_related("given_by")))
    questions = questions_in(evaluation.findings, knowledge)
    burden = evaluation.burden
    return {
        "evaluation": evaluation,
        "findings": plan_findings(seen.content, evaluation, seen.case, knowledge, given, editable=editable),
        "questions": [{"question": one, "href": assessment_address(row.assessment, one.term)} for one in questions],
        "counts": counts(evaluation.findings),
        "doses": dose_lines(evaluation, knowledge),
        "burden_volume": quantity_text(burden.injected_ml_per_session, "mL", decimals=2),
        "burden_weeks": number_text(round(burden.weeks, 1)),
        "to_settle": sum(one.severity.value != "info" or bool(one.asks) for one in evaluation.findings),
    }


def _scale_words(seen: Shown, knowledge: Knowledge) -> str:
    """Where the millimetres come from: the template face, or the areas that were typed."""
    surfaces = {knowledge.zones[placement.zone].surface for placement in seen.content.placements}
    if "mesh" not in surfaces:
        return _("areas as typed")
    own = seen.case.patient.face
    if own is not None:
        told = {"day": date_text(own.on), "error": number_text(own.scale_error * 100, decimals=0)}
        return _("own face of %(day)s, lengths ± %(error)s %%") % told
    scale = template_scale(seen.case)
    if scale.measured_mm is None:
        assumed = quantity_text(DEFAULT_INTERPUPILLARY_MM, "mm")
        return _("template, not measured (%(distance)s between the pupils assumed)") % {"distance": assumed}
    measured = {"distance": quantity_text(scale.measured_mm, "mm")}
    if scale.source is ScaleSource.BIZYGOMATIC:
        return _("template, width %(distance)s") % measured
    return _("template, pupils %(distance)s") % measured
