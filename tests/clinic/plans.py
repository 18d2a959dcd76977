"""A draft as the clinic makes it: proposed from a whole case, started, posted back field by field."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch

from django.test import Client
from django.urls import reverse

from mesoplan.clinic.courses.models import Assessment, Plan, ProposalSet
from mesoplan.clinic.courses.views import proposals as view
from mesoplan.domain.case import Case
from mesoplan.domain.proposal import Proposals
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.propose import propose

_worked_out: dict[str, tuple[Knowledge, Proposals]] = {}


def _remembered(case: Case, knowledge: Knowledge) -> Proposals:
    """The same input gives the same value, as tests of planning hold; hundreds of tests start from a few cases."""
    words = case.model_dump_json()
    if words not in _worked_out or _worked_out[words][0] is not knowledge:
        _worked_out[words] = knowledge, propose(case, knowledge)
    return _worked_out[words][1]


def started(browser: Client, assessment: Assessment, protocol: str = "melasma-tranexamic-acid-monthly") -> Plan:
    """A draft from the proposal of one protocol."""
    with patch.object(view, "propose_plans", _remembered):
        browser.post(reverse("courses:propose", args=[assessment.pk]))
    kept = ProposalSet.objects.filter(assessment=assessment).latest("pk")
    chosen = next(one["id"] for one in kept.proposals["proposals"] if one["protocol"] == protocol)
    browser.post(reverse("courses:start", args=[kept.course_id, chosen]))
    return Plan.objects.latest("pk")


class _Fields(HTMLParser):
    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.inside, self.select = form, False, ""
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id", "") == self.form or given.get("action", "") == self.form
        elif self.inside and tag in {"input", "textarea"} and "name" in given:
            self.found[given["name"]] = given.get("value", "")
        elif self.inside and tag == "select":
            self.select = given.get("name", "")
        elif self.inside and tag == "option" and "selected" in given:
            self.found[self.select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def fields_of(page: str, form: str = "plan-form") -> dict[str, str]:
    """What a browser would send from a form, named by its id or its action."""
    reader = _Fields(form)
    reader.feed(page)
    reader.found.pop("csrfmiddlewaretoken", None)
    return reader.found


def plan_address(plan: Plan) -> str:
    return reverse("courses:plan", args=[plan.pk])


def posted(browser: Client, plan: Plan, act: str = "save", **typed: str) -> Any:
    """The page's own form, sent with some fields typed over; underscores at the ends of names stand for nothing."""
    page = browser.get(plan_address(plan)).content.decode()
    return browser.post(plan_address(plan), {**fields_of(page), "act": act, **typed})
