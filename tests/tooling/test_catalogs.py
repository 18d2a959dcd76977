"""Catalogs are compiled when they changed, and only then."""

import gettext
import os
from pathlib import Path

import pytest

from build_hooks import catalogs

TEXT = """\
msgid ""
msgstr ""
"Language: fr\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "point"
msgid_plural "points"
msgstr[0] "point"
msgstr[1] "des points"

msgctxt "audit"
msgid "see"
msgstr "consulter"
"""


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    path = tmp_path / catalogs.FOLDER / "shell/locale/fr/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True)
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_catalog_is_compiled_into_what_gettext_reads(tmp_path: Path, catalog: Path) -> None:
    assert catalogs.ensure(tmp_path) == [catalog]
    with catalog.with_suffix(".mo").open("rb") as compiled:
        french = gettext.GNUTranslations(compiled)
    assert french.ngettext("point", "points", 0) == "point"
    assert french.ngettext("point", "points", 2) == "des points"
    assert french.pgettext("audit", "see") == "consulter"


def test_what_did_not_change_is_left_alone(tmp_path: Path, catalog: Path) -> None:
    catalogs.ensure(tmp_path)
    assert catalogs.ensure(tmp_path) == []


@pytest.mark.parametrize("years", [-10, 10])
def test_an_older_catalog_that_was_brought_back_is_compiled_too(tmp_path: Path, catalog: Path, years: int) -> None:
    catalogs.ensure(tmp_path)
    moved = catalog.stat().st_mtime + years * 31_536_000
    os.utime(catalog, (moved, moved))
    assert catalogs.ensure(tmp_path) == [catalog]


def test_a_catalog_that_cannot_be_read_is_named(tmp_path: Path, catalog: Path) -> None:
    catalog.write_text(TEXT + 'msgid "never closed\n', encoding="utf-8")
    with pytest.raises(catalogs.CatalogUnreadable, match=r"django\.po"):
        catalogs.ensure(tmp_path)
