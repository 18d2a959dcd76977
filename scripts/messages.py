"""Bring the catalogs of the languages up to date with the code, compile them, and say what is untranslated.

    python -m scripts.messages             every app of the clinic
    python -m scripts.messages shell audit these apps only

English is the text itself; src/mesoplan/clinic/<app>/locale/<language>/LC_MESSAGES/django.po holds the rest. What is
gone from the code goes from the catalogs; nothing is guessed. A text that another app has translated already is
taken over from there.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from build_hooks.catalogs import compile_catalog
from mesoplan.workflow import wording

PROJECT = Path(__file__).resolve().parent.parent
CLINIC = PROJECT / "src/mesoplan/clinic"
LANGUAGES = ("fr", "it", "es")
# The catalog of this app also holds what belongs to no app: the clinic's own modules and the workflow's tables.
FRAME = "shell"
WIDTH = 110
# Which arguments of a call are texts: the plain text, its plural, its context ("c").
_FORMS: dict[str, tuple[int | tuple[int, str], ...]] = {
    "gettext": (1,),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...]] = {
    "_": (1,),
    "gettext_noop": (1,),
    **_FORMS,
    **{f"{name}_lazy": form for name, form in _FORMS.items()},
    **{f"u{name}": form for name, form in _FORMS.items()},
}
HEADER = """\
# {name}: {app}
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plural}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def apps() -> list[str]:
    """Every app of the clinic, by its folder."""
    return sorted(path.parent.name for path in CLINIC.glob("*/apps.py"))


def catalog_path(app: str, language: str) -> Path:
    return CLINIC / app / "locale" / language / "LC_MESSAGES/django.po"


def extracted(app: str) -> Catalog:
    """All texts of one app as the code has them, untranslated."""
    found = Catalog(charset="utf-8")
    for path in _sources(app):
        place = path.relative_to(CLINIC).as_posix()
        reader = _of_template if path.suffix == ".html" else _of_python
        for identity, context in reader(path):
            found.add(identity, locations=[(place, 1)], context=context)
    for text in wording.texts() if app == FRAME else ():
        found.add(text, locations=[("../workflow", 1)])
    return found


def _sources(app: str) -> Iterator[Path]:
    yield from sorted((CLINIC / app).rglob("templates/**/*.html"))
    yield from (path for path in sorted((CLINIC / app).rglob("*.py")) if "migrations" not in path.parts)
    if app == FRAME:
        yield from sorted(CLINIC.glob("*.py"))


Text = tuple[str | tuple[str, str], str | None]
"""A text, with its plural where it has one, and the context that tells it from its namesakes."""


def _of_python(path: Path) -> Iterator[Text]:
    return _calls(path.read_bytes())


def _of_template(path: Path) -> Iterator[Text]:
    # Django turns the marked texts into calls and blanks the rest. One pair of parentheses around all of it makes
    # the indentation of the page mean nothing.
    return _calls(f"(\n{templatize(path.read_text(encoding='utf-8'), str(path))}\n)".encode())


def _calls(source: bytes) -> Iterator[Text]:
    for _, function, arguments, _ in extract_python(BytesIO(source), KEYWORDS, (), {"encoding": "utf-8"}):
        given = _as_list(arguments)
        form = KEYWORDS[str(function)]
        found = [_argument(given, place) for place in form if isinstance(place, int)]
        contexts = [_argument(given, place[0]) for place in form if isinstance(place, tuple)]
        texts = [text for text in found if text]
        # Without a text of its own, a call translates what a table holds, and that is marked where it stands.
        if len(texts) == len(found):
            yield (texts[0], texts[1]) if len(texts) == 2 else texts[0], contexts[0] if contexts else None


def _as_list(arguments: object) -> list[str | None]:
    """A call of one argument gives it bare; None stands for one that is no plain text."""
    if isinstance(arguments, tuple):
        return list(arguments)
    return [arguments if isinstance(arguments, str) else None]


def _argument(given: list[str | None], number: int) -> str | None:
    return given[number - 1] if len(given) >= number else None


def stored(app: str, language: str) -> Catalog:
    """The catalog as it lies on disk; an empty one where there is none."""
    path = catalog_path(app, language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def updated(app: str, language: str) -> Catalog:
    """What is stored, with the texts that the code has now."""
    catalog = stored(app, language)
    catalog.update(extracted(app), no_fuzzy_matching=True, update_creation_date=False)
    for message in texts_of(catalog):
        if message.fuzzy:  # it gained or lost a plural
            message.flags.discard("fuzzy")
            message.string = ("", "") if message.pluralizable else ""
        if not is_translated(message):
            _take_over(message, app, language)
    return catalog


def _take_over(message: Message, app: str, language: str) -> None:
    for other in apps():
        known = _stored_once(other, language).get(message.id, message.context) if other != app else None
        if known and known.pluralizable == message.pluralizable and is_translated(known):
            message.string = known.string
            return


_stored_once: Callable[[str, str], Catalog] = cache(stored)


def texts_of(catalog: Catalog) -> list[Message]:
    """All but the header."""
    return [message for message in catalog if message.id]


def is_translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, list | tuple) else bool(message.string)


def written(app: str, language: str, catalog: Catalog) -> str:
    """The .po file: by file and then by text, without dates or line numbers, so that only what changed differs."""
    ordered = Catalog(locale=language, charset="utf-8")
    for message in sorted(texts_of(catalog), key=lambda each: (_files(each), str(each.id), each.context or "")):
        places = [(file, 1) for file in _files(message)]
        ordered.add(message.id, message.string, locations=places, context=message.context)
    body = BytesIO()
    write_po(body, ordered, width=WIDTH, omit_header=True, include_lineno=False)
    name = Locale.parse(language).get_display_name("en")
    header = HEADER.format(name=name, app=app, language=language, plural=ordered.plural_forms)
    return header + body.getvalue().decode().strip() + "\n"


def _files(message: Message) -> list[str]:
    return sorted({file for file, _ in message.locations})


def bring_up_to_date(app: str) -> dict[str, int]:
    """Write and compile the catalogs of one app; how many texts are untranslated, by language."""
    missing = {}
    for language in LANGUAGES:
        catalog = updated(app, language)
        if not texts_of(catalog):
            continue
        path = catalog_path(app, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written(app, language, catalog), encoding="utf-8")
        compile_catalog(path)
        missing[language] = sum(not is_translated(message) for message in texts_of(catalog))
    return missing


def main() -> int:
    parser = argparse.ArgumentParser(description="Bring the catalogs up to date with the code and compile them.")
    parser.add_argument("apps", nargs="*", metavar="APP", help=f"of {', '.join(apps())}; all if none is named")
    chosen = parser.parse_args().apps or apps()
    if unknown := sorted(set(chosen) - set(apps())):
        print(f"There is no app {', '.join(unknown)}. There are {', '.join(apps())}.", file=sys.stderr)
        return 2
    for app in chosen:
        for language, count in bring_up_to_date(app).items():
            print(f"{app:<12} {language}  {f'{count} untranslated' if count else 'all translated'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
