"""Named people and one patient: Alma may, Bruno may less, Chiara may least of what is clinical."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.test import Client

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses import actions as courses
from mesoplan.clinic.courses.models import Assessment, Course, Plan
from mesoplan.clinic.patients import actions as patients
from mesoplan.clinic.patients.models import Patient
from mesoplan.workflow import Role

PASSWORD = "a long enough phrase"
NAMES = {
    Role.DERMATOLOGIST: "Dr Alma Weiss",
    Role.NURSE: "Bruno Sala",
    Role.PHARMACIST: "Falk Apotheker",
    Role.FRONT_DESK: "Chiara Conti",
    Role.MANAGER: "Dario Mann",
    Role.AUDITOR: "Edda Audit",
}


@pytest.fixture
def people(db: None) -> dict[Role, User]:
    return {
        role: User.objects.create_user(f"{role.value}@clinic.test", PASSWORD, printed_name=name, role=role.value)
        for role, name in NAMES.items()
    }


@pytest.fixture
def dermatologist(people: dict[Role, User]) -> User:
    return people[Role.DERMATOLOGIST]


@pytest.fixture
def nurse(people: dict[Role, User]) -> User:
    return people[Role.NURSE]


@pytest.fixture
def manager(people: dict[Role, User]) -> User:
    return people[Role.MANAGER]


@pytest.fixture
def browser_of(people: dict[Role, User]) -> Callable[[str | Role], Client]:
    """`browser_of("nurse")` is a browser in which the nurse is logged in."""

    def browser(role: str | Role) -> Client:
        client = Client()
        client.force_login(people[Role(role)])
        return client

    return browser


@pytest.fixture
def patient(dermatologist: User) -> Patient:
    return patients.add_patient(
        by=dermatologist,
        full_name="Lefèvre, Camille",
        called="Camille",
        birth_date=date(1985, 5, 4),
        sex_at_birth="female",
        phone="+33 6 12 34 56 78",
        email="camille@mail.test",
        record_number="A-1042",
    )


@pytest.fixture
def case() -> dict[str, Any]:
    return {"patient": {"weight_kg": 62}, "goals": ["melasma"]}


@pytest.fixture
def assessment(patient: Patient, case: dict[str, Any], dermatologist: User) -> Assessment:
    return courses.start_assessment(patient=patient, case=case, by=dermatologist)


@pytest.fixture
def course(patient: Patient, dermatologist: User) -> Course:
    return courses.open_course(patient=patient, goal="Halve mMASI", by=dermatologist)


@pytest.fixture
def draft(course: Course, assessment: Assessment, dermatologist: User) -> Plan:
    return courses.start_plan(
        course=course,
        assessment=assessment,
        plan={"spacing_mm": 10.0},
        evaluation={"findings": []},
        by=dermatologist,
    )


class _Answers:
    """How many answers the live server is at."""

    def __init__(self) -> None:
        self.lock, self.count = threading.Lock(), 0
        request_started.connect(self.begin)
        request_finished.connect(self.end)

    def begin(self, **_: Any) -> None:
        with self.lock:
            self.count += 1

    def end(self, **_: Any) -> None:
        with self.lock:
            self.count -= 1

    def wait(self, seconds: float = 10.0) -> None:
        until = time.monotonic() + seconds
        while self.count > 0 and time.monotonic() < until:
            time.sleep(0.01)


@pytest.fixture(autouse=True)
def _nothing_under_way(request: pytest.FixtureRequest) -> Iterator[None]:
    """The database is emptied after a test that used the live server: first what it is still at must be done, or its
    transaction takes the emptying back."""
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    answers = _Answers()
    yield
    answers.wait()
