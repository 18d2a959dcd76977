"""What patients are told: cited, in four languages with the same figures, without a word that promises."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from mesoplan.domain.errors import KnowledgeError
from mesoplan.domain.writing import Language
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.loader import load
from mesoplan.knowledge.schema.leaflets import FIGURES, HOUSE_DRAFT, LeafletPart, LeafletText
from mesoplan.knowledge.validation import build

BANNED = {
    Language.ENGLISH: r"guaranteed?|safe(ly|ty)?|risk-free|harmless|painless|proven|cures?|cured|best|optimal|"
    r"recommended|ideal|results?|normal|abnormal|flaws?|imperfections?|defects?|problem areas?|miracles?|natural(ly)?|"
    r"simply|just|easy|easily|please|invalid|illegal|failed|oops|sorry|smart|seamless",
    Language.FRENCH: r"garanti\w*|sans risque|sans danger|sûre?s?|sécurité|inoffensi\w+|indolores?|prouvée?s?|guéri\w*|"
    r"le meilleur|la meilleure|optimal\w*|recommandée?s?|idéale?s?|résultats?|normale?s?|anormale?s?|défauts?|"
    r"imperfections?|zones? à problème|miracles?|naturel\w*|simplement|juste|faciles?|facilement|veuillez|invalide|"
    r"illégale?|échoué\w*|désolée?s?|intelligente?s?|parfaite?s?",
    Language.ITALIAN: r"garantit\w+|sicur[oaie]|sicurezza|senza rischi\w*|innocu\w+|indolor\w+|dimostrat\w+|provata|"
    r"guari\w+|il migliore|la migliore|ottimal\w+|raccomandat\w+|consigliat\w+|ideal[ei]|risultat[oi]|normal[ei]|"
    r"anormal[ei]|difett[oi]|imperfezion[ei]|miracol\w+|natural\w+|semplicemente|facil[ei]|facilmente|per favore|"
    r"illegale|fallit\w+|spiacent[ei]|intelligent[ei]|perfett\w+",
    Language.SPANISH: r"garantiza\w+|segur[oa]s?|seguridad|sin riesgos?|inofensiv\w+|indolor\w*|probad[oa]s? que|"
    r"demostrad[oa]s?|cura[nr]?|curad[oa]s?|el mejor|la mejor|óptim\w+|recomendad[oa]s?|ideal(es)?|resultados?|"
    r"normal(es)?|anormal(es)?|defectos?|imperfecci\w+|milagr\w+|natural\w*|simplemente|fácil(es)?|fácilmente|"
    r"por favor|inválid\w+|ilegal(es)?|fallad[oa]s?|lo sentimos|inteligentes?|perfect[oa]s?",
}
"""Words that promise, flatter, blame or call skin a defect; only whole words count. AI and mL are looked at apart."""

ALLOWED = {("es", "study-s132"): "probado"}
"""Exceptions by language and text, each with its reason: “probado en pacientes” is tried, not proven."""

ONE_PERSON_IN_WORDS = {"study-s133"}
"""Studies whose number of people stands in words."""

CODE_CITES = [
    "frame-title", "frame-not-translated", "frame-draft", "frame-signed", "frame-printed", "frame-page", "frame-record",
    "frame-sources", "frame-not-reviewed", "notice-blocked", "plan-products", "product-without-text", "plan-zones",
    "plan-points", "plan-total", "plan-volume", "plan-sessions", "plan-session-day", "plan-why-study",
    "plan-why-practice", "plan-dates-may-move", "licence-for-this-use", "licence-other-use", "licence-device",
    "licence-unlicensed", "licence-prohibited", "licence-not-known", "evidence-by-hand", "evidence-for",
    "evidence-against", "evidence-open", "evidence-other-aim", "evidence-none-for", "evidence-none-against",
    "evidence-more", "judge-forecast", "judge-forecast-few", "judge-forecast-rest", "judge-forecast-width",
    "judge-forecast-narrows", "call-emergency", "call-emergency-without-number", "contact-telephone",
    "contact-out-of-hours",
]  # fmt: skip


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


@pytest.fixture(scope="module")
def texts(knowledge: Knowledge) -> list[LeafletText]:
    return list(knowledge.leaflets.values())


def forms(text: LeafletText) -> Iterator[tuple[Language, str]]:
    """Yield every form of a text in every language that it has."""
    for language, wording in text.wordings.all().items():
        yield language, wording.text
        if wording.one is not None:
            yield language, wording.one


def plain(**changes: Any) -> dict[str, Any]:
    """Return the plain data of a text that the loader takes, with changes."""
    data = {
        "id": "what-it-is",
        "title": "Many small injections",
        "part": "what",
        "role": "text",
        "basis": "textbook",
        "seen": "recalled",
        "sources": ["mesoplan-formulary-2026"],
        "review": "not yet reviewed",
        "wordings": {"en": "Many small injections.", "fr": "Beaucoup de petites piqûres."},
    }
    return {name: value for name, value in {**data, **changes}.items() if value is not None}


def refusal(**changes: Any) -> str:
    with pytest.raises(KnowledgeError) as caught:
        build(LeafletText, plain(**changes), "leaflets/what.yaml (what-it-is)", KnowledgeError)
    return str(caught.value)


def test_a_text_without_citation_is_refused_with_file_and_field() -> None:
    assert "leaflets/what.yaml (what-it-is): sources: is missing" in refusal(sources=None)
    assert "sources" in refusal(sources=[])
    assert "basis: is missing" in refusal(basis=None)
    assert "review: is missing" in refusal(review=None)


def test_a_text_without_english_is_refused() -> None:
    assert "wordings.en: is missing" in refusal(wordings={"fr": "Beaucoup de petites piqûres."})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"wordings": {"en": "{sessions} visits.", "fr": "Des séances."}}, "fr: places for figures differ"),
        ({"wordings": {"en": "{stars} visits."}}, "en: no such figure: stars"),
        ({"wordings": {"en": "{product} is used."}}, "en: no such figure: product"),
        ({"plural_of": "sessions", "wordings": {"en": "{sessions} visits."}}, "`one` is given where plural_of"),
        ({"wordings": {"en": {"text": "{sessions} visits.", "one": "{sessions} visit."}}}, "`one` is given where"),
        ({"role": "item"}, "under is given for an item"),
        ({"under": "plan-products"}, "under is given for an item"),
        ({"wordings": {"en": "Words.", "de": "Worte."}}, "unknown key “de”"),
    ],
)
def test_a_text_that_cannot_be_said_is_refused(changes: dict[str, Any], said: str) -> None:
    assert said in refusal(**changes)


def test_a_wording_names_its_translator_and_its_reviewer() -> None:
    french = {"text": "Piqûres.", "translator": "C. Petit", "review": {"by": "Dr A. Moreau", "on": "2026-12-01"}}
    text = build(LeafletText, plain(wordings={"en": "Injections.", "fr": french}), "file")
    assert text.wordings.fr is not None
    assert text.wordings.fr.translator == "C. Petit"
    assert text.wordings.fr.reviewed
    assert text.wordings.en.translator == HOUSE_DRAFT
    assert text.wordings.en.review == "not yet reviewed"
    assert text.wordings.of(Language.ITALIAN) is None


def test_every_text_has_its_four_languages(texts: list[LeafletText]) -> None:
    assert [text.id for text in texts if len(text.wordings.all()) < len(Language)] == []


def test_the_same_numbers_stand_in_every_language(texts: list[LeafletText]) -> None:
    """A figure lost or changed in translation is the one error that no reader can see."""
    for text in texts:
        numbers = {
            language: Counter(re.findall(r"\d+", wording.text)) for language, wording in text.wordings.all().items()
        }
        assert len({frozenset(found.items()) for found in numbers.values()}) == 1, (text.id, numbers)


@pytest.mark.parametrize("language", Language)
def test_no_word_promises_flatters_or_blames(texts: list[LeafletText], language: Language) -> None:
    banned = re.compile(rf"\b(?:{BANNED[language]})\b", re.IGNORECASE)
    found = [
        (text.id, hit.group())
        for text in texts
        for own, sentence in forms(text)
        if own is language
        for hit in banned.finditer(sentence)
        if ALLOWED.get((language.value, text.id)) != hit.group()
    ]
    assert found == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (Language.ENGLISH, "It is safe and gives the best results."),
        (Language.FRENCH, "C’est sans danger, avec des résultats garantis."),
        (Language.ITALIAN, "È sicuro, con risultati naturali."),
        (Language.SPANISH, "Es seguro y los resultados son naturales."),
    ],
)
def test_the_word_list_knows_a_promise(language: Language, sentence: str) -> None:
    assert len(re.findall(rf"\b(?:{BANNED[language]})\b", sentence, re.IGNORECASE)) >= 2


def test_typography_is_that_of_the_language(texts: list[LeafletText]) -> None:
    for text in texts:
        for language, sentence in forms(text):
            assert "'" not in sentence, (text.id, language)
            assert "!" not in sentence, (text.id, language)
            assert not re.search(r"\bml\b|\bAI\b|\bIA\b", sentence), (text.id, language)
            if language is Language.FRENCH:
                assert not re.search(r"[^\u00a0\d][:;?]", sentence), (text.id, sentence)


def test_sentences_are_whole(texts: list[LeafletText]) -> None:
    """A text of its own starts with a capital or a figure and ends with a stop; only items may be short."""
    for text in texts:
        if text.role in ("text", "study"):
            for language, sentence in forms(text):
                assert sentence[0].isupper() or sentence[0].isdigit() or sentence[0] == "{", (text.id, language)
                assert sentence.endswith("."), (text.id, language)
        if text.role == "lead":
            assert all(sentence.endswith(":") for _, sentence in forms(text)), text.id


def test_every_figure_is_used(texts: list[LeafletText]) -> None:
    used = {name for text in texts for name in text.wordings.en.places()}
    assert used - FIGURES == set()
    assert FIGURES - used == set()


def test_each_section_has_a_heading(texts: list[LeafletText]) -> None:
    headings = Counter(text.part for text in texts if text.role == "heading")
    wanted = set(LeafletPart) - {LeafletPart.NAMES}
    assert headings == dict.fromkeys(wanted, 1)
    assert {f"{part.value}-heading" for part in wanted - {LeafletPart.FRAME}} <= {text.id for text in texts}


def test_items_stand_in_the_section_of_their_lead(knowledge: Knowledge, texts: list[LeafletText]) -> None:
    items = [text for text in texts if text.under is not None]
    assert items
    for text in items:
        lead = knowledge.leaflets[text.under or ""]
        assert (lead.role, lead.part) == ("lead", text.part), text.id


def test_every_zone_has_a_name(knowledge: Knowledge) -> None:
    assert [zone for zone in knowledge.zones if f"zone-{zone}" not in knowledge.leaflets] == []
    named = [text for text in knowledge.leaflets.values() if text.id.startswith("zone-")]
    for language in Language:
        names = [wording.text for text in named if (wording := text.wordings.of(language))]
        assert len(set(names)) == len(names) == len(knowledge.zones), language


def test_what_the_protocols_use_and_pursue_has_its_texts(knowledge: Knowledge) -> None:
    compounds = {
        one.compound
        for protocol in knowledge.protocols.values()
        for mix in protocol.mixtures
        for one in mix.ingredients
    }
    aims = {protocol.aim for protocol in knowledge.protocols.values()}
    wanted = [f"name-{one}" for one in compounds] + [f"product-{one}" for one in compounds]
    wanted += [f"aim-{one}" for one in aims]
    assert [one for one in wanted if one not in knowledge.leaflets] == []
    for part, singled_out in (
        (LeafletPart.FEEL, {("compounds", one) for one in compounds}),
        (LeafletPart.CHOICES, {("aims", one) for one in aims}),
    ):
        told = [text for text in knowledge.leaflets.values() if text.part is part]
        assert [one for field, one in singled_out if not any(one in getattr(text, field) for text in told)] == []


def test_every_text_that_the_code_places_exists(knowledge: Knowledge) -> None:
    assert [one for one in CODE_CITES if one not in knowledge.leaflets] == []
    placed = {text.id for text in knowledge.leaflets.values() if text.role == "piece" and text.part != "names"}
    assert placed - set(CODE_CITES) == set()


def test_every_line_of_evidence_is_told_with_its_number_of_people(knowledge: Knowledge) -> None:
    told = set()
    for protocol in knowledge.protocols.values():
        compounds = {one.compound for mix in protocol.mixtures for one in mix.ingredients}
        for line in protocol.evidence:
            found = [
                text
                for text in knowledge.leaflets.values()
                if text.role == "study"
                and line.aim in text.aims
                and (not text.compounds or compounds & set(text.compounds))
                and set(line.sources) & set(text.sources)
            ]
            assert len(found) == 1, (protocol.id, line.text, [text.id for text in found])
            told.add(found[0].id)
            if line.participants is not None and found[0].id not in ONE_PERSON_IN_WORDS:
                assert str(line.participants) in re.findall(r"\d+", found[0].text), (found[0].id, line.participants)
    assert {text.id for text in knowledge.leaflets.values() if text.role == "study"} == told


def test_a_text_is_as_well_seen_as_the_evidence_it_tells(knowledge: Knowledge) -> None:
    for protocol in knowledge.protocols.values():
        for line in protocol.evidence:
            for text in knowledge.leaflets.values():
                same = text.role == "study" and line.aim in text.aims and set(text.sources) <= set(line.sources)
                if same and text.seen == "seen":
                    assert line.seen == "seen", text.id
