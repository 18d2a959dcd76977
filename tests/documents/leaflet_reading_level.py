"""How hard a text is to read: one formula for each language, each made for that language.

English: Flesch-Kincaid grade (Kincaid and others 1975), years of school in the United States; age 12 = grade 6 to 7.
French: Kandel and Moles 1958, Flesch's ease fitted to French; 70 and more = fairly easy.
Italian: Gulpease (Lucisano and Piemontese 1988), from letters; 60 and more = no hard read after middle school.
Spanish: Fernández Huerta 1959, words to a sentence as corrected by Law 2011; 70 to 80 = grade 6.

A number counts as one word of one syllable, as Flesch has it. A sentence ends at a stop, or where a text ends: a
heading, an item and a cell are sentences of their own, as the reader sees them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mesoplan.domain.writing import Language

_WORD = re.compile(r"[^\W_]+(?:[’'\-.,][^\W_]+)*")
_STOP = re.compile(r"[.!?]+(?:\s|$)")
_EN_GROUPS = re.compile(r"[aeiouy]+")
_EN_SILENT = re.compile(r"(?:[^laeiouy]e|[^aeioutdy]ed|[^aeiouysxzcghl]es)$")
_FR_GROUPS = re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]+")
_FR_MUTE = re.compile(r"[^aeiouyàâéèêëîïôùûœ](?:e|es)$")
_FR_HIATUS = re.compile(r"é(?=[aeiouèê])|(?<=[aeou])ï")
_ES_GROUPS = re.compile(r"[aeiouáéíóúü]+")
_ES_HIATUS = re.compile(r"(?<=[aeoáéó])(?=[aeoáéóíú])|(?<=[íú])(?=[aeo])")


@dataclass(frozen=True)
class Counts:
    """What the formulas need."""

    words: int
    sentences: int
    syllables: int
    letters: int

    @property
    def words_to_a_sentence(self) -> float:
        return self.words / self.sentences

    @property
    def syllables_to_a_word(self) -> float:
        return self.syllables / self.words


def words_of(text: str) -> list[str]:
    return _WORD.findall(text)


def sentences_of(text: str) -> list[str]:
    return [part for part in _STOP.split(text) if words_of(part)]


def syllables(word: str, language: Language) -> int:
    """Return the syllables of one word, as spoken; of a number, one."""
    if any(sign.isdigit() for sign in word):
        return 1
    return sum(_syllables(part, language) for part in re.split(r"[’'\-]", word.lower()) if part) or 1


def _syllables(word: str, language: Language) -> int:
    if language is Language.SPANISH:
        groups = _ES_GROUPS.findall(re.sub(r"qu(?=[eié])|gu(?=[eiéí])", "g", word))
        return sum(1 + len(_ES_HIATUS.findall(group)) for group in groups)
    if language is Language.FRENCH:
        spoken = len(_FR_GROUPS.findall(word)) + len(_FR_HIATUS.findall(word))
        silent = _FR_MUTE.search(word)
    else:
        spoken = len(_EN_GROUPS.findall(word))
        silent = _EN_SILENT.search(word)
    return spoken - 1 if spoken > 1 and silent else spoken


def count(texts: Iterable[str], language: Language) -> Counts:
    """Count words, sentences, syllables and letters of all texts together."""
    parts = [sentence for text in texts for sentence in sentences_of(text)]
    words = [word for part in parts for word in words_of(part)]
    return Counts(
        words=len(words),
        sentences=len(parts),
        syllables=sum(syllables(word, language) for word in words),
        letters=sum(sign.isalnum() for word in words for sign in word),
    )


def reading_level(texts: Iterable[str], language: Language) -> float:
    """Return the figure of the language's own formula: a grade for English, an ease from 0 to 100 for the others."""
    found = count(texts, language)
    if language is Language.ENGLISH:
        return 0.39 * found.words_to_a_sentence + 11.8 * found.syllables_to_a_word - 15.59
    if language is Language.FRENCH:
        return 207 - 1.015 * found.words_to_a_sentence - 73.6 * found.syllables_to_a_word
    if language is Language.ITALIAN:
        return 89 + (300 * found.sentences - 10 * found.letters) / found.words
    return 206.84 - 60 * found.syllables_to_a_word - 1.02 * found.words_to_a_sentence
