"""Titles in French, Italian and Spanish: whole, of things that there are, with the figures of English, not reviewed."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from mesoplan.domain.errors import KnowledgeError
from mesoplan.domain.writing import Language
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.loader import load
from mesoplan.knowledge.schema.titles import TITLED_KINDS
from mesoplan.knowledge.titles import TitleIn
from tests.knowledge.test_leaflets import BANNED

OTHERS = [language for language in Language if language is not Language.ENGLISH]
HEAD = "language: fr\ntranslator: A. Person\nreview: not yet reviewed\n"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A knowledge base with one country and one term, and room for its titles."""
    files = {
        "release.yaml": 'release: "1"',
        "sources/all.yaml": "{id: S1, title: A source, kind: paper, quality: B, read: abstract}",
        "terms/all.yaml": "{id: asthma, title: Asthma, kind: condition, question: Do you have asthma?}",
        "jurisdictions/all.yaml": "{id: ch, title: Switzerland}",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "titles/fr").mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize(
    ("kind", "entry", "part", "french", "spanish"),
    [
        ("aims", "fine-lines", "title", "Ridules", "Arrugas finas"),
        ("terms", "pregnancy", "question", "Êtes-vous enceinte\u00a0?", "¿Está embarazada?"),
        ("terms", "allergy-fish", "to", "poisson", "pescado"),
        ("zones", "malar-right", "title", "Malaire droite", "Malar derecha"),
        ("zones", "malar-right", "place", "Malaire", "Malar"),
        ("scales", "masi", "regions.chin", "Menton", "Mentón"),
        ("scales", "masi", "items.a.grades.1", "moins de 10\u00a0%", "menos de 10\u00a0%"),
        ("compounds", "procaine", "title", "Chlorhydrate de procaïne", "Hidrocloruro de procaína"),
        ("presentations", "biotin-5", "title", "Biotine 5\u00a0mg/mL, ampoule", "Biotina 5\u00a0mg/mL, ampolla"),
    ],
)
def test_a_title_in_two_languages(
    knowledge: Knowledge, kind: str, entry: str, part: str, french: str, spanish: str
) -> None:
    assert knowledge.title_in(kind, entry, Language.FRENCH, part) == TitleIn(french, Language.FRENCH)
    assert knowledge.title_in(kind, entry, Language.SPANISH, part) == TitleIn(spanish, Language.SPANISH)


def test_a_zone_or_compound_is_named_as_in_the_leaflets_where_no_title_is_given(knowledge: Knowledge) -> None:
    assert knowledge.title_in("zones", "temple-left", Language.ITALIAN).text == "Tempia sinistra"
    assert knowledge.title_in("compounds", "tranexamic-acid", Language.FRENCH).text == "Acide tranexamique"


def test_english_is_the_title_of_the_entry(knowledge: Knowledge) -> None:
    for kind in TITLED_KINDS:
        for name, entry in (knowledge.presentations if kind == "presentations" else knowledge.shelf(kind)).items():
            title = entry[1].title if isinstance(entry, tuple) else getattr(entry, "title", None)
            assert knowledge.title_in(kind, name, Language.ENGLISH) == (title, Language.ENGLISH)


def test_what_is_not_translated_is_english_and_says_so(knowledge: Knowledge) -> None:
    rule = next(iter(knowledge.rules.values()))
    assert knowledge.title_in("rules", rule.id, Language.FRENCH) == TitleIn(rule.title, Language.ENGLISH)


def test_a_title_of_nothing_is_refused(knowledge: Knowledge) -> None:
    with pytest.raises(KnowledgeError, match="“pregnansy” is not in terms; nearest: pregnancy"):
        knowledge.title_in("terms", "pregnansy", Language.FRENCH)


