"""Tags that every template has without loading them: icons, dates, ages, who may do what."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mesoplan.clinic.accounts.models import User
from mesoplan.domain.writing import date_text
from mesoplan.workflow import Act, may

register = template.Library()

SEVERITY_WORDS = {"block": "Block", "wait": "Wait", "warn": "Warn", "info": "Note"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing from icons.svg, in the colour of the text. It is always beside a word, so it is hidden from
    speech."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("mesoplan/icons.svg"), name
    )


@register.filter
def severity_word(severity: str) -> str:
    return SEVERITY_WORDS[severity]


@register.filter
def day(value: date | datetime | str | None) -> str:
    """30 Nov 2026, in the clinic's time zone; nothing for nothing."""
    if not value:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    return date_text(timezone.localtime(value).date() if isinstance(value, datetime) else value)


@register.filter
def moment(value: datetime | None) -> str:
    """30 Nov 2026 14:40, in the clinic's time zone."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{date_text(local.date())} {local:%H:%M}"


@register.filter
def age_of(birth_date: date) -> int:
    """Whole years today."""
    today = timezone.localdate()
    return today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))


@register.filter
def may_do(user: User, act: str) -> bool:
    """`{% if user|may_do:"sign_plan" %}`: the same table as the server's refusal."""
    return may(Act(act), user.workflow_role)


@register.filter
def ago(value: datetime) -> str:
    """How long something waits, in the coarsest unit that tells it."""
    hours = (timezone.now() - value).total_seconds() / 3600
    if hours < 1:
        return "under an hour"
    if hours < 24:
        return "1 hour" if int(hours) == 1 else f"{int(hours)} hours"
    days = int(hours // 24)
    return "1 day" if days == 1 else f"{days} days"


@register.filter
def among(value: object, group: Container[object]) -> bool:
    return value in group
