"""Which language a page is in: the person's own; before log-in that of a cookie, else the browser's, else English."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils.translation import override

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses.models import Plan
from mesoplan.clinic.shell.parts import UnitField
from mesoplan.clinic.shell.refusals import sentence
from mesoplan.clinic.shell.templatetags.mesoplan import english
from mesoplan.clinic.shell.writing import date_text, number_text, quantity_text, range_text
from mesoplan.workflow import Act, NotPermitted, Overtaken, Refused, Role, check_may

TODAY = {
    "en": "Nothing waits for you.",
    "fr": "Rien ne vous attend.",
    "it": "Nulla è in attesa.",
    "es": "Nada está en espera.",
}
LOG_IN = {"en": "Log in", "fr": "Se connecter", "it": "Accedi", "es": "Iniciar sesión"}


def speaks(page: Any, language: str) -> bool:
    """The page says so to browsers, and the answer to whatever lies between."""
    return f'<html lang="{language}"' in page.content.decode() and page["Content-Language"] == language


@pytest.mark.parametrize("language", TODAY)
def test_today_in_the_language_of_the_person(
    browser_of: Callable[[str], Client], dermatologist: User, language: str
) -> None:
    User.objects.filter(pk=dermatologist.pk).update(language=language)
    page = browser_of("dermatologist").get("/today", headers={"Accept-Language": "it"})
    assert speaks(page, language)
    assert TODAY[language] in page.content.decode()


@pytest.mark.parametrize("language", LOG_IN)
def test_the_log_in_page_in_the_language_of_the_browser(client: Client, db: None, language: str) -> None:
    page = client.get("/log-in", headers={"Accept-Language": f"{language}-XX,de;q=0.5"})
    assert speaks(page, language)
    assert LOG_IN[language] in page.content.decode()


def test_a_language_that_there_is_not_is_english(client: Client, db: None) -> None:
    assert speaks(client.get("/log-in", headers={"Accept-Language": "ja,de;q=0.8"}), "en")


def test_caches_are_told_what_the_language_depends_on(client: Client, db: None) -> None:
    assert {"Accept-Language", "Cookie"} <= set(client.get("/log-in")["Vary"].split(", "))


def test_before_log_in_the_choice_is_kept_in_a_cookie(client: Client, people: dict[Role, User]) -> None:
    answer = client.post("/language", {"language": "fr", "next": "/log-in?next=/patients"})
    assert answer["Location"] == "/log-in?next=/patients"
    cookie = answer.cookies["language"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("fr", True, "Lax")
    assert speaks(client.get("/log-in", headers={"Accept-Language": "es"}), "fr")
    client.force_login(people[Role.NURSE])  # who has chosen none: as before log-in
    assert speaks(client.get("/today"), "fr")
    assert AuditEntry.objects.count() == 0


def test_the_choice_of_a_person_is_kept_audited_and_theirs_alone(browser_of: Callable[[str], Client]) -> None:
    browser = browser_of("nurse")
    answer = browser.post("/language", {"language": "es", "next": "/patients?q=lef"})
    assert answer["Location"] == "/patients?q=lef"
    assert speaks(browser.get("/today"), "es")
    assert speaks(browser_of("nurse").get("/today"), "es")  # on another device too
    assert speaks(browser_of("manager").get("/today"), "en")
    entry = AuditEntry.objects.latest("number")
    assert (entry.act, entry.before, entry.after) == ("choose_language", {"language": ""}, {"language": "es"})


def test_the_page_offers_all_and_says_which_is_chosen(browser_of: Callable[[str], Client]) -> None:
    browser = browser_of("nurse")
    browser.post("/language", {"language": "it"})
    page = browser.get("/today").content.decode()
    for code, name in (("en", "English"), ("fr", "Français"), ("it", "Italiano"), ("es", "Español")):
        pressed = "true" if code == "it" else "false"
        assert f'value="{code}" lang="{code}" aria-pressed="{pressed}">{name}</button>' in page


def test_a_language_that_does_not_exist_is_refused(browser_of: Callable[[str], Client]) -> None:
    answer = browser_of("nurse").post("/language", {"language": "tlh"})
    assert answer.status_code == 422
    assert "Choose English, Français, Italiano or Español." in answer.content.decode()


def test_a_language_never_leads_away_and_takes_no_get(browser_of: Callable[[str], Client]) -> None:
    browser = browser_of("nurse")
    assert browser.post("/language", {"language": "fr", "next": "//elsewhere.test/x"})["Location"] == "/today"
    assert browser.get("/language").status_code == 405


def test_who_must_set_up_a_second_factor_may_choose_a_language(
    browser_of: Callable[[str], Client], manager: User
) -> None:
    browser_of("manager").post("/settings/people/required-factor", {"role": "nurse", "required": "yes"})
    assert browser_of("nurse").post("/language", {"language": "fr", "next": "/me/keys"})["Location"] == "/me/keys"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Only a manager or an auditor can read the audit."),
        ("fr", "Lire le journal d’audit est réservé aux rôles Direction et Audit."),
        ("it", "Leggere il registro di audit è riservato ai ruoli Direzione e Audit."),
        ("es", "Leer el registro de auditoría está reservado a las funciones Dirección y Auditoría."),
    ],
)
def test_a_refusal_of_the_workflow_in_every_language(
    browser_of: Callable[[str], Client], nurse: User, language: str, told: str
) -> None:
    User.objects.filter(pk=nurse.pk).update(language=language)
    page = browser_of("nurse").get("/audit")
    assert page.status_code == 403
    assert told in page.content.decode()
    part = browser_of("nurse").get("/audit", headers={"HX-Request": "true"})
    assert told in part.content.decode()


def test_a_refusal_that_is_stored_or_logged_is_english() -> None:
    with override("fr"), pytest.raises(NotPermitted) as refused:
        check_may(Act.VIEW_AUDIT, Role.NURSE)
    assert str(refused.value) == "Only a manager or an auditor can read the audit."


def test_a_refusal_with_values_fills_the_translated_sentence() -> None:
    overtaken = Overtaken("Dr Alma Weiss", datetime(2026, 11, 23, 14, 31, tzinfo=UTC))
    with override("fr"):
        assert sentence(overtaken).startswith("Dr Alma Weiss a enregistré à 14:31.")
        assert sentence(Refused("38 % was written here")) == "38 % was written here"
        assert sentence(Refused("")) == ""
    assert str(overtaken).startswith("Dr Alma Weiss saved at 14:31.")


@pytest.mark.parametrize("address", ["/nothing-here", "/audit"])
def test_what_went_wrong_is_told_in_french(browser_of: Callable[[str], Client], nurse: User, address: str) -> None:
    User.objects.filter(pk=nurse.pk).update(language="fr")
    page = browser_of("nurse").get(address)
    assert speaks(page, "fr")
    assert "Aller à Aujourd’hui" in page.content.decode()


def test_a_wrong_log_in_is_told_in_italian(client: Client, people: dict[Role, User]) -> None:
    client.post("/language", {"language": "it"})
    wrong = {"login": "nurse@clinic.test", "password": "x"}
    page = client.post("/log-in", wrong).content.decode()
    assert "E-mail e password non corrispondono." in page
    for _ in range(4):
        client.post("/log-in", wrong)
    assert "Riprovi tra 1 minuto." in client.post("/log-in", wrong).content.decode()


def test_a_form_that_is_too_old_is_told_in_spanish(people: dict[Role, User]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["language"] = "es"
    page = client.post("/log-in", {"login": "a@b.test", "password": "x"})
    assert "Este formulario es demasiado antiguo" in page.content.decode()


def test_the_audit_is_kept_in_english_and_read_in_french(
    browser_of: Callable[[str], Client], manager: User, draft: Plan
) -> None:
    User.objects.filter(pk=manager.pk).update(language="fr")
    page = browser_of("manager").get("/audit").content.decode()
    assert AuditEntry.objects.filter(act="start_plan", thing=f"plan {draft.pk}").exists()
    assert "commencer un plan" in page
    assert f"plan {draft.pk}" in page
    assert "Dermatologue" in page


@pytest.mark.parametrize(
    ("language", "number", "amount", "span", "shown"),
    [
        ("en", "0.04", "1\u202f200.5\u00a0mg", "0.7–1.3\u00a0mm", "0.04"),
        ("fr", "0,04", "1\u202f200,5\u00a0mg", "0,7–1,3\u00a0mm", "0,04"),
        ("it", "0,04", "1\u202f200,5\u00a0mg", "0,7–1,3\u00a0mm", "0,04"),
        ("es", "0,04", "1\u202f200,5\u00a0mg", "0,7–1,3\u00a0mm", "0,04"),
        ("ja", "0.04", "1\u202f200.5\u00a0mg", "0.7–1.3\u00a0mm", "0.04"),
    ],
)
def test_numbers_as_the_reader_writes_them(language: str, number: str, amount: str, span: str, shown: str) -> None:
    with override(language):
        assert number_text(0.04) == number
        assert quantity_text(1200.5, "mg", decimals=1) == amount
        assert range_text(0.7, 1.3, "mm") == span
        assert UnitField("v", "V", "mL", "0.04", 0.01).shown == shown


@pytest.mark.parametrize("typed", ["0.5.", "1.2 cm", "", "2 . 0", "12"])
def test_what_was_typed_and_is_no_number_stays_as_it_was(typed: str) -> None:
    with override("fr"):
        assert UnitField("v", "V", "mL", typed, 0.01).shown == typed


def test_days_as_the_reader_writes_them() -> None:
    written = []
    for language in ("en", "fr", "it", "es"):
        with override(language):
            written.append(date_text(date(2026, 11, 30)))
    assert written == ["30 Nov 2026", "30 nov. 2026", "30 nov 2026", "30 nov 2026"]


def test_numbers_for_machines_keep_the_point() -> None:
    with override("fr"):
        drawn = Template('<rect x="{{ x }}" width="{{ wide }}">').render(Context({"x": 0.5, "wide": 12000}))
    assert drawn == '<rect x="0.5" width="12000">'


def test_a_text_that_is_not_translated_yet_says_so() -> None:
    with override("en"):
        assert english("A clot & more") == "A clot &amp; more"
    with override("fr"):
        told = english("A clot & more")
        assert told.startswith('<span lang="en" class="untranslated" title="Pas encore traduit')
        assert told.endswith(">A clot &amp; more</span>")
        assert english("") == english(None) == ""


def test_the_foot_of_a_page_says_that_texts_are_in_english(
    browser_of: Callable[[str], Client], dermatologist: User
) -> None:
    assert "untranslated-foot" not in browser_of("dermatologist").get("/today").content.decode()
    User.objects.filter(pk=dermatologist.pk).update(language="it")
    assert "non ancora tradotti" in browser_of("dermatologist").get("/today").content.decode()


def test_what_stands_for_a_telephone_is_in_the_language_of_the_leaflet(settings: Any) -> None:
    told = []
    for language in ("en", "fr", "it", "es"):
        with override(language):
            told.append(str(settings.CLINIC_TELEPHONE))
    assert told[0] == "the number on your appointment card"
    assert len(set(told)) == 4
