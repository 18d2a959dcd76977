"""What a review must hold before it is kept; the form asks the same rule as the action."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from mesoplan.clinic.evidence.models import SHORTEST_DISAGREEMENT, Verdict
from mesoplan.workflow import Refused

NOT_EXPLAINED = gettext_noop(
    "A disagreement must say what the source holds instead, in at least %(least)s characters. You wrote %(wrote)s."
)


def check_explained(verdict: Verdict, reason: str) -> str:
    """The reason without its blanks, or a refusal: who disagrees says what the source holds instead."""
    reason = reason.strip()
    if verdict == Verdict.DISAGREE and len(reason) < SHORTEST_DISAGREEMENT:
        raise Refused(NOT_EXPLAINED, least=str(SHORTEST_DISAGREEMENT), wrote=str(len(reason)))
    return reason
