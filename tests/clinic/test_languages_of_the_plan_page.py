"""The plan's page and its editor in the reader's language; what the engine says of a plan is marked as English."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.models import Assessment, Plan
from mesoplan.clinic.courses.plan_words import plan_words
from tests.clinic.case_documents import melasma_case
from tests.clinic.editing import sent
from tests.clinic.plans import plan_address, posted, started

LANGUAGES = ("fr", "it", "es")
PLACE = re.compile(r"\{\w+\}")
MOVE = {"op": "shift", "points": ["5"], "right_mm": 1.0, "up_mm": -1.0, "along": "front"}


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


@pytest.fixture
def alma(browser_of: Callable[[str], Client]) -> Client:
    return browser_of("dermatologist")


@pytest.fixture
def plan(alma: Client, assessment: Assessment) -> Plan:
    return started(alma, assessment)


@pytest.fixture
def reads(dermatologist: User) -> Callable[[str], None]:
    """The dermatologist takes another language."""

    def take(language: str) -> None:
        User.objects.filter(pk=dermatologist.pk).update(language=language)

    return take


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Placement", "Renew lattice", "Nothing selected", "Spacing", ">R<", ">L<", "point with its number"]),
        ("fr", ["Placement", "Renouveler la grille", "Aucune sélection", "Espacement", ">D<", ">G<", "Contrôle"]),
        ("it", ["Posizionamento", "Rinnova la griglia", "Nulla di selezionato", "Distanza", ">Dx<", ">Sx<"]),
        ("es", ["Colocación", "Renovar la malla", "Nada seleccionado", "Separación", ">D<", ">I<", "Comprobación"]),
    ],
)
def test_the_page_is_in_the_language_of_the_reader(
    alma: Client, plan: Plan, reads: Callable[[str], None], language: str, said: list[str]
) -> None:
    reads(language)
    page = alma.get(plan_address(plan)).content.decode()
    assert f'<html lang="{language}"' in page
    assert [text for text in said if text not in page] == []


@pytest.mark.parametrize(("language", "marked"), [("en", False), ("fr", True)])
def test_a_structure_on_the_map_says_that_its_name_is_english(
    alma: Client, plan: Plan, reads: Callable[[str], None], language: str, marked: bool
) -> None:
    reads(language)
    groups = re.findall(r'<g data-danger=""><title([^>]*)>', alma.get(plan_address(plan)).content.decode())
    assert groups
    assert set(groups) == ({' lang="en"'} if marked else {""})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_editor_keeps_its_places(language: str) -> None:
    english = plan_words()
    with override(language):
        told = plan_words()
    assert told.keys() == english.keys()
    for name, text in english.items():
        assert sorted(PLACE.findall(json.dumps(told[name]))) == sorted(PLACE.findall(json.dumps(text))), name


@pytest.mark.parametrize(
    ("language", "field", "typed", "said"),
    [
        ("fr", "syringes_1", "0", "Seringues : un nombre entier de 1 à 60. Vous avez écrit 0."),
        ("it", "session_1", "2026-02-30", "serve un giorno del calendario"),
        ("es", "session_1", "2001-01-01", "Ha escrito 1 ene 2001."),
        ("es", "needle_malar-right", "no-such-needle", "Elija una aguja de la lista."),
    ],
)
def test_what_is_to_be_mended_is_said_in_the_language_of_the_reader(
    alma: Client, plan: Plan, reads: Callable[[str], None], language: str, field: str, typed: str, said: str
) -> None:
    reads(language)
    answer = posted(alma, plan, **{field: typed})
    assert answer.status_code == 422
    assert said.replace(" :", "\u00a0:") in answer.content.decode()


@pytest.mark.parametrize(
    ("op", "said", "language"),
    [
        ({"op": "add", "view": "front", "points": [{"x": 500, "y": 0}]}, "L’emplacement est hors du visage.", "fr"),
        ({**MOVE, "points": ["777"]}, "Point 777 is not in the plan", "en"),
        ({"op": "paint"}, "ops.0: ", "en"),
    ],
)
def test_a_refused_change_says_its_language(
    alma: Client, plan: Plan, reads: Callable[[str], None], op: dict[str, Any], said: str, language: str
) -> None:
    reads("fr")
    answer = sent(alma, plan, op)
    assert answer.status_code == 422
    assert said in answer.json()["text"]
    assert answer.json()["lang"] == language


def test_who_was_faster_is_told_in_the_language_of_the_reader(
    alma: Client, plan: Plan, reads: Callable[[str], None]
) -> None:
    reads("fr")
    page = posted(alma, plan, **{"spacing_malar-right": "8", "version": "7"}).content.decode()
    assert "Malaire droite\u00a0: Espacement" in page


def test_a_save_says_how_many_points_there_are_now(alma: Client, plan: Plan, reads: Callable[[str], None]) -> None:
    reads("it")
    page = alma.get(posted(alma, plan, **{"spacing_malar-right": "8"}).headers["Location"]).content.decode()
    assert re.search(r"Salvato alle \d\d:\d\d\. \d+ → \d+ punti\.", page)
