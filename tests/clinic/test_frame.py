"""What all pages share: rooms by role, look, content policy, words for what went wrong."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import mesoplan.clinic as clinic
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses.models import Assessment, Plan
from mesoplan.clinic.patients.models import Patient

TEMPLATES = sorted(Path(clinic.__file__).parent.rglob("templates/**/*.html"))


@pytest.mark.parametrize(
    ("role", "rooms"),
    [
        ("dermatologist", ["Today", "Patients", "Where drops land", "Evidence"]),
        ("nurse", ["Today", "Patients", "Where drops land", "Evidence"]),
        ("pharmacist", ["Today", "Evidence"]),
        ("front_desk", ["Today", "Patients", "Evidence"]),
        ("manager", ["Today", "Patients", "Evidence", "Audit", "Settings"]),
        ("auditor", ["Today", "Patients", "Evidence", "Audit"]),
    ],
)
def test_rooms_by_role(browser_of: Callable[[str], Client], role: str, rooms: list[str]) -> None:
    page = browser_of(role).get("/today").content.decode()
    bar = page[page.index('<nav class="rooms"') : page.index("</nav>")]
    assert re.findall(r"<span>([\w ]+)</span>", bar) == rooms
    assert bar.count("aria-current") == 1


def test_today_of_a_dermatologist(browser_of: Callable[[str], Client], draft: Plan) -> None:
    page = browser_of("dermatologist").get("/today").content.decode()
    assert "Plans to sign" in page
    assert "Halve mMASI" in page
    assert "Assessed, no plan yet" not in page


def test_today_of_a_nurse(browser_of: Callable[[str], Client], assessment: Assessment) -> None:
    page = browser_of("nurse").get("/today").content.decode()
    assert "Plans to sign" not in page
    assert "Assessed, no plan yet" in page
    assert "Lefèvre, Camille" in page


def test_today_of_the_front_desk_has_no_clinical_words(
    browser_of: Callable[[str], Client], draft: Plan, nurse: User
) -> None:
    Patient.objects.create(full_name="Nobody, Reaches", sort_key="n", birth_date="1990-01-01", added_by=nurse)
    page = browser_of("front_desk").get("/today").content.decode()
    assert "Halve mMASI" not in page
    assert "Nobody, Reaches" in page


def test_today_of_the_auditor_says_whether_the_chain_is_whole(browser_of: Callable[[str], Client], draft: Plan) -> None:
    assert "Chain verified to entry" in browser_of("auditor").get("/today").content.decode()


@pytest.mark.parametrize("path", ["/log-in", "/today", "/patients", "/nothing-here"])
def test_nothing_inline_is_allowed(browser_of: Callable[[str], Client], path: str) -> None:
    policy = browser_of("nurse").get(path)["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_inline_script_or_style(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\sstyle=|\son\w{3,}=|<style|javascript:", text)
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_pages_of_people_are_not_kept_by_the_browser(browser_of: Callable[[str], Client]) -> None:
    assert "no-store" in browser_of("nurse").get("/patients")["Cache-Control"]


@pytest.mark.parametrize("look", ["dark", "light", "system"])
def test_a_look_is_chosen_per_person(browser_of: Callable[[str], Client], look: str) -> None:
    client = browser_of("nurse")
    response = client.post("/settings/look", {"look": look, "next": "/patients?q=lef"})
    assert response["Location"] == "/patients?q=lef"
    assert f'data-look="{look}"' in client.get("/today").content.decode()
    assert 'data-look="system"' in browser_of("manager").get("/today").content.decode()
    assert AuditEntry.objects.latest("number").act == "choose_look"


def test_a_look_that_does_not_exist_is_refused(browser_of: Callable[[str], Client]) -> None:
    response = browser_of("nurse").post("/settings/look", {"look": "pink"})
    assert response.status_code == 422
    assert "Choose light, dark or as this device." in response.content.decode()


def test_a_look_never_leads_away(browser_of: Callable[[str], Client]) -> None:
    response = browser_of("nurse").post("/settings/look", {"look": "dark", "next": "//elsewhere.test/x"})
    assert response["Location"] == "/today"


def test_looking_takes_no_get(browser_of: Callable[[str], Client]) -> None:
    assert browser_of("nurse").get("/settings/look").status_code == 405


def test_a_refusal_is_a_page_and_for_htmx_a_part(browser_of: Callable[[str], Client]) -> None:
    whole = browser_of("nurse").get("/audit")
    part = browser_of("nurse").get("/audit", headers={"HX-Request": "true"})
    told = "Only a manager or an auditor can read the audit."
    assert (whole.status_code, part.status_code) == (403, 403)
    assert told in whole.content.decode()
    assert "<html" in whole.content.decode()
    assert told in part.content.decode()
    assert "<html" not in part.content.decode()
    assert part["HX-Retarget"] == "#refused"


def test_htmx_is_told_of_a_log_out_in_place(client: Client, db: None) -> None:
    response = client.get("/patients?q=lef", headers={"HX-Request": "true"})
    assert response.status_code == 403
    assert "You were logged out, so this was not saved." in response.content.decode()
    assert "<html" not in response.content.decode()


def test_nothing_here(browser_of: Callable[[str], Client]) -> None:
    response = browser_of("nurse").get("/patients/x/y/z")
    assert response.status_code == 404
    assert "There is nothing at this address." in response.content.decode()


def test_our_fault_has_a_reference_that_the_log_has_too(
    browser_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("mesoplan.clinic.shell.views.today.lists_for", broken)
    client = browser_of("nurse")
    client.raise_request_exception = False
    response = client.get("/today")
    told = re.search(r"Nothing was saved\. Reference ([0-9A-F]{4})\.", response.content.decode())
    assert response.status_code == 500
    assert told is not None
    assert f"Reference {told[1]}: GET /today" in caplog.text


def test_a_form_that_is_too_old_says_so(people: dict[Any, User]) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/log-in", {"login": "a@b.test", "password": "x"})
    assert response.status_code == 403
    assert "Go back, reload and send it again." in response.content.decode()
