"""From what was sent to what is kept: which fields changed, what an act does, and who saved meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.assessments import draft, picks, questions
from mesoplan.clinic.assessments.draft import Document
from mesoplan.clinic.assessments.fields import SETTERS, Hand, Unfit, put
from mesoplan.clinic.assessments.page import Mend
from mesoplan.clinic.courses import actions
from mesoplan.clinic.courses.models import Assessment
from mesoplan.clinic.patients.models import Patient
from mesoplan.knowledge.base import Knowledge
from mesoplan.workflow import Overtaken

ORDER = list(SETTERS)


@dataclass
class Change:
    """One change of the draft on its way: what it was, what it becomes, what could not be read."""

    before: Document
    document: Document
    mends: dict[str, Mend] = field(default_factory=dict)
    undo: Mapping[str, object] | None = None
    act: str = "save"
    names: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything but the day differs."""
        return {**self.before, "as_of": ""} != {**self.document, "as_of": ""}


def open_assessment(patient: Patient) -> Assessment | None:
    """The assessment that is still being filled."""
    rows = Assessment.objects.filter(patient=patient, signed_at__isnull=True)
    return rows.select_related("changed_by", "recorded_by", "amends").first()


def latest_signed(patient: Patient) -> Assessment | None:
    rows = Assessment.objects.filter(patient=patient, signed_at__isnull=False)
    return rows.select_related("changed_by", "signed_by").first()


def document_of(assessment: Assessment | None, patient: Patient, day: date) -> Document:
    """What is stored, or what is known before anything was asked."""
    if assessment is not None:
        return deepcopy(assessment.case)
    return draft.new_document(patient, day, settings.JURISDICTION)


def change_of(stored: Document, patient: Patient, sent: QueryDict, by: User, *, whole: bool) -> Change:
    """Apply what was sent to the stored draft. `whole`: the form came without script, so every field counts."""
    hand = Hand(knowledge_base.current(), timezone.localdate(), str(by))
    change = Change(before=stored, document=deepcopy(stored))
    draft.keep_up(change.document, patient, hand.day)
    change.names = tuple(_names(sent) if whole else _changed(sent))
    for name in change.names:
        try:
            put(change.document, name, sent.getlist(name), hand)
        except Unfit as unfit:
            change.mends[name] = Mend(str(unfit), tuple(sent.getlist(name)))
    act, _, what = sent.get("act", "save").partition(":")
    if act in ACTS:
        change.act = act
        ACTS[act](change, what, hand.knowledge)
    return change


def keep(assessment: Assessment | None, patient: Patient, version: int, change: Change, by: User) -> Assessment | None:
    """Save the change by the action that it is. Without a change nothing is written.

    Raises
    ------
    Overtaken
        If somebody saved since `version`, or began an assessment of this patient meanwhile.
    """
    check_not_overtaken(assessment, version)
    if not change.changed:
        return assessment
    with transaction.atomic():
        if assessment is None:
            if open_assessment(patient) is not None:
                check_not_overtaken(open_assessment(patient), 0)
            return actions.start_assessment(patient=patient, case=change.document, by=by)
        save = {"no": actions.answer_open_questions, "undo": actions.take_back_answers}.get(
            change.act, actions.save_assessment
        )
        return save(assessment=assessment, version=version, case=change.document, by=by)


def check_not_overtaken(assessment: Assessment | None, version: int) -> None:
    if assessment is not None and assessment.version != version:
        raise Overtaken(str(assessment.changed_by), timezone.localtime(assessment.changed_at))


def _changed(sent: QueryDict) -> list[str]:
    """The fields that the page says were changed, an answer before the date that belongs to it."""
    return sorted(dict.fromkeys(sent.getlist("changed")), key=_place)


def _names(sent: QueryDict) -> list[str]:
    """Every field of a whole form; of boxes none of which is ticked, nothing is sent but they count."""
    names = {name for name in sent if name.partition(".")[0] in SETTERS}
    names |= {name.replace(".aim", ".zones") for name in names if name.startswith("goal.")}
    names |= {f"where.{name}" for name in sent.getlist("has_where")}
    return sorted(names, key=_place)


def _place(name: str) -> tuple[int, str]:
    head = name.partition(".")[0]
    if head not in SETTERS:
        raise BadRequest(_("The assessment has no field “%(name)s”.") % {"name": name})
    return ORDER.index(head), name


def _add_goal(change: Change, what: str, knowledge: Knowledge) -> None:
    goals = change.document.setdefault("goals", [])
    if goals and goals[-1].get("aim"):
        goals.append({"aim": "", "zones": []})


def _drop_goal(change: Change, what: str, knowledge: Knowledge) -> None:
    goals = change.document.get("goals", [])
    change.document["goals"] = [goal for index, goal in enumerate(goals) if str(index) != what]


def _no(change: Change, kind: str, knowledge: Knowledge) -> None:
    """Every question of the group that is open: asked aloud, answered no."""
    groups = questions.groups(change.document, knowledge, {})
    terms = [term for group in groups if group.kind == kind for term in group.open_terms]
    for term in terms:
        draft.say_no(change.document, term)
    change.undo = {"kind": kind, "count": len(terms), "terms": " ".join(terms)} if terms else None


def _undo(change: Change, terms: str, knowledge: Knowledge) -> None:
    """Open again what was answered no together; what was changed since stays."""
    for term in terms.split():
        if change.document.get("answers", {}).get(term) == "no":
            draft.forget(change.document, term)


def _pick(change: Change, reference: str, knowledge: Knowledge) -> None:
    place = picks.list_of(reference, knowledge)
    if not place:
        change.mends["find"] = Mend(
            _("“%(typed)s” is neither a term nor a code that can be listed.") % {"typed": reference}, (reference,)
        )
    elif draft.entry_of(change.document, reference) is None:
        change.document.get("answers", {}).pop(reference, None)
        change.document.setdefault(place, []).append({"id": reference})


def _unpick(change: Change, reference: str, knowledge: Knowledge) -> None:
    draft.forget(change.document, reference)


def _clear(change: Change, scale: str, knowledge: Knowledge) -> None:
    change.document["scores"] = [one for one in change.document.get("scores", ()) if one["scale"] != scale]


ACTS: Mapping[str, Callable[[Change, str, Knowledge], None]] = {
    "add-goal": _add_goal,
    "drop-goal": _drop_goal,
    "no": _no,
    "undo": _undo,
    "pick": _pick,
    "unpick": _unpick,
    "clear": _clear,
}
