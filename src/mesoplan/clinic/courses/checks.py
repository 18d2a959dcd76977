"""What stands in the way of a write, each as a refusal with a sentence for the user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from mesoplan.clinic.courses.models import SHORTEST_OVERRIDE, Assessment, Plan
from mesoplan.workflow import Overtaken, Refused, WrongState
from mesoplan.workflow.binding import canonical_json


def check_version(stored: Assessment | Plan, version: int) -> None:
    """Two people on one document: the second is told who saved and when, and nothing is overwritten."""
    if stored.version != version:
        raise Overtaken(str(stored.changed_by), timezone.localtime(stored.changed_at))


def check_unsigned(assessment: Assessment) -> None:
    if assessment.signed_at is not None:
        day = timezone.localtime(assessment.signed_at)
        raise WrongState(f"This assessment was signed on {day:%-d %b %Y}. Amend it, with a reason.")


def check_reason(reason: str, ask: str, *, of_a_block: bool = False) -> str:
    """The reason without its blanks, or a refusal that asks for it."""
    reason = reason.strip()
    if not reason:
        raise Refused(ask)
    if of_a_block and len(reason) < SHORTEST_OVERRIDE:
        raise Refused(
            f"The reason for overriding a block must have at least {SHORTEST_OVERRIDE} characters. "
            f"You wrote {len(reason)}. Say what you know of this patient that outweighs it."
        )
    return reason


def check_overridable(finding: Mapping[str, Any]) -> None:
    """A warning takes a reason; a block does only where its rule says so; the rest is mended, not overridden."""
    if finding.get("asks"):
        raise Refused(f"{finding['text']} Ask first: an open question takes no reason.")
    if finding["severity"] == "block" and finding.get("override") != "dermatologist":
        raise Refused(f"{finding['text']} This block cannot be overridden. Change the plan.")
    if finding["severity"] not in {"block", "warn"}:
        raise Refused(f"{finding['text']} This takes no reason.")


def same_finding(rule: str, code: str, subject: Mapping[str, Any]) -> str:
    """What makes two findings the same from one evaluation to the next."""
    return canonical_json([rule, code, subject])


def check_settled(plan: Plan) -> None:
    """Nothing is signed that was not evaluated, and nothing past a finding that is still open."""
    if plan.evaluation is None:
        raise WrongState("This draft has not been checked since its last change. Check it, then sign.")
    given = {same_finding(*each) for each in plan.override_reasons.values_list("rule", "code", "subject")}
    asking = [f for f in plan.evaluation.get("findings", ()) if f.get("asks")]
    waiting = [f for f in plan.evaluation.get("findings", ()) if f["severity"] == "wait"]
    open_ = [
        f
        for f in plan.evaluation.get("findings", ())
        if f["severity"] in {"block", "warn"} and same_finding(f["rule"], f["code"], f.get("subject", {})) not in given
    ]
    if asking:
        raise WrongState(f"{asking[0]['text']} Answer the question in the assessment before signing.")
    if waiting:
        raise WrongState(f"{waiting[0]['text']} Change the date before signing.")
    if open_:
        raise WrongState(f"{open_[0]['text']} Change the plan or give a reason before signing.")
