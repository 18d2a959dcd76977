"""What a review must hold before it is kept; the form asks the same rule as the action."""

from __future__ import annotations

from mesoplan.clinic.evidence.models import SHORTEST_DISAGREEMENT, Verdict
from mesoplan.workflow import Refused


def check_explained(verdict: Verdict, reason: str) -> str:
    """The reason without its blanks, or a refusal: who disagrees says what the source holds instead."""
    reason = reason.strip()
    if verdict == Verdict.DISAGREE and len(reason) < SHORTEST_DISAGREEMENT:
        raise Refused(
            f"A disagreement must say what the source holds instead, in at least {SHORTEST_DISAGREEMENT} characters. "
            f"You wrote {len(reason)}."
        )
    return reason
