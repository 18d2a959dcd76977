"""Named people and one patient: Alma may, Bruno may less, Chiara may least of what is clinical."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
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
