"""The clinic's own reviews of released values. A review is only ever added; the released data stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.chain import record
from mesoplan.clinic.evidence.checks import check_explained
from mesoplan.clinic.evidence.cited_values import value_content, value_sha256, values_of
from mesoplan.clinic.evidence.models import ValueReview, Verdict
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.citation import Cited
from mesoplan.workflow import Act, NotPermitted, WrongState, check_may

VALUE_CHANGED = gettext_noop(
    "This value has changed since the page was opened. Read it as it stands now, then review it."
)
VALUE_GONE = gettext_noop("This release no longer holds this value. Open the entry again.")
NOT_YOURS = gettext_noop("Only %(who)s can take back this review. Add your own beside it.")
STANDS_NO_MORE = gettext_noop("This review no longer stands: it was taken back, or a later one has replaced it.")


@transaction.atomic
def review_value(
    *,
    kind: str,
    entry_id: str,
    path: str,
    shown_sha256: str,
    verdict: Verdict,
    reason: str,
    knowledge: Knowledge,
    by: User,
) -> ValueReview:
    """Keep that `by` has read the source of a value and confirms it or disagrees.

    `shown_sha256` is the value as it stood on the page: another one is refused. The same review
    sent twice is kept once.
    """
    check_may(Act.REVIEW_VALUE, by.workflow_role)
    cited = _cited(kind, entry_id, path, knowledge)
    stands = value_sha256(cited)
    if shown_sha256 != stands:
        raise WrongState(VALUE_CHANGED)
    reason = check_explained(verdict, reason)
    held = _last_of(kind, entry_id, path, by)
    if held and (held.verdict, held.value_sha256, held.reason) == (verdict, stands, reason):
        return held
    review = ValueReview.objects.create(
        kind=kind,
        entry_id=entry_id,
        path=path,
        value_sha256=stands,
        knowledge_release=knowledge.release,
        verdict=verdict,
        reason=reason,
        reviewed_by=by,
    )
    _record(by, "review_value", review, after={"value": value_content(cited)})
    return review


@transaction.atomic
def take_back_review(*, review: ValueReview, by: User) -> ValueReview:
    """A new row that takes back an own review; both stay on record."""
    check_may(Act.REVIEW_VALUE, by.workflow_role)
    if review.reviewed_by_id != by.pk:
        raise NotPermitted(NOT_YOURS, who=str(review.reviewed_by))
    if _last_of(review.kind, review.entry_id, review.path, by) != review or review.verdict == Verdict.TAKEN_BACK:
        raise WrongState(STANDS_NO_MORE)
    row = ValueReview.objects.create(
        kind=review.kind,
        entry_id=review.entry_id,
        path=review.path,
        value_sha256=review.value_sha256,
        knowledge_release=review.knowledge_release,
        verdict=Verdict.TAKEN_BACK,
        takes_back=review,
        reviewed_by=by,
    )
    _record(by, "take_back_review", row, before={"verdict": review.verdict, "reason": review.reason})
    return row


def _cited(kind: str, entry_id: str, path: str, knowledge: Knowledge) -> Cited:
    values = values_of(kind, entry_id, knowledge)
    if path not in values:
        raise WrongState(VALUE_GONE)
    return values[path]


def _last_of(kind: str, entry_id: str, path: str, by: User) -> ValueReview | None:
    return ValueReview.objects.filter(kind=kind, entry_id=entry_id, path=path, reviewed_by=by).last()


def _record(
    by: User,
    act: str,
    review: ValueReview,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    said = {
        "entry": f"{review.kind}/{review.entry_id}",
        "path": review.path,
        "value_sha256": review.value_sha256,
        "verdict": review.verdict,
        "reason": review.reason,
        **(after or {}),
    }
    record(by=by, act=act, thing=f"review {review.pk}", before=before, after=said)
