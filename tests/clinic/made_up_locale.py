"""A language that nobody speaks: each text that was marked for translation comes back accented, a third longer and in
⟦brackets⟧. What stands on a page outside brackets was never marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from unittest import mock

from django.test import override_settings
from django.utils.translation import override, trans_real

from mesoplan.domain.writing import Language
from mesoplan.knowledge.schema.titles import TITLED_KINDS, TitleKey
from mesoplan.knowledge.titles import TitleIn, Titles

CODE = "qaa"  # ISO keeps it for private use
MIRRORED = "qab"
OPENS, CLOSES = "⟦", "⟧"
_ACCENTED = str.maketrans("aeiouyncszAEIOUYNCSZ", "åéîøüýñçšžÅÉÎØÜÝÑÇŠŽ")
# What stands for something else is kept: places to fill, signs of HTML, its tags.
_KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w*\}|&#?\w+;|<[^>]*>)")


def made_up(text: str) -> str:
    """ "Log in" as "⟦Løg îñ~~⟧"."""
    if not text.strip():
        return text
    parts = _KEPT.split(text)
    accented = "".join(part if number % 2 else part.translate(_ACCENTED) for number, part in enumerate(parts))
    return f"{OPENS}{accented}{'~' * (len(text) * 35 // 100)}{CLOSES}"


class _Catalog:
    """What Django asks of the translations of one language."""

    def __init__(self, code: str) -> None:
        self._code = code

    def to_language(self) -> str:
        return self._code

    def language(self) -> str:
        return self._code

    def gettext(self, text: str) -> str:
        return made_up(text.rpartition(trans_real.CONTEXT_SEPARATOR)[2])

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(one if count == 1 else many)


_find = Titles.find


def _made_up_title(titles: Titles, key: TitleKey, language: Language) -> TitleIn:
    """What the knowledge base calls things is translated too, piece by piece: of some titles a page shows the first."""
    found = _find(titles, key, language)
    pieces = (made_up(piece) if key[0] in TITLED_KINDS else piece for piece in found.text.split(","))
    return TitleIn(",".join(pieces), found.language)


@contextmanager
def in_made_up_language(code: str = CODE) -> Iterator[None]:
    """The clinic has one more language, and it is spoken here; also by requests, for people who chose it."""
    languages = [("en", "English"), (code, "Made up")]
    # Django forgets all catalogs when the languages change, so ours is put there after that.
    with (
        override_settings(LANGUAGES=languages, LANGUAGES_BIDI=[MIRRORED]),
        mock.patch.dict(trans_real._translations, {code: _Catalog(code)}),  # type: ignore[attr-defined]
        mock.patch.object(Titles, "find", _made_up_title),
        mock.patch.object(trans_real, "check_for_language", lambda asked: asked in ("en", code)),
        override(code),
    ):
        yield


_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Code and keys are the same in every language; scripts and styles are not read by people.
_SILENT = {"script", "style", "code", "kbd"}
_SPOKEN = ("aria-label", "aria-valuetext", "aria-roledescription", "title", "placeholder", "alt", "data-label")


class _Reader(HTMLParser):
    """Collects what people read: texts and the attributes that are shown or spoken, outside of elements that say
    their own language (lang) or hold what somebody typed (dir="auto")."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, bool]] = []
        self._in_brackets = 0
        self.unmarked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        page = tag == "html"
        silent = tag in _SILENT or given.get("dir") == "auto" or ("lang" in given and not page)
        if not silent and not self._is_silent:
            spoken = [given[name] for name in _SPOKEN if name in given]
            for text in [*spoken, given.get("value", "") if given.get("type") == "submit" else ""]:
                self._note("".join(outside(text, 0)[0]))
        if tag not in _VOID:
            self._open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while self._open and tag in {name for name, _ in self._open}:
            if self._open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        parts, self._in_brackets = outside(data, self._in_brackets)
        if not self._is_silent:
            self._note(" ".join(parts))

    @property
    def _is_silent(self) -> bool:
        return any(silent for _, silent in self._open)

    def _note(self, text: str) -> None:
        if text.strip():
            self.unmarked.append(" ".join(text.split()))


def outside(text: str, depth: int) -> tuple[list[str], int]:
    """The pieces of a text outside of brackets, where so many are open already; and how many are open after it."""
    pieces = [""]
    for sign in text:
        if sign == OPENS:
            depth += 1
            pieces.append("")
        elif sign == CLOSES:
            depth -= 1
        elif depth == 0:
            pieces[-1] += sign
    return pieces, depth


def unmarked_texts(page: str) -> list[str]:
    """What stands on a page in the made-up language and was never marked, in the order of the page."""
    reader = _Reader()
    reader.feed(page)
    return reader.unmarked
