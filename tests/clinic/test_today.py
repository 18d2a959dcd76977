"""What waits for whom: what stops work, the lists of each role, the days that signed plans set, and how the page asks
again by itself."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.accounts.sessions import SEEN
from mesoplan.clinic.courses import actions
from mesoplan.clinic.courses.models import Assessment, Plan
from mesoplan.clinic.patients.actions import add_patient
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.shell import waiting
from mesoplan.domain.writing import date_text
from tests.clinic.test_planned_days import change, schedule, signed

BrowserOf = Callable[[str], Client]
CLINICAL_WORDS = ("Session", "Score", "Review the course", "Signed", "stands", "plan/", "assess", "Halve")


@pytest.fixture
def in_force(patient: Patient, dermatologist: User) -> Plan:
    """Sessions today and in 28 days; scores today and in 5 days."""
    return signed(patient, dermatologist, schedule(0, 28, score=(0, 5)))


def today(browser: Client, **asked: str) -> str:
    return browser.get("/today", asked).content.decode()


def part(page: str, name: str) -> str:
    """The section of the page with this heading."""
    found = page[page.index(f'aria-labelledby="{name}"') :]
    return found[: found.index("</section>")]


def words(piece: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", piece).split())


def in_days(days: int) -> str:
    return date_text(timezone.localdate() + timedelta(days=days))


# -- What stops work


@pytest.mark.parametrize(("role", "act"), [("dermatologist", "Sign again"), ("nurse", "Open the plan")])
def test_a_signature_that_no_longer_stands_comes_first(
    browser_of: BrowserOf, patient: Patient, in_force: Plan, dermatologist: User, role: str, act: str
) -> None:
    assert "Stops work" not in today(browser_of(role))
    change(patient, dermatologist, {"weight": 70})
    page = today(browser_of(role))
    told = words(part(page, "alerts"))
    assert "Lefèvre, Camille" in told
    assert f"The assessment changed on {in_days(0)}, after this was signed. Sign again." in told
    assert told.endswith(f"today {act}")
    assert f'href="/plans/{in_force.pk}"' in part(page, "alerts")
    assert page.index("Stops work") < page.index('id="days"')
    assert "no longer stands" in words(part(page, "days"))


@pytest.mark.parametrize("role", ["front_desk", "manager", "auditor", "pharmacist"])
def test_who_reads_nothing_clinical_is_not_told_why_a_plan_stopped(
    browser_of: BrowserOf, patient: Patient, in_force: Plan, dermatologist: User, role: str
) -> None:
    change(patient, dermatologist, {"weight": 70})
    page = today(browser_of(role))
    assert "Stops work" not in page
    assert "The assessment changed" not in page


def test_more_alerts_than_are_shown_are_counted(browser_of: BrowserOf, dermatologist: User, monkeypatch: Any) -> None:
    for number in range(4):
        patient = add_patient(by=dermatologist, full_name=f"P{number}", birth_date=date(1990, 1, 1))
        signed(patient, dermatologist, schedule(number))
        change(patient, dermatologist, {"weight": number})
    monkeypatch.setattr(waiting, "SHOWN", 2)
    told = words(part(today(browser_of("nurse")), "alerts"))
    assert "4 plans" in told
    assert re.findall(r"P\d", told) == ["P0", "P1"]
    assert "The 2 with the soonest session are shown" in told
    monkeypatch.setattr(waiting, "MOST_ALERTS", 3)
    assert "more than 3" in words(part(today(browser_of("nurse")), "alerts"))


# -- What waits


def test_nothing_waits(browser_of: BrowserOf) -> None:
    for role in ("dermatologist", "nurse", "front_desk", "manager", "auditor"):
        assert "Nothing waits for you." in today(browser_of(role)), role


def test_a_draft_waits_for_the_dermatologist_with_its_age(browser_of: BrowserOf, draft: Plan) -> None:
    Plan.objects.update(changed_at=timezone.now() - timedelta(days=3, hours=1))
    listed = part(today(browser_of("dermatologist")), "drafts")
    assert "Lefèvre, Camille Halve mMASI · Dr Alma Weiss 3 days Open the plan" in words(listed)
    assert f'href="/plans/{draft.pk}"' in listed
    assert "Nothing waits" not in today(browser_of("dermatologist"))
    assert 'id="drafts"' not in today(browser_of("nurse"))


def test_a_score_waits_until_somebody_assessed(
    browser_of: BrowserOf, patient: Patient, dermatologist: User, nurse: User
) -> None:
    signed(patient, dermatologist, schedule(-30, score=(-7, -60)))
    Assessment.objects.update(changed_at=timezone.now() - timedelta(days=70))
    told = words(part(today(browser_of("nurse")), "scores"))
    assert f"Score of {in_days(-7)}, not assessed since 7 days Open the plan" in told
    assert in_days(-60) not in told  # eight weeks ago and older: the course was left
    Assessment.objects.update(changed_at=timezone.now())
    assert 'id="scores"' not in today(browser_of("nurse"))


def test_a_long_list_is_counted_and_its_oldest_shown(
    browser_of: BrowserOf, dermatologist: User, monkeypatch: Any
) -> None:
    for number in range(4):
        patient = add_patient(by=dermatologist, full_name=f"P{number}", birth_date=date(1990, 1, 1))
        actions.start_assessment(patient=patient, case={}, by=dermatologist)
    monkeypatch.setattr(waiting, "SHOWN", 2)
    told = words(part(today(browser_of("nurse")), "assessments"))
    assert re.findall(r"P\d", told) == ["P0", "P1"]
    assert "The first 2 of 4 are shown" in told


# -- The days


@pytest.mark.parametrize("role", ["dermatologist", "nurse"])
def test_the_days_in_order_with_what_and_state(browser_of: BrowserOf, in_force: Plan, role: str) -> None:
    listed = part(today(browser_of(role)), "days")
    told = words(listed)
    assert f"{in_days(0)} · today Lefèvre, Camille Session 1 of 2, Score Signed r1 Open the plan" in told
    assert told.endswith(f"{in_days(5)} Lefèvre, Camille Score Signed r1 Open the plan")
    assert listed.count(f'href="/plans/{in_force.pk}"') == 2


@pytest.mark.parametrize("role", ["front_desk", "manager", "auditor"])
def test_dates_and_names_alone_without_clinical_words(
    browser_of: BrowserOf, in_force: Plan, patient: Patient, role: str
) -> None:
    page = today(browser_of(role))
    listed = part(page, "days")
    assert words(listed).endswith(f"{in_days(5)} Lefèvre, Camille Open")
    assert listed.count(f'href="/patients/{patient.ref}"') == 2
    lists = page[page.index('id="today"') :]
    assert [word for word in CLINICAL_WORDS if word in words(lists).replace("as signed plans set them", "")] == []


def test_days_without_anything_say_so(browser_of: BrowserOf, patient: Patient, dermatologist: User) -> None:
    signed(patient, dermatologist, schedule(-1, 8))
    assert "No signed plan sets anything for these days." in today(browser_of("nurse"))


def test_the_page_asks_the_same_number_of_questions_for_many_patients(
    browser_of: BrowserOf, dermatologist: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        patient = add_patient(by=dermatologist, full_name=f"P{number}", birth_date=date(1990, 1, 1))
        signed(patient, dermatologist, schedule(number, score=(number,)))
        change(patient, dermatologist, {"weight": number})
    browser = browser_of("dermatologist")
    today(browser)
    with django_assert_max_num_queries(18):
        today(browser)


# -- Asking again


def again(browser: Client, **shown: str) -> Any:
    return browser.get("/today", shown, headers={"HX-Request": "true", "X-Unattended": "1"})


def what_it_shows(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(shown|alerts)" value="([^"]*)">', page))


def test_nothing_is_sent_while_nothing_changed(browser_of: BrowserOf, in_force: Plan) -> None:
    browser = browser_of("nurse")
    shown = what_it_shows(today(browser))
    answer = again(browser, **shown)
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_change_is_sent_as_a_part_and_a_new_alert_is_spoken_once(
    browser_of: BrowserOf, patient: Patient, in_force: Plan, dermatologist: User
) -> None:
    browser = browser_of("nurse")
    shown = what_it_shows(today(browser))
    change(patient, dermatologist, {"weight": 70})
    answer = again(browser, **shown)
    piece = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in piece
    said = re.search(r"data-say>([^<]+)<", piece)
    assert said is not None
    assert said[1].startswith("1 new alert: Lefèvre, Camille. The assessment changed on")
    later = again(browser, shown="", alerts=what_it_shows(piece)["alerts"])
    assert "data-say" not in later.content.decode()


def test_asking_by_itself_keeps_nobody_logged_in(browser_of: BrowserOf, in_force: Plan) -> None:
    browser = browser_of("nurse")
    session = browser.session
    session[SEEN] = session["began"] = long_ago = int(time.time()) - 3000
    session.save()
    again(browser)
    assert browser.session[SEEN] == long_ago
    today(browser)
    assert browser.session[SEEN] > long_ago


def test_a_session_that_ended_is_said_in_place(client: Client, db: None) -> None:
    assert again(client)["X-Logged-Out"] == "1"
