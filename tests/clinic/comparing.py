"""The page of a comparison as its reader has it: what is chosen, and the table of differences cell by cell."""

from __future__ import annotations

import re

from django.test import Client

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses import actions
from mesoplan.clinic.courses.documents import basis
from mesoplan.clinic.courses.models import Course, Plan


def sign(plan: Plan, by: User) -> Plan:
    """The draft signed as it stands, whatever was found about it."""
    found = {**(plan.evaluation or {}), "findings": []}
    actions.save_draft(plan=plan, version=plan.version, content=plan.plan, evaluation=found, by=by)
    plan.refresh_from_db()
    actions.sign_plan(
        plan=plan, version=plan.version, basis=basis(), printed_name="Dr Alma Weiss", meaning="I order this.", by=by
    )
    plan.refresh_from_db()
    return plan


def address(course: Course, before: str = "", after: str = "") -> str:
    asked = "&".join(f"{name}={key}" for name, key in (("before", before), ("after", after)) if key)
    return f"/courses/{course.pk}/compare" + (f"?{asked}" if asked else "")


def shown(browser: Client, course: Course, before: str = "", after: str = "", status: int = 200) -> str:
    answer = browser.get(address(course, before, after))
    assert answer.status_code == status
    return str(answer.content.decode())


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def rows(page: str) -> list[list[str]]:
    """The table of differences, cell by cell, without marks."""
    if 'aria-label="Differences as a table"' not in page:
        return []
    table = page[page.index('aria-label="Differences as a table"') :]
    body = table[table.index("<tbody>") : table.index("</tbody>")]
    return [
        [plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)
    ]


def picked(page: str) -> list[str]:
    return re.findall(r'<option value="([^"]+)" selected>', page)


def options(page: str) -> list[str]:
    first = page[page.index('id="id_before"') : page.index('id="id_after"')]
    return [value.partition("-")[0] for value in re.findall(r'<option value="([^"]+)"', first)]
