"""The plan sheet says everything that the plan says, once, on paper that can be hung up."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pypdf
import pytest
from pydantic import ValidationError

from mesoplan.documents.front_page import landing_text
from mesoplan.documents.plan_sheet import plan_sheet
from mesoplan.documents.sheet import Paper, PatientLabel, SheetHeader, SheetMap
from mesoplan.documents.typesetting import needs_other_scripts
from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import Evaluation, LimitState
from mesoplan.domain.plan import Plan
from mesoplan.domain.writing import date_text, number_text, unit_text, volume_text
from tests.documents.cellulite_sheet import cellulite
from tests.documents.example_sheets import SMALL_MAP, Sheet, draft_header, signed_header
from tests.documents.melasma_sheet import melasma


def pages_of(pdf: bytes) -> list[str]:
    return [squeezed(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def squeezed(text: str) -> str:
    """Leave out all white space: a PDF knows lines, not sentences."""
    return re.sub(r"[\s\u00a0\u202f\u200b\u00ad]+", "", text)


def printed(sheet: Sheet, paper: Paper = Paper.A4) -> list[str]:
    return pages_of(plan_sheet(**sheet.arguments(), paper=paper))


def changed(sheet: Sheet, **parts: Any) -> Sheet:
    return Sheet(**{**sheet.arguments(), **parts})


@pytest.fixture(scope="module", params=[melasma, cellulite], ids=["melasma", "cellulite"])
def sheet(request: pytest.FixtureRequest) -> Sheet:
    built: Sheet = request.param()
    return built


@pytest.fixture(scope="module")
def pages(sheet: Sheet) -> list[str]:
    return printed(sheet)


def test_an_ordinary_plan_takes_two_pages(pages: list[str]) -> None:
    assert len(pages) == 2
    assert "Page1of2" in pages[0]
    assert "longplan" not in pages[0]


def test_each_draw_is_on_the_first_page(sheet: Sheet, pages: list[str]) -> None:
    for preparation in sheet.plan.preparations:
        assert squeezed(volume_text(preparation.volume()) + " made") in pages[0]
        for draw in preparation.draws:
            title = sheet.knowledge.presentations[draw.presentation][1].title
            assert squeezed(volume_text(draw.volume) + title) in pages[0]


def test_each_zone_is_on_the_first_page_with_its_points_and_depth(sheet: Sheet, pages: list[str]) -> None:
    landings = {(one.zone, one.preparation): one for one in sheet.evaluation.landings}
    for placement in sheet.plan.placements:
        assert squeezed(sheet.knowledge.zones[placement.zone].title) in pages[0]
        assert f"{placement.points[0].id}–{placement.points[-1].id}" in pages[0]
        assert squeezed(volume_text(placement.volume()) + " in all") in pages[0]
        landing = landings[placement.zone, placement.preparation]
        assert number_text(landing.depth_mm, decimals=1) + "(" in pages[0]
        assert squeezed(f"mm), {landing_text(landing)}") in pages[0]


def test_chances_stand_where_there_are_some_and_the_layer_in_words_where_not(sheet: Sheet, pages: list[str]) -> None:
    for one in sheet.evaluation.landings:
        word = one.landing.value.replace("_", " ")
        text = "epidermis 1 %, dermis 85 %, fat 14 %" if one.chances else word
        assert landing_text(one).replace("\u00a0", " ") == text
        assert squeezed(text) in pages[0]


def test_each_dose_stands_beside_its_limit(sheet: Sheet, pages: list[str]) -> None:
    for dose in sheet.evaluation.doses:
        if dose.value is not None:
            assert squeezed(number_text(dose.value) + unit_text(dose.unit)) in pages[0]
        if dose.limit is not None:
            assert squeezed(f"{number_text(dose.limit)} {unit_text(dose.unit)}, proposal, not yet reviewed") in pages[0]
    states = [dose.state for dose in sheet.evaluation.doses]
    assert pages[0].count("overthelimit") == states.count(LimitState.OVER)
    assert pages[0].count("nearthelimit") == states.count(LimitState.NEAR)
    assert pages[0].count("notcomputable") == states.count(LimitState.NOT_COMPUTABLE)
    assert pages[0].count("nolimitknown") == sum(dose.limit is None for dose in sheet.evaluation.doses)


def test_each_date_is_on_the_first_page(sheet: Sheet, pages: list[str]) -> None:
    schedule = sheet.plan.schedule
    days = [*schedule.sessions, *schedule.score_on, schedule.review_on or date.max]
    assert [day for day in days if squeezed(date_text(day)) not in pages[0]] == []


def test_each_finding_and_reason_is_on_the_second_page(sheet: Sheet, pages: list[str]) -> None:
    said = [finding.text for finding in sheet.evaluation.findings] + [line.text for line in sheet.why]
    said += [override.reason for override in sheet.plan.overrides]
    assert [text for text in said if squeezed(text) not in pages[1]] == []


def test_findings_stand_in_the_one_order() -> None:
    second = printed(melasma())[1]
    places = [second.index(word) for word in ("Block·", "Waituntil30Nov2026", "Warn·", "Note")]
    assert places == sorted(places)


def test_evidence_for_and_against_is_printed_with_its_direction() -> None:
    second = printed(melasma())[1]
    assert "for,level1,1040participants" in second
    assert "against,level1,1724participants" in second


def test_only_the_cited_sources_are_listed_each_with_its_address(sheet: Sheet, pages: list[str]) -> None:
    listed = pages[1][pages[1].index("Sourcescitedhere") :]
    cited = {key for finding in sheet.evaluation.findings for key in finding.sources}
    cited |= {key for line in sheet.why for key in line.sources}
    for source in sheet.knowledge.sources.values():
        if source.id in cited:
            assert squeezed(source.title) in listed
            assert squeezed(source.doi or (source.url or "").removeprefix("https://")) in listed
    uncited = "S116" if sheet.plan.goal == "cellulite" else "S133"
    assert squeezed(sheet.knowledge.sources[uncited].title) not in listed


def test_keys_in_the_text_are_numbers_of_the_list(pages: list[str]) -> None:
    at = pages[1].index("Sourcescitedhere")
    used = set(re.findall(r"\[(\d+)\]", pages[0] + pages[1][:at]))
    assert used == set(re.findall(r"\[(\d+)\]", pages[1][at:]))


def test_what_nobody_reviewed_or_read_says_so() -> None:
    second = printed(melasma())[1]
    assert "practice,recalled,notyetreviewed" in second
    assert "Sourcescitedherenonereviewedyet" in second
    assert "recalled,notread" in second


def test_a_draft_says_draft_on_every_page_and_bears_no_name() -> None:
    pages = printed(melasma(draft_header()))
    assert all("DRAFT" in page for page in pages)
    assert "Adraftuntiladermatologistsignsit." in pages[0]
    assert "Moreau" not in "".join(pages)


def test_a_signed_sheet_says_who_when_and_what_it_means() -> None:
    pages = printed(melasma())
    for text in (
        "Signed · revision 5",
        "Dr A. Moreau",
        "Dermatologist · 23 Nov 2026 14:40 (UTC+01:00)",
        "I order this course.",
    ):
        assert squeezed(text) in pages[0]
    assert "DRAFT" not in "".join(pages)
    assert "release2026.11" in pages[1]
    assert "9f2c" * 16 in pages[1]
    assert "mesoplan0.1.0" in pages[1]


def test_signed_without_a_signature_is_refused() -> None:
    with pytest.raises(ValidationError, match="carries a signature"):
        signed_header(signature=None)
    with pytest.raises(ValidationError, match="carries a signature"):
        draft_header(signature=signed_header().signature)


def test_without_a_name_the_case_is_named_and_unasked_is_said() -> None:
    first = printed(cellulite())[0]
    assert "Caseokafor-2026" in first
    assert "Pregnancy" in first
    assert "notasked" in first
    assert "notknown" in first


@pytest.mark.parametrize(("paper", "width", "height"), [(Paper.A4, 595, 842), (Paper.LETTER, 612, 792)])
def test_both_paper_sizes_take_two_pages(paper: Paper, width: int, height: int) -> None:
    reader = pypdf.PdfReader(io.BytesIO(plan_sheet(**melasma().arguments(), paper=paper)))
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages] == [(width, height)] * 2


HOSTILE = [
    '#panic("x")',
    "$ x^2 $",
    "*bold* _thin_ `raw`",
    "] [ } { ) (",
    '" + read("style.typ") + "',
    "\\ // /* */ <label> @ref ~ --- https://x.y",
    "= Heading",
    '"; #let x = 1',
    "\\u{41} \\n %",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_word_of_a_user_is_read_as_markup(words: str) -> None:
    sheet = melasma()
    label = PatientLabel(name=words, birth_date=date(1985, 3, 14), record_number="A-1")
    plan = Plan.model_validate(sheet.plan.model_dump(mode="json") | {"title": f"T {words}", "note": f"N {words}"})
    evaluation = sheet.evaluation.model_copy(
        update={
            "findings": tuple(one.model_copy(update={"text": f"F {words}"}) for one in sheet.evaluation.findings[:1])
        }
    )
    header = signed_header(patient=label, clinic=f"C {words}", printed_at=f"P {words}")
    drawing = SheetMap(title=f"M {words}", svg=SMALL_MAP)
    pages = printed(changed(sheet, plan=plan, evaluation=evaluation, header=header, maps=(drawing,)))
    for sign, page in (("T", 0), ("N", 0), ("C", 0), ("M", 0), ("F", 1), ("", 1)):
        assert squeezed(sign + words) in pages[page]


def test_a_long_plan_takes_more_pages_and_says_so() -> None:
    sheet = melasma()
    many = tuple(
        one.model_copy(update={"text": f"{one.text} Number {number}."})
        for number in range(9)
        for one in sheet.evaluation.findings
    )
    pages = printed(changed(sheet, evaluation=sheet.evaluation.model_copy(update={"findings": many})))
    assert len(pages) == 3
    assert "alongplan:3pages" in pages[0]
    text = "".join(pages)
    assert [one.text for one in many if squeezed(one.text) not in text] == []


def test_a_plan_without_findings_map_reasons_or_protocol_can_be_printed() -> None:
    sheet = melasma(maps=())
    bare = sheet.evaluation.model_dump(mode="json") | {"findings": [], "landings": [], "mixtures": [], "doses": []}
    plan = Plan.model_validate(sheet.plan.model_dump(mode="json") | {"protocol": None, "overrides": []})
    pages = printed(changed(sheet, evaluation=Evaluation.model_validate(bare), plan=plan, why=()))
    assert "Norule" in pages[1]
    assert "214rulesread" in pages[1]
    assert "writtenbyhand" in pages[0]
    assert "notcomputed" in pages[0]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
def test_maps_share_the_room_and_keep_the_page(count: int) -> None:
    maps = tuple(SheetMap(title=f"Map {number}", svg=SMALL_MAP, width_mm=140) for number in range(count))
    pages = printed(melasma(maps=maps))
    assert len(pages) == 2
    assert all(f"Map{number}·scale1:" in pages[0] for number in range(count))


def test_the_printed_scale_is_that_of_the_drawing() -> None:
    """A drawing that is wider than high fills its column, so that 300 mm of skin come out as 1 : n."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><rect width="200" height="100"/></svg>'
    pdf = plan_sheet(**melasma(signed_header(), maps=(SheetMap(title="Patch", svg=svg, width_mm=300),)).arguments())
    found = re.search(r"Patch·scale1:(\d+(?:\.\d)?)", pages_of(pdf)[0])
    assert found
    column_mm = (210 - 24) * 0.58 - 6
    assert float(found[1]) == pytest.approx(300 / column_mm, abs=0.06)


