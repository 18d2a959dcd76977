"""Sessions end: the page knows when, one tap extends, and what was sent too late is kept for the same person."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from mesoplan.clinic.accounts import kept
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.accounts.sealing import seal
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.patients.models import Patient

PASSWORD = "a long enough phrase"
FORM = {"full_name": "Novák, Petra", "birth_date": "1990-12-01", "phone": "+33 6 39 98 77 40"}


def age(client: Client, *, idle: int = 0, long: int = 0) -> None:
    """Let so many seconds have gone by since the last use, or since log-in."""
    client.get("/today")
    session = client.session
    session["seen"] -= idle
    session["began"] -= idle + long
    session.save()


def log_in(client: Client, email: str, to: str) -> str:
    posted = {"login": email, "password": PASSWORD, "next": to}
    return str(client.post("/log-in", posted)["Location"])


# -- How long


def test_every_page_says_when_the_session_ends(browser_of: Callable[[str], Client]) -> None:
    client = browser_of("nurse")
    response = client.get("/today")
    assert int(response["X-Session-Ends-In"]) in range(3595, 3601)
    told = re.search(r'data-ends-in="(\d+)"', response.content.decode())
    assert told is not None
    assert int(told[1]) in range(3595, 3601)


def test_asking_how_long_extends_nothing(browser_of: Callable[[str], Client]) -> None:
    client = browser_of("nurse")
    age(client, idle=3500)
    asked = client.get("/session", headers={"X-Unattended": "1"}).json()
    assert asked["ends_in"] in range(90, 101)
    assert asked["extendable"] is True
    assert client.get("/session", headers={"X-Unattended": "1"}).json()["ends_in"] <= 100


def test_one_tap_extends(browser_of: Callable[[str], Client]) -> None:
    client = browser_of("nurse")
    age(client, idle=3500)
    assert client.post("/session").json()["ends_in"] in range(3595, 3601)


def test_twelve_hours_are_not_extended(browser_of: Callable[[str], Client]) -> None:
    client = browser_of("nurse")
    age(client, long=12 * 3600 - 100)
    told = client.post("/session").json()
    assert told["ends_in"] in range(90, 101)
    assert told["extendable"] is False


def test_whoever_is_logged_out_is_told_so(client: Client, db: None) -> None:
    assert client.get("/session").json() == {"ends_in": 0}
    assert client.post("/session").json() == {"ends_in": 0}


@pytest.mark.parametrize(("idle", "long", "why"), [(3601, 0, "idle"), (0, 12 * 3600 + 1, "12 hours")])
def test_the_end_is_audited(browser_of: Callable[[str], Client], idle: int, long: int, why: str) -> None:
    client = browser_of("nurse")
    age(client, idle=idle, long=long)
    assert client.get("/today")["Location"] == "/log-in?next=/today"
    entry = AuditEntry.objects.latest("number")
    assert (entry.act, entry.who, entry.after) == ("session_ended", "nurse@clinic.test", {"why": why})
    assert "The session had ended" in client.get("/log-in").content.decode()


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Accept": "application/json"}])
def test_a_script_is_told_by_a_header_and_in_words(
    browser_of: Callable[[str], Client], headers: dict[str, str]
) -> None:
    client = browser_of("nurse")
    age(client, idle=3601)
    response = client.post("/patients/new", FORM, headers=headers)
    assert (response.status_code, response["X-Logged-Out"]) == (403, "1")
    assert "What you typed is still here" in response.content.decode()
    assert not Patient.objects.exists()
    assert not kept.is_kept(client.session)  # the page keeps it


# -- What was sent too late, without script


@pytest.fixture
def late(browser_of: Callable[[str], Client]) -> Client:
    """The nurse's browser, which sent a new patient after an idle hour."""
    client = browser_of("nurse")
    age(client, idle=3601)
    page = {"Referer": "http://testserver/patients/new?q=nov"}
    response = client.post("/patients/new", FORM | {"new_password": "hush hush"}, headers=page)
    assert response["Location"] == "/log-in?next=/session/kept"
    return client


def fields_of(page: str) -> dict[str, str]:
    form = page[page.index('action="/patients/new"') :]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[: form.index("</form>")])
    return {name: unescape(value) for name, value in found}


