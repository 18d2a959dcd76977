"""Coverage on the plan sheet: in words for each zone, the blood beside its toxic level, the map where there is room."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pypdf
import pytest

from mesoplan.documents.citations import Citations
from mesoplan.documents.coverage_lines import coverage_section
from mesoplan.documents.plan_sheet import plan_sheet
from mesoplan.documents.sheet import SheetMap
from mesoplan.domain.exposure import BloodLevel, Exposure, HistogramStep, Spread, ZoneExposure, ZoneFigures
from tests.documents.example_sheets import SMALL_MAP
from tests.documents.melasma_sheet import melasma
from tests.documents.test_plan_sheet import squeezed

HALF = Spread(low=0.24, middle=0.523, high=0.81)
FIGURES = ZoneFigures(
    coverage=HALF,
    mean_exposure=None,
    histogram=(HistogramStep(share=0.5, reached=HALF),),
    cold=(),
    hot=(),
    hours_half=Spread(low=0.217, middle=0.804, high=3.28),
    nodes=((0.5,),),
)
COVERED = SheetMap(title="Coverage", svg=SMALL_MAP, width_mm=100)


def zone(name: str, **changes: Any) -> ZoneExposure:
    known: dict[str, Any] = {
        "zone": name, "compound": "tranexamic-acid", "preparations": ("txa",), "solute": "tranexamic-acid",
        "layer": "upper-dermis", "layer_mm": (0.2, 1.2), "points": 11, "figures": FIGURES,
    }  # fmt: skip
    return ZoneExposure(**(known | changes))


EXPOSURE = Exposure(
    case="lefevre-2026",
    covered_from=0.5,
    layer_by_hand=False,
    zones=(
        zone("malar-right"),
        zone("malar-left", figures=None, not_computed="a tip at 0 mm is not in the skin"),
    ),
    blood=(
        BloodLevel(
            compound="tranexamic-acid",
            dose_mg=8.0,
            peak_mg_l=Spread(low=0.26, middle=0.55, high=0.88),
            peak_hours=Spread(low=0.64, middle=1.2, high=2.3),
            rate_mg_h=None,
            toxic_mg_l=None,
        ),
    ),
    ranges=(),
    draws=1000,
    knowledge_release="2026.11",
    knowledge_sha256="ab" * 32,
    engine="0.1.0",
)
SAID = (
    "52 % (24–81) of the upper dermis, 0.20–1.20 mm; half is left after 0.8 h (0.22–3.3)",
    "not computed: a tip at 0 mm is not in the skin",
    "peak 0.55 mg/L (0.26–0.88) after 1.2 h (0.64–2.3); no toxic level was found in a source",
    "It predicts no effect.",
)


def text_of(pdf: bytes) -> list[str]:
    return [squeezed(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("covered", [None, COVERED], ids=["words only", "with its map"])
def test_the_sheet_says_it_and_keeps_its_two_pages(covered: SheetMap | None) -> None:
    pages = text_of(plan_sheet(**melasma().arguments(), exposure=EXPOSURE, covered=covered))
    assert len(pages) == 2
    assert [said for said in SAID if squeezed(said) not in pages[1]] == []


def test_the_map_stands_where_there_is_room_and_is_left_out_where_there_is_none() -> None:
    sheet = melasma()
    few = sheet.evaluation.model_copy(update={"findings": (), "mixtures": ()})
    roomy = {**sheet.arguments(), "evaluation": few, "why": ()}
    assert any("Squares:least" in page for page in text_of(plan_sheet(**roomy, exposure=EXPOSURE, covered=COVERED)))
    full = replace(sheet, why=sheet.why * 8)
    told = text_of(plan_sheet(**full.arguments(), exposure=EXPOSURE, covered=COVERED))
    assert not any("Squares:least" in page for page in told)


def test_without_an_exposure_the_sheet_says_nothing_of_it() -> None:
    pages = text_of(plan_sheet(**melasma().arguments()))
    assert not any(squeezed("How evenly the layer is reached") in page for page in pages)


def test_compounds_that_spread_alike_are_one_line_and_a_toxic_level_is_cited() -> None:
    sheet = melasma()
    citations = Citations(sheet.knowledge)
    source = next(iter(sheet.knowledge.sources))
    level = EXPOSURE.blood[0].model_copy(update={"toxic_mg_l": 25.0, "sources": (source,)})
    both = EXPOSURE.model_copy(update={"zones": (zone("malar-right"), zone("malar-right")), "blood": (level,)})
    section = coverage_section(both, None, sheet.knowledge, citations)
    assert section is not None
    assert len(section["lines"]) == 1
    assert "called toxic from 25\u00a0mg/L" in section["blood"][0]["text"]
    assert section["blood"][0]["keys"] == "[1]"
