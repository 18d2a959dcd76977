"""Bad cases: what was changed in a good one, the field that is named, and the words that say what is allowed."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

import pytest

from mesoplan.domain.errors import InputError
from mesoplan.knowledge.case_reading import read_case
from mesoplan.knowledge.yaml_reading import read_text
from tests.planning.hand_made import EXAMPLES, shipped

TODAY = date(2026, 11, 23)
GOOD = (EXAMPLES / "melasma.yaml").read_text(encoding="utf-8")
GOAL = {"aim": "melasma", "zones": ["chin"]}
PEEL = {"id": "peel-superficial", "on": "2026-10-01"}
SCORE = {"scale": "masi", "on": "2026-11-20", "rater": "Dr A", "mode": "live"}

CHANGES: list[tuple[str, object, str, str]] = [
    # where, what stands there, field named (= the same), words
    # wrong units, and none
    ("patient.weight", "62", "=", "“62” has no unit (allowed units: kg, lb)"),
    ("patient.weight", 62, "=", "needs a number with a unit, such as “1.5 kg”"),
    ("patient.weight", "62 mL", "=", "unit “mL” is not one of: kg, lb"),
    ("patient.weight", "heavy", "=", "“heavy” is not a number with a unit"),
    ("patient.weight", {"value": "62", "unit": "kg"}, "=", "“62” is not a number"),
    ("patient.weight", {"value": True, "unit": "kg"}, "=", "“True” is not a number"),
    ("patient.weight", "1e999 kg", "=", "must be a finite number"),
    ("patient.face_width", "138 kg", "=", "unit “kg” is not one of: mm, cm"),
    ("areas.chin", "12 mm", "=", "unit “mm” is not one of: cm2"),
    # out of range, and negative
    ("patient.weight", "19 kg", "=", "must be between 20 and 350 kg (given: 19 kg)"),
    ("patient.weight", "-62 kg", "=", "must be between 20 and 350 kg (given: -62 kg)"),
    ("patient.weight", "400 lb; 3 kg", "=", "unit “lb; 3 kg” is not one of: kg, lb"),
    ("patient.face_width", "1.38 mm", "=", "must be between 90 and 190 mm (given: 1.38 mm)"),
    ("patient.face_width", "138 cm", "=", "must be between 90 and 190 mm (given: 1380 mm)"),
    ("areas.chin", "-4 cm2", "=", "must be between 0.5 and 4000 cm² (given: -4 cm²)"),
    ("areas.chin", "4001 cm2", "=", "must be between 0.5 and 4000 cm² (given: 4001 cm²)"),
    ("patient.birth_date", "1900-01-01", "=", "must be between 0 and 115 years (given: 126 years)"),
    # dates
    ("patient.birth_date", "2026-11-21", "=", "2026-11-21 lies after the assessment of 2026-11-20"),
    ("patient.birth_date", "1985-13-04", "=", "must be a date such as 2026-11-30 (given: '1985-13-04')"),
    ("patient.birth_date", "04/05/1985", "=", "must be a date such as 2026-11-30"),
    ("as_of", "2026-11-24", "=", "2026-11-24 lies in the future (today is 2026-11-23)"),
    ("as_of", "1985-05-05", "=", "must be between 2000-01-01 and 2199-12-31 (given: 1985-05-05)"),
    ("start", "2026-11-19", "=", "2026-11-19 lies before the assessment of 2026-11-20"),
    ("start", "9999-12-31", "=", "9999-12-31 lies more than 730 days after the assessment of 2026-11-20"),
    ("procedures", [{"id": "microneedling", "on": "2026-12-24"}], "procedures.1.on", "lies after the assessment"),
    ("scores", [{**SCORE, "on": "2027-01-01", "items": {}}], "scores.1.on", "2027-01-01 lies after the assessment"),
    # unknown ids: the nearest are named
    ("goals", [{"aim": "melasmaa", "zones": ["chin"]}], "goals.1.aim", "“melasmaa” is not one of the aims; allowed: "),
    ("goals", [{"aim": "melasma", "zones": ["forhead"]}], "goals.1.zones.1", "nearest: forehead"),
    ("jurisdiction", "fra", "=", "“fra” is not one of the jurisdictions; allowed: ca, fr, it, uk, unknown, us"),
    ("answers", {"pregnant": "no"}, "answers.pregnant", "“pregnant” is not one of the terms; nearest: pregnancy"),
    ("conditions", [{"id": "epilepsi"}], "conditions.1.id", "“epilepsi” is not one of the terms; nearest: epilepsy"),
    ("conditions", [{"id": "epilepsy", "zones": ["chinn"]}], "conditions.1.zones.1", "nearest: chin"),
    ("areas", {"chinn": "12 cm2"}, "areas.chinn", "“chinn” is not one of the zones; nearest: chin"),
    ("scores", [{**SCORE, "scale": "massi", "items": {}}], "scores.1.scale", "“massi” is not one of the scales"),
    ("scores", [{**SCORE, "items": {"chinn": {"a": 1}}}], "scores.1.items.chinn", "allowed: chin, forehead"),
    ("scores", [{**SCORE, "items": {"chin": {"z": 1}}}], "scores.1.items.chin.z", "allowed: a, d, h"),
    ("scores", [{**SCORE, "items": {"chin": {"d": 9}}}], "scores.1.items.chin.d", "9 is not a grade; allowed: 0, 1, 2"),
    ("scores", [{**SCORE, "scale": "mmasi", "items": {}}], "scores.1.scale", "is computed from the items of “masi”"),
    # codes
    ("medications", [{"id": "atc:b01aa03"}], "medications.1.id", "“atc:b01aa03” is not a code as its system writes it"),
    ("medications", [{"id": "ATC:B01AA03"}], "medications.1.id", "allowed: such as snomed:77386006, atc:B01AA03"),
    ("conditions", [{"id": "icd9:250"}], "conditions.1.id", "“icd9:250” is not a code as its system writes it"),
    ("conditions", [{"id": "snomed:77386006x"}], "conditions.1.id", "is not a code as its system writes it"),
    ("medications", [{"id": "atc:B01AA03", "zones": ["chinn"]}], "medications.1.zones.1", "nearest: chin"),
    ("medications", [{"id": "pregnancy"}], "medications.1.id", "“pregnancy” is a condition; this list holds: med"),
    # what contradicts itself
    ("procedures", [PEEL], "answers.peel-superficial", "answered no, yet listed in the history as “peel-superficial”"),
    ("medications", [{"id": "atc:B01AA03"}], "answers.anticoagulant", "yet listed in the history as “atc:B01AA03”"),
    # named twice
    ("goals", [{"aim": "melasma", "zones": ["chin", "chin"]}], "goals.1", "zone named twice: chin"),
    ("goals", [GOAL, GOAL], "goals.2.zones.1", "zone “chin” is named twice for the aim “melasma” (also in goal 1)"),
    # missing, empty, of another kind
    ("goals", [], "=", "must have 1 or more entries (given: [])"),
    ("goals", [{"aim": "melasma", "zones": []}], "goals.1.zones", "must have 1 or more entries"),
    ("goals", [{"zones": ["chin"]}], "goals.1.aim", "is missing"),
    ("patient.sex", "woman", "=", "is not one of: 'female' or 'male' (given: 'woman')"),
    ("patient.phototype", "VII", "=", "'VI' (given: 'VII')"),
    ("patient.wieght", "62 kg", "=", "unknown key “wieght”; nearest: weight"),
    ("as_off", "2026-11-20", "=", "unknown key “as_off”; nearest: as_of"),
    ("answers", {"pregnancy": True}, "answers.pregnancy", "is not one of: 'yes' or 'no' (given: true)"),
    ("id", "Melasma of Ms A", "=", "must be an id: small letters, digits, hyphens and dots"),
    ("note", "x" * 2001, "=", "must have 2000 characters or fewer"),
]  # fmt: skip


def with_change(where: str, what: object) -> dict[str, Any]:
    data: dict[str, Any] = copy.deepcopy(read_text(GOOD, "good"))
    *path, last = where.split(".")
    inner = data
    for one in path:
        inner = inner.setdefault(one, {})
    inner[last] = what
    return data


def refused(text: str) -> dict[str, str]:
    with pytest.raises(InputError) as found:
        read_case(text, "melasma.yaml", shipped(), TODAY)
    assert found.value.file == "melasma.yaml"
    assert str(found.value).startswith("melasma.yaml: ")
    return {problem.field: problem.text for problem in found.value.problems}


def as_text(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)


@pytest.mark.parametrize(("where", "what", "field", "words"), CHANGES)
def test_a_bad_case_names_the_field_and_what_is_allowed(where: str, what: object, field: str, words: str) -> None:
    problems = refused(as_text(with_change(where, what)))
    assert words in problems[where if field == "=" else field]


TEXTS: list[tuple[str, str, str]] = [
    # text, where, words
    ("", "", "the file is empty"),
    ("melasma", "", "must be a mapping of field to value (given: 'melasma')"),
    ("[]", "", "must be a mapping of field to value"),
    (GOOD + "id: again\n", "line 114, column 1", "key “id” stands twice"),
    (
        GOOD + "  stroke: yes\n",
        "line 114, column 3",
        "key “stroke” stands twice",
    ),
    (GOOD[: GOOD.index("malar-left")] + '"mal', "line 16", "is the file complete?"),
    ('{"id": "melasma", "as_of": "2026-11', "line 1", "is the file complete?"),
    (GOOD.replace("  sex: female", "\tsex: female"), "line 7", "cannot start any token"),
    (GOOD.replace("weight: 62 kg", "weight: {1: a, '1': b}"), "line 9", "key “1” stands twice"),
]


@pytest.mark.parametrize(("text", "where", "words"), TEXTS)
def test_a_text_that_is_no_case_names_the_line(text: str, where: str, words: str) -> None:
    ((field, said),) = refused(text).items()
    assert field.startswith(where)
    assert words in said


def test_every_problem_is_named_and_not_the_first_alone() -> None:
    data = with_change("patient.weight", "3 kg")
    data["start"] = "2026-11-01"
    data["goals"][0]["zones"][0] = "cheek"
    assert set(refused(as_text(data))) == {"patient.weight", "start", "goals.1.zones.1"}


@pytest.mark.parametrize("cut", range(40, 2400, 97))
def test_a_file_cut_short_is_refused_or_asks_for_what_is_gone_and_never_crashes(cut: int) -> None:
    """Cut between two answers the text is a whole case still; the answers that are gone count as not asked."""
    try:
        answers = len(read_case(GOOD[:cut], "melasma.yaml", shipped(), TODAY).answers)
    except InputError as refusal:
        answers = -len(refusal.problems)
    assert answers <= GOOD[:cut].count(": no")


@pytest.mark.parametrize("code", ["atc:B01AA03", "atc:B01AA", "snomed:77386006", "icd10:D69.6", "rxnorm:11289"])
def test_a_code_as_its_system_writes_it_is_read(code: str) -> None:
    data = with_change("conditions", [{"id": code}])
    data["answers"] = {}
    assert read_case(as_text(data), "melasma.yaml", shipped(), TODAY).conditions[0].id == code


def test_the_good_case_is_read_whatever_the_day_and_as_json_too() -> None:
    case = read_case(GOOD, "melasma.yaml", shipped())
    assert read_case(case.model_dump_json(), "melasma.json", shipped(), TODAY) == case
