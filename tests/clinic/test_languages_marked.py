"""Every page says everything in the reader's language: no text of it was left unmarked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import models
from django.test import Client

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses import actions as courses
from mesoplan.clinic.courses.models import Assessment, Course
from mesoplan.clinic.demo import PASSWORD, make_demo_clinic
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import actions as photos
from mesoplan.clinic.photos.models import ColourCard, PhotoSet, Purpose
from mesoplan.workflow import Role
from tests.clinic.case_documents import melasma_case
from tests.clinic.made_up_locale import CODE, in_made_up_language, made_up, unmarked_texts
from tests.clinic.photo_files import agreed, kept, kept_zone
from tests.clinic.plans import started
from tests.clinic.walk import every_view, walk

# Apps whose pages are not all marked yet. It gets shorter with each that is, and must become empty.
APPS_NOT_YET_MARKED: set[str] = set()

# Names, units and codes: alike in every language.
SAME_EVERYWHERE = {
    "Mesoplan",
    "mesoplan",
    "PDF",
    "CSV",
    "mL",
    "mm",
    "mg",
    "kg",
    "cm",
    "cm²",
    "mm²",
    "UTC",
    "mosm",
    "pH",
}
SAME_EVERYWHERE |= {"HTTPS"}
SAME_EVERYWHERE |= {"ColorChecker"}  # a product
SAME_EVERYWHERE |= {"II", "III", "IV", "VI"}  # phototypes
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DATE = re.compile(rf"\b\d{{1,2}}\s(?:{_MONTHS})\s\d{{4}}\b|^(?:{_MONTHS})(?:\s\d{{4}})?$")
# Written by shell.writing in a language that there is.
_TIME = re.compile(r"\d\s(?:days|weeks|months|years)\b")
_ADDRESS = re.compile(r"\S+@\S+|\b(?:atc|icd10|rxnorm|snomed):[\w.]+|\bP[0-9A-Z]{5,}\b|\b[0-9a-f]{7,}\b")
# A word has two letters or more and no digit in it; "r5" or "A-1042" are codes.
_WORD = re.compile(r"(?<![\w-])[^\W\d_]{2,}(?![\w-]*\d)")

# Where no link leads.
BY_ADDRESS = ("/log-out", "/me/again", "/me/keys/codes", "/me/keys/passkeys/new", "/me/keys/app/new")
NO_PAGES = {
    "only forms are sent there": {
        "assessments:amend", "assessments:start", "close_account", "courses:propose", "courses:revise",
        "courses:start", "courses:void", "editor:operations", "evidence:review", "evidence:take_back",
        "forecasts:void_score", "language", "look", "mfa_login_webauthn", "photos:add_to_set", "photos:bring_back",
        "photos:measure", "photos:template", "photos:use", "reset_factors", "set_required_factor", "set_role",
    },
    "answers with a part of a page, a picture, a document or data": {
        "assessments:find", "courses:head", "courses:map_style", "courses:sheet", "drops:later", "drops:reach",
        "editor:renewal", "evidence:trials_csv", "exposure:sheet", "leaflets:leaflet_pdf",
        "photos:compared", "photos:file", "photos:ghost", "session",
    },
    "leads on": {"home", "kept_form"},
    "asks for a passkey, which only a browser makes (test_log_in_in_browser)": {"mfa_remove_webauthn"},
    "before log-in; has a test of its own here": {"account_login", "mfa_authenticate"},
}  # fmt: skip


def said_by_people() -> list[str]:
    """What somebody typed into this clinic; the longest first."""
    rows = [row for model in (User, Patient, Course, Authenticator) for row in model.objects.all()]
    typed = {str(getattr(row, name)) for row in rows for name in _texts_of(type(row))}
    initials = {patient.initials for patient in Patient.objects.all()}
    return sorted((typed | initials | {PASSWORD}) - {""}, key=len, reverse=True)


def _texts_of(model: type[models.Model]) -> list[str]:
    texts = (models.CharField, models.TextField)
    return [each.name for each in model._meta.fields if isinstance(each, texts) and not each.choices]


def words_left(text: str, known: list[str]) -> list[str]:
    """Words of a text that are neither known nor the same everywhere."""
    for piece in (_DATE, _TIME, _ADDRESS):
        text = piece.sub(" ", text)
    for name in known:
        text = text.replace(name, " ")
    return [word for word in _WORD.findall(text) if word not in SAME_EVERYWHERE]


def left_unmarked(page: str) -> list[str]:
    known = said_by_people()
    return [text for text in unmarked_texts(page) if words_left(text, known)]


@pytest.fixture
def demo_clinic(db: None, settings: Any, tmp_path: Path) -> None:
    """Whatever a page can show: a draft, a signed plan with a later draft, photos, second factors."""
    settings.DEMO = True
    settings.PHOTOS = tmp_path
    make_demo_clinic()
    alma = User.objects.get(role=Role.DERMATOLOGIST.value)
    browser = Client()
    browser.force_login(alma)
    draft, signed = (_plan(browser, alma, patient) for patient in Patient.objects.order_by("pk")[:2])
    basis = courses.Basis(knowledge_release="2026.11", knowledge_sha256="ab" * 32, engine="0.1.0")
    courses.sign_plan(plan=signed, version=signed.version, basis=basis, printed_name="A", meaning="m", by=alma)
    signed.refresh_from_db()
    courses.start_revision(plan=signed, by=alma)
    photographed = draft.course.patient
    agreed(photographed, alma, [Purpose.PLANNING, Purpose.BEFORE_AFTER])
    kept_zone(photographed, alma, outlined=True)
    photo_set = kept(photographed, alma)
    PhotoSet.objects.filter(pk=photo_set.pk).update(colour_card=ColourCard.GREY)
    photos.use_face(photo_set=photo_set, by=alma)
    kept(photographed, alma, grey=True)
    kept(photographed, alma)
    TOTP.activate(alma, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(alma)
    assert draft.course != signed.course


def _plan(browser: Client, by: User, patient: Patient) -> Any:
    assessment = courses.start_assessment(patient=patient, case=melasma_case(), by=by)
    return started(browser, Assessment.objects.get(pk=assessment.pk))


def logged_in(role: str) -> Client:
    """Somebody who has given the password just now, and reads the made-up language."""
    User.objects.filter(role=role).update(language=CODE)
    browser = Client()
    person = User.objects.get(role=role)
    browser.force_login(person)
    browser.post("/me/again", {"password": PASSWORD})
    return browser


def test_no_text_of_a_page_was_left_unmarked(demo_clinic: None) -> None:
    unmarked: dict[str, list[str]] = {}
    views = set()
    with in_made_up_language():
        for role in ("dermatologist", "manager"):
            for page in walk(logged_in(role), "/today", *BY_ADDRESS):
                views.add(page.view)
                assert f'lang="{CODE}"' in page.text, page.address
                left = [] if page.app in APPS_NOT_YET_MARKED else left_unmarked(page.text)
                unmarked |= {page.address: left} if left else {}
        for role in ("nurse", "pharmacist", "front_desk", "auditor"):
            browser = logged_in(role)
            for address in ("/today", "/settings"):
                left = left_unmarked(browser.get(address).content.decode())
                unmarked |= {f"{role} {address}": left} if left else {}
    assert unmarked == {}
    assert set(every_view()) - views == set().union(*NO_PAGES.values())


def test_the_log_in_page_was_not_left_unmarked(demo_clinic: None) -> None:
    browser = Client()
    browser.cookies["language"] = CODE
    with in_made_up_language():
        for page in (browser.get("/log-in"), browser.post("/log-in", {"login": "", "password": ""})):
            assert left_unmarked(page.content.decode()) == []
        page = browser.post("/log-in", {"login": "moreau@demo.clinic", "password": PASSWORD}, follow=True)
        assert page.request["PATH_INFO"] == "/log-in/second-factor"
        assert left_unmarked(page.content.decode()) == []


def test_what_went_wrong_was_not_left_unmarked(demo_clinic: None) -> None:
    with in_made_up_language():
        browser = logged_in("manager")
        wrong = [
            browser.get("/nothing-here"),
            browser.get("/patients/new"),
            browser.post("/settings/look", {"look": "pink"}),
            browser.post("/settings/people/new", {"email": "no address", "password": "short"}),
            browser.get("/audit?since=when"),
        ]
        for page in wrong:
            assert left_unmarked(page.content.decode()) == []


def test_an_unmarked_text_is_noticed() -> None:
    page = f'<html lang="qaa"><p>{made_up("Hello %(name)s")}</p><p>Left out</p><p lang="en">Clot</p>'
    page += f'<p dir="auto">Camille</p><a title="Not marked" href="#">{made_up("Go on <b>to</b> it")} 38 mL</a>'
    left = unmarked_texts(page)
    assert left == ["Left out", "Not marked", "38 mL"]
    assert [words_left(text, []) for text in left] == [["Left", "out"], ["Not", "marked"], []]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Log in", "⟦Løg îñ~~⟧"),
        ("%(count)s <b>points</b>", "⟦%(count)s <b>pøîñtš</b>~~~~~~~~⟧"),
        ("", ""),
    ],
)
def test_the_made_up_language(text: str, told: str) -> None:
    assert made_up(text) == told
