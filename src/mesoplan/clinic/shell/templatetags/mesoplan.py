"""Tags that every template has without loading them: icons, dates, ages, who may do what."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.shell.writing import date_text
from mesoplan.domain.writing import Language
from mesoplan.workflow import Act, may

register = template.Library()

SEVERITY_WORDS = {
    "block": pgettext_lazy("finding", "Block"),
    "wait": pgettext_lazy("finding", "Wait"),
    "warn": pgettext_lazy("finding", "Warn"),
    "info": pgettext_lazy("finding", "Note"),
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing from icons.svg, in the colour of the text. It is always beside a word, so it is hidden from
    speech."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("mesoplan/icons.svg"), name
    )


@register.filter
def severity_word(severity: str) -> str:
    return str(SEVERITY_WORDS[severity])


@register.simple_tag
def english(text: str | None) -> SafeString:
    """A text that exists in English only, such as a finding: marked as such where the page is in another language.

    A piece of a page says itself what of it is in English, and stays as it is.
    """
    if not text or isinstance(text, SafeString):
        return SafeString(text or "")
    if get_language() == Language.ENGLISH:
        return conditional_escape(text)
    title = gettext("Not translated yet: in English")
    return format_html('<span lang="en" class="untranslated" title="{}">{}</span>', title, text)


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
        return gettext("under an hour")
    if hours < 24:
        return ngettext("%(count)s hour", "%(count)s hours", int(hours)) % {"count": int(hours)}
    days = int(hours // 24)
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


@register.filter
def among(value: object, group: Container[object]) -> bool:
    return value in group
