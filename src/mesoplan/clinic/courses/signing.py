"""What a person puts their name under: what stands in the way, which reasons are asked, what is bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.accounts.proof import PASSWORD, missing_proof
from mesoplan.clinic.courses.actions import note_refused_signature, override_finding, save_draft, sign_plan
from mesoplan.clinic.courses.documents import as_json, basis, case_of, planned
from mesoplan.clinic.courses.figures import key_of, reasons_by_finding
from mesoplan.clinic.courses.models import SHORTEST_OVERRIDE, OverrideReason, Plan, Signature
from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.finding import Finding, Override, Severity
from mesoplan.domain.plan import Plan as PlannedCourse
from mesoplan.planning.evaluate import evaluate
from mesoplan.workflow import sha256_of

MEANING = gettext_noop(
    "I have examined this patient or read the assessment named here. I have read the findings, and I order this "
    "course as it stands on this page."
)
"""What is kept with every signature, in English; who signs reads it in their language too."""
LAST_REASONS = 3


@dataclass(frozen=True)
class Checked:
    """A draft evaluated at this moment, as it would be signed."""

    case: Case
    content: PlannedCourse
    evaluation: Evaluation

    @property
    def sha256(self) -> str:
        """Over the plan and what was found about it: what the person had in front of them."""
        return sha256_of([as_json(self.content), as_json(self.evaluation)])


def check_again(plan: Plan) -> Checked:
    """The draft evaluated anew, whatever is kept."""
    case = case_of(plan.assessment)
    content = planned(plan.plan, case)
    return Checked(case, content, evaluate(case, content, knowledge_base.current()))


def stands_in_the_way(findings: tuple[Finding, ...]) -> list[Finding]:
    """Nothing can be signed past these: blocks without an override, waits, open questions."""
    return [one for one in findings if one.asks or one.severity is Severity.WAIT or _never(one)]


def takes_a_reason(findings: tuple[Finding, ...]) -> list[Finding]:
    """Blocks that a dermatologist may override, and warnings."""
    return [
        one
        for one in findings
        if not one.asks and (one.severity is Severity.WARN or (one.severity is Severity.BLOCK and not _never(one)))
    ]


def _never(finding: Finding) -> bool:
    return finding.severity is Severity.BLOCK and finding.override is not Override.DERMATOLOGIST


@dataclass
class ReasonField:
    """The field for one reason: what was given before stands, what was typed is kept."""

    name: str
    finding: Finding
    given: OverrideReason | None
    typed: str = ""
    error: str = ""

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def is_block(self) -> bool:
        return self.finding.severity is Severity.BLOCK


@dataclass
class SigningForm:
    """One post of the signing page."""

    plan: Plan
    checked: Checked
    person: User
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given = reasons_by_finding(list(self.plan.override_reasons.select_related("given_by")))
        self.reasons = [
            ReasonField(f"reason_{sha256_of(key_of(one))[:12]}", one, given.get(key_of(one)))
            for one in takes_a_reason(self.checked.evaluation.findings)
        ]
        for one in self.reasons:
            one.typed = self.typed.get(one.name, "")
        self.printed_name = self.typed.get("printed_name", self.person.printed_name)

    def is_valid(self) -> bool:
        """Everything that is missing or wrong, not only the first; the password is looked at last."""
        for one in self.reasons:
            one.error = "" if one.given else _reason_error(one)
        if " ".join(self.printed_name.split()).casefold() != self.person.printed_name.casefold():
            self.errors["printed_name"] = _wrong_name(self.person.printed_name, self.printed_name)
        whole = not self.errors and not any(one.error for one in self.reasons)
        if whole or not self.typed.get(PASSWORD):
            self._check_password()
        return not self.errors and not any(one.error for one in self.reasons)

    def _check_password(self) -> None:
        missing = missing_proof(self.person, self.typed)
        if missing and self.typed.get(PASSWORD):
            note_refused_signature(plan=self.plan, by=self.person)
        self.errors |= missing

    @property
    def to_mend(self) -> list[dict[str, str]]:
        found = [{"href": one.id, "text": one.error} for one in self.reasons if one.error]
        return found + [{"href": f"id_{name}", "text": text} for name, text in self.errors.items()]


def _wrong_name(name: str, wrote: str) -> str:
    if not wrote:
        return _("The name must be yours as printed: %(name)s. You wrote nothing.") % {"name": name}
    return _("The name must be yours as printed: %(name)s. You wrote %(wrote)s.") % {"name": name, "wrote": wrote}


def _reason_error(one: ReasonField) -> str:
    words = one.typed.strip()
    if not words and not one.is_block:
        return _("Write the reason in your own words.")
    if not one.is_block or len(words) >= SHORTEST_OVERRIDE:
        return ""
    if not words:
        text = _("The reason for overriding a block must have at least %(least)s characters. It is empty.")
        return text % {"least": SHORTEST_OVERRIDE}
    text = _("The reason for overriding a block must have at least %(least)s characters. You wrote %(wrote)s.")
    return text % {"least": SHORTEST_OVERRIDE, "wrote": len(words)}


def sign_with_reasons(form: SigningForm, version: int) -> Signature:
    """Keep the evaluation made just now, the reasons and the signature: all of it or nothing."""
    plan, checked, person = form.plan, form.checked, form.person
    with transaction.atomic():
        if (plan.plan, plan.evaluation) != (as_json(checked.content), as_json(checked.evaluation)):
            plan = save_draft(
                plan=plan,
                version=version,
                content=as_json(checked.content),
                evaluation=as_json(checked.evaluation),
                by=person,
            )
            version = plan.version
        for one in form.reasons:
            if one.given is None:
                override_finding(plan=plan, finding=one.finding.model_dump(mode="json"), reason=one.typed, by=person)
        return sign_plan(
            plan=plan, version=version, basis=basis(), printed_name=person.printed_name, meaning=MEANING, by=person
        )


def last_reasons(person: User) -> list[str]:
    """The last reasons that this person gave, to be taken up by hand; never filled in."""
    rows = OverrideReason.objects.filter(given_by=person).order_by("-given_at", "-id").values_list("reason", flat=True)
    return list(dict.fromkeys(rows[:20]))[:LAST_REASONS]
