"""The catalogs: complete, as the code is, with the same places to fill, and in words that the clinic uses."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message

from mesoplan.workflow import Act, Move, PlanState, Role, may, may_move, wording
from mesoplan.workflow.acts import refusal_of
from mesoplan.workflow.states import refusal_of_move
from scripts import messages

# Apps whose texts are not all translated yet. It gets shorter with each that is, and must become empty.
APPS_NOT_YET_TRANSLATED = {"assessments", "patients"}
APPS = sorted(set(messages.apps()) - APPS_NOT_YET_TRANSLATED)
OF_EACH = [(app, language) for app in APPS for language in messages.LANGUAGES]

PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|<[^>]*>")
# What English does not say either (a promise, praise, blame, a figure of speech for a device), in each language.
FORBIDDEN = {
    "fr": (
        r"garanti\w*|sans risque|sans danger|inoffensi\w+|indolore\w*|prouvé\w*|guéri\w*|meilleur\w*|optimal\w*|"
        r"optimaux|recommandé\w*|idéal\w*|peau (?:a?normale)|défauts?|miracle\w*|naturel\w*|simplement|"
        r"facile\w*|veuillez|merci de|invalide\w*|illégal\w*|échoué\w*|oups|désolé\w*|IA|intelligent\w*"
    ),
    "it": (
        r"garanti\w*|senza rischi\w*|innocu\w+|indolor\w+|provat[oaie]|dimostrat[oaie]|guari\w*|miglior[ei]?|"
        r"ottimal\w+|raccomandat\w+|consigliat\w+|ideal[ei]|pelle a?normale|difett\w+|miracol\w+|natural\w+|"
        r"semplicemente|facil\w+|si prega|prego|invalid\w+|illegal\w+|fallit\w+|ops|spiacent\w+|IA|intelligent\w+"
    ),
    "es": (
        r"garanti\w*|sin riesgos?|inofensiv\w+|indolor\w*|probad[oa]s?|demostrad[oa]s?|mejor|mejores|óptim\w+|"
        r"recomendad\w+|ideal\w*|piel a?normal|defect\w+|milagr\w+|natural\w*|simplemente|fácil\w*|"
        r"por favor|inválid\w+|ilegal\w*|fallid\w+|ups|lo sentimos|IA|inteligent\w+"
    ),
}
EXCLAIMS = re.compile(r"[!¡]")
# mL is written so everywhere; a decimal number in a text takes the sign of the language through shell.writing.
MILLILITRE = re.compile(r"\b(?:ml|ML|Ml)\b")
# In French a space stands before these signs and inside guillemets, and the line does not break there.
FRENCH_SPACE = re.compile(r"[^\s\u00a0\u202f]\u0020[:;?!»]|«\u0020|[\wé»)>][;?!»](?!\w)")


@cache
def catalog(app: str, language: str) -> Catalog:
    return messages.stored(app, language)


def texts(app: str, language: str) -> list[Message]:
    return messages.texts_of(catalog(app, language))


def strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string or "",)


def said(app: str, language: str) -> Iterator[tuple[str, str]]:
    for message in texts(app, language):
        for string in strings(message):
            yield str(message.id), string


@pytest.mark.parametrize(("app", "language"), OF_EACH)
def test_every_text_is_translated(app: str, language: str) -> None:
    assert [message.id for message in texts(app, language) if not messages.is_translated(message)] == []
    assert [message.id for message in texts(app, language) if message.fuzzy] == []


@pytest.mark.parametrize("app", APPS)
def test_the_catalogs_are_as_the_code_is(app: str) -> None:
    now = {(message.id, message.context) for message in messages.texts_of(messages.extracted(app))}
    for language in messages.LANGUAGES:
        stored = {(message.id, message.context) for message in texts(app, language)}
        assert (now - stored, stored - now) == (set(), set()), f"run: make messages ({language})"
        assert not catalog(app, language).obsolete


@pytest.mark.parametrize(("app", "language"), OF_EACH)
def test_a_catalog_is_written_as_the_script_writes_it(app: str, language: str) -> None:
    path = messages.catalog_path(app, language)
    if texts(app, language):
        assert path.read_text(encoding="utf-8") == messages.written(app, language, catalog(app, language))


@pytest.mark.parametrize(("app", "language"), OF_EACH)
def test_a_translation_has_the_same_places_to_fill(app: str, language: str) -> None:
    wrong = {}
    for message in texts(app, language):
        english = [message.id] if isinstance(message.id, str) else list(message.id)
        # The singular may leave out the count; a plural may not.
        allowed = [sorted(PLACE.findall(text)) for text in english]
        for number, string in enumerate(strings(message)):
            if sorted(PLACE.findall(string)) not in (allowed if number == 0 else allowed[-1:]):
                wrong[string] = allowed
    assert wrong == {}


@pytest.mark.parametrize(("app", "language"), OF_EACH)
def test_a_count_has_as_many_forms_as_the_language(app: str, language: str) -> None:
    forms = catalog(app, language).num_plurals
    for message in texts(app, language):
        assert len(strings(message)) == (forms if message.pluralizable else 1), message.id


@pytest.mark.parametrize(("app", "language"), OF_EACH)
def test_the_tone_is_that_of_the_english(app: str, language: str) -> None:
    forbidden = re.compile(rf"(?<!\w)(?:{FORBIDDEN[language]})(?!\w)", re.IGNORECASE)
    # "IA" is a word in capitals only: "ia" ends others.
    found = [
        (hit.group(), string)
        for _, string in said(app, language)
        for hit in forbidden.finditer(string)
        if hit.group().lower() != "ia" or hit.group() == "IA"
    ]
    assert found == []
    assert [string for _, string in said(app, language) if EXCLAIMS.search(string) or MILLILITRE.search(string)] == []


@pytest.mark.parametrize("app", APPS)
def test_french_signs_have_their_fixed_space(app: str) -> None:
    assert [string for _, string in said(app, "fr") if FRENCH_SPACE.search(string)] == []


@pytest.mark.parametrize("app", APPS)
def test_a_question_in_spanish_opens_as_one(app: str) -> None:
    assert [string for _, string in said(app, "es") if string.count("?") != string.count("¿")] == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_one_english_text_has_one_translation(language: str) -> None:
    """Django puts the catalogs of all apps together: where two differ, nobody knows which one is shown."""
    found: dict[tuple[object, object], set[tuple[str, ...]]] = defaultdict(set)
    for app in APPS:
        for message in texts(app, language):
            if messages.is_translated(message):
                found[message.id, message.context].add(strings(message))
    assert {key: several for key, several in found.items() if len(several) > 1} == {}


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_sentence_stayed_english(language: str) -> None:
    """Single words may be alike in two languages; five words in a row are not."""
    same = [text for app in APPS for text, string in said(app, language) if text == string and len(text.split()) > 4]
    assert same == []


def test_every_refusal_of_the_workflow_is_among_the_texts() -> None:
    given = set(wording.texts())
    refusals = {refusal_of(act) for act in Act for role in Role if not may(act, role)}
    moves = {refusal_of_move(state, move) for state in PlanState for move in Move if not may_move(state, move)}
    labels = {role.label for role in Role} | {state.label for state in PlanState} | {act.words for act in Act}
    assert refusals | moves | labels <= given


def test_texts_are_found_in_templates_and_in_python() -> None:
    found = {message.id for message in messages.texts_of(messages.extracted("shell"))}
    assert "Plans to sign" in found  # a template's
    assert ("%(count)s day", "%(count)s days") in found  # Python's
    assert "Only a dermatologist can sign a plan." in found  # the workflow's


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("_('a' ' b')", ("a b", None)),
        ("ngettext('%(n)s day', '%(n)s days', n)", (("%(n)s day", "%(n)s days"), None)),
        ("pgettext_lazy('finding', 'Note')", ("Note", "finding")),
        ("npgettext('map', 'point', 'points', n)", (("point", "points"), "map")),
    ],
)
def test_a_call_is_read(source: str, text: object) -> None:
    assert list(messages._calls(source.encode())) == [text]


def test_a_call_without_a_text_of_its_own_is_passed_over() -> None:
    assert list(messages._calls(b"_(role.label); gettext(NAMES[0]); other('text')")) == []
