"""A clinic to try: six people who log in and seven made-up patients who differ in what matters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

from django.db import transaction
from django.utils import timezone

from mesoplan.clinic.accounts.actions import add_person
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.assessments.draft import shifted
from mesoplan.clinic.courses.actions import start_assessment
from mesoplan.clinic.demo_course import ASSESSED, enter_course
from mesoplan.clinic.patients.actions import Contact, add_patient
from mesoplan.clinic.patients.models import Patient
from mesoplan.knowledge.yaml_reading import read_text
from mesoplan.workflow import Role

PASSWORD = "mesoplan demo"  # noqa: S105  # printed on the log-in page; only a demo clinic knows it


@dataclass(frozen=True)
class DemoPerson:
    email: str
    printed_name: str
    role: Role


PEOPLE = (
    DemoPerson("moreau@demo.clinic", "Dr A. Moreau", Role.DERMATOLOGIST),
    DemoPerson("roy@demo.clinic", "S. Roy", Role.NURSE),
    DemoPerson("lindqvist@demo.clinic", "P. Lindqvist", Role.PHARMACIST),
    DemoPerson("petit@demo.clinic", "L. Petit", Role.FRONT_DESK),
    DemoPerson("garnier@demo.clinic", "M. Garnier", Role.MANAGER),
    DemoPerson("weber@demo.clinic", "K. Weber", Role.AUDITOR),
)

# Each stands for a question that a plan has to answer; the clinical part is in demo_cases, by record number.
PATIENTS: tuple[Contact, ...] = (
    # melasma in a woman of 41, darker skin: the case that the product was made for
    Contact(
        full_name="Lefèvre, Camille",
        called="Camille",
        birth_date=date(1985, 5, 4),
        sex_at_birth="female",
        phone="+33 6 39 98 14 27",
        email="camille.lefevre@mail.example",
        record_number="A-1042",
    ),
    # a man: thicker skin, another depth
    Contact(
        full_name="Okafor, Daniel",
        called="Daniel",
        birth_date=date(1979, 11, 18),
        sex_at_birth="male",
        phone="+33 6 39 98 51 03",
        email="d.okafor@mail.example",
        record_number="A-1077",
    ),
    # past 60: thin skin, several medicines
    Contact(
        full_name="Bianchi, Maria Grazia",
        called="Mariagrazia",
        birth_date=date(1961, 2, 27),
        sex_at_birth="female",
        phone="+39 345 091 2284",
        record_number="A-0931",
    ),
    # may become pregnant: what blocks
    Contact(
        full_name="Haddad, Leïla",
        called="Leïla",
        birth_date=date(1996, 8, 9),
        sex_at_birth="female",
        phone="+33 7 56 78 30 12",
        email="leila.haddad@mail.example",
        record_number="A-1103",
    ),
    # body zones and a heavy patient: doses by weight
    Contact(
        full_name="Novák, Petra",
        called="Petra",
        birth_date=date(1990, 12, 1),
        sex_at_birth="female",
        phone="+33 6 39 98 77 40",
        record_number="A-1118",
    ),
    # the same name as the first: a namesake to be told apart
    Contact(
        full_name="Lefèvre, Camille",
        called="Camille",
        birth_date=date(2001, 3, 22),
        sex_at_birth="male",
        phone="+33 7 56 78 64 95",
        email="camille.l@mail.example",
        record_number="A-1126",
    ),
    # under treatment, with scores: how many more sessions?
    Contact(
        full_name="Benali, Nadia",
        called="Nadia",
        birth_date=date(1988, 1, 16),
        sex_at_birth="female",
        phone="+33 6 39 98 62 18",
        email="nadia.benali@mail.example",
        record_number="A-0988",
    ),
)
UNDER_TREATMENT = "A-0988"


@transaction.atomic
def make_demo_clinic() -> bool:
    """Fill an empty clinic. Returns False, and changes nothing, when somebody can log in already."""
    if User.objects.exists():
        return False
    people = [
        add_person(email=each.email, printed_name=each.printed_name, role=each.role, password=PASSWORD, by=None)
        for each in PEOPLE
    ]
    today = timezone.localdate()
    for contact in PATIENTS:
        patient = add_patient(by=people[0], **contact)
        if patient.record_number == UNDER_TREATMENT:
            case = demo_case(patient.record_number, today - ASSESSED)
            enter_course(patient=patient, case=case, password=PASSWORD, by=people[0])
        else:
            start_assessment(patient=patient, case=demo_case(patient.record_number, today), by=people[0])
    return Patient.objects.exists()


def demo_case(record_number: str, day: date) -> dict[str, Any]:
    """The case of a demo patient as if it had been recorded on a day counted from today, so that no demo grows old."""
    file = resources.files("mesoplan.clinic") / "demo_cases" / f"{record_number.lower()}.yaml"
    return shifted(read_text(file.read_text(encoding="utf-8"), file.name), day)
