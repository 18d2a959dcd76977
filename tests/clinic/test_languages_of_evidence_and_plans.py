"""Evidence, proposals, signing and leaflets in the reader's language; what is clinical text says that it is English."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.models import Assessment, Plan, Signature
from mesoplan.clinic.courses.proposal_words import CHOICE_WORDS
from mesoplan.clinic.courses.views.proposals import ORDERS
from mesoplan.clinic.evidence import reading, words
from mesoplan.clinic.evidence.reading import KIND_TITLES, entry_page
from mesoplan.clinic.evidence.words import BASIS, CHOICES, FIELDS
from mesoplan.domain.case import Value
from mesoplan.knowledge.cross_references import walk
from mesoplan.knowledge.schema.citation import Basis
from mesoplan.planning.propose import ORDER
from tests.clinic.case_documents import melasma_case
from tests.clinic.plans import started

PROTOCOL = "/evidence/protocols/melasma-tranexamic-acid-weekly"
SAID = {
    "/evidence": {"fr": "Toutes les fiches", "it": "Tutte le schede", "es": "Todas las fichas"},
    PROTOCOL: {"fr": "Volume par point", "it": "Volume per punto", "es": "Volumen por punto"},
    "/courses/{course}/proposals": {"fr": "Propositions", "it": "Proposte", "es": "Propuestas"},
    "/plans/{plan}/sign": {"fr": "Ce que vous signez", "it": "Che cosa si firma", "es": "Lo que firma"},
    "/plans/{plan}/leaflet": {"fr": "Retour au plan", "it": "Torna al piano", "es": "Volver al plan"},
}
LANGUAGES = ("fr", "it", "es")


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


@pytest.fixture
def alma(browser_of: Callable[[str], Client]) -> Client:
    return browser_of("dermatologist")


@pytest.fixture
def plan(alma: Client, assessment: Assessment) -> Plan:
    return started(alma, assessment)


def read(browser: Client, person: User, path: str, language: str, plan: Plan) -> str:
    User.objects.filter(pk=person.pk).update(language=language)
    answer = browser.get(path.format(plan=plan.pk, course=plan.course_id))
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", SAID)
def test_a_page_in_the_language_of_the_reader(
    alma: Client, plan: Plan, dermatologist: User, path: str, language: str
) -> None:
    page = read(alma, dermatologist, path, language, plan)
    assert f'<html lang="{language}"' in page
    assert SAID[path][language] in page


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (PROTOCOL, "Tranexamic acid 4 mg/mL, weekly, 12 sessions"),
        ("/courses/{course}/proposals", "Tranexamic acid 4 mg/mL, every 4 weeks, 3 sessions"),
        ("/plans/{plan}/sign", "Tranexamic acid 4 mg/mL in saline"),
    ],
)
def test_a_clinical_text_says_that_it_is_in_english(
    alma: Client, plan: Plan, dermatologist: User, path: str, text: str
) -> None:
    marked = re.compile(r'<span lang="en" class="untranslated"[^>]*>' + re.escape(text))
    assert marked.search(read(alma, dermatologist, path, "fr", plan))
    assert not marked.search(read(alma, dermatologist, path, "en", plan))


def test_the_sign_of_decimals_is_that_of_the_reader(alma: Client, plan: Plan, dermatologist: User) -> None:
    assert "0,05\u00a0mL" in read(alma, dermatologist, PROTOCOL, "it", plan)
    assert "0.05\u00a0mL" in read(alma, dermatologist, PROTOCOL, "en", plan)


def test_links_drawn_in_one_language_are_not_shown_in_another(alma: Client, plan: Plan, dermatologist: User) -> None:
    path = "/courses/{course}/proposals"
    assert ", not reviewed" in read(alma, dermatologist, path, "en", plan)
    french = read(alma, dermatologist, path, "fr", plan)
    assert ", non relu" in french
    assert ", not reviewed" not in french


def test_entries_are_found_by_what_the_reader_calls_them(alma: Client, plan: Plan, dermatologist: User) -> None:
    found = read(alma, dermatologist, "/evidence?q=tranexamique", "fr", plan)
    assert "Acide tranexamique" in found
    assert "Aucune fiche" in read(alma, dermatologist, "/evidence?q=zzzz", "fr", plan)


def test_what_is_signed_is_read_in_both_languages_and_kept_in_english(
    alma: Client, plan: Plan, dermatologist: User
) -> None:
    page = read(alma, dermatologist, "/plans/{plan}/sign", "es", plan)
    assert "prescribo este tratamiento" in page
    assert '<span lang="en">“I have examined this patient' in page
    shown = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("version", "checked")}
    typed = {name: found.group(1) for name, found in shown.items() if found}
    reasons = dict.fromkeys(re.findall(r'<textarea name="([^"]+)"', page), "Read with the patient, and accepted.")
    answer = alma.post(
        f"/plans/{plan.pk}/sign",
        {**typed, **reasons, "printed_name": dermatologist.printed_name, "password": "a long enough phrase"},
    )
    assert answer.status_code == 302
    assert Signature.objects.get().meaning.startswith("I have examined this patient")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refused_signature_says_what_to_mend(alma: Client, plan: Plan, dermatologist: User, language: str) -> None:
    User.objects.filter(pk=dermatologist.pk).update(language=language)
    page = alma.get(f"/plans/{plan.pk}/sign").content.decode()
    shown = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("version", "checked")}
    typed = {name: found.group(1) for name, found in shown.items() if found}
    answer = alma.post(f"/plans/{plan.pk}/sign", {**typed, "printed_name": "X"})
    said = {
        "fr": "Le nom doit être le vôtre",
        "it": "Il nome deve essere il proprio",
        "es": "El nombre debe ser el suyo",
    }
    assert answer.status_code == 422
    assert said[language] in answer.content.decode()


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_the_leaflet_begins_in_the_language_of_the_reader(
    alma: Client, plan: Plan, dermatologist: User, language: str
) -> None:
    page = read(alma, dermatologist, "/plans/{plan}/leaflet", language, plan)
    assert f'<article class="leaflet" lang="{language}"' in page


def test_every_ground_has_a_word() -> None:
    assert set(BASIS) == {basis.value for basis in Basis}


def test_every_reason_and_the_order_have_words() -> None:
    assert [str(said) for said in ORDERS.values()] == [ORDER]
    assert all(str(said) == choice.capitalize() for choice, said in CHOICE_WORDS.items())


class Asked(dict[str, Any]):
    """A table that remembers what was looked for in vain."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        super().__init__(table)
        self.missed: set[str] = set()

    def __contains__(self, name: object) -> bool:
        found = super().__contains__(name)
        self.missed |= set() if found else {str(name)}
        return found


