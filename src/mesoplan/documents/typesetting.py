"""Set a template of this package with plain data, to PDF. Data enter as JSON text; none is read as markup."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Any

import typst

from mesoplan.documents.sheet import Paper

_FIRST_OTHER_SCRIPT = "\u0530"
_SYMBOLS = ("\u1e00", "\u27bf")


def typeset(template: str, data: dict[str, Any], paper: Paper) -> bytes:
    """Return the PDF of a template. The same data give the same bytes: no date, no random id.

    Fonts are those that dependencies ship. Only where a text is in a script which these do not hold (a name in Arabic)
    are the machine's own fonts used too.
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    with resources.as_file(resources.files("mesoplan.documents") / "templates") as folder:
        return typst.compile(
            folder / template,
            root=folder,
            font_paths=_fonts(needs_other_scripts(text)),
            ignore_system_fonts=True,
            sys_inputs={"data": text, "paper": paper.value},
            timestamp=0,
        )


def needs_other_scripts(text: str) -> bool:
    """Return whether a text holds letters beyond Latin, Greek and Cyrillic."""
    return any(sign >= _FIRST_OTHER_SCRIPT and not _SYMBOLS[0] <= sign <= _SYMBOLS[1] for sign in set(text))


@lru_cache(maxsize=2)
def _fonts(with_the_machines: bool) -> typst.Fonts:
    """Return the fonts; reading their tables takes longer than a page, so they are kept."""
    return typst.Fonts(
        include_system_fonts=with_the_machines,
        include_embedded_fonts=True,
        font_paths=[str(resources.files("font_source_sans_pro") / "files")],
    )
