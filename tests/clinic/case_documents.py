"""Case documents as an assessment keeps them: whole, answered, ready to be planned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from mesoplan.clinic import knowledge_base

MALAR = ("malar-right", "malar-left")


def melasma_case(**changes: Any) -> dict[str, Any]:
    """A woman born in 1985 with melasma of both cheeks; every question was asked and answered no."""
    today = timezone.localdate()
    case: dict[str, Any] = {
        "id": "p1-a1",
        "as_of": today.isoformat(),
        "start": (today + timedelta(days=1)).isoformat(),
        "jurisdiction": "us",
        "patient": {
            "sex": "female",
            "birth_date": "1985-05-04",
            "weight": "62 kg",
            "phototype": "III",
            "face_width": "138 mm",
        },
        "goals": [{"aim": "melasma", "zones": list(MALAR)}],
        "answers": dict.fromkeys(knowledge_base.current().terms, "no"),
    }
    return case | changes


def answered(**answers: str | None) -> dict[str, str]:
    """All questions answered no, but for those given; None = not asked. Underscores stand for hyphens."""
    given = {name.replace("_", "-"): answer for name, answer in answers.items()}
    all_no = dict.fromkeys(knowledge_base.current().terms, "no")
    return {term: answer for term, answer in {**all_no, **given}.items() if answer is not None}
