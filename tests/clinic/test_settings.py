"""How the clinic works, as its manager reads it; everybody else sees their own part."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import RequiredFactor, User
from mesoplan.clinic.environment import jurisdictions
from mesoplan.clinic.evidence.cited_values import value_sha256, values_of
from mesoplan.clinic.evidence.models import ValueReview, Verdict
from mesoplan.clinic.shell.clinic_facts import jurisdiction_rules
from mesoplan.planning.jurisdiction import profile

BrowserOf = Callable[[str], Client]
OF_THE_CLINIC = ("People and roles", "Clinic and jurisdiction", "Knowledge release", "MESOPLAN_")


def words(piece: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", piece).split())


def section(page: str, name: str) -> str:
    found = page[page.index(f'<section class="panel" id="{name}"') :]
    return words(found[: found.index("</section>")])


@pytest.mark.parametrize("role", ["dermatologist", "nurse", "pharmacist", "front_desk", "auditor"])
def test_everybody_sees_their_own_part_alone(browser_of: BrowserOf, role: str) -> None:
    page = browser_of(role).get("/settings").content.decode()
    own = section(page, "you")
    assert "Device Light Dark" in own
    assert "Français" in own
    assert "no second factor" in own
    assert "logged out after 60 minutes" in section(page, "sessions")
    assert "logged out 12 hours after log-in" in section(page, "sessions")
    assert [each for each in OF_THE_CLINIC if each in page] == []


def test_the_manager_sees_every_section(browser_of: BrowserOf) -> None:
    page = browser_of("manager").get("/settings").content.decode()
    assert [each for each in OF_THE_CLINIC if each not in page] == []
    for name in re.findall(r'<li><a href="#(\w+)">', page):
        assert f'id="{name}"' in page
    assert "backup" not in page.lower()  # none is made
    assert 'href="/settings/people"' in page


def test_nothing_but_a_get_is_answered(browser_of: BrowserOf) -> None:
    assert browser_of("manager").post("/settings").status_code == 405
    assert Client().get("/settings").status_code == 302


def test_a_look_chosen_there_leads_back(browser_of: BrowserOf) -> None:
    browser = browser_of("nurse")
    answer = browser.post("/settings/look", {"look": "dark", "next": "/settings"})
    assert answer["Location"] == "/settings"
    assert 'value="dark" aria-pressed="true"' in browser.get("/settings").content.decode()


def test_people_by_role_and_who_has_a_second_factor(browser_of: BrowserOf, people: Any, manager: User) -> None:
    User.objects.filter(role="auditor").update(is_active=False)
    RequiredFactor.objects.create(role="nurse", set_by=manager)
    told = section(browser_of("manager").get("/settings").content.decode(), "people")
    assert "Nurse 1 required · 0 of 1 have one" in told
    assert "Pharmacist 1 own choice · 0 of 1 have one" in told
    assert "Auditor 0 own choice" in told
    assert "5 people who can log in" in told
    assert "Nurse: required, 0 of 1 have one" in section(
        browser_of("manager").get("/settings").content.decode(), "sessions"
    )


def test_values_and_where_they_are_set(browser_of: BrowserOf, settings: Any) -> None:
    settings.CLINIC_NAME, settings.CLINIC_TELEPHONE, settings.JURISDICTION = "Skin & Co", "+39 02 12", "it"
    told = section(browser_of("manager").get("/settings").content.decode(), "clinic")
    assert "Name at the head of printed plans Skin &amp; Co MESOPLAN_CLINIC_NAME" in told
    assert "+39 02 12 MESOPLAN_CLINIC_TELEPHONE" in told
    assert "112 MESOPLAN_EMERGENCY_TELEPHONE" in told
    assert f"{settings.TIME_ZONE} MESOPLAN_TIME_ZONE" in told
    assert "Italy MESOPLAN_JURISDICTION" in told


@pytest.mark.parametrize("jurisdiction", [*sorted(jurisdictions()), "unknown"])
def test_what_the_jurisdiction_changes_is_what_plans_are_held_to(settings: Any, jurisdiction: str) -> None:
    settings.JURISDICTION = jurisdiction
    held, shown = profile(knowledge_base.current(), jurisdiction), {one.name: one for one in jurisdiction_rules()}
    assert shown["Active substances in one syringe"].value == f"{held.max_actives_per_syringe.value} at most"
    assert shown["Mixing in the clinic"].value == ("allowed" if held.mixing_allowed.value else "not allowed")
    assert shown["Prohibitions"].value.startswith(f"{len(held.prohibitions)},")
    assert shown["Duties"].value.startswith(f"{len(held.duties)},")
    assert bool(shown["Mixing in the clinic"].whose) is (held.mixing_allowed.borrowed or jurisdiction == "unknown")
    compounds = sum(int(one.value) for name, one in shown.items() if name.startswith("Compounds"))
    assert 0 < compounds <= len(knowledge_base.current().compounds)


def test_each_rule_leads_to_its_entry(browser_of: BrowserOf, settings: Any) -> None:
    settings.JURISDICTION = "fr"
    browser = browser_of("manager")
    assert {browser.get(one.href).status_code for one in jurisdiction_rules()} == {200}
    assert jurisdiction_rules()[0].href == "/evidence/jurisdictions/fr"


def test_the_release_with_its_hash_and_what_was_reviewed(browser_of: BrowserOf, dermatologist: User) -> None:
    knowledge = knowledge_base.current()
    cited = values_of("compounds", "tranexamic-acid", knowledge)["limits.1"]
    ValueReview.objects.create(
        kind="compounds", entry_id="tranexamic-acid", path="limits.1", value_sha256=value_sha256(cited),
        knowledge_release=knowledge.release, verdict=Verdict.CONFIRM, reviewed_by=dermatologist,
    )  # fmt: skip
    told = section(browser_of("manager").get("/settings").content.decode(), "release")
    assert knowledge.release in told
    assert knowledge.sha256 in told
    assert re.search(r"Compounds \d+ \d+ \d+ 1 0", told)
    assert re.search(r"All \d+ \d+ \d+ 1 0$", told)


def test_the_parts_of_pages_are_named_in_a_demo_only(browser_of: BrowserOf, settings: Any) -> None:
    assert "/settings/components" not in browser_of("manager").get("/settings").content.decode()
    settings.DEMO = True
    assert 'id="parts"' in browser_of("manager").get("/settings").content.decode()


def test_people_lead_back_to_the_settings(browser_of: BrowserOf) -> None:
    page = browser_of("manager").get("/settings/people").content.decode()
    assert '<a class="muted" href="/settings">' in page
    assert re.search(r'<a href="/settings" aria-current="page">', page)
