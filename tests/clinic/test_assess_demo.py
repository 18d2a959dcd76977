"""The seven cases of the demo: each is a case, belongs to its patient, and stands for what it says."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from importlib import resources

import pytest

from mesoplan.clinic.assessments.questions import terms_of
from mesoplan.clinic.courses.models import Assessment
from mesoplan.clinic.demo import PATIENTS, demo_case, make_demo_clinic
from mesoplan.clinic.knowledge_base import current
from mesoplan.knowledge.case_reading import read_case
from mesoplan.planning.facts import Facts, Truth
from mesoplan.planning.propose import propose
from mesoplan.planning.screen import screen

FOLDER = resources.files("mesoplan.clinic") / "demo_cases"
CONTACTS = {contact["record_number"]: contact for contact in PATIENTS}


@pytest.mark.parametrize("number", CONTACTS)
def test_each_is_a_case_of_its_patient(number: str) -> None:
    file = FOLDER / f"{number.lower()}.yaml"
    case = read_case(file.read_text(encoding="utf-8"), file.name, current())
    assert case.patient.birth_date == CONTACTS[number]["birth_date"]
    assert case.patient.sex == CONTACTS[number]["sex_at_birth"]


def test_there_is_a_file_for_each_and_no_other() -> None:
    assert {file.name for file in FOLDER.iterdir()} == {f"{number.lower()}.yaml" for number in CONTACTS}


# record number, what screening says by severity, whether anything is proposed
@pytest.mark.parametrize(
    ("number", "said", "proposed"),
    [
        ("A-1042", {}, True),
        ("A-1077", {"warn": 1}, True),
        ("A-0931", {"warn": 1, "info": 1}, True),
        ("A-1103", {"block": 4, "wait": 3, "warn": 4}, False),
        ("A-1118", {}, True),
        ("A-1126", {"wait": 1, "warn": 1}, True),
        ("A-0988", {"warn": 1}, True),
    ],
)
def test_what_each_stands_for(number: str, said: dict[str, int], proposed: bool) -> None:
    file = FOLDER / f"{number.lower()}.yaml"
    case = read_case(file.read_text(encoding="utf-8"), file.name, current())
    assert Counter(finding.severity.value for finding in screen(case, current())) == said
    assert bool(propose(case, current()).proposals) is proposed


@pytest.mark.parametrize("number", ["A-1042", "A-1077", "A-0931", "A-1118", "A-1126", "A-0988"])
def test_all_but_one_were_asked_everything(number: str) -> None:
    file = FOLDER / f"{number.lower()}.yaml"
    case = read_case(file.read_text(encoding="utf-8"), file.name, current())
    facts = Facts(case, current(), case.start)
    asked = terms_of(demo_case(number, case.as_of), current())
    assert [term.id for term in asked if facts.truth(term.id) is Truth.UNKNOWN] == []


def test_no_demo_grows_old() -> None:
    day = date(2031, 1, 7)
    case = demo_case("A-1126", day)
    assert case["as_of"] == "2031-01-07"
    assert case["procedures"][0]["on"] == (day - timedelta(days=9)).isoformat()
    assert case["patient"]["birth_date"] == "2001-03-22"


@pytest.mark.django_db
def test_every_demo_patient_is_assessed() -> None:
    assert make_demo_clinic()
    assert Assessment.objects.count() == len(PATIENTS)
    for assessment in Assessment.objects.select_related("patient"):
        assert assessment.case["patient"]["birth_date"] == assessment.patient.birth_date.isoformat()
