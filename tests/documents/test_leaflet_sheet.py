"""The leaflet on paper: large type, three pages at most, nothing left out, the same bytes twice."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pypdf
import pytest

from mesoplan.documents.leaflet_sheet import LeafletHeader, leaflet_sheet
from mesoplan.documents.sheet import Paper, PatientLabel
from mesoplan.domain.writing import Language
from tests.documents.leaflet_examples import EXAMPLES, knowledge, leaflet_of, proposals, written

SMALLEST_TYPE = 11.9
FOOT = 9.5


def header(**changes: Any) -> LeafletHeader:
    patient = PatientLabel(name="Zoë Ångström", birth_date=date(1985, 5, 4), record_number="1042")
    values = {"clinic": "Demo clinic", "patient": patient, "status": "signed", "revision": 2, "printed": "20 Nov 2026"}
    return LeafletHeader(**{**values, **changes})


def printed(name: str, language: Language, **changes: Any) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(leaflet_sheet(written(name, language), header(**changes), knowledge())))


def squeezed(text: str) -> str:
    """Leave out all white space: a PDF knows lines, not sentences."""
    return re.sub(r"[\s\u00a0\u202f\u200b\u00ad]+", "", text)


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("language", Language)
def test_every_text_is_printed_on_three_pages_at_most(name: str, language: Language) -> None:
    pages = [page.extract_text() for page in printed(name, language).pages]
    assert 1 <= len(pages) <= 3
    all_text = squeezed(" ".join(pages))
    missing = [text.id for text in written(name, language).texts() if squeezed(text.text) not in all_text]
    broken_by_a_page = [one for one in missing if one not in _across_pages(name, language, pages)]
    assert broken_by_a_page == []


def _across_pages(name: str, language: Language, pages: list[str]) -> list[str]:
    """Return the texts that a page break cuts in two: their halves end one page and start the next."""
    bodies = [squeezed(re.sub(r"\n[^\n]*$", "", page)) for page in pages]
    whole = "".join(bodies)
    return [text.id for text in written(name, language).texts() if squeezed(text.text) in whole]


def test_the_longest_leaflet_keeps_to_three_pages() -> None:
    longest = next(one for one in proposals("melasma") if one.protocol.endswith("ascorbic-acid-glutathione"))
    french = leaflet_of("melasma", plan=longest.plan, evaluation=longest.evaluation, language=Language.FRENCH)
    assert len(pypdf.PdfReader(io.BytesIO(leaflet_sheet(french, header(), knowledge()))).pages) <= 3


def test_the_type_is_large() -> None:
    sizes: set[float] = set()

    def note(text: str, _: Any, matrix: Any, __: Any, size: float) -> None:
        if text.strip():
            sizes.add(round(size * abs(matrix[3] or 1.0), 1))

    printed("melasma", Language.ENGLISH).pages[0].extract_text(visitor_text=note)
    assert sizes - {FOOT}
    assert min(sizes - {FOOT}) >= SMALLEST_TYPE


def test_the_foot_counts_the_pages_in_the_language() -> None:
    reader = printed("cellulite", Language.FRENCH)
    assert f"Page1sur{len(reader.pages)}" in squeezed(reader.pages[0].extract_text())
    assert "dossier1042" in squeezed(reader.pages[0].extract_text())


def test_a_draft_says_so_and_a_signed_plan_names_its_revision() -> None:
    draft = squeezed(printed("melasma", Language.ITALIAN, status="draft", revision=None).pages[0].extract_text())
    assert squeezed("Bozza: il piano non è ancora firmato e può cambiare.") in draft
    signed = squeezed(printed("melasma", Language.ITALIAN).pages[0].extract_text())
    assert squeezed("Piano firmato, revisione 2") in signed
    assert "Bozza" not in signed


def test_without_a_name_no_name_is_printed() -> None:
    first = printed("melasma", Language.ENGLISH, patient=None).pages[0].extract_text()
    assert "Ångström" not in first
    assert "1042" not in first


def test_what_is_not_translated_is_marked_on_paper() -> None:
    spanish = written("melasma", Language.SPANISH)
    english = spanish.title.model_copy(
        update={"translated": False, "language": Language.ENGLISH, "text": "Your leaflet"}
    )
    pdf = leaflet_sheet(spanish.model_copy(update={"title": english}), header(), knowledge())
    assert "Yourleaflet[sintraducir]" in squeezed(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text())


def test_the_same_leaflet_gives_the_same_bytes() -> None:
    first, second = (leaflet_sheet(written("melasma"), header(), knowledge()) for _ in range(2))
    assert first == second


def test_letter_paper_is_letter() -> None:
    pdf = leaflet_sheet(written("melasma"), header(), knowledge(), Paper.LETTER)
    box = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (612, 792)


def test_names_are_never_read_as_markup() -> None:
    tricky = PatientLabel(name="#strong[Ana] $x$ _b_", birth_date=date(1985, 5, 4), record_number="*7*")
    first = printed("melasma", Language.ENGLISH, patient=tricky).pages[0].extract_text()
    assert "#strong[Ana]$x$_b_" in squeezed(first)
