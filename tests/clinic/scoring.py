"""Scoring a course as its page does: the form of one scale, filled and sent."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

from django.test import Client
from django.utils import timezone

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses import actions
from mesoplan.clinic.courses.documents import basis
from mesoplan.clinic.courses.models import Course, Plan

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


def signed_weeks_ago(plan: Plan, weeks: int, by: User) -> Plan:
    """The plan in force, as if its first session had been so many weeks ago."""
    schedule = plan.plan["schedule"]
    first = date.fromisoformat(schedule["sessions"][0])
    moved_by = timezone.localdate() - timedelta(weeks=weeks) - first

    def moved(day: str | None) -> str | None:
        return (date.fromisoformat(day) + moved_by).isoformat() if day else None

    content = {
        **plan.plan,
        "schedule": {
            "sessions": [moved(day) for day in schedule["sessions"]],
            "score_on": [moved(day) for day in schedule["score_on"]],
            "first_judged_on": moved(schedule["first_judged_on"]),
            "review_on": moved(schedule["review_on"]),
        },
    }
    found = {**(plan.evaluation or {}), "findings": []}
    actions.save_draft(plan=plan, version=plan.version, content=content, evaluation=found, by=by)
    plan.refresh_from_db()
    meaning = "I order this course."
    actions.sign_plan(
        plan=plan, version=plan.version, basis=basis(), printed_name=by.printed_name, meaning=meaning, by=by
    )
    plan.refresh_from_db()
    return plan


def forecast_page(browser: Client, course: Course, **asked: str) -> str:
    return browser.get(f"/courses/{course.pk}/forecast", asked).content.decode()


def plain(page: str) -> str:
    """What is read on a page, without marks."""
    body = page[page.index("<main") :] if "<main" in page else page
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ").split())
