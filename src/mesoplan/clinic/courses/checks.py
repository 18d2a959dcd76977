"""What stands in the way of a write, each as a refusal with a sentence for the user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from mesoplan.clinic.courses.models import SHORTEST_OVERRIDE, Assessment, Plan
from mesoplan.clinic.shell.writing import date_text
from mesoplan.workflow import Overtaken, Refused, WrongState
from mesoplan.workflow.binding import canonical_json

TOO_SHORT = gettext_noop(
    "The reason for overriding a block must have at least %(least)s characters. You wrote %(wrote)s. "
    "Say what you know of this patient that outweighs it."
)
ANSWER_FIRST = gettext_noop("%(finding)s Answer the question in the assessment before signing.")
CHANGE_DATE_FIRST = gettext_noop("%(finding)s Change the date before signing.")
SETTLE_FIRST = gettext_noop("%(finding)s Change the plan or give a reason before signing.")


def check_version(stored: Assessment | Plan, version: int) -> None:
    """Two people on one document: the second is told who saved and when, and nothing is overwritten."""
    if stored.version != version:
        raise Overtaken(str(stored.changed_by), timezone.localtime(stored.changed_at))


def check_unsigned(assessment: Assessment) -> None:
    if assessment.signed_at is not None:
        day = date_text(timezone.localtime(assessment.signed_at).date())
        raise WrongState(gettext_noop("This assessment was signed on %(day)s. Amend it, with a reason."), day=day)


def check_reason(reason: str, ask: str, *, of_a_block: bool = False) -> str:
    """The reason without its blanks, or a refusal that asks for it."""
    reason = reason.strip()
    if not reason:
        raise Refused(ask)
    if of_a_block and len(reason) < SHORTEST_OVERRIDE:
        raise Refused(TOO_SHORT, least=str(SHORTEST_OVERRIDE), wrote=str(len(reason)))
    return reason


def check_overridable(finding: Mapping[str, Any]) -> None:
    """A warning takes a reason; a block does only where its rule says so; the rest is mended, not overridden."""
    if finding.get("asks"):
        raise Refused(gettext_noop("%(finding)s Ask first: an open question takes no reason."), finding=finding["text"])
    if finding["severity"] == "block" and finding.get("override") != "dermatologist":
        raise Refused(
            gettext_noop("%(finding)s This block cannot be overridden. Change the plan."), finding=finding["text"]
        )
    if finding["severity"] not in {"block", "warn"}:
        raise Refused(gettext_noop("%(finding)s This takes no reason."), finding=finding["text"])


def same_finding(rule: str, code: str, subject: Mapping[str, Any]) -> str:
    """What makes two findings the same from one evaluation to the next."""
    return canonical_json([rule, code, subject])


def check_settled(plan: Plan) -> None:
    """Nothing is signed that was not evaluated, and nothing past a finding that is still open."""
    if plan.evaluation is None:
        raise WrongState(gettext_noop("This draft has not been checked since its last change. Check it, then sign."))
    given = {same_finding(*each) for each in plan.override_reasons.values_list("rule", "code", "subject")}
    asking = [f for f in plan.evaluation.get("findings", ()) if f.get("asks")]
    waiting = [f for f in plan.evaluation.get("findings", ()) if f["severity"] == "wait"]
    open_ = [
        f
        for f in plan.evaluation.get("findings", ())
        if f["severity"] in {"block", "warn"} and same_finding(f["rule"], f["code"], f.get("subject", {})) not in given
    ]
    if asking:
        raise WrongState(ANSWER_FIRST, finding=asking[0]["text"])
    if waiting:
        raise WrongState(CHANGE_DATE_FIRST, finding=waiting[0]["text"])
    if open_:
        raise WrongState(SETTLE_FIRST, finding=open_[0]["text"])