@pytest.mark.parametrize(
    ("titles", "says"),
    [
        ("terms: {astma: {title: Asthme, question: De l’asthme ?}}", r"titles/fr/a.yaml: .*“astma” is not in terms"),
        ("terms: {asthma: {title: Asthme}}", "terms.asthma.question: is missing"),
        ("terms: {asthma: {title: Asthme, question: Oui ?, to: air}}", "has no “to”; allowed: question, title"),
        ("jurisdictions: {ch: Suisse, be: Belgique}", "“be” is not in jurisdictions; allowed: ch"),
        ("colours: {red: Rouge}", "unknown key “colours”"),
    ],
)
def test_the_loader_refuses_titles_of_what_there_is_not(folder: Path, titles: str, says: str) -> None:
    (folder / "titles/fr/a.yaml").write_text(HEAD + titles)
    with pytest.raises(KnowledgeError, match=says):
        load(folder)


@pytest.mark.parametrize("line", HEAD.splitlines())
def test_every_file_says_its_language_translator_and_review(folder: Path, line: str) -> None:
    (folder / "titles/fr/a.yaml").write_text(HEAD.replace(line + "\n", "") + "jurisdictions: {ch: Suisse}")
    with pytest.raises(KnowledgeError, match=f"{line.partition(':')[0]}: is missing"):
        load(folder)


def test_what_a_person_reviewed_stands_in_a_file_that_names_them(folder: Path) -> None:
    (folder / "titles/fr/a.yaml").write_text(HEAD + "jurisdictions: {ch: Suisse}")
    reviewed = HEAD.replace("not yet reviewed", "{by: Dr B. Person, on: 2026-11-02}")
    (folder / "titles/fr/b.yaml").write_text(reviewed + "terms: {asthma: {title: Asthme, question: De l’asthme ?}}")
    found = load(folder).titles.translated[Language.FRENCH]
    assert {key[0]: one.reviewed for key, one in found.items()} == {"jurisdictions": False, "terms": True}


def test_nothing_is_translated_twice(folder: Path) -> None:
    for name in ("a", "b"):
        (folder / f"titles/fr/{name}.yaml").write_text(HEAD + "jurisdictions: {ch: Suisse}")
    with pytest.raises(KnowledgeError, match=r"titles/fr/b.yaml: jurisdictions.ch.title: is translated twice"):
        load(folder)


@pytest.mark.parametrize("language", OTHERS)
def test_everything_is_translated_and_nobody_has_reviewed_it(knowledge: Knowledge, language: Language) -> None:
    translated = knowledge.titles.translated[language]
    assert [key for key in knowledge.titles.wanted() if key not in translated] == []
    assert not any(one.reviewed for one in translated.values())


@pytest.mark.parametrize("language", OTHERS)
def test_the_same_numbers_stand_in_every_language(knowledge: Knowledge, language: Language) -> None:
    for key, one in knowledge.titles.translated[language].items():
        english = knowledge.titles.english[key]
        assert Counter(re.findall(r"\d+", one.text)) == Counter(re.findall(r"\d+", english)), (key, one.text)


@pytest.mark.parametrize("language", OTHERS)
def test_no_title_promises_flatters_or_blames(knowledge: Knowledge, language: Language) -> None:
    banned = re.compile(rf"\b(?:{BANNED[language]})\b", re.IGNORECASE)
    texts = {key: one.text for key, one in knowledge.titles.translated[language].items()}
    assert {key: text for key, text in texts.items() if banned.search(text)} == {}


@pytest.mark.parametrize("language", OTHERS)
def test_typography_is_that_of_the_language(knowledge: Knowledge, language: Language) -> None:
    for key, one in knowledge.titles.translated[language].items():
        assert not re.search(r"['!]|\bml\b|\d %", one.text), (key, one.text)
        if language is Language.FRENCH:
            assert not re.search(r"[^\u00a0\d][:;?]", one.text), (key, one.text)
        if key[2] == "question":
            assert one.text.endswith("?"), key
            assert ("¿" in one.text) is (language is Language.SPANISH), key


@pytest.mark.parametrize("language", OTHERS)
def test_no_two_zones_aims_or_questions_share_a_title(knowledge: Knowledge, language: Language) -> None:
    for kind in ("aims", "scales", "terms", "zones"):
        titles = Counter(
            one.text
            for key, one in knowledge.titles.translated[language].items()
            if key[0] == kind and key[2] == "title"
        )
        assert [text for text, count in titles.items() if count > 1] == []