def test_the_same_sheet_gives_the_same_bytes() -> None:
    first = plan_sheet(**melasma().arguments())
    plan_sheet(**cellulite().arguments())
    assert plan_sheet(**melasma().arguments()) == first
    assert b"CreationDate" not in first


def test_the_pdf_is_tagged_and_titled_for_readers_aloud() -> None:
    reader = pypdf.PdfReader(io.BytesIO(plan_sheet(**melasma().arguments())))
    root = reader.trailer["/Root"].get_object()
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert root["/Lang"] == "en"  # type: ignore[index]
    assert reader.metadata
    assert reader.metadata.title == "Tranexamic acid 4 mg/mL, four facial zones"


@pytest.mark.parametrize(
    ("text", "other"), [("Lefèvre µg ≥ 2 – α Ж", False), ("مريم", True), ("李", True), ("Ελένη", False), ("→ ✓", False)]
)
def test_the_machines_fonts_are_asked_only_for_other_scripts(text: str, other: bool) -> None:
    assert needs_other_scripts(text) is other


def test_a_name_in_another_script_does_not_stop_the_print() -> None:
    header = draft_header(patient=PatientLabel(name="李 مريم", birth_date=date(1990, 1, 1), record_number="7"))
    assert len(printed(melasma(header))) == 2


def test_long_names_and_lists_stay_on_two_pages() -> None:
    sheet = melasma()
    allergies = [
        {"id": one}
        for one in ("penicillin", "latex-and-rubber", "lidocaine-ester", "chlorhexidine", "nickel-and-cobalt")
    ]
    case = Case.model_validate(sheet.case.model_dump(mode="json") | {"allergies": allergies})
    name = "Ana María Fernández-Villaseñor y Ortiz de Montellano García de la Serna"
    header: SheetHeader = draft_header(
        patient=PatientLabel(name=name, birth_date=date(1985, 3, 14), record_number="A-1")
    )
    pages = printed(changed(sheet, case=case, header=header))
    assert len(pages) == 2
    assert "Chlorhexidine" in pages[0]
    assert squeezed(name) in pages[0]
