"""What is waiting for me, and for whom? Each role sees what it may do something about."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.audit.queries import last_walk
from mesoplan.clinic.courses.queries import assessments_without_plan, drafts
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.patients.queries import without_contact
from mesoplan.clinic.requests import require
from mesoplan.clinic.shell.reviewed import in_all, reviewed_by_kind
from mesoplan.workflow import Act, may

SHOWN = 12


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    person = require(request, Act.SET_OWN_PREFERENCES)
    return render(request, "shell/today.html", {"now": timezone.localtime(), **waiting_for(person)})


def waiting_for(person: User) -> dict[str, Any]:
    """The lists of the page, only those that this role may act on; each with its whole count and its first
    rows."""
    role = person.workflow_role
    waiting: dict[str, Any] = {}
    if may(Act.VIEW_PATIENTS, role):
        waiting["newest"] = Patient.objects.order_by("-added_at", "-id")[:6]
    if may(Act.SIGN_PLAN, role):
        waiting["drafts"] = _first(drafts())
    if may(Act.PREFILL_ASSESSMENT, role):
        waiting["assessments"] = _first(assessments_without_plan())
    if may(Act.EDIT_PATIENT_CONTACT, role) and not may(Act.VIEW_CLINICAL, role):
        waiting["without_contact"] = _first(without_contact())
    if may(Act.REVIEW_VALUE, role) and not may(Act.VIEW_CLINICAL, role):
        waiting["review"] = _to_review()
    if may(Act.VIEW_AUDIT, role):
        waiting |= {"walk": last_walk(), "entries": AuditEntry.objects.all()[:8]}
    return waiting


def _to_review() -> dict[str, Any]:
    kinds = reviewed_by_kind()
    waiting = [one for one in kinds if one.open or one.lapsed]
    return {"all": in_all(kinds), "kinds": waiting, "release": knowledge_base.current().release}


def _first(rows: Any) -> dict[str, Any]:
    return {"count": rows.count(), "rows": rows[:SHOWN]}
