"""Scoring a course as its page does: the form of one scale, filled and sent."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client
from django.utils import timezone

from mesoplan.clinic.courses.models import Course

REGIONS = ("forehead", "malar_right", "malar_left", "chin")


def masi_items(area: int = 3, darkness: int = 2, homogeneity: int = 1) -> dict[str, dict[str, int]]:
    """Every region alike: MASI (D + H) x A, mMASI D x A."""
    return {region: {"a": area, "d": darkness, "h": homogeneity} for region in REGIONS}


def masi_record(day: date, *, rater: str = "Dr Alma Weiss", mode: str = "live", **grades: int) -> dict[str, Any]:
    """A score as the case of an assessment holds it."""
    return {"scale": "masi", "on": day.isoformat(), "rater": rater, "mode": mode, "items": masi_items(**grades)}


def fields_of_score(day: date | None = None, /, **changes: str) -> dict[str, str]:
    """What the form sends when everything is filled: MASI 9 of 48, mMASI 6 of 24."""
    items = masi_items()
    typed = {f"score.masi.{region}.{item}": str(given) for region in items for item, given in items[region].items()}
    on = (day or timezone.localdate()).isoformat()
    return {"day": on, "rater": "Dr Alma Weiss", "mode": "live", **typed, **changes}


def score_address(course: Course, scale: str = "masi") -> str:
    return f"/courses/{course.pk}/scores/new?scale={scale}"


def sent_score(browser: Client, course: Course, fields: dict[str, str], scale: str = "masi") -> Any:
    return browser.post(score_address(course, scale), fields)
