"""How does this clinic work? For the manager; everybody else sees their own part."""

from __future__ import annotations

from typing import Any

from django.conf import settings as conf
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.factors import factors_of, is_required
from mesoplan.clinic.requests import require
from mesoplan.clinic.shell.clinic_facts import clinic_settings, jurisdiction_rules, jurisdiction_title, roles_counted
from mesoplan.clinic.shell.reviewed import in_all, reviewed_by_kind
from mesoplan.workflow import Act, may


@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    person = require(request, Act.SET_OWN_PREFERENCES)
    context: dict[str, Any] = {
        "factors": factors_of([person])[person.pk].words,
        "factor_required": is_required(person.workflow_role),
        "idle_minutes": conf.SESSION_IDLE_SECONDS // 60,
        "longest_hours": conf.SESSION_LONGEST_SECONDS // 3600,
        "manages": may(Act.MANAGE_PEOPLE, person.workflow_role),
    }
    if context["manages"]:
        context |= of_the_clinic()
    return render(request, "shell/settings.html", context)


def of_the_clinic() -> dict[str, Any]:
    knowledge = knowledge_base.current()
    kinds = reviewed_by_kind()
    roles = roles_counted()
    return {
        "roles": roles,
        "people_count": sum(each.people for each in roles),
        "clinic": clinic_settings(),
        "jurisdiction": jurisdiction_title(),
        "rules": jurisdiction_rules(),
        "release": knowledge.release,
        "release_sha256": knowledge.sha256,
        "kinds": kinds,
        "all": in_all(kinds),
        "https": conf.HTTPS,
    }