def test_what_was_sent_too_late_is_shown_after_log_in_and_sent(late: Client) -> None:
    assert not Patient.objects.exists()
    assert "It is kept for half an hour" in late.get("/log-in").content.decode()
    assert log_in(late, "nurse@clinic.test", "/session/kept") == "/session/kept"
    page = late.get("/session/kept").content.decode()
    assert "Novák, Petra" in page
    assert "Missing here: new_password." in page
    fields = fields_of(page)
    assert {name: fields[name] for name in FORM} == FORM
    late.post("/patients/new", fields)
    assert Patient.objects.get().full_name == "Novák, Petra"


def test_what_is_kept_is_sealed_and_holds_no_password(late: Client) -> None:
    assert "Nov" not in str(dict(late.session))
    form = kept.kept_for(late.session, late.session["ended_for"])
    assert form is not None
    assert "hush hush" not in str(form)


def test_it_is_shown_to_nobody_else(late: Client) -> None:
    log_in(late, "front_desk@clinic.test", "/session/kept")
    assert late.get("/session/kept")["Location"] == "/today"
    log_in(late, "nurse@clinic.test", "/session/kept")
    assert late.get("/session/kept")["Location"] == "/today"


def test_it_is_left_and_gone(late: Client) -> None:
    log_in(late, "nurse@clinic.test", "/session/kept")
    assert late.post("/session/kept")["Location"] == "/patients/new?q=nov"
    assert late.get("/session/kept")["Location"] == "/today"
    assert not Patient.objects.exists()


def test_once_sent_it_is_gone(late: Client) -> None:
    log_in(late, "nurse@clinic.test", "/session/kept")
    late.post("/patients/new", fields_of(late.get("/session/kept").content.decode()))
    assert late.get("/session/kept")["Location"] == "/today"


def test_after_half_an_hour_it_is_gone(late: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    log_in(late, "nurse@clinic.test", "/session/kept")
    now = time.time()
    monkeypatch.setattr("cryptography.fernet.time.time", lambda: now + kept.SECONDS + 1)
    assert kept.kept_for(late.session, late.session["_auth_user_id"]) is None


def test_what_was_sealed_for_something_else_is_not_shown(late: Client) -> None:
    log_in(late, "nurse@clinic.test", "/session/kept")
    session = late.session
    session[kept.KEPT] = seal("{}", purpose="second factor")
    session.save()
    assert late.get("/session/kept")["Location"] == "/today"


def test_a_page_of_another_site_is_never_gone_back_to(browser_of: Callable[[str], Client]) -> None:
    client = browser_of("nurse")
    age(client, idle=3601)
    client.post("/patients/new", FORM, headers={"Referer": "http://elsewhere.test/x"})
    log_in(client, "nurse@clinic.test", "/session/kept")
    assert client.post("/session/kept")["Location"] == "/today"


def test_a_second_form_sent_too_late_is_kept_too(late: Client) -> None:
    late.post("/patients/new", FORM | {"full_name": "Second, Form"})
    log_in(late, "nurse@clinic.test", "/session/kept")
    assert "Second, Form" in late.get("/session/kept").content.decode()


def test_nothing_is_kept_of_strangers(client: Client, nurse: User) -> None:
    response = client.post("/patients/new", FORM)
    assert response["Location"] == "/log-in?next=/patients/new"
    assert not kept.is_kept(client.session)


def test_too_much_is_not_kept_and_goes_the_usual_way(browser_of: Callable[[str], Client]) -> None:
    client = browser_of("nurse")
    age(client, idle=3601)
    response = client.post("/patients/new", FORM | {"called": "x" * kept.MOST_CHARACTERS})
    assert response["Location"] == "/log-in?next=/patients/new"
    assert not kept.is_kept(client.session)


def test_logging_out_by_hand_keeps_nothing(browser_of: Callable[[str], Any]) -> None:
    client = browser_of("nurse")
    client.post("/log-out")
    assert client.post("/patients/new", FORM)["Location"] == "/log-in?next=/patients/new"
    assert not kept.is_kept(client.session)
