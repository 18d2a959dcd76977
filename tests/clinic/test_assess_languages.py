"""The assessment and the patient's page in four languages: questions, zones and scales by their titles, figures with
the reader's decimal sign, what is kept in English."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.assessments.overtaken import differences_of
from mesoplan.clinic.assessments.page import Mend, Page
from mesoplan.clinic.assessments.saving import Change
from mesoplan.clinic.courses.actions import start_assessment
from mesoplan.clinic.courses.models import Assessment
from mesoplan.clinic.patients.fold import query_words
from mesoplan.clinic.patients.models import Patient
from tests.clinic.case_documents import melasma_case

BrowserOf = Callable[[str], Client]
LANGUAGES = ("en", "fr", "it", "es")
SAID = {
    "en": ("Are you pregnant?", "Malar, right", "Right malar", "Goals by zone", "Not asked", "MASI, melasma area"),
    "fr": (
        "Êtes-vous enceinte\u00a0?",
        "Malaire droite",
        "Malaire gauche",
        "Buts par zone",
        "Non demandé",
        "MASI, indice",
    ),
    "it": (
        "È in gravidanza?",
        "Malare destra",
        "Malare sinistra",
        "Traguardi per zona",
        "Non chiesto",
        "MASI, indice di",
    ),
    "es": ("¿Está embarazada?", "Malar derecha", "Malar izquierda", "Metas por zona", "No preguntado", "MASI, índice"),
}
ITEMS = {region: {"a": 3, "d": 2, "h": 1} for region in ("forehead", "malar_right", "malar_left", "chin")}


@pytest.fixture
def assessed(patient: Patient, nurse: User) -> Assessment:
    scores = [{"scale": "masi", "on": timezone.localdate().isoformat(), "rater": "B", "mode": "live", "items": ITEMS}]
    case = melasma_case(scores=scores, answers={"pregnancy": "no", "allergy-fish": "yes"})
    case["patient"] |= {"weight": "62.5 kg", "phototype": "IV"}
    return start_assessment(patient=patient, case=case, by=nurse)


def in_language(browser: Client, language: str) -> Client:
    User.objects.filter(pk=browser.session["_auth_user_id"]).update(language=language)
    return browser


def read(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_is_read_in_the_language_of_the_person(
    browser_of: BrowserOf, assessed: Assessment, language: str
) -> None:
    page = read(in_language(browser_of("nurse"), language), f"/patients/{assessed.patient.ref}/assess")
    assert f'<html lang="{language}"' in page
    assert [text for text in SAID[language] if text not in page] == []
    foreign = [text for other in LANGUAGES if other != language for text in SAID[other][:5]]
    assert [text for text in foreign if text in page] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_and_zone_has_the_title_of_the_language(
    browser_of: BrowserOf, assessed: Assessment, language: str
) -> None:
    page = read(in_language(browser_of("nurse"), language), f"/patients/{assessed.patient.ref}/assess")
    form = page[page.index('id="history"') : page.index('id="picks"')]
    assert "untranslated" not in form
    knowledge = knowledge_base.current()
    with override(language):
        shown = Page(assessed.case, knowledge)
        assert shown.open_count
        titles = [group.title for group in shown.groups]
    assert [title for title in titles if f">{title}</h2>" not in page] == []


@pytest.mark.parametrize(("language", "notes"), [("en", 0), ("fr", 1), ("it", 1), ("es", 1)])
def test_it_is_said_that_nobody_has_reviewed_the_translation(
    browser_of: BrowserOf, assessed: Assessment, language: str, notes: int
) -> None:
    page = read(in_language(browser_of("nurse"), language), f"/patients/{assessed.patient.ref}/assess")
    assert page.count('class="hint translated"') == notes


@pytest.mark.parametrize(
    ("language", "score", "weight", "allergy"),
    [("en", "9", "62.5\u00a0kg", "fish"), ("fr", "9", "62,5\u00a0kg", "poisson"), ("it", "9", "62,5\u00a0kg", "pesce"),
     ("es", "9", "62,5\u00a0kg", "pescado")],
)  # fmt: skip
def test_the_strip_and_the_figures(
    browser_of: BrowserOf, assessed: Assessment, language: str, score: str, weight: str, allergy: str
) -> None:
    page = read(in_language(browser_of("nurse"), language), f"/patients/{assessed.patient.ref}/assess")
    assert weight in page
    assert f'<span dir="auto">{allergy}</span>' in page
    sign = "." if language == "en" else ","
    assert f"0{sign}3 × (2 + 1) × 3" in page


@pytest.mark.parametrize(
    ("language", "typed", "found"),
    [
        ("fr", "grossesse", "Projet de grossesse"),
        ("fr", "pilule", "Contraception hormonale combinée"),
        ("fr", "pregnancy", "Grossesse"),
        ("it", "pillola", "Contraccettivo ormonale combinato"),
        ("es", "embarazada", "Embarazo"),
        ("en", "the pill", "Combined hormonal contraceptive"),
    ],
)
def test_what_is_listed_is_found_by_names_of_the_language_and_english_ones(
    browser_of: BrowserOf, patient: Patient, language: str, typed: str, found: str
) -> None:
    browser = in_language(browser_of("nurse"), language)
    assert f"<b>{found}</b>" in read(browser, f"/patients/{patient.ref}/assess/find?find={typed}")


def test_what_was_picked_in_french_is_kept_by_its_id(browser_of: BrowserOf, assessed: Assessment) -> None:
    browser = in_language(browser_of("nurse"), "fr")
    sent = {"act": "pick:keloid", "version": assessed.version, "changed": "weight", "weight": "63,5"}
    browser.post(f"/patients/{assessed.patient.ref}/assess", sent, headers={"HX-Request": "true"})
    assessed.refresh_from_db()
    assert {"id": "keloid"} in assessed.case["conditions"]
    assert assessed.case["patient"]["weight"] == "63.5 kg"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Weight must be between 20 and 350 kg. You wrote 500."),
        ("fr", "Poids\u00a0: il faut une valeur entre 20 et 350 kg. Vous avez écrit 500."),
        ("it", "Peso: serve un valore fra 20 e 350 kg. È stato scritto 500."),
        ("es", "Peso: debe estar entre 20 y 350 kg. Ha escrito 500."),
    ],
)
def test_what_does_not_fit_is_told_in_the_language(
    browser_of: BrowserOf, assessed: Assessment, language: str, told: str
) -> None:
    sent = {"version": assessed.version, "changed": "weight", "weight": "500"}
    response = in_language(browser_of("nurse"), language).post(
        f"/patients/{assessed.patient.ref}/assess", sent, headers={"HX-Request": "true"}
    )
    assert told in response.content.decode()


def test_a_finding_stays_english_and_says_so(browser_of: BrowserOf, assessed: Assessment) -> None:
    page = read(in_language(browser_of("nurse"), "fr"), f"/patients/{assessed.patient.ref}/assess")
    panel = page[page.index('id="findings"') : page.index('id="needs"')]
    assert panel.count('lang="en"') >= 1
    assert "Blocage, tant que ce n’est pas demandé" in panel


def test_what_two_people_saved_is_named_in_the_language(assessed: Assessment) -> None:
    changed: dict[str, Any] = {**assessed.case, "patient": {**assessed.case["patient"], "weight": "70 kg"}}
    changed |= {"answers": {"pregnancy": "yes"}, "jurisdiction": "it", "scores": [], "goals": []}
    change = Change(before=assessed.case, document=changed, mends={"face_width": Mend("?", ("9",))})
    with override("fr"):
        rows = differences_of(change, knowledge_base.current())
    named = {row["what"] for row in rows}
    assert {"Grossesse", "Poids", "Juridiction", "Score", "MASI, Menton, A", "Buts par zone", "Zones du but 1"} <= named
    assert "" not in named
    assert {"what": "Grossesse", "theirs": "Non", "yours": "Oui"} in rows
    assert {"what": "Largeur du visage", "theirs": "", "yours": "9"} in rows


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Assessments", "On record since", "Assessment, open", "Propose plans from the assessment")),
        ("fr", ("Bilans", "Dossier ouvert le", "Bilan, ouvert", "Proposer des plans à partir du bilan")),
        ("it", ("Valutazioni", "In archivio dal", "Valutazione, aperta", "Proporre piani dalla valutazione")),
        ("es", ("Valoraciones", "Registrado desde", "Valoración, abierta", "Proponer planes a partir de")),
    ],
)
def test_the_page_of_a_patient(
    browser_of: BrowserOf, assessed: Assessment, language: str, words: tuple[str, ...]
) -> None:
    page = read(in_language(browser_of("dermatologist"), language), f"/patients/{assessed.patient.ref}")
    assert [text for text in words if text not in page] == []
    scored = re.search(r"MASI 9 \w+ 48", page)
    assert scored, "the score stands in the timeline"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["/patients", "/patients/new", "/patients/{ref}/edit"])
def test_the_other_pages_of_a_patient(browser_of: BrowserOf, patient: Patient, language: str, address: str) -> None:
    page = read(in_language(browser_of("front_desk"), language), address.format(ref=patient.ref))
    assert f'<html lang="{language}"' in page
    assert ("Record number" in page) is (language == "en")


@pytest.mark.parametrize(
    "typed",
    ["4 May 1985", "4 mai 1985", "4 maggio 1985", "4 de mayo de 1985", "4 mag 1985", "04.05.1985", "1985-05-04"],
)
def test_a_birthday_is_found_as_people_write_it(typed: str) -> None:
    assert query_words(typed) == ["19850504"]


@pytest.mark.parametrize(
    ("typed", "day"),
    [("1er juin 1990", date(1990, 6, 1)), ("2 juil. 1990", date(1990, 7, 2)), ("3 août 1990", date(1990, 8, 3)),
     ("3 luglio 1990", date(1990, 7, 3)), ("3 giugno 1990", date(1990, 6, 3)), ("9 ene 1990", date(1990, 1, 9)),
     ("9 dic 1990", date(1990, 12, 9)), ("9 févr. 1990", date(1990, 2, 9)), ("5 set 1990", date(1990, 9, 5))],
)  # fmt: skip
def test_months_of_four_languages(typed: str, day: date) -> None:
    assert query_words(typed) == [f"{day:%Y%m%d}"]
