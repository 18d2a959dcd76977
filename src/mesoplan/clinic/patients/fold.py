"""Names, dates and numbers folded to the words that search compares: no accents, no case, no punctuation."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_LIGATURES = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ß": "ss", "þ": "th", "\u0131": "i"})
_BEGINNINGS = (
    "jan janv gen ene", "feb fev", "mar", "apr avr abr", "may mai mag", "jun juin giu",
    "jul juil lug", "aug aou ago", "sep set", "oct ott", "nov", "dec dic",
)  # fmt: skip
_MONTHS = {
    beginning: number for number, beginnings in enumerate(_BEGINNINGS, start=1) for beginning in beginnings.split()
}
"""How months begin in English, French, Italian and Spanish, folded."""
_NUMERIC_DATE = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b")
_LETTER_DATE = re.compile(
    r"\b(\d{1,2})(?:er|º|°)?\s+(?:de\s+)?(" + "|".join(_MONTHS) + r")[a-z]*\.?\s+(?:de\s+|del\s+)?(\d{4})\b"
)
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_PHONE = re.compile(r"\+?\d[\d\s().-]{5,}\d")


def folded(text: str) -> str:
    """Lower case without accents: "Lefèvre" -> "lefevre". Letters of other scripts stay as they are."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    return "".join(mark for mark in apart if not unicodedata.combining(mark))


def words_of(text: str) -> list[str]:
    """The folded words of a text: "O'Brien-Léa" -> ["o", "brien", "lea"]."""
    return re.findall(r"\w+", folded(text).replace("_", " "))


def digits_of(text: str) -> str:
    return re.sub(r"\D", "", text)


def phone_words(phone: str) -> set[str]:
    """A number is found from its start, with or without country code and leading zero, and by its last 4 or 6
    digits."""
    digits = digits_of(phone)
    if not digits:
        return set()
    forms = {digits, digits[-4:], digits[-6:]}
    if phone.strip().startswith("+") and len(digits) > 9:
        forms |= {digits[-9:], "0" + digits[-9:]}
    return forms


def birth_words(born: date) -> set[str]:
    """ "19850504" and its year."""
    return {born.strftime("%Y%m%d"), f"{born.year:04d}"}


def query_words(query: str) -> list[str]:
    """What was typed in the search box as words to look for; dates in any common order become one word.

    Day comes before month in dates of figures only, as in the countries this is used in; month first is tried
    where
    day first is not a date.
    """
    text = folded(query)
    text = _ISO_DATE.sub(lambda found: "".join(found.groups()), text)
    text = _LETTER_DATE.sub(_letter_date, text)
    text = _NUMERIC_DATE.sub(_numeric_date, text)
    text = _PHONE.sub(lambda found: digits_of(found.group()), text)
    return re.findall(r"\w+", text.replace("_", " "))


def _letter_date(found: re.Match[str]) -> str:
    day, month, year = found.groups()
    return f"{year}{_MONTHS[month]:02d}{int(day):02d}"


def _numeric_date(found: re.Match[str]) -> str:
    first, second, year = (int(part) for part in found.groups())
    day, month = (first, second) if second <= 12 else (second, first)
    return f"{year}{month:02d}{day:02d}"
