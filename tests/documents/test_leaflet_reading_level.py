"""A child of twelve can read the leaflet, in each of its languages."""

from __future__ import annotations

import pytest

from mesoplan.domain.writing import Language
from mesoplan.knowledge.schema.leaflets import LeafletPart
from tests.documents.leaflet_examples import EXAMPLES, knowledge, written
from tests.documents.leaflet_reading_level import count, reading_level, sentences_of, syllables, words_of

GRADE_AT_MOST = 6.0
EASE_AT_LEAST = {Language.FRENCH: 70.0, Language.ITALIAN: 60.0, Language.SPANISH: 70.0}
WORDS_AT_MOST = 25
LONGER = 8
"""Texts of more words than this are sentences and not labels; they are measured apart, so that labels lift nothing."""


def reads_at_twelve(level: float, language: Language) -> bool:
    return level <= GRADE_AT_MOST if language is Language.ENGLISH else level >= EASE_AT_LEAST[language]


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("language", Language)
def test_a_leaflet_reads_at_twelve(name: str, language: Language) -> None:
    texts = [text.text for text in written(name, language).texts()]
    sentences = [text for text in texts if len(words_of(text)) > LONGER]
    for measured in (texts, sentences):
        level = reading_level(measured, language)
        print(f"{name} {language.value}: {level:.1f} over {count(measured, language).words} words")
        assert reads_at_twelve(level, language)


@pytest.mark.parametrize("language", Language)
def test_all_texts_together_read_at_twelve(language: Language) -> None:
    texts = [
        wording.text
        for text in knowledge().leaflets.values()
        if text.part not in (LeafletPart.NAMES, LeafletPart.FRAME) and (wording := text.wordings.of(language))
    ]
    level = reading_level([text for text in texts if len(words_of(text)) > LONGER], language)
    print(f"{language.value}: {level:.1f}")
    assert reads_at_twelve(level, language)


def test_no_sentence_is_long() -> None:
    long = [
        (text.id, language.value, sentence)
        for text in knowledge().leaflets.values()
        for language, wording in text.wordings.all().items()
        for sentence in sentences_of(wording.text)
        if len(words_of(sentence)) > WORDS_AT_MOST
    ]
    assert long == []


@pytest.mark.parametrize(
    ("language", "word", "expected"),
    [
        (Language.ENGLISH, "skin", 1),
        (Language.ENGLISH, "needle", 2),
        (Language.ENGLISH, "notice", 2),
        (Language.ENGLISH, "mesotherapy", 5),
        (Language.ENGLISH, "28", 1),
        (Language.FRENCH, "peau", 1),
        (Language.FRENCH, "séance", 2),
        (Language.FRENCH, "l’aiguille", 2),
        (Language.FRENCH, "mésothérapie", 5),
        (Language.SPANISH, "piel", 1),
        (Language.SPANISH, "mesoterapia", 5),
        (Language.SPANISH, "había", 3),
        (Language.SPANISH, "pequeños", 3),
    ],
)
def test_syllables_are_counted_as_spoken(language: Language, word: str, expected: int) -> None:
    assert syllables(word, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        # 8 words, 2 sentences, 9 syllables: 0.39 x 4 + 11.8 x 9/8 - 15.59
        (Language.ENGLISH, "The skin may sting. Call us at seven.", -0.755),
        # 6 words, 1 sentence, 8 syllables: 207 - 1.015 x 6 - 73.6 x 8/6
        (Language.FRENCH, "La peau peut rester rouge longtemps.", 102.777),
        # 5 words, 1 sentence, 23 letters: 89 + (300 - 230) / 5
        (Language.ITALIAN, "La pelle resta rossa domani.", 103.0),
        # 5 words, 1 sentence, 8 syllables: 206.84 - 60 x 8/5 - 1.02 x 5
        (Language.SPANISH, "La piel puede estar roja.", 105.74),
    ],
)
def test_the_formulas_are_those_of_their_authors(language: Language, text: str, expected: float) -> None:
    assert reading_level([text], language) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            Language.ENGLISH,
            "Intradermal administration of antifibrinolytic medication attenuates melanogenesis considerably.",
        ),
        (
            Language.FRENCH,
            "L’administration intradermique d’antifibrinolytiques atténue considérablement la mélanogenèse.",
        ),
        (
            Language.ITALIAN,
            "La somministrazione intradermica di antifibrinolitici attenua considerevolmente la melanogenesi.",
        ),
        (
            Language.SPANISH,
            "La administración intradérmica de antifibrinolíticos atenúa considerablemente la melanogénesis.",
        ),
    ],
)
def test_a_doctors_sentence_does_not_pass(language: Language, text: str) -> None:
    assert not reads_at_twelve(reading_level([text], language), language)
