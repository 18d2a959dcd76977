"""What of a course can be compared: the proposals that its plans started from, its signed revisions, its drafts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.courses.documents import case_of, evaluation_now, planned, proposal_behind
from mesoplan.clinic.courses.models import Course, Plan, Revision
from mesoplan.clinic.shell.templatetags.mesoplan import day, moment
from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.plan import Plan as PlannedCourse
from mesoplan.domain.proposal import Proposal
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.point_numbers import renumbered
from mesoplan.workflow import PlanState

Named = tuple[str, str]
Kind = Literal["proposal", "revision", "draft"]
_SIGNED = gettext_lazy("Revision %(number)s, signed %(day)s, %(who)s")
_STATES = {
    PlanState.SUPERSEDED: gettext_lazy("Revision %(number)s, signed %(day)s, %(who)s, superseded"),
    PlanState.VOID: gettext_lazy("Revision %(number)s, signed %(day)s, %(who)s, void"),
}


@dataclass(frozen=True)
class Side:
    """One of the two. `key` is what stands in the address."""

    key: str
    title: str
    kind: Kind
    href: str
    plan: Plan
    revision: Revision | None = None
    proposal: Proposal | None = None


@dataclass(frozen=True)
class Read:
    """A side as values of the core. A revision is read as it was signed, with what was found then."""

    content: PlannedCourse
    case: Case
    evaluation: Evaluation
    dropped: tuple[Named, ...] = ()
    """What the plan names and the release in force no longer holds."""


class NeverEvaluated(Exception):
    """A draft that names what the release no longer holds, and that was not evaluated before."""


def sides_of(course: Course) -> list[Side]:
    """Proposals, then revisions from the first to the latest, then drafts."""
    rows = list(course.plans.select_related("assessment__patient", "proposal_set", "changed_by").order_by("pk"))
    return [*_proposals(rows), *_revisions(course), *_drafts(rows)]


def _proposals(rows: list[Plan]) -> Iterator[Side]:
    """Each proposal once, under the first plan that started from it."""
    seen: set[tuple[int | None, str | None]] = set()
    for row in rows:
        proposal = proposal_behind(row)
        if proposal is not None and (row.proposal_set_id, row.proposal_id) not in seen:
            seen.add((row.proposal_set_id, row.proposal_id))
            href = reverse("courses:proposals", args=[row.course_id])
            yield Side(
                f"proposal-{row.pk}",
                _("Proposal: %(title)s") % {"title": proposal.title},
                "proposal",
                href,
                row,
                proposal=proposal,
            )


def _revisions(course: Course) -> Iterator[Side]:
    signed = Revision.objects.filter(plan__course=course).select_related("signature", "plan").order_by("number")
    for one in signed:
        signature = one.signature
        said = {"number": one.number, "day": day(signature.signed_at), "who": signature.printed_name}
        title = _STATES.get(one.plan.plan_state, _SIGNED) % said
        yield Side(f"revision-{one.number}", title, "revision", _plan_page(one.plan), one.plan, revision=one)


def _drafts(rows: list[Plan]) -> Iterator[Side]:
    for row in rows:
        if row.plan_state is PlanState.DRAFT:
            said = {"at": moment(row.changed_at), "who": row.changed_by}
            title = _("Draft, saved %(at)s, %(who)s") % said
            yield Side(f"draft-{row.pk}", title, "draft", _plan_page(row), row)


def chosen(sides: list[Side], before: str, after: str) -> tuple[Side, Side] | None:
    """The two that were asked for; what was not asked for is what lies nearest. None where a name means nothing."""
    named = {side.key: side for side in sides}
    if any(key and key not in named for key in (before, after)):
        return None
    second = named[after] if after else sides[-1]
    first = named[before] if before else _earlier(second, sides)
    return first, second


def _earlier(side: Side, sides: list[Side]) -> Side:
    """The latest revision before it, else the proposal that it started from, else any other."""
    place = sides.index(side)
    revisions = [one for one in sides[:place] if one.kind == "revision"]
    if revisions:
        return revisions[-1]
    origin = (side.plan.proposal_set_id, side.plan.proposal_id)
    others = [one for one in sides if one is not side]
    own = [one for one in others if (one.plan.proposal_set_id, one.plan.proposal_id) == origin]
    return next(iter([*own, *others]), side)


def read(side: Side) -> Read:
    """The plan of a side with its case and what was found: now, or then where the release no longer knows the plan.

    Raises
    ------
    InputError
        With every problem of an assessment that is being changed.
    NeverEvaluated
        If a draft can no longer be evaluated and never was.
    """
    if side.revision is not None:
        kept = side.revision
        case = Case.model_validate({"id": kept.content["case"], **kept.case})
        content, evaluation = planned(kept.content, case), Evaluation.model_validate(kept.evaluation)
        return Read(content, case, evaluation, tuple(_dropped(content)))
    case = case_of(side.plan.assessment)
    if side.proposal is not None:
        content = planned(side.proposal.plan.model_dump(mode="json"), case)
    else:
        content = planned(side.plan.plan, case)
    dropped = tuple(_dropped(content))
    if dropped:
        return Read(content, case, _evaluation_then(side), dropped)
    if side.proposal is not None:  # points are numbered as the draft that started from it has them
        content = renumbered(content)
        return Read(content, case, evaluate(case, content, knowledge_base.current()))
    return Read(content, case, evaluation_now(side.plan, content, case))


def _dropped(plan: PlannedCourse) -> Iterator[Named]:
    """Every entry that a plan names and the release in force does not hold, by kind and id."""
    knowledge = knowledge_base.current()
    named = [("aims", plan.goal), *([("protocols", plan.protocol)] if plan.protocol else [])]
    named += [("zones", one.zone) for one in plan.placements]
    named += [("techniques", one.technique) for one in plan.placements]
    named += [("needles", one.needle) for one in plan.placements]
    for kind, entry_id in dict.fromkeys(named):
        if entry_id not in knowledge.shelf(kind):
            yield kind, entry_id
    drawn = dict.fromkeys(draw.presentation for one in plan.preparations for draw in one.draws)
    yield from (("presentations", one) for one in drawn if one not in knowledge.presentations)


def _evaluation_then(side: Side) -> Evaluation:
    if side.proposal is not None:
        return side.proposal.evaluation
    if side.plan.evaluation is None:
        raise NeverEvaluated
    return Evaluation.model_validate(side.plan.evaluation)


def _plan_page(row: Plan) -> str:
    return reverse("courses:plan", args=[row.pk])
