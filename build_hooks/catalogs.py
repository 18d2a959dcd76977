"""Compile the catalogs of the languages: every .po file of the clinic into the .mo file beside it.

The repository holds the .po files only. Babel reads and writes them, so no GNU gettext is needed. Run as a program
it compiles what changed in the checkout that it lies in.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

FOLDER = Path("src/mesoplan/clinic")
PATTERN = "*/locale/*/LC_MESSAGES/django.po"


class CatalogUnreadable(Exception):
    """A catalog is not what Babel takes for one; the message names the file and the line."""


def catalogs(project: Path) -> Iterator[Path]:
    """Every .po file of the project."""
    yield from sorted((project / FOLDER).glob(PATTERN))


def ensure(project: Path) -> list[Path]:
    """Compile every catalog whose .mo file is missing or older, and return those."""
    stale = [catalog for catalog in catalogs(project) if _is_stale(catalog)]
    for catalog in stale:
        compile_catalog(catalog)
    return stale


def compile_catalog(catalog: Path) -> Path:
    """Write the .mo file beside one .po file.

    Raises
    ------
    CatalogUnreadable
        If the catalog cannot be read.
    """
    compiled = BytesIO()
    try:
        with catalog.open("rb") as source:
            write_mo(compiled, read_po(source, locale=catalog.parts[-3], abort_invalid=True))
    except PoFileError as error:
        raise CatalogUnreadable(f"{catalog}: {error}") from error
    target = catalog.with_suffix(".mo")
    _write_whole(target, compiled.getvalue(), changed_at=catalog.stat().st_mtime_ns)
    return target


def _is_stale(catalog: Path) -> bool:
    # The .mo file carries the time of the .po file that it was made from: also an older one, brought back, differs.
    target = catalog.with_suffix(".mo")
    return not target.is_file() or target.stat().st_mtime_ns != catalog.stat().st_mtime_ns


def _write_whole(target: Path, content: bytes, changed_at: int) -> None:
    # Two builds may run at once: each writes its own file and renames it, so nobody reads half a catalog.
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as part:
        part.write(content)
    os.chmod(part.name, 0o644)
    os.utime(part.name, ns=(changed_at, changed_at))
    os.replace(part.name, target)


if __name__ == "__main__":
    try:
        ensure(Path(__file__).resolve().parent.parent)
    except CatalogUnreadable as unreadable:
        sys.exit(str(unreadable))
