"""The list and its search: part words, accents ignored, dates in any common order, phone from either end."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.patients.actions import add_patient, edit_patient_contact
from mesoplan.clinic.patients.forms import carried_over
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.patients.queries import found
from mesoplan.workflow import Role


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("Lefèvre", True),
        ("lefevre", True),
        ("LEF", True),
        ("camille lef", True),
        ("lef cam 1985", True),
        ("efevre", False),
        ("lefevre daniel", False),
        ("1985-05-04", True),
        ("04.05.1985", True),
        ("4/5/1985", True),
        ("4 May 1985", True),
        ("5 May 1985", False),
        ("1985", True),
        ("+33 6 12 34 56 78", True),
        ("06 12 34 56 78", True),
        ("061234", True),
        ("5678", True),
        ("A-1042", True),
        ("a1042", True),
        ("camille@mail", True),
        ("%", True),  # no word in it: as an empty search
        ("'; DROP TABLE", False),
    ],
)
def test_what_finds_camille_lefevre_born_4_may_1985(patient: Patient, typed: str, is_found: bool) -> None:
    assert found(typed).filter(pk=patient.pk).exists() is is_found


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Łukaszewski, Jan", "lukasz"),
        ("O'Brien, Siobhán", "brien siob"),
        ("Öztürk, I\u015f\u0131l", "ozturk isil"),
        ("李小龍", "李小"),
    ],
)
def test_names_in_other_letters(dermatologist: User, name: str, typed: str) -> None:
    added = add_patient(by=dermatologist, full_name=name, birth_date=date(1990, 1, 1))
    assert list(found(typed)) == [added]


def test_the_reference_of_a_print_finds_the_patient(patient: Patient) -> None:
    assert list(found(patient.ref.lower())) == [patient]


def test_a_changed_name_is_found_and_the_old_one_no_longer(patient: Patient, nurse: User) -> None:
    edit_patient_contact(patient=patient, version=1, by=nurse, full_name="Marchand, Camille")
    assert found("marchand").exists()
    assert not found("lefevre").exists()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PHARMACIST])
def test_all_who_meet_patients_may_look_up(browser_of: Callable[[Role], Client], patient: Patient, role: Role) -> None:
    response = browser_of(role).get("/patients?q=lefevre")
    assert response.status_code == 200
    assert "Lefèvre, Camille" in response.content.decode()


def test_a_pharmacist_sees_no_patient(browser_of: Callable[[Role], Client], patient: Patient) -> None:
    response = browser_of(Role.PHARMACIST).get("/patients?q=lefevre")
    assert response.status_code == 403
    assert "Lefèvre" not in response.content.decode()


def test_the_front_desk_sees_nothing_clinical(browser_of: Callable[[str], Client], draft: object) -> None:
    assert "plan to sign" in browser_of("nurse").get("/patients").content.decode()
    assert "plan to sign" not in browser_of("front_desk").get("/patients").content.decode()


def test_strangers_are_sent_to_log_in(client: Client, db: None) -> None:
    assert client.get("/patients").status_code == 302


def test_htmx_gets_the_rows_alone_and_says_how_many(browser_of: Callable[[str], Client], patient: Patient) -> None:
    part = browser_of("nurse").get("/patients?q=lef", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "data-say>1 patient<" in part


def test_two_of_the_same_name_are_marked(browser_of: Callable[[str], Client], patient: Patient, nurse: User) -> None:
    add_patient(by=nurse, full_name="LEFEVRE Camille", birth_date=date(2001, 3, 22))
    page = browser_of("nurse").get("/patients").content.decode()
    assert page.count("same name") == 2
    assert "<b>4 May 1985</b>" in page


def test_nobody_found_carries_the_words_over(browser_of: Callable[[str], Client], patient: Patient) -> None:
    client = browser_of("front_desk")
    page = client.get("/patients?q=Okafor 18.11.1979").content.decode()
    assert "Nobody found for ‘<bdi>Okafor 18.11.1979</bdi>’." in page
    assert "/patients/new?birth_date=1979-11-18&amp;full_name=Okafor" in page
    form = client.get("/patients/new?birth_date=1979-11-18&full_name=Okafor").content.decode()
    assert 'value="Okafor"' in form
    assert 'value="1979-11-18"' in form


def test_what_a_search_carries_over() -> None:
    assert carried_over("lefev 1985") == {"full_name": "lefev"}
    assert carried_over("06 12 34 56 78") == {}