def test_every_field_and_choice_of_every_entry_has_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the schema gains is named here, or it would stay English on a page of another language."""
    knowledge, fields, choices = knowledge_base.current(), Asked(FIELDS), Asked(CHOICES)
    monkeypatch.setattr(words, "FIELDS", fields)
    monkeypatch.setattr(reading, "CHOICES", choices)
    for kind in KIND_TITLES:
        for entry_id in knowledge.shelf(kind):
            entry_page(kind, entry_id, knowledge)
    assert fields.missed == set()
    literals = {
        value for kind in KIND_TITLES for entry in knowledge.shelf(kind).values() for value in _choices_of(entry)
    }
    assert choices.missed & literals == set()


def _choices_of(entry: Value) -> Iterator[str]:
    """The values of an entry that are one of a few."""
    for _path, model in walk(entry):
        for name, field in type(model).model_fields.items():
            if name not in WITHOUT_WORDS and ("Literal" in repr(field.annotation) or _is_enum(field.annotation)):
                value = getattr(model, name)
                for one in value if isinstance(value, tuple) else (value,):
                    yield str(getattr(one, "value", one))


WITHOUT_WORDS = {"unit", "level", "quality", "amount_unit", "phototype_from"}


def _is_enum(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Enum)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["zones", "scales", "jurisdictions", "leaflets"])
def test_labels_are_whole_in_each_language(kind: str, language: str) -> None:
    knowledge = knowledge_base.current()
    with override(language):
        for entry_id in list(knowledge.shelf(kind))[:5]:
            page = entry_page(kind, entry_id, knowledge)
            labels = [row.what for row in (*page.values, *page.favour, *page.against)] + [
                one.what for one in page.facts
            ]
            assert all(labels), entry_id
            assert not [label for label in labels if "_" in label], entry_id
