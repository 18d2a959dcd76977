"""The exposure sheet: what the screen shows of where drops land and how evenly, on a page of its own."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from mesoplan.documents.coverage_lines import percent_text, spread_text
from mesoplan.documents.exposure_histogram import histogram_of
from mesoplan.documents.exposure_sheet import exposure_data, exposure_sheet
from mesoplan.documents.hour_lines import bounded_text, hour_rows, hour_section, share_text
from mesoplan.documents.plan_maps import plan_maps
from mesoplan.documents.sheet import SheetMap
from mesoplan.domain.case import Case
from mesoplan.domain.exposure import Exposure, HistogramStep, Spread
from mesoplan.domain.plan import Plan
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.plan_exposure import covered_zones, plan_exposure
from mesoplan.planning.propose import propose
from tests.documents.example_sheets import draft_header, signed_header
from tests.documents.test_plan_sheet import pages_of, squeezed
from tests.planning.hand_made import melasma_case, plan_by_hand, rebuilt, shipped

SIX = ("malar-right", "malar-left", "forehead", "chin", "lateral-cheek-right", "lateral-cheek-left")
TEN = (*SIX, "jaw-right", "jaw-left", "temple-right", "temple-left")


@cache
def proposed(*zones: str) -> tuple[Plan, Case]:
    case = melasma_case()
    goals = tuple(one.model_copy(update={"zones": zones}) for one in case.goals)
    case = case.model_copy(update={"goals": goals})
    return propose(case, shipped(), top=1).proposals[0].plan, case


@cache
def melasma() -> dict[str, Any]:
    """All arguments of the sheet of the first proposal for both cheeks."""
    plan, case = proposed(*SIX[:2])
    exposure = plan_exposure(plan, case, shipped(), None)
    covered = covered_zones(exposure, plan, case, shipped(), None)
    maps = plan_maps(plan, case, shipped(), covered=covered)
    return of_plan(plan, case, exposure, maps)


def of_plan(plan: Plan, case: Case, exposure: Exposure, maps: tuple[SheetMap, ...] = ()) -> dict[str, Any]:
    return {
        "plan": plan,
        "case": case,
        "evaluation": evaluate(case, plan, shipped()),
        "exposure": exposure,
        "knowledge": shipped(),
        "header": draft_header(),
        "maps": maps,
    }


def printed(**arguments: Any) -> list[str]:
    return pages_of(exposure_sheet(**arguments))


@pytest.fixture(scope="module")
def page() -> str:
    pages = printed(**melasma())
    assert len(pages) == 1
    return pages[0]


def test_each_zone_has_its_figures_as_the_screen_has_them(page: str) -> None:
    for zone in melasma()["exposure"].zones:
        assert zone.figures is not None
        assert squeezed(shipped().zones[zone.zone].title) in page
        assert squeezed(f"{percent_text(zone.figures.coverage)} of the upper dermis") in page
        assert squeezed(f"half is left after {spread_text(zone.figures.hours_half, 'h')}") in page


def test_where_drops_land_and_how_often_a_ceiling_is_passed(page: str) -> None:
    assert squeezed("0.4 mm (0.2–0.7): epidermis 1 %, dermis 98 %, fat 1 %; upper dermis 96 %") in page
    assert squeezed("2 mm passed by under 1 % of drops (Infraorbital foramen, points") in page


def test_the_blood_stands_beside_its_toxic_level(page: str) -> None:
    (level,) = melasma()["exposure"].blood
    assert level.peak_mg_l is not None
    assert squeezed(spread_text(level.peak_mg_l, "mg/L")) in page
    assert squeezed("no toxic level was found in a source") in page


def test_the_foot_says_what_the_figures_rest_on(page: str) -> None:
    for said in (
        "Nothing on this sheet predicts the clinical effect.",
        "This stray is a proposal that nobody measured.",
        "90 % over 1 000 draws of these ranges",
        "Tranexamic acid: clearance in the deep dermis 0.2–3.4 1/h",
        "at least 50 % of the mean exposure",
        "Mesoplan proposals, November 2026",
        "gets least, inside of the edge margin",
    ):
        assert squeezed(said) in page
    assert not re.search(r"nan(%|mg|h\b|[(–])", page)


def test_the_curve_is_the_histogram_and_marks_what_counts_as_covered() -> None:
    half = Spread(low=0.2, middle=0.5, high=0.75)
    none = Spread(low=0.0, middle=0.0, high=0.0)
    drawn = histogram_of((HistogramStep(share=1.5, reached=half), HistogramStep(share=3.0, reached=none)), 1.5)
    assert drawn.line == "0.0,0.0 100.0,40.0 200.0,80.0"
    assert drawn.band == "0.0,0.0 100.0,20.0 200.0,80.0 200.0,80.0 100.0,64.0 0.0,0.0"
    assert (drawn.covered_x, drawn.covered_y) == ("100.0", "40.0")


def test_every_zone_has_a_section_to_scale_with_its_drop() -> None:
    data = exposure_data(**melasma())
    assert [one["section"].count("<polygon") for one in data["zones"]] == [1, 1]
    assert all('fill="#0A6573"' in one["section"] for one in data["zones"])
    assert all("data-covered" in one["svg"] for one in data["maps"])


@pytest.mark.parametrize(("zones", "pages"), [(SIX, 1), (TEN, 2)])
def test_up_to_six_zones_take_one_page_and_ten_take_two(zones: tuple[str, ...], pages: int) -> None:
    plan, case = proposed(*zones)
    alike = melasma()["exposure"].zones[0]
    shown = tuple(alike.model_copy(update={"zone": zone}) for zone in zones)
    exposure = melasma()["exposure"].model_copy(update={"zones": shown})
    said = printed(**of_plan(plan, case, exposure, melasma()["maps"] * 3))
    assert len(said) == pages
    for zone in zones:
        assert squeezed(shipped().zones[zone].title) in "".join(said)


def test_a_draft_says_so_and_a_signed_plan_says_who_signed() -> None:
    (draft,), (signed,) = printed(**melasma()), printed(**melasma() | {"header": signed_header()})
    assert "DRAFT" in draft
    assert squeezed("A draft until a dermatologist signs it.") in draft
    assert "DRAFT" not in signed
    assert squeezed("The plan was signed by Dr A. Moreau") in signed
    assert squeezed("Camille Lefèvre") in signed
    assert squeezed("revision 5") in signed


def test_a_zone_that_cannot_be_computed_says_why_and_has_no_map() -> None:
    plan = plan_by_hand({"tranexamic-acid-100": 0.4, "sodium-chloride-0.9": 9.6}, points=6, area_cm2=12.0)
    plan = rebuilt(plan, placements=(plan.placements[0].model_copy(update={"points": ()}),))
    case = melasma_case()
    (page,) = printed(**of_plan(plan, case, plan_exposure(plan, case, shipped(), None)))
    assert squeezed("not computed: no point of the zone carries it") in page
    assert squeezed("A plan by hand names no layer: the dermis was taken.") in page
    assert squeezed("Exposure of the layer aimed at") not in page
    assert "%(" not in page


def test_a_measured_toxic_level_is_cited() -> None:
    exposure = melasma()["exposure"]
    blood = exposure.blood[0].model_copy(update={"toxic_mg_l": 25.0, "sources": ("S133",)})
    (page,) = printed(**melasma() | {"exposure": exposure.model_copy(update={"blood": (blood,)})})
    assert squeezed("called toxic from 25 mg/L") in page
    assert squeezed(shipped().sources["S133"].title) in page


def test_hours_have_a_section_with_a_row_for_each() -> None:
    arguments = melasma()
    plan, case = arguments["plan"], arguments["case"]
    asked = arguments | {"exposure": plan_exposure(plan, case, shipped(), None, hours=(0.5, 8.0))}
    text = "".join(printed(**asked))
    assert squeezed("At chosen hours") in text
    rows = hour_rows(asked["exposure"].zones[0].at_hours)
    assert len(rows) == 2
    for cell in (cell for row in rows for cell in row):
        assert squeezed(cell) in text
    assert squeezed("For the middle of the ranges only") in text
    assert squeezed("At chosen hours") not in "".join(printed(**arguments))


def test_compounds_that_share_their_rows_have_no_mg_of_their_own() -> None:
    drawn = {"caffeine-25": 4.0, "ascorbic-acid-100": 4.0}
    plan = plan_by_hand(drawn, points=6, area_cm2=12.0)
    exposure = plan_exposure(plan, melasma_case(), shipped(), None, hours=(2.0,))
    section = hour_section(exposure, shipped())
    assert section is not None
    (zone,) = section["zones"]
    assert "Caffeine (citrate or benzoate), Ascorbic acid" in zone["compounds"]
    assert zone["rows"][0][1] == ""
    assert exposure.zones[0].at_hours[0].mean is not None


def test_what_is_next_to_nothing_is_written_as_less_than_the_least_that_is() -> None:
    some = Spread(low=0.00001, middle=0.0012345, high=0.0843)
    assert bounded_text(some, 0.0001) == "0.0012 (<0.0001–0.084)"
    assert bounded_text(Spread(low=0.0, middle=0.0, high=1e-7), 0.0001) == "<0.0001"
    assert share_text(Spread(low=0.038, middle=0.128, high=0.187)) == "13 (3.8–19)"
