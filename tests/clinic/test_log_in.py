"""Logging in: one sentence for both fields, a wait in words after wrong passwords, everything in the audit."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mesoplan.clinic.accounts.lockout import FREE_TRIES, in_words, waiting_time
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry

PASSWORD = "a long enough phrase"


def log_in(client: Client, email: str = "nurse@clinic.test", password: str = PASSWORD) -> Any:
    return client.post("/log-in", {"login": email, "password": password})


def test_the_right_person_comes_in(client: Client, nurse: User) -> None:
    response = log_in(client)
    assert response.status_code == 302
    assert response["Location"] == "/today"
    assert AuditEntry.objects.latest("number").act == "log_in"


def test_the_way_that_was_wanted_is_gone_on_after_log_in(client: Client, nurse: User) -> None:
    refused = client.get("/patients?q=lef")
    assert refused["Location"] == "/log-in?next=/patients%3Fq%3Dlef"
    response = client.post(refused["Location"], {"login": nurse.email, "password": PASSWORD, "next": "/patients?q=lef"})
    assert response["Location"] == "/patients?q=lef"


@pytest.mark.parametrize("email", ["nurse@clinic.test", "nobody@clinic.test"])
def test_wrong_says_the_same_whether_the_person_exists_or_not(client: Client, nurse: User, email: str) -> None:
    response = log_in(client, email, "wrong")
    assert response.status_code == 422
    assert "E-mail and password do not belong together." in response.content.decode()
    assert f'value="{email}"' in response.content.decode()
    entry = AuditEntry.objects.latest("number")
    assert (entry.act, entry.who, entry.who_name) == ("log_in_refused", email, "")


def test_after_five_wrong_passwords_the_right_one_waits_too(client: Client, nurse: User) -> None:
    for _ in range(FREE_TRIES):
        log_in(client, password="wrong")
    response = log_in(client)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Too many wrong passwords for this e-mail. Try again in " in page
    assert "_auth_user_id" not in client.session
    assert AuditEntry.objects.filter(act="log_in_refused").count() == FREE_TRIES


def test_the_wait_doubles_up_to_an_hour_and_ends(nurse: User) -> None:
    client, now = Client(), timezone.now()
    for _ in range(FREE_TRIES):
        log_in(client, password="wrong")
    first = waiting_time(nurse.email, now)
    assert timedelta(seconds=50) < first <= timedelta(seconds=70)
    assert waiting_time(nurse.email, now + timedelta(minutes=2)) == timedelta(0)
    assert waiting_time("other@clinic.test", now) == timedelta(0)


def test_a_log_in_forgets_the_wrong_tries_before_it(client: Client, nurse: User) -> None:
    for _ in range(FREE_TRIES - 1):
        log_in(client, password="wrong")
    assert log_in(client).status_code == 302
    log_in(Client(), password="wrong")
    assert waiting_time(nurse.email, timezone.now()) == timedelta(0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (40, "40 seconds"),
        (59.5, "1 minute"),
        (60, "1 minute"),
        (61, "2 minutes"),
        (3600, "60 minutes"),
    ],
)
def test_waiting_time_in_words(seconds: float, words: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == words


def test_a_closed_account_does_not_come_in(client: Client, nurse: User) -> None:
    User.objects.filter(pk=nurse.pk).update(is_active=False)
    assert log_in(client).status_code == 422
    assert "_auth_user_id" not in client.session


def test_a_session_of_a_closed_account_ends_at_once(browser_of: Callable[[str], Client], nurse: User) -> None:
    client = browser_of("nurse")
    User.objects.filter(pk=nurse.pk).update(is_active=False)
    assert client.get("/today").status_code == 302


def test_nobody_signs_up(client: Client, db: None) -> None:
    for path in ("/signup/", "/accounts/signup/", "/sign-up"):
        assert client.get(path).status_code in {302, 404}
    with pytest.raises(Exception, match="account_signup"):
        reverse("account_signup")


def test_demo_people_are_listed_in_a_demo_only(client: Client, db: None, settings: Any) -> None:
    assert "Dr A. Moreau" not in client.get("/log-in").content.decode()
    settings.DEMO = True
    assert "Dr A. Moreau" in client.get("/log-in").content.decode()


def test_logging_out_takes_a_post_and_is_audited(browser_of: Callable[[str], Client]) -> None:
    client = browser_of("nurse")
    assert client.get("/log-out").status_code == 200
    assert client.get("/today").status_code == 200
    client.post("/log-out")
    assert AuditEntry.objects.latest("number").act == "log_out"
    assert client.get("/today").status_code == 302


def test_a_session_ends_after_an_idle_hour(browser_of: Callable[[str], Client]) -> None:
    client = browser_of("nurse")
    client.get("/today")
    session = client.session
    session["seen"] -= 3601
    session.save()
    assert client.get("/today")["Location"].startswith("/log-in")


def test_a_session_ends_twelve_hours_after_it_began(browser_of: Callable[[str], Client]) -> None:
    client = browser_of("nurse")
    client.get("/today")
    session = client.session
    session["began"] -= 12 * 3600 + 1
    session.save()
    assert client.get("/today")["Location"].startswith("/log-in")
